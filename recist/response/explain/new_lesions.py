"""Sentences on the new lesions of a visit: how certain each is, by what, and what became of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from recist.criteria import Finding as Meaning
from recist.criteria import LesionRole, NewLesion
from recist.criteria.measurability import Modality
from recist.criteria.states import FINDINGS
from recist.response.choices import SmallNewNode
from recist.response.explain.quantities import write_mm
from recist.response.explain.sentence import Sentence, Topic
from recist.response.reasons import Reason

if TYPE_CHECKING:
    from collections.abc import Iterator

    from recist.response.explain.evidence import Evidence, Finding, Visit

WORDS = {"not_evaluable": "not evaluable", "not_done": "not done"}
ON_PET = "Eisenhauer 2009 §4.3.5, FDG-PET"


def explain_new_lesions(evidence: Evidence, visit: Visit) -> Iterator[Sentence]:
    """List the new lesions, how certain each is, and which later visit proved an equivocal one."""
    lesions = visit.of_role(LesionRole.NEW)
    if not lesions:
        yield _new("New lesions: none recorded.")
        return
    for lesion, findings in lesions.items():
        for finding in findings:
            yield _describe(evidence, visit, lesion, finding)
    yield _new(f"New lesion: {visit.cell('new_lesion')}.")
    total, immune = visit.length("new_lesion_sum_mm"), evidence.criteria.immune
    if total is not None and immune is not None:
        text = f"Sum of the measured new lesions: {write_mm(total)}, never added to that of the targets."
        yield _new(text, immune.max_new_targets.citation)


def _describe(evidence: Evidence, visit: Visit, lesion: str, finding: Finding) -> Sentence:
    meaning, why = _judge(evidence, visit, finding)
    site = f" ({finding.site})" if finding.site else ""
    first = _first_sighting(evidence, visit, lesion)
    seen = f", first recorded at {first.name}" if first is not None else ""
    text = f"{lesion}{site}: {why}{seen}."
    if meaning == NewLesion.EQUIVOCAL:
        text += _what_became(evidence, visit, finding)
    by_size = evidence.criteria.unequivocal_new_node.citation if "short axis" in why else ""
    return _new(text, ON_PET if _is_on_pet(finding) else by_size)


def _judge(evidence: Evidence, visit: Visit, finding: Finding) -> tuple[NewLesion, str]:
    """Say how certain a new lesion is, and by what: PET, the reader's word, or the short axis of a node."""
    if not _is_on_pet(finding) or _meaning(finding) not in (Meaning.SEEN, Meaning.UNEQUIVOCAL):
        return _judge_by_itself(evidence, finding)
    at_baseline = (one for found in evidence.baseline.of_role(LesionRole.NEW).values() for one in found)
    if any(_is_on_pet(one) and _meaning(one) is Meaning.ABSENT for one in at_baseline):
        return NewLesion.UNEQUIVOCAL, "seen on PET, unequivocal because the PET at baseline was negative"
    others = (one for one in visit.of_role(LesionRole.NEW)[finding.lesion] if not _is_on_pet(one))
    if any(_judge_by_itself(evidence, one)[0] == NewLesion.UNEQUIVOCAL for one in others):
        return NewLesion.UNEQUIVOCAL, "seen on PET, unequivocal because CT or MRI shows it too"
    return NewLesion.EQUIVOCAL, "seen on PET without a negative PET at baseline, so equivocal until CT or MRI shows it"


def _judge_by_itself(evidence: Evidence, finding: Finding) -> tuple[NewLesion, str]:
    """Judge one row: by the reader's word, or the short axis of a node."""
    meaning = _meaning(finding)
    if meaning in (Meaning.UNEQUIVOCAL, Meaning.PROGRESSED):
        return NewLesion.UNEQUIVOCAL, "unequivocal by the reader's word"
    if meaning is Meaning.EQUIVOCAL:
        return NewLesion.EQUIVOCAL, "equivocal by the reader's word"
    if meaning is not Meaning.SEEN:
        return NewLesion.NO, WORDS.get(finding.state, finding.state)
    criteria = evidence.criteria
    if finding.is_nodal and criteria.nodes_by_short_axis and finding.given is not None:
        return _judge_node(evidence, finding.given)
    return NewLesion.UNEQUIVOCAL, "seen, so unequivocal: only nodes are judged by their size"


def _meaning(finding: Finding) -> Meaning | None:
    return FINDINGS[LesionRole.NEW].get(finding.state)  # type: ignore[call-overload,no-any-return]  # words are their own members


def _is_on_pet(finding: Finding) -> bool:
    return finding.cells.get("modality") == Modality.PET


def _judge_node(evidence: Evidence, size: int) -> tuple[NewLesion, str]:
    normal, sure = evidence.criteria.normal_node.hundredths, evidence.criteria.unequivocal_new_node.hundredths
    axis = f"short axis {write_mm(size)}"
    if size < normal:
        return NewLesion.NO, f"{axis}, a normal node (below {write_mm(normal)})"
    if size >= sure:
        return NewLesion.UNEQUIVOCAL, f"{axis}, unequivocal (at least {write_mm(sure)})"
    if evidence.options.new_node is SmallNewNode.PD:
        return NewLesion.UNEQUIVOCAL, f"{axis}, unequivocal by the option new_node = pd (at least {write_mm(normal)})"
    return NewLesion.EQUIVOCAL, f"{axis}, equivocal (at least {write_mm(normal)}, below {write_mm(sure)})"


def _first_sighting(evidence: Evidence, visit: Visit, lesion: str) -> Visit | None:
    return next((one for one in evidence.before(visit) if lesion in one.of_role(LesionRole.NEW)), None)


def _what_became(evidence: Evidence, visit: Visit, sighting: Finding) -> str:
    """Follow an equivocal lesion to the visit that proves it or no longer shows it."""
    is_proved = Reason.EQUIVOCAL_CONFIRMED_LATER in visit.reasons
    for later in evidence.after(visit):
        for finding in later.of_role(LesionRole.NEW).get(sighting.lesion, []):
            meaning, _ = _judge(evidence, later, finding)
            if meaning == NewLesion.UNEQUIVOCAL and evidence.is_beyond(finding.date):
                return f" It is unequivocal at {later.name}, after death or cut-off, which proves nothing before it."
            if meaning == NewLesion.UNEQUIVOCAL:
                dated = ", so progression is dated back to this visit" if is_proved else ""
                return f" It is unequivocal at {later.name}{dated}."
            may_be_early = is_proved and _is_on_pet(sighting) and not _is_on_pet(finding)  # CT may show it later
            if _meaning(finding) is Meaning.ABSENT and not may_be_early:
                return f" It is absent at {later.name}; it was never proved."
    return " No later visit proves it, so it is no progression."


def _new(text: str, citation: str = "") -> Sentence:
    return Sentence(topic=Topic.NEW_LESIONS, text=text, citation=citation)
