"""What was not measured, gathered by reason while the problems pass by."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

import numpy as np

from recist.tables import FIRST_DATA_ROW

if TYPE_CHECKING:
    from recist.batch.plan import Plan
    from recist.problems import Problem

PARTICULAR = re.compile(r"\S*\d\S*")  # numbers, identifiers and names of files with a digit


class NotMeasured(StrEnum):
    """Codes of the problems that tell of something not measured."""

    LESION = "not_measured"  # one lesion of a mask
    MASK = "mask_refused"  # the whole mask; the row names the lesion, which is in the table
    UNNAMED = "mask_refused_unnamed"  # the whole mask, and no row names a lesion: the table has nothing of it


BEFORE_REASON = {
    NotMeasured.LESION: "the lesion was not measured and is written as not evaluable",
    NotMeasured.MASK: "the mask was refused, so the lesion is written as not evaluable",
    NotMeasured.UNNAMED: (
        "no lesion of this mask was measured; the row names none, so the table of measurements has nothing of it"
    ),
}
"""What a message says before the colon and the reason."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """A reason for which something was not measured.

    Attributes
    ----------
    reason : str
        As it was for the first of them.
    series, masks, lesions : int
        In how many series and masks it stood, and how many lesions are not evaluable for it.
    rows : tuple of int
        Rows of the manifest.
    """

    reason: str
    series: int
    masks: int
    lesions: int
    rows: tuple[int, ...]


@dataclass(slots=True, kw_only=True)
class _Group:
    reason: str
    lesions: int = 0
    masks: set[tuple[int, str]] = field(default_factory=set)
    rows: set[int] = field(default_factory=set)


class Refusals:
    """Counts what was not measured."""

    def __init__(self, plan: Plan) -> None:
        self._masks = plan.frame["mask"].fillna("").astype(str).tolist()
        self._series_of = np.zeros(len(self._masks), dtype=np.int64)
        for place, positions in enumerate(plan.groups):
            self._series_of[list(positions)] = place
        self._groups: dict[str, _Group] = {}
        self._unnamed: set[tuple[int, str]] = set()
        self._whole: set[tuple[int, str]] = set()

    def add(self, problem: Problem) -> None:
        """Count a problem, if it tells of something that was not measured."""
        if problem.row is None or problem.code not in set(NotMeasured):
            return
        position = problem.row - FIRST_DATA_ROW
        mask = int(self._series_of[position]), self._masks[position]
        reason = problem.message.partition(": ")[2]
        group = self._groups.setdefault(PARTICULAR.sub("…", reason), _Group(reason=reason))
        group.masks.add(mask)
        group.rows.add(problem.row)
        group.lesions += problem.code != NotMeasured.UNNAMED
        if problem.code != NotMeasured.LESION:
            self._whole.add(mask)
        if problem.code == NotMeasured.UNNAMED:
            self._unnamed.add(mask)

    @property
    def series(self) -> set[int]:
        """Places of the series of which something was not measured."""
        return {place for group in self._groups.values() for place, _ in group.masks}

    @property
    def masks(self) -> int:
        """Masks in all."""
        return len({pair for pair in zip(self._series_of.tolist(), self._masks, strict=True) if pair[1]})

    @property
    def masks_refused(self) -> int:
        """Masks that were refused whole."""
        return len(self._whole)

    @property
    def masks_unnamed(self) -> int:
        """Masks of which the table has nothing."""
        return len(self._unnamed)

    def by_reason(self) -> tuple[Refusal, ...]:
        """Give the reasons, that of the most masks first; numbers and names in it may differ between them."""
        found = [
            Refusal(
                reason=group.reason,
                series=len({place for place, _ in group.masks}),
                masks=len(group.masks),
                lesions=group.lesions,
                rows=tuple(sorted(group.rows)),
            )
            for group in self._groups.values()
        ]
        return tuple(sorted(found, key=lambda each: (-each.masks, each.rows)))
