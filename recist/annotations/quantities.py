"""Numbers with units as other programs write them."""

from __future__ import annotations

import math
import re

from recist.annotations.codes import MM3_PER_UNIT, MM_PER_UNIT

_NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?", re.ASCII)
LONGEST_MM = 1000.0  # no line in a CT image is longer than a metre


def parse_number(text: str) -> float:
    """Read a number with a decimal point; NaN for everything else, a decimal comma too, whose meaning is open.

    Examples
    --------
    >>> parse_number(" 12.5 "), parse_number("12,5"), parse_number("1e999")
    (12.5, nan, nan)
    """
    text = text.strip()
    value = float(text) if _NUMBER.fullmatch(text) else math.nan
    return value if math.isfinite(value) else math.nan


def parse_length_mm(number: str | float, unit: str) -> float:
    """Give a length in mm; NaN where the number or the unit is none, or the length is impossible: 0 is no measurement.

    Examples
    --------
    >>> parse_length_mm("3.25", "cm"), parse_length_mm(14.0, "mm"), parse_length_mm(14.0, "px")
    (32.5, 14.0, nan)
    """
    value = parse_number(number) if isinstance(number, str) else number
    length = value * MM_PER_UNIT.get(unit.strip(), math.nan)
    return length if 0 < length <= LONGEST_MM else math.nan


def parse_volume_mm3(number: float, unit: str) -> float:
    """Give a volume in mm³; NaN where the unit is none."""
    volume = number * MM3_PER_UNIT.get(unit.strip(), math.nan)
    return volume if volume >= 0 else math.nan
