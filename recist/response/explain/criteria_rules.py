"""The rules of the criteria: limits, response tables, states, organs, sites."""

from __future__ import annotations

from typing import TYPE_CHECKING

from recist.criteria import LesionRole, growth
from recist.criteria.criteria import Limit
from recist.criteria.organs import ORGANS
from recist.criteria.plausible import LARGEST_DIAMETER, LEAST_TENFOLD, MOST_TENFOLD
from recist.criteria.states import FINDINGS
from recist.response.explain.option_rules import write_option
from recist.response.explain.rule import Rule, any_of, limit_rule, write_limit
from recist.response.explain.sources import published_base
from recist.response.options import options_table, parse_options

if TYPE_CHECKING:
    from collections.abc import Iterator

    from recist.criteria import Criteria

OPTION_CHANGE = "options."  # how a protocol names an option that it changes
ORGANS_SOURCE = "EORTC RECIST frequently asked questions, paired organs and nodes"


def limit_rules(criteria: Criteria) -> Iterator[Rule]:
    """List the numbers in force."""
    for name, limit in criteria.limits().items():
        yield limit_rule(name, limit)


def informing_rules() -> Iterator[Rule]:
    """List the numbers that only inform or warn."""
    yield limit_rule("largest_diameter", LARGEST_DIAMETER)
    yield limit_rule("least_tenfold", LEAST_TENFOLD)
    yield limit_rule("most_tenfold", MOST_TENFOLD)
    for name, value in vars(growth).items():
        if isinstance(value, Limit):
            yield limit_rule(name.lower(), value)


def change_rules(criteria: Criteria) -> Iterator[Rule]:
    """List what a protocol changes in the criteria it is based on."""
    base = published_base(criteria)
    default = options_table(parse_options({}, base))
    for change in criteria.changes:
        option = change.what.removeprefix(OPTION_CHANGE)
        before = write_option(default[option]) if option != change.what else change.instead_of
        meaning = f"instead of {before}, as in {base.title}"
        yield Rule(name=change.what, value=change.value, meaning=meaning, citation=change.citation)


def overall_rules(criteria: Criteria) -> Iterator[Rule]:
    """List the rows of the table of overall responses."""
    for number, row in enumerate(criteria.overall, start=1):
        when = f"target {any_of(row.target)}; non-target {any_of(row.non_target)}; new lesion {any_of(row.new_lesion)}"
        yield Rule(name=f"row {number}", value=str(row.overall), meaning=when, citation=row.citation)


def state_rules() -> Iterator[Rule]:
    """List what each recorded state means for each role."""
    for role in LesionRole:
        for state, finding in FINDINGS[role].items():
            yield Rule(
                name=f"{role}: {state}", value=str(finding), meaning=f"a {role} lesion recorded as {state}", citation=""
            )


def organ_rules() -> Iterator[Rule]:
    """List the organs and the words they are known by."""
    for organ, words in ORGANS:
        yield Rule(name=organ, value=organ, meaning=f"sites with: {', '.join(words)}", citation=ORGANS_SOURCE)


def site_rules(criteria: Criteria) -> Iterator[Rule]:
    """List what is said of lesions at certain sites."""
    for rule in criteria.site_rules:
        value = f"below {write_limit(rule.below)}" if rule.below is not None else ""
        meaning = f"{rule.message} (sites with: {', '.join(rule.words)})"
        yield Rule(name=rule.code, value=value, meaning=meaning, citation=rule.citation)


def note_rules(criteria: Criteria) -> Iterator[Rule]:
    """List what the criteria say and no table can show."""
    for number, note in enumerate(criteria.notes, start=1):
        yield Rule(name=f"note {number}", value="", meaning=note.text, citation=note.citation)
