"""Sentences on the best response and progression of a series by iRECIST, beside RECIST 1.1."""

from __future__ import annotations

from typing import TYPE_CHECKING

from recist.criteria.codes import ImmuneResponse
from recist.response.explain.sentence import Sentence, Topic

if TYPE_CHECKING:
    from collections.abc import Iterator

    from recist.response.explain.evidence import Evidence

BY_RECIST = "_recist_1_1"


def explain_immune_best(evidence: Evidence) -> Iterator[Sentence]:
    """Say how progression was dated, and what RECIST 1.1 alone gives."""
    if evidence.criteria.immune is None:
        return
    date = evidence.best.get("progression_date", "")
    if date:
        confirmed = any(
            visit.cell("overall_response") == ImmuneResponse.ICPD and not visit.excluded for visit in evidence.visits
        )
        how = "was confirmed" if confirmed else "was never resolved"
        yield _best(f"Progression is dated {date}: the first iUPD of the run that {how}.")
    best, confirmed_best, progressed = (
        evidence.best.get(f"{name}{BY_RECIST}", "")
        for name in ("best_response", "confirmed_best_response", "progression_date")
    )
    how = f"progression on {progressed}" if progressed else "no progression"
    yield _best(f"By RECIST 1.1 alone: best response {best}, confirmed {confirmed_best}, {how}.")


def _best(text: str) -> Sentence:
    return Sentence(topic=Topic.BEST, text=text)
