"""One part of a protocol after reading: the values it gives, what they change, and what is wrong."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from recist.criteria.criteria import Change


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """What one part of a protocol's file gives.

    Attributes
    ----------
    values : dict
        New values of fields of the criteria.
    changes : tuple of Change
    faults : tuple of str
        Key, found and expected of everything that is wrong.
    """

    values: dict[str, Any] = field(default_factory=dict)
    changes: tuple[Change, ...] = ()
    faults: tuple[str, ...] = ()


def join_parts(parts: list[Part]) -> Part:
    """Put parts together."""
    return Part(
        values={name: value for part in parts for name, value in part.values.items()},
        changes=tuple(change for part in parts for change in part.changes),
        faults=tuple(fault for part in parts for fault in part.faults),
    )


def wrong(key: str, found: object, expected: str) -> Part:
    """Say what is wrong with the value of a key."""
    return Part(faults=(f"{key}: found {found!r}; expected {expected}",))
