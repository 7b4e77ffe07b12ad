"""Multiple imputation of missing covariates for Cox models.

Complete-case analysis keeps only patients with everything known. :func:`pooled_cox` completes the covariates several
times, fits the model to each and pools by Rubin's rules; it stands beside the complete-case model, never in its place.
"""

from __future__ import annotations

from survival.imputation.chained import impute, recommend_imputations
from survival.imputation.outcome import outcome_predictors
from survival.imputation.pooled_model import PooledCox, pooled_cox

__all__ = ["PooledCox", "impute", "outcome_predictors", "pooled_cox", "recommend_imputations"]
