"""Checks of sizes and dates that can hardly be true; they warn and change nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from recist.criteria import CountedSize, Finding, LesionRole, LesionState
from recist.criteria.plausible import LARGEST_DIAMETER
from recist.response.history import number_of
from recist.response.quantise import NO_SIZE, PICOMETRES_PER_MM, to_picometres
from recist.response.words import ranked

if TYPE_CHECKING:
    import datetime
    from collections.abc import Iterator

    from recist.criteria import Criteria
    from recist.problems import Problem
    from recist.response.arrays import Bools
    from recist.response.checks.report import Report

SIZES = ("diameter_mm", "long_axis_mm", "short_axis_mm", "enhancing_mm")


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
        message = f"lesion {{lesion}} {doubt.message}"
        at = np.flatnonzero(doubt.where)
        yield from report.problems(at, doubt.code, field=doubt.field, message=message, expected=doubt.expected)


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
    is_absent, is_unknown = (rows.finding == number_of(one) for one in (Finding.ABSENT, Finding.NOT_EVALUATED))
    not_target = (rows.role != number_of(LesionRole.TARGET)) & (rows.role != number_of(LesionRole.MARKER))
    is_measured = (rows.finding == number_of(Finding.MEASURED)) | (not_target & ~is_absent & ~is_unknown)
    gone = "is measured with 0 mm, maybe after rounding, and counts as gone; use the state absent if it is"
    is_measured &= ~((report.frame["enhancing_mm"] == 0).to_numpy() & (criteria.counted_size is CountedSize.ENHANCING))
    yield _Doubt("measured_with_0_mm", "state", is_measured & (rows.size == 0), "absent", gone)
    default_mm = criteria.too_small_size.whole
    code, states = ranked(report.frame["state"], empty="")
    is_large = (states == LesionState.TOO_SMALL)[code] & (rows.size_picometres > default_mm * PICOMETRES_PER_MM)
    slices = to_picometres(report.frame["slice_thickness_mm"].to_numpy()[is_large])
    is_scaled = np.zeros(len(is_large), dtype=bool)
    is_scaled[is_large] = (slices != NO_SIZE) & (rows.size_picometres[is_large] % np.maximum(slices, 1) == 0)
    scaled = f"is too small to measure and has a multiple of the slice thickness; the default is {default_mm} mm always"
    yield _Doubt("too_small_scaled", "diameter_mm", is_scaled, f"{default_mm}, or no size", scaled)
    unlike = f"is called too small to measure but has more than {default_mm} mm; its size is used, correct one of them"
    yield _Doubt("too_small_with_size", "state", is_large & ~is_scaled, "measured", unlike)


def _doubt_dates(report: Report, today: datetime.date | None) -> Iterator[_Doubt]:
    if today is None:
        return
    to_come = report.history.rows.day > (today - type(today)(1970, 1, 1)).days
    yield _Doubt("future_date", "date", to_come, f"no later than {today}", "has a scan date still to come; correct it")
