"""Dates of which only the month or the year is known, set to its middle: the 15th, or the 1st of July.

A completed date lies neither before what is known to have come earlier in the course of the same subject, nor after
what is known to have come later: where the middle would, it is moved to that day, if the month or year that was given
has it. Months are completed first, so that years can be held against them. Labs, symptoms and scans may be older than
the first treatment and the diagnosis, as a baseline is, and are held against last contact and death only.
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from recist.columns import Kind, as_text
from recist.iso_dates import YEARS, PartialDates, is_partial, parse_day
from recist.problems import Problem, Severity
from recist.tables import FIRST_DATA_ROW

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from recist.tables import Table

MIDDLE_OF_MONTH = 15
MIDDLE_OF_YEAR = (7, 1)
LENGTH_OF_YEAR_TEXT = 4  # as in 1997; a month is written 1997-03
TREATMENT_STEP = 0.001  # from one treatment to the next, less than from the last one to what follows
NEVER = -1.0
PLACES: dict[tuple[str, str], tuple[float, float]] = {
    ("patients", "diagnosis_date"): (0, NEVER),
    ("subjects", "start_date"): (1, 0),
    ("treatments", "date"): (1, 0),  # the first; each further one a step later
    ("subjects", "new_therapy_date"): (2, 1),
    ("subjects", "clinical_progression_date"): (2, 1),
    ("best_responses", "progression_date"): (2, 1),
    ("labs", "date"): (2, NEVER),
    ("symptoms", "date"): (2, NEVER),
    ("responses", "date"): (2, NEVER),
    ("report_responses", "date"): (2, NEVER),
    ("subjects", "last_contact_date"): (3, 2),
    ("subjects", "death_date"): (4, 3),
}
"""Place of a date in a course, and the last place of which all dates are earlier or the same; others have no order."""


def complete_to_middle(
    frames: Mapping[str, pd.DataFrame], tables: Sequence[Table], files: Mapping[str, str]
) -> tuple[dict[str, pd.DataFrame], list[Problem]]:
    """Put a day where only month or year is given.

    Parameters
    ----------
    frames : dict of str to pandas.DataFrame
        Tables by name, as read: text.
    tables : sequence of Table
        What their columns are.
    files : dict of str to str
        How problems name each table.

    Returns
    -------
    frames : dict of str to pandas.DataFrame
        The same with whole dates; what is no date at all stays as it is.
    problems : list of Problem
        A warning for each completed date.
    """
    frames = {name: frame.reset_index(drop=True) for name, frame in frames.items()}
    dates = _gather_dates(frames, tables)
    if dates.empty or not dates["is_partial"].any():
        return frames, []
    completed = _complete(dates)
    for keys, rows in completed.groupby(["table", "field"], sort=False):
        table, field = (str(key) for key in keys)
        column = as_text(frames[table][field]).copy()
        column.loc[rows["row"]] = rows["day"].dt.strftime("%Y-%m-%d").to_numpy()
        frames[table] = frames[table].assign(**{field: column})
    return frames, [_problem(row, files) for row in completed.to_dict("records")]


def _gather_dates(frames: Mapping[str, pd.DataFrame], tables: Sequence[Table]) -> pd.DataFrame:
    """Put every date of every table into one: where it stands, whose it is, its text and its place in the course."""
    parts = [
        _dates_of(frames[table.name], table.name, column.name)
        for table in tables
        for column in table.columns
        if column.kind is Kind.DATE and _has_text(frames.get(table.name), column.name)
    ]
    if not parts:
        return pd.DataFrame()
    dates = pd.concat(parts, ignore_index=True)
    dates["is_partial"] = [is_partial(text) and int(text[:LENGTH_OF_YEAR_TEXT]) in YEARS for text in dates["text"]]
    whole = pd.to_datetime(dates["text"], format="%Y-%m-%d", errors="coerce")
    for name, choice in (("first", PartialDates.FIRST), ("last", PartialDates.LAST)):
        dates[name] = _as_days([parse_day(text, choice) if found else None for text, found in _pairs(dates)])
    dates["middle"] = _as_days([_middle(text) if found else None for text, found in _pairs(dates)])
    dates["day"] = whole.mask(dates["is_partial"])
    return dates[dates["is_partial"] | dates["day"].notna()]


def _as_days(texts: list[str | None]) -> pd.Series:
    return pd.to_datetime(pd.Series(texts, dtype=object), format="%Y-%m-%d")


def _pairs(dates: pd.DataFrame) -> list[tuple[str, bool]]:
    return list(zip(dates["text"], dates["is_partial"], strict=True))


def _has_text(frame: pd.DataFrame | None, column: str) -> bool:
    """Tell whether a column may hold incomplete dates: one of text, once, in a table with subjects."""
    if frame is None or not frame.columns.is_unique or "subject" not in frame or column not in frame:
        return False
    return not pd.api.types.is_datetime64_any_dtype(frame[column])


def _dates_of(frame: pd.DataFrame, table: str, field: str) -> pd.DataFrame:
    place, since = PLACES.get((table, field), (np.nan, np.nan))
    part = pd.DataFrame({"subject": as_text(frame["subject"]).astype(str), "text": as_text(frame[field]).astype(str)})
    part = part.assign(table=table, field=field, row=part.index, place=float(place), since=float(since))
    if table == "treatments":
        part["place"] += TREATMENT_STEP * _order_of_treatments(frame, part)
        part["since"] = part["since"].where(part["place"] == place, part["place"] - TREATMENT_STEP / 2)
    return part[part["text"] != ""]


def _order_of_treatments(frame: pd.DataFrame, part: pd.DataFrame) -> pd.Series:
    """Count a subject's treatments from 0, by their numbers and, where there are none, as their dates are written."""
    given = frame["treatment_number"] if "treatment_number" in frame else pd.Series("", index=frame.index)
    ordered = part.assign(number=pd.to_numeric(given, errors="coerce"))
    ordered = ordered.sort_values(["subject", "number", "text"], kind="stable")
    return ordered.groupby("subject").cumcount().reindex(part.index).astype("float64")


def _middle(text: str) -> str:
    year = int(text[:LENGTH_OF_YEAR_TEXT])
    if len(text) == LENGTH_OF_YEAR_TEXT:
        return str(dt.date(year, *MIDDLE_OF_YEAR))
    return str(dt.date(year, int(text[LENGTH_OF_YEAR_TEXT + 1 :]), MIDDLE_OF_MONTH))


def _complete(dates: pd.DataFrame) -> pd.DataFrame:
    """Give each incomplete date its day, months before years."""
    is_year = dates["text"].str.len() == LENGTH_OF_YEAR_TEXT
    for rows in (dates["is_partial"] & ~is_year, dates["is_partial"] & is_year):
        known = dates[dates["day"].notna()]
        found = _within_known(dates[rows], known)
        dates.loc[found.index, "day"] = found
    return dates[dates["is_partial"]].sort_values(["table", "row"], kind="stable")


def _within_known(partial: pd.DataFrame, known: pd.DataFrame) -> pd.Series:
    """Move the middle to the latest day known to be earlier, or the earliest known to be later, inside its range."""
    pairs = partial.reset_index().merge(
        known[["subject", "day", "place", "since"]], on="subject", suffixes=("", "_known")
    )
    pairs = pairs[pairs["day_known"].between(pairs["first"], pairs["last"])]
    floor = pairs[pairs["place_known"] <= pairs["since"]].groupby("index")["day_known"].max()
    limit = pairs[pairs["place"] <= pairs["since_known"]].groupby("index")["day_known"].min()
    day = partial["middle"]
    limit = limit.reindex(day.index)
    day = day.where(~(day > limit), limit)
    floor = floor.reindex(day.index)
    return day.where(~(day < floor), floor)


def _problem(row: Mapping[Any, Any], files: Mapping[str, str]) -> Problem:
    text, day = row["text"], row["day"]
    part = "year" if len(text) == LENGTH_OF_YEAR_TEXT else "month"
    used = day.date().isoformat()
    moved = (
        "" if day == row["middle"] else ", moved so as not to lie on the wrong side of what is known of this subject"
    )
    return Problem(
        code="partial_date",
        file=files[row["table"]],
        row=row["row"] + FIRST_DATA_ROW,
        subject=row["subject"],
        field=row["field"],
        severity=Severity.WARNING,
        found=text,
        expected=f"YYYY-MM-DD; {used} is used",
        message=f"this date is not complete; the middle of its {part} is used (rules.partial_dates){moved}",
    )
