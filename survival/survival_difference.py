r"""How much higher the survival of one group is than another's at fixed times, such as 12, 24 and 36 months.

The difference has a normal interval with Greenwood's variances,

.. math:: S_1(t) - S_0(t) \pm z \sqrt{S_1^2 V_1 + S_0^2 V_0}

and a test on the scale of log(-log S), which keeps its level in small groups. The times are to be chosen before a look
at the curves. Where a group has no events yet, or none left alive, that scale has no value and there is no test.

References
----------
Klein JP, Logan B, Harhoff M, Andersen PK. Analyzing survival curves at a fixed point in time. Stat Med
2007;26:4505-4519.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from survival.bands import require_confidence
from survival.kaplan_meier import survival_curve
from survival.normal import normal_p_value, two_sided_z
from survival.times import Times, require_reference, require_sample
from survival.words.phrases import first_line, interval_phrase, p_phrase
from survival.words.result_html import result_html

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class SurvivalDifference:
    """Differences of survival at fixed times.

    Attributes
    ----------
    table : pandas.DataFrame
        Each group against the reference at each time: ``group, reference, time, survival, reference_survival,
        difference, lower, upper, p_value``; shares between 0 and 1, NaN beyond the follow-up of one of the two.
    confidence : float
    """

    table: pd.DataFrame
    confidence: float

    __repr__ = first_line

    def __str__(self) -> str:
        """Give one line a difference, in percent."""
        return "\n".join(
            f"{row['group']} minus {row['reference']} at {row['time']:g}: difference of survival in percent "
            + interval_phrase(
                *(100 * row[name] for name in ("difference", "lower", "upper")),
                confidence=self.confidence,
                decimals=1,
                missing="not estimable",
            )
            + f", {p_phrase(row['p_value'])}"
            for row in self.table.to_dict("records")
        )

    def _repr_html_(self) -> str:
        caption = f"Survival at fixed times and its differences, {100 * self.confidence:g} % CI"
        return result_html(str(self), self.table, caption=caption)


def survival_difference(
    time: ArrayLike,
    event: ArrayLike,
    group: ArrayLike,
    at: ArrayLike,
    *,
    start: ArrayLike | None = None,
    reference: object = None,
    confidence: float = 0.95,
) -> SurvivalDifference:
    """Subtract the reference group's survival at fixed times from each other group's.

    Parameters
    ----------
    time, event, group, start : array-like
        As in :func:`survival.kaplan_meier`, shape (n,) each.
    at : array-like
        The times, in the unit of ``time``, shape (n_times,).
    reference : label, optional
        Group to subtract; the first by default.
    confidence : float

    Returns
    -------
    SurvivalDifference

    Raises
    ------
    DataError
        If times are wrong or fewer than two groups occur.
    UsageError
        If the reference is not one of the groups.

    Examples
    --------
    >>> from survival.survival_difference import survival_difference
    >>> print(survival_difference([1, 2, 3, 4, 3, 5, 6, 7], [1, 1, 0, 1, 1, 0, 1, 1], list("aaaabbbb"), at=[2.5]))
    b minus a at 2.5: difference of survival in percent 50.0 (95 % CI 1.0 to 99.0), p not available
    """
    times, groups, _ = require_sample(time, event, start=start, group=group, fewest_groups=2)
    base = require_reference(groups, reference)
    z, ticks = two_sided_z(require_confidence(confidence)), np.atleast_1d(np.asarray(at, dtype=np.float64))
    read = [_read(times.where(rows), ticks) for _, rows in groups]
    parts = [
        _contrast(read[place], read[base], z).assign(group=[label] * len(ticks), time=ticks)
        for place, label in enumerate(groups.labels)
        if place != base
    ]
    table = pd.concat(parts, ignore_index=True).assign(reference=lambda rows: [groups.labels[base]] * len(rows))
    columns = ["group", "reference", "time", "survival", "reference_survival", "difference", "lower", "upper"]
    return SurvivalDifference(table=table[[*columns, "p_value"]], confidence=confidence)


def _read(times: Times, ticks: NDArray[np.float64]) -> pd.DataFrame:
    """Read survival and the variance of its logarithm at each tick; NaN beyond the last time of those still alive."""
    curve = survival_curve(times)
    row = np.searchsorted(curve["time"].to_numpy(), ticks, side="right")
    survival = np.concatenate([[1.0], curve["survival"].to_numpy()])[row]
    variance = np.concatenate([[0.0], curve["variance_log"].to_numpy()])[row]
    beyond = (ticks > curve["time"].iloc[-1]) & (survival > 0)
    return pd.DataFrame(
        {
            "survival": np.where(beyond, np.nan, survival),
            "variance_log": np.where(survival > 0, variance, 0.0),
        }
    )


def _contrast(mine: pd.DataFrame, base: pd.DataFrame, z: float) -> pd.DataFrame:
    """Give differences, intervals and tests of two groups."""
    first, second = mine["survival"].to_numpy(), base["survival"].to_numpy()
    spread = np.sqrt(first**2 * mine["variance_log"].to_numpy() + second**2 * base["variance_log"].to_numpy())
    width = np.where(spread > 0, z * spread, np.nan)
    difference = first - second
    return pd.DataFrame(
        {
            "survival": first,
            "reference_survival": second,
            "difference": difference,
            "lower": np.maximum(difference - width, -1),
            "upper": np.minimum(difference + width, 1),
            "p_value": [_test(*pair) for pair in zip(mine.to_numpy(), base.to_numpy(), strict=True)],
        }
    )


def _test(mine: NDArray[Any], base: NDArray[Any]) -> float:
    """Test equality on the scale of log(-log S); NaN where one of the two has no value there."""
    if not all(0 < survival < 1 for survival in (mine[0], base[0])):
        return float("nan")
    logs = np.log([mine[0], base[0]])
    spread = float(np.sqrt(mine[1] / logs[0] ** 2 + base[1] / logs[1] ** 2))
    return normal_p_value(float(np.log(-logs[0]) - np.log(-logs[1])) / spread)
