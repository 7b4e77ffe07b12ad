r"""Rubin's rules: one answer from the answers of several completed data sets.

With estimates :math:`Q_i` and variances :math:`U_i` of *m* data sets,

.. math::

    \bar Q = \tfrac1m \sum Q_i, \qquad T = \bar U + \left(1 + \tfrac1m\right) B, \qquad
    \lambda = \frac{(1 + 1/m) B}{T}

where :math:`\bar U` is the mean variance and *B* the variance between the estimates. Intervals and tests are those of a
*t* distribution with the degrees of freedom of Barnard and Rubin, :math:`\nu`, which never exceed those of the complete
data; the fraction of missing information is :math:`(r + 2/(\nu + 3))/(r + 1)` with :math:`r = (1 + 1/m) B / \bar U`.

All coefficients at once are tested by Li, Raghunathan and Rubin's D1: the Wald statistic of the pooled estimates with
the mean covariance, enlarged by one average *r*, against *F*.

References
----------
Rubin DB. Multiple Imputation for Nonresponse in Surveys. Wiley 1987. Barnard J, Rubin DB. Biometrika 1999;86:948-955.
Li KH, Raghunathan TE, Rubin DB. J Am Stat Assoc 1991;86:1065-1073.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from recist.errors import UsageError
from survival.bands import require_confidence
from survival.words.phrases import first_line, number_phrase, p_phrase
from survival.words.result_html import result_html

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import ArrayLike, NDArray

FEWEST = 2
"""Data sets below which nothing varies between them."""
FEW_DEGREES = 4
"""Degrees of freedom between data sets up to which D1 has a formula of its own."""
NO_VARIANCE = 1e-15


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Pooled:
    """Estimates pooled over completed data sets.

    Attributes
    ----------
    table : pandas.DataFrame
        ``term, estimate, standard_error, degrees_of_freedom, lower, upper, p_value, fraction_missing, lambda``; the
        last is the share of the variance that is due to what is missing.
    imputations : int
    covariance : numpy.ndarray
        Total covariance, shape (n_terms, n_terms).
    wald : WaldTest
        All terms at once.
    confidence : float
    """

    table: pd.DataFrame
    imputations: int
    covariance: NDArray[np.float64]
    wald: WaldTest
    confidence: float

    __repr__ = first_line

    def __str__(self) -> str:
        """Give one line a term."""
        return "\n".join(
            f"{row['term']}: {number_phrase(row['estimate'], 3)} ({100 * self.confidence:g} % CI "
            f"{number_phrase(row['lower'], 3)} to {number_phrase(row['upper'], 3)}), {p_phrase(row['p_value'])}, "
            f"{100 * row['fraction_missing']:.0f} % of the information missing"
            for row in self.table.to_dict("records")
        )

    def _repr_html_(self) -> str:
        return result_html(str(self), self.table, caption=f"Pooled over {self.imputations} completed data sets")


@dataclass(frozen=True, slots=True, kw_only=True)
class WaldTest:
    """Test of several pooled coefficients against 0: *F* on two numbers of degrees of freedom."""

    statistic: float
    numerator_degrees: int
    denominator_degrees: float
    p_value: float


def pool(
    estimates: ArrayLike,
    covariances: ArrayLike,
    *,
    complete_degrees_of_freedom: float = float("inf"),
    terms: Sequence[str] | None = None,
    confidence: float = 0.95,
) -> Pooled:
    """Pool estimates by Rubin's rules.

    Parameters
    ----------
    estimates : array-like
        Shape (m, n_terms).
    covariances : array-like
        Of the estimates in each data set, shape (m, n_terms, n_terms).
    complete_degrees_of_freedom : float
        What the analysis would have without anything missing; for a Cox model events minus terms.
    terms : sequence of str, optional
        Names; by default ``x1, x2, …``.
    confidence : float

    Returns
    -------
    Pooled

    Raises
    ------
    UsageError
        If the shapes do not belong together, there are fewer than two data sets, or the confidence is no share.

    Examples
    --------
    >>> from survival.rubin import pool
    >>> print(pool([[0.5], [0.7], [0.6]], [[[0.04]], [[0.05]], [[0.04]]], terms=["age"]))
    age: 0.600 (95 % CI 0.117 to 1.083), p = 0.016, 27 % of the information missing
    """
    require_confidence(confidence)
    estimate, covariance = _require_shapes(estimates, covariances)
    m, n_terms = estimate.shape
    mean, within = estimate.mean(axis=0), covariance.mean(axis=0)
    between = np.cov(estimate, rowvar=False).reshape(n_terms, n_terms)
    total = within + (1 + 1 / m) * between
    names = tuple(terms) if terms is not None else tuple(f"x{place + 1}" for place in range(n_terms))
    if len(names) != n_terms:
        raise UsageError(f"There are {n_terms} estimates but {len(names)} names of terms.")
    relative = (1 + 1 / m) * np.diag(between) / np.diag(within)
    return Pooled(
        table=_derive_table(
            names, mean, np.diag(total), relative, m=m, complete=complete_degrees_of_freedom, confidence=confidence
        ),
        imputations=m,
        covariance=total,
        wald=_test_together(mean, within, between, m),
        confidence=confidence,
    )


def _require_shapes(estimates: ArrayLike, covariances: ArrayLike) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Check that there is one finite covariance for each vector of estimates."""
    estimate, covariance = np.asarray(estimates, dtype=np.float64), np.asarray(covariances, dtype=np.float64)
    if estimate.ndim != 2 or covariance.shape != (*estimate.shape, estimate.shape[-1]):
        raise UsageError(
            f"Estimates have the shape {estimate.shape} and covariances {covariance.shape}; "
            "expected (data sets, terms) and (data sets, terms, terms)."
        )
    if len(estimate) < FEWEST:
        raise UsageError(f"Rubin's rules need at least {FEWEST} completed data sets; there is {len(estimate)}.")
    if not (np.isfinite(estimate).all() and np.isfinite(covariance).all()):
        raise UsageError("An estimate or a covariance is not a finite number; one of the models has no solution.")
    return estimate, covariance


def _derive_table(
    terms: tuple[str, ...],
    mean: NDArray[np.float64],
    variance: NDArray[np.float64],
    relative: NDArray[np.float64],
    *,
    m: int,
    complete: float,
    confidence: float,
) -> pd.DataFrame:
    """Lay out the terms with intervals and tests by *t*."""
    from scipy.special import stdtr, stdtrit

    share = relative / (1 + relative)
    freedom = compute_degrees_of_freedom(share, m, complete)
    error = np.sqrt(variance)
    width = stdtrit(freedom, 0.5 + confidence / 2) * error
    return pd.DataFrame(
        {
            "term": list(terms),
            "estimate": mean,
            "standard_error": error,
            "degrees_of_freedom": freedom,
            "lower": mean - width,
            "upper": mean + width,
            "p_value": 2 * stdtr(freedom, -np.abs(mean / error)),
            "fraction_missing": (relative + 2 / (freedom + 3)) / (1 + relative),
            "lambda": share,
        }
    )


def compute_degrees_of_freedom(share: NDArray[np.float64], m: int, complete: float) -> NDArray[np.float64]:
    r"""Give Barnard and Rubin's degrees of freedom.

    Parameters
    ----------
    share : numpy.ndarray
        :math:`\lambda`, shape (n_terms,).
    m : int
        Data sets.
    complete : float
        Degrees of freedom of the complete data; infinite gives Rubin's own.
    """
    old = (m - 1) / np.maximum(share, NO_VARIANCE) ** 2
    if np.isinf(complete):
        return np.asarray(old)
    observed = (complete + 1) / (complete + 3) * complete * (1 - share)
    return np.asarray(old * observed / (old + observed))


def _test_together(
    mean: NDArray[np.float64], within: NDArray[np.float64], between: NDArray[np.float64], m: int
) -> WaldTest:
    """Test all terms by D1."""
    from scipy.special import fdtrc

    k = len(mean)
    relative = max(float((1 + 1 / m) * np.trace(np.linalg.solve(within, between)) / k), NO_VARIANCE)
    statistic = float(mean @ np.linalg.solve(within, mean) / k / (1 + relative))
    freedom = k * (m - 1)
    if freedom > FEW_DEGREES:
        denominator = 4 + (freedom - 4) * (1 + (1 - 2 / freedom) / relative) ** 2
    else:
        denominator = freedom * (1 + 1 / k) * (1 + 1 / relative) ** 2 / 2
    return WaldTest(
        statistic=statistic,
        numerator_degrees=k,
        denominator_degrees=denominator,
        p_value=float(fdtrc(k, denominator, statistic)),
    )
