"""ADTR: the sum of the targets at every visit with baseline, nadir and changes, and the nadir itself."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from recist.cdisc.layout import analysis_place, is_yes
from recist.cdisc.terms import YES

if TYPE_CHECKING:
    from recist.cdisc.layout import Row
    from recist.cdisc.results import Results

SUM = {"PARAM": "Sum of Diameters of Target Lesions (mm)", "PARAMCD": "SDIAM", "AVALU": "mm"}
NADIR = {"PARAM": "Lowest Complete Sum before the Visit (mm)", "PARAMCD": "NADIR", "AVALU": "mm"}
COLUMNS = [
    *("subject", "reader", "timepoint", "date", "baseline_sum_mm", "sum_mm", "sum_complete", "nadir_mm"),
    *("change_from_baseline_pct", "change_from_nadir_pct", "change_from_nadir_mm", "after_progression", "excluded"),
]


def sum_records(results: Results) -> list[Row]:
    """Lay out the sums; ANL01FL marks complete sums that count, up to the first PD."""
    rows: list[Row] = []
    days = results.scan_days()
    seen: set[tuple[str, str]] = set()
    for row in results.responses[COLUMNS].itertuples(index=False):
        series = (str(row.subject), str(row.reader))
        if series not in seen:
            seen.add(series)
            baseline = _baseline(results, series, row.baseline_sum_mm, days)
            rows += [baseline] if baseline else []
        rows += _visit(results, row)
    return rows


def _baseline(results: Results, series: tuple[str, str], total: Any, days: pd.Series) -> Row | None:
    timepoint = results.baselines.get(series, "")
    if pd.isna(total) or not timepoint:
        return None
    return {
        **analysis_place(results, *series, timepoint),
        **SUM,
        "ADT": days[(*series, timepoint)],
        "AVAL": total,
        "BASE": total,
        "COMPLFL": YES,
        "ABLFL": YES,
        "ANL01FL": YES,
    }


def _visit(results: Results, row: Any) -> list[Row]:  # a row of ``responses``
    place = {**analysis_place(results, row.subject, row.reader, row.timepoint), "ADT": row.date}
    found: list[Row] = []
    if pd.notna(row.sum_mm):
        is_complete = is_yes(row.sum_complete)
        counts = is_complete and not is_yes(row.after_progression) and not row.excluded
        changes = {
            "CHG": round(row.sum_mm - row.baseline_sum_mm, 2),
            "PCHG": row.change_from_baseline_pct,
            "CHGNAD": row.change_from_nadir_mm,
            "PCHGNAD": row.change_from_nadir_pct,
        }
        found.append(
            {
                **place,
                **SUM,
                **(changes if is_complete else {}),  # a sum without all lesions has no change from a whole one
                "AVAL": row.sum_mm,
                "BASE": row.baseline_sum_mm,
                "NADIR": row.nadir_mm,
                "COMPLFL": YES if is_complete else "N",
                "ANL01FL": YES if counts else "",
            }
        )
    if pd.notna(row.nadir_mm):
        found.append({**place, **NADIR, "AVAL": row.nadir_mm, "BASE": row.baseline_sum_mm})
    return found
