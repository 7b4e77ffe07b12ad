"""What the figures of the course are drawn from: changes, courses, lanes and marks, one plain table each."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from survival.words.wording import DAYS_PER_MONTH

if TYPE_CHECKING:
    from survival.cohort import Cohort

IMAGE = "image"
PROGRESSION = ("PD", "iUPD", "iCPD")
RESPONSES = ("CR", "PR", "iCR", "iPR")
BEST_ORDER = ("CR", "iCR", "PR", "iPR", "SD", "iSD", "NON-CR/NON-PD", "PD", "iUPD", "iCPD", "NE")
NEW_LESION = "unequivocal"


def used_reads(reads: pd.DataFrame) -> pd.DataFrame:
    """Take the reads that the cohort is made from, after the index date, in the order of time."""
    is_used = reads["used"].str.lower().isin(["true", "1", ""]) & (reads["days"] > 0)
    return reads[is_used].sort_values(["subject", "days"], kind="stable").reset_index(drop=True)


def until_progression(reads: pd.DataFrame) -> pd.DataFrame:
    """Leave out what each patient shows after the first progression."""
    is_progression = reads["overall_response"].isin(PROGRESSION).astype("int64")
    before = is_progression.groupby(reads["subject"]).cumsum() - is_progression
    return reads[before.eq(0)].reset_index(drop=True)


def derive_best(reads: pd.DataFrame) -> pd.Series:
    """Find the best response of each patient up to the first progression; unconfirmed, index by subject."""
    rank = {code: place for place, code in enumerate(BEST_ORDER)}
    until = until_progression(reads)
    ranked = until["overall_response"].map(rank).fillna(len(BEST_ORDER))
    best = until.loc[ranked.groupby(until["subject"]).idxmin()]
    return best.set_index("subject")["overall_response"]


def derive_first_changes(reads: pd.DataFrame) -> pd.DataFrame:
    """Take each patient's first read with images: ``subject, change_pct, response, only_new_lesion``."""
    images = reads[reads["source"].eq(IMAGE)]
    return _changes(images.drop_duplicates("subject"))


def derive_best_changes(reads: pd.DataFrame) -> pd.DataFrame:
    """Take each patient's smallest sum before the first progression, or at it where nothing came before.

    The category is the best response up to then.
    """
    images = reads[reads["source"].eq(IMAGE)].reset_index(drop=True)
    until = until_progression(images)
    changes = _changes(until)
    is_progression = until["overall_response"].isin(PROGRESSION)
    has_before = (~is_progression & changes["change_pct"].notna()).groupby(until["subject"]).transform("any")
    counted = changes[~(is_progression & has_before)]
    order = counted["change_pct"].fillna(np.inf)
    smallest = counted.loc[order.groupby(counted["subject"]).idxmin()].reset_index(drop=True)
    response = smallest["subject"].map(derive_best(images))
    only_new = smallest["only_new_lesion"] & response.isin(PROGRESSION)
    return smallest.assign(response=response, only_new_lesion=only_new)


def _changes(reads: pd.DataFrame) -> pd.DataFrame:
    is_complete = ~reads["sum_complete"].str.lower().isin(["false", "0"])
    only_new = (
        reads["overall_response"].isin(PROGRESSION)
        & reads["new_lesion"].eq(NEW_LESION)
        & ~reads["target_response"].isin(PROGRESSION)
        & ~reads["non_target_response"].isin(PROGRESSION)
    )
    return pd.DataFrame(
        {
            "subject": reads["subject"],
            "change_pct": reads["change_from_baseline_pct"].where(is_complete),
            "response": reads["overall_response"],
            "only_new_lesion": only_new,
        }
    ).reset_index(drop=True)


def derive_courses(reads: pd.DataFrame) -> pd.DataFrame:
    """Lay out every read with images: ``subject, months, change_pct, best_response, new_lesion``."""
    images = reads[reads["source"].eq(IMAGE)].reset_index(drop=True)
    best = derive_best(images)
    return pd.DataFrame(
        {
            "subject": images["subject"],
            "months": images["days"] / DAYS_PER_MONTH,
            "change_pct": _changes(images)["change_pct"],
            "best_response": images["subject"].map(best),
            "new_lesion": images["new_lesion"].eq(NEW_LESION),
        }
    )


def derive_lanes(cohort: Cohort, reads: pd.DataFrame | None) -> pd.DataFrame:
    """Lay out every patient: ``subject, end_months, is_dead, response`` (the best seen, empty where never assessed)."""
    frame = cohort.frame
    best = derive_best(reads) if reads is not None and len(reads) else pd.Series(dtype=object)
    return pd.DataFrame(
        {
            "subject": frame["subject"],
            "end_months": frame["os_days"] / DAYS_PER_MONTH,
            "is_dead": frame["os_event"].eq(1),
            "response": frame["subject"].map(best).fillna(""),
        }
    )


def derive_marks(cohort: Cohort, reads: pd.DataFrame | None) -> pd.DataFrame:
    """Lay out treatments, the first response and the first progression: ``subject, months, kind``."""
    parts = []
    if cohort.treatments is not None:
        parts.append(_marks(cohort.treatments, "treatment"))
    if reads is not None:
        for kind, codes in (("response", RESPONSES), ("progression", PROGRESSION)):
            until = until_progression(reads)
            parts.append(_marks(until[until["overall_response"].isin(codes)].drop_duplicates("subject"), kind))
    if not parts:
        return pd.DataFrame({"subject": [], "months": [], "kind": []})
    return pd.concat(parts, ignore_index=True)


def _marks(rows: pd.DataFrame, kind: str) -> pd.DataFrame:
    return pd.DataFrame({"subject": rows["subject"], "months": rows["days"] / DAYS_PER_MONTH, "kind": kind})
