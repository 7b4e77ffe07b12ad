"""Comparing two sides of a cohort: everything a reviewer asks of two curves, in one value.

A difference of medians never stands without its bootstrap interval, a hazard ratio never without its own.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from recist.errors import RecistError
from survival.cox import cox
from survival.curves import Sample, curve_numbers, estimate_curves
from survival.landmark import landmark
from survival.log_rank import log_rank
from survival.median_difference import median_difference
from survival.restricted_mean import longest_common_follow_up, restricted_mean
from survival.survival_difference import survival_difference
from survival.words.wording import DAYS_PER_MONTH

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from survival.options import ReportOptions
    from survival.partial_likelihood.result import CoxFit

DAYS_PER_YEAR = 365.25
BAD = "bad"
KNOWN_DAYS = "known_days"
DAYS = "days"
EVENT = "event"
HAZARD_KEYS = ("hazard_ratio", "hazard_ratio_lower", "hazard_ratio_upper", "hazard_ratio_p_value")


class Form(StrEnum):
    """From when two sides are compared."""

    FROM_INDEX = "from_index"
    LANDMARK = "landmark"
    OWN_ENTRY = "own_entry"
    OWN_CLOCK = "own_clock"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Sides:
    """Subjects of known side.

    Attributes
    ----------
    rows : pandas.DataFrame
        ``days, event, bad, known_days``: time, event, 1 on the bad side and 0 on the good, day that was known.
    good_name, bad_name : str
    """

    rows: pd.DataFrame
    good_name: str
    bad_name: str

    def sample(self) -> Sample:
        """Give times and names, the good side first."""
        bad = self.rows[BAD].to_numpy() == 1
        return Sample(
            days=self.rows[DAYS].to_numpy(dtype="float64"),
            event=self.rows[EVENT].to_numpy(dtype="int64"),
            group=np.where(bad, self.bad_name, self.good_name).astype(object),
            names=(self.good_name, self.bad_name),
        )


def make_sides(
    days: NDArray[np.float64],
    event: NDArray[np.int64],
    bad: NDArray[np.float64],
    known_days: NDArray[np.float64],
    *,
    good_name: str,
    bad_name: str,
) -> Sides:
    """Keep the subjects whose side is known; NaN in `bad` is not a side."""
    rows = pd.DataFrame({DAYS: days, EVENT: event, BAD: bad, KNOWN_DAYS: known_days})
    return Sides(rows=rows[rows[BAD].notna()].reset_index(drop=True), good_name=good_name, bad_name=bad_name)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Comparison:
    """Two sides compared.

    Attributes
    ----------
    form : Form
    sides : Sides
        With the clock of the form.
    numbers : dict
        Everything by name; times in months, NaN where it cannot be given.
    accounting : str
        Who is in it and who is not.
    """

    form: Form
    sides: Sides
    numbers: dict[str, Any]
    accounting: str

    @property
    def is_possible(self) -> bool:
        """Whether both sides have anybody."""
        return int(min(self.numbers["good_n"], self.numbers["bad_n"])) > 0


def compare_from_index(sides: Sides, options: ReportOptions) -> Comparison:
    """Compare from the index date, as if the side had been known then; true only for what was."""
    return _compare(Form.FROM_INDEX, sides, options, f"n = {len(sides.rows)}")


def compare_from_landmark(sides: Sides, at_days: int, options: ReportOptions) -> Comparison:
    """Compare those still observed after the landmark, by what was known on or before it; the clock restarts."""
    seen = landmark(sides.rows, at_days, time=DAYS, known_days=KNOWN_DAYS)
    kept = Sides(rows=seen.table.reset_index(drop=True), good_name=sides.good_name, bad_name=sides.bad_name)
    accounting = (
        f"{len(kept.rows)} of {seen.n_given}; {seen.n_ended} no longer under observation after day {at_days}, "
        f"{seen.n_unknown} assessed only after it"
    )
    found = _compare(Form.LANDMARK, kept, options, accounting)
    found.numbers.update(
        landmark_days=at_days, n_given=seen.n_given, n_ended=seen.n_ended, n_assessed_later=seen.n_unknown
    )
    return found


def compare_own_entry(sides: Sides, options: ReportOptions) -> Comparison:
    """Compare hazards, each subject entering on the day the own side was known (delayed entry)."""
    rows = sides.rows[sides.rows[KNOWN_DAYS] < sides.rows[DAYS]].reset_index(drop=True)
    kept = Sides(rows=rows, good_name=sides.good_name, bad_name=sides.bad_name)
    lost = len(sides.rows) - len(rows)
    numbers = _counts(kept) | _hazard(kept, options.confidence, start=rows[KNOWN_DAYS].to_numpy(dtype="float64"))
    left = f"; {lost} left on the day of assessment" if lost else ""
    return Comparison(form=Form.OWN_ENTRY, sides=kept, numbers=numbers, accounting=f"n = {len(rows)}{left}")


def compare_own_clock(sides: Sides, options: ReportOptions) -> Comparison:
    """Compare months lived from each subject's own day of assessment; the hazard ratio is that of delayed entry.

    Curves with delayed entry start on a handful of subjects, so that one early death can halve them. Counting from the
    own day credits nobody with the time before it and gives medians that all subjects of a side carry.
    """
    entered = compare_own_entry(sides, options)
    rows = entered.sides.rows
    restarted = Sides(
        rows=rows.assign(**{DAYS: rows[DAYS] - rows[KNOWN_DAYS]}), good_name=sides.good_name, bad_name=sides.bad_name
    )
    found = _compare(Form.OWN_CLOCK, restarted, options, entered.accounting)
    found.numbers.update(entered.numbers)
    return found


def _counts(sides: Sides) -> dict[str, Any]:
    bad = sides.rows[BAD].eq(1)
    event = sides.rows[EVENT]
    return {
        "good_n": int((~bad).sum()),
        "good_events": int(event[~bad].sum()),
        "bad_n": int(bad.sum()),
        "bad_events": int(event[bad].sum()),
    }


def _compare(form: Form, sides: Sides, options: ReportOptions, accounting: str) -> Comparison:
    numbers = _counts(sides)
    if min(numbers["good_n"], numbers["bad_n"]) > 0:
        numbers |= _medians(sides, options)
        numbers |= _differences(sides, options)
        numbers |= _hazard(sides, options.confidence)
    return Comparison(form=form, sides=sides, numbers=numbers, accounting=accounting)


def _medians(sides: Sides, options: ReportOptions) -> dict[str, Any]:
    sample = sides.sample()
    records = curve_numbers(sample, estimate_curves(sample, options.confidence), options.survival_at_months)
    return {
        f"{side}_{name}": value
        for side, record in zip(("good", "bad"), records, strict=True)
        for name, value in record.items()
        if name not in {"group", "n", "events"}
    }


def _differences(sides: Sides, options: ReportOptions) -> dict[str, Any]:
    sample = sides.sample()
    labels = sample.labels((sides.bad_name, sides.good_name))
    boot = median_difference(
        sample.days,
        sample.event,
        labels,
        reference=sides.bad_name,
        replicates=options.bootstrap,
        seed=options.seed,
        confidence=options.confidence,
    ).table.iloc[0]
    test = log_rank(sample.days, sample.event, labels)
    return {
        "difference_months": boot["difference"] / DAYS_PER_MONTH,
        "difference_lower_months": boot["lower"] / DAYS_PER_MONTH,
        "difference_upper_months": boot["upper"] / DAYS_PER_MONTH,
        "replicates_without_median": boot["share_not_reached"],
        "log_rank_statistic": test.statistic,
        "log_rank_p_value": test.p_value,
        **_restricted(sample, labels, options.confidence),
        **_at_months(sample, labels, options),
    }


def _at_months(sample: Sample, labels: pd.Categorical, options: ReportOptions) -> dict[str, Any]:
    """Subtract the bad side's survival at each month of the settings from the good side's."""
    months = options.survival_at_months
    days = [month * DAYS_PER_MONTH for month in months]
    table = survival_difference(
        sample.days,
        sample.event,
        np.asarray(labels),
        days,
        reference=labels.categories[0],
        confidence=options.confidence,
    ).table
    names = {"difference": "", "lower": "_lower", "upper": "_upper", "p_value": "_p_value"}
    return {
        f"survival_difference_{month}_months{ending}": float(row[name])
        for month, row in zip(months, table.to_dict("records"), strict=True)
        for name, ending in names.items()
    }


def _restricted(sample: Sample, labels: pd.Categorical, confidence: float) -> dict[str, Any]:
    names = ("difference", "lower", "upper", "p_value")
    keys = ("rmst_difference_months", "rmst_lower_months", "rmst_upper_months", "rmst_p_value")
    horizon = longest_common_follow_up(sample.days, np.asarray(labels), step=DAYS_PER_YEAR)
    horizon = horizon or longest_common_follow_up(sample.days, np.asarray(labels))
    try:
        row = restricted_mean(sample.days, sample.event, labels, horizon, confidence=confidence).differences.iloc[0]
    except RecistError:
        return {"rmst_tau_months": horizon / DAYS_PER_MONTH} | dict.fromkeys(keys, np.nan)
    values = [row[name] / (1 if name == "p_value" else DAYS_PER_MONTH) for name in names]
    return {"rmst_tau_months": horizon / DAYS_PER_MONTH} | dict(zip(keys, values, strict=True))


def _hazard(sides: Sides, confidence: float, *, start: NDArray[np.float64] | None = None) -> dict[str, Any]:
    rows = sides.rows
    try:
        fit = cox(rows[DAYS], rows[EVENT], rows[[BAD]], start=start, confidence=confidence)
    except RecistError:
        return dict.fromkeys(HAZARD_KEYS, np.nan)
    return hazard_record(fit)


def hazard_record(fit: CoxFit) -> dict[str, Any]:
    """Take the hazard ratio of a model's first term, its interval and p value, and how it was estimated."""
    values = (float(fit.table[name].iloc[0]) for name in ("hazard_ratio", "lower", "upper", "p_value"))
    return dict(zip(HAZARD_KEYS, values, strict=True)) | {"hazard_ratio_method": str(fit.method)}
