"""A second treatment against survival: the naive comparison and why it is false, landmarks, and start-stop rows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from recist.errors import RecistError
from survival.compare import BAD, DAYS, EVENT, compare_from_index, compare_from_landmark, hazard_record, make_sides
from survival.cox import cox
from survival.endpoints import derive_endpoint
from survival.mantel_byar import compare_states
from survival.proportional_hazards import proportional_hazards
from survival.settings.canonical import primary_endpoint
from survival.switch import derive_stays, require_switch

if TYPE_CHECKING:
    from survival.compare import Comparison, Sides
    from survival.options import ReportOptions

HALF_A_DAY = 0.5
"""A row that ends on the day it starts lasts this long."""
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
        ``n_after_second_treatment, events_after_second_treatment``, with the events expected there.
    naive_drift_p: float
        p of the test of proportional hazards of the naive split, NaN where it cannot be made.
    """

    naive: Comparison
    landmarks: dict[int, Comparison]
    start_stop: dict[str, Any] | None
    naive_drift_p: float = np.nan


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
        naive_drift_p=_drift(naive),
        naive=compare_from_index(naive, options),
        landmarks=landmarks,
        start_stop=None if spans is None else compare_start_stop(spans, options.confidence),
    )


def _drift(naive: Sides) -> float:
    """Test the naive split for hazards that drift apart: immortal time makes them do so."""
    rows = naive.rows[naive.rows[DAYS] > 0]
    try:
        table = proportional_hazards(cox(rows[DAYS], rows[EVENT], rows[[BAD]]))
    except RecistError:
        return float("nan")
    return float(table["p_value"].iloc[0])


def derive_spans(frame: pd.DataFrame, options: ReportOptions) -> pd.DataFrame | None:
    """Split each subject's time at the second treatment, as `spans.csv` does; None where nobody switches in time."""
    data = derive_endpoint(frame, primary_endpoint(options))
    second = data.rows["second_treatment_days"].to_numpy(dtype="float64")
    try:
        rows = require_switch(data.days, data.event, second)
    except RecistError:
        return None
    start = np.maximum(rows.times.start, 0.0)
    return pd.DataFrame(
        {
            "subject": data.rows["subject"].to_numpy()[rows.person],
            "start_days": start,
            "stop_days": np.maximum(rows.times.stop, start + (rows.times.stop <= start) * HALF_A_DAY),
            "event": rows.times.event.astype("float64"),
            "second_treatment": rows.states.codes.astype("float64"),
        }
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
        test = compare_states(derive_stays(spans))
    except RecistError:
        return None
    after = spans["second_treatment"].eq(1)
    return {
        "n": int(spans["subject"].nunique()),
        "events": int(spans["event"].sum()),
        "n_after_second_treatment": int(spans.loc[after, "subject"].nunique()),
        "events_after_second_treatment": int(spans.loc[after, "event"].sum()),
        "observed_after_second_treatment": float(test.table["observed"].iloc[-1]),
        "expected_after_second_treatment": float(test.table["expected"].iloc[-1]),
        **hazard_record(fit),
        "mantel_byar_p_value": test.p_value,
    }
