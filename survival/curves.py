"""From estimated curves to what is drawn and printed: steps in months, counts on the ticks, medians and survival."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from survival.figures.kaplan_meier import Curve, CurvePlot, axis_ticks
from survival.kaplan_meier import kaplan_meier
from survival.words.wording import DAYS_PER_MONTH, say_interval, say_months_with_interval, say_percent

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from survival.kaplan_meier import KaplanMeier

SHOWN_AT_RISK = 5
SHOWN_SHARE = 0.05
WHOLE = "All"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Sample:
    """Times to an event, in groups.

    Attributes
    ----------
    days, event : ndarray of shape (n_subjects,)
    group : ndarray of shape (n_subjects,) or None
        Names of the groups.
    names : tuple of str
        The groups in the order they are shown.
    """

    days: NDArray[np.float64]
    event: NDArray[np.int64]
    group: NDArray[np.object_] | None = None
    names: tuple[str, ...] = (WHOLE,)

    def members(self, name: str) -> NDArray[np.bool_]:
        """Tell who is in a group."""
        return np.ones(len(self.days), dtype=bool) if self.group is None else self.group == name

    def labels(self, order: Sequence[str]) -> pd.Categorical:
        """Give everybody's group as a categorical in a chosen order."""
        names = np.full(len(self.days), WHOLE) if self.group is None else self.group
        return pd.Categorical(names, categories=list(order))


def estimate_curves(sample: Sample, confidence: float) -> KaplanMeier:
    """Estimate the curve of each group, time in days."""
    group = None if sample.group is None else sample.labels(sample.names)
    return kaplan_meier(sample.days, sample.event, group=group, confidence=confidence)


def last_shown_month(sample: Sample) -> float:
    """Choose where the axis ends: where fewer than 5 % of the subjects, or than five, are left at risk."""
    latest = np.sort(sample.days)[::-1]
    fewest = max(SHOWN_AT_RISK, round(SHOWN_SHARE * len(latest)))
    end = latest[min(fewest, len(latest)) - 1]
    return max(float(end) / DAYS_PER_MONTH, 1.0)


def plot_curves(
    sample: Sample, estimate: KaplanMeier, *, time_label: str, value_label: str, note: str = ""
) -> CurvePlot:
    """Lay estimated curves out for drawing."""
    last = last_shown_month(sample)
    ticks = axis_ticks(last)
    counts = estimate.risk_table(ticks * DAYS_PER_MONTH)
    width = len(ticks)
    medians = estimate.quantiles()["value"].to_numpy() / DAYS_PER_MONTH
    curves = tuple(
        _curve(name, table, counts.iloc[place * width : (place + 1) * width], float(medians[place]))
        for place, (name, (_, table)) in enumerate(zip(sample.names, estimate.curves(), strict=True))
    )
    return CurvePlot(
        curves=curves,
        ticks_months=ticks,
        last_month=last * 1.02,
        time_label=time_label,
        value_label=value_label,
        note=note,
    )


def _curve(name: str, table: pd.DataFrame, counts: pd.DataFrame, median_months: float) -> Curve:
    months = np.concatenate([[0.0], table["time"].to_numpy() / DAYS_PER_MONTH])
    survival = np.concatenate([[1.0], table["survival"].to_numpy()])
    before = table["events"].cumsum().eq(0).to_numpy()
    lower = np.concatenate([[1.0], np.where(before, 1.0, table["lower"].to_numpy())])
    upper = np.concatenate([[1.0], np.where(before, 1.0, table["upper"].to_numpy())])
    censored = table[table["censored"] > 0]
    return Curve(
        label=name,
        months=months,
        survival=survival,
        lower=lower,
        upper=upper,
        censored_months=censored["time"].to_numpy() / DAYS_PER_MONTH,
        censored_survival=censored["survival"].to_numpy(),
        counts=counts[["at_risk", "censored", "events"]].to_numpy().T,
        median_months=median_months,
    )


def curve_numbers(sample: Sample, estimate: KaplanMeier, months: Sequence[int]) -> list[dict[str, Any]]:
    """Give n, events, median and survival at chosen months of every group, times in months."""
    medians = estimate.quantiles(0.5)
    read = estimate.at(np.asarray(months, dtype="float64") * DAYS_PER_MONTH)
    width = len(months)
    records = []
    for place, name in enumerate(sample.names):
        members = sample.members(name)
        median = medians.iloc[place]
        record: dict[str, Any] = {
            "group": name,
            "n": int(members.sum()),
            "events": int(sample.event[members].sum()),
            "median_months": median["value"] / DAYS_PER_MONTH,
            "median_lower_months": median["lower"] / DAYS_PER_MONTH,
            "median_upper_months": median["upper"] / DAYS_PER_MONTH,
        }
        at = read.iloc[place * width : (place + 1) * width]
        for month, row in zip(months, at.itertuples(), strict=True):
            record |= {
                f"survival_{month}_months": row.survival,
                f"survival_{month}_months_lower": row.lower,
                f"survival_{month}_months_upper": row.upper,
            }
        records.append(record)
    return records


def say_median(record: dict[str, Any]) -> str:
    """Write the median of a group with its interval."""
    return say_months_with_interval(
        record["median_months"], record["median_lower_months"], record["median_upper_months"]
    )


def say_median_months(record: dict[str, Any]) -> str:
    """Write the median of a group with its interval and its unit, as a part of a sentence.

    Examples
    --------
    >>> nan = float("nan")
    >>> say_median_months({"median_months": nan, "median_lower_months": 12, "median_upper_months": nan})
    'not reached (12.0 months to not reached)'
    """
    if not np.isnan(record["median_months"]):
        return f"{say_median(record)} months"
    return say_median(record).replace(" to not", " months to not")


def say_survival(record: dict[str, Any], month: int) -> str:
    """Write the survival of a group at a month with its interval; a dash beyond the last follow-up."""
    stem = f"survival_{month}_months"
    return say_share(record[stem], record[f"{stem}_lower"], record[f"{stem}_upper"])


def say_share(share: float, lower: float, upper: float) -> str:
    """Write a share in whole per cent with its interval; a dash where there is none.

    Examples
    --------
    >>> say_share(0.704, 0.641, 0.758), say_share(float("nan"), 0, 1)
    ('70 % (64–76)', '–')
    """
    if np.isnan(share):
        return "–"
    if np.isnan(lower) or np.isnan(upper):
        return say_percent(share)
    return f"{say_percent(share)} ({say_interval(f'{100 * lower:.0f}', f'{100 * upper:.0f}')})"
