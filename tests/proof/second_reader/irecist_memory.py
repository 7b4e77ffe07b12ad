"""What is kept in mind on the way through a course under iRECIST."""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import datetime

    from .irecist_new import NewNow
    from .overall import Visit


def values_of(visit: Visit) -> dict[str, Fraction]:
    """Give the value of each target lesion; a mass has one value, and what it covers has none of its own."""
    values: dict[str, Fraction] = {}
    for name in {row.lesion for row in visit.target.rows}:
        parts = [row for row in visit.target.rows if row.lesion == name]
        sizes = [row.size for row in parts if row.size is not None]
        if len(sizes) == len(parts):
            values |= dict.fromkeys((other for row in parts for other in row.covers), Fraction(0))
            values[name] = sum(sizes, Fraction(0))
    return values


def non_target_words(visit: Visit) -> dict[str, str]:
    """Give the words on the non-target lesions that were evaluated."""
    rows = visit.point.of_role("non_target")
    return {row.lesion: row.state for row in rows if row.state not in {"not_evaluable", "not_done"}}


@dataclass
class Run:
    """An iUPD that waits: the visit that made it, what made it, and what was known then."""

    visit: Visit
    date: datetime.date
    made_by: set[str]
    known: set[str]
    fresh: set[str]  # of those, the new lesions that made it
    returned: bool
    last_seen: datetime.date
    sizes: dict[str, Fraction] = field(default_factory=dict)  # of each target, the first since the iUPD
    new_progressed: dict[str, bool] = field(default_factory=dict)  # of each new lesion, the first since the iUPD
    new_sizes: dict[str, Fraction] = field(default_factory=dict)
    words: dict[str, str] = field(default_factory=dict)  # of each non-target, the first since the iUPD
    confirmed: bool = False
    not_evaluated_since: bool = False

    def remember(self, visit: Visit, news: dict[str, NewNow]) -> None:
        """Keep the first value and word of each lesion since the iUPD."""
        self.sizes = values_of(visit) | self.sizes
        self.new_progressed = {name: now.progressed for name, now in news.items()} | self.new_progressed
        self.words = non_target_words(visit) | self.words
        self.new_sizes = {name: now.size for name, now in news.items() if now.size is not None} | self.new_sizes


@dataclass
class ImmuneCourse:
    """What is known of a course on its way through the visits."""

    options: dict[str, object]
    targets: set[str]  # the new lesions that are measured
    known: set[str] = field(default_factory=set)  # new lesions that were certain
    there: dict[str, bool] = field(default_factory=dict)  # and whether they were there when last looked at
    sums: list[dict[str, Fraction | None]] = field(default_factory=list)
    was_cr: bool = False
    run: Run | None = None

    def forget(self) -> None:
        """Forget all that was seen."""
        self.known, self.there, self.sums, self.was_cr, self.run = set(), {}, [], False, None
