"""Survival from cohort tables: curves, tests, models, figures and the report.

The estimators are imported here by name: several share the name of their module, so a lazy package would hand out the
module. They need numpy and pandas only; scipy, lifelines and matplotlib are loaded when first used.
"""

from survival.cox import cox
from survival.kaplan_meier import kaplan_meier
from survival.log_rank import log_rank

__all__ = ["cox", "kaplan_meier", "log_rank"]
