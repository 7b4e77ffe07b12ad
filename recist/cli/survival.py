"""The command ``recist survival``: a cohort becomes curves, hazard ratios and a report."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from recist.cli.screen import progress_bar, say, say_problems, tell_folder

if TYPE_CHECKING:
    from collections.abc import Iterable

    from survival.cohort import Cohort
    from survival.options import ReportOptions
    from survival.results import Report, ResultTable

SCREEN_WIDTH, EDGES = 80, 2
LABEL_WIDTH, COLUMN_WIDTH = 24, 17
NO_VALUE = " "  # a flag takes no value, and the help need not name one
RESULTS_FILE = "results.json"
REPORT_FILES = ("report.html", RESULTS_FILE, "tables.docx", "methods.txt", "warnings.txt")
COLUMN_SETTINGS = ("endpoint", "columns", "primary")
"""Settings without which it is not known what the columns of a table mean."""
MISSING_CODES = ("missing_column", "unknown_column")


def _show_settings(wanted: bool) -> None:
    if wanted:
        from survival.options import ReportOptions, setting_sentences

        values = ReportOptions().as_dict()
        for name, sentence in setting_sentences().items():
            say(f"{name} = {values[name]!r}\n    {sentence}")
        raise typer.Exit


def command(
    cohort: Annotated[
        Path, typer.Argument(metavar="COHORT", help="The cohort table, or the folder that `recist link` wrote.")
    ],
    out: Annotated[Path, typer.Option("--out", "-o", metavar="DIR", help="Folder for the report.")],
    spans: Annotated[
        Path | None,
        typer.Option(
            "--spans", metavar="FILE", help="Start-stop rows; spans.csv beside the cohort is found by itself."
        ),
    ] = None,
    config: Annotated[
        Path | None, typer.Option("--config", metavar="FILE", help="Settings: the `[survival]` table of a TOML file.")
    ] = None,
    as_published: Annotated[
        bool,
        typer.Option(
            "--as-published",
            metavar=NO_VALUE,
            help="Also compute, labelled, comparisons that contain immortal time, which are refused otherwise.",
        ),
    ] = False,
    _settings: Annotated[
        bool,
        typer.Option(
            "--settings", callback=_show_settings, is_eager=True, metavar=NO_VALUE, help="Print every setting and stop."
        ),
    ] = False,
) -> None:
    """Analyse survival of a cohort: curves, hazard ratios, and what response says about survival.

    Example: `recist survival linked/ -o report`

    `recist survival trial.csv -o report --config trial.toml` (columns and endpoints of your own)

    `recist survival linked/ -o report --as-published` (also what is usually published, labelled as biased)

    Writes `report.html` (one page, opens from a disk), `results.json` (every number), `tables/*.csv`, `tables.docx`,
    `figures/*.svg|png|pdf`, `methods.txt` and `warnings.txt`, all or none.
    """
    from recist.outputs import require_folder_to_write, require_own_files
    from survival.reporting.build import build_report, write_report
    from survival.results import FORMAT

    require_folder_to_write(out)
    require_own_files(out, REPORT_FILES, mark=(RESULTS_FILE, FORMAT))
    people, options = _read_all(cohort, spans, config, as_published=as_published)
    with progress_bar("survival") as progress:
        report = build_report(people, options, progress=progress)
    tell_folder(out)
    write_report(report, out)
    say_problems(report.warnings)
    _show(report)
    say(f"\nreport: {out / 'report.html'}")


def _read_all(
    cohort: Path, spans: Path | None, config: Path | None, *, as_published: bool
) -> tuple[Cohort, ReportOptions]:
    """Read settings and tables; the faults of all of them are told at once."""
    from recist.errors import DataError, UsageError
    from recist.problems import Problem
    from survival.cohort import read_cohort
    from survival.known_later import require_known_at_start
    from survival.options import ReportOptions
    from survival.settings.reading import read_usable_options

    options, problems = (ReportOptions(), []) if config is None else read_usable_options(config)
    options = replace(options, as_published=options.as_published or as_published)
    columns_unknown = any(word in problem.field for problem in problems for word in COLUMN_SETTINGS)
    refusal: UsageError | None = None
    try:
        require_known_at_start(options)
    except UsageError as fault:
        refusal = fault
    people = None
    try:
        people = read_cohort(cohort, spans=spans, config=config, options=options)
    except DataError as fault:
        found = [one for one in fault.problems if not (columns_unknown and one.code in MISSING_CODES)]
        problems = [*problems, *found]
    if people is None or problems:
        told = [] if refusal is None else [Problem(code="known_only_later", message=str(refusal))]
        raise DataError([*problems, *told])
    if refusal is not None:
        raise refusal
    return people, options


def _show(report: Report) -> None:
    say(f"{report.title}: {report.subtitle}")
    for fact in report.facts:
        say(f"  {fact.label}: {fact.value} ({fact.detail})")
    say()
    headline = next((table for table in report.tables if table.name == "headline"), None)
    if headline is not None and len(headline.shown) > 1:
        _show_table(headline)
    for sentence in report.answer:
        say(f"• {sentence}")
    named = (*report.options.groups, *report.options.strata)
    for sentence in report.left_out:
        if any(name in sentence.split() for name in named):
            say(f"• Left out: {sentence}")


def _show_table(table: ResultTable) -> None:
    """Print the headline in 80 columns: what belongs together in a cell on a line of its own."""
    from rich.box import SIMPLE_HEAD
    from rich.console import Console
    from rich.table import Table

    rows = [[_in_lines(cell) for cell in row.cells] for row in table.shown]
    widths = [_column_width(cells) for cells in list(zip(*rows, strict=True))[1:]]
    label_width = min(LABEL_WIDTH, SCREEN_WIDTH - EDGES - sum(widths) - len(widths))
    shown = Table(title=table.title, title_justify="left", box=SIMPLE_HEAD, padding=0)
    for header, width in zip(table.header, (label_width, *widths), strict=True):
        shown.add_column(_in_lines(header), width=width)
    for row in rows:
        shown.add_row(*row)
    Console().print(shown)


def _in_lines(cell: str) -> str:
    for before, after in (
        (" (", "\n("),
        (", p ", "\np "),
        (": +", ":\n+"),
        (": −", ":\n−"),
        (", log-rank", ",\nlog-rank"),
    ):
        cell = cell.replace(before, after)
    return cell


def _column_width(cells: Iterable[str]) -> int:
    """Choose how wide a column is: every interval stays whole, longer words may wrap."""
    lines = [line for cell in cells for line in cell.splitlines() if line]
    intervals = [len(line) for line in lines if line.startswith("(") and line.endswith(")")]
    return max(min(max(map(len, lines), default=1), COLUMN_WIDTH), max(intervals, default=0)) + 1
