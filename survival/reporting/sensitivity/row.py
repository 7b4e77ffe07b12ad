"""One sensitivity analysis: what was changed, on whom, and what the answer became."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from recist.errors import RecistError
from survival.cox import cox
from survival.landmark import landmark
from survival.partial_likelihood.result import Method
from survival.results import RowKind, ShownRow
from survival.words.comparison import FIRTH
from survival.words.wording import say_months_with_interval, say_p, say_ratio_with_interval

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    from survival.partial_likelihood.result import CoxFit

HAZARD_RATIO, MEDIAN, INTERACTION = "hazard ratio", "median, months", "interaction"
NOTHING = "–"
BAD = "bad"


@dataclass(frozen=True, slots=True, kw_only=True)
class SensitivityRow:
    """One analysis made otherwise.

    Attributes
    ----------
    key, label : str
    changed : str
        What differs from the main analysis, and what to know about it.
    measure : str
        ``hazard ratio``, ``median, months`` or ``interaction``.
    n, events : int
    value, lower, upper, p_value : float
        NaN where it cannot be given.
    how : str
        A word behind the interval, such as Firth.
    words : str
        The estimate as printed, where it is no plain estimate with its interval.
    further : tuple of (str, object)
        Other numbers of the analysis, by name.
    """

    key: str
    label: str
    changed: str
    measure: str = HAZARD_RATIO
    n: int = 0
    events: int = 0
    value: float = np.nan
    lower: float = np.nan
    upper: float = np.nan
    p_value: float = np.nan
    how: str = ""
    words: str = ""
    further: tuple[tuple[str, Any], ...] = ()

    @property
    def estimate(self) -> str:
        """The estimate with its interval, as printed."""
        if self.words:
            return self.words
        if self.measure == INTERACTION:
            return "p of interaction"
        if self.measure == MEDIAN:
            return say_months_with_interval(self.value, self.lower, self.upper) if self.n else NOTHING
        if np.isnan(self.value):
            return "not estimable"
        return say_ratio_with_interval(self.value, self.lower, self.upper, how=self.how)

    @property
    def is_threshold(self) -> bool:
        """Whether it draws the sides at another change from baseline."""
        return self.key.startswith(("rise_", "fall_"))

    @property
    def is_same_question(self) -> bool:
        """Whether it estimates the hazard ratio of the main analysis: not wrong, no interaction, the same sides."""
        is_other = self.is_threshold or self.label.endswith("(wrong)")
        return self.measure == HAZARD_RATIO and not is_other and not np.isnan(self.value)

    @property
    def numbers(self) -> dict[str, Any]:
        """Every number, by name."""
        return {
            "analysis": self.label,
            "changed": self.changed,
            "measure": self.measure,
            "n": self.n,
            "events": self.events,
            "value": self.value,
            "lower": self.lower,
            "upper": self.upper,
            "p_value": self.p_value,
            "method": self.how,
            **dict(self.further),
        }

    @property
    def shown(self) -> ShownRow:
        """The printed row."""
        counts = (str(self.n), str(self.events)) if self.n else (NOTHING, NOTHING)
        cells = (self.label, *counts, self.estimate, say_p(self.p_value), self.changed)
        return ShownRow(cells=cells, kind=RowKind.INDENTED)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Observed:
    """Overall survival with a side of response: one entry a subject of the cohort, in its order.

    Attributes
    ----------
    days, event, bad, known_days : numpy.ndarray
        Shape (n_subjects,); ``bad`` is NaN where the side is not known, ``known_days`` where there is no day of it.
    """

    days: NDArray[np.float64]
    event: NDArray[np.int64]
    bad: NDArray[np.float64]
    known_days: NDArray[np.float64]

    def own_entry(self, rows: ArrayLike | None = None) -> NDArray[np.bool_]:
        """Tell who can enter on the own day: side known, and under observation after it."""
        entered: NDArray[np.bool_] = ~np.isnan(self.bad) & (self.known_days < self.days)
        return entered if rows is None else entered & np.asarray(rows, dtype=bool)


def fit_or_none(
    time: ArrayLike,
    event: ArrayLike,
    columns: pd.DataFrame,
    *,
    start: ArrayLike | None,
    confidence: float,
    strata: ArrayLike | None = None,
) -> CoxFit | None:
    """Fit a Cox model, row by row in the order given; None where the data do not carry one."""
    days, happened = np.asarray(time, dtype="float64"), np.asarray(event, dtype="float64")
    entry = None if start is None else np.asarray(start, dtype="float64")
    try:
        return cox(days, happened, columns.reset_index(drop=True), start=entry, strata=strata, confidence=confidence)
    except RecistError:
        return None


def hazard_row(
    key: str, label: str, changed: str, fit: CoxFit | None, *, n: int = 0, events: int = 0
) -> SensitivityRow:
    """Make a row of the first term of a model; without a fit it says that nothing can be estimated."""
    if fit is None or fit.table.empty:
        return SensitivityRow(key=key, label=label, changed=changed, n=n, events=events)
    first = fit.table.iloc[0]
    return SensitivityRow(
        key=key,
        label=label,
        changed=changed,
        n=fit.n,
        events=fit.n_events,
        value=float(first["hazard_ratio"]),
        lower=float(first["lower"]),
        upper=float(first["upper"]),
        p_value=float(first["p_value"]),
        how=FIRTH if fit.method is Method.FIRTH else "",
    )


def own_entry_row(
    key: str, label: str, changed: str, seen: Observed, *, confidence: float, rows: ArrayLike | None = None
) -> SensitivityRow:
    """Estimate the hazard ratio with entry on the own day, in some of the subjects."""
    chosen = seen.own_entry(rows)
    n, events = int(chosen.sum()), int(seen.event[chosen].sum())
    fit = fit_or_none(
        seen.days[chosen],
        seen.event[chosen],
        pd.DataFrame({BAD: seen.bad[chosen]}),
        start=seen.known_days[chosen],
        confidence=confidence,
    )
    return hazard_row(key, label, changed, fit, n=n, events=events)


def landmark_row(
    key: str, label: str, changed: str, seen: Observed, *, at_days: int, confidence: float
) -> SensitivityRow:
    """Estimate the hazard ratio from a landmark."""
    rows = pd.DataFrame({"days": seen.days, "event": seen.event, BAD: seen.bad, "known_days": seen.known_days})
    kept = landmark(rows[rows[BAD].notna()], at_days, time="days", known_days="known_days").table
    fit = fit_or_none(kept["days"], kept["event"], kept[[BAD]], start=None, confidence=confidence)
    return hazard_row(key, label, changed, fit, n=len(kept), events=int(kept["event"].sum()))


def interaction_row(
    key: str,
    label: str,
    changed: str,
    seen: Observed,
    other: NDArray[np.float64],
    *,
    confidence: float,
) -> SensitivityRow:
    """Test whether the hazard ratio differs by another factor, 0 or 1: Wald's p of the product."""
    chosen = seen.own_entry(~np.isnan(other))
    bad, factor = seen.bad[chosen], other[chosen]
    columns = pd.DataFrame({BAD: bad, "other": factor, "product": bad * factor})
    n, events = int(chosen.sum()), int(seen.event[chosen].sum())
    fit = fit_or_none(
        seen.days[chosen], seen.event[chosen], columns, start=seen.known_days[chosen], confidence=confidence
    )
    found = None if fit is None else fit.table[fit.table["term"].eq("product")]
    p_value = np.nan if found is None or found.empty else float(found["p_value"].iloc[0])
    ratio = np.nan if found is None or found.empty else float(found["hazard_ratio"].iloc[0])
    return SensitivityRow(
        key=key,
        label=label,
        changed=changed,
        measure=INTERACTION,
        n=n,
        events=events,
        p_value=p_value,
        further=(("ratio_of_hazard_ratios", ratio),),
    )
