"""Best response and progression under iRECIST (Seymour 2017, Table 3; EORTC)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from .best import Found, Read, before_new_therapy, best_response, confirmed_best_response
from .branches import note

if TYPE_CHECKING:
    import datetime

WORST_FIRST = ("iCPD", "iUPD", "NON-iCR/NON-iUPD", "iSD", "iPR", "iCR", "NE", "NED", "ND")
PROGRESSED = {"iUPD", "iCPD"}
ENDS_A_RUN = {"iCR", "iPR", "iSD", "NON-iCR/NON-iUPD", "NED"}
PLAIN = {"iCR": "CR", "iPR": "PR", "iSD": "SD", "NON-iCR/NON-iUPD": "NON-CR/NON-PD"}
IMMUNE = {plain: word for word, plain in PLAIN.items()}


@dataclass(frozen=True, kw_only=True)
class Progression:
    """The progression that counts, and the scan that confirmed it."""

    date: datetime.date | None
    confirmed: datetime.date | None


def worst_of_dates(reads: list[Read]) -> list[Read]:
    """Keep the worst of each date, in their order."""
    dates = sorted({read.date for read in reads})
    return [
        min((read for read in reads if read.date == date), key=lambda read: WORST_FIRST.index(read.word))
        for date in dates
    ]


def find_progression(reads: list[Read], therapy: datetime.date | None, options: dict[str, object]) -> Progression:
    """Find the first iUPD of the run that is confirmed, or that is never resolved."""
    waiting = None
    for read in worst_of_dates(reads):
        if read.word == "iUPD":
            waiting = waiting or read.date
        elif read.word == "iCPD":
            note("progression: confirmed")
            return Progression(date=waiting or read.date, confirmed=read.date)
        elif read.word in ENDS_A_RUN and waiting is not None:
            if before_new_therapy(read.date, therapy, options):
                note("progression: iUPD dropped")
                waiting = None
            else:
                note("progression: a response under new therapy does not drop it")
    return Progression(date=waiting, confirmed=None)


def usable_reads(
    reads: list[Read], progression: Progression, therapy: datetime.date | None, options: dict[str, object]
) -> list[Read]:
    """List what may be the best response: an iUPD does not end the search, an iCPD does."""
    return [
        read
        for read in worst_of_dates(reads)
        if (progression.confirmed is None or read.date <= progression.confirmed)
        and before_new_therapy(read.date, therapy, options)
    ]


def in_plain_words(reads: list[Read]) -> list[Read]:
    """Name responses as RECIST 1.1 does; what progressed keeps its name."""
    return [replace(read, word=PLAIN.get(read.word, read.word)) for read in reads]


def with_progression(found: Found, reads: list[Read]) -> Found:
    """Put the progression in, where nothing better was found."""
    word, date = found
    if word in {"NE", "ND"}:
        for name in ("iCPD", "iUPD"):
            dates = [read.date for read in reads if read.word == name]
            if dates:
                note("best: progression under iRECIST")
                return name, min(dates)
    return IMMUNE.get(word, word), date


def immune_best(reads: list[Read], start: datetime.date, options: dict[str, object]) -> tuple[Found, Found]:
    """Give the best response without and with confirmation."""
    plain = in_plain_words(reads)
    return (
        with_progression(best_response(plain, start, options), reads),
        with_progression(confirmed_best_response(plain, start, options), reads),
    )
