"""Checks of non-target nodes that have a size of a normal node and are read as disease all the same."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from recist.criteria import Finding, LesionRole
from recist.response.choices import NonTargetNodes
from recist.response.history import number_of
from recist.response.quantise import NO_SIZE, PICOMETRES_PER_MM

if TYPE_CHECKING:
    from collections.abc import Iterator

    from recist.criteria import Criteria
    from recist.problems import Problem
    from recist.response.checks.report import Report
    from recist.response.options import Options

_MESSAGE = (
    "non-target node {lesion} has the size of a normal node and is read as present, which holds back a CR; with "
    "the option non_target_nodes = by_size it is absent"
)


def check_small_nodes(report: Report, criteria: Criteria, options: Options) -> Iterator[Problem]:
    """Find non-target nodes below the normal limit that count as present after baseline."""
    if options.non_target_nodes is NonTargetNodes.BY_SIZE or not criteria.nodes_by_short_axis:
        return
    rows, history = report.history.rows, report.history
    is_node = (rows.role == number_of(LesionRole.NON_TARGET)) & history.lesions.is_nodal[rows.lesion]
    is_present = is_node & (rows.finding == number_of(Finding.PRESENT)) & ~rows.is_beyond
    size = rows.size_picometres
    is_small = (size != NO_SIZE) & (size < criteria.normal_node.whole * PICOMETRES_PER_MM)
    at = np.flatnonzero(is_present & is_small & history.visits.is_follow_up[rows.visit])
    yield from report.problems(
        at,
        "small_non_target_node",
        field="diameter_mm",
        message=_MESSAGE,
        found=[f"{one / PICOMETRES_PER_MM:g}" for one in size[at].tolist()],
        expected=f"absent, or at least {criteria.normal_node.whole} mm short axis",
    )
