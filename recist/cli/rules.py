"""``recist rules``: every rule in force, from the data that scoring walks."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from recist.cli.screen import say, say_section

if TYPE_CHECKING:
    from recist.response.explain.rule import Rule


def command(
    criteria: Annotated[str, typer.Option(help="Criteria by name, or a protocol (TOML file).")] = "recist-1.1",
    options: Annotated[Path | None, typer.Option(help="TOML file with a table [response] of options.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Write JSON instead of tables.")] = False,
) -> None:
    """List the rules in force: limits, response tables, best response, censoring and options, with their citations.

    Example: `recist rules --criteria recist-1.1`
    """
    from recist.cli.criteria_choice import find_criteria
    from recist.cli.options_file import read_options
    from recist.response import parse_options
    from recist.response.explain.rulebook import as_plain_rules, write_rulebook

    rules = find_criteria(criteria)
    chapters = write_rulebook(rules, parse_options(read_options(options), rules))
    if as_json:
        found = {"criteria": rules.name, "citation": rules.citation, "chapters": as_plain_rules(chapters)}
        say(json.dumps(found, indent=2, ensure_ascii=False))
        return
    say(f"{rules.title}: {rules.citation}")
    for chapter in chapters:
        say_section(chapter.title, [(rule.name, _sentence(rule)) for rule in chapter.rules])


def _sentence(rule: Rule) -> str:
    """Write value, meaning and source of a rule in one line."""
    said = ": ".join(part for part in (rule.value, rule.meaning) if part)
    return f"{said} [{rule.citation}]" if rule.citation else said
