"""The best response among the reads, as it became known: the better of all so far, up to progression."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from survival.questions.history import make_history
from survival.questions.knowledge import Knowledge
from survival.questions.quantity import Quantity
from survival.responses import IMAGING

if TYPE_CHECKING:
    from survival.questions.study_cohort import StudyCohort

BEST_RESPONSE = "best_response"
ORDER = ("CR", "PR", "SD", "PD")
USED = "true"


def has_reads(cohort: StudyCohort) -> bool:
    """Tell whether the cohort has dated reads of its images."""
    return cohort.data.reads is not None and len(_evaluable(cohort)) > 0


def best_response(cohort: StudyCohort) -> Quantity:
    """Take the best response among the reads that the cohort used, not confirmed.

    What it is in the end is known only afterwards; what was the best so far is known on every day, so a landmark and a
    switch can use it. Reads after the first progression do not count.
    """
    reads = _evaluable(cohort)
    rank = reads["overall_response"].map({code: place for place, code in enumerate(ORDER)})
    progressed = rank.eq(len(ORDER) - 1).astype("int64").groupby(reads["subject"]).cumsum()
    counted = (progressed - rank.eq(len(ORDER) - 1)) == 0
    reads, rank = reads[counted], rank[counted]
    so_far = rank.groupby(reads["subject"]).cummin().map(dict(enumerate(ORDER)))
    history = make_history(
        cohort.subjects.get_indexer(pd.Index(reads["subject"])), reads["days"].to_numpy(), so_far.to_numpy(), cohort.n
    )
    return Quantity(
        subjects=cohort.subjects,
        told=history.at(float("inf")).fillna("").astype(object),
        knowledge=Knowledge.AFTERWARDS,
        history=history,
        name="Best imaging response",
        code=f"cohort.{BEST_RESPONSE}",
        column=BEST_RESPONSE,
        domain=IMAGING.key,
    )


def _evaluable(cohort: StudyCohort) -> pd.DataFrame:
    reads = cohort.data.reads
    if reads is None:
        return pd.DataFrame(columns=["subject", "days", "overall_response"])
    kept = reads["used"].eq(USED) & reads["overall_response"].isin(ORDER) & reads["days"].ge(0)
    return reads[kept].sort_values(["subject", "days"], kind="stable")
