"""The checks of a cohort table: every fault at once, each with its row."""

from __future__ import annotations

from typing import TYPE_CHECKING

from recist.problems import Severity
from survival.checks.dates import check_dates
from survival.checks.faults import Faults
from survival.cohort_levels import check_levels
from survival.cohort_units import check_units
from survival.known_later import is_later
from survival.later_names import check_later_names
from survival.options import ReportOptions
from survival.responses import SOURCES
from survival.settings.canonical import all_domains, all_endpoints, primary_endpoint

if TYPE_CHECKING:
    import pandas as pd

    from recist.problems import Problem
    from survival.responses import Domain

OLDEST_YEARS = 120
DAYS_PER_YEAR = 365.25
WHOLE_PERCENT = 100
UNKNOWN = (
    "whether it happened is not known, so the row counts for neither; find it out, or leave the row out and say so"
)
PLACEHOLDERS = ("NA", "N/A", "#N/A", "NaN", "nan", "NULL", "null", ".")


def check_cohort(frame: pd.DataFrame, file: str, options: ReportOptions | None = None) -> list[Problem]:
    """Check a cohort table.

    Parameters
    ----------
    frame : pandas.DataFrame
        As read: numbers ``float64``, text ``str``, index = row in the file. Has ``subject`` and the primary endpoint.
    file : str
        Name for the messages.
    options : ReportOptions, optional
        The endpoints and responses of the study.

    Returns
    -------
    list of Problem
        Errors stop the report, warnings are shown in it.
    """
    options = ReportOptions() if options is None else options
    faults = Faults(frame, file)
    end = follow_up_column(frame, options)
    _check_subjects(frame, faults)
    check_units(frame, options, faults)
    _check_endpoints(frame, options, faults)
    _check_ranges(frame, faults)
    for domain in all_domains(options):
        _check_domain(frame, domain, end, faults)
    _check_treatments(frame, end, faults)
    _check_interval(frame, options, faults)
    _check_placeholders(frame, faults)
    check_dates(frame, end, faults)
    names = [str(name) for name in frame]
    later = [name for name in names if is_later(name, options)]
    return [*faults.problems, *check_levels(frame, options, file), *check_later_names(options, names, later)]


def follow_up_column(frame: pd.DataFrame, options: ReportOptions) -> str:
    """Name the column with the day on which a subject was last followed."""
    return "os_days" if "os_days" in frame else primary_endpoint(options).time_column


def _check_subjects(frame: pd.DataFrame, faults: Faults) -> None:
    subject = frame["subject"]
    faults.where(subject.eq(""), "subject", "missing_value", "every row needs a subject")
    faults.where(
        subject.ne("") & subject.duplicated(keep="first"),
        "subject",
        "duplicate_subject",
        "this subject has a row already; a cohort has one row per subject",
    )


def _check_endpoints(frame: pd.DataFrame, options: ReportOptions, faults: Faults) -> None:
    for endpoint in all_endpoints(options):
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
    primary = primary_endpoint(options).time_column
    faults.where(frame[primary].isna(), primary, "missing_value", "every subject needs a follow-up time")
    if "pfs_days" in frame and "os_days" in frame:
        faults.where(
            frame["pfs_days"] > frame["os_days"],
            "pfs_days",
            "after_end",
            "progression-free survival ends after the follow-up for survival",
            expected="at most os_days",
        )


def _check_pair(frame: pd.DataFrame, time: str, event: str, faults: Faults) -> None:
    faults.where(
        frame[time] < 0,
        time,
        "negative_time",
        "a time cannot be negative: the event or last contact lies before the index date; check both dates",
        expected="0 days or more",
    )
    faults.where(
        frame[time] > OLDEST_YEARS * DAYS_PER_YEAR,
        time,
        "out_of_range",
        "this is longer than a human life; check the unit (other units are told by [[survival.endpoint]] unit)",
        expected=f"days, at most {OLDEST_YEARS * DAYS_PER_YEAR:g}",
    )
    faults.in_column(
        frame[event].notna() & ~frame[event].isin([0, 1]),
        event,
        "bad_event_code",
        "an event is coded 1 and a censored time 0; other codes are told by [[survival.endpoint]] event_codes",
        expected="0 or 1 (or false or true)",
    )
    faults.where(
        frame[time].notna() & frame[event].isna(),
        event,
        "missing_value",
        f"{time} is given but {event} is not: {UNKNOWN}",
    )
    faults.where(
        frame[time].isna() & frame[event].notna() & (time != "os_days"),
        time,
        "missing_value",
        f"{event} is given but {time} is not",
    )
    faults.where(
        (frame[time] == 0) & (frame[event] != 1),
        time,
        "zero_time",
        "follow-up of 0 days: kept, adds nothing",
        severity=Severity.WARNING,
    )
    faults.where(
        (frame[time] == 0) & (frame[event] == 1),
        time,
        "zero_time",
        "an event on day 0: kept, survival falls at once, half a day in start-stop rows; check both dates",
        severity=Severity.WARNING,
    )


def _check_interval(frame: pd.DataFrame, options: ReportOptions, faults: Faults) -> None:
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
    for domain in all_domains(options):
        change = f"{domain.key}_change_pct"
        if change in frame:
            message = "a fall of more than 100 % is not possible"
            faults.where(frame[change] < -WHOLE_PERCENT, change, "out_of_range", message, expected="−100 or more")


def _check_ranges(frame: pd.DataFrame, faults: Faults) -> None:
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


def _check_domain(frame: pd.DataFrame, domain: Domain, end: str, faults: Faults) -> None:
    response, days, source = domain.response_column, domain.days_column, domain.source_column
    if response not in frame:
        return
    codes = [category.code for category in domain.categories]
    faults.where(
        ~frame[response].isin(["", *codes]),
        response,
        "unknown_response",
        f"this is not a response of this domain{_say_capitals(frame[response], codes)}",
        expected=", ".join(codes) + ", or empty",
    )
    if source in frame:
        faults.where(
            ~frame[source].isin(["", *SOURCES]), source, "unknown_source", "unknown source", expected=", ".join(SOURCES)
        )
    if days in frame:
        _check_response_days(frame, domain, end, faults)


def _say_capitals(values: pd.Series, codes: list[str]) -> str:
    """Point to codes in other letters: write CR, not cr."""
    plain = {code.casefold(): code for code in codes}
    meant = {text: plain[text.casefold()] for text in values.unique() if text not in codes and text.casefold() in plain}
    return f"; write {', '.join(f'{code}, not {text}' for text, code in meant.items())}" if meant else ""


def _check_response_days(frame: pd.DataFrame, domain: Domain, end: str, faults: Faults) -> None:
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
        evaluable & (frame[days] > frame[end]),
        days,
        "after_end",
        "the response lies after the end of follow-up",
        expected=f"at most {end}",
    )


def _check_treatments(frame: pd.DataFrame, end: str, faults: Faults) -> None:
    days = "second_treatment_days"
    if days not in frame:
        return
    faults.where(frame[days] < 0, days, "negative_time", "a second treatment cannot precede the index date")
    faults.where(
        frame[days] > frame[end],
        days,
        "after_end",
        "the second treatment lies after the end of follow-up",
        expected=f"at most {end}",
    )
    if "n_treatments" in frame:
        faults.where(
            frame["n_treatments"].lt(2) & frame[days].notna(),
            "n_treatments",
            "disagreement",
            "a second treatment has a day, but fewer than two treatments are counted",
            expected="2 or more",
        )


def _check_placeholders(frame: pd.DataFrame, faults: Faults) -> None:
    """Find words that stand for an empty cell in columns of text: they would be taken for a group of their own."""
    for name in frame.select_dtypes("object").columns:
        wrong = frame[name].isin(PLACEHOLDERS)
        message = "this would count as a value; leave the cell empty where it is not given"
        faults.in_column(wrong, str(name), "placeholder", message, expected="an empty cell", severity=Severity.WARNING)
