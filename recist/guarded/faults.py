"""Faults of a guarded call as sentences, and faults of the toolkit across the processes."""

from __future__ import annotations

import struct
import zlib
from typing import TYPE_CHECKING

from recist import errors
from recist.errors import DataError, GuardError, RecistError

if TYPE_CHECKING:
    from recist.problems import Problem

# The text of a foreign exception may quote the file, so only its kind is told. First match counts.
SENTENCES: tuple[tuple[type[BaseException], str], ...] = (
    (RecursionError, "it is nested too deeply to be read"),
    (PermissionError, "it may not be opened"),
    (FileNotFoundError, "it is gone, or a link that leads nowhere"),
    (EOFError, "it ends too early"),
    (struct.error, "it ends in the middle of an element"),
    (zlib.error, "its compressed content is damaged"),
    (NotImplementedError, "it uses an encoding that is not supported"),
)


def tell_memory(memory_mib: float) -> str:
    """Say that the memory was not enough."""
    return f"reading it took more memory than {memory_mib:g} MiB"


def tell_time(seconds: float) -> str:
    """Say that the time was not enough."""
    return f"reading it took longer than {seconds:g} s"


def tell_foreign(fault: BaseException, memory_mib: float) -> str:
    """Say what an exception means that is not one of the toolkit's."""
    if isinstance(fault, MemoryError):
        return tell_memory(memory_mib)
    for kind, sentence in SENTENCES:
        if isinstance(fault, kind):
            return sentence
    return f"it does not follow the standard ({type(fault).__name__})"


def to_message(fault: BaseException, memory_mib: float) -> tuple[str, str, list[Problem]]:
    """Give the name of the class of a fault, its text and its problems."""
    if not isinstance(fault, RecistError):
        return GuardError.__name__, tell_foreign(fault, memory_mib), []
    known = next(kind.__name__ for kind in type(fault).__mro__ if kind.__module__ == errors.__name__)
    return known, str(fault), list(fault.problems) if isinstance(fault, DataError) else []


def from_message(name: str, text: str, problems: list[Problem]) -> RecistError:
    """Make the fault anew; one of an unknown class becomes a `GuardError`."""
    kind = getattr(errors, name, None)
    if not (isinstance(kind, type) and issubclass(kind, RecistError)):
        return GuardError(text)
    return DataError(problems) if kind is DataError else kind(text)
