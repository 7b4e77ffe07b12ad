r"""Profile-likelihood intervals: the hazard ratios at which the maximum over all other terms has fallen too far.

.. math:: 2\,[\ell(\hat\beta) - \max_{\beta_{-j}} \ell(\beta_j, \beta_{-j})] \le z^2

Of a ridge or of Firth's correction :math:`\ell` is the penalised log-likelihood. Clusters do not enter.

Wald's test and the likelihood-ratio test of a term are said to disagree when only one of their p values is below
1 - confidence. The profile is then the better guide: Wald's statistic even falls again where an effect is large and
events are few (Hauck and Donner).

References
----------
Venzon DJ, Moolgavkar SH. Appl Stat 1988;37:87-94. Hauck WW, Donner A. J Am Stat Assoc 1977;72:851-853.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from survival.normal import chi_squared_p_value, two_sided_z
from survival.partial_likelihood.newton import maximise, solve

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from survival.partial_likelihood.likelihood import Likelihood
    from survival.partial_likelihood.objective import Objective

MAX_TRIALS = 60
CONVERGED = 1e-9
"""How close the root of the likelihood ratio must come to *z*."""
FARTHEST = 50.0
"""A limit with a log hazard ratio, over the range of the covariate, farther than this from the estimate (beyond 0, if
that lies between) is infinite."""
DOUBTFUL = 3.0
"""A p value within this factor of 1 - confidence is worth a second look."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Profile:
    """The likelihood along one coefficient, the others at their best.

    Attributes
    ----------
    objective : Objective
    best : Likelihood
        At the maximum.
    term : int
    exact : bool
        Whether the objective's curvature is its second derivative.
    """

    objective: Objective
    best: Likelihood
    term: int
    exact: bool

    @property
    def direction(self) -> NDArray[np.float64]:
        """How the other coefficients follow when this one moves by 1, to first order."""
        unit = np.eye(len(self.best.coefficients))[self.term]
        column = solve(self.objective.curvature(self.best), unit)
        return np.asarray(column / column[self.term])

    @property
    def error(self) -> float:
        """Standard error of the coefficient, by the curvature."""
        unit = np.eye(len(self.best.coefficients))[self.term]
        return float(np.sqrt(solve(self.objective.curvature(self.best), unit)[self.term]))

    def at(self, offset: float, begin: NDArray[np.float64] | None = None) -> Likelihood:
        """Maximise over the other coefficients with this one moved by ``offset`` from its estimate."""
        start = self.best.coefficients + offset * self.direction if begin is None else begin.copy()
        start[self.term] = self.best.coefficients[self.term] + offset
        free = np.arange(len(start)) != self.term
        return maximise(self.objective, start, free, exact=self.exact).likelihood

    def fall(self, likelihood: Likelihood) -> float:
        """Give twice how far the likelihood has fallen below its maximum."""
        return max(2 * (self.objective.value(self.best) - self.objective.value(likelihood)), 0.0)

    def ratio(self) -> float:
        """Test the coefficient against 0 by the likelihood ratio."""
        return self.fall(self.at(-float(self.best.coefficients[self.term])))

    def limits(self, confidence: float) -> tuple[float, float]:
        """Find the limits, as scaled coefficients; infinite where the likelihood stays too high."""
        z, estimate = two_sided_z(confidence), float(self.best.coefficients[self.term])
        return estimate + self._reach(-1.0, z), estimate + self._reach(1.0, z)

    def _reach(self, side: float, z: float) -> float:
        """Find the offset whose likelihood ratio has the root *z*, by Newton's method within a bracket.

        The root of the likelihood ratio is nearly a straight line, and the slope of the profile is that of the
        objective.
        """
        towards_0 = max(-side * float(self.best.coefficients[self.term]), 0.0)
        farthest = towards_0 + FARTHEST / float(np.ptp(self.objective.columns[:, self.term]))
        near, far, offset = 0.0, np.inf, min(z * self.error, farthest)
        here: Likelihood | None = None
        for _ in range(MAX_TRIALS):
            here = self.at(side * offset, None if here is None else here.coefficients)
            root = float(np.sqrt(self.fall(here)))
            if abs(root - z) < CONVERGED:
                return side * offset
            near, far = (max(near, offset), far) if root < z else (near, min(far, offset))
            if near >= farthest:
                return side * np.inf
            incline = -side * float(self.objective.slope(here)[self.term])
            guess = offset + (z - root) * root / incline if incline > 0 else np.inf
            offset = _between(guess, near, min(far, 2 * near + z * self.error), farthest)
            if far - near < CONVERGED * near:
                break
        return side * offset


def _between(guess: float, near: float, far: float, farthest: float) -> float:
    """Keep a guess inside the bracket, halving it where the guess leaves it."""
    inside = guess if near < guess < far else (near + far) / 2
    return min(inside, farthest)


def find_disagreements(
    objective: Objective, best: Likelihood, p_values: NDArray[np.float64], confidence: float
) -> Iterator[tuple[int, float]]:
    """Find the terms of which Wald's test and the likelihood ratio disagree.

    The ratio is first bounded from above along the straight line to a coefficient of 0, which costs one evaluation;
    only where that or Wald's p is close to 1 - confidence, or they differ, is the maximum searched.

    Yields
    ------
    term : int
    p_value : float
        Of the likelihood ratio.
    """
    level = 1 - confidence
    for term, wald in enumerate(p_values.tolist()):
        profile = Profile(objective=objective, best=best, term=term, exact=True)
        line = best.coefficients - best.coefficients[term] * profile.direction
        bound = chi_squared_p_value(profile.fall(objective.evaluate(line)), 1)
        if all(p < level / DOUBTFUL for p in (wald, bound)) or bound >= level <= wald:
            continue
        p_value = chi_squared_p_value(profile.ratio(), 1)
        if (p_value < level) != (wald < level):
            yield term, p_value
