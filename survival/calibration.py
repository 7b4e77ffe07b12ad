r"""Whether predicted survival comes true: groups of predicted risk beside what was observed.

People are cut into groups by their predicted survival at one time, and each group's mean prediction is set beside its
Kaplan-Meier survival then. In the large, the observed share of events over the predicted one should be 1. The
calibration slope is the coefficient of :math:`\log(-\log \hat S)` in a Cox model: 1 when predictions spread rightly,
below 1 when they are too extreme.

On the very people the model was fitted to the slope is 1 by construction and the groups agree too well: such apparent
calibration is optimistic. Judge a model on other people.

References
----------
van Houwelingen HC. Stat Med 2000;19:3401-3415. Crowson CS, Atkinson EJ, Therneau TM. Stat Methods Med Res
2016;25:1692-1706. Royston P, Altman DG. BMC Med Res Methodol 2013;13:33.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from recist.errors import UsageError
from survival.alignment import require_same_index
from survival.bands import require_confidence
from survival.cox import cox
from survival.kaplan_meier import kaplan_meier
from survival.times import numbers, require_same_length, require_times
from survival.words.phrases import first_line, interval_phrase
from survival.words.result_html import result_html

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import ArrayLike, NDArray

APPARENT = "Judged on the people the model was fitted to, calibration is optimistic: judge it on others."
ROUNDING = 1e-12
"""Predictions closer than this to 0 or 1 are moved there before their logarithms are taken."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Calibration:
    """Predicted beside observed survival at one time.

    Attributes
    ----------
    table : pandas.DataFrame
        ``group, n, predicted, observed, lower, upper``: groups of rising predicted survival, mean predicted survival,
        and Kaplan-Meier survival with its log-log interval (NaN beyond the group's last time; no interval for a
        group without an event by then).
    at : float
    n, n_missing : int
        People judged, and people left out because they have no prediction.
    slope, slope_lower, slope_upper : float
        Calibration slope with its Wald interval; NaN when it cannot be estimated.
    ratio, ratio_lower, ratio_upper : float
        Calibration in the large: observed over predicted share with the event by then.
    confidence : float
    messages : tuple of str
    """

    table: pd.DataFrame
    at: float
    n: int
    n_missing: int
    slope: float
    slope_lower: float
    slope_upper: float
    ratio: float
    ratio_lower: float
    ratio_upper: float
    confidence: float
    messages: tuple[str, ...]

    __repr__ = first_line

    def __str__(self) -> str:
        """Give the slope and the ratio, then what to beware of."""
        slope = interval_phrase(
            self.slope, self.slope_lower, self.slope_upper, confidence=self.confidence, missing="not available"
        )
        ratio = interval_phrase(
            self.ratio, self.ratio_lower, self.ratio_upper, confidence=self.confidence, missing="not available"
        )
        return "\n".join(
            [f"Calibration at {self.at:g} (n = {self.n}): observed/predicted {ratio}; slope {slope}", *self.messages]
        )

    def _repr_html_(self) -> str:
        """Show the figures and the groups in a notebook."""
        caption = f"Predicted and observed survival at {self.at:g}, {100 * self.confidence:g} % CI"
        return result_html(str(self).splitlines()[0], self.table, caption=caption, messages=self.messages)


def calibration(
    predicted: ArrayLike,
    time: ArrayLike,
    event: ArrayLike,
    *,
    at: float,
    groups: int = 5,
    start: ArrayLike | None = None,
    confidence: float = 0.95,
) -> Calibration:
    """Set predicted beside observed survival.

    Parameters
    ----------
    predicted : array-like
        Predicted survival of each person at ``at``, between 0 and 1, shape (n,), as from
        :func:`survival.prediction.predict_survival`. People without a prediction are left out and counted.
    time, event, start : array-like
        As in :func:`survival.cox.cox`; what became of these people.
    at : float
        Time, in the unit of ``time``.
    groups : int
        Groups of predicted survival, cut at its quantiles; equal predictions stay together, so there may be fewer.
    confidence : float

    Returns
    -------
    Calibration

    Raises
    ------
    DataError
        If times are wrong.
    UsageError
        If predictions are not between 0 and 1, or nobody has one.
    """
    require_same_index({"time": time, "predicted": predicted})
    times, sure = require_times(time, event, start=start), require_confidence(confidence)
    shares = numbers(predicted, "predicted")
    require_same_length({"time": times.stop, "predicted": shares})
    known = np.isfinite(shares)
    _require_shares(shares[known], groups)
    entry = None if start is None else np.maximum(times.start[known], 0.0)
    sample = _Sample(
        shares=shares[known], time=times.stop[known], event=times.event[known], start=entry, at=at, confidence=sure
    )
    slope, ratio = _compute_slope(sample), _compute_ratio(sample)
    missing, table = int((~known).sum()), _compare_groups(sample, groups)
    return Calibration(
        table=table,
        at=at,
        n=int(known.sum()),
        n_missing=missing,
        slope=slope[0],
        slope_lower=slope[1],
        slope_upper=slope[2],
        ratio=ratio[0],
        ratio_lower=ratio[1],
        ratio_upper=ratio[2],
        confidence=sure,
        messages=tuple(_say(missing, table)),
    )


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Sample:
    """People with a prediction, and what became of them."""

    shares: NDArray[np.float64]
    time: NDArray[np.float64]
    event: NDArray[np.bool_]
    start: NDArray[np.float64] | None
    at: float
    confidence: float

    def observe(self, rows: NDArray[np.bool_]) -> tuple[float, float, float]:
        """Estimate survival of some rows, with its interval."""
        start = None if self.start is None else self.start[rows]
        curve = kaplan_meier(self.time[rows], self.event[rows], start=start, confidence=self.confidence)
        found = curve.at([self.at]).iloc[0]
        observed = float(found["survival"])
        if observed == 1:
            return observed, np.nan, np.nan
        return observed, float(found["lower"]), float(found["upper"])


def _require_shares(shares: NDArray[np.float64], groups: int) -> None:
    """Stop at what cannot be predicted survival."""
    if shares.size == 0:
        raise UsageError("Nobody has a prediction.")
    if ((shares < 0) | (shares > 1)).any():
        raise UsageError("predicted must be survival between 0 and 1 (0.7, not 70).")
    if groups < 1:
        raise UsageError("groups must be at least 1.")


def _say(missing: int, table: pd.DataFrame) -> Iterator[str]:
    """Say what to beware of."""
    if missing:
        yield f"{missing} without a prediction left out."
    if (table["observed"] == 1).any():
        yield "A group without an event by then has no interval: its survival of 1 is not certain."
    yield APPARENT


def _compare_groups(sample: _Sample, groups: int) -> pd.DataFrame:
    """Set mean prediction and Kaplan-Meier survival of each group side by side."""
    cuts = np.quantile(sample.shares, np.linspace(0, 1, groups + 1)[1:-1])
    codes = np.unique(np.searchsorted(cuts, sample.shares, side="left"), return_inverse=True)[1]
    rows = []
    for code in range(int(codes.max()) + 1):
        mine = codes == code
        observed, lower, upper = sample.observe(mine)
        rows.append((code + 1, int(mine.sum()), float(sample.shares[mine].mean()), observed, lower, upper))
    return pd.DataFrame(rows, columns=["group", "n", "predicted", "observed", "lower", "upper"])


def _compute_slope(sample: _Sample) -> tuple[float, float, float]:
    """Estimate the calibration slope, with its interval."""
    kept = np.clip(sample.shares, ROUNDING, 1 - ROUNDING)
    index = np.log(-np.log(kept))
    if np.ptp(index) == 0 or not sample.event.any():
        return np.nan, np.nan, np.nan
    fit = cox(sample.time, sample.event, index, start=sample.start, confidence=sample.confidence)
    row = fit.table.iloc[0]
    return float(row["coefficient"]), float(np.log(row["lower"])), float(np.log(row["upper"]))


def _compute_ratio(sample: _Sample) -> tuple[float, float, float]:
    """Divide the observed by the predicted share with the event."""
    observed, lower, upper = sample.observe(np.ones(len(sample.shares), dtype=bool))
    expected = float(np.mean(1 - sample.shares))
    if expected == 0:
        return np.nan, np.nan, np.nan
    return (1 - observed) / expected, (1 - upper) / expected, (1 - lower) / expected
