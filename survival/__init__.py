"""Survival from cohort tables: curves, tests, models, figures and the report.

The estimators are imported here by name: several share the name of their module, so a lazy package would hand out the
module. They need numpy and pandas only; scipy, lifelines and matplotlib are loaded when first used.
"""

from survival.cox import cox
from survival.cumulative_incidence import cumulative_incidence
from survival.follow_up import follow_up
from survival.kaplan_meier import kaplan_meier
from survival.landmark import landmark
from survival.log_rank import log_rank
from survival.median_difference import median_difference
from survival.nelson_aalen import nelson_aalen
from survival.pairwise import pairwise_log_rank
from survival.proportional_hazards import proportional_hazards, scaled_schoenfeld
from survival.rates import rate, rates
from survival.restricted_mean import restricted_mean
from survival.risk_table import risk_table
from survival.second_opinion import second_opinion

__all__ = [
    "cox",
    "cumulative_incidence",
    "follow_up",
    "kaplan_meier",
    "landmark",
    "log_rank",
    "median_difference",
    "nelson_aalen",
    "pairwise_log_rank",
    "proportional_hazards",
    "rate",
    "rates",
    "restricted_mean",
    "risk_table",
    "scaled_schoenfeld",
    "second_opinion",
]
