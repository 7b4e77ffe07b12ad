"""Times to events of one reader's responses, with the censoring rules of FDA (2007) and EMA (CHMP/27994/2008)."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from .best import Dates, Read, new_therapy_that_counts
from .branches import note
from .schedule import allowed_gap_end

INADEQUATE = {"NE", "ND"}
End = tuple[datetime.date, str]


@dataclass(frozen=True, kw_only=True)
class Time:
    """Days from a start to an event or to the end of follow-up."""

    days: int | None
    event: bool | None
    reason: str
    date: datetime.date | None


NOT_DEFINED = Time(days=None, event=None, reason="", date=None)


@dataclass(frozen=True, kw_only=True)
class FollowUp:
    """What the endpoints are made of."""

    reads: list[Read]  # up to the first PD, those that count
    progression: datetime.date | None
    dates: Dates
    start: datetime.date
    has_baseline: bool
    options: dict[str, object]

    @property
    def death(self) -> datetime.date | None:
        """Give the death unless it lies after the cut-off."""
        death, cutoff = self.dates.death, self.dates.cutoff
        return None if death is None or (cutoff is not None and death > cutoff) else death

    @property
    def clinical(self) -> datetime.date | None:
        """Give the clinical progression unless it lies after the cut-off or death."""
        day, ends = self.dates.clinical_progression, (self.dates.cutoff, self.dates.death)
        return None if day is None or any(end is not None and day > end for end in ends) else day

    @property
    def adequate_when_done(self) -> bool:
        """Tell whether a visit that was done is adequate, evaluable or not."""
        return self.options["adequate_assessment"] == "done"

    def last_stable(self, until: datetime.date) -> datetime.date | None:
        """Give the date of the last visit until a date that could be evaluated and is not itself progression."""
        return last_adequate([read for read in self.reads if read.date <= until and read.word != "PD"], self.options)


def last_adequate(reads: list[Read], options: dict[str, object]) -> datetime.date | None:
    """Give the date of the last visit that could be evaluated, or was done where that is enough."""
    inadequate = INADEQUATE if options["adequate_assessment"] == "evaluable" else {"ND"}
    return max((read.date for read in reads if read.word not in inadequate), default=None)


def first_event(course: FollowUp, *, deaths: bool, clinical: bool) -> End | None:
    """Give the first event: progression, a clinical one where asked for, or death."""
    events: list[End] = []
    if course.progression is not None:
        events.append((course.progression, "progression"))
    if deaths and course.death is not None:
        events.append((course.death, "death"))
    if clinical and course.clinical is not None and course.options["clinical_progression"] == "event":
        note("event: clinical progression")
        events.append((course.clinical, "clinical_progression"))
    return min(events, key=lambda event: event[0], default=None)


def therapy_censors(course: FollowUp, event: End | None) -> datetime.date | None:
    """Give the start of new therapy where it comes before the event."""
    therapy = new_therapy_that_counts(course.dates, course.start)
    if therapy is None or (course.dates.cutoff is not None and therapy > course.dates.cutoff):
        return None
    if event is None or event[0] > therapy:
        note("censored: new therapy")
        return therapy
    if event[0] == therapy and course.options["new_therapy_event_day"] == "censor":
        note("censored: new therapy on the day of the event")
        return therapy
    return None


def forced_ends(course: FollowUp, event: End | None) -> list[tuple[datetime.date | None, str]]:
    """List the last adequate visits at which follow-up must end before the event (FDA 2007, Appendix 3)."""
    ends: list[tuple[datetime.date | None, str]] = []
    if course.options["censoring"] == "ema":
        note("censoring: EMA goes on")
        return ends
    last = event[0] if event is not None else datetime.date.max
    therapy = therapy_censors(course, event)
    if therapy is not None:
        ends.append((course.last_stable(min(therapy, last)), "new_therapy"))
    clinical = course.clinical
    if clinical is not None and course.options["clinical_progression"] == "censor" and clinical < last:
        note("censored: clinical progression")
        ends.append((course.last_stable(clinical), "clinical_progression"))
    if event is not None:
        adequate = course.last_stable(last)
        limit = allowed_gap_end(adequate or course.start, course.start, course.options)
        if limit is not None and last > limit:
            note("censored: missed visits")
            nothing = adequate is None and event[1] == "death"
            ends.append((adequate, unassessed(course) if nothing else "missed_visits"))
    return ends


def unassessed(course: FollowUp) -> str:
    """Say whether there was no visit, or none that could be evaluated."""
    return "no_adequate_assessment" if any(read.word != "ND" for read in course.reads) else "no_assessment"


def time_to(course: FollowUp, opened: datetime.date, *, deaths: bool, clinical: bool) -> Time:
    """Give the time from an opening to the event, or to where follow-up ends."""

    def ends(date: datetime.date, reason: str, *, event: bool) -> Time:
        date = max(date, opened)
        return Time(days=(date - opened).days + 1, event=event, reason=reason, date=date)

    event = first_event(course, deaths=deaths, clinical=clinical)
    if not course.has_baseline:
        note("censored: no baseline")
        unread = not any(read.word not in INADEQUATE or course.adequate_when_done for read in course.reads)
        early = unread and course.death is not None
        if early and deaths and course.options["early_death"] == "censor" and course.options["censoring"] == "ema":
            return ends(opened, unassessed(course), event=False)
        if deaths and course.death is not None and course.options["censoring"] == "ema":
            return ends(course.death, "death", event=True)
        return ends(opened, "no_baseline", event=False)
    forced = forced_ends(course, event)
    nothing = event is not None and event[1] == "death" and course.last_stable(event[0]) is None
    if nothing and course.options["early_death"] == "censor":
        note("censored: death without an assessment")
        forced.append((None, unassessed(course)))
    if forced:
        adequate, reason = min(forced, key=lambda end: end[0] or datetime.date.min)
        return ends(adequate or opened, reason, event=False)
    if event is not None:
        note("event: progression") if event[1] == "progression" else note("event: other")
        return ends(*event, event=True)
    adequate = last_adequate(course.reads, course.options)
    if adequate is None:
        note("censored: no assessment")
        return ends(opened, unassessed(course), event=False)
    note("censored: no progression")
    died = not deaths and course.death is not None
    return ends(adequate, "death" if died else "no_progression", event=False)


def progression_free(course: FollowUp) -> Time:
    """Give progression-free survival."""
    return time_to(course, course.start, deaths=True, clinical=True)


def time_to_progression(course: FollowUp) -> Time:
    """Give the time to progression, where deaths without progression end follow-up."""
    return time_to(course, course.start, deaths=False, clinical=False)


def response_duration(course: FollowUp, first: datetime.date | None) -> Time:
    """Give the duration of response, from the first CR or PR and not from the scan that confirms it."""
    if first is None:
        return NOT_DEFINED
    note("duration of response")
    return time_to(course, first, deaths=bool(course.options["death_ends_response"]), clinical=False)
