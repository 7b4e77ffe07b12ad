"""The report of a cohort, written into a folder: what ``recist survival`` does, asked from Python."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from survival.questions.study_cohort import StudyCohort
from survival.words.result_html import say_html_table

if TYPE_CHECKING:
    from survival.cohort import Cohort
    from survival.options import ReportOptions
    from survival.results import Report


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class WrittenReport:
    """A report and where it lies.

    Attributes
    ----------
    content : Report
        Tables and figures, by name.
    folder : pathlib.Path
    """

    content: Report
    folder: Path

    @property
    def page(self) -> Path:
        """The page to open."""
        return self.folder / "report.html"

    def __str__(self) -> str:
        """Give the summary, and where the page is."""
        facts = "\n".join(f"  {fact.label}: {fact.value} ({fact.detail})" for fact in self.content.facts)
        return f"{self.content.title}: {self.content.subtitle}\n{facts}\n{self.page}"

    __repr__ = __str__

    def _repr_html_(self) -> str:
        rows = [[fact.label, fact.value, fact.detail] for fact in self.content.facts]
        return say_html_table(f"{self.content.title}: {self.page}", ["", "Result", "Of"], rows)


def report(
    cohort: StudyCohort | Cohort, folder: str | Path, *, options: ReportOptions | str | Path | None = None
) -> WrittenReport:
    """Analyse a cohort and write the report: one page, figures, tables and every number; all of it or nothing.

    Parameters
    ----------
    cohort : StudyCohort or Cohort
    folder : str or pathlib.Path
        Made when missing.
    options : ReportOptions, or path to a TOML file, optional
        When not given, the settings that the cohort was loaded with, else the defaults.

    Raises
    ------
    UsageError
        If the settings ask for groups or covariates that are known only after the index date.
    DataError
        If they name columns that the cohort does not have.
    """
    from recist.outputs import require_folder_to_write
    from survival.options import ReportOptions, read_options
    from survival.reporting.build import build_report, write_report

    data = cohort.data if isinstance(cohort, StudyCohort) else cohort
    if options is None:
        options = cohort.options if isinstance(cohort, StudyCohort) else None
    settings = options if isinstance(options, ReportOptions) else None
    if settings is None:
        settings = ReportOptions() if options is None else read_options(Path(str(options)))
    target = Path(folder)
    require_folder_to_write(target)
    content = build_report(data, settings)
    write_report(content, target)
    return WrittenReport(content=content, folder=target)
