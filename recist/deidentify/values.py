"""Values that are not what their kind says (PS3.5 6.2): anything may hide in them, so none of them stays."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pydicom import DataElement, Dataset

FORMS = {
    "AS": re.compile(r"\d{3}[DWMY]"),
    "CS": re.compile(r"[A-Z0-9_ ]{0,16}"),
    "DS": re.compile(r" *[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d{1,3})? *"),
    "IS": re.compile(r" *[+-]?\d{1,12} *"),
    "TM": re.compile(r"(?:[01]\d|2[0-3])(?::?[0-5]\d(?::?(?:[0-5]\d|60)(?:\.\d{1,6})?)?)? *"),
}
NUMBERS = {
    "FL": "<f4",
    "FD": "<f8",
    "SS": "<i2",
    "US": "<u2",
    "SL": "<i4",
    "UL": "<u4",
    "SV": "<i8",
    "UV": "<u8",
    "AT": "<u4",
}
FEWEST_LETTERS = 6  # that are read as text where numbers should be
TEXT_IN_NUMBERS = re.compile(rb"[A-Za-z0-9^=_. -]*[A-Za-z]{3}[A-Za-z0-9^=_. -]*")
FAULTS = (ValueError, TypeError, NotImplementedError, OverflowError, AttributeError, KeyError, UnicodeError)


def drop_unreadable(dataset: Dataset) -> None:
    """Empty, in place and in every item, what cannot be read as its kind of value or does not obey it."""
    for tag in list(dataset.keys()):
        try:
            element = dataset[tag]
        except FAULTS:
            _drop(dataset, tag)
            continue
        if element.VR == "SQ":
            for item in element.value or []:
                drop_unreadable(item)
        elif not is_obeyed(element):
            element.value = None


def _drop(dataset: Dataset, tag: int) -> None:
    """Put an empty value in the place of one that cannot be read; where that cannot be either, nothing."""
    from pydicom import DataElement

    vr = dataset.get_item(tag).VR
    del dataset[tag]
    if vr in FORMS or vr in ("DA", "DT"):
        dataset.add(DataElement(tag, vr, None))


def is_obeyed(element: DataElement) -> bool:
    """Whether the values of an attribute are of the form that their kind prescribes."""
    values = to_values(element)
    if element.VR in FORMS and element.keyword != "SpecificCharacterSet":
        return all(FORMS[element.VR].fullmatch(_as_written(value)) for value in values)
    if element.VR in NUMBERS:
        return not _is_text(values, NUMBERS[element.VR])
    if element.keyword == "SpecificCharacterSet":
        return all(_is_character_set(str(value)) for value in values)
    return True


def to_values(element: DataElement) -> Sequence[Any]:
    """Give the values of an attribute, none for an empty one."""
    value = element.value
    if value is None or value == "" or isinstance(value, bytes):
        return ()
    is_one = isinstance(value, str) or (element.VR == "PN" and element.VM <= 1) or not hasattr(value, "__iter__")
    return (value,) if is_one else tuple(value)


def _as_written(value: object) -> str:
    return str(getattr(value, "original_string", value))


def _is_text(values: Sequence[Any], kind: str) -> bool:
    """Whether the bytes of numbers read as words: somebody wrote a text where numbers belong."""
    if len(values) * int(kind[-1]) < FEWEST_LETTERS:
        return False
    try:
        written = np.array([float(one) if "f" in kind else int(one) for one in values]).astype(kind)
    except FAULTS:
        return True
    return any(TEXT_IN_NUMBERS.fullmatch(array.tobytes().strip(b" \0")) for array in (written, written.byteswap()))


def _is_character_set(name: str) -> bool:
    from pydicom.charset import python_encoding

    return name.strip() in python_encoding
