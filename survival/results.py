"""What a report is made of: tables of numbers with their printed form, figures, sections; and writing all numbers."""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

import numpy as np

from survival.options import setting_sentences

if TYPE_CHECKING:
    from pathlib import Path

    import pandas as pd

    from recist.problems import Problem
    from survival.cohort import InputFile
    from survival.options import ReportOptions

FORMAT = "recist-survival-results/1"
ROW = "row"
PAGE_PARTS = {"summary": "Summary", "left-out": "Left out", "methods": "Methods and settings"}
"""Parts of the page beside the sections, with their titles."""


class RowKind(StrEnum):
    """How a printed row stands in its table."""

    PLAIN = "plain"
    HEADING = "heading"
    INDENTED = "indented"


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownRow:
    """A printed row; the first cell is the row's header, `places` are the sections its last cell leads to."""

    cells: tuple[str, ...]
    kind: RowKind = RowKind.PLAIN
    places: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ResultTable:
    """A table of results.

    Attributes
    ----------
    name : str
        Stable name, also of its CSV file.
    title : str
        Caption for people.
    numbers : pandas.DataFrame
        Every number at full precision; the index names the row, unique.
    header : tuple of str
        Printed column headers.
    shown : tuple of ShownRow
        Printed rows.
    notes : tuple of str
        Footnotes: what was counted, how, and what to be careful about.
    folded : bool
        Whether the page shows it only when opened: detail for who wants it. Printed it is always open.
    is_text : bool
        Whether its cells are sentences rather than numbers.
    """

    name: str
    title: str
    numbers: pd.DataFrame
    header: tuple[str, ...]
    shown: tuple[ShownRow, ...]
    notes: tuple[str, ...] = ()
    folded: bool = False
    is_text: bool = False


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ResultFigure:
    """A drawn figure; `description` says in words what it shows, for who cannot see it."""

    name: str
    title: str
    description: str
    caption: str
    svg: str
    png: bytes
    pdf: bytes = b""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Section:
    """A part of the report."""

    key: str
    title: str
    paragraphs: tuple[str, ...] = ()
    items: tuple[ResultTable | ResultFigure, ...] = ()
    left_out: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """One figure of the summary."""

    label: str
    value: str
    detail: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceStep:
    """A step before the cohort, such as scoring or linking: its settings, and its input files with their SHA-256."""

    step: str
    options: tuple[tuple[str, str], ...]
    inputs: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Report:
    """A whole report, ready to be written; `left_out` says what the data did not allow."""

    title: str
    subtitle: str
    facts: tuple[Fact, ...]
    answer: tuple[str, ...]
    sections: tuple[Section, ...]
    left_out: tuple[str, ...]
    options: ReportOptions
    files: tuple[InputFile, ...]
    warnings: tuple[Problem, ...]
    methods: tuple[str, ...]
    software: dict[str, str]
    provenance: tuple[SourceStep, ...] = ()

    @property
    def tables(self) -> tuple[ResultTable, ...]:
        """Every table, in order."""
        return tuple(item for section in self.sections for item in section.items if isinstance(item, ResultTable))

    @property
    def figures(self) -> tuple[ResultFigure, ...]:
        """Every figure, in order."""
        return tuple(item for section in self.sections for item in section.items if isinstance(item, ResultFigure))

    @property
    def places(self) -> dict[str, str]:
        """Every part of the page that a row can lead to: its key and title."""
        return PAGE_PARTS | {section.key: section.title for section in self.sections}

    @property
    def settings(self) -> tuple[tuple[str, str, str], ...]:
        """Every setting: name, value, meaning."""
        meanings = setting_sentences()
        return tuple((name, _say_setting(value), meanings[name]) for name, value in self.options.as_dict().items())


def _say_setting(value: object) -> str:
    if isinstance(value, list):
        return ", ".join(str(entry) for entry in value) or "none"
    return str(value) or "none"


def _plain(value: object) -> object:
    """Give a value that JSON knows; what is not a number becomes null."""
    if isinstance(value, np.generic):
        value = value.item()
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    return value


def table_as_dict(table: ResultTable) -> dict[str, object]:
    """Give a table as rows of columns of values."""
    records = table.numbers.to_dict(orient="index")
    return {
        "title": table.title,
        "rows": {
            str(row): {str(name): _plain(value) for name, value in values.items()} for row, values in records.items()
        },
        "notes": list(table.notes),
    }


def results_as_dict(report: Report) -> dict[str, object]:
    """Give everything a report says in numbers, the settings and the inputs it came from.

    The same inputs and settings give the same content, byte for byte: it holds no time of day.
    """
    return {
        "format": FORMAT,
        "study": report.options.study,
        "options": report.options.as_dict(),
        "inputs": [{"file": file.name, "sha256": file.sha256} for file in report.files],
        "software": report.software,
        "provenance": [
            {
                "step": step.step,
                "options": dict(step.options),
                "inputs": [{"file": name, "sha256": sha256} for name, sha256 in step.inputs],
            }
            for step in report.provenance
        ],
        "tables": {table.name: table_as_dict(table) for table in report.tables},
        "figures": {figure.name: figure.title for figure in report.figures},
        "left_out": list(report.left_out),
        "warnings": [str(problem) for problem in report.warnings],
    }


def write_results(report: Report, folder: Path) -> None:
    """Write ``results.json`` and one CSV a table."""
    text = json.dumps(results_as_dict(report), indent=1, ensure_ascii=False, allow_nan=False)
    (folder / "results.json").write_text(text + "\n", encoding="utf-8")
    tables = folder / "tables"
    tables.mkdir()
    for table in report.tables:
        table.numbers.to_csv(tables / f"{table.name}.csv", index_label=ROW, lineterminator="\n")
