"""``recist best``: best responses and endpoints from overall responses per visit."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from recist.cli.best_summary import say_best, say_problems_to_look_at, write_best
from recist.cli.criteria_choice import find_criteria
from recist.cli.options_file import read_options
from recist.cli.score import settings_of
from recist.cli.screen import progress_bar, say, tell_folder

if TYPE_CHECKING:
    from recist.criteria import Criteria
    from recist.response.visits import BestScored


def command(
    visits: Annotated[
        Path, typer.Argument(help="Table of visits, CSV or Parquet: subject, reader, date, overall_response.")
    ],
    out: Annotated[Path, typer.Option("--out", "-o", help="Folder for the results; made when missing.")],
    subjects: Annotated[
        Path | None, typer.Option(help="Table of subjects: start, new therapy, death, cut-off.")
    ] = None,
    criteria: Annotated[str, typer.Option(help="Response criteria the visits were judged by.")] = "recist-1.1",
    options: Annotated[Path | None, typer.Option(help="TOML file with a table [response] of options.")] = None,
) -> None:
    """Find best responses and endpoints from the overall responses of visits, without lesions.

    Example: `recist best visits.csv --subjects subjects.csv -o best`

    Writes responses.csv (every visit as given and as it counts), best_responses.csv, rates.csv, problems.csv and
    options.json. When the tables hold errors all of them are listed, the exit code is 1 and nothing is written.
    """
    from recist.outputs import require_folder_to_write
    from recist.response import parse_options
    from recist.response.visits import best
    from recist.tables import read_cells

    rules = find_criteria(criteria)
    choices = parse_options(read_options(options), rules)
    require_folder_to_write(out)
    tell_folder(out)
    with progress_bar("best responses") as progress:
        scored = best(
            read_cells(visits),
            subjects=None if subjects is None else read_cells(subjects),
            criteria=rules,
            options=choices,
            visits_name=visits.name,
            subjects_name="subjects" if subjects is None else subjects.name,
            progress=progress,
        )
        write_best_scored(scored, rules, out)
    _summarise(scored, out)


def write_best_scored(scored: BestScored, rules: Criteria, folder: Path) -> None:
    """Write visits, best responses, rates, problems and options; all of them or none."""
    from recist.outputs import whole_folder
    from recist.tables import write_table

    with whole_folder(folder) as staging:
        write_table(scored.responses, staging / "responses.csv")
        write_best(scored.best_responses, staging)
        write_table(scored.problems, staging / "problems.csv")
        settings = json.dumps(settings_of(rules, scored.options), indent=2, ensure_ascii=False)
        (staging / "options.json").write_text(settings + "\n", encoding="utf-8")


def _summarise(scored: BestScored, folder: Path) -> None:
    best = scored.best_responses
    say(f"subjects: {best['subject'].nunique()}, readers: {best['reader'].nunique()}, visits: {len(scored.responses)}")
    say_best(best)
    say_problems_to_look_at(scored.problems)
    say(f"results in {folder}: responses.csv, best_responses.csv, rates.csv, problems.csv, options.json")
