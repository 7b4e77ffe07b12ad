"""The steps of a run, one after the other, each into a folder of its own: measured, responses, cohort, report."""

from __future__ import annotations

import datetime
import os
from dataclasses import replace
from typing import TYPE_CHECKING

from linkage.cohort import link
from linkage.tables import read_study_tables
from linkage.writing import write_linked
from recist.batch import measure_manifest
from recist.cli.run_reads import make_responses
from recist.cli.screen import progress_bar
from recist.cli.steps import tell_step
from recist.problems import require_no_errors
from recist.tables import write_table
from survival.cohort import read_cohort
from survival.reporting.build import build_report, write_report

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    import pandas as pd

    from linkage.cohort import Linked
    from linkage.study import StudyConfig
    from recist.cli.run_settings import RunSettings
    from recist.response import Scored
    from recist.response.visits import BestScored
    from survival.results import Report

MEASURED, RESPONSES, COHORT, REPORT = "measured", "responses", "cohort", "report"


def measure_step(settings: RunSettings, out: Path) -> Path:
    """Measure the lesions of the manifest and write ``measured/measurements.csv``."""
    assert settings.manifest is not None
    with tell_step("measure") as told, progress_bar("measuring series") as progress:
        measured = measure_manifest(
            settings.manifest, convention=settings.convention, workers=os.cpu_count() or 1, progress=progress
        )
        require_no_errors(measured.problems)
        path = out / MEASURED / "measurements.csv"
        write_table(measured.measurements, path)
        told.append(f"{len(measured.measurements)} lesions of {measured.measurements['subject'].nunique()} patients")
    return path


def score_step(settings: RunSettings, out: Path, *, measured: Sequence[Path] = ()) -> Scored | BestScored:
    """Make responses of the reads and write them into ``responses``."""
    with tell_step("score") as told:
        made = make_responses(settings, measured, out / RESPONSES)
        told.append(f"{len(made.responses)} time points of {made.responses['subject'].nunique()} patients")
        readers = made.responses["reader"].nunique()
        told.append(f"by {settings.criteria.title}" + (f", {readers} readers" if readers > 1 else ""))
    return made


def link_step(settings: RunSettings, out: Path) -> Linked:
    """Link the tables, with the responses of this run where there are any, and write ``cohort``."""
    with tell_step("link") as told:
        study = _with_responses(settings.study, out) if settings.scores else settings.study
        tables, problems = read_study_tables(study.tables, study.rules.partial_dates)
        today = datetime.datetime.now().astimezone().date()
        linked = link(tables, study.rules, cutoff_date=study.cutoff_date, problems=problems, today=today)
        write_linked(linked, study, out / COHORT)
        told.append(_tell_sources(linked.cohort))
    return linked


def _with_responses(study: StudyConfig, out: Path) -> StudyConfig:
    made = {name: out / RESPONSES / f"{name}.csv" for name in ("responses", "best_responses")}
    return replace(study, tables={**study.tables, **made})


def _tell_sources(cohort: pd.DataFrame) -> str:
    sources = cohort["imaging_source"].value_counts()
    return (
        f"{len(cohort)} patients; CT response from images in {sources.get('image', 0)}, "
        f"from reports in {sources.get('report', 0)}, none in {sources.get('none', 0)}"
    )


def report_step(settings: RunSettings, out: Path) -> Report:
    """Analyse the cohort and write ``report``."""
    with tell_step("survival") as told, progress_bar("writing the report") as progress:
        cohort = read_cohort(out / COHORT, config=settings.file, options=settings.report)
        report = build_report(cohort, settings.report, progress=progress)
        write_report(report, out / REPORT)
        told.append(f"{len(report.tables)} tables, {len(report.figures)} figures")
    return report
