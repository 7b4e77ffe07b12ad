"""The values of options: what each may be, and reading it."""

from __future__ import annotations

from enum import StrEnum
from itertools import pairwise
from typing import TYPE_CHECKING, Any, TypeAlias

if TYPE_CHECKING:
    from dataclasses import Field

Schedule: TypeAlias = "tuple[tuple[int, int], ...]"  # from this day on, this interval
ANY_NUMBER = "any"  # written in place of a number to lift a limit


def describe_values(declared: Field[Any]) -> tuple[str, ...]:
    """List what an option may be, as written in TOML; a number is described."""
    if isinstance(declared.default, StrEnum):
        return tuple(f'"{member}"' for member in type(declared.default))
    if isinstance(declared.default, bool):
        return ("true", "false")
    if "Schedule" in str(declared.type):
        return ("a whole number", "a list of [from_day, interval] pairs")
    return ("a whole number", f'"{ANY_NUMBER}"') if "str" in str(declared.type) else ("a whole number",)


def parse_value(declared: Field[Any], value: object) -> tuple[object, str]:
    """Give the value in the option's type, or what was expected."""
    default = declared.default
    if isinstance(default, StrEnum):
        words = [str(member) for member in type(default)]
        return (type(default)(str(value)), "") if str(value) in words else (default, f"one of: {', '.join(words)}")
    if isinstance(default, bool):
        return value, "" if isinstance(value, bool) else "true or false"
    if value == ANY_NUMBER and "str" in str(declared.type):
        return value, ""
    if isinstance(value, list | tuple) and "Schedule" in str(declared.type):
        return _parse_schedule(value)
    is_count = isinstance(value, int) and not isinstance(value, bool) and value >= 0
    return value, "" if is_count else _expected_number(declared)


def _expected_number(declared: Field[Any]) -> str:
    """Say what an option that may be a number may be."""
    number = "a whole number, 0 or more"
    if "Schedule" in str(declared.type):
        return f"{number}, or a list of [from_day, interval] pairs such as [[0, 56], [336, 84]]"
    return f'{number}, or "{ANY_NUMBER}"' if "str" in str(declared.type) else number


def _parse_schedule(value: list[object] | tuple[object, ...]) -> tuple[Schedule, str]:
    """Read pairs of a day and the interval from then on, the days ascending from 0."""
    pairs = [tuple(pair) if isinstance(pair, list | tuple) else () for pair in value]
    numbers = [number for pair in pairs for number in pair]
    is_read = (
        bool(pairs)
        and all(len(pair) == len(("from_day", "interval")) for pair in pairs)
        and all(isinstance(number, int) and not isinstance(number, bool) and number >= 0 for number in numbers)
        and pairs[0][0] == 0
        and all(interval > 0 for _, interval in pairs)
        and all(day < later for (day, _), (later, _) in pairwise(pairs))
    )
    expected = "pairs [from_day, interval], from_day from 0 ascending and interval 1 or more"
    return (tuple(pairs), "") if is_read else ((), expected)
