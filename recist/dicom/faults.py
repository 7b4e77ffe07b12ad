"""What may go wrong with a foreign file, caught in one place and told without a word of its contents."""

from __future__ import annotations

import logging
import re
import struct
import warnings
import zlib
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from pydicom.errors import BytesLengthException, InvalidDicomError

from recist.errors import DicomError
from recist.guarded import faults as guarded

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

T = TypeVar("T")

# What pydicom and the codecs are known to raise on broken or hostile files; anything else is a fault of ours.
BROKEN_FILE = (
    ArithmeticError,
    AttributeError,
    BytesLengthException,
    EOFError,
    InvalidDicomError,
    LookupError,
    MemoryError,
    NotImplementedError,
    OSError,
    RuntimeError,
    TypeError,
    ValueError,
    struct.error,
    zlib.error,
)

# The text of a foreign exception may quote the file, so only its kind is told. First match counts.
SENTENCES: tuple[tuple[type[BaseException], str], ...] = (
    (RecursionError, "sequences are nested too deeply to be read"),
    (MemoryError, "it asks for more memory than there is"),
    *guarded.SENTENCES,
)

FOREIGN_LOGGERS = ("pydicom", "pylibjpeg", "openjpeg", "rle", "libjpeg")
ABOVE_EVERY_LEVEL = logging.CRITICAL + 1


class SpoiltImage(DicomError):
    """A CT image whose series is known and whose pixels cannot be read: that series is not whole."""

    def __init__(self, reason: str, *, series_uid: str, sop_instance_uid: str) -> None:
        self.series_uid, self.sop_instance_uid = series_uid, sop_instance_uid
        super().__init__(reason)


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    """A file that could not be read.

    Attributes
    ----------
    reason : str
        One sentence why.
    series_uid, sop_instance_uid : str
        The series that lacks an image by this, and that image; empty where they are not known.
    """

    reason: str
    series_uid: str = ""
    sop_instance_uid: str = ""


def attempt(work: Callable[[], T], *, otherwise: str) -> T | Refused:
    """Do `work` on a foreign file; a fault of the file becomes a value.

    Parameters
    ----------
    work : callable
    otherwise : str
        How the reason begins, e.g. ``"the header cannot be read"``, when the fault is not one of ours.
    """
    try:
        return work()
    except SpoiltImage as fault:
        return Refused(reason=str(fault), series_uid=fault.series_uid, sop_instance_uid=fault.sop_instance_uid)
    except DicomError as fault:
        return Refused(reason=str(fault))
    except BROKEN_FILE as fault:
        ours = own_fault(fault)
        return Refused(reason=f"{otherwise}: {_sentence(fault)}" if ours is None else str(ours))


def own_fault(fault: BaseException | None) -> DicomError | None:
    """Find a fault of ours that pydicom has wrapped in one of its own; None where there is none."""
    while fault is not None and not isinstance(fault, DicomError):
        fault = fault.__cause__ or fault.__context__
    return fault


def _sentence(fault: BaseException) -> str:
    for kind, sentence in SENTENCES:
        if isinstance(fault, kind):
            return sentence
    return f"it does not follow the standard ({type(fault).__name__})"


@contextmanager
def notes_of_pydicom() -> Iterator[list[str]]:
    """Keep pydicom and the codecs from the terminal and the logs, where they would quote patient data.

    Yields
    ------
    list of str
        Filled when the block ends: what was warned about, without values, each once.
    """
    levels = {name: logging.getLogger(name).level for name in FOREIGN_LOGGERS}
    notes: list[str] = []
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        for name in FOREIGN_LOGGERS:
            logging.getLogger(name).setLevel(ABOVE_EVERY_LEVEL)
        try:
            yield notes
        finally:
            for name, level in levels.items():
                logging.getLogger(name).setLevel(level)
            notes.extend(dict.fromkeys(note_of_warning(str(item.message)) for item in caught))


def note_of_warning(text: str) -> str:
    """Tell what a warning of pydicom is about without what it quotes.

    >>> note_of_warning("Invalid value for VR UI: '1.2.x'. Please see …")
    'an element of type UI does not follow the standard'
    """
    kind = re.search(r"\bVR (?:of )?'?([A-Z]{2})\b", text)
    if kind:
        return f"an element of type {kind.group(1)} does not follow the standard"
    for word, note in (
        ("implicit VR", "the header is not encoded as it says"),
        ("end of file", "the header ends too early"),
        ("End of file", "the header ends too early"),
        ("ncoding", "the character set of the header is not as it says"),
        ("haracter", "the character set of the header is not as it says"),
        ("bytes of excess padding", "the pixel data are longer than the image"),
    ):
        if word in text:
            return note
    return "an element does not follow the standard"
