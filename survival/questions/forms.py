"""The forms of a comparison: from the index date, from a landmark, from the own day, with start-stop rows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from recist.errors import UsageError
from survival.compare import (
    BAD,
    DAYS,
    EVENT,
    compare_from_index,
    compare_from_landmark,
    compare_own_clock,
    make_sides,
)
from survival.endpoints import PROGRESSION_FREE_SURVIVAL
from survival.questions.compared import ComparedSurvival, Form
from survival.questions.history import PLACE, SMALLEST_SPAN_DAYS, cut_spans, enter_rows
from survival.questions.knowledge import Knowledge
from survival.questions.refusal import refuse_circular
from survival.questions.switch import switches_on
from survival.reporting.second_treatment import again_against_once
from survival.responses import IMAGING
from survival.retreatment import compare_start_stop
from survival.words.wording import DAYS_PER_MONTH

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

    from survival.compare import Sides
    from survival.options import ReportOptions
    from survival.questions.condition import Condition
    from survival.questions.survival_time import SurvivalTime

PROGRESSED = "PD"
SWITCH = "second_treatment"
"""Column of start-stop rows that is 1 after the switch."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Asked:
    """A comparison before it is made."""

    time: SurvivalTime
    by: Condition
    options: ReportOptions

    @property
    def is_circular(self) -> bool:
        """Whether the condition holds the event of the time: progression on imaging."""
        return self.by.domain == IMAGING.key and self.time.endpoint is PROGRESSION_FREE_SURVIVAL

    def sides(self, yes: NDArray[np.float64], known_days: NDArray[np.float64]) -> Sides:
        """Lay out the two sides of those who have the time."""
        time, known = self.time, self.time.is_known
        return make_sides(
            time.days[known],
            time.event[known],
            1 - yes[known],
            known_days[known],
            good_name=self.by.yes_name,
            bad_name=self.by.no_name,
        )

    def unknown(self, yes: NDArray[np.float64]) -> tuple[tuple[str, int], ...]:
        """Count who has no time, and who has one but of whom it is not known."""
        of = np.flatnonzero(self.time.is_known & np.isnan(yes))
        return (*self.time.left_out, *sorted(self.by.why_unknown(of).items()))

    def own_days(self) -> NDArray[np.float64]:
        """Give the day from the first treatment on which each subject's side was known."""
        assert self.by.history is not None
        return self.by.history.first_days()

    def compared(
        self, form: Form, words: str, found: dict[str, Any], rows: pd.DataFrame, **more: Any
    ) -> ComparedSurvival:
        """Put a comparison into words; the hazard ratio is turned round unless the other side is the good one."""
        by = self.by
        is_turned = form is not Form.START_STOP and by.is_good is not True
        return ComparedSurvival(
            name=by.name,
            endpoint_name=self.time.endpoint.name,
            yes_name=by.yes_name,
            no_name=by.no_name,
            form=form,
            form_words=words,
            numbers=found | again_against_once(found) if is_turned else found,
            rows=rows,
            hazard_of=by.no_name if by.is_good is True else by.yes_name,
            confidence=self.time.confidence,
            **more,
        )


def compare_from_start(asked: Asked) -> ComparedSurvival:
    """Compare by what was known on the index date; from the diagnosis, with entry at the first treatment."""
    yes, time = asked.by.holds, asked.time
    origin = time.origin_name
    sides = asked.sides(yes, time.start_days)
    if not time.has_delayed_entry:
        found = compare_from_index(sides, asked.options)
        rows = _rows(found.sides)
        words = f"from {origin}"
        return asked.compared(
            Form.FROM_INDEX,
            words,
            found.numbers,
            rows,
            clock=origin,
            left_out=asked.unknown(yes),
        )
    return _own(asked, sides, yes, f"from {origin}, entering at the first treatment", "the first treatment")


def compare_as_published(asked: Asked) -> ComparedSurvival:
    """Compare from the index date by what was known only later, with the defensible forms beside it."""
    yes = asked.by.final(asked.time.until_days)
    found = compare_from_index(asked.sides(yes, np.zeros(len(yes))), asked.options)
    beside, notes = _defensible(asked)
    return asked.compared(
        Form.AS_PUBLISHED,
        "from the index date",
        found.numbers,
        _rows(found.sides),
        clock=asked.time.origin_name,
        left_out=asked.unknown(yes),
        beside=beside,
        notes=notes,
    )


def _defensible(asked: Asked) -> tuple[tuple[ComparedSurvival, ...], tuple[str, ...]]:
    by, options = asked.by, asked.options
    if by.history is None:
        return (), (f"No defensible form: the cohort does not tell from which day {by.code} was known.",)
    if by.knowledge is Knowledge.OWN_DAY:
        return (compare_at_landmark(asked, options.landmark_days), compare_own_followup(asked)), ()
    switch = by if by.knowledge is Knowledge.CHANGES else switches_on(by)
    landmark = compare_at_landmark(asked, options.retreatment_landmarks_days[0])
    try:
        return (landmark, compare_changing(Asked(time=asked.time, by=switch, options=options))), ()
    except UsageError as fault:
        return (landmark,), (f"No start-stop form: {fault}",)


def compare_at_landmark(asked: Asked, at_days: int) -> ComparedSurvival:
    """Compare those under observation after a landmark by what was known on or before it; the clock restarts."""
    by, time = asked.by, asked.time
    yes, known_days = _by_then(asked, at_days)
    reasons: list[tuple[str, int]] = []
    if asked.is_circular:
        gone = _progressed(time, at_days)
        reasons.append((f"progressed by day {at_days}", int((gone & time.is_known & ~np.isnan(yes)).sum())))
        left = np.where(gone, np.nan, yes)
    else:
        left = yes
    found = compare_from_landmark(asked.sides(left, known_days), at_days, asked.options)
    if asked.is_circular and not found.is_possible:
        raise refuse_circular(time.code, by.code)
    numbers = found.numbers
    reasons += [
        (f"no longer under observation after day {at_days}", numbers["n_ended"]),
        (f"assessed only after day {at_days}", numbers["n_assessed_later"]),
    ]
    months = at_days / DAYS_PER_MONTH
    words = f"landmark {months:.0f} months" if abs(months - round(months)) < 0.05 else f"landmark {months:.1f} months"
    return asked.compared(
        Form.LANDMARK,
        f"{words} (day {at_days})",
        numbers,
        _rows(found.sides),
        clock=f"the landmark, day {at_days}",
        left_out=(*asked.unknown(yes), *reasons),
    )


def _by_then(asked: Asked, at_days: int) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Give what holds at the landmark and the day it was known; what is assessed once keeps its own day."""
    by = asked.by
    at_start = np.zeros(len(by.holds))
    if by.history is None:
        return by.holds, at_start
    if by.knowledge is Knowledge.OWN_DAY:
        return by.final(asked.time.until_days), asked.own_days()
    return by.history.at(at_days).to_numpy(dtype="float64"), at_start


def _progressed(time: SurvivalTime, at_days: int) -> NDArray[np.bool_]:
    frame = time.cohort.frame
    is_progressed = frame[IMAGING.response_column].eq(PROGRESSED) & (frame[IMAGING.days_column] <= at_days)
    return np.asarray(is_progressed | ((time.event == 1) & (time.days <= at_days)), dtype=bool)


def compare_own_followup(asked: Asked) -> ComparedSurvival:
    """Compare with each subject entering on the day the own side was known (delayed entry)."""
    yes = asked.by.final(asked.time.until_days)
    sides = asked.sides(yes, asked.own_days() + asked.time.start_days)
    words = "from the own follow-up (delayed entry; medians from that day)"
    return _own(asked, sides, yes, words, "the own follow-up")


def _own(asked: Asked, sides: Sides, yes: NDArray[np.float64], words: str, clock: str) -> ComparedSurvival:
    found = compare_own_clock(sides, asked.options)
    lost = len(sides.rows) - len(found.sides.rows)
    return asked.compared(
        Form.OWN_ENTRY,
        words,
        found.numbers,
        _rows(found.sides),
        clock=clock,
        left_out=(*asked.unknown(yes), (f"left by the day of {clock}", lost)),
    )


def compare_changing(asked: Asked) -> ComparedSurvival:
    """Compare the time after a switch with the time before it, by start-stop rows."""
    time, by = asked.time, asked.by
    assert by.history is not None
    begin = np.maximum(by.history.first_days(), 0)
    known = time.is_known & ~np.isnan(by.holds)
    kept = np.flatnonzero(known & (begin < np.where(time.days == 0, SMALLEST_SPAN_DAYS, time.days)))
    spans = cut_spans(time.days[kept], time.event[kept], by.history.first_true_days()[kept])
    spans = enter_rows(spans, begin[kept])
    rows = spans.assign(subject=by.subjects[kept][spans[PLACE]]).rename(columns={"switched": SWITCH})
    found = compare_start_stop(rows, time.confidence)
    if found is None:
        raise UsageError(f"{by.code}: no event, or nobody at risk on both sides of the switch at one time.")
    after, events = found["n_after_second_treatment"], found["events_after_second_treatment"]
    numbers = found | {
        "good_n": after,
        "bad_n": found["n"] - after,
        "good_events": events,
        "bad_events": found["events"] - events,
    }
    return asked.compared(
        Form.START_STOP,
        "start-stop rows",
        numbers,
        rows,
        clock=time.origin_name,
        left_out=(*asked.unknown(by.holds), ("left by the day it was first known", int(known.sum()) - len(kept))),
    )


def _rows(sides: Sides) -> pd.DataFrame:
    names = np.where(sides.rows[BAD].eq(1), sides.bad_name, sides.good_name)
    return sides.rows[[DAYS, EVENT]].assign(side=names)
