"""The rules of the best response, of confirmation, and of the end of progression-free survival."""

from __future__ import annotations

from typing import TYPE_CHECKING

from recist.criteria.censoring import CENSORING_ROWS
from recist.response.best import BEST_ROWS
from recist.response.choices import Censoring
from recist.response.confirmation import CONFIRMATION_ROWS
from recist.response.explain.rule import Rule, any_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from recist.response.options import Options


def best_rules(options: Options) -> Iterator[Rule]:
    """List the steps of the search for the best response."""
    least = options.min_sd_days - options.min_sd_tolerance_days
    for number, row in enumerate(BEST_ROWS, start=1):
        when = any_of(row.found_by)
        if row.needs_minimum_time:
            when += f", at day {least} after the start or later"
        yield Rule(
            name=f"step {number}",
            value=str(row.best),
            meaning=when,
            citation=getattr(row, "citation", "Eisenhauer 2009 §4.4.3 and Table 3"),
        )


def confirmation_rules(options: Options) -> Iterator[Rule]:
    """List what confirms a response."""
    for row in CONFIRMATION_ROWS:
        when = f"{any_of(row.confirmed_by)} at least {options.confirmation_days} days later; between them at most "
        when += f"{options.max_ne} of {any_of(row.as_ne)}"
        if row.as_sd:
            when += f" and {options.accept_sd} of {any_of(row.as_sd)}"
        yield Rule(name=f"confirmed {row.response}", value=str(row.response), meaning=when, citation=row.citation)


def censoring_rules(options: Options) -> Iterator[Rule]:
    """List where progression-free survival ends in each situation, by the set of rules in force."""
    for row in CENSORING_ROWS:
        end = row.fda if options.censoring is Censoring.FDA else row.ema
        yield Rule(name=str(row.situation), value=f"{end.date}: {end.outcome}", meaning=row.says, citation=row.citation)
