"""New lesions under iRECIST: which are measured as new targets, and what each visit shows of them (Seymour 2017)."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

from .branches import note
from .new_lesions import ENLARGED_NODE_MM, UNEQUIVOCAL_NODE_MM

if TYPE_CHECKING:
    from .findings import Finding
    from .timepoints import Timepoint

MEASURABLE_MM = Fraction(10)
MOST_NEW_TARGETS = 5
MOST_IN_AN_ORGAN = 2
GONE = {"absent"}
BY_SIZE = {"", "measured", "increased"}  # no word on certainty: a node is judged by its size


@dataclass(frozen=True, kw_only=True)
class NewNow:
    """What one visit shows of one new lesion."""

    there: bool
    looked_at: bool
    certain: bool
    size: Fraction | None
    larger: bool  # the reader says so
    progressed: bool


def least_measurable(row: Finding, options: dict[str, object]) -> Fraction:
    """Give the least size of a measurable lesion, by the thickness of the slices."""
    least = UNEQUIVOCAL_NODE_MM if row.nodal else MEASURABLE_MM
    if row.thickness is None or (row.nodal and options["node_slice_rule"] == "off"):
        return least
    return max(least, 2 * row.thickness) if row.thickness > Fraction(5) else least


def organ_of(row: Finding, options: dict[str, object]) -> str:
    """Give the organ; all nodes are one unless their sites are told apart."""
    return "lymph node" if row.nodal and options["node_organs"] == "one" else row.site


def new_targets(points: list[Timepoint], certain: list[dict[str, str]], options: dict[str, object]) -> set[str]:
    """Choose the new lesions that are measured: when first certain, earliest first, the largest of one visit."""
    chosen: set[str] = set()
    judged: set[str] = set()
    organs: Counter[str] = Counter()
    for point, kinds in zip(points, certain, strict=True):
        rows = [row for row in point.of_role("new") if kinds.get(row.lesion) == "unequivocal"]
        first = [row for row in rows if row.lesion not in judged]
        judged |= {row.lesion for row in first}
        measurable = [
            row for row in first if row.unrounded is not None and row.unrounded >= least_measurable(row, options)
        ]
        for row in sorted(measurable, key=lambda row: -(row.unrounded or 0)):
            organ = organ_of(row, options)
            if len(chosen) >= MOST_NEW_TARGETS or organs[organ] >= MOST_IN_AN_ORGAN:
                note("new targets: too many")
                continue
            organs[organ] += 1
            chosen.add(row.lesion)
    return chosen


def seen_now(point: Timepoint, kinds: dict[str, str]) -> dict[str, NewNow]:
    """Give what one visit shows of each new lesion."""
    now = {}
    for row in point.of_role("new"):
        small_node = row.nodal and row.state in BY_SIZE and row.size is not None and row.size < ENLARGED_NODE_MM
        there = row.state not in GONE and not small_node
        now[row.lesion] = NewNow(
            there=there,
            looked_at=True,
            certain=kinds.get(row.lesion) == "unequivocal",
            size=row.size if there else Fraction(0),
            larger=row.state == "increased",
            progressed=row.state == "unequivocal_pd",
        )
    return now
