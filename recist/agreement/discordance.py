"""Where two readers part, and which part of the read made the difference."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from recist.criteria import NewLesion, NonTargetResponse, TargetResponse

if TYPE_CHECKING:
    from recist.agreement.pairs import ReaderPair

SEPARATOR = "|"


class Discordance(StrEnum):
    """What makes two reads of one time point differ; listed in this order."""

    TARGET_CHOICE = "target_choice"  # the target responses differ, of different target lesions
    MEASUREMENT = "measurement"  # the target responses differ, of the same target lesions
    EVALUABILITY = "evaluability"  # one of the two could not evaluate the targets or the non-targets
    NON_TARGET = "non_target"  # the non-target responses differ
    NEW_LESION = "new_lesion"  # only one saw an unequivocal new lesion
    EARLIER_VISIT = "earlier_visit"  # the parts agree; an earlier or later visit makes the difference


class Trigger(StrEnum):
    """What sends a subject to adjudication; listed in this order."""

    BEST_RESPONSE = "best_response"
    PROGRESSION = "progression"  # only one of the two saw it
    PROGRESSION_DATE = "progression_date"  # both saw it, on different dates


def list_discordances(pair: ReaderPair) -> pd.DataFrame:
    """List the time points whose overall response differs, with the parts that differ.

    Returns
    -------
    pandas.DataFrame
        reader_a, reader_b, subject, timepoint, then date, sum, change and responses of either, and ``types``.
    """
    visits = pair.visits
    differing = visits[visits["overall_response_a"] != visits["overall_response_b"]]
    holds = _find_types(differing)
    shown = [
        *("date", "sum_mm", "change_from_baseline_pct"),
        *("target_response", "non_target_response", "new_lesion", "overall_response"),
    ]
    columns = {name: differing[name] for base in shown for name in (f"{base}_a", f"{base}_b")}
    return pd.DataFrame(
        {
            "reader_a": pair.reader_a,
            "reader_b": pair.reader_b,
            "subject": differing["subject"],
            "timepoint": differing["timepoint"],
            **columns,
            "types": _joined(holds, len(differing)),
        }
    ).reset_index(drop=True)


def _find_types(visits: pd.DataFrame) -> dict[Discordance, np.ndarray]:
    target_a, target_b = (visits[f"target_response_{reader}"].to_numpy() for reader in "ab")
    other_a, other_b = (visits[f"non_target_response_{reader}"].to_numpy() for reader in "ab")
    new_a, new_b = ((visits[f"new_lesion_{reader}"] == NewLesion.UNEQUIVOCAL).to_numpy() for reader in "ab")
    is_same_choice = (visits["targets_a"] == visits["targets_b"]).to_numpy(dtype=bool)
    targets_differ, others_differ = target_a != target_b, other_a != other_b
    unread = ((target_a == TargetResponse.NE) | (target_b == TargetResponse.NE)) & targets_differ
    unseen = ((other_a == NonTargetResponse.NE) | (other_b == NonTargetResponse.NE)) & others_differ
    holds = {
        Discordance.TARGET_CHOICE: targets_differ & ~unread & ~is_same_choice,
        Discordance.MEASUREMENT: targets_differ & ~unread & is_same_choice,
        Discordance.EVALUABILITY: unread | unseen,
        Discordance.NON_TARGET: others_differ & ~unseen,
        Discordance.NEW_LESION: new_a != new_b,
    }
    return holds | {Discordance.EARLIER_VISIT: ~np.logical_or.reduce(list(holds.values()))}


def list_subjects(pair: ReaderPair) -> pd.DataFrame:
    """Say for every subject of two readers whether the reads must be adjudicated, and why.

    Returns
    -------
    pandas.DataFrame
        reader_a, reader_b, subject, best responses and progression dates of either, the days between those dates,
        ``needs_adjudication`` and ``triggers``.
    """
    subjects = pair.subjects
    date_a, date_b = subjects["progression_date_a"], subjects["progression_date_b"]
    apart = (date_b - date_a).dt.days
    holds = {
        Trigger.BEST_RESPONSE: (subjects["best_response_a"] != subjects["best_response_b"]).to_numpy(dtype=bool),
        Trigger.PROGRESSION: (date_a.isna() != date_b.isna()).to_numpy(dtype=bool),
        Trigger.PROGRESSION_DATE: (apart.notna() & (apart != 0)).to_numpy(dtype=bool),
    }
    return pd.DataFrame(
        {
            "reader_a": pair.reader_a,
            "reader_b": pair.reader_b,
            "subject": subjects["subject"],
            **{
                name: subjects[name]
                for base in ("best_response", "progression_date")
                for name in (f"{base}_a", f"{base}_b")
            },
            "progression_days_apart": apart.astype("Int64"),
            "needs_adjudication": pd.array(np.logical_or.reduce(list(holds.values())), dtype="boolean"),
            "triggers": _joined(holds, len(subjects)),
        }
    )


def _joined(holds: dict[Discordance, np.ndarray] | dict[Trigger, np.ndarray], n_rows: int) -> list[str]:
    return [SEPARATOR.join(word for word, where in holds.items() if where[row]) for row in range(n_rows)]
