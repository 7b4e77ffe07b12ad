"""Sentences on the target lesions of a visit: each lesion, and the sum."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from recist.criteria import LesionRole
from recist.criteria.criteria import HUNDREDTHS_PER_MM
from recist.response.contributions import Note
from recist.response.explain.quantities import counted, listed, write_mm
from recist.response.explain.sentence import Sentence, Topic

if TYPE_CHECKING:
    from collections.abc import Iterator

    from recist.criteria import Criteria
    from recist.response.explain.evidence import Evidence, Finding, Visit

UNSAID = {"not_evaluable": "not evaluable", "not_done": "not done"}


def describe_targets(evidence: Evidence, visit: Visit) -> Iterator[Sentence]:
    """Say the size of every target lesion, and the sum."""
    at_baseline = evidence.baseline.of_role(LesionRole.TARGET)
    findings = visit.of_role(LesionRole.TARGET)
    if not at_baseline and not findings:
        yield _says("There were no target lesions at baseline.")
        return
    covering = {name: one.lesion for one in visit.findings for name in one.covers}
    for lesion in dict.fromkeys((*at_baseline, *findings)):
        yield _describe_lesion(lesion, findings.get(lesion, []), covering.get(lesion, ""), evidence.criteria)
    yield from _describe_sum(at_baseline, visit)


def _describe_lesion(lesion: str, findings: list[Finding], covering: str, criteria: Criteria) -> Sentence:
    if not findings:
        what = f"its value is that of {covering}, with which it merged" if covering else _MISSING
        return _says(f"{lesion}: {what}.")
    first = findings[0]
    told = ", ".join(word for word in (first.site, _kind(first, criteria)) if word)
    name = f"{lesion} ({told})" if told else lesion
    if len(findings) > 1:
        parts = [f"part {one.part} {_size(one)}" if one.part else _size(one) for one in findings]
        total = sum(one.counted for one in findings if one.counted is not None)
        whole = f", together {write_mm(total)}" if all(one.counted is not None for one in findings) else ""
        return _says(f"{name}: split into {len(findings)} parts, which are added: {listed(parts)}{whole}.")
    return _says(f"{name}: {_value(first, criteria)}.", criteria.too_small_size.citation if _is_default(first) else "")


_MISSING = "no row for this time point, so nothing is known of it and it adds nothing to the sum"


def _is_default(finding: Finding) -> bool:
    return finding.has(Note.DEFAULT_SIZE)


def _kind(finding: Finding, criteria: Criteria) -> str:
    if not finding.is_nodal:
        return ""
    axis = "short axis" if criteria.nodes_by_short_axis else "longest diameter"
    return axis if finding.site else f"node, {axis}"


def _size(finding: Finding) -> str:
    return write_mm(finding.counted) if finding.counted is not None else f"without a value ({_why(finding)})"


def _why(finding: Finding) -> str:
    """Say why a lesion was not evaluated."""
    said = UNSAID.get(finding.state, finding.state)
    treated = finding.cells.get("treated", "")
    if finding.has(Note.TREATED):
        said = f"treated on its own{f' ({treated})' if treated else ''} during the study"
    return f"{said}: {finding.reason}" if finding.reason else said


def _value(finding: Finding, criteria: Criteria) -> str:
    """Say what one row gives to the sum, and why."""
    if finding.covered_by:
        return f"its value is that of {listed(finding.covered_by)}, with which it merged"
    if finding.counted is None:
        return f"not evaluated ({_why(finding)}); it adds nothing to the sum, which does not mean 0 mm"
    size = write_mm(finding.counted)
    if _is_default(finding):
        return f"present but too small to measure, so the default of {size} counts"
    if not finding.counted:
        return f"absent, {size}"
    if finding.given_mm and Decimal(finding.given_mm) * HUNDREDTHS_PER_MM != finding.counted:
        size += f" ({finding.given_mm} mm were given)"
    if finding.covers:
        size += f", one mass with {listed(finding.covers)}; the value counts once"
    if finding.is_nodal and criteria.nodes_by_short_axis and finding.counted < criteria.normal_node.hundredths:
        size += f", of normal size (below {write_mm(criteria.normal_node.hundredths)})"
    return size


def _describe_sum(at_baseline: dict[str, list[Finding]], visit: Visit) -> Iterator[Sentence]:
    values = [one.counted for one in visit.findings if one.role is LesionRole.TARGET and one.counted is not None]
    missing = find_missing(at_baseline, visit)
    total = sum(values)
    n_lesions = counted(len(at_baseline), "target lesion")
    if not values:
        none = "The target lesion has no value" if len(at_baseline) == 1 else f"None of the {n_lesions} has a value"
        yield _says(f"{none}, so there is no sum; it is not 0 mm.")
        return
    addends = " + ".join(write_mm(value).removesuffix(" mm") for value in values)
    equation = f"{addends} = {write_mm(total)}" if len(values) > 1 else write_mm(total)
    if missing:
        more = " The true sum is this or more." if set(missing) - set(find_treated(visit, missing)) else ""
        yield _says(f"Partial sum: {equation}. Without a value: {listed(missing)}.{more}")
        return
    yield _says(f"Sum of the {n_lesions.removeprefix('1 ')}: {equation}.")


def find_missing(at_baseline: dict[str, list[Finding]], visit: Visit) -> list[str]:
    """Name the targets of baseline without a value, of their own or of a mass they merged into."""
    findings = visit.of_role(LesionRole.TARGET)
    covered = {
        name
        for one in visit.findings
        if one.counted is not None or one.role is not LesionRole.TARGET
        for name in one.covers
    }
    known = {lesion for lesion, rows in findings.items() if all(one.counted is not None for one in rows)}
    return [lesion for lesion in at_baseline if lesion not in known | covered]


def find_treated(visit: Visit, lesions: list[str]) -> list[str]:
    """Name those of the lesions that were treated on their own during the study."""
    findings = visit.of_role(LesionRole.TARGET)
    return [lesion for lesion in lesions if any(one.has(Note.TREATED) for one in findings.get(lesion, []))]


def _says(text: str, citation: str = "") -> Sentence:
    return Sentence(topic=Topic.TARGETS, text=text, citation=citation)
