"""Checks of the measurements as a whole, after every cell was checked alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

    from recist.criteria import Criteria
    from recist.problems import Problem
    from recist.response.history import History
    from recist.response.options import Options
    from recist.response.subjects import SubjectDates


def check_history(
    frame: pd.DataFrame,
    history: History,
    dates: SubjectDates,
    criteria: Criteria,
    options: Options,
) -> list[Problem]:
    """Find what cannot be scored, and what should be looked at."""
    del frame, history, dates, criteria, options
    return []
