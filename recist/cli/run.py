"""The command ``recist run``: one study file in; responses, cohort and survival report out."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from recist.cli.screen import say, say_problems, say_table, tell_folder

if TYPE_CHECKING:
    from collections.abc import Sequence

    from linkage.cohort import Linked
    from recist.response import Scored
    from recist.response.visits import BestScored
    from survival.results import Report


def command(
    study: Annotated[Path, typer.Argument(metavar="STUDY", help="The study file (TOML).")],
    out: Annotated[
        Path | None,
        typer.Option("--out", "-o", metavar="DIR", help="Folder for the results; `out` beside the study file."),
    ] = None,
) -> None:
    """Run a whole study from one file: reads → responses → cohort → survival report.

    Example: `recist run study.toml -o out`

    The study file names the tables and holds the settings of every step: `[study]`, `[tables]`, `[images]`,
    `[criteria]`, `[response]`, `[windows]`, `[rules]`, `[survival]`. All its faults are told at once, before anything
    runs. Writes `responses/`, `cohort/` and `report/`, all or none. The same files give the same numbers.
    """
    from recist.cli import run_steps
    from recist.cli.run_settings import read_run_settings
    from recist.outputs import require_folder_to_write, whole_folder

    started = time.monotonic()
    folder = study.parent / "out" if out is None else out
    require_folder_to_write(folder)
    tell_folder(folder)
    settings = read_run_settings(study)
    with whole_folder(folder) as staging:
        measured = [] if settings.manifest is None else [run_steps.measure_step(settings, staging)]
        scored = run_steps.score_step(settings, staging, measured=measured) if settings.scores else None
        linked = run_steps.link_step(settings, staging)
        report = run_steps.report_step(settings, staging)
    _tell_problems(scored, linked, report)
    say()
    say_facts(settings.study.name, report)
    for sentence in report.answer:
        say(f"• {sentence}")
    say(f"Report: {(folder / run_steps.REPORT / 'report.html').resolve()}")
    say(f"Done in {time.monotonic() - started:.0f} s. The tables of every step are in {folder}.")


def _tell_problems(scored: Scored | BestScored | None, linked: Linked, report: Report) -> None:
    from recist.cli.best_summary import say_problems_to_look_at

    if scored is not None and len(scored.problems):
        say_problems_to_look_at(scored.problems)
    say_problems([*linked.problems, *report.warnings])


def say_facts(title: str, report: Report, more: Sequence[tuple[str, str]] = ()) -> None:
    """Print the main figures of a report as a table, with more rows of the caller."""
    facts = [(fact.label, f"{fact.value} ({fact.detail})") for fact in report.facts]
    say_table(title, ("", "result"), [*facts, *more])
