"""What the status of a DIMSE answer means (PS3.7 C, PS3.4 B.2.3 and C.4)."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pydicom import Dataset


class Category(StrEnum):
    """How an operation stands."""

    DONE = "done"
    PENDING = "pending"
    PARTLY = "partly"
    FAILED = "failed"


PENDING = frozenset((0xFF00, 0xFF01))
WARNINGS = range(0xB000, 0xC000)
OTHER_WARNINGS = frozenset((0x0001, 0x0107, 0x0116))
DUPLICATE = frozenset((0x0111,))
NAMES = (
    (range(0x0111, 0x0112), "it has an object of this name already"),
    (range(0x0112, 0x0113), "it knows no such object"),
    (range(0x0117, 0x0118), "the object is not valid"),
    (range(0x0122, 0x0123), "it does not take objects of this class"),
    (range(0x0124, 0x0125), "not authorised"),
    (range(0xA700, 0xA800), "out of resources"),
    (range(0xA801, 0xA802), "it does not know where to send the images: our title is not entered there"),
    (range(0xA900, 0xAA00), "the data do not fit their class"),
    (range(0xC000, 0xD000), "it cannot process this"),
    (range(0xFE00, 0xFE01), "it was cancelled"),
)


def status_of(answer: Dataset) -> int | None:
    """Give the status of an answer; None where the association ended instead."""
    status = answer.get("Status") if answer else None
    return status if isinstance(status, int) else None


def category_of(status: int) -> Category:
    """Tell how an operation stands by its status."""
    if status == 0:
        return Category.DONE
    if status in PENDING:
        return Category.PENDING
    if status in WARNINGS or status in OTHER_WARNINGS:
        return Category.PARTLY
    return Category.FAILED


def name_of_status(status: int) -> str:
    """Say what a status means, with its number."""
    name = next((name for numbers, name in NAMES if status in numbers), "it gives no reason that we know")
    return f"{name} (0x{status:04X})"
