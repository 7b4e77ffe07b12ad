"""A second treatment against survival: the naive comparison and why it is false, landmarks, and start-stop rows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from recist.errors import RecistError
from survival.compare import compare_from_index, compare_from_landmark, hazard_record, make_sides
from survival.cox import cox
from survival.endpoints import derive_endpoint
from survival.log_rank import log_rank
from survival.settings.canonical import primary_endpoint

if TYPE_CHECKING:
    import pandas as pd

    from survival.compare import Comparison
    from survival.options import ReportOptions

MULTIPLE, SINGLE = "Two or more treatments", "One treatment"
BY_THEN, NOT_BY_THEN = "Second treatment by then", "None by then"
IMMORTAL_TIME = (
    "Immortal time: whoever receives a second treatment has to live until then, so the group “ever treated twice” "
    "cannot have early deaths, and the naive comparison credits the treatment with the time survived before it. "
    "It would show a gain even if the second treatment did nothing. Only comparisons that count patients as treated "
    "twice from the day of the second treatment on (landmarks, start-stop rows) can say what it does."
)

IMMORTAL_TIME_BRIEFLY = (
    "Multiple treatments: whoever is treated again had to live until then (immortal time), so the naive gain of this "
    "row is there even if the second treatment does nothing; believe the landmarks and the start-stop rows."
)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Retreatment:
    """Survival by second treatment, in the three forms.

    Attributes
    ----------
    naive : Comparison
        Ever more than once against once, from the index date: false by design.
    landmarks : dict of int to Comparison
        By day; status as it was on that day.
    start_stop : dict or None
        ``hazard_ratio, hazard_ratio_lower, hazard_ratio_upper, hazard_ratio_p_value, hazard_ratio_method`` of time
        after a second treatment against time before it, ``mantel_byar_p_value``, ``n, events`` and
        ``n_after_second_treatment, events_after_second_treatment``.
    """

    naive: Comparison
    landmarks: dict[int, Comparison]
    start_stop: dict[str, Any] | None


def can_compare_retreatment(frame: pd.DataFrame) -> bool:
    """Tell whether second treatments are known, with anybody treated once and anybody twice."""
    if "second_treatment_days" not in frame:
        return False
    again = frame["second_treatment_days"].notna()
    return bool(again.any() and not again.all())


def compare_retreatment(frame: pd.DataFrame, spans: pd.DataFrame | None, options: ReportOptions) -> Retreatment:
    """Compare overall survival by second treatment in every form."""
    data = derive_endpoint(frame, primary_endpoint(options))
    second = data.rows["second_treatment_days"].to_numpy(dtype="float64")
    at_start = np.zeros(len(second))
    ever = np.isnan(second).astype("float64")
    naive = make_sides(data.days, data.event, ever, at_start, good_name=MULTIPLE, bad_name=SINGLE)
    landmarks = {}
    for day in options.retreatment_landmarks_days:
        later = (~(second <= day)).astype("float64")
        sides = make_sides(data.days, data.event, later, at_start, good_name=BY_THEN, bad_name=NOT_BY_THEN)
        landmarks[day] = compare_from_landmark(sides, day, options)
    return Retreatment(
        naive=compare_from_index(naive, options),
        landmarks=landmarks,
        start_stop=None if spans is None else compare_start_stop(spans, options.confidence),
    )


def compare_start_stop(spans: pd.DataFrame, confidence: float) -> dict[str, Any] | None:
    """Compare the time after a second treatment with the time before it; None where that cannot be estimated."""
    try:
        fit = cox(
            spans["stop_days"],
            spans["event"],
            spans[["second_treatment"]],
            start=spans["start_days"],
            confidence=confidence,
        )
        test = log_rank(spans["stop_days"], spans["event"], spans["second_treatment"], start=spans["start_days"])
    except RecistError:
        return None
    after = spans["second_treatment"].eq(1)
    return {
        "n": int(spans["subject"].nunique()),
        "events": int(spans["event"].sum()),
        "n_after_second_treatment": int(spans.loc[after, "subject"].nunique()),
        "events_after_second_treatment": int(spans.loc[after, "event"].sum()),
        **hazard_record(fit),
        "mantel_byar_p_value": test.p_value,
    }
