"""The checks of dates in a cohort: days of the calendar in ISO form, in an order that a life can have, none to come."""

from __future__ import annotations

import datetime
import re
from typing import TYPE_CHECKING

import pandas as pd

from recist.iso_dates import is_partial, parse_day
from recist.problems import Severity

if TYPE_CHECKING:
    from survival.checks.faults import Faults

INDEX, CUTOFF, DIAGNOSIS, DEATH = "index_date", "cutoff_date", "diagnosis_date", "death_date"
DATES = (
    INDEX,
    CUTOFF,
    DIAGNOSIS,
    DEATH,
    "birth_date",
    "last_contact_date",
    "second_treatment_date",
    "imaging_date",
    "biochemical_date",
    "symptomatic_date",
)
LONGEST_DAYS = 60_000  # what dates can hold; longer times are faults of their own
A_DAY = pd.Timedelta(days=1)  # the day may have begun elsewhere
ISO = "a day of the calendar as YYYY-MM-DD, or empty"
KINDS = (
    (re.compile(r"\d{5}(\.\d+)?"), "this looks like the day number of a spreadsheet; format the column as YYYY-MM-DD"),
    (re.compile(r"\d{1,2}[./-]\d{1,2}[./-]\d{2}"), "the year has two digits and day and month may be swapped"),
    (re.compile(r"\d{1,2}[./-]\d{1,2}[./-]\d{4}"), "day and month may be swapped"),
    (re.compile(r"\d{8}"), "dashes are missing"),
    (re.compile(r"\d{4}-\d{2}-\d{2}[T ].+"), "a time of day stands behind the date"),
)


def check_dates(frame: pd.DataFrame, end: str, faults: Faults, *, today: datetime.date | None = None) -> None:
    """Check the dates of a cohort.

    Parameters
    ----------
    frame : pandas.DataFrame
    end : str
        Column with the day, counted from ``index_date``, on which a subject was last followed.
    faults : Faults
        Takes what is found.
    today : datetime.date, optional
        No date may be later; the day on which the check is made by default.
    """
    given = [name for name in DATES if name in frame and frame[name].dtype == object]
    for name in given:
        _check_form(frame[name], faults)
    days = {name: pd.to_datetime(frame[name], format="%Y-%m-%d", errors="coerce") for name in given}
    latest = pd.Timestamp(today or datetime.datetime.now(tz=datetime.UTC).date()) + A_DAY
    for name in given:
        if name != CUTOFF:
            is_day = frame[name].map(parse_day).notna()  # as text: days beyond 2262 are no timestamps
            to_come = is_day & (frame[name] > str(latest.date()))
            faults.where(to_come, name, "future_date", "this date is still to come", expected="today or before")
    if INDEX in days:
        _check_order(days, faults)
        _check_end(frame, days, end, faults, latest)


def _check_form(text: pd.Series, faults: Faults) -> None:
    wrong = text.ne("") & text.map(parse_day).isna()
    if not wrong.any():
        return
    first = str(text[wrong].iloc[0])
    why = next((words for pattern, words in KINDS if pattern.fullmatch(first)), "")
    if is_partial(first):
        why = "the day is not known; write the day that the protocol imputes, such as the 15th"
    message = f"this is not a date in ISO form{f': {why}' if why else ''}"
    faults.in_column(wrong, str(text.name), "bad_date", message, expected=ISO)


def _check_order(days: dict[str, pd.Series], faults: Faults) -> None:
    index = days[INDEX]
    if DEATH in days:
        message = "death lies before the index date"
        faults.where(days[DEATH] < index, DEATH, "death_before_index", message, expected="the index date or later")
    for name in (DIAGNOSIS, "birth_date"):
        if name in days:
            faults.where(
                days[name] > index,
                name,
                "after_index",
                "this lies after the index date; check both",
                expected="the index date or before",
                severity=Severity.WARNING,
            )


def _check_end(frame: pd.DataFrame, days: dict[str, pd.Series], end: str, faults: Faults, latest: pd.Timestamp) -> None:
    """Check where follow-up ends: not in the future, and not after the cutoff."""
    last = days[INDEX] + pd.to_timedelta(frame[end].clip(-LONGEST_DAYS, LONGEST_DAYS), unit="D")
    faults.where(
        (last > latest) & ~(days[INDEX] > latest),
        end,
        "future_date",
        "counted from the index date, follow-up ends in the future; check the date and the days",
        expected="an end of follow-up that has come",
    )
    if CUTOFF in days:
        faults.in_column(
            last > days[CUTOFF],
            end,
            "after_cutoff",
            "follow-up ends after the data cutoff: kept; those alive should be censored at the cutoff",
            expected="an end on or before the cutoff",
            severity=Severity.WARNING,
        )
