"""Quality control of the linking, as counts a person can check (RECORD asks for them)."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import pandas as pd

from recist.agreement.kappa import compute_kappa

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from linkage.rules import Rules
    from recist.problems import Problem

QUALITY_COLUMNS = ("item", "group", "value", "n")
CONFLICT_COLUMNS = ("subject", "image_date", "image_response", "report_date", "report_response", "used")
MISSING_WORD = "missing"
Row = tuple[str, str, str, int]


def count_quality(
    everyone: pd.DataFrame, cohort: pd.DataFrame, pairs: pd.DataFrame, problems: Sequence[Problem]
) -> pd.DataFrame:
    """Count what a reader of the study will ask about the linking.

    Returns
    -------
    pandas.DataFrame
        Columns ``QUALITY_COLUMNS``. Items: ``source_by_response`` (each domain's source and response),
        ``reason_by_source`` (why a response is there or not), ``linked`` (subjects with and without imaging: deaths,
        second treatments), ``agreement`` (image read and report of one time point, Cohen's kappa as the value),
        ``entry`` (who is in the cohort), ``problems`` (by severity and code).
    """
    rows: list[Row] = []
    for domain in ("imaging", "biochemical", "symptomatic"):
        response = cohort[f"{domain}_response"].replace("", MISSING_WORD)
        rows += _cross("source_by_response", domain, cohort[f"{domain}_source"], response)
        rows += _cross("reason_by_source", domain, cohort[f"{domain}_source"], cohort[f"{domain}_reason"])
    rows += _linked_rows(cohort)
    rows += _cross("agreement", "image, report", pairs["image_response"], pairs["report_response"])
    rows.append(("agreement", "kappa", f"{_kappa(pairs):.3f}", len(pairs)))
    rows += [("entry", "subjects", str(word), int(n)) for word, n in everyone["entry"].value_counts().items()]
    codes = Counter((problem.severity.value, problem.code) for problem in problems)
    rows += [("problems", severity, code, n) for (severity, code), n in sorted(codes.items())]
    return pd.DataFrame(rows, columns=list(QUALITY_COLUMNS))


def _cross(item: str, group: str, first: pd.Series, second: pd.Series) -> Iterator[Row]:
    values = (first + ", " + second).value_counts().sort_index()
    for value, n in values.items():
        yield item, group, str(value), int(n)


def _linked_rows(cohort: pd.DataFrame) -> Iterator[Row]:
    is_linked = cohort["imaging_source"] != "none"
    for group, rows in (("with imaging", cohort[is_linked]), ("without imaging", cohort[~is_linked])):
        yield "linked", group, "subjects", len(rows)
        yield "linked", group, "deaths", int((rows["os_event"] == 1).sum())
        yield "linked", group, "second treatment", int(rows["second_treatment_days"].notna().sum())
        yield "linked", group, "symptoms evaluable", int(rows["symptomatic_days"].notna().sum())
        yield "linked", group, "marker evaluable", int(rows["biochemical_days"].notna().sum())


def list_conflicts(pairs: pd.DataFrame, rules: Rules) -> pd.DataFrame:
    """List the time points where image read and report give different categories, with both values."""
    different = pairs[pairs["image_response"] != pairs["report_response"]]
    return different.assign(used=rules.imaging_sources[0])[list(CONFLICT_COLUMNS)].reset_index(drop=True)


def _kappa(pairs: pd.DataFrame) -> float:
    first, second = (pairs[name].to_numpy(dtype=object) for name in ("image_response", "report_response"))
    return compute_kappa(first, second, sorted({*first, *second})).kappa
