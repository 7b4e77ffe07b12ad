"""``recist agree``: how far readers agree on the same subjects."""

from __future__ import annotations

import math
from bisect import bisect_right
from contextlib import contextmanager
from dataclasses import replace
from itertools import accumulate
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from recist.cli.criteria_choice import HELP, find_criteria
from recist.cli.screen import counted, progress_bar, say, say_table, tell_folder
from recist.errors import DataError

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pandas as pd

    from recist.agreement import Agreement
    from recist.problems import Problem

ALL_READS = "measurements"  # the reads of all files put together
RESPONSE_TITLES = ("what", "pairs", "same, %", "kappa (95 % CI)", "weighted, linear")
SIZE_TITLES = ("what", "pairs", "ICC (95 % CI)", "bias", "limits of agreement")


def command(
    measurements: Annotated[list[Path], typer.Argument(help="Tables of measurements, CSV or Parquet.")],
    out: Annotated[Path, typer.Option("--out", "-o", help="Folder for the results; made when missing.")],
    subjects: Annotated[
        Path | None, typer.Option(help="Table of subjects: start, new therapy, death, cut-off.")
    ] = None,
    criteria: Annotated[str, typer.Option(help=HELP)] = "recist-1.1",
    options: Annotated[Path | None, typer.Option(help="TOML file with a table [response] of options.")] = None,
) -> None:
    """Compare readers: kappa for responses, ICC and limits of agreement for sizes, and where they part.

    Example: `recist agree reader-1.csv reader-2.csv --subjects subjects.csv -o agreement`

    The reads stand in one table or in several; in a table without the column reader, the file's name names the
    reader. Writes categories.csv, sizes.csv, discordances.csv, adjudication.csv and a Bland-Altman figure for every
    size and two readers.
    """
    import pandas as pd

    from recist.agreement import agree
    from recist.cli.options_file import read_options
    from recist.outputs import require_folder_to_write
    from recist.response import parse_options, score
    from recist.tables import read_cells

    rules = find_criteria(criteria)
    choices = parse_options(read_options(options), rules)
    require_folder_to_write(out)
    tell_folder(out)
    reads = [read_reads(path, is_alone=len(measurements) == 1) for path in measurements]
    with progress_bar("comparing readers") as progress, in_their_files(measurements, reads):
        scored = score(
            pd.concat(reads, ignore_index=True),
            subjects=None if subjects is None else read_cells(subjects),
            criteria=rules,
            options=choices,
            measurements_name=ALL_READS,
            subjects_name="subjects" if subjects is None else subjects.name,
            progress=progress,
        )
        agreement = agree(scored)
        write_agreement(agreement, out)
    _summarise(agreement, out)


def read_reads(path: Path, *, is_alone: bool) -> pd.DataFrame:
    """Read a table of measurements; one of several without readers has the reader of its file's name."""
    import pandas as pd

    from recist.tables import read_cells

    cells = read_cells(path)
    if is_alone:
        return cells
    readers = cells["reader"] if "reader" in cells else pd.Series("", index=cells.index)
    is_named = readers.fillna("").astype(str).str.strip() != ""
    return cells.assign(reader=readers.where(is_named, path.stem))


@contextmanager
def in_their_files(paths: list[Path], reads: list[pd.DataFrame]) -> Iterator[None]:
    """Give faults in the reads put together the file and the row that a person finds them in."""
    from recist.tables import FIRST_DATA_ROW

    try:
        yield
    except DataError as fault:
        ends = list(accumulate(len(cells) for cells in reads))

        def in_its_file(problem: Problem) -> Problem:
            if problem.file != ALL_READS or not problem.row or problem.row < FIRST_DATA_ROW:
                return problem
            file = bisect_right(ends, problem.row - FIRST_DATA_ROW)
            row = problem.row - (ends[file] - len(reads[file]))
            return replace(problem, file=paths[file].name, row=row)

        raise DataError([in_its_file(problem) for problem in fault.problems]) from fault


def write_agreement(agreement: Agreement, folder: Path) -> None:
    """Write the tables and figures; all of them or none."""
    from recist.outputs import whole_folder
    from recist.tables import write_table

    with whole_folder(folder) as staging:
        write_table(agreement.categories, staging / "categories.csv")
        write_table(agreement.sizes, staging / "sizes.csv")
        write_table(agreement.discordances, staging / "discordances.csv")
        write_table(agreement.subjects, staging / "adjudication.csv")
        (staging / "figures").mkdir()
        for name, rows in agreement.differences.groupby(["reader_a", "reader_b", "what"], sort=False):
            _draw((str(name[0]), str(name[1]), str(name[2])), rows, staging / "figures")


def _draw(name: tuple[str, str, str], rows: pd.DataFrame, folder: Path) -> None:
    """Draw the differences of two readers in one size, as SVG and PNG."""
    from recist.agreement.bland_altman import compute_limits
    from survival.figures.bland_altman import draw_bland_altman
    from survival.figures.drawn import draw_figure

    reader_a, reader_b, what = name
    first, second = rows["value_a"].to_numpy(), rows["value_b"].to_numpy()
    limits = compute_limits(first, second, rows["subject"].to_numpy(dtype=object))
    title = f"{what}: {reader_b} less {reader_a}"
    file = "".join(letter if letter.isalnum() else "_" for letter in f"{what.partition(',')[0]}_{reader_a}_{reader_b}")
    figure = draw_figure(
        lambda: draw_bland_altman(first, second, limits, readers=(reader_a, reader_b), what=what),
        name=file,
        title=title,
        description=f"Bland-Altman plot, {title}: bias {limits.bias:.2f}, "
        f"limits of agreement {limits.lower_limit:.2f} to {limits.upper_limit:.2f}",
    )
    (folder / f"{file}.svg").write_text(figure.svg, encoding="utf-8")
    (folder / f"{file}.png").write_bytes(figure.png)


def _summarise(agreement: Agreement, folder: Path) -> None:
    from survival.rates import rate

    for pair, rows in agreement.categories.groupby(["reader_a", "reader_b"], sort=False):
        say_table(f"{pair[0]} and {pair[1]}: responses", RESPONSE_TITLES, _response_rows(rows))
        is_pair = (agreement.sizes["reader_a"] == pair[0]) & (agreement.sizes["reader_b"] == pair[1])
        say_table(f"{pair[0]} and {pair[1]}: sizes", SIZE_TITLES, _size_rows(agreement.sizes[is_pair]))
    kinds = agreement.discordances["types"].str.get_dummies("|").sum()
    say(f"time points that differ: {len(agreement.discordances)}" + "".join(f", {k} {n}" for k, n in kinds.items()))
    if agreement.uncompared_visits:
        number = counted(agreement.uncompared_visits, "time point")
        say(f"{number} read by only one of two, or after the other called progression: not compared")
    say(f"subjects to be adjudicated: {rate(agreement.n_adjudicated, agreement.n_subjects)}")
    say(f"results in {folder}: categories.csv, sizes.csv, discordances.csv, adjudication.csv, figures/")


def _response_rows(rows: pd.DataFrame) -> Iterator[tuple[str, ...]]:
    for what, kappas in rows.groupby("what", sort=False):
        by_weights = {row["weights"]: row for _, row in kappas.iterrows()}
        plain, weighted = by_weights["none"], by_weights.get("linear")
        yield (
            str(what),
            str(plain["n"]),
            f"{100 * plain['agreement']:.1f}",
            _interval(plain["kappa"], plain["lower"], plain["upper"]),
            "" if weighted is None else _interval(weighted["kappa"], weighted["lower"], weighted["upper"]),
        )


def _size_rows(rows: pd.DataFrame) -> Iterator[tuple[str, ...]]:
    for _, row in rows.iterrows():
        icc = _interval(row["icc"], row["icc_lower"], row["icc_upper"])
        limits = f"{row['lower_limit']:.2f} to {row['upper_limit']:.2f}"
        yield str(row["what"]), str(row["n"]), icc, f"{row['bias']:.2f}", limits


def _interval(value: float, lower: float, upper: float) -> str:
    if math.isnan(value):
        return "not defined"
    return f"{value:.2f} (no interval)" if math.isnan(lower) else f"{value:.2f} ({lower:.2f}, {upper:.2f})"
