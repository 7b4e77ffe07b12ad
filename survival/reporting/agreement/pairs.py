"""Reads of the same scan laid side by side: two readers of images, or an image with its report."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pandas as pd

IMAGE, REPORT = "image", "report"
PROGRESSION = frozenset({"PD", "iUPD", "iCPD"})
NEAR_DAYS = 14
"""A report belongs to a read when their days lie no farther apart than this."""
COLUMNS = ("subject", "timepoint", "days", "baseline_sum_mm", "sum_mm", "sum_complete", "overall_response")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ReadPairs:
    """Reads of the same scans by two sides.

    Attributes
    ----------
    first, second : str
        Who read.
    rows : pandas.DataFrame
        One row a scan; what either side said ends in ``_a`` or ``_b``.
    """

    first: str
    second: str
    rows: pd.DataFrame

    def both(self, column: str) -> pd.DataFrame:
        """Give subject, ``a`` and ``b`` where both sides gave a value."""
        rows = self.rows[["subject", f"{column}_a", f"{column}_b"]].set_axis(["subject", "a", "b"], axis=1)
        given = rows["a"].notna() & rows["b"].notna() & rows["a"].astype(str).ne("") & rows["b"].astype(str).ne("")
        return rows[given].reset_index(drop=True)


def pair_readers(reads: pd.DataFrame) -> Iterator[ReadPairs]:
    """Pair every two readers of images on the time points both read, up to the first progression of either."""
    images = reads[reads["source"].eq(IMAGE) & reads["reader"].ne("")]
    open_reads = images[~_is_after_progression(images)]
    for first, second in combinations(sorted(images["reader"].unique()), 2):
        a, b = (open_reads[open_reads["reader"].eq(name)][[*COLUMNS]] for name in (first, second))
        rows = a.merge(b, on=["subject", "timepoint"], suffixes=("_a", "_b"))
        if len(rows):
            yield ReadPairs(first=first, second=second, rows=rows)


def _is_after_progression(reads: pd.DataFrame) -> pd.Series:
    progressed = reads["overall_response"].isin(PROGRESSION)
    first = reads["days"].where(progressed).groupby([reads["subject"], reads["reader"]]).transform("min")
    return reads["days"] > first.fillna(float("inf"))


def pair_sources(reads: pd.DataFrame) -> ReadPairs | None:
    """Pair each read of images that the cohort took with the report nearest to it; None where no scan has both."""
    is_taken = reads["used"].astype(str).str.lower().isin({"true", "1", "1.0"})
    images = reads[reads["source"].eq(IMAGE) & reads["overall_response"].ne("")]
    images = images[is_taken.loc[images.index]] if is_taken.loc[images.index].any() else images
    images = images.drop_duplicates(["subject", "days"])
    reports = reads[reads["source"].eq(REPORT) & reads["overall_response"].ne("")]
    both = images[["subject", "days", "overall_response"]].merge(
        reports[["subject", "days", "overall_response"]], on="subject", suffixes=("_a", "_b")
    )
    both["apart"] = (both["days_a"] - both["days_b"]).abs()
    near = both[both["apart"] <= NEAR_DAYS].sort_values(["subject", "apart", "days_a"], kind="stable")
    near = near.drop_duplicates(["subject", "days_a"]).drop_duplicates(["subject", "days_b"])
    return ReadPairs(first="images", second="reports", rows=near.reset_index(drop=True)) if len(near) else None
