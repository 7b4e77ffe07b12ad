"""Percentages of change decided exactly: whole numbers are compared by product, never a rounded percentage."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import pandas as pd

SIGNIFICANT_DIGITS = 12
HUNDRED_PERCENT = 10_000  # in hundredths of a percent
SHOWN_DECIMALS = 2


def compute_change_pct(baseline: pd.Series, value: pd.Series) -> pd.Series:
    """Compute the change from baseline in percent, to two decimals, for tables and figures; no decision rests on it.

    NaN where either is not given, and where the baseline is 0.
    """
    change: pd.Series = 100.0 * (value - baseline) / baseline.where(baseline > 0)
    return change.round(SHOWN_DECIMALS)


def has_fallen(baseline: pd.Series, value: pd.Series, percent: float) -> pd.Series:
    """Say where `value` is at least `percent` below `baseline`; False where either is not given."""
    before, after = _as_whole_numbers(baseline, value)
    is_given = baseline.notna() & value.notna()
    return is_given & (after < before) & (HUNDRED_PERCENT * (before - after) >= _hundredths(percent) * before)


def has_risen(baseline: pd.Series, value: pd.Series, percent: float) -> pd.Series:
    """Say where `value` is at least `percent` above `baseline`; False where either is not given."""
    before, after = _as_whole_numbers(baseline, value)
    is_given = baseline.notna() & value.notna()
    return is_given & (after > before) & (HUNDRED_PERCENT * (after - before) >= _hundredths(percent) * before)


def _hundredths(percent: float) -> int:
    return round(100 * percent)


def _as_whole_numbers(baseline: pd.Series, value: pd.Series) -> tuple[pd.Series, pd.Series]:
    """Scale both by the same power of ten so that the larger has twelve digits: decimals become whole numbers.

    Each pair has its own power, so no unit loses digits.
    """
    is_given = baseline.notna() & value.notna()
    pair = [series.where(is_given, 0) for series in (baseline, value)]
    larger = pair[0].where(pair[0] >= pair[1], pair[1])
    power = SIGNIFICANT_DIGITS - 1 - np.floor(np.log10(larger.where(larger > 0, 1)))
    before, after = ((series * np.power(10.0, power)).round().astype("int64") for series in pair)
    return before, after
