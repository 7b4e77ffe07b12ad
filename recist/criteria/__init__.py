"""Response criteria as cited data: limits, response tables, organs and words."""

from __future__ import annotations

from recist.criteria.choi import CHOI, MODIFIED_CHOI
from recist.criteria.codes import (
    BestResponse,
    Finding,
    LesionRole,
    LesionState,
    NewLesion,
    NonTargetResponse,
    OverallResponse,
    TargetResponse,
)
from recist.criteria.criteria import AttenuationRule, CountedSize, Criteria, Limit
from recist.criteria.irecist import IRECIST
from recist.criteria.mrecist import MRECIST
from recist.criteria.recist_1_0 import RECIST_1_0
from recist.criteria.recist_1_1 import RECIST_1_1
from recist.errors import UsageError

__all__ = [
    "CRITERIA",
    "RECIST_1_1",
    "AttenuationRule",
    "BestResponse",
    "CountedSize",
    "Criteria",
    "Finding",
    "LesionRole",
    "LesionState",
    "Limit",
    "NewLesion",
    "NonTargetResponse",
    "OverallResponse",
    "TargetResponse",
    "criteria_named",
]

CRITERIA: dict[str, Criteria] = {
    criteria.name: criteria for criteria in (RECIST_1_1, RECIST_1_0, IRECIST, MRECIST, CHOI, MODIFIED_CHOI)
}


def criteria_named(name: str) -> Criteria:
    """Find criteria by name.

    Raises
    ------
    UsageError
        When there are none of that name; the message lists those there are.
    """
    if name not in CRITERIA:
        raise UsageError(f"no criteria are called {name!r}; expected one of: {', '.join(CRITERIA)}")
    return CRITERIA[name]
