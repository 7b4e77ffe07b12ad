"""The last look: identifiers that were in a file and still stand in another place of what came of it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from recist.deidentify.key import is_standard
from recist.deidentify.profile import FREE_TEXT, METHOD_TEXT, REPLACEABLE, REPLACED, Action, action_for
from recist.deidentify.texts import keep_words, known_makers, known_terms
from recist.deidentify.values import to_values
from recist.errors import DicomError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pydicom import DataElement, Dataset

FEWEST_CHARACTERS = 4  # of an id or a part of a name, as bytes of UTF-8; shorter ones are found anywhere by chance
FEWEST_OF_NUMBERS = 5  # of a number that is also an id, e.g. of the series
FEWEST_OF_TEXT = 6
FEWEST_AMONG_PIXELS = 6  # bytes that do not stand among pixels by chance
IDENTIFIERS = frozenset(
    (
        *("PatientID", "AccessionNumber", "OtherPatientIDs", "MedicalRecordLocator", "IssuerOfPatientID"),
        *("AdmissionID", "InstitutionName", "DeviceSerialNumber", "PatientTelephoneNumbers", "PatientAddress"),
    )
)
PIXELS = ("PixelData", "FloatPixelData", "DoubleFloatPixelData")
PARTS_OF_A_NAME = re.compile(r"[\^=,;\s]+")
ENCODINGS = (
    *("utf-8", "latin-1", "iso8859_2", "iso8859_5", "iso8859_6", "iso8859_7", "iso8859_8", "iso8859_9", "tis_620"),
    *("shift_jis", "euc_jp", "iso2022_jp", "iso2022_jp_2", "euc_kr", "gb18030", "big5"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Identifiers:
    """What a file held that must not be in the cleaned one; in capital letters.

    Attributes
    ----------
    persons : frozenset of str
        Names and their parts, and ids.
    uids : frozenset of str
    texts : frozenset of str
        Text that was dropped, since it may hold anything.
    """

    persons: frozenset[str]
    uids: frozenset[str]
    texts: frozenset[str]


def find_identifiers(dataset: Dataset) -> Identifiers:
    """Gather what must not be in the cleaned file.

    Parameters
    ----------
    dataset : pydicom.Dataset
        Before it is cleaned.
    """
    persons: set[str] = set()
    uids: set[str] = set()
    texts: set[str] = set()
    for element in _walk(dataset):
        for value in _texts(element):
            if element.VR == "UI" and not is_standard(value):
                uids.add(value)
            elif element.VR == "PN":
                persons.update(part for part in PARTS_OF_A_NAME.split(value) if _is_telling(part))
            elif element.keyword in IDENTIFIERS and _is_long(value):
                persons.add(value)
            elif _is_dropped(element) and len(value) >= FEWEST_OF_TEXT and keep_words(value) != value:
                texts.add(value)
    return Identifiers(
        persons=frozenset(value.upper() for value in persons),
        uids=frozenset(uids),
        texts=frozenset(value.upper() for value in texts),
    )


def _is_long(text: str) -> bool:
    return len(text.encode()) >= FEWEST_CHARACTERS


def _is_telling(part: str) -> bool:
    """Whether a part of a name tells anything: that a scan shows a HEAD says nothing of Mr Head."""
    return _is_long(part) and part.lower() not in known_terms() and part.lower() not in known_makers()


def _walk(dataset: Dataset) -> Iterator[DataElement]:
    for element in dataset:
        if element.VR == "SQ":
            for item in element.value or []:
                yield from _walk(item)
        elif element.keyword not in PIXELS:
            yield element


def _texts(element: DataElement) -> list[str]:
    texts = (str(one).strip(" \0") for one in to_values(element))
    return [text for text in texts if text not in ("", REPLACED, METHOD_TEXT)]


def _is_dropped(element: DataElement) -> bool:
    """Whether an attribute with text is one that does not stay."""
    action = action_for(int(element.tag), element.VR, element.keyword, has_characteristics=False)
    return element.VR in FREE_TEXT and action in (Action.REMOVE, Action.EMPTY, Action.REPLACE)


def empty_traces(dataset: Dataset, identifiers: Identifiers) -> None:
    """Empty, in place, what is left in a cleaned file and names somebody: a model called like the patient, say."""
    persons = _as_words(identifiers.persons)
    anything = _as_words(identifiers.persons | identifiers.texts)
    for element in _walk(dataset):
        texts = [text.upper() for text in _texts(element)]
        if element.VR in FREE_TEXT:
            is_trace = any(anything.search(text) for text in texts)
        elif element.VR == "CS":
            is_trace = any(persons.search(text) for text in texts)
        elif element.VR in ("IS", "DS"):
            is_trace = any(len(text) >= FEWEST_OF_NUMBERS and persons.fullmatch(text) for text in texts)
        else:
            is_trace = False
        if is_trace:
            element.value = REPLACED if element.VR in FREE_TEXT and element.VR in REPLACEABLE else None


def _as_words(identifiers: frozenset[str]) -> re.Pattern[str]:
    """Make a pattern that finds any of these where it stands by itself."""
    longest_first = sorted(identifiers, key=len, reverse=True)
    return re.compile(r"(?<![A-Z0-9])(?:" + ("|".join(map(re.escape, longest_first)) or "(?!)") + r")(?![A-Z0-9])")


def require_no_traces(dataset: Dataset, identifiers: Identifiers) -> None:
    """Refuse a cleaned file in whose bytes an identifier is left.

    Raises
    ------
    DicomError
        Without the identifier.
    """
    persons = (one for one in identifiers.persons if len(one) >= FEWEST_OF_NUMBERS or one.isalpha())
    needles = {needle for one in (*persons, *identifiers.uids) for needle in _encoded(one)}
    written = _write_without_pixels(dataset).upper()
    is_left = any(needle in written and _stands_in(needle, written) for needle in needles)
    if is_left or _stands_among_pixels(dataset, needles):
        raise DicomError("an identifier of the patient would still stand in another place of it")


def _stands_among_pixels(dataset: Dataset, needles: set[bytes]) -> bool:
    pixels = dataset.PixelData if "PixelData" in dataset else b""
    return any(needle in pixels for needle in needles if len(needle) >= FEWEST_AMONG_PIXELS)


def _write_without_pixels(dataset: Dataset) -> bytes:
    """Give the bytes of a file without those of its pixels; the data set is left as it was."""
    from pydicom.filebase import DicomBytesIO
    from pydicom.filewriter import write_dataset

    syntax = dataset.file_meta.TransferSyntaxUID
    buffer = DicomBytesIO()
    buffer.is_little_endian, buffer.is_implicit_VR = syntax.is_little_endian, syntax.is_implicit_VR
    pixels = [dataset[keyword] for keyword in PIXELS if keyword in dataset]
    try:
        for element in pixels:
            del dataset[element.tag]
        write_dataset(buffer, dataset)
    finally:
        for element in pixels:
            dataset.add(element)
    return bytes(buffer.getvalue())


def _stands_in(needle: bytes, written: bytes) -> bool:
    # a UID within another one, or within a version number, is not that UID
    end = rb"[A-Z0-9.]" if needle.count(b".") > 1 else rb"[A-Z0-9]"
    return re.search(rb"(?<!" + end + rb")" + re.escape(needle) + rb"(?!" + end + rb")", written) is not None


def _encoded(text: str) -> set[bytes]:
    """Give the bytes as which a text may stand in a file."""
    found = set()
    for name in ENCODINGS:
        try:
            found.add(text.encode(name).upper())
        except UnicodeEncodeError:
            continue
    return found
