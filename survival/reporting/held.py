"""What a report really holds, by name: the methods are written from this and from nothing else."""

from __future__ import annotations

from typing import TYPE_CHECKING

from survival.model_columns import is_curved
from survival.partial_likelihood.result import Method
from survival.results import ResultTable

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from survival.reporting.study import Study
    from survival.results import Section

SENSITIVITY = "sensitivity"
BY_TABLE = {
    "models": "cox",
    "responses": "headline_forms",
    "proportions": "response",
    "again": "second_treatment",
    "relief": "relief_incidence",
    "calibration": "calibration",
    "proportional": "proportional_hazards",
    "categories": "agreement_categories",
    "sums": "agreement_sums",
    "interval": "pfs_interval",
    "simon_makuch": "simon_makuch",
}
"""What is held, and the table or figure that shows it."""
BY_ROW = {
    "landmarks": ("landmark_",),
    "windows": ("window", "early_window"),
    "sources": ("image", "report", "source"),
    "thresholds": ("rise_", "fall_"),
    "eras": ("early", "late", "era"),
    "from_diagnosis": ("diagnosis", "diagnosis_"),
    "adjustment": ("complete_case", "complete_case_landmark"),
    "missing_as_bad": ("missing_as_bad",),
    "imputed": ("imputed",),
    "turnbull": ("turnbull",),
    "weibull": ("weibull",),
}
"""What is held, and the keys of its rows among the sensitivity analyses; one that ends in _ is how they begin."""


def find_held(study: Study, sections: Sequence[Section]) -> frozenset[str]:
    """Name what a report holds.

    Parameters
    ----------
    study : Study
    sections : sequence of Section
        As made; what they left out is not in them.
    """
    items = {item.name: item for section in sections for item in section.items}
    tables = [item for item in items.values() if isinstance(item, ResultTable)]
    held = {name for name, item in BY_TABLE.items() if item in items}
    rows = _estimated_rows(tables)
    held |= {name for name, keys in BY_ROW.items() if any(_is_row_of(row, keys) for row in rows)}
    held |= {section.key for section in sections if section.items and section.key in {"groups", "known-later"}}
    columns = {str(column) for table in tables for column in table.numbers}
    held |= {"medians_differ"} if "difference_months" in columns else set()
    held |= {"gray"} if "gray_p_value" in columns else set()
    held |= {"competing"} if any(table.name.startswith("incidence_of_") for table in tables) else set()
    held |= {"differences"} if _has_row(tables, "response", "image_less_report") else set()
    held |= {"smd"} if any(table.name == "baseline" and "SMD" in table.header for table in tables) else set()
    held |= {"firth"} if any(_is_firth(table) for table in tables) else set()
    if "models" in held:
        held |= {"strata"} if study.strata else set()
        held |= {"baseline"} if study.covariates else set()
        held |= {"spline"} if any(map(is_curved, (*study.covariates, *study.further_covariates))) else set()
    return frozenset(held)


def _estimated_rows(tables: Iterable[ResultTable]) -> list[str]:
    """Give the keys of the sensitivity analyses that came to a number."""
    found = next((table.numbers for table in tables if table.name == SENSITIVITY), None)
    if found is None:
        return []
    known = found[found["value"].notna() | found["p_value"].notna()]
    return [str(row).partition(".")[2] for row in known.index]


def _is_row_of(row: str, keys: Iterable[str]) -> bool:
    return any(row == key or (key.endswith("_") and row.startswith(key)) for key in keys)


def _has_row(tables: Iterable[ResultTable], name: str, ending: str) -> bool:
    return any(str(row).endswith(ending) for table in tables if table.name == name for row in table.numbers.index)


def _is_firth(table: ResultTable) -> bool:
    methods = [str(column) for column in table.numbers if str(column).endswith("method")]
    return any(table.numbers[column].astype(str).str.lower().eq(str(Method.FIRTH)).any() for column in methods)
