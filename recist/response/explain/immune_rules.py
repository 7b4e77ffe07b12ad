"""The rules that iRECIST adds: its table of time point responses, and its search for the best response."""

from __future__ import annotations

from typing import TYPE_CHECKING

from recist.response.explain.rule import Rule, any_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from recist.criteria import Criteria
    from recist.response.options import Options


def immune_response_rules(criteria: Criteria) -> Iterator[Rule]:
    """List the rows of the table of time point responses."""
    for number, row in enumerate(criteria.immune.time_point if criteria.immune is not None else (), start=1):
        when = (
            f"target {any_of(row.target)}; non-target {any_of(row.non_target)}; "
            f"new lesions {any_of(row.new_lesion)}; since the iUPD {any_of(row.since)}"
        )
        yield Rule(name=f"row {number}", value=str(row.response), meaning=when, citation=row.citation)


def immune_best_rules(criteria: Criteria, options: Options) -> Iterator[Rule]:
    """List the steps of the search for the best response."""
    least = options.min_sd_days - options.min_sd_tolerance_days
    for number, row in enumerate(criteria.immune.best if criteria.immune is not None else (), start=1):
        when = any_of(row.found_by)
        when += f", at day {least} after the start or later" if row.needs_minimum_time else ""
        yield Rule(name=f"step {number}", value=str(row.best), meaning=when, citation=row.citation)
