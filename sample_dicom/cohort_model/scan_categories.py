"""The RECIST category of every scan of a subject, for the generator's own use."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sample_dicom.cohort_model.recist_sums import is_progression, target_category

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pandas as pd

NOT_EVALUABLE = "not_evaluable"
_NODE_GONE_TENTHS = 100


def scan_categories(rows: pd.DataFrame) -> Iterator[tuple[pd.Timestamp, str]]:
    """Give date and overall response of each scan after baseline.

    A scan with a target that could not be evaluated is NE, unless there is a new lesion, and never the nadir.

    Parameters
    ----------
    rows : pandas.DataFrame
        The lesions of one subject and one reader.
    """
    scans = [scan for _, scan in rows.groupby("date")]
    baseline, *later = scans
    nadir = baseline_sum = _sum_tenths(baseline)
    for scan in later:
        is_evaluable = not (scan["state"] == NOT_EVALUABLE).any()
        total = _sum_tenths(scan) if is_evaluable else 0
        category = _overall(scan, total, baseline_sum) if is_evaluable else "NE"
        if (scan["role"] == "new").any() or (is_evaluable and is_progression(total, nadir)):
            category = "PD"
        nadir = min(nadir, total) if is_evaluable else nadir
        yield scan["date"].iloc[0], category


def _sum_tenths(scan: pd.DataFrame) -> int:
    return sum(round(diameter_mm * 10) for diameter_mm in scan.loc[scan["role"] == "target", "diameter_mm"])


def _overall(scan: pd.DataFrame, total: int, baseline_sum: int) -> str:
    targets = scan[scan["role"] == "target"]
    is_gone = (targets["diameter_mm"] == 0) | (targets["nodal"] & (targets["diameter_mm"] * 10 < _NODE_GONE_TENTHS))
    category = target_category(total, baseline_sum, all_gone=bool(is_gone.all()))
    non_targets = scan.loc[scan["role"] == "non_target", "state"]
    return "PR" if category == "CR" and (non_targets != "absent").any() else category
