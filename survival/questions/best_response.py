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
NOT_EVALUABLE = "NE"


def has_reads(cohort: StudyCohort) -> bool:
    """Tell whether the cohort has dated reads of its images."""
    return cohort.data.reads is not None and len(cohort.data.reads) > 0


def best_response(cohort: StudyCohort) -> Quantity:
    """Take the best response among the reads that the cohort used, not confirmed.

    What it is in the end is known only afterwards; what was the best so far is known on every day, so a landmark and a
    switch can use it. Reads after the first progression do not count, nor do those that are not evaluable.
    """
    from survival.reporting.course_frames import BEST_ORDER, until_progression, used_reads

    assert cohort.data.reads is not None
    reads = until_progression(used_reads(cohort.data.reads))
    codes = reads["overall_response"]
    reads = reads[codes.isin(BEST_ORDER) & codes.ne(NOT_EVALUABLE)]
    rank = reads["overall_response"].map({code: place for place, code in enumerate(BEST_ORDER)})
    so_far = rank.groupby(reads["subject"]).cummin().map(dict(enumerate(BEST_ORDER)))
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
