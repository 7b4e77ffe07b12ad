"""Every read of the cohort, of all readers and both sources, and which of them the cohort took."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from linkage.followup import add_days

if TYPE_CHECKING:
    from linkage.imaging import Imaging
    from linkage.tables import StudyTables

SCORED_COLUMNS = (
    *("n_targets", "baseline_sum_mm", "sum_mm", "sum_complete", "nadir_mm"),
    *("change_from_baseline_pct", "change_from_nadir_pct"),
    *("target_response", "non_target_response", "new_lesion", "overall_response"),
)
TEXT_COLUMNS = ("reader", "timepoint", "target_response", "non_target_response", "new_lesion", "overall_response")
REPORT_COLUMNS = ("subject", "timepoint", "date", "overall_response")
READ_COLUMNS = ("subject", "reader", "source", "timepoint", "date", "days", *SCORED_COLUMNS, "used")


def derive_reads(tables: StudyTables, people: pd.DataFrame, imaging: Imaging) -> pd.DataFrame:
    """List every read of the people up to their cutoff.

    Parameters
    ----------
    tables : StudyTables
    people : pandas.DataFrame
        The cohort.
    imaging : Imaging
        Which assessments stand after the precedence of readers and sources.

    Returns
    -------
    pandas.DataFrame
        Columns ``READ_COLUMNS``, sorted by subject, day, source and reader. ``days`` counts from the first treatment;
        ``used`` says that the cohort took this read. A report has neither reader nor sums.
    """
    report = tables.report_responses[[name for name in REPORT_COLUMNS if name in tables.report_responses]]
    parts = [
        _list_reads(tables.responses, "image", people, imaging),
        _list_reads(report, "report", people, imaging),
    ]
    reads = pd.concat(parts).reindex(columns=list(READ_COLUMNS))
    reads[[*TEXT_COLUMNS]] = reads[[*TEXT_COLUMNS]].fillna("")
    reads["n_targets"] = reads["n_targets"].astype("Int64")
    return reads.sort_values(["subject", "days", "source", "reader"], kind="stable").reset_index(drop=True)


def _list_reads(table: pd.DataFrame, source: str, people: pd.DataFrame, imaging: Imaging) -> pd.DataFrame:
    dated = add_days(table, people)
    taken = imaging.assessments.loc[imaging.assessments["source"] == source, "row"]
    return dated.assign(source=source, days=dated["day"], used=dated.index.isin(taken))
