"""Attenuation of the target lesions (Choi 2007; Nathan 2010 for the modified criteria)."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

from .branches import note

if TYPE_CHECKING:
    from .findings import Finding

LEAST_DECREASE_PERCENT = Fraction(15)
CHOI = {"choi", "modified-choi"}


@dataclass(frozen=True, kw_only=True)
class Attenuation:
    """Mean attenuation of the same lesions at baseline and now; None where not known."""

    before: Fraction | None = None
    now: Fraction | None = None
    decides: bool = True  # a mean that is not above 0 HU cannot decrease

    @property
    def has_decreased(self) -> bool | None:
        """Tell whether it decreased by 15 %; None where not known."""
        if not self.decides:
            return False
        if self.before is None or self.now is None:
            return None
        return 100 * (self.before - self.now) >= LEAST_DECREASE_PERCENT * self.before


def average(values: list[Fraction]) -> Fraction:
    """Give the mean."""
    return sum(values, Fraction(0)) / len(values)


def is_left_out(row: Finding) -> bool:
    """Tell whether a lesion, or a part of it, is gone, or too small to have an attenuation."""
    return row.mean_hu is None and (row.size == 0 or row.state == "too_small")


def of_lesions(rows: list[Finding]) -> tuple[dict[str, Fraction], set[str]]:
    """Give the attenuation of each lesion, and those that need none: parts are averaged, a mass speaks for all."""
    known: dict[str, Fraction] = {}
    left_out: set[str] = set()
    for lesion in dict.fromkeys(row.lesion for row in rows):
        parts = [row for row in rows if row.lesion == lesion]
        members = {lesion, *(name for row in parts for name in row.covers)}
        given = [row.mean_hu for row in parts if row.mean_hu is not None]
        if given:
            known |= dict.fromkeys(members, average(given))
        elif all(is_left_out(row) for row in parts):
            note("attenuation: nothing there to have one")
            left_out |= members
    return known, left_out


def compare_attenuation(first: list[Finding], now: list[Finding]) -> Attenuation:
    """Compare the mean over the targets with that of the same targets at baseline."""
    at_baseline, _ = of_lesions([row for row in first if row.mean_hu is not None])
    today, left_out = of_lesions(now)
    counted = [name for name in at_baseline if name not in left_out]
    if at_baseline and average(list(at_baseline.values())) <= 0:
        note("attenuation: baseline mean not above 0")
        return Attenuation(decides=False)
    if not counted:
        note("attenuation: no lesion to compare")
        return Attenuation()
    before = average([at_baseline[name] for name in counted])
    if before <= 0:
        note("attenuation: mean of what is left not above 0 at baseline")
        return Attenuation(before=before, decides=False)
    if any(name not in today for name in counted):
        note("attenuation: not known")
        return Attenuation(before=before)
    return Attenuation(before=before, now=average([today[name] for name in counted]))


def response_with_attenuation(change: Attenuation, *, grew: bool, shrunk: bool, both: bool, missing: object) -> str:
    """Give the response where size or attenuation decide; `both` are needed for PR by the modified criteria."""
    if not change.decides:
        note("attenuation: cannot fall, size decides")
        return "PD" if grew else "PR" if shrunk else "SD"
    answers = {
        by_choi(grew=grew, shrunk=shrunk, paler=paler, both=both)
        for paler in ([False, True] if change.has_decreased is None else [change.has_decreased])
    }
    if len(answers) == 1:
        note("attenuation: known, or decides nothing")
        return answers.pop()
    if missing == "size_only":
        note("attenuation: not known, size decides")
        return "PD" if grew else "PR" if shrunk else "SD"
    note("attenuation: not known and would decide")
    return "NE"


def by_choi(*, grew: bool, shrunk: bool, paler: bool, both: bool) -> str:
    """Apply the definitions: PD by size unless the attenuation fell, PR by size or attenuation, or by both."""
    if grew and not paler:
        note("choi: PD")
        return "PD"
    if (shrunk and paler) if both else (shrunk or paler):
        note("choi: PR")
        return "PR"
    note("choi: SD")
    return "SD"
