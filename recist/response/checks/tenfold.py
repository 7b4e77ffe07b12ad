"""Sizes of targets about ten times as large or as small as those before and after: a slip between mm and cm."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from recist.criteria import LesionRole
from recist.criteria.plausible import LEAST_TENFOLD, MOST_TENFOLD
from recist.response.arrays import least_by
from recist.response.history import LAST_DAY, number_of
from recist.response.words import ranked

if TYPE_CHECKING:
    from collections.abc import Iterator

    from recist.problems import Problem
    from recist.response.arrays import Bools, Ints
    from recist.response.checks.report import Report

_MESSAGE = "lesion {lesion} is about ten times as {what} as at the visits before and after; is this size in mm?"


def check_tenfold(report: Report) -> Iterator[Problem]:
    """Find sizes that are a tenth or the tenfold of the one before and of the one after."""
    at = _suspects(report)
    rows = report.history.rows
    at = at[np.lexsort((rows.visit[at], rows.lesion[at]))]
    size, lesion = rows.size[at], rows.lesion[at]
    is_between = np.zeros(len(at), dtype=bool)
    is_between[1:-1] = (lesion[1:-1] == lesion[:-2]) & (lesion[1:-1] == lesion[2:])
    before, after = np.roll(size, 1), np.roll(size, -1)
    found = (
        ("small", _is_tenfold(before, size) & _is_tenfold(after, size)),
        ("large", _is_tenfold(size, before) & _is_tenfold(size, after)),
    )
    for what, holds in found:
        yield from report.problems(
            np.sort(at[holds & is_between]),
            "tenfold_size",
            field="diameter_mm",
            message=_MESSAGE.replace("{what}", what),
            expected="a size in mm",
        )


def _suspects(report: Report) -> Ints:
    """Find the sized rows, in one part, of the targets whose sizes differ tenfold at all."""
    rows = report.history.rows
    n_lesions = len(report.history.lesions.role)
    code, parts = ranked(report.frame["part"], empty="")
    is_sized = (rows.role == number_of(LesionRole.TARGET)) & (rows.size > 0) & (parts == "")[code]
    least = least_by(rows.lesion, is_sized, rows.size, n_lesions, otherwise=LAST_DAY)
    most = -least_by(rows.lesion, is_sized, -rows.size, n_lesions, otherwise=0)
    return np.flatnonzero(is_sized & (most >= LEAST_TENFOLD.whole * least)[rows.lesion])


def _is_tenfold(large: Ints, small: Ints) -> Bools:
    tenfold: Bools = (large >= LEAST_TENFOLD.whole * small) & (large <= MOST_TENFOLD.whole * small)
    return tenfold
