"""The sponsor's responses by RS, and the derived time point that each belongs to."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import TYPE_CHECKING

from recist.cdisc.evaluators import evaluator_pairs
from recist.cdisc.findings import day_of
from recist.cdisc.terms import (
    NEW_LESION_WORDS,
    NOT_DONE,
    PLAIN_WORDS,
    RECIST_CATEGORY,
    RESPONSE_TESTS_BY_CODE,
    normal,
    response_word,
)
from recist.response.encode import DEFAULT_READER

if TYPE_CHECKING:
    from recist.cdisc.ledger import Ledger
    from recist.cdisc.reading import Imported

NEW_LESION_TESTS = ("NEWLPROG", "NEWLIND")
BEST_TEST, OVERALL_TEST = "BESTRESP", "OVRLRESP"
MATCH_DAYS = 14  # a response dated further than this from every scan belongs to none


@dataclass(frozen=True, slots=True, kw_only=True)
class SponsorResponse:
    """One response of the sponsor.

    Attributes
    ----------
    row : int
        As people count it.
    subject, reader, visit, visit_number, date, test : str
    given : str
        What RS says.
    value : str
        The same in the words of the derived tables.
    timepoint : str or None
        The derived time point it belongs to; None when there is none, empty for the best response.
    """

    row: int
    subject: str
    reader: str
    visit: str
    visit_number: str
    date: str
    test: str
    given: str
    value: str
    timepoint: str | None

    @property
    def place(self) -> tuple[str, str, str]:
        """Give subject, reader and time point; no time point for the best response and where none is known."""
        return self.subject, self.reader, self.timepoint or ""

    @property
    def is_immune(self) -> bool:
        """Say whether this is a response of iRECIST."""
        return self.value in PLAIN_WORDS


def read_responses(ledger: Ledger, imported: Imported) -> list[SponsorResponse]:
    """Read the responses of RS that RECIST has, and match each to a time point."""
    names = ("USUBJID", "RSTESTCD", "RSCAT", "RSSTRESC", "RSORRES", "RSSTAT", "RSREASND", "VISIT", "VISITNUM", "RSDTC")
    columns = {name: ledger.source.column(name) for name in names}
    matcher = Matcher(imported)
    pairs = evaluator_pairs(ledger.source, "RS")
    found = []
    for place in range(len(ledger.source.frame)):
        cells = {name: values[place] for name, values in columns.items()}
        reason = _why_not_used(cells)
        if reason:
            ledger.pass_over(place, reason)
            continue
        ledger.use(place)
        test = normal(cells["RSTESTCD"])
        reader = matcher.reader(cells["USUBJID"], imported.readers.get(pairs[place], ""))
        given = cells["RSSTRESC"] or cells["RSORRES"]
        date = day_of(cells["RSDTC"])
        visit = (cells["USUBJID"], reader, cells["VISIT"], cells["VISITNUM"])
        found.append(
            SponsorResponse(
                row=place + ledger.source.first_row,
                subject=cells["USUBJID"],
                reader=reader,
                visit=cells["VISIT"],
                visit_number=cells["VISITNUM"],
                date=date,
                test=test,
                given=given,
                value=_value(test, given),
                timepoint="" if test == BEST_TEST else matcher.timepoint(visit, date),
            )
        )
    return found


def _why_not_used(cells: dict[str, str]) -> str:
    if normal(cells["RSTESTCD"]) not in RESPONSE_TESTS_BY_CODE:
        return f"{cells['RSTESTCD'] or 'no test'}: no response that is derived here"
    if cells["RSCAT"] and RECIST_CATEGORY not in normal(cells["RSCAT"]):
        return f"{cells['RSCAT']}: other criteria"
    if normal(cells["RSSTAT"]) == NOT_DONE and not cells["RSSTRESC"] and not cells["RSORRES"]:
        return "not done"
    return ""


def _value(test: str, given: str) -> str:
    if test in NEW_LESION_TESTS:
        return NEW_LESION_WORDS.get(normal(given), given)
    word = response_word(given) or "NONE"
    return word if test in (OVERALL_TEST, BEST_TEST) else PLAIN_WORDS.get(word, word)


class Matcher:
    """Finds the time point of a visit: by the visit, and where it is not known by the date."""

    def __init__(self, imported: Imported) -> None:
        self.by_visit: dict[tuple[str, str, str, str], dict[str, str]] = {}
        self.by_series: dict[tuple[str, str], dict[str, str]] = {}
        self.readers: dict[str, set[str]] = {}
        names = ["subject", "reader", "visit", "visit_number", "timepoint", "date"]
        for row in imported.measurements[names].itertuples(index=False):
            subject, reader, visit, number, timepoint, date = (str(cell) for cell in row)
            for key in {(subject, reader, visit, number), (subject, reader, visit, "")} if visit or number else ():
                self.by_visit.setdefault(key, {})[timepoint] = date
            self.by_series.setdefault((subject, reader), {})[timepoint] = date
            self.readers.setdefault(subject, set()).add(reader)

    def reader(self, subject: str, reader: str) -> str:
        """Give the reader, or the only one there is where RS or TR names none."""
        known = self.readers.get(subject, set())
        if reader not in known and len(known) == 1 and (not reader or known == {DEFAULT_READER}):
            return next(iter(known))
        return reader

    def timepoint(self, visit: tuple[str, str, str, str], date: str) -> str | None:
        """Find the time point, or None."""
        there = self.by_visit.get(visit) or self.by_visit.get((*visit[:3], "") if visit[2] else visit)
        if there and len(there) == 1:
            return next(iter(there))
        return _nearest(there or self.by_series.get(visit[:2], {}), date)


def _nearest(timepoints: dict[str, str], date: str) -> str | None:
    day = _day(date)
    if day is None:
        return None
    days = {timepoint: _day(scanned) for timepoint, scanned in timepoints.items()}
    apart = {timepoint: abs((known - day).days) for timepoint, known in days.items() if known is not None}
    nearest = min(apart, key=lambda timepoint: apart[timepoint], default=None)
    return nearest if nearest is not None and apart[nearest] <= MATCH_DAYS else None


def _day(date: str) -> datetime.date | None:
    """Read a whole date; a partial one is none."""
    try:
        return datetime.date.fromisoformat(date)
    except ValueError:
        return None
