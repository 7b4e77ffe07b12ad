"""Natural cubic splines: a smooth effect of a continuous covariate, a straight line beyond its boundary knots.

The basis is that of R's ``splines::ns`` without intercept: cubic B-splines less the first, turned so that the second
derivative is 0 at the boundary knots. Inner knots are quantiles, boundary knots the range, and all are stated.

References
----------
Hastie TJ, Tibshirani RJ. Generalized Additive Models. Chapman and Hall 1990. Harrell FE. Regression Modeling
Strategies. Springer 2015.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from recist.errors import UsageError
from survival.normal import chi_squared_p_value
from survival.words.phrases import p_phrase

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import ArrayLike, NDArray

    from survival.partial_likelihood.result import CoxFit

ORDER = 4
"""Of cubic B-splines."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NonLinearity:
    """Likelihood-ratio test of a curve against a straight line."""

    statistic: float
    degrees_of_freedom: int
    p_value: float

    def __str__(self) -> str:
        """Give one line."""
        return f"Non-linearity: χ² = {self.statistic:.2f} on {self.degrees_of_freedom} df, {p_phrase(self.p_value)}"


def natural_spline(
    values: ArrayLike | pd.Series[Any],
    *,
    degrees_of_freedom: int = 3,
    knots: Sequence[float] | None = None,
    boundary: tuple[float, float] | None = None,
    name: str,
) -> pd.DataFrame:
    """Lay a continuous covariate out as the columns of a natural cubic spline.

    Parameters
    ----------
    values : array-like
        Shape (n,); missing values stay missing.
    degrees_of_freedom : int
        Number of columns; the inner knots, one fewer, are at equally spaced quantiles. Not used when knots are given.
    knots : sequence of float, optional
        Inner knots.
    boundary : tuple of float, optional
        Boundary knots; by default the range of the values.
    name : str
        What the covariate is called.

    Returns
    -------
    pandas.DataFrame
        Columns ``name spline 1`` and so on, with the index of the values. Its ``attrs`` hold ``name``, ``knots`` and
        ``boundary``: give the latter two back to evaluate the same columns at other values, as for prediction, and see
        :func:`say_knots`.

    Raises
    ------
    UsageError
        If the values or knots do not allow it.

    Examples
    --------
    >>> print(say_knots(natural_spline([40, 50, 55, 60, 80], degrees_of_freedom=2, name="age")))
    age: natural cubic spline with 2 degrees of freedom, inner knots 55, boundary knots 40 and 80
    """
    series = values if isinstance(values, pd.Series) else pd.Series(np.asarray(values, dtype=np.float64))
    numbers: NDArray[np.float64] = np.asarray(series.to_numpy(dtype=np.float64, na_value=np.nan), dtype=np.float64)
    known = numbers[np.isfinite(numbers)]
    if known.size == 0:
        raise UsageError(f"{name} has no value to lay a spline through.")
    low, high = boundary or (float(known.min()), float(known.max()))
    inner = _choose_knots(known[(known >= low) & (known <= high)], degrees_of_freedom) if knots is None else knots
    chosen = tuple(sorted(float(knot) for knot in inner))
    _require_knots(name, chosen, low, high)
    basis = np.full((len(numbers), len(chosen) + 1), np.nan)
    basis[np.isfinite(numbers)] = _compute_basis(known, np.array(chosen), (low, high))
    titles = [f"{name} spline {number}" for number in range(1, basis.shape[1] + 1)]
    frame = pd.DataFrame(basis, index=series.index, columns=titles)
    frame.attrs = {"name": name, "knots": chosen, "boundary": (low, high)}
    return frame


def say_knots(spline: pd.DataFrame) -> str:
    """State the knots of a spline's columns, as Methods need to."""
    inner = ", ".join(f"{knot:g}" for knot in spline.attrs["knots"]) or "none"
    low, high = spline.attrs["boundary"]
    return (
        f"{spline.attrs['name']}: natural cubic spline with {spline.shape[1]} degrees of freedom, inner knots {inner}, "
        f"boundary knots {low:g} and {high:g}"
    )


def compare_with_line(curved: CoxFit, straight: CoxFit) -> NonLinearity:
    """Compare a model with the spline to the same model with the covariate as a straight line.

    Parameters
    ----------
    curved, straight : CoxFit
        Fitted to the same rows.

    Raises
    ------
    UsageError
        If the rows differ, or the curve has no more terms than the line.
    """
    freedom = len(curved.model.terms) - len(straight.model.terms)
    if not np.array_equal(curved.model.rows, straight.model.rows):
        raise UsageError("The two models were not fitted to the same rows; leave out those with missing values first.")
    if freedom < 1 or curved.method is not straight.method:
        raise UsageError("The curve needs more terms than the straight line, fitted in the same way.")
    statistic = 2 * (curved.log_likelihood - straight.log_likelihood)
    p_value = chi_squared_p_value(statistic, freedom)
    return NonLinearity(statistic=statistic, degrees_of_freedom=freedom, p_value=p_value)


def _choose_knots(values: NDArray[np.float64], degrees_of_freedom: int) -> list[float]:
    """Choose inner knots at equally spaced quantiles (R's type 7)."""
    if degrees_of_freedom < 1:
        raise UsageError("A spline needs at least 1 degree of freedom.")
    shares = np.linspace(0, 1, degrees_of_freedom + 1)[1:-1]
    return [float(knot) for knot in np.quantile(values, shares)]


def _require_knots(name: str, knots: tuple[float, ...], low: float, high: float) -> None:
    """Stop at knots that coincide or lie outside."""
    every = (low, *knots, high)
    if any(right <= left for left, right in pairwise(every)):
        listed = ", ".join(f"{knot:g}" for knot in every)
        raise UsageError(f"The knots of {name} ({listed}) must rise; give fewer degrees of freedom, or other knots.")


def _compute_basis(
    values: NDArray[np.float64], knots: NDArray[np.float64], boundary: tuple[float, float]
) -> NDArray[np.float64]:
    """Evaluate the basis, straight beyond the boundary, shape (n, n_knots + 1)."""
    from scipy.interpolate import BSpline

    every = np.concatenate([np.repeat(boundary[0], ORDER), knots, np.repeat(boundary[1], ORDER)])
    splines = BSpline(every, np.eye(len(every) - ORDER), ORDER - 1)
    inside = np.clip(values, *boundary)
    basis = splines(inside) + splines(inside, nu=1) * (values - inside)[:, None]
    bends = splines(np.array(boundary), nu=2)[:, 1:]
    turned = np.linalg.qr(bends.T, mode="complete")[0]
    return np.asarray(basis[:, 1:] @ turned[:, 2:])
