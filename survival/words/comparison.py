"""Comparisons in words: a difference with its interval, a hazard ratio with its own, the p value."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from survival.partial_likelihood.result import Method
from survival.words.wording import (
    say_interval,
    say_months,
    say_number,
    say_p,
    say_p_equals,
    say_percent,
    say_ratio_with_interval,
)

if TYPE_CHECKING:
    from collections.abc import Iterable


NOT_GIVEN = "–"
FIRTH = "Firth"
FIRTH_NOTE = (
    "Firth: the events separate the two sides completely, so that the partial likelihood has no maximum; estimated "
    "with Firth's correction, profile interval, p by the penalised likelihood ratio."
)


def is_firth(numbers: dict[str, Any]) -> bool:
    """Tell whether a hazard ratio was estimated with Firth's correction."""
    return bool(numbers.get("hazard_ratio_method") == Method.FIRTH)


def firth_notes(records: Iterable[dict[str, Any]]) -> tuple[str, ...]:
    """Give the footnote on Firth's correction where any of the hazard ratios needs it."""
    return (FIRTH_NOTE,) if any(is_firth(numbers) for numbers in records) else ()


def say_hazard_p(numbers: dict[str, Any]) -> str:
    """Write the p value of a hazard ratio with the name of its test."""
    test = "penalised likelihood ratio" if is_firth(numbers) else "Wald"
    return f"{test} {say_p_equals(numbers['hazard_ratio_p_value'])}"


def say_difference(numbers: dict[str, Any]) -> str:
    """Write a difference of medians with its interval, or why there is none."""
    if "difference_months" not in numbers:
        return NOT_GIVEN
    if np.isnan(numbers["difference_months"]):
        return "median not reached"
    value = say_months(numbers["difference_months"], sign=True)
    if np.isnan(numbers["difference_lower_months"]):
        share = say_percent(numbers["replicates_without_median"])
        return f"{value}\n(no interval: median not reached\nin {share} of samples)"
    limits = (say_months(numbers[f"difference_{side}_months"], sign=True) for side in ("lower", "upper"))
    return f"{value} ({say_interval(*limits)})"


def say_gain(numbers: dict[str, Any]) -> str:
    """Write a difference of medians as a part of a sentence, unit included.

    Examples
    --------
    >>> say_gain({"difference_months": float("nan")})
    'no difference of medians, as one was not reached'
    """
    months, lower = (numbers.get(f"difference_{part}months", np.nan) for part in ("", "lower_"))
    if np.isnan(months):
        return "no difference of medians, as one was not reached"
    value = f"a difference of {say_months(months, sign=True)}"
    if np.isnan(lower):
        share = say_percent(numbers["replicates_without_median"])
        return f"{value} months (no interval: a median was not reached in {share} of the bootstrap samples)"
    limits = (say_months(numbers[f"difference_{side}_months"], sign=True) for side in ("lower", "upper"))
    return f"{value} ({say_interval(*limits)}) months"


def say_restricted(numbers: dict[str, Any]) -> str:
    """Write a difference of restricted means with interval and horizon."""
    if "rmst_difference_months" not in numbers or np.isnan(numbers["rmst_difference_months"]):
        return NOT_GIVEN
    limits = (say_months(numbers[f"rmst_{side}_months"], sign=True) for side in ("lower", "upper"))
    value = say_months(numbers["rmst_difference_months"], sign=True)
    return f"{value} ({say_interval(*limits)})\nwithin {numbers['rmst_tau_months']:.0f} months"


def say_survival_difference(numbers: dict[str, Any], month: int) -> str:
    """Write a difference of survival at a month in percentage points with its interval.

    Examples
    --------
    >>> key = "survival_difference_24_months"
    >>> say_survival_difference({key: 0.41, f"{key}_lower": 0.272, f"{key}_upper": -0.04}, 24)
    '+41 points (+27 to −4)'
    """
    key = f"survival_difference_{month}_months"
    found = [100 * numbers.get(f"{key}{ending}", np.nan) for ending in ("", "_lower", "_upper")]
    if np.isnan(found).any():
        return NOT_GIVEN
    value, *limits = (say_number(points, 0, sign=True) for points in found)
    return f"{value} points ({say_interval(*limits)})"


def say_hazard(numbers: dict[str, Any]) -> str:
    """Write a hazard ratio with its interval."""
    if "hazard_ratio" not in numbers:
        return NOT_GIVEN
    return say_ratio_with_interval(
        numbers["hazard_ratio"],
        numbers["hazard_ratio_lower"],
        numbers["hazard_ratio_upper"],
        how=FIRTH if is_firth(numbers) else "",
    )


def say_log_rank(numbers: dict[str, Any]) -> str:
    """Write the p value of the log-rank test."""
    return say_p(numbers.get("log_rank_p_value", float("nan")))


def say_difference_and_p(numbers: dict[str, Any]) -> str:
    """Write a difference with its interval, and the log-rank p below it."""
    if "difference_months" not in numbers:
        return NOT_GIVEN
    return f"{say_difference(numbers)}\n{say_p_equals(numbers['log_rank_p_value'])}"


def say_hazard_and_p(numbers: dict[str, Any]) -> str:
    """Write a hazard ratio with its interval, and its p below it."""
    if "hazard_ratio" not in numbers or np.isnan(numbers["hazard_ratio"]):
        return NOT_GIVEN
    return f"HR {say_hazard(numbers)}\n{say_p_equals(numbers['hazard_ratio_p_value'])}"
