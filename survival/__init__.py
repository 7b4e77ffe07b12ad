"""Survival from cohort tables: asked in sentences, or estimated from arrays.

Examples
--------
Questions to a cohort that ``recist link`` wrote::

    from survival import compare_survival, first_response, load_cohort, overall_survival

    cohort = load_cohort("cohort/")
    imaging = first_response(cohort, "imaging")
    print(compare_survival(overall_survival(cohort), imaging.disease_control, landmark_months=4))

Estimators take arrays and Series; those not listed here are imported from their modules, such as
``from survival.median_difference import median_difference``.

>>> from survival import kaplan_meier
>>> print(kaplan_meier([2, 3, 4, 5, 8], [1, 0, 1, 1, 0]).quantiles(0.5)["value"][0])
5.0
"""

# The estimators are imported here by name: several share the name of their module, so a lazy package would hand out the
# module. They need numpy and pandas only; scipy, lifelines, matplotlib, the cohort and the report load when first used.

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from survival.cumulative_incidence import cumulative_incidence
from survival.follow_up import follow_up
from survival.kaplan_meier import kaplan_meier
from survival.landmark import landmark
from survival.log_rank import log_rank
from survival.proportional_hazards import proportional_hazards
from survival.questions.cox import cox
from survival.restricted_mean import restricted_mean

if TYPE_CHECKING:
    from survival.options import ReportOptions
    from survival.questions.bias_demonstration import bias_demonstration
    from survival.questions.compare_survival import compare_survival
    from survival.questions.first_response import first_response
    from survival.questions.progression import progression_free_survival
    from survival.questions.relief_duration import relief_duration
    from survival.questions.study_cohort import load_cohort
    from survival.questions.survival_time import overall_survival, survival_time
    from survival.questions.switch import switches_on
    from survival.questions.written_report import report

__all__ = [
    "ReportOptions",
    "bias_demonstration",
    "compare_survival",
    "cox",
    "cumulative_incidence",
    "first_response",
    "follow_up",
    "kaplan_meier",
    "landmark",
    "load_cohort",
    "log_rank",
    "overall_survival",
    "progression_free_survival",
    "proportional_hazards",
    "relief_duration",
    "report",
    "restricted_mean",
    "survival_time",
    "switches_on",
]
_LATER = {
    "ReportOptions": "survival.options",
    "bias_demonstration": "survival.questions.bias_demonstration",
    "compare_survival": "survival.questions.compare_survival",
    "first_response": "survival.questions.first_response",
    "load_cohort": "survival.questions.study_cohort",
    "overall_survival": "survival.questions.survival_time",
    "progression_free_survival": "survival.questions.progression",
    "relief_duration": "survival.questions.relief_duration",
    "report": "survival.questions.written_report",
    "survival_time": "survival.questions.survival_time",
    "switches_on": "survival.questions.switch",
}


def __dir__() -> list[str]:
    """List the questions too, which load when they are asked, for completion."""
    return sorted({*globals(), *__all__})


def __getattr__(name: str) -> object:
    """Load a question when it is asked."""
    if name not in _LATER:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_LATER[name]), name)
