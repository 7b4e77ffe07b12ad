"""Checks of lesions that were treated locally during the study."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from recist.criteria import LesionState
from recist.response.checks.standing import iso
from recist.response.quantise import NO_SIZE, PICOMETRES_PER_MM
from recist.response.treatments import treated_rows
from recist.response.words import ranked

if TYPE_CHECKING:
    from collections.abc import Iterator

    from recist.problems import Problem
    from recist.response.arrays import Ints
    from recist.response.checks.report import Report

_UNEVALUATED = ("", LesionState.NOT_EVALUABLE, LesionState.NOT_DONE)
_AT_BASELINE = (
    "lesion {lesion} is called treated during the study at baseline, so it is never evaluable; "
    "a lesion that was treated before is of the kind irradiated"
)


def check_treated(report: Report) -> Iterator[Problem]:
    """Find what is said of lesions after their treatment, and treatments at baseline."""
    history, rows = report.history, report.history.rows
    named = treated_rows(report.frame)
    if not named.any():
        return
    at_baseline = np.flatnonzero(named & ~history.visits.is_follow_up[rows.visit])
    yield from report.problems(
        at_baseline, "treated_at_baseline", field="treated", message=_AT_BASELINE, expected="an empty cell"
    )
    code, states = ranked(report.frame["state"], empty="")
    says_something = ~np.isin(states, _UNEVALUATED)[code] | (rows.size_picometres != NO_SIZE)
    at = np.flatnonzero(rows.is_after_treatment & says_something)
    is_sized = rows.size_picometres[at] != NO_SIZE
    days = [iso(day) for day in history.lesions.treated_day[rows.lesion[at]]]
    for where, field in ((is_sized, "diameter_mm"), (~is_sized, "state")):
        yield from report.problems(
            at[where],
            "size_of_treated_lesion",
            field=field,
            message=[
                f"lesion {{lesion}} counts as treated from {day} on, so what was found of it then is not used"
                for day, is_here in zip(days, where, strict=True)
                if is_here
            ],
            found=_sizes_mm(report, at[where]) if field == "diameter_mm" else "",
            expected="not_evaluable without a size",
        )


def _sizes_mm(report: Report, at: Ints) -> list[str]:
    return [f"{size / PICOMETRES_PER_MM:g}" for size in report.history.rows.size_picometres[at].tolist()]
