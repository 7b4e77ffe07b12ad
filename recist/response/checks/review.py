"""Responses that a reader should look at again."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from recist.problems import Problem, Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from recist.response.history import History
    from recist.response.overall import OverallCourse

_SINGLE_NODE = "one target node that grew again is the only sign of disease after CR; have a reader confirm it"
_LESS_THAN_CR = "disease is seen after a CR and the option post_cr leaves the response as it is; was the CR true?"
_SMALL_NODES = "nodes grew enough for PD while all are of normal size; the response stays by the option"


def check_review(file: str, history: History, overall: OverallCourse) -> Iterator[Problem]:
    """List the visits whose response rests on a choice that a reader should know of."""
    reviews = (
        ("single_node_after_cr", _SINGLE_NODE, overall.is_single_node),
        ("less_than_cr_after_cr", _LESS_THAN_CR, overall.is_less_than_cr),
        ("small_node_growth", _SMALL_NODES, overall.target.is_small_node_growth),
    )
    for code, message, holds in reviews:
        for visit in np.flatnonzero(holds & history.visits.is_follow_up):
            yield Problem(
                file=file,
                subject=str(history.subject[history.courses.course[visit]]),
                field="timepoint",
                severity=Severity.WARNING,
                code=code,
                found=str(history.visits.label[visit]),
                message=message,
            )
