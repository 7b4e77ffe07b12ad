"""Checks of sizes and dates that can hardly be true; they warn and change nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from recist.criteria import Finding, LesionRole
from recist.criteria.plausible import LARGEST_DIAMETER
from recist.response.history import number_of
from recist.response.quantise import NO_SIZE, PICOMETRES_PER_MM

if TYPE_CHECKING:
    import datetime
    from collections.abc import Iterator

    from recist.criteria import Criteria
    from recist.problems import Problem
    from recist.response.arrays import Bools
    from recist.response.checks.report import Report

SIZES = ("diameter_mm", "long_axis_mm", "short_axis_mm")


class _Doubt(NamedTuple):
    """The rows that a warning is about."""

    code: str
    field: str
    where: Bools
    expected: str
    message: str


def check_plausible(report: Report, criteria: Criteria, today: datetime.date | None) -> Iterator[Problem]:
    """Find axes that are swapped, sizes that do not fit their state, giant sizes, and dates still to come."""
    for doubt in (*_doubt_sizes(report), *_doubt_states(report, criteria), *_doubt_dates(report, today)):
        for row in np.flatnonzero(doubt.where):
            message = f"lesion {report.lesion(row)} {doubt.message}"
            yield report.warning(row, field=doubt.field, code=doubt.code, message=message, expected=doubt.expected)


def _doubt_sizes(report: Report) -> Iterator[_Doubt]:
    long, short = (report.frame[name].to_numpy() for name in ("long_axis_mm", "short_axis_mm"))
    swapped = "has a short axis longer than its long axis; were the two columns swapped?"
    yield _Doubt("short_axis_longer", "short_axis_mm", short > long, "at most long_axis_mm", swapped)
    largest = LARGEST_DIAMETER.whole
    for name in SIZES:
        giant = report.frame[name].to_numpy() > largest
        yield _Doubt(
            "giant_size", name, giant, f"at most {largest} mm", "is larger than a body; check the number and its unit"
        )


def _doubt_states(report: Report, criteria: Criteria) -> Iterator[_Doubt]:
    rows = report.history.rows
    not_target = rows.role != number_of(LesionRole.TARGET)
    is_measured = (rows.finding == number_of(Finding.MEASURED)) | (
        not_target & (rows.finding != number_of(Finding.ABSENT)) & (rows.finding != number_of(Finding.NOT_EVALUATED))
    )
    gone = "is measured with 0 mm; use the state absent for a lesion that is gone"
    yield _Doubt("measured_with_0_mm", "state", is_measured & (rows.size_picometres == 0), "absent", gone)
    default = criteria.too_small_size.whole
    sized = (report.frame["state"] == "too_small").to_numpy(dtype=bool) & (rows.size_picometres != NO_SIZE)
    too_large = sized & (rows.size_picometres > default * PICOMETRES_PER_MM)
    unlike = f"is called too small to measure but has more than {default} mm; its size is used, correct one of them"
    yield _Doubt("too_small_with_size", "state", too_large, "measured", unlike)


def _doubt_dates(report: Report, today: datetime.date | None) -> Iterator[_Doubt]:
    if today is None:
        return
    to_come = report.history.rows.day > (today - type(today)(1970, 1, 1)).days
    yield _Doubt("future_date", "date", to_come, f"no later than {today}", "has a scan date still to come; correct it")
