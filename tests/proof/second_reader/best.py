"""Best response of one reader, unconfirmed and confirmed (Eisenhauer 2009, 4.4 and Table 3)."""

from __future__ import annotations

import datetime
import itertools
from dataclasses import dataclass

from .branches import note
from .schedule import missed_between

WORST_FIRST = ("PD", "NON-CR/NON-PD", "SD", "PR", "CR", "NE", "NED", "ND")  # a visit that was evaluated goes before NE
RESPONSES = ("CR", "PR")


@dataclass(frozen=True, kw_only=True)
class Read:
    """One response on its date."""

    word: str
    date: datetime.date


@dataclass(frozen=True, kw_only=True)
class Dates:
    """The dates of one subject; None where not given."""

    start: datetime.date | None = None
    new_therapy: datetime.date | None = None
    death: datetime.date | None = None
    last_contact: datetime.date | None = None
    cutoff: datetime.date | None = None
    clinical_progression: datetime.date | None = None

    @property
    def end(self) -> datetime.date | None:
        """Give death or cut-off: what is later counts for nothing."""
        return min((day for day in (self.death, self.cutoff) if day is not None), default=None)


Found = tuple[str, datetime.date | None]


def why_excluded(date: datetime.date, dates: Dates, start: datetime.date) -> list[str]:
    """Say why a visit counts for nothing."""
    why = []
    if date <= start:
        note("standing: not after the start")
        why.append("not_after_start")
    if dates.death is not None and date > dates.death:
        note("standing: after death")
        why.append("after_death")
    if dates.cutoff is not None and date > dates.cutoff:
        note("standing: after the cut-off")
        why.append("after_cutoff")
    return why


def new_therapy_that_counts(dates: Dates, start: datetime.date) -> datetime.date | None:
    """Give the start of another therapy, unless it was begun no later than the start."""
    if dates.new_therapy is not None and dates.new_therapy > start:
        return dates.new_therapy
    return None


def before_new_therapy(date: datetime.date, therapy: datetime.date | None, options: dict[str, object]) -> bool:
    """Tell whether a scan was before the new therapy."""
    if therapy is None or date < therapy:
        return True
    if date == therapy:
        note("therapy: on the day of the scan")
        return options["new_therapy_same_day"] == "before"
    note("therapy: scan after it")
    return False


def eligible(
    reads: list[Read], progression: datetime.date | None, therapy: datetime.date | None, options: dict[str, object]
) -> list[Read]:
    """List what may be the best response: to the first PD, before new therapy, the worst of one date."""
    kept: dict[datetime.date, Read] = {}
    for read in reads:
        if progression is not None and read.date > progression:
            note("best: after progression")
            continue
        if not before_new_therapy(read.date, therapy, options):
            continue
        other = kept.get(read.date)
        if other is not None:
            note("best: two on one date")
            read = min(read, other, key=lambda one: WORST_FIRST.index(one.word))  # noqa: PLW2901
        kept[read.date] = read
    return [kept[date] for date in sorted(kept)]


def whole(options: dict[str, object], name: str) -> int:
    """Read an option that is a whole number."""
    return int(str(options[name]))


def is_confirmed(
    number: int, reads: list[Read], start: datetime.date, options: dict[str, object], word: str = ""
) -> bool:
    """Tell whether a later visit confirms the CR or PR of this one; with whatever between, a CR may stand for a PR."""
    read = reads[number]
    word = word or read.word
    confirming = {"CR"} if word == "CR" else {"CR", "PR"}
    between: list[str] = []
    for earlier, later in itertools.pairwise(reads[number:]):
        if options["missed_visits"] == "ne":
            note("confirmed: missed visits are NE")
            between += ["NE"] * missed_between(earlier.date, later.date, start, options)
        if later.word == "PR" and "CR" in between and options.get("confirmation_between", "strict") == "strict":
            note("confirmed: PR after CR")
            return False
        if later.word in confirming:
            late_enough = (later.date - read.date).days >= whole(options, "confirmation_days")
            if late_enough and nothing_breaks(word, between, options):
                note("confirmed: CR") if word == "CR" else note("confirmed: PR")
                return True
            if not late_enough:
                note("confirmed: too early, neither confirms nor breaks")
        if later.word == "ND":
            note("confirmed: a visit not done")
            between.append("NE" if options["nd_between"] == "ne" else "ND")
        else:
            between.append(later.word)
    return False


def may_start(read: str, word: str, options: dict[str, object]) -> bool:
    """Tell whether a visit may be the first of two that make a confirmed response."""
    if options.get("confirmation_between", "strict") == "any" and word == "PR":
        return read in {"CR", "PR"}
    return read == word


def nothing_breaks(word: str, between: list[str], options: dict[str, object]) -> bool:
    """Judge what lies between a response and the visit that confirms it."""
    if options.get("confirmation_between", "strict") == "any":
        note("confirmed: whatever lies between")
        return True
    allowed = {"CR", "NE"} if word == "CR" else {"CR", "PR", "NE", "SD"}
    if not set(between) <= allowed:
        note("confirmed: broken")
        return False
    if between.count("SD") > whole(options, "accept_sd"):
        note("confirmed: broken by SD")
        return False
    if "SD" in between:
        note("confirmed: SD between accepted")
    if options["max_ne"] != "any" and between.count("NE") > whole(options, "max_ne"):
        note("confirmed: too many NE")
        return False
    if "NE" in between:
        note("confirmed: across NE")
    return True


def first_of(words: tuple[str, ...], reads: list[Read]) -> datetime.date | None:
    """Give the date of the first of some responses."""
    return next((read.date for read in reads if read.word in words), None)


def least_days(options: dict[str, object]) -> int:
    """Give the least days from the start to call a disease stable."""
    return whole(options, "min_sd_days") - whole(options, "min_sd_tolerance_days")


def stable_long_enough(
    words: tuple[str, ...], reads: list[Read], start: datetime.date, options: dict[str, object]
) -> bool:
    """Tell whether one of some responses lies at or after the minimum time."""
    return any(read.word in words and (read.date - start).days >= least_days(options) for read in reads)


def without_response(reads: list[Read], start: datetime.date, options: dict[str, object]) -> Found:
    """Go on where there is no CR or PR: SD, NON-CR/NON-PD, PD, NE, ND."""
    if not reads:
        note("best: missing")
        return "MISSING", None
    for words, name in ((("CR", "PR", "SD"), "SD"), (("NON-CR/NON-PD",), "NON-CR/NON-PD"), (("NED",), "NED")):
        if stable_long_enough(words, reads, start, options):
            note("best: stable")
            if options["sd_date"] == "minimum_time":
                note("best: stable, dated by the minimum time")
                return name, first_of(
                    words, [read for read in reads if (read.date - start).days >= least_days(options)]
                )
            return name, first_of(words, reads)
    if first_of(("PD",), reads):
        note("best: PD")
        return "PD", first_of(("PD",), reads)
    if all(read.word == "ND" for read in reads):
        note("best: ND")
        return "ND", reads[0].date
    note("best: NE")
    return "NE", next(read.date for read in reads if read.word != "ND")


def best_response(reads: list[Read], start: datetime.date, options: dict[str, object]) -> Found:
    """Give the best response without confirmation."""
    for word in RESPONSES:
        date = first_of((word,), reads)
        if date is not None:
            note("best: response")
            return word, date
    return without_response(reads, start, options)


def confirmed_best_response(reads: list[Read], start: datetime.date, options: dict[str, object]) -> Found:
    """Give the best response that a later visit confirms."""
    for word in RESPONSES:
        for number, read in enumerate(reads):
            if may_start(read.word, word, options) and is_confirmed(number, reads, start, options, word):
                return word, read.date
    return without_response(reads, start, options)
