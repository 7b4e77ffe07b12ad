"""The command ``recist link``: responses, treatments, labs, symptoms and deaths become a cohort."""

from __future__ import annotations

import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from recist.cli.screen import say, say_problems, say_table, tell_folder
from recist.errors import UsageError

if TYPE_CHECKING:
    from linkage.cohort import Linked
    from linkage.study import StudyConfig

SHOWN_CONFLICTS = 20


def _show_settings(wanted: bool) -> None:
    if wanted:
        from linkage.settings import settings_markdown

        say(settings_markdown())
        raise typer.Exit


def command(
    config: Annotated[Path, typer.Argument(metavar="CONFIG", help="The study file (TOML).")],
    out: Annotated[Path, typer.Option("--out", "-o", metavar="DIR", help="Folder for the tables.")],
    table: Annotated[
        list[str] | None,
        typer.Option("--table", metavar="NAME=FILE", help="Use this file for a table; may be given several times."),
    ] = None,
    _settings: Annotated[
        bool,
        typer.Option("--settings", callback=_show_settings, is_eager=True, help="Print every setting and stop."),
    ] = False,
) -> None:
    """Link responses, treatments, labs, symptoms and deaths into a cohort.

    Example: `recist link study.toml -o linked`

    Writes `cohort.csv`, `spans.csv`, `reads.csv`, `treatments.csv`, `flow.csv`, `qc.csv`, `conflicts.csv`,
    `problems.csv`, `options.json` (every setting in force, with its source) and `provenance.json` (every step with its
    options and inputs), all or none, and prints the flow of patients.
    """
    from linkage.cohort import link
    from linkage.study import read_study
    from linkage.tables import read_study_tables
    from linkage.writing import write_linked
    from recist.outputs import require_folder_to_write

    require_folder_to_write(out)
    tell_folder(out)
    study = _with_tables(read_study(config), table or [])
    _require_responses(study)
    tables, problems = read_study_tables(study.tables, study.rules.partial_dates)
    today = datetime.datetime.now().astimezone().date()
    linked = link(tables, study.rules, cutoff_date=study.cutoff_date, problems=problems, today=today)
    write_linked(linked, study, out)
    say_problems(linked.problems)
    _show(linked, study)
    say(f"\nwritten to {out}")


def _with_tables(study: StudyConfig, given: list[str]) -> StudyConfig:
    """Put files given on the command line in the place of those in the study file."""
    from dataclasses import replace

    from linkage.study import TABLE_NAMES

    paths = dict(study.tables)
    for words in given:
        name, _, file = words.partition("=")
        if name not in TABLE_NAMES or not file:
            message = f"--table {words}: write NAME=FILE with one of the names {', '.join(TABLE_NAMES)}"
            raise UsageError(message)
        paths[name] = Path(file)
    return replace(study, tables=paths)


def _require_responses(study: StudyConfig) -> None:
    """Refuse to leave out reads that were not made responses yet."""
    if study.reads and "responses" not in study.tables:
        raise UsageError(
            f"tables.{next(iter(study.reads))}: linking takes responses, not {next(iter(study.reads))}; use `recist "
            "run`, which scores and links, or score first and name the table under tables.responses"
        )


def _show(linked: Linked, study: StudyConfig) -> None:
    from linkage.flow import flow_tree
    from linkage.quality import CONFLICT_COLUMNS
    from linkage.rowfaults import cell_text

    say(f"{study.name}: flow of patients")
    for line in flow_tree(linked.flow):
        say(line)
    kappa = linked.quality[linked.quality["group"] == "kappa"].iloc[0]
    if kappa["n"]:
        say(f"\nimage read and report of one time point: {kappa['n']}, kappa {kappa['value']}")
    if len(linked.conflicts):
        shown = linked.conflicts.head(SHOWN_CONFLICTS).itertuples(index=False)
        rows = [[cell_text(cell) for cell in row] for row in shown]
        say_table("Image read and report differ (all of them are in conflicts.csv)", CONFLICT_COLUMNS, rows)
