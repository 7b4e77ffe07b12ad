"""The checks of the unit of times: whole days, and no months that pass for days."""

from __future__ import annotations

from typing import TYPE_CHECKING

from recist.problems import Severity
from survival.settings.canonical import all_domains, all_endpoints, primary_endpoint

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pandas as pd

    from survival.checks.faults import Faults
    from survival.settings.report_options import ReportOptions

WHOLE_DAYS = "whole days, 0 or more"
FRACTION = (
    "a time in days is a whole number: this looks like months or years? Then declare the unit: "
    '[[survival.endpoint]] key = "{key}", name = "{name}", unit = "months"; else round to whole days'
)
FRACTION_OF_DAY = "a time in days is a whole number: this looks like months? Give days from the index date"
FEW_DAYS = 130
"""A study whose longest follow-up, 11 years of months, is below this looks alike in days and in months."""
FEWEST_SUBJECTS = 20


def check_units(frame: pd.DataFrame, options: ReportOptions, faults: Faults) -> None:
    """Stop at fractions of days, and ask whether a very short follow-up is in months.

    Times of an endpoint declared in months or years are converted, so that their days may have fractions.
    """
    converted = {entry.key for entry in options.endpoint if entry.unit != "days"}
    for endpoint in all_endpoints(options):
        if endpoint.time_column in frame and endpoint.key not in converted:
            message = FRACTION.format(key=endpoint.key, name=endpoint.name)
            _check_whole(frame, endpoint.time_column, message, faults)
    for column in _other_days(options):
        if column in frame and not converted:
            _check_whole(frame, column, FRACTION_OF_DAY, faults)
    primary = primary_endpoint(options)
    if primary.key not in converted:
        _check_length(frame[primary.time_column], primary.key, primary.name, faults)


def _other_days(options: ReportOptions) -> Iterator[str]:
    yield from (domain.days_column for domain in all_domains(options))
    yield from ("second_treatment_days", "pfs_lower_days", "pfs_upper_days")


def _check_whole(frame: pd.DataFrame, column: str, message: str, faults: Faults) -> None:
    days = frame[column]
    if days.dtype == object:
        return
    wrong = days.notna() & (days % 1).ne(0)
    faults.in_column(wrong, column, "fraction_of_day", message, expected=WHOLE_DAYS)


def _check_length(days: pd.Series, key: str, name: str, faults: Faults) -> None:
    longest = days.max()
    if not (days.notna().sum() >= FEWEST_SUBJECTS and longest < FEW_DAYS and (days.dropna() % 1).eq(0).all()):
        return
    faults.in_column(
        days.eq(longest),
        str(days.name),
        "short_follow_up",
        f"the longest follow-up is {longest:g} days: are these months? Then declare "
        f'[[survival.endpoint]] key = "{key}", name = "{name}", unit = "months"',
        expected="days",
        severity=Severity.WARNING,
    )
