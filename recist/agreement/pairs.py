"""The same time points, best responses and lesions as two readers saw them, side by side."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING

import pandas as pd

if TYPE_CHECKING:
    from collections.abc import Iterator

    from recist.response import Scored

VISIT = ["subject", "timepoint"]
LESION = ["subject", "timepoint", "lesion"]
TARGETS = "targets"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ReaderPair:
    """What two readers both saw; every column of a reader ends in ``_a`` or ``_b``.

    Attributes
    ----------
    reader_a, reader_b : str
    visits : pandas.DataFrame
        Time points that both read, as long as neither had called progression before.
    subjects : pandas.DataFrame
        Subjects that both read, with best responses, progression and baseline.
    lesions : pandas.DataFrame
        Target lesions of the same name at baseline and at ``visits``, with the size that went into the sum.
    uncompared_visits : int
        Time points of shared subjects that only one of the two read, or that come after the other called progression.
    """

    reader_a: str
    reader_b: str
    visits: pd.DataFrame
    subjects: pd.DataFrame
    lesions: pd.DataFrame
    uncompared_visits: int


def pair_readers(scored: Scored) -> Iterator[ReaderPair]:
    """Lay every two readers side by side, in the order of their names."""
    visits = _visits_that_count(scored.responses)
    subjects = _subjects(scored)
    lesions = _target_sizes(scored.lesions)
    baselines = scored.baselines[VISIT].astype(object).drop_duplicates()
    readers = sorted(scored.best_responses["reader"].unique())
    for a, b in combinations(readers, 2):
        both_subjects = _side_by_side(subjects, ["subject"], (a, b), "inner")
        shared = both_subjects["subject"]
        both_visits = _in_time(_side_by_side(visits[visits["subject"].isin(shared)], VISIT, (a, b), "outer"))
        is_matched = both_visits["overall_response_a"].notna() & both_visits["overall_response_b"].notna()
        chosen = both_subjects[["subject", f"{TARGETS}_a", f"{TARGETS}_b"]]
        yield ReaderPair(
            reader_a=a,
            reader_b=b,
            visits=both_visits[is_matched].merge(chosen, on="subject", how="left"),
            subjects=both_subjects,
            lesions=_side_by_side(lesions, LESION, (a, b), "inner").merge(
                pd.concat([both_visits.loc[is_matched, VISIT], baselines]).drop_duplicates(), on=VISIT
            ),
            uncompared_visits=int((~is_matched).sum()),
        )


def _side_by_side(frame: pd.DataFrame, keys: list[str], readers: tuple[str, str], how: str) -> pd.DataFrame:
    left, right = (frame[frame["reader"] == reader].drop(columns="reader") for reader in readers)
    return left.merge(right, on=keys, how="outer" if how == "outer" else "inner", suffixes=("_a", "_b"))


def _in_time(both_visits: pd.DataFrame) -> pd.DataFrame:
    """Order time points by subject and by the earlier of the two dates, and not by their names."""
    earlier = both_visits[["date_a", "date_b"]].min(axis="columns")
    return (
        both_visits.assign(earlier=earlier).sort_values(["subject", "earlier"], kind="stable").drop(columns="earlier")
    )


def _visits_that_count(responses: pd.DataFrame) -> pd.DataFrame:
    """Keep the time points that count and come no later than the reader's first progression."""
    counts = (responses["excluded"] == "") & ~responses["after_progression"].fillna(value=False).astype(bool)
    columns = [
        *("subject", "reader", "timepoint", "date", "baseline_sum_mm", "sum_mm", "sum_complete"),
        *("change_from_baseline_pct", "target_response", "non_target_response", "new_lesion", "overall_response"),
    ]
    return responses.loc[counts, columns]


def _subjects(scored: Scored) -> pd.DataFrame:
    best = scored.best_responses[
        ["subject", "reader", "best_response", "confirmed_best_response", "progression_date"]
    ].merge(
        scored.baselines[["subject", "reader", "timepoint", "n_targets", "baseline_sum_mm"]],
        on=["subject", "reader"],
        how="inner",
    )
    lesions = scored.lesions
    targets = lesions[lesions["role"].astype(str) == "target"].astype({"timepoint": object})
    at_baseline = targets.merge(best[["subject", "reader", "timepoint"]], on=["subject", "reader", "timepoint"])
    names = at_baseline.groupby(["subject", "reader"], observed=True)["lesion"]
    chosen = names.apply(lambda lesion: frozenset(lesion.astype(str))).rename(TARGETS).reset_index()
    chosen = chosen.astype({"subject": object, "reader": object})
    joined = best.merge(chosen, on=["subject", "reader"], how="left").drop(columns="timepoint")
    filled = [found if isinstance(found, frozenset) else frozenset() for found in joined[TARGETS]]
    return joined.assign(**{TARGETS: pd.Series(filled, index=joined.index, dtype=object)})


def _target_sizes(lesions: pd.DataFrame) -> pd.DataFrame:
    """Add up the fragments of each target lesion that went into a sum."""
    counted = lesions[(lesions["role"].astype(str) == "target") & lesions["counted_mm"].notna()]
    keys = {name: counted[name].astype(object) for name in ("subject", "reader", "timepoint", "lesion")}
    frame = pd.DataFrame({**keys, "size_mm": counted["counted_mm"].astype(float)})
    return frame.groupby(["subject", "reader", "timepoint", "lesion"], sort=True)["size_mm"].sum().reset_index()
