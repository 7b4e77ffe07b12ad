"""Sentences on the attenuation of the targets, where the criteria look at it (Choi criteria)."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from recist.criteria import AttenuationRule
from recist.response.explain.quantities import PERCENT, write_ratio
from recist.response.explain.sentence import Sentence, Topic
from recist.response.reasons import Reason

if TYPE_CHECKING:
    from collections.abc import Iterator

    from recist.response.explain.evidence import Evidence, Visit

MEANINGS = {
    AttenuationRule.EITHER: "a decrease of the sum or of the attenuation is a partial response",
    AttenuationRule.BOTH: "only a decrease of the sum and of the attenuation together is a partial response",
}


def explain_attenuation(evidence: Evidence, visit: Visit) -> Iterator[Sentence]:
    """Compare the mean attenuation of the targets with baseline."""
    criteria = evidence.criteria
    if criteria.attenuation_rule is AttenuationRule.NONE:
        return
    limit = criteria.attenuation_decrease
    needs = f"at least {write_ratio(limit.value)} below baseline"
    now, before, change = (
        visit.cell(name) for name in ("attenuation_hu", "baseline_attenuation_hu", "change_in_attenuation_pct")
    )
    if not (now and before and change):
        missing = f" (option missing_attenuation = {evidence.options.missing_attenuation} decides)"
        is_missing = Reason.ATTENUATION_NOT_KNOWN in visit.reasons
        yield _says(f"The mean attenuation of the targets is not known{missing if is_missing else ''}.", limit.citation)
        return
    is_met = Reason.ATTENUATION_RESPONSE in visit.reasons
    reads_as_limit = Decimal(change) == -(limit.value.numerator * Decimal(PERCENT) / limit.value.denominator)
    short = ", rounded, and in truth less" if reads_as_limit and not is_met else ""
    sign = "−" if change.startswith("-") else "+"
    yield _says(
        f"Mean attenuation of the targets: {now} HU after {before} HU at baseline, {sign}{change.lstrip('-')} %{short}"
        f"; a response of the attenuation is {needs}: {'met' if is_met else 'not met'}. By these criteria "
        f"{MEANINGS[criteria.attenuation_rule]}.",
        limit.citation,
    )


def _says(text: str, citation: str) -> Sentence:
    return Sentence(topic=Topic.TARGETS, text=text, citation=citation)
