"""Sentences on the overall response of a visit: the row that decided, what changed it, and whether it counts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from recist.criteria import NewLesion, NonTargetResponse, OverallResponse, TargetResponse
from recist.response.choices import Censoring, NoDisease, PostCR
from recist.response.explain.best import is_after_new_therapy, new_therapy_of
from recist.response.explain.immune import SENTENCES, explain_immune_overall
from recist.response.explain.quantities import listed
from recist.response.explain.sentence import Sentence, Topic
from recist.response.reasons import Reason
from recist.response.standing import Exclusion

if TYPE_CHECKING:
    from collections.abc import Iterator

    from recist.criteria.response_table import ResponseRow
    from recist.response.explain.evidence import Evidence, Visit

EXCLUDED: dict[str, str] = {
    Exclusion.NOT_AFTER_START: "the visit is not after the start of treatment{start_date}",
    Exclusion.AFTER_DEATH: "the visit is dated after the death{death_date}",
    Exclusion.AFTER_CUTOFF: "the visit is after the cut-off{cutoff_date}",
}
SAID_ELSEWHERE = {  # reasons that other sentences already spell out
    *(Reason.TARGET_PD, Reason.NON_TARGET_PD, Reason.NEW_LESION, Reason.TARGET_CR, Reason.TARGET_PR),
    *(Reason.TARGET_SD, Reason.TARGET_NE, Reason.NON_TARGET_CR, Reason.NON_TARGET_PRESENT, Reason.NON_TARGET_NE),
    *(Reason.EQUIVOCAL_NEW_LESION, Reason.NO_BASELINE_SUM, Reason.PARTIAL_SUM, Reason.DEFAULT_SIZE),
    *(Reason.SPLIT_LESION, Reason.MERGED_LESIONS, Reason.SMALL_NODE_GROWTH, Reason.PR_PERSISTS),
    *(Reason.RETURNED_AFTER_CR, Reason.EQUIVOCAL_CONFIRMED_LATER, Reason.LESS_THAN_CR_AFTER_CR),
    Reason.NOTHING_SEEN_AFTER_CR,
    *(Reason.RECODED_FROM_CR, Reason.REVIEW_SINGLE_NODE, Reason.NO_DISEASE_AT_BASELINE),
    Reason.NO_TARGET_DISEASE_AT_BASELINE,
    *(Reason.ATTENUATION_RESPONSE, Reason.ATTENUATION_NOT_KNOWN, Reason.MARKER_NOT_NORMAL),
}


def explain_overall(evidence: Evidence, visit: Visit) -> Iterator[Sentence]:
    """Name the rows of the response table, then everything that changed their answer."""
    rows = find_rows(evidence, visit)
    by_table = str(rows[0].overall) if rows else ""
    if rows:
        parts = f"targets {visit.cell('target_response')}, non-targets {visit.cell('non_target_response')}"
        table = "the response table of RECIST 1.1" if evidence.criteria.immune is not None else "the response table"
        text = f"By {table}, {parts}, new lesion {visit.cell('new_lesion')} make {by_table}."
        yield _overall(text.replace("NONE", "none"), "; ".join(row.citation for row in rows))
    yield from _what_changed(evidence, visit, by_table)
    for code in sorted(visit.reasons - {str(reason) for reason in SAID_ELSEWHERE | SENTENCES.keys()}):
        yield _overall(f"Also noted: {code.replace('_', ' ')}.")
    if evidence.criteria.immune is not None:
        yield from explain_immune_overall(evidence, visit, evidence.criteria.immune)
        return
    yield _overall(f"Overall response: {visit.cell('overall_response')}, dated {visit.date}.")


def find_rows(evidence: Evidence, visit: Visit) -> list[ResponseRow]:
    """Find the rows of the response table that answer for a visit; all of them give one answer."""
    target, non_target, new = (
        visit.cell(column) for column in ("target_response", "non_target_response", "new_lesion")
    )
    if target not in set(TargetResponse) or non_target not in set(NonTargetResponse) or new not in set(NewLesion):
        return []
    return [
        row
        for row in evidence.criteria.overall
        if target in row.target and non_target in row.non_target and new in row.new_lesion
    ]


def _what_changed(evidence: Evidence, visit: Visit, by_table: str) -> Iterator[Sentence]:
    options, reasons = evidence.options, visit.recist_reasons
    if Reason.NO_DISEASE_AT_BASELINE in reasons or (
        by_table == OverallResponse.NED and options.no_disease is NoDisease.NE
    ):
        yield _overall(f"No disease was recorded at baseline; the option no_disease = {options.no_disease} names this.")
    complete = _complete_response_before(evidence, visit)
    after = f"the complete response at {complete.name}" if complete else "a complete response"
    if Reason.RETURNED_AFTER_CR in reasons:
        yield _overall(f"Disease is seen again after {after}: whatever its size, this is PD (option post_cr = pd).")
    if Reason.LESS_THAN_CR_AFTER_CR in reasons:
        choice = f"post_cr = {options.post_cr}"
        if options.post_cr is PostCR.PD:
            choice = f"returning_node = {options.returning_node}"
        yield _overall(f"Disease is seen again after {after}; by the option {choice} this alone is not PD.")
    if Reason.NOTHING_SEEN_AFTER_CR in reasons:
        yield _overall(
            f"This is less than CR after {after}, but no lesion is seen again: something was not evaluated, or a "
            "tumour marker is not known to be normal. No disease came back, so it is not PD."
        )
    if Reason.REVIEW_SINGLE_NODE in reasons:
        yield _overall(
            "One target node is the only disease seen after the complete response: a reader should confirm it."
        )
    if Reason.EQUIVOCAL_CONFIRMED_LATER in reasons:
        was = visit.recist_response_as_read
        yield _overall(
            f"As read the visit was {was}; a later visit proved the equivocal new lesion, which makes it PD."
        )
    if Reason.RECODED_FROM_CR in reasons:
        less = visit.recist_response
        yield _overall(
            f"Read as CR; a later visit contradicts it, and by the option post_cr = recode_pr it is a {less}."
        )


def _complete_response_before(evidence: Evidence, visit: Visit) -> Visit | None:
    """Find the first overall CR before a visit."""
    return next((one for one in evidence.used_before(visit) if one.recist_response_as_read == OverallResponse.CR), None)


def explain_standing(evidence: Evidence, visit: Visit) -> Iterator[Sentence]:
    """Say why a visit does not count for best response and progression, if it does not."""
    said = [_excluded(evidence, code) for code in visit.excluded]
    if said:
        text = f"This visit counts neither for best response nor for progression: {listed(said)}."
        yield Sentence(topic=Topic.STANDING, text=text)
    if visit.is_after_progression:
        text = "The disease progressed at an earlier visit that counts: this one is reported, and used for nothing."
        yield Sentence(topic=Topic.STANDING, text=text)
    elif not said and is_after_new_therapy(evidence, visit):
        yield Sentence(topic=Topic.STANDING, text=_after_new_therapy(evidence, visit))


def _after_new_therapy(evidence: Evidence, visit: Visit) -> str:
    therapy = new_therapy_of(evidence)
    text = f"A new therapy began on {therapy}: this visit counts for no best response"
    if evidence.options.censoring is Censoring.FDA and visit.date > therapy:
        text += ", nor for progression-free survival, which that therapy censors (option censoring = fda)"
    return f"{text}."


def _excluded(evidence: Evidence, code: str) -> str:
    said = EXCLUDED.get(code, code.replace("_", " "))
    for name in ("start_date", "death_date", "cutoff_date"):
        date = evidence.dates.get(name, "")
        said = said.replace(f"{{{name}}}", f" ({date})" if date else "")
    return said


def _overall(text: str, citation: str = "") -> Sentence:
    return Sentence(topic=Topic.OVERALL, text=text, citation=citation)
