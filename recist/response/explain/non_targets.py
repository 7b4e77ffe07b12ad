"""Sentences on the non-target lesions, the tumour markers and the new lesions of a visit."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from recist.criteria import Finding as Meaning
from recist.criteria import LesionRole, LesionState, NewLesion, NonTargetResponse
from recist.criteria.criteria import HUNDREDTHS_PER_MM
from recist.criteria.states import FINDINGS
from recist.response.choices import NonTargetNodes, NonTargetPartial, SmallNewNode
from recist.response.explain.quantities import listed, write_mm
from recist.response.explain.sentence import Sentence, Topic
from recist.response.reasons import Reason

if TYPE_CHECKING:
    from collections.abc import Iterator

    from recist.response.explain.evidence import Evidence, Finding, Visit

WORDS = {"not_evaluable": "not evaluable", "not_done": "not done", "unequivocal_pd": "unequivocally progressed"}


def describe_non_targets(evidence: Evidence, visit: Visit) -> Iterator[Sentence]:
    """List the non-target lesions and the tumour markers with their states, and the lesions without a row."""
    at_baseline = evidence.baseline.of_role(LesionRole.NON_TARGET)
    lesions = visit.of_role(LesionRole.NON_TARGET)
    if not at_baseline and not lesions:
        yield _non_target("There were no non-target lesions at baseline.")
    for what, group in (("Non-target lesions", lesions), ("Tumour markers", visit.of_role(LesionRole.MARKER))):
        said = [_name(lesion, findings[0]) + _by_size(evidence, findings[0]) for lesion, findings in group.items()]
        if said:
            yield _non_target(f"{what}: {'; '.join(said)}.")
    covered = {name for one in visit.findings for name in one.covers}
    missing = [lesion for lesion in at_baseline if lesion not in lesions and lesion not in covered]
    if missing:
        yield _non_target(f"Without a row for this time point: {listed(missing)}.")


def explain_non_targets(evidence: Evidence, visit: Visit) -> Iterator[Sentence]:
    """List the non-target lesions, and say what response they make."""
    yield from describe_non_targets(evidence, visit)
    response = visit.cell("non_target_response")
    if response not in ("", NonTargetResponse.NONE):
        yield _non_target(f"Non-target response: {response}{_why(response, evidence, visit)}.")


def _name(lesion: str, finding: Finding) -> str:
    site = f" ({finding.site})" if finding.site else ""
    reason = f" ({finding.reason})" if finding.reason else ""
    return f"{lesion}{site} {WORDS.get(finding.state, finding.state)}{reason}"


def _by_size(evidence: Evidence, finding: Finding) -> str:
    """Say of a node that its size makes it absent, where the option has it so."""
    return ", by its short axis of normal size and so absent" if _is_normal_node(evidence, finding) else ""


def _is_normal_node(evidence: Evidence, finding: Finding) -> bool:
    criteria, by_size = evidence.criteria, evidence.options.non_target_nodes is NonTargetNodes.BY_SIZE
    is_sized_node = by_size and criteria.nodes_by_short_axis and finding.is_nodal and bool(finding.given_mm)
    return is_sized_node and _hundredths(finding) < criteria.normal_node.hundredths


def _hundredths(finding: Finding) -> int:
    """Take the size given to hundredths of a mm, halves up."""
    return int(Decimal(finding.given_mm) * HUNDREDTHS_PER_MM + Decimal("0.5"))


def _is_anything_there(evidence: Evidence, visit: Visit) -> bool:
    """Say whether any non-target lesion is present."""
    states = FINDINGS[LesionRole.NON_TARGET]
    covered = {name for one in visit.findings for name in one.covers if one.state == LesionState.MEASURED}
    return not covered.isdisjoint(evidence.baseline.of_role(LesionRole.NON_TARGET)) or any(
        states.get(finding.state) in (Meaning.PRESENT, Meaning.PROGRESSED) and not _is_normal_node(evidence, finding)  # type: ignore[call-overload]  # words are their own members
        for findings in visit.of_role(LesionRole.NON_TARGET).values()
        for finding in findings
    )


def _why(response: str, evidence: Evidence, visit: Visit) -> str:
    if response == NonTargetResponse.PD:
        return ", because a reader called at least one unequivocally progressed; sizes do not decide this"
    if response == NonTargetResponse.NE:
        return ", because not all of them were evaluated"
    if response == NonTargetResponse.CR:
        return ", because all are gone or normal"
    has_marker = bool(evidence.baseline.of_role(LesionRole.MARKER))
    if response == NonTargetResponse.NON_CR_NON_PD and has_marker and not _is_anything_there(evidence, visit):
        return (
            ", because a tumour marker that was abnormal at baseline is not known to be normal again (option "
            f"marker_missing = {evidence.options.marker_missing})"
        )
    if response == NonTargetResponse.NON_CR_NON_PD:
        if evidence.options.nt_partial is NonTargetPartial.PRESENT_WINS:
            return ", because at least one is there and none progressed (option nt_partial = present_wins)"
        return ", because at least one is there and none progressed"
    return ""


def explain_new_lesions(evidence: Evidence, visit: Visit) -> Iterator[Sentence]:
    """List the new lesions, how certain each is, and which later visit proved an equivocal one."""
    lesions = visit.of_role(LesionRole.NEW)
    if not lesions:
        yield _new("New lesions: none recorded.")
        return
    for lesion, findings in lesions.items():
        yield _describe_new(evidence, visit, lesion, findings[0])
    yield _new(f"New lesion: {visit.cell('new_lesion')}.")
    total, immune = visit.length("new_lesion_sum_mm"), evidence.criteria.immune
    if total is not None and immune is not None:
        text = f"Sum of the measured new lesions: {write_mm(total)}, never added to that of the targets."
        yield _new(text, immune.max_new_targets.citation)


def _describe_new(evidence: Evidence, visit: Visit, lesion: str, finding: Finding) -> Sentence:
    meaning, why = judge_new_lesion(evidence, finding)
    site = f" ({finding.site})" if finding.site else ""
    first = _first_sighting(evidence, visit, lesion)
    seen = f", first recorded at {first.name}" if first is not None else ""
    text = f"{lesion}{site}: {why}{seen}."
    if meaning == NewLesion.EQUIVOCAL:
        text += _what_became(evidence, visit, lesion)
    return _new(text, evidence.criteria.unequivocal_new_node.citation if "short axis" in why else "")


def judge_new_lesion(evidence: Evidence, finding: Finding) -> tuple[NewLesion, str]:
    """Say how certain a new lesion is, and by what: the reader's word, or the short axis of a node."""
    meaning = FINDINGS[LesionRole.NEW].get(finding.state)  # type: ignore[call-overload]  # words are their own members
    if meaning is Meaning.UNEQUIVOCAL:
        return NewLesion.UNEQUIVOCAL, "unequivocal by the reader's word"
    if meaning is Meaning.EQUIVOCAL:
        return NewLesion.EQUIVOCAL, "equivocal by the reader's word"
    if meaning is not Meaning.SEEN:
        return NewLesion.NO, WORDS.get(finding.state, finding.state)
    criteria = evidence.criteria
    if finding.is_nodal and criteria.nodes_by_short_axis and finding.given_mm:
        return _judge_node(evidence, _hundredths(finding))
    return NewLesion.UNEQUIVOCAL, "seen, so unequivocal: only nodes are judged by their size"


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


def _what_became(evidence: Evidence, visit: Visit, lesion: str) -> str:
    """Follow an equivocal lesion to the visit that proves it or no longer shows it."""
    for later in evidence.after(visit):
        for finding in later.of_role(LesionRole.NEW).get(lesion, []):
            meaning, _ = judge_new_lesion(evidence, finding)
            if meaning == NewLesion.UNEQUIVOCAL:
                back = Reason.EQUIVOCAL_CONFIRMED_LATER in visit.reasons
                dated = ", so progression is dated back to this visit" if back else ""
                return f" It is unequivocal at {later.name}{dated}."
            if FINDINGS[LesionRole.NEW].get(finding.state) is Meaning.ABSENT:  # type: ignore[call-overload]  # as above
                return f" It is absent at {later.name}; it was never proved."
    return " No later visit proves it, so it is no progression."


def _non_target(text: str) -> Sentence:
    return Sentence(topic=Topic.NON_TARGETS, text=text)


def _new(text: str, citation: str = "") -> Sentence:
    return Sentence(topic=Topic.NEW_LESIONS, text=text, citation=citation)
