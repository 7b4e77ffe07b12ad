"""``recist explain``: why each response is what it is, in sentences."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from recist.cli.screen import say, say_section
from recist.errors import UsageError

if TYPE_CHECKING:
    from recist.response.explain import Evidence, Explanation


def command(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="Folder of results of `recist score`.")],
    *,
    subject: Annotated[str, typer.Option(help="Study pseudonym of the subject.")],
    reader: Annotated[str, typer.Option(help="Only this reader; all by default.")] = "",
    timepoint: Annotated[str, typer.Option(help="Only this time point; all by default.")] = "",
    criteria: Annotated[
        str, typer.Option(help="Criteria or protocol (TOML), where the folder does not say which.")
    ] = "",
    as_json: Annotated[bool, typer.Option("--json", help="Write JSON instead of text.")] = False,
) -> None:
    """Explain the responses of one subject: sizes, sums, conditions with their numbers, rules with their citations.

    Example: `recist explain scored --subject S01`

    Reads responses.csv, best_responses.csv, lesions.csv, subjects.csv and options.json, and decides nothing anew.
    """
    from recist.cli.results import read_results
    from recist.response.explain import as_plain, explain, gather_evidence

    results = read_results(folder, subject, criteria)
    chosen = _choose_reader(gather_evidence(results.tables, results.criteria, results.options), reader)
    _require_timepoint(chosen, timepoint)
    explanations = [explain(evidence, results.tables, timepoint=timepoint) for evidence in chosen]
    if as_json:
        say(json.dumps([as_plain(one) for one in explanations], indent=2, ensure_ascii=False))
        return
    for one in explanations:
        _show(one)
    if results.warnings and not timepoint:
        say_section("Warnings about this subject", [("", warning) for warning in results.warnings])


def _choose_reader(found: tuple[Evidence, ...], reader: str) -> tuple[Evidence, ...]:
    chosen = tuple(evidence for evidence in found if not reader or evidence.reader == reader)
    if not chosen:
        readers = ", ".join(evidence.reader for evidence in found)
        raise UsageError(f"no reader {reader!r} read this subject; the readers are: {readers}")
    return chosen


def _require_timepoint(found: tuple[Evidence, ...], timepoint: str) -> None:
    known = [
        visit.timepoint for evidence in found for visit in (evidence.baseline, *evidence.visits) if visit.timepoint
    ]
    if timepoint and timepoint not in known:
        names = ", ".join(dict.fromkeys(known))
        raise UsageError(f"this subject has no time point {timepoint!r}; the time points are: {names}")


def _show(explanation: Explanation) -> None:
    say(f"Subject {explanation.subject}, {explanation.reader}, by {explanation.criteria}")
    for section in explanation.sections:
        lines = [
            (str(one.topic), f"{one.text} [{one.citation}]" if one.citation else one.text) for one in section.sentences
        ]
        say_section(section.title, lines)
    say()
