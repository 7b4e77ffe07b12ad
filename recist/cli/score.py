"""``recist score``: from a table of measurements to responses."""

from __future__ import annotations

import datetime
import json
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from recist.cli.best_summary import say_best, say_problems_to_look_at, write_best
from recist.cli.criteria_choice import HELP, criteria_settings, find_criteria
from recist.cli.options_file import OPTIONS_TABLE, read_options
from recist.cli.screen import progress_bar, say, tell_folder
from recist.cli.sdtm_input import (
    COMPARISON_FILE,
    NOT_USED_FILE,
    InputFormat,
    SdtmFiles,
    read_sdtm_input,
    require_no_sdtm_files,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

    from recist.criteria import Criteria
    from recist.response import Options, Scored

COUNTS = ("n_targets",)  # written without a decimal point
# from another run they would stand beside results that they do not belong to
ONLY_SOMETIMES = (COMPARISON_FILE, NOT_USED_FILE)


def command(  # noqa: PLR0917  # typer calls it by name
    measurements: Annotated[Path, typer.Argument(help="Table of measurements, CSV or Parquet.")],
    out: Annotated[Path, typer.Option("--out", "-o", help="Folder for the results; made when missing.")],
    subjects: Annotated[
        Path | None, typer.Option(help="Table of subjects: start, new therapy, death, cut-off.")
    ] = None,
    criteria: Annotated[str, typer.Option(help=HELP)] = "recist-1.1",
    options: Annotated[Path | None, typer.Option(help="TOML file with a table [response] of options.")] = None,
    input_format: Annotated[
        InputFormat, typer.Option("--format", help="What the first file is: our table, or SDTM TR (CSV, XPT or JSON).")
    ] = InputFormat.MEASUREMENTS,
    tu: Annotated[Path | None, typer.Option(help="SDTM TU: which lesions are targets.")] = None,
    rs: Annotated[Path | None, typer.Option(help="SDTM RS: the sponsor's responses, to be compared.")] = None,
    dm: Annotated[Path | None, typer.Option(help="SDTM DM: start and death, in place of --subjects.")] = None,
) -> None:
    """Score measurements: response at every time point, best response and progression.

    Example: `recist score measurements.csv --subjects subjects.csv -o scored`

    Writes responses.csv, best_responses.csv, rates.csv, lesions.csv (every row as scored), subjects.csv (the dates
    used), problems.csv and options.json; `recist explain` reads them. When the tables hold errors all of them are
    listed, the exit code is 1 and nothing is written. From SDTM: `recist score tr.xpt --format sdtm --tu tu.xpt
    --rs rs.xpt -o scored`; then response_comparison.csv and records_not_used.csv stand beside the results.
    """
    from recist.outputs import require_folder_to_write
    from recist.response import parse_options, score
    from recist.tables import read_cells

    rules = find_criteria(criteria)
    choices = parse_options(read_options(options), rules)
    require_folder_to_write(out)
    tell_folder(out)
    files = SdtmFiles(tu=tu, rs=rs, dm=dm)
    sdtm = read_sdtm_input(measurements, files, subjects) if input_format is InputFormat.SDTM else None
    if sdtm is None:
        require_no_sdtm_files(files)
    with progress_bar("scoring") as progress:
        rows = read_cells(measurements) if sdtm is None else sdtm.imported.measurements
        people = None if subjects is None else read_cells(subjects)
        scoring = partial(
            score,
            rows,
            subjects=people if sdtm is None or sdtm.imported.subjects is None else sdtm.imported.subjects,
            criteria=rules,
            options=choices,
            measurements_name=measurements.name,
            subjects_name=next((path.name for path in (subjects, dm) if path is not None), "subjects"),
            today=datetime.datetime.now().astimezone().date(),
            progress=progress,
        )
        scored = scoring() if sdtm is None else sdtm.score(scoring)
    write_scored(scored, out, {} if sdtm is None else sdtm.extra_tables)
    _summarise(scored, out)
    if sdtm is not None:
        sdtm.summarise()


def write_scored(scored: Scored, folder: Path, more: Mapping[str, pd.DataFrame] | None = None) -> None:
    """Write responses, best responses, problems and options, and more tables by name; all of them or none.

    Tables of an earlier run that this one does not write are removed.
    """
    from recist.large_csv import write_large_csv
    from recist.outputs import whole_folder
    from recist.tables import write_table

    with whole_folder(folder) as staging:
        write_table(scored.responses.astype(dict.fromkeys(COUNTS, "Int64")), staging / "responses.csv")
        write_best(scored.best_responses, staging)
        write_large_csv(scored.lesions, staging / "lesions.csv")
        write_table(_subjects_of(scored), staging / "subjects.csv")
        write_table(scored.problems, staging / "problems.csv")
        for name, table in (more or {}).items():
            write_table(table, staging / name)
        settings = json.dumps(settings_of(scored.contributions.criteria, scored.options), indent=2, ensure_ascii=False)
        (staging / "options.json").write_text(settings + "\n", encoding="utf-8")
    for name in set(ONLY_SOMETIMES) - set(more or {}):
        (folder / name).unlink(missing_ok=True)


def _subjects_of(scored: Scored) -> pd.DataFrame:
    """Give the dates of the subjects that were scored; no rows when no table of subjects was given."""
    from recist.tables import SUBJECTS, check_table

    if scored.subjects is None:
        return check_table(scored.best_responses[["subject"]].head(0), SUBJECTS)[0]
    people = scored.subjects[list(SUBJECTS.column_names)]
    return people[people["subject"].isin(scored.best_responses["subject"])]


def settings_of(criteria: Criteria, options: Options) -> dict[str, object]:
    """Lay out everything the results rest on besides the data."""
    from importlib.metadata import version

    from recist.response.options import options_table

    return {
        "program": f"recist-toolkit {version('recist-toolkit')}",
        **criteria_settings(criteria),
        OPTIONS_TABLE: options_table(options),
    }


def _summarise(scored: Scored, folder: Path) -> None:
    best, responses = scored.best_responses, scored.responses
    say(
        f"subjects: {best['subject'].nunique()}, readers: {best['reader'].nunique()}, "
        f"time points after baseline: {len(responses)}"
    )
    say_best(best)
    say_problems_to_look_at(scored.problems)
    say(
        f"results in {folder}: responses.csv, best_responses.csv, rates.csv, lesions.csv, subjects.csv, problems.csv,"
        " options.json"
    )
