"""Sentences on the target response: the conditions of CR, PD and PR with the numbers, and what they make."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from recist.criteria import AttenuationRule, LesionRole, TargetResponse
from recist.response.explain.attenuation import explain_attenuation
from recist.response.explain.conditions import Comparison, Condition, judge_partial_response, judge_progression
from recist.response.explain.quantities import listed, write_mm
from recist.response.explain.sentence import Sentence, Topic
from recist.response.explain.targets import find_missing, find_treated
from recist.response.reasons import Reason

if TYPE_CHECKING:
    from collections.abc import Iterator

    from recist.criteria import Criteria
    from recist.response.explain.evidence import Evidence, Visit


class _Conditions(NamedTuple):
    """The conditions of a visit in the order in which they are asked; None where one cannot be."""

    complete: Condition
    progression: Condition | None
    partial: Condition | None

    @property
    def is_grown(self) -> bool:
        """Say whether the sum grew enough for progression."""
        return self.progression is not None and self.progression.is_met

    @property
    def is_shrunk(self) -> bool:
        """Say whether the sum shrank enough for a partial response."""
        return self.partial is not None and self.partial.is_met


def explain_target_response(evidence: Evidence, visit: Visit) -> Iterator[Sentence]:
    """Spell out each condition with its numbers, then the target response."""
    response = visit.cell("target_response")
    if response in ("", TargetResponse.NONE):
        return
    baseline, total = visit.length("baseline_sum_mm"), visit.length("sum_mm")
    if baseline is None:
        yield _says("A target lesion had no value at baseline, so there is no baseline sum to compare with.")
    if total is None or baseline is None:
        yield _says(f"Target response: {response}.")
        return
    missing = find_missing(evidence.baseline.of_role(LesionRole.TARGET), visit)
    compared = Comparison(
        total=total,
        criteria=evidence.criteria,
        rounding=evidence.options.threshold_rounding,
        is_partial=bool(missing),
    )
    nadir = visit.length("nadir_mm")
    complete = _judge_complete_response(visit, evidence.criteria, missing)
    conditions = _Conditions(
        complete=complete,
        progression=None if nadir is None else judge_progression(compared, nadir, nadir_visit(evidence, visit, nadir)),
        partial=None
        if missing or complete.is_met
        else judge_partial_response(compared, baseline, evidence.baseline.name),
    )
    yield from (_says(condition.text, condition.citation) for condition in conditions if condition is not None)
    yield from explain_attenuation(evidence, visit)
    if missing:
        yield _says(_on_partial_sum(visit, conditions.is_grown, missing, evidence.options.partial_pd))
    yield _says(f"Target response: {response}{_because(evidence, visit, conditions)}.")


def nadir_visit(evidence: Evidence, visit: Visit, nadir: int) -> str:
    """Name the first visit with the smallest sum."""
    if nadir == visit.length("baseline_sum_mm"):
        return evidence.baseline.name
    for earlier in evidence.used_before(visit):
        counts = earlier.is_complete or evidence.options.nadir_partial
        if counts and earlier.length("sum_mm") == nadir:
            return earlier.name
    return evidence.baseline.name


def _judge_complete_response(visit: Visit, criteria: Criteria, missing: list[str]) -> Condition:
    """Say which targets are left, or which nodes of normal size make a sum above zero."""
    targets = [one for one in visit.findings if one.role is LesionRole.TARGET and one.counted]
    normal = criteria.normal_node.hundredths if criteria.nodes_by_short_axis else 0
    nodes = [one for one in targets if one.is_nodal and (one.counted or 0) < normal]
    left = list(dict.fromkeys(one.lesion for one in targets if one not in nodes))
    rule = "every target lesion absent"
    if normal:
        rule += f", and every target node below {write_mm(normal)} in its short axis"
    if left or missing:
        found = _still_there(left, missing)
    else:
        sizes = [f"{one.lesion} {write_mm(one.counted or 0)}" for one in nodes]
        found = "met" + (f"; the sum is that of nodes of normal size ({listed(sizes)})" if nodes else "")
    text = f"A complete response of the targets needs {rule}: {found}."
    return Condition(text=text, is_met=not (left or missing), citation=criteria.normal_node.citation if normal else "")


def _still_there(left: list[str], missing: list[str]) -> str:
    if left:
        return f"not met, {listed(left)} {'is' if len(left) == 1 else 'are'} still there"
    return f"not met, {listed(missing)} {'has' if len(missing) == 1 else 'have'} no value"


def _because(evidence: Evidence, visit: Visit, conditions: _Conditions) -> str:
    """Say what decided where the conditions alone do not show it."""
    response, options = visit.cell("target_response"), evidence.options
    if Reason.PR_PERSISTS in visit.reasons:
        return f", which is SD by its numbers and stays PR by the option pr_persistence = {options.pr_persistence}"
    if response == TargetResponse.NE and Reason.NO_TARGET_DISEASE_AT_BASELINE in visit.reasons:
        return ", because no target showed disease at baseline: there is nothing that could respond"
    if conditions.complete.is_met and conditions.is_grown:
        return (
            ". The nodes grew enough for progression while all are of normal size; the option small_node_growth = "
            f"{options.small_node_growth} decides, and a reader should look again"
        )
    if response != TargetResponse.PD and conditions.is_grown and Reason.ATTENUATION_RESPONSE in visit.reasons:
        return ", because growth is no progression where the attenuation is a response"
    if response == TargetResponse.PD and conditions.is_grown and conditions.is_shrunk:
        return ", because progression since the nadir comes before a response since baseline"
    if response == TargetResponse.SD and evidence.criteria.attenuation_rule is AttenuationRule.NONE:
        return ", because neither CR nor PD nor PR is met"
    return ""


def _on_partial_sum(visit: Visit, is_grown: bool, missing: list[str], partial_pd: bool) -> str:
    """Say what the sum can tell without some lesions; one that was treated on its own is no longer comparable."""
    treated = find_treated(visit, missing)
    others = [lesion for lesion in missing if lesion not in treated]
    if is_grown and not partial_pd:
        return (
            "What was measured reaches progression, but by the option partial_pd = false none is called without "
            f"{listed(missing)}."
        )
    if is_grown:
        more = f"{listed(others)} could only add to it" if others else f"whatever became of {listed(treated)}"
        return f"What was measured already reaches progression; {more}."
    why = [f"with {listed(others)} the sum could be larger"] if others else []
    if treated:
        why.append(f"the treatment of {listed(treated)} and not that of the study may have changed the sum")
    text = " and ".join(why)
    return (
        f"{text[0].upper()}{text[1:]}, so a response or stable disease cannot be told, and what was measured does not "
        "reach progression."
    )


def _says(text: str, citation: str = "") -> Sentence:
    return Sentence(topic=Topic.TARGETS, text=text, citation=citation)
