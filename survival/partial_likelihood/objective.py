r"""What a Cox model maximises: the partial log-likelihood, alone or less a ridge penalty.

With a ridge :math:`\theta` every coefficient, in the units of its covariate, is drawn to 0 by
:math:`\tfrac12 \theta \sum_j \beta_j^2`: R's ``ridge(..., theta = θ, scale = FALSE)``. The variance is the inverse of
the penalised information, and the degrees of freedom are :math:`\operatorname{tr}[(I + P)^{-1} I]`.

References
----------
Verweij PJM, van Houwelingen HC. Stat Med 1994;13:2427-2436. Gray RJ. J Am Stat Assoc 1992;87:942-951.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from survival.partial_likelihood.likelihood import Likelihood, RiskSets, compute_likelihood

if TYPE_CHECKING:
    from numpy.typing import NDArray


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Objective:
    """Partial log-likelihood of scaled coefficients, less a ridge penalty.

    Attributes
    ----------
    sets : RiskSets
    columns : numpy.ndarray
        Centred and scaled, shape (n, n_terms).
    shrinkage : numpy.ndarray
        Penalty on half the square of each scaled coefficient, shape (n_terms,); zeros without a ridge.
    """

    sets: RiskSets
    columns: NDArray[np.float64]
    shrinkage: NDArray[np.float64]

    def evaluate(self, coefficients: NDArray[np.float64]) -> Likelihood:
        """Evaluate the partial likelihood."""
        return compute_likelihood(self.sets, self.columns, coefficients)

    def value(self, likelihood: Likelihood) -> float:
        """Give what is maximised."""
        return likelihood.log_likelihood - float((self.shrinkage * likelihood.coefficients**2).sum()) / 2

    def slope(self, likelihood: Likelihood) -> NDArray[np.float64]:
        """Differentiate it, shape (n_terms,)."""
        return likelihood.score - self.shrinkage * likelihood.coefficients

    def curvature(self, likelihood: Likelihood) -> NDArray[np.float64]:
        """Give minus its second derivative, or what stands in for it, shape (n_terms, n_terms)."""
        return likelihood.information + np.diag(self.shrinkage)
