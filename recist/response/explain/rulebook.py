"""Every rule in force, taken from the same data that the engine walks."""

from __future__ import annotations

from dataclasses import asdict, replace
from typing import TYPE_CHECKING

from recist.response.explain.criteria_rules import (
    change_rules,
    informing_rules,
    limit_rules,
    note_rules,
    organ_rules,
    overall_rules,
    site_rules,
    state_rules,
)
from recist.response.explain.immune_rules import immune_best_rules, immune_response_rules
from recist.response.explain.option_rules import option_rules
from recist.response.explain.rule import Chapter
from recist.response.explain.rule_checks import check_rules, kind_rules, method_rules
from recist.response.explain.series_rules import best_rules, censoring_rules, confirmation_rules
from recist.response.explain.sources import cite
from recist.response.options import parse_options

if TYPE_CHECKING:
    from collections.abc import Iterable

    from recist.criteria import Criteria
    from recist.response.options import Options


def write_rulebook(criteria: Criteria, options: Options | None = None) -> tuple[Chapter, ...]:
    """Gather every rule in force; a chapter without rules is left out.

    Parameters
    ----------
    criteria : Criteria
    options : Options, optional
        The choices in force; the defaults under the criteria when not given.
    """
    choices = parse_options({}, criteria) if options is None else options
    chapters = (
        ("What the protocol changes", change_rules(criteria)),
        ("Limits", limit_rules(criteria)),
        ("Overall response of a time point", overall_rules(criteria)),
        ("Best response: the first step that finds a visit", best_rules(choices)),
        ("iRECIST: response of a time point", immune_response_rules(criteria)),
        ("iRECIST: best response, the first step that finds a visit", immune_best_rules(criteria, choices)),
        ("Confirmation", confirmation_rules(choices)),
        (f"The end of progression-free survival, by the {choices.censoring} rules", censoring_rules(choices)),
        ("What a recorded state means", state_rules()),
        ("Methods of measurement", method_rules(criteria)),
        ("Kinds of lesion as targets", kind_rules()),
        ("Organs: one organ whatever the side, the lobe or the nodal station", organ_rules()),
        ("Lesions at certain sites", site_rules(criteria)),
        ("What no table can show", note_rules(criteria)),
        ("Numbers that inform or warn, and decide no response", informing_rules()),
        ("Checks of the tables", check_rules()),
        ("Options", option_rules(criteria, choices)),
    )
    made = (
        Chapter(title=title, rules=tuple(replace(rule, citation=cite(rule.citation, criteria)) for rule in rules))
        for title, rules in chapters
    )
    return tuple(chapter for chapter in made if chapter.rules)


def as_plain_rules(chapters: Iterable[Chapter]) -> list[dict[str, object]]:
    """Lay the rules out as plain values, for JSON."""
    return [asdict(chapter) for chapter in chapters]
