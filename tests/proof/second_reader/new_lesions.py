"""New lesions (Eisenhauer 2009, 4.3.5)."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from .branches import note

if TYPE_CHECKING:
    from .findings import Finding
    from .timepoints import Timepoint

UNEQUIVOCAL_NODE_MM = Fraction(15)
ENLARGED_NODE_MM = Fraction(10)
WORDS = {"unequivocal": "unequivocal", "unequivocal_pd": "unequivocal", "equivocal": "equivocal"}
ORDER = ("no", "equivocal", "unequivocal")


def kind_of(row: Finding, options: dict[str, object]) -> str:
    """Give what one new lesion is now: the reader's word, or for a node without a word its size."""
    if row.state in WORDS:
        note("new: the reader's word")
        return WORDS[row.state]
    if row.state in {"absent", "not_evaluable", "not_done"}:
        note("new: absent")
        return "no"
    if row.nodal and row.size is not None:
        if row.size >= UNEQUIVOCAL_NODE_MM:
            note("new: node of 15 mm")
            return "unequivocal"
        if row.size >= ENLARGED_NODE_MM:
            note("new: node of 10 to 15 mm")
            return "unequivocal" if options["new_node"] == "pd" else "equivocal"
        note("new: normal node")
        return "no"
    note("new: measured")
    return "unequivocal"


def see_new_lesions(points: list[Timepoint], options: dict[str, object]) -> list[dict[str, str]]:
    """Give for each follow-up what was seen that day."""
    seen: list[dict[str, str]] = []
    for point in points[1:]:
        now: dict[str, str] = {}
        for row in point.of_role("new"):
            kind = kind_of(row, options)
            now[row.lesion] = max(kind, now.get(row.lesion, "no"), key=ORDER.index)
        seen.append(now)
    return seen


def date_back(seen: list[dict[str, str]], counts: list[set[str]]) -> list[dict[str, str]]:
    """Give what each lesion was in the end, proven by a row that counts.

    An equivocal lesion that a later visit proves was new from the day it was first seen; gone in between, it begins
    anew.
    """
    final = [dict(now) for now in seen]
    for name in {name for now in seen for name in now}:
        proven = False
        for number in reversed(range(len(seen))):
            kind = seen[number].get(name, "")
            if kind == "unequivocal":
                note("new: proof") if name in counts[number] else note("new: no proof after death or cut-off")
                proven = proven or name in counts[number]
            elif kind == "no":
                proven = False
            elif kind == "equivocal" and proven:
                note("new: proven later, dated back")
                final[number][name] = "unequivocal"
    return final


def worst_kinds(seen: list[dict[str, str]]) -> list[str]:
    """Give the most certain of each visit."""
    return [max(now.values(), key=ORDER.index, default="no") for now in seen]
