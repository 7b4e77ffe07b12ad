"""The numbers of a protocol: `[limits]` of its TOML file."""

from __future__ import annotations

import re
from dataclasses import replace
from fractions import Fraction
from typing import TYPE_CHECKING

from recist.criteria.criteria import HUNDREDTHS_PER_MM, Change
from recist.criteria.protocol_part import Part, join_parts, wrong

if TYPE_CHECKING:
    from recist.criteria.criteria import Criteria, Limit

PERCENT = 100
FINEST = 10_000  # no published ratio is finer; products of whole numbers stay exact
LARGEST = 100_000
_NUMBER = re.compile(r"\s*(\d+(?:\.\d+)?(?:/[1-9]\d*)?)\s*(.*?)\s*")


def parse_limits(given: object, base: Criteria, citation: str) -> Part:
    """Read the table of limits.

    A limit is a number in the unit of the base, a text such as ``"3/10"``, ``"30 %"`` or ``"5 mm"``, or a table with
    ``value`` and a ``citation`` of its own.
    """
    if not isinstance(given, dict):
        return wrong("limits", given, "a table, [limits] with one limit a line")
    return join_parts([_parse_one(str(name), value, base, citation) for name, value in given.items()])


def _parse_one(name: str, given: object, base: Criteria, citation: str) -> Part:
    limits = base.limits()
    key = f"limits.{name}"
    if name not in limits:
        return wrong(key, name, f"a limit of {base.title}: {', '.join(limits)}")
    value = given
    if isinstance(given, dict):
        citation, value = str(given.get("citation", citation)), given.get("value")
        unknown = given.keys() - {"value", "citation"}
        if unknown:
            return wrong(key, ", ".join(sorted(unknown)), "value and citation")
    number = parse_number(value, limits[name].unit)
    if isinstance(number, str):
        return wrong(key, value, number)
    before = limits[name]
    change = Change(what=name, value=_told(number, before), instead_of=_told(before.value, before), citation=citation)
    values = {name: replace(before, value=number, citation=citation)}
    return Part(values=values, changes=() if number == before.value else (change,))


def _told(number: Fraction, limit: Limit) -> str:
    """Write a number of a limit with its unit."""
    return f"{number} {limit.unit}"


def parse_number(value: object, unit: str) -> Fraction | str:
    """Read a number in a unit; where it is none, say what was expected.

    Examples
    --------
    >>> parse_number("30 %", "of the baseline sum"), parse_number(0, "mm"), parse_number("1 cm", "mm")
    (Fraction(3, 10), Fraction(0, 1), 'a number of mm')
    """
    is_ratio = unit.startswith("of ")
    expected = f'a part {unit} between 0 and 1, such as "3/10" or "30 %"' if is_ratio else f"a whole number of {unit}"
    if unit == "mm":
        expected = "a number of mm, with two decimals at most"
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return expected
    found = _NUMBER.fullmatch(str(value))
    if found is None or found[2] not in ({"", "%", unit} if is_ratio else {"", unit}):
        return expected
    whole, _, part = found[1].partition("/")
    number = Fraction(whole) / int(part or 1)
    if found[2] == "%":
        number /= PERCENT
    return number if _fits(number, unit, is_ratio=is_ratio) else expected


def _fits(number: Fraction, unit: str, *, is_ratio: bool) -> bool:
    """Say whether a number can be a limit of its unit: a part of one, hundredths of a mm, or a whole number."""
    if is_ratio:
        return 0 < number <= 1 and number.denominator <= FINEST
    steps = HUNDREDTHS_PER_MM if unit == "mm" else 1
    return number <= LARGEST and (number * steps).denominator == 1
