"""Building the whole report: the sections in their order, each of which copes with what the data do not hold."""

from __future__ import annotations

from importlib.metadata import version
from typing import TYPE_CHECKING

from recist.outputs import whole_folder
from recist.problems import require_no_errors
from recist.progress import no_progress
from survival.covariates import derive_timing
from survival.known_later import require_known_at_start
from survival.later_names import say_taken_as_known
from survival.reporting.agreement.section import agreement_section
from survival.reporting.answers import group_answers, later_answers, summary_answer
from survival.reporting.assumptions import assumptions_section
from survival.reporting.by_response import by_response_section
from survival.reporting.calibration import calibration_section
from survival.reporting.cautions import check_study
from survival.reporting.checklists.section import checklists_section
from survival.reporting.competing import competing_section
from survival.reporting.course import course_section
from survival.reporting.docx import tables_as_docx
from survival.reporting.groups import groups_section
from survival.reporting.hazards import hazards_section
from survival.reporting.headlines import headline_section
from survival.reporting.html import render_html
from survival.reporting.known_later import known_later_section
from survival.reporting.methods import methods_paragraphs
from survival.reporting.named_columns import check_named_columns, say_absent_columns
from survival.reporting.patients import baseline_section, flow_section
from survival.reporting.progression_interval import progression_interval_section
from survival.reporting.provenance import derive_provenance
from survival.reporting.relief_time import relief_section
from survival.reporting.response_rates import response_section
from survival.reporting.second_treatment import second_treatment_section
from survival.reporting.sensitivity.section import sensitivity_section
from survival.reporting.study import Study
from survival.reporting.summary import summary_facts
from survival.reporting.survival_time import survival_section
from survival.reporting.text_files import methods_text, warnings_text
from survival.results import Report, write_results
from survival.settings.canonical import settle_primary
from survival.words.wording import DAYS_PER_MONTH, say_counted

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from recist.progress import Progress
    from survival.cohort import Cohort
    from survival.options import ReportOptions
    from survival.results import Section

SECTIONS: tuple[Callable[[Study], Section], ...] = (
    headline_section,
    known_later_section,
    flow_section,
    baseline_section,
    response_section,
    course_section,
    survival_section,
    groups_section,
    competing_section,
    by_response_section,
    second_treatment_section,
    relief_section,
    hazards_section,
    assumptions_section,
    calibration_section,
    progression_interval_section,
    sensitivity_section,
    agreement_section,
)
SOFTWARE = ("recist-toolkit", "numpy", "pandas", "scipy", "matplotlib")


def build_report(cohort: Cohort, options: ReportOptions, *, progress: Progress = no_progress) -> Report:
    """Analyse a cohort.

    Parameters
    ----------
    cohort : Cohort
        Read and checked.
    options : ReportOptions
    progress : Progress
        Told after each section.

    Raises
    ------
    UsageError
        If the settings ask for groups or covariates that are known only after the index date.
    DataError
        If they name columns that the cohort does not have.
    """
    options = settle_primary(options, cohort.frame.columns)
    require_known_at_start(options)
    study = Study(cohort=cohort, frame=derive_timing(cohort.frame), options=options)
    require_no_errors(check_named_columns(study))
    sections: list[Section] = []
    for done, make in enumerate(SECTIONS, start=1):
        sections.append(make(study))
        progress(done, len(SECTIONS))
    software = {name: version(name) for name in SOFTWARE}
    left_out = (*(sentence for section in sections for sentence in section.left_out), *say_absent_columns(study))
    here = (*(section.key for section in sections if section.items), "summary", "methods")
    sections.append(checklists_section((*here, "left-out") if left_out else here))
    return Report(
        title=options.study or "Response and survival",
        subtitle=_subtitle(study),
        facts=summary_facts(study),
        answer=(
            *group_answers(sections, study.primary),
            *summary_answer(study),
            *later_answers(sections, study.primary),
            *say_taken_as_known(cohort.warnings),
        ),
        sections=tuple(section for section in sections if section.items),
        left_out=left_out,
        options=options,
        files=cohort.files,
        warnings=(*cohort.warnings, *check_study(study, sections)),
        methods=methods_paragraphs(study, sections, software=software),
        software=software,
        provenance=derive_provenance(cohort),
    )


def _subtitle(study: Study) -> str:
    landmark = f", landmark at day {study.options.landmark_days}" if study.comparisons else ""
    return f"{say_counted(study.n, 'patient')}; times in months of {DAYS_PER_MONTH} days{landmark}"


def write_report(report: Report, folder: Path) -> None:
    """Write page, figures, tables and numbers; all of them or none."""
    with whole_folder(folder) as staging:
        write_results(report, staging)
        (staging / "report.html").write_text(render_html(report), encoding="utf-8")
        (staging / "methods.txt").write_text(methods_text(report), encoding="utf-8")
        (staging / "warnings.txt").write_text(warnings_text(report), encoding="utf-8")
        (staging / "tables.docx").write_bytes(tables_as_docx(report))
        figures = staging / "figures"
        figures.mkdir()
        for figure in report.figures:
            (figures / f"{figure.name}.svg").write_text(figure.svg, encoding="utf-8")
            (figures / f"{figure.name}.png").write_bytes(figure.png)
            (figures / f"{figure.name}.pdf").write_bytes(figure.pdf)
