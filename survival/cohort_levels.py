"""The checks of groups, covariates and strata that settings name: text among numbers, and levels spelt twice."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import pandas as pd

from recist.problems import Problem
from survival.checks.faults import column_problem
from survival.cohort_tables import say_why_not_number
from survival.covariates import Kind
from survival.later_names import ROLES

if TYPE_CHECKING:
    from survival.settings.report_options import ReportOptions

NUMERIC_ROLES = ("covariates", "univariable_only")
"""Settings whose columns may be numbers; a group is one of a few, whatever it is called."""
NUMERIC_SHARE = 0.8
"""A column of which at least this share are numbers is meant as numbers."""
ALWAYS = ("sex",)


def check_levels(frame: pd.DataFrame, options: ReportOptions, file: str) -> list[Problem]:
    """Find columns of numbers that hold text, and levels that differ only in capitals or blanks."""
    declared = {entry.column for entry in options.covariate if entry.kind == Kind.CATEGORY}
    numeric_roles = {name for role in NUMERIC_ROLES for name in getattr(options, role)} - declared
    named = dict.fromkeys((*(name for role in ROLES for name in getattr(options, role)), *ALWAYS))
    problems = []
    for name in named:
        if name in frame and frame[name].dtype == object:
            numeric = _check_numbers(frame[name], file) if name in numeric_roles else None
            problems += [numeric] if numeric is not None else _check_spellings(frame[name], file)
    return problems


def _check_numbers(text: pd.Series, file: str) -> Problem | None:
    """Find the text in a column that is meant as numbers: it would make a category of every number."""
    given = text.ne("")
    numbers = pd.to_numeric(text.where(given, "nan"), errors="coerce")
    wrong = given & numbers.isna()
    if not wrong.any() or numbers.notna().sum() < NUMERIC_SHARE * given.sum():
        return None
    return column_problem(
        text,
        wrong,
        file=file,
        code="text_among_numbers",
        message=(
            "this column holds numbers, but not only: every number would become a group of its own"
            f"{say_why_not_number(text[wrong])}. If it is no number, say so: [[survival.covariate]] "
            f'column = "{text.name}", kind = "category"'
        ),
        expected="a number with a decimal point, or empty",
    )


def plain_level(text: str) -> str:
    """Write a level without what does not tell levels apart: capitals and blanks.

    Examples
    --------
    >>> plain_level("Osimertinib  80"), plain_level("osimertinib 80")
    ('osimertinib 80', 'osimertinib 80')
    """
    return " ".join(text.split()).casefold()


def _check_spellings(text: pd.Series, file: str) -> list[Problem]:
    """Find levels that differ only in capitals or blanks: they would be compared as different groups."""
    counts = Counter(str(value) for value in text if value)
    alike: dict[str, list[str]] = {}
    for level in counts:
        alike.setdefault(plain_level(level), []).append(level)
    twice = [levels for levels in alike.values() if len(levels) > 1]
    if not twice:
        return []
    told = "; ".join(", ".join(f"{level!r} ({counts[level]})" for level in levels) for levels in twice)
    return [
        Problem(
            file=file,
            field=str(text.name),
            code="spelt_twice",
            message=(
                "levels that differ only in capitals or blanks would count as different groups; "
                f"write each level in one way. Spellings with their rows: {told}"
            ),
            expected="one spelling a level",
        )
    ]
