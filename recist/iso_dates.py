"""Days of the calendar in ISO form, and dates of which only the month or the year is known."""

from __future__ import annotations

import calendar
import datetime
import re
from enum import StrEnum

NO_DATE = "this is not a date of the calendar in ISO form; write year-month-day"
FAR_DATE = (
    "nothing happened in this year; leave the cell empty where no date is known, and write no stand-in such as 9999"
)
YEARS = range(
    1700, 2262
)  # what a date in nanoseconds can hold ends in 1677 and 2262; later than today is told elsewhere
WITHOUT_DAY = (
    "only the year or the month is given; write year-month-day, or choose with the option `partial_dates` which day it "
    "stands for"
)


class PartialDates(StrEnum):
    """What a date without day or month is: a fault, or the first or the last day it can be."""

    REFUSE = "refuse"
    FIRST = "first"
    LAST = "last"


_DAY = re.compile(r"(\d{4})-(\d{2})-(\d{2})", re.ASCII)
_PARTIAL = re.compile(r"(\d{4})(?:-(\d{2}))?", re.ASCII)


def is_partial(text: str) -> bool:
    """Say whether a text is a year or a month of the calendar without its day.

    Examples
    --------
    >>> is_partial("2024-02"), is_partial("2024"), is_partial("2024-13"), is_partial("2024-02-30")
    (True, True, False, False)
    """
    return parse_day(text, PartialDates.FIRST) is not None and _DAY.fullmatch(text) is None


def parse_day(text: str, partial: PartialDates = PartialDates.REFUSE) -> str | None:
    """Read a day of the calendar in ISO form, or give None; a month or a year is completed if that is chosen.

    Examples
    --------
    >>> parse_day("2024-02-29"), parse_day("2023-02-29"), parse_day("2024-02")
    ('2024-02-29', None, None)
    >>> parse_day("2024-02", PartialDates.FIRST), parse_day("2024-02", PartialDates.LAST)
    ('2024-02-01', '2024-02-29')
    >>> parse_day("2024", PartialDates.LAST)
    '2024-12-31'
    """
    found = _PARTIAL.fullmatch(text) if partial is not PartialDates.REFUSE else None
    try:
        if found is None:
            return str(datetime.date.fromisoformat(text)) if _DAY.fullmatch(text) else None
        year, month = int(found[1]), int(found[2] or 0)
        if partial is PartialDates.FIRST:
            return str(datetime.date(year, month if found[2] else 1, 1))
        month = month if found[2] else 12
        return str(datetime.date(year, month, calendar.monthrange(year, month)[1]))
    except (ValueError, calendar.IllegalMonthError):
        return None
