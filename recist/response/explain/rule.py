"""A rule as a row of one shape, whatever data it comes from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from recist.response.explain.quantities import listed, write_number, write_ratio

if TYPE_CHECKING:
    from collections.abc import Iterable
    from enum import StrEnum

    from recist.criteria import Limit

RATIO = "of the "  # how the unit of a ratio begins


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One rule.

    Attributes
    ----------
    name : str
    value : str
        The number, word or response; with its unit.
    meaning : str
    citation : str
    """

    name: str
    value: str
    meaning: str
    citation: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Chapter:
    """Rules of one kind."""

    title: str
    rules: tuple[Rule, ...]


def write_limit(limit: Limit) -> str:
    """Write the number of a limit with its unit.

    Examples
    --------
    >>> from recist.criteria import RECIST_1_1
    >>> write_limit(RECIST_1_1.partial_response_decrease), write_limit(RECIST_1_1.normal_node)
    ('30 % of the baseline sum', '10 mm')
    """
    if limit.unit.startswith(RATIO):
        return f"{write_ratio(limit.value)} {limit.unit}"
    return f"{write_number(limit.value)} {limit.unit}"


def limit_rule(name: str, limit: Limit) -> Rule:
    """Make a rule of a limit."""
    return Rule(name=name, value=write_limit(limit), meaning=limit.meaning, citation=limit.citation)


def any_of(members: Iterable[StrEnum]) -> str:
    """Write members of a closed set as alternatives, and the whole set as "any".

    Examples
    --------
    >>> from recist.criteria import TargetResponse
    >>> any_of({TargetResponse.PR, TargetResponse.CR, TargetResponse.NONE}), any_of(set(TargetResponse))
    ('CR, PR or none', 'any')
    """
    found = set(members)
    if found == set(type(next(iter(found)))):
        return "any"
    return listed(sorted("none" if member.casefold() == "none" else str(member) for member in found), last="or")
