"""Where the follow-up of each series ends: by an event, or by the first rule that censors it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from recist.criteria import OverallResponse
from recist.criteria.censoring import Outcome, Situation, end_of
from recist.response.arrays import NOWHERE, take
from recist.response.choices import ClinicalProgression, EarlyDeath, NewTherapyEvent
from recist.response.eligibility import new_therapy_day
from recist.response.encode import LAST_DAY
from recist.response.history import number_of
from recist.response.kernel.last_visit import fill_last_visits
from recist.response.schedule import longest_gap
from recist.response.standing import have_assessment

if TYPE_CHECKING:
    from collections.abc import Sequence

    from recist.response.arrays import Bools, Ints
    from recist.response.best import Best
    from recist.response.course import ResponseCourse
    from recist.response.options import Options
    from recist.response.subjects import SubjectDates


class Ends(NamedTuple):
    """The last day of each series, whether by an event, and the number of its Situation; shape (n_series,) each."""

    day: Ints
    is_event: Bools
    reason: Ints


class _Forced(NamedTuple):
    """A rule that censors: which series, and on which day."""

    situation: Situation
    holds: Bools
    day: Ints


@dataclass(frozen=True, kw_only=True, eq=False)
class FollowUp:
    """What is known of each series besides its events."""

    course: ResponseCourse
    best: Best
    dates: SubjectDates
    options: Options
    has_baseline: Bools

    @cached_property
    def death(self) -> Ints:
        """Give the day of death up to the cut-off, else LAST_DAY."""
        return self._until_cutoff(self.dates.death)

    @cached_property
    def clinical(self) -> Ints:
        """Give the day of a clinical deterioration, not before the start and up to death and cut-off."""
        day = np.where(self.dates.clinical < self.dates.day_zero, LAST_DAY, self.dates.clinical)
        return np.where(day <= self.death, self._until_cutoff(day), LAST_DAY)

    @cached_property
    def new_therapy(self) -> Ints:
        """Give the day of new therapy up to the cut-off, else LAST_DAY."""
        return self._until_cutoff(new_therapy_day(self.dates))

    @cached_property
    def adequate(self) -> Bools:
        """Say which visits are adequate assessments without progression; shape (n_visits,)."""
        first_pd, course = self.best.first_pd[self.course.courses.course], self.course
        on_its_day = (first_pd != NOWHERE) & (course.day == course.day[first_pd])  # of one date the worse counts
        adequate: Bools = self.best.is_adequate & ~course.is_any_of({OverallResponse.PD}) & ~on_its_day
        return adequate

    @cached_property
    def has_scan(self) -> Bools:
        """Say which series have any such visit."""
        return self._have_any(self.adequate)

    @cached_property
    def is_assessed(self) -> Bools:
        """Say which series have any adequate assessment, one of progression among them."""
        return self._have_any(self.best.is_adequate)

    def last_adequate(self, day: Ints) -> Ints:
        """Give the day of the last adequate assessment on a day of each series or before, else its start."""
        last = np.empty(len(day), dtype=np.int64)
        visits = self.course.day.astype(np.int64, copy=False), self.adequate
        fill_last_visits(self.course.courses.start, visits, day, last)
        return np.where(last == NOWHERE, self.dates.start, take(self.course.day, last, otherwise=0))

    def censors(self, situation: Situation) -> bool:
        """Say whether the rules in force censor in a situation."""
        return end_of(situation, self.options.censoring).outcome is not Outcome.IGNORED

    def _have_any(self, visits: Bools) -> Bools:
        found = np.zeros(self.course.courses.n_courses, dtype=bool)
        found[self.course.courses.course[visits]] = True
        return found

    def _until_cutoff(self, day: Ints) -> Ints:
        return np.where(day <= self.dates.cutoff, day, LAST_DAY)


def find_ends(follow_up: FollowUp, events: Sequence[tuple[Situation, Ints]]) -> Ends:
    """End each series by the first of its events, unless a rule censors it before; of several the earliest does.

    Parameters
    ----------
    follow_up : FollowUp
    events : sequence of (Situation, numpy.ndarray)
        What counts as an event, and its day in each series, LAST_DAY without one; on one day the first named counts.
    """
    events = [(event, np.where(_can_happen(follow_up, event), days, LAST_DAY)) for event, days in events]
    day = np.minimum.reduce([days for _, days in events])
    is_event = day < LAST_DAY
    has_scan = follow_up.has_scan
    forced = _forced(follow_up, events, day)
    censored = np.minimum.reduce([np.where(rule.holds, rule.day, LAST_DAY) for rule in forced])
    is_censored = censored < LAST_DAY
    is_dead = (follow_up.death < LAST_DAY) & has_scan  # where death is no event it says why there was no more
    natural = [(is_event & (days == day), event) for event, days in events]
    natural += [(is_dead, Situation.DEATH), (has_scan, Situation.NO_PROGRESSION)]
    reasons = [(rule.holds & (rule.day == censored), rule.situation) for rule in forced] + natural
    unseen = np.where(
        have_assessment(follow_up.course, follow_up.dates),
        number_of(Situation.NO_ADEQUATE_ASSESSMENT),
        number_of(Situation.NO_ASSESSMENT),
    )
    found = np.select([holds for holds, _ in reasons], [number_of(situation) for _, situation in reasons], NOWHERE)
    return Ends(
        day=np.where(is_censored, censored, np.where(is_event, day, follow_up.last_adequate(day))),
        is_event=is_event & ~is_censored,
        reason=np.where(np.isin(found, [NOWHERE, number_of(Situation.NO_ASSESSMENT)]), unseen, found),
    )


def _can_happen(follow_up: FollowUp, event: Situation) -> Bools:
    """Say where an event can be told: without a baseline only death can."""
    can: Bools = follow_up.has_baseline | (event is Situation.DEATH)
    return can


def _forced(follow_up: FollowUp, events: Sequence[tuple[Situation, Ints]], day: Ints) -> list[_Forced]:
    """List the rules and where they censor; of two on one day the one listed first gives the reason."""
    options, start = follow_up.options, follow_up.dates.start
    therapy, clinical = follow_up.new_therapy, follow_up.clinical
    takes_day = options.new_therapy_event_day is NewTherapyEvent.CENSOR
    begins = (therapy <= day if takes_day else therapy < day) & (therapy < LAST_DAY)
    stops = (clinical < day) & (options.clinical_progression is ClinicalProgression.CENSOR)
    last = follow_up.last_adequate(day)
    is_gap = (day < LAST_DAY) & (day - last > longest_gap(last - start, options))
    is_unseen = (day < LAST_DAY) & ~follow_up.is_assessed & (follow_up.death == day)
    is_late_death, is_early_death = is_unseen & is_gap, is_unseen & (options.early_death is EarlyDeath.CENSOR)
    rules = (
        (Situation.NO_BASELINE, Situation.NO_BASELINE, _lacks_baseline(follow_up, events), start),
        (Situation.NEW_THERAPY, Situation.NEW_THERAPY, begins, follow_up.last_adequate(therapy)),
        (Situation.CLINICAL_PROGRESSION, Situation.CLINICAL_PROGRESSION, stops, follow_up.last_adequate(clinical)),
        (Situation.NO_ASSESSMENT, Situation.NO_ASSESSMENT, is_early_death, start),
        (Situation.MISSED_VISITS, Situation.NO_ASSESSMENT, is_late_death, start),
        (Situation.MISSED_VISITS, Situation.MISSED_VISITS, is_gap, last),
    )
    return [_Forced(reason, holds & follow_up.censors(situation), where) for situation, reason, holds, where in rules]


def _lacks_baseline(follow_up: FollowUp, events: Sequence[tuple[Situation, Ints]]) -> Bools:
    """Find the series without a baseline, but not those that the rules in force let end with death."""
    outcome = end_of(Situation.NO_BASELINE, follow_up.options.censoring).outcome
    counts = outcome is Outcome.CENSORED_UNLESS_DEATH and any(event is Situation.DEATH for event, _ in events)
    lacks: Bools = ~follow_up.has_baseline & ~(counts & (follow_up.death < LAST_DAY))
    return lacks
