r"""Turnbull's self-consistency as an EM algorithm, run until the maximum is proven.

Each innermost interval *j* has mass :math:`s_j`; person *i* covers a run of them with mass :math:`p_i`. The gradient

.. math:: d_j = \frac{1}{n} \sum_{i \ni j} \frac{1}{p_i}, \qquad s_j \leftarrow s_j d_j

tells how far the log-likelihood is from its maximum: by at most :math:`n(\max_j d_j - 1)`, since it is concave. At the
maximum every :math:`d_j \le 1`, with equality wherever there is mass (Gentleman and Geyer's form of the conditions of
Kuhn and Tucker). No other masses reach it: every innermost interval ends where a person's run of them ends, so the runs
have full column rank. The steps are lengthened by squared extrapolation, which changes the path and not the goal.

References
----------
Turnbull BW. J R Stat Soc B 1976;38:290-295. Gentleman R, Geyer CJ. Biometrika 1994;81:618-623.
Varadhan R, Roland C. Scand J Stat 2008;35:335-353 (squared extrapolation).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from recist.errors import RecistError

if TYPE_CHECKING:
    from numpy.typing import NDArray

TOLERANCE = 1e-10
"""Largest excess of the gradient over 1 at which the maximum counts as found."""
MOST_STEPS = 200_000
FADING_MASS, FADING_GRADIENT = 1e-4, 1e-6
"""Less mass than this, at a gradient this far below 1, is on its way to nothing: it is taken away, and the maximum
proven without it."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Cover:
    """Which innermost intervals each person covers, persons alike counted together.

    Attributes
    ----------
    first, last : numpy.ndarray
        Run of innermost intervals, inclusive, shape (n_kinds,).
    weight : numpy.ndarray
        Persons of each kind, shape (n_kinds,).
    n_intervals : int
    """

    first: NDArray[np.int64]
    last: NDArray[np.int64]
    weight: NDArray[np.float64]
    n_intervals: int

    def masses(self, s: NDArray[np.float64]) -> NDArray[np.float64]:
        """Sum the mass that each kind of person covers, shape (n_kinds,)."""
        total = np.concatenate([[0.0], np.cumsum(s)])
        return np.asarray(total[self.last + 1] - total[self.first])

    def gradient(self, s: NDArray[np.float64]) -> NDArray[np.float64]:
        """Compute the gradient d, shape (n_intervals,)."""
        share = self.weight / (self.masses(s) * self.weight.sum())
        opened = np.bincount(self.first, share, self.n_intervals)
        closed = np.bincount(self.last + 1, share, self.n_intervals + 1)[: self.n_intervals]
        return np.asarray(np.cumsum(opened - closed))

    def log_likelihood(self, s: NDArray[np.float64]) -> float:
        """Compute the log-likelihood."""
        return float(self.weight @ np.log(self.masses(s)))


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Maximum:
    """Masses that maximise the likelihood, with the proof.

    Attributes
    ----------
    mass : numpy.ndarray
        Shape (n_intervals,).
    largest_excess : float
        Largest gradient minus 1: at most ``TOLERANCE``.
    steps : int
    """

    mass: NDArray[np.float64]
    largest_excess: float
    steps: int


def maximise(cover: Cover) -> Maximum:
    """Find the masses of largest likelihood.

    Raises
    ------
    RecistError
        If the maximum is not reached within ``MOST_STEPS`` steps.
    """
    full, steps = _climb(cover, np.full(cover.n_intervals, 1 / cover.n_intervals))
    fading = (full < FADING_MASS) & (cover.gradient(full) < 1 - FADING_GRADIENT)
    thinned = np.where(fading, 0.0, full) / full[~fading].sum()
    lean, more = _climb(cover, thinned if (cover.masses(thinned) > 0).all() else full)
    s = lean if cover.gradient(lean).max() - 1 <= TOLERANCE else full
    gradient = cover.gradient(s)
    return Maximum(
        mass=s,
        largest_excess=float(gradient.max() - 1),
        steps=steps + more,
    )


def _climb(cover: Cover, s: NDArray[np.float64]) -> tuple[NDArray[np.float64], int]:
    """Raise the likelihood until no interval that has mass would take more; intervals without mass stay without."""
    for step in range(MOST_STEPS):
        gradient = cover.gradient(s)
        if gradient[s > 0].max() - 1 <= TOLERANCE:
            return s, step
        s = _leap(cover, s, s * gradient)
    raise RecistError(f"The curve of interval-censored times did not converge in {MOST_STEPS} steps.")


def _leap(cover: Cover, s: NDArray[np.float64], once: NDArray[np.float64]) -> NDArray[np.float64]:
    """Extrapolate two EM steps, and follow with one; fall back on the steps where that leaves the simplex."""
    twice = once * cover.gradient(once)
    change, bend = once - s, twice - 2 * once + s
    size = float(np.linalg.norm(bend))
    if size == 0:
        return twice
    length = max(1.0, float(np.linalg.norm(change)) / size)
    leapt = s + 2 * length * change + length**2 * bend
    if leapt.min() < 0 or (leapt[twice > 0] <= 0).any():
        return twice
    leapt /= leapt.sum()
    return np.asarray(leapt * cover.gradient(leapt))
