"""Checks of the rows of subjects that are left out because a cell is faulty: what one row alone can tell."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from recist.header import HEADER_CODES
from recist.problems import errors_in
from recist.response.checks.findings import check_states_and_sizes
from recist.response.checks.report import Report
from recist.response.encode import encode
from recist.response.words import drop_unused_words
from recist.tables import FIRST_DATA_ROW

if TYPE_CHECKING:
    from collections.abc import Iterator

    from recist.criteria import Criteria
    from recist.problems import Problem
    from recist.response.options import Options

_NEEDED = frozenset(
    {"subject", "lesion", "role", "state", "nodal", "diameter_mm", "long_axis_mm", "short_axis_mm", ""}
)  # an empty field is the whole row
_ANY_DAY = pd.Timestamp(0)


def check_left_out(
    frame: pd.DataFrame, problems: list[Problem], file: str, rules: tuple[Criteria, Options]
) -> Iterator[Problem]:
    """Find states and sizes that do not fit, in rows whose own role, state and sizes could be read.

    Parameters
    ----------
    frame : pandas.DataFrame
        The rows of the subjects left out; the index is the position in the table given.
    problems : list of Problem
        What was found in the cells.
    file : str
        What the user calls the table.
    rules : (Criteria, Options)
    """
    found = errors_in(problems)
    if any(_NEEDED & set(problem.field.split(", ")) for problem in found if problem.code in HEADER_CODES):
        return
    unread = {problem.row - FIRST_DATA_ROW for problem in found if problem.row is not None and problem.field in _NEEDED}
    rows = frame[~frame.index.isin(unread)]
    if not len(rows):
        return
    rows = drop_unused_words(rows.assign(date=rows["date"].fillna(_ANY_DAY)))
    yield from check_states_and_sizes(Report(file=file, frame=rows, history=encode(rows, *rules)), rules[0])
