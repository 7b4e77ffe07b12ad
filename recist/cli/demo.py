"""``recist demo``: the whole chain on the sample study, from DICOM files to the survival report."""

from __future__ import annotations

import os
import shutil
import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from recist.cli.screen import progress_bar, say, tell_folder
from recist.cli.steps import tell_step

if TYPE_CHECKING:
    import pandas as pd

    from recist.response import Scored
    from survival.results import Report

READER = "reader-1"  # the one whose reads the cohort takes


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
    tell_folder(out)
    started = time.monotonic()
    dicom = _make_dicom()
    _index(dicom)
    _measure(dicom, out)
    scored, report = _run(out)
    _summarise(scored, report, out, time.monotonic() - started)


def _make_dicom() -> Path:
    from sample_dicom import cached_study

    with tell_step("phantom") as told, progress_bar("making CT slices") as progress:
        folder = cached_study(progress=progress)
        told.append(f"six patients, three visits each, in {folder}")
    return folder


def _index(dicom: Path) -> None:
    from recist.dicom.index import index_folder

    with tell_step("index") as told, progress_bar("reading files") as progress:
        index = index_folder(dicom / "dicom", progress=progress)
        classes = sorted({name.value for series in index.series for name in series.classes})
        told.append(f"{len(index.files)} files, {len(index.series)} CT series: {', '.join(classes)}")


def _measure(dicom: Path, out: Path) -> None:
    """Measure the imaged patients and put their rows beside those of the other patients."""
    import pandas as pd

    from recist.batch import measure_manifest
    from recist.problems import require_no_errors
    from recist.tables import MEASUREMENTS, read_table, write_table
    from sample_dicom import cohort_folder

    with tell_step("measure") as told, progress_bar("measuring series") as progress:
        measured = measure_manifest(dicom / "manifest.csv", workers=os.cpu_count() or 1, progress=progress)
        require_no_errors(measured.problems)
        others, problems = read_table(cohort_folder() / "measurements.csv", MEASUREMENTS)
        require_no_errors(problems)
        path = out / "measured" / "measurements.csv"
        write_table(pd.concat([measured.measurements, others], ignore_index=True), path)
        told.append(f"{_compare(measured.measurements, dicom / 'truth.csv')}; {len(others)} rows from tables")


def _compare(measurements: pd.DataFrame, truth_file: Path) -> str:
    """Say how far the measured long axes are from the exact ones of the phantom."""
    import pandas as pd

    found = measurements[measurements["state"] == "measured"]
    truth = pd.read_csv(truth_file, usecols=["subject", "timepoint", "lesion", "long_axis_mm"])
    both = found.merge(truth, on=["subject", "timepoint", "lesion"], suffixes=("", "_true"))
    errors = both["long_axis_mm"] - both["long_axis_mm_true"]
    return f"{len(found)} lesions on DICOM, long axis off the truth by {errors.abs().max():.1f} mm at most"


def _run(out: Path) -> tuple[Scored, Report]:
    """Score, link and analyse by the study file, as `recist run` does."""
    from recist.cli import run_steps
    from recist.cli.run_settings import read_run_settings
    from recist.response import Scored
    from sample_dicom import cohort_folder

    shutil.copytree(cohort_folder(), out / "tables", dirs_exist_ok=True)
    settings = read_run_settings(out / "tables" / "study.toml")
    scored = run_steps.score_step(settings, out)
    assert isinstance(scored, Scored)
    run_steps.link_step(settings, out)
    return scored, run_steps.report_step(settings, out)


def _summarise(scored: Scored, report: Report, out: Path, seconds: float) -> None:
    """End with the answer."""
    from recist.cli.run import say_facts

    best = scored.best_responses
    counts = best.loc[best["reader"] == READER, "best_response"].value_counts()
    words = ", ".join(f"{word} {n}" for word, n in counts.items())
    say()
    say_facts("The sample study", report, [(f"Best response of {counts.sum()} with images", words)])
    say(f"Report: {(out / 'report' / 'report.html').resolve()}")
    say(f"Again, or with other settings: recist run {out / 'tables' / 'study.toml'} -o {out}")
    say(f"Done in {seconds:.0f} s. The tables of every step are in {out}/; the data are synthetic.")
