"""``recist demo``: the whole chain on the sample study, from DICOM files to the survival report."""

from __future__ import annotations

import os
import shutil
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from recist.cli.screen import progress_bar, say, say_table

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pandas as pd

    from recist.response import Scored
    from survival.results import Report


def command(
    out: Annotated[
        Path, typer.Option("--out", "-o", metavar="DIR", help="Folder for the tables and the report.")
    ] = Path("recist-demo"),
) -> None:
    """Run the whole chain on the sample study: DICOM → measurements → responses → cohort → report.

    Six patients are measured from CT series and segmentations, made on the first run and kept in the user's cache;
    the rest of the 211 come as tables.

    Example: `recist demo --out recist-demo`
    """
    from recist.outputs import require_folder_to_write

    require_folder_to_write(out)
    started = time.monotonic()
    dicom = _make_dicom()
    _index(dicom)
    measurements = _measure(dicom, out)
    scored = _score(measurements, out)
    _link(out)
    report = _analyse(out)
    _summarise(scored, report, out, time.monotonic() - started)


@contextmanager
def _step(name: str) -> Iterator[list[str]]:
    """Say what a step did, in the word list it fills, and how long it took."""
    started = time.monotonic()
    told: list[str] = []
    yield told
    say(f"{name:<9} {' '.join(told)} ({time.monotonic() - started:.0f} s)")


def _make_dicom() -> Path:
    from sample_dicom import cached_study

    with _step("phantom") as told, progress_bar("making CT slices") as progress:
        folder = cached_study(progress=progress)
        told.append(f"six patients, three visits each, in {folder}")
    return folder


def _index(dicom: Path) -> None:
    from recist.dicom.index import index_folder

    with _step("index") as told, progress_bar("reading files") as progress:
        index = index_folder(dicom / "dicom", progress=progress)
        classes = sorted({name.value for series in index.series for name in series.classes})
        told.append(f"{len(index.files)} files, {len(index.series)} CT series: {', '.join(classes)}")


def _measure(dicom: Path, out: Path) -> Path:
    """Measure the imaged patients and put their rows beside those of the other patients."""
    import pandas as pd

    from recist.batch import measure_manifest
    from recist.problems import require_no_errors
    from recist.tables import MEASUREMENTS, read_table, write_table
    from sample_dicom import cohort_folder

    with _step("measure") as told, progress_bar("measuring series") as progress:
        measured = measure_manifest(dicom / "manifest.csv", workers=os.cpu_count() or 1, progress=progress)
        require_no_errors(measured.problems)
        others, problems = read_table(cohort_folder() / "measurements.csv", MEASUREMENTS)
        require_no_errors(problems)
        path = out / "measured" / "measurements.csv"
        write_table(pd.concat([measured.measurements, others], ignore_index=True), path)
        told.append(f"{_compare(measured.measurements, dicom / 'truth.csv')}; {len(others)} rows from tables")
    return path


def _compare(measurements: pd.DataFrame, truth_file: Path) -> str:
    """Say how far the measured long axes are from the exact ones of the phantom."""
    import pandas as pd

    found = measurements[measurements["state"] == "measured"]
    truth = pd.read_csv(truth_file, usecols=["subject", "timepoint", "lesion", "long_axis_mm"])
    both = found.merge(truth, on=["subject", "timepoint", "lesion"], suffixes=("", "_true"))
    errors = both["long_axis_mm"] - both["long_axis_mm_true"]
    return f"{len(found)} lesions on DICOM, long axis off the truth by {errors.abs().max():.1f} mm at most"


def _score(measurements: Path, out: Path) -> Scored:
    import pandas as pd

    from recist.cli.score import write_scored
    from recist.response import score
    from recist.tables import read_cells
    from sample_dicom import cohort_folder

    with _step("score") as told:
        subjects = read_cells(cohort_folder() / "subjects.csv")
        reads = [read_cells(measurements), read_cells(cohort_folder() / "second_read.csv")]
        rows = pd.concat(reads, ignore_index=True)
        scored = score(rows, subjects=subjects[subjects["subject"].isin(rows["subject"])])
        write_scored(scored, out / "responses")
        told.append(f"{len(scored.responses)} time points of {len(scored.best_responses)} patients, by RECIST 1.1")
    return scored


def _link(out: Path) -> None:
    from linkage.cohort import link
    from linkage.study import read_study
    from linkage.tables import read_study_tables
    from linkage.writing import write_linked
    from sample_dicom import cohort_folder

    with _step("link") as told:
        shutil.copytree(cohort_folder(), out / "tables", dirs_exist_ok=True)
        study = read_study(out / "tables" / "study.toml")
        tables, problems = read_study_tables(study.tables)
        linked = link(tables, study.rules, cutoff_date=study.cutoff_date, problems=problems)
        write_linked(linked, study, out / "cohort")
        sources = linked.cohort["imaging_source"].value_counts()
        told.append(
            f"{len(linked.cohort)} patients; CT response from images in {sources.get('image', 0)}, "
            f"from reports in {sources.get('report', 0)}, none in {sources.get('none', 0)}"
        )


def _analyse(out: Path) -> Report:
    from survival.cohort import read_cohort
    from survival.options import read_options
    from survival.reporting.build import build_report, write_report

    with _step("survival") as told, progress_bar("writing the report") as progress:
        options = read_options(out / "tables" / "study.toml")
        report = build_report(read_cohort(out / "cohort"), options, progress=progress)
        write_report(report, out / "report")
        told.append(f"{len(report.sections)} sections, {len(report.figures)} figures")
    return report


def _summarise(scored: Scored, report: Report, out: Path, seconds: float) -> None:
    """End with the answer."""
    say()
    best = scored.best_responses
    best = best.loc[best["reader"] == "reader-1", "best_response"].value_counts()
    say_table(
        "The sample study",
        ("", "result"),
        [
            *((fact.label, f"{fact.value} ({fact.detail})") for fact in report.facts),
            (f"Best response of {best.sum()} with images", ", ".join(f"{word} {n}" for word, n in best.items())),
        ],
    )
    say(f"Report: {(out / 'report' / 'report.html').resolve()}")
    say(f"Done in {seconds:.0f} s. The tables of every step are in {out}/; the data are synthetic.")
