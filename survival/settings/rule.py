"""What the value of a setting may be: a test, and the words for it in a message."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

FEWEST_REPLICATES = 100
MOST_REPLICATES = 100_000
"""More bootstrap replicates than this change no printed digit and take hours."""
KEY = re.compile(r"[a-z][a-z0-9_]*")


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """What a value must be.

    Attributes
    ----------
    is_right : callable
    expected : str
    entry : type or None
        The class of each table of an array of tables, such as ``[[survival.endpoint]]``.
    """

    is_right: Callable[[Any], bool]
    expected: str
    entry: type | None = None


def setting(default: object, says: str, rule: Rule, *, required: bool = False) -> Any:  # stands where a value's type is
    """Declare a setting: its default, what it means, what it may be, and whether it must be given."""
    metadata = {"says": says, "rule": rule, "required": required, "default": default}
    if isinstance(default, dict):
        return field(default_factory=dict, metadata=metadata)
    return field(default=default, metadata=metadata)


def _is_whole(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _is_positive(value: object) -> bool:
    return _is_whole(value) and value > 0  # type: ignore[operator]


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _is_list(value: object, fits: Callable[[Any], bool]) -> bool:
    return isinstance(value, list | tuple) and all(fits(entry) for entry in value)


def _is_code(value: object) -> bool:
    return _is_whole(value) or (isinstance(value, str) and bool(value.strip()))


def _is_name(value: object) -> bool:
    return isinstance(value, str) and bool(value.strip())


def _is_table_of_texts(value: object) -> bool:
    return isinstance(value, dict) and all(_is_name(name) and _is_name(text) for name, text in value.items())


def one_of(*names: str) -> Rule:
    """Allow one of some words."""
    return Rule(is_right=lambda value: value in names, expected=" or ".join(f'"{name}"' for name in names))


TEXT = Rule(is_right=lambda value: isinstance(value, str), expected="a text")
NAME = Rule(is_right=_is_name, expected="a text that is not empty")
SHORT_KEY = Rule(
    is_right=lambda value: isinstance(value, str) and bool(KEY.fullmatch(value)),
    expected="small letters, digits and _, beginning with a letter",
)
YES_OR_NO = Rule(is_right=lambda value: isinstance(value, bool), expected="true or false")
COLUMN_NAMES = Rule(is_right=lambda value: _is_list(value, _is_name), expected="a list of column names")
CODES = Rule(is_right=lambda value: _is_list(value, _is_code), expected="a list of codes, whole numbers or texts")
SOME_CODES = Rule(is_right=lambda value: bool(value) and CODES.is_right(value), expected="at least one code in a list")
TEXTS_BY_NAME = Rule(is_right=_is_table_of_texts, expected="a table of texts, name = text")
DAYS = Rule(
    is_right=lambda value: bool(value) and _is_list(value, _is_positive), expected="a list of whole days above 0"
)
MONTHS = Rule(is_right=DAYS.is_right, expected="a list of whole months above 0")
ONE_DAY = Rule(is_right=_is_positive, expected="a whole number of days above 0")
ONE_MONTH = Rule(is_right=_is_positive, expected="a whole number of months above 0")
COUNT = Rule(is_right=_is_positive, expected="a whole number above 0")
COUNT_OR_NONE = Rule(is_right=lambda value: _is_whole(value) and value >= 0, expected="a whole number, 0 or above")
WINDOW = Rule(
    is_right=lambda value: DAYS.is_right(value) and len(value) == 2 and value[0] < value[1],
    expected="[first day, last day]",
)
CONFIDENCE = Rule(
    is_right=lambda value: isinstance(value, float) and 0.5 <= value < 1, expected="a number from 0.5 to below 1"
)
LEVEL = Rule(
    is_right=lambda value: isinstance(value, float) and 0 < value <= 0.5, expected="a number above 0, at most 0.5"
)
POSITIVE_NUMBER = Rule(is_right=lambda value: _is_number(value) and value > 0, expected="a number above 0")
REPLICATES = Rule(
    is_right=lambda value: _is_whole(value) and FEWEST_REPLICATES <= value <= MOST_REPLICATES,
    expected=(
        f"a whole number from {FEWEST_REPLICATES} to {MOST_REPLICATES:,}: more change no printed digit and take hours"
    ),
)


def tables_of(entry: type, name: str) -> Rule:
    """Allow an array of tables of one kind."""
    return Rule(
        is_right=lambda value: _is_list(value, lambda one: isinstance(one, dict | entry)),
        expected=f"tables [[survival.{name}]]",
        entry=entry,
    )
