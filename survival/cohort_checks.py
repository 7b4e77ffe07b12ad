"""The checks of a cohort table: every fault at once, each with its row."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from recist.problems import Problem, Severity
from survival.endpoints import ENDPOINTS
from survival.responses import DOMAINS, SOURCES

if TYPE_CHECKING:
    import pandas as pd

    from survival.responses import Domain

OLDEST_YEARS = 120
WHOLE_PERCENT = 100
SHOWN_VALUES = 5


class _Faults:
    """Collect the problems of one table."""

    def __init__(self, frame: pd.DataFrame, file: str) -> None:
        self._frame = frame
        self._file = file
        self.problems: list[Problem] = []

    def where(
        self,
        wrong: pd.Series,
        field: str,
        code: str,
        message: str,
        *,
        expected: str = "",
        severity: Severity = Severity.ERROR,
    ) -> None:
        """Note one problem for every row where `wrong` holds."""
        subjects = self._frame["subject"]
        shown = self._frame.get(field, None)
        for row in self._frame.index[wrong.fillna(value=False).astype(bool)]:
            found = "" if shown is None else _say(shown.loc[row])
            self.problems.append(
                Problem(
                    file=self._file,
                    row=int(row),
                    subject=str(subjects.loc[row]),
                    field=field,
                    code=code,
                    message=message,
                    found=found,
                    expected=expected,
                    severity=severity,
                )
            )

    def in_column(self, wrong: pd.Series, field: str, code: str, message: str, *, expected: str) -> None:
        """Note one problem for the whole column."""
        problem = column_problem(
            self._frame[field], wrong, file=self._file, code=code, message=message, expected=expected
        )
        if problem is not None:
            self.problems.append(problem)


def column_problem(
    values: pd.Series, wrong: pd.Series, *, file: str, code: str, message: str, expected: str
) -> Problem | None:
    """Tell a fault of coding once for its column: the first row, how many others, and the different values found."""
    rows = values.index[wrong.fillna(value=False).astype(bool)]
    if not len(rows):
        return None
    others = f" (and in {len(rows) - 1} more of {len(values)} rows)" if len(rows) > 1 else ""
    kinds = list(dict.fromkeys(_say(value) for value in values.loc[rows]))
    found = ", ".join(kinds[:SHOWN_VALUES]) + (", …" if len(kinds) > SHOWN_VALUES else "")
    return Problem(
        file=file,
        row=int(rows[0]),
        field=str(values.name),
        code=code,
        message=message + others,
        found=found,
        expected=expected,
    )


def _say(value: object) -> str:
    if isinstance(value, float):
        return "" if math.isnan(value) else f"{value:g}"
    return str(value)


def check_cohort(frame: pd.DataFrame, file: str) -> list[Problem]:
    """Check a cohort table.

    Parameters
    ----------
    frame : pandas.DataFrame
        As read: numbers ``float64``, text ``str``, index = row in the file. Has ``subject, os_days, os_event``.
    file : str
        Name for the messages.

    Returns
    -------
    list of Problem
        Errors stop the report, warnings are shown in it.
    """
    faults = _Faults(frame, file)
    _check_subjects(frame, faults)
    _check_endpoints(frame, faults)
    _check_ranges(frame, faults)
    for domain in DOMAINS:
        _check_domain(frame, domain, faults)
    _check_treatments(frame, faults)
    _check_interval(frame, faults)
    return faults.problems


def _check_subjects(frame: pd.DataFrame, faults: _Faults) -> None:
    subject = frame["subject"]
    faults.where(subject.eq(""), "subject", "missing_value", "every row needs a subject")
    faults.where(
        subject.ne("") & subject.duplicated(keep="first"),
        "subject",
        "duplicate_subject",
        "this subject has a row already; a cohort has one row per subject",
    )


def _check_endpoints(frame: pd.DataFrame, faults: _Faults) -> None:
    for endpoint in ENDPOINTS:
        time, event = endpoint.time_column, endpoint.event_column
        if time not in frame and event not in frame:
            continue
        for present, absent in ((time, event), (event, time)):
            if absent not in frame:
                faults.where(
                    frame[present].notna(), present, "missing_column", f"there is no column {absent} to go with this"
                )
        if time in frame and event in frame:
            _check_pair(frame, time, event, faults)
    faults.where(frame["os_days"].isna(), "os_days", "missing_value", "every subject needs a follow-up time")
    if "pfs_days" in frame:
        faults.where(
            frame["pfs_days"] > frame["os_days"],
            "pfs_days",
            "after_end",
            "progression-free survival ends after the follow-up for survival",
            expected="at most os_days",
        )


def _check_pair(frame: pd.DataFrame, time: str, event: str, faults: _Faults) -> None:
    faults.where(frame[time] < 0, time, "negative_time", "a time cannot be negative", expected="0 days or more")
    faults.in_column(
        frame[event].notna() & ~frame[event].isin([0, 1]),
        event,
        "bad_event_code",
        "an event is coded 1 and a censored time 0",
        expected="0 or 1 (or false or true)",
    )
    faults.where(
        frame[time].notna() & frame[event].isna(), event, "missing_value", f"{time} is given but {event} is not"
    )
    faults.where(
        frame[time].isna() & frame[event].notna() & (time != "os_days"),
        time,
        "missing_value",
        f"{event} is given but {time} is not",
    )
    faults.where(
        frame[time] == 0, time, "zero_time", "follow-up of 0 days: kept, adds nothing", severity=Severity.WARNING
    )


def _check_interval(frame: pd.DataFrame, faults: _Faults) -> None:
    """Check the interval in which progression happened, and the changes at first follow-up."""
    lower, upper = "pfs_lower_days", "pfs_upper_days"
    if lower in frame:
        faults.where(frame[lower] < 0, lower, "negative_time", "a time cannot be negative", expected="0 days or more")
        if upper in frame:
            faults.where(
                frame[upper] < frame[lower],
                upper,
                "bad_interval",
                "progression is seen before the last assessment without it",
                expected="at least pfs_lower_days, or empty where progression was not seen",
            )
    for domain in DOMAINS:
        change = f"{domain.key}_change_pct"
        if change in frame:
            message = "a fall of more than 100 % is not possible"
            faults.where(frame[change] < -WHOLE_PERCENT, change, "out_of_range", message, expected="−100 or more")


def _check_ranges(frame: pd.DataFrame, faults: _Faults) -> None:
    limits = {"age_years": OLDEST_YEARS, "ki67_pct": WHOLE_PERCENT, "first_activity_mci": float("inf")}
    for column, highest in limits.items():
        if column in frame:
            faults.where(
                (frame[column] < 0) | (frame[column] > highest),
                column,
                "out_of_range",
                "this value is not possible",
                expected=f"0 to {highest:g}" if highest < float("inf") else "0 or more",
            )


def _check_domain(frame: pd.DataFrame, domain: Domain, faults: _Faults) -> None:
    response, days, source = domain.response_column, domain.days_column, domain.source_column
    if response not in frame:
        return
    codes = [category.code for category in domain.categories]
    faults.where(
        ~frame[response].isin(["", *codes]),
        response,
        "unknown_response",
        "this is not a response of this domain",
        expected=", ".join(codes) + ", or empty",
    )
    if source in frame:
        faults.where(
            ~frame[source].isin(["", *SOURCES]), source, "unknown_source", "unknown source", expected=", ".join(SOURCES)
        )
    if days in frame:
        _check_response_days(frame, domain, faults)


def _check_response_days(frame: pd.DataFrame, domain: Domain, faults: _Faults) -> None:
    days = domain.days_column
    evaluable = frame[domain.response_column].isin(domain.evaluable)
    faults.where(frame[days] < 0, days, "negative_time", "a response cannot precede the index date")
    faults.where(
        evaluable & frame[days].isna(),
        days,
        "missing_value",
        "a response needs the day it was known: without it a landmark analysis would be false",
    )
    faults.where(
        evaluable & (frame[days] > frame["os_days"]),
        days,
        "after_end",
        "the response lies after the end of follow-up",
        expected="at most os_days",
    )


def _check_treatments(frame: pd.DataFrame, faults: _Faults) -> None:
    days = "second_treatment_days"
    if days not in frame:
        return
    faults.where(frame[days] < 0, days, "negative_time", "a second treatment cannot precede the index date")
    faults.where(
        frame[days] > frame["os_days"],
        days,
        "after_end",
        "the second treatment lies after the end of follow-up",
        expected="at most os_days",
    )
    if "n_treatments" in frame:
        faults.where(
            frame["n_treatments"].lt(2) & frame[days].notna(),
            "n_treatments",
            "disagreement",
            "a second treatment has a day, but fewer than two treatments are counted",
            expected="2 or more",
        )
