"""Sentences on the non-target lesions and the tumour markers of a visit."""

from __future__ import annotations

from typing import TYPE_CHECKING

from recist.criteria import Finding as Meaning
from recist.criteria import LesionRole, LesionState, NonTargetResponse
from recist.criteria.states import FINDINGS
from recist.response.choices import NonTargetNodes, NonTargetPartial
from recist.response.explain.quantities import listed
from recist.response.explain.sentence import Sentence, Topic

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
    """Say of a node of normal size whether that makes it absent, which the option decides."""
    if _is_normal_node(evidence, finding):
        return ", by its short axis of normal size and so absent"
    is_there = FINDINGS[LesionRole.NON_TARGET].get(finding.state) is Meaning.PRESENT  # type: ignore[call-overload]  # words are their own members
    if finding.role is LesionRole.NON_TARGET and is_there and _is_of_normal_size(evidence, finding):
        return f", of normal size, and there as it was read (option non_target_nodes = {NonTargetNodes.AS_READ})"
    return ""


def _is_normal_node(evidence: Evidence, finding: Finding) -> bool:
    """Say whether a node is absent by its size."""
    by_size = evidence.options.non_target_nodes is NonTargetNodes.BY_SIZE
    return by_size and _is_of_normal_size(evidence, finding)


def _is_of_normal_size(evidence: Evidence, finding: Finding) -> bool:
    criteria = evidence.criteria
    is_node = criteria.nodes_by_short_axis and finding.is_nodal
    return is_node and finding.given is not None and finding.given < criteria.normal_node.hundredths


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
        abnormal = [
            name for name, rows in visit.of_role(LesionRole.MARKER).items() if _is_abnormal(evidence, name, rows)
        ]
        if abnormal:
            return f", because {listed(abnormal)}, abnormal at baseline, {_are(abnormal)} still or again abnormal"
        return (
            ", because a tumour marker that was abnormal at baseline is not known to be normal again (option "
            f"marker_missing = {evidence.options.marker_missing})"
        )
    if response == NonTargetResponse.NON_CR_NON_PD:
        if evidence.options.nt_partial is NonTargetPartial.PRESENT_WINS:
            return ", because at least one is there and none progressed (option nt_partial = present_wins)"
        return ", because at least one is there and none progressed"
    return ""


def _is_abnormal(evidence: Evidence, name: str, rows: list[Finding]) -> bool:
    """Say whether a tumour marker is abnormal that was so at baseline."""
    before = evidence.baseline.of_role(LesionRole.MARKER).get(name, [])
    return all(any(one.state == LesionState.ABNORMAL for one in found) for found in (before, rows))


def _are(names: list[str]) -> str:
    return "is" if len(names) == 1 else "are"


def _non_target(text: str) -> Sentence:
    return Sentence(topic=Topic.NON_TARGETS, text=text)
