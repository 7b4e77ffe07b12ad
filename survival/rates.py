r"""Rates such as the response rate, with exact intervals.

Clopper-Pearson's limits are the beta quantiles

.. math:: B(\alpha/2;\, k,\, n - k + 1), \qquad B(1 - \alpha/2;\, k + 1,\, n - k)

Wilson's interval, shorter and right on average, stands beside it.

References
----------
Clopper CJ, Pearson ES. Biometrika 1934;26:404-413. Wilson EB. J Am Stat Assoc 1927;22:209-212.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt
from typing import TYPE_CHECKING, Any

import pandas as pd

from recist.errors import UsageError
from recist.rates import compute_exact_limits
from survival.bands import require_confidence
from survival.normal import two_sided_z
from survival.words.phrases import first_line, interval_phrase
from survival.words.result_html import result_html

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence


@dataclass(frozen=True, slots=True, kw_only=True)
class Rate:
    """A count out of a denominator.

    Attributes
    ----------
    count, n : int
    rate, lower, upper : float
        Share and its Clopper-Pearson interval, between 0 and 1.
    wilson_lower, wilson_upper : float
        Wilson's interval.
    confidence : float
    """

    count: int
    n: int
    rate: float
    lower: float
    upper: float
    wilson_lower: float
    wilson_upper: float
    confidence: float

    __repr__ = first_line

    def __str__(self) -> str:
        """Give ``142/200 = 71.0 % (95 % CI 64.2 to 77.2)``."""
        percent = (100 * value for value in (self.rate, self.lower, self.upper))
        return f"{self.count}/{self.n}, in percent " + interval_phrase(
            *percent, confidence=self.confidence, decimals=1, missing="not available"
        )

    def _repr_html_(self) -> str:
        caption = f"Rate with exact (Clopper-Pearson) and Wilson {100 * self.confidence:g} % CI"
        return result_html(str(self), pd.DataFrame([_as_row("", self)]).drop(columns="category"), caption=caption)


def rate(count: int, n: int, *, confidence: float = 0.95) -> Rate:
    """Compute a rate with its intervals.

    Parameters
    ----------
    count : int
        How many have it.
    n : int
        The denominator; 0 gives NaN throughout.

    Raises
    ------
    UsageError
        If the count is negative or above the denominator.

    Examples
    --------
    >>> from survival.rates import rate
    >>> print(rate(142, 200))
    142/200, in percent 71.0 (95 % CI 64.2 to 77.2)
    """
    require_confidence(confidence)
    if not 0 <= count <= n:
        raise UsageError(f"A rate needs 0 ≤ count ≤ n; found {count} of {n}.")
    lower, upper = compute_exact_limits(count, n, confidence=confidence)
    wilson_lower, wilson_upper = wilson(count, n, confidence)
    return Rate(
        count=count,
        n=n,
        rate=count / n if n else float("nan"),
        lower=lower,
        upper=upper,
        wilson_lower=wilson_lower,
        wilson_upper=wilson_upper,
        confidence=confidence,
    )


def rates(labels: Iterable[Any], *, order: Sequence[Any] | None = None, confidence: float = 0.95) -> pd.DataFrame:
    """Compute the rate of each category among the labels given.

    Parameters
    ----------
    labels : iterable
        One category a person; missing ones are left out of the denominator.
    order : sequence, optional
        Categories to list, in this order, with 0 where none occurs; a label that is not among them is still in the
        denominator. By default those that occur, sorted.

    Returns
    -------
    pandas.DataFrame
        ``category, count, n, rate, lower, upper, wilson_lower, wilson_upper``.

    Examples
    --------
    >>> from survival.rates import rates
    >>> rates(["SD", "PR", "SD", None], order=["CR", "PR", "SD", "PD"])[["category", "count", "n"]]
      category  count  n
    0       CR      0  3
    1       PR      1  3
    2       SD      2  3
    3       PD      0  3
    """
    known = pd.Series(list(labels), dtype=object).dropna()
    counts = known.value_counts()
    listed = sorted(counts.index) if order is None else list(order)
    rows = [
        _as_row(category, rate(int(counts.get(category, 0)), len(known), confidence=confidence)) for category in listed
    ]
    columns = ["category", "count", "n", "rate", "lower", "upper", "wilson_lower", "wilson_upper"]
    return pd.DataFrame(rows, columns=columns)


def _as_row(category: Any, value: Rate) -> dict[str, Any]:
    names = ("count", "n", "rate", "lower", "upper", "wilson_lower", "wilson_upper")
    return {"category": category} | {name: getattr(value, name) for name in names}


def wilson(count: int, n: int, confidence: float = 0.95) -> tuple[float, float]:
    """Compute Wilson's score interval of a share; NaN when n is 0.

    Examples
    --------
    >>> [round(limit, 3) for limit in wilson(142, 200)]
    [0.644, 0.768]
    """
    if n == 0:
        return float("nan"), float("nan")
    z, share = two_sided_z(confidence), count / n
    centre = (share + z**2 / (2 * n)) / (1 + z**2 / n)
    width = z / (1 + z**2 / n) * sqrt(share * (1 - share) / n + z**2 / (4 * n**2))
    return max(0.0, centre - width), min(1.0, centre + width)
