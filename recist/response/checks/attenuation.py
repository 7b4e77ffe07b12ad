"""Checks of the attenuation of target lesions, where the criteria look at it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from recist.problems import Problem, Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from recist.response.history import History
    from recist.response.overall import OverallCourse
    from recist.response.standing import Standing

_NOT_USABLE = (
    "the mean attenuation of the targets at baseline is not above 0 HU, so that a decrease has no meaning; "
    "responses rest on size alone"
)
_WITHOUT = "target lesions have no attenuation at baseline and do not count for it; fill in mean_hu or leave them out"
_NOT_KNOWN = (
    "the attenuation of the targets is not known at this time point: mean_hu of a lesion that is still there, or its "
    "baseline, is missing"
)


def check_attenuation(file: str, history: History, overall: OverallCourse, standing: Standing) -> Iterator[Problem]:
    """Find baselines that cannot be compared with, lesions without a value, and visits where it is not known."""
    attenuation, baseline = overall.target.attenuation, history.visits.baseline
    expected = standing.counts & ~standing.is_after_progression
    has_value = attenuation.n_lesions[baseline] > 0
    findings = (
        ("attenuation_not_usable", _NOT_USABLE, baseline[has_value & ~attenuation.is_usable[baseline]]),
        ("attenuation_not_given", _WITHOUT, baseline[attenuation.n_without[baseline] > 0]),
        ("attenuation_not_known", _NOT_KNOWN, np.flatnonzero(expected & overall.target.is_attenuation_missing)),
    )
    for code, message, visits in findings:
        for visit in visits:
            yield Problem(
                file=file,
                subject=str(history.subject[history.courses.course[visit]]),
                field="mean_hu",
                severity=Severity.WARNING,
                code=code,
                found=str(history.visits.label[visit]),
                message=message,
            )
