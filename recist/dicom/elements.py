"""Values of a header as plain Python values; an element that cannot be understood counts as absent."""

from __future__ import annotations

import datetime
import math
from typing import TYPE_CHECKING

from pydicom.dataelem import DataElement, RawDataElement

from recist.dicom.faults import BROKEN_FILE, own_fault
from recist.dicom.fence import read_fenced_sequence
from recist.dicom.plain import PlainElements

if TYPE_CHECKING:
    from pydicom import Dataset

    Elements = Dataset | PlainElements

DATE_DIGITS = 8


def _value(dataset: Elements, keyword: str) -> object:
    """Give the value of an element, None where absent, empty or not understandable.

    pydicom parses a value when it is asked for, so this is where a malformed one raises.
    """
    try:
        value: object = dataset.get(keyword)
    except BROKEN_FILE:
        return None
    return None if value == "" else value


def _values(dataset: Elements, keyword: str) -> tuple[object, ...]:
    if isinstance(dataset, PlainElements):
        plain = dataset.values.get(keyword, "")
        return tuple(plain) if isinstance(plain, list) else (plain,) if plain != "" else ()
    value = _value(dataset, keyword)
    if value is None:
        return ()
    if isinstance(value, (str, bytes)) or not hasattr(value, "__iter__"):
        return (value,)
    return tuple(value)


def text(dataset: Elements, keyword: str) -> str:
    r"""Give a text, several values joined by a backslash, empty where absent."""
    return "\\".join(str(value).strip() for value in _values(dataset, keyword))


def numbers(dataset: Elements, keyword: str, count: int) -> tuple[float, ...] | None:
    """Give exactly `count` finite numbers, None where there are not that many."""
    try:
        found = tuple(float(value) for value in _values(dataset, keyword))  # type: ignore[arg-type]
    except (TypeError, ValueError):
        return None
    return found if len(found) == count and all(math.isfinite(value) for value in found) else None


def number(dataset: Elements, keyword: str) -> float | None:
    """Give one finite number, None where absent or malformed."""
    found = numbers(dataset, keyword, 1)
    return None if found is None else found[0]


def whole(dataset: Elements, keyword: str) -> int | None:
    """Give one whole number, None where absent or malformed."""
    found = number(dataset, keyword)
    return int(found) if found is not None and found.is_integer() else None


def is_given(dataset: Elements, keyword: str) -> bool:
    """Whether the element is there with some value, understandable or not."""
    if isinstance(dataset, PlainElements):
        return dataset.is_given(keyword)
    try:
        item = dataset.get_item(keyword) if keyword in dataset else None
    except BROKEN_FILE:
        return True
    return item is not None and item.value not in (None, "", b"")


def date(dataset: Elements, *keywords: str) -> datetime.date | None:
    """Give the first of the named dates that is one; of a date and time the day."""
    for keyword in keywords:
        digits = text(dataset, keyword).replace(".", "")[:DATE_DIGITS]
        if len(digits) == DATE_DIGITS and digits.isascii() and digits.isdigit():
            try:
                return datetime.date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
            except ValueError:
                continue
    return None


def items(dataset: Elements, keyword: str) -> tuple[Dataset, ...]:
    """Give the items of a sequence, none where it is absent.

    Raises
    ------
    DicomError
        When it holds more than the sequence of any image.
    """
    if isinstance(dataset, PlainElements):
        return ()
    try:
        _read_items(dataset, keyword)
    except BROKEN_FILE as fault:
        ours = own_fault(fault)
        if ours is not None:
            raise ours from fault
        return ()
    return tuple(item for item in _values(dataset, keyword) if hasattr(item, "get_item"))  # type: ignore[misc]


def _read_items(dataset: Dataset, keyword: str) -> None:
    """Let pydicom read the items of a sequence within the limits of a header, once."""
    raw: object = dataset.get_item(keyword) if keyword in dataset else None
    if isinstance(raw, RawDataElement):
        found = read_fenced_sequence(raw, dataset)
        if found is not None:
            dataset.add(DataElement(raw.tag, "SQ", found))
