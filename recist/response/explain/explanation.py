"""The explanation of one series: baseline, every visit, the best response, and what options changed."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from recist.criteria import LesionRole
from recist.response.explain.best import explain_best
from recist.response.explain.endpoints import explain_endpoints
from recist.response.explain.new_lesions import explain_new_lesions
from recist.response.explain.non_targets import describe_non_targets, explain_non_targets
from recist.response.explain.option_effects import explain_options
from recist.response.explain.overall import explain_overall, explain_standing
from recist.response.explain.sentence import Explanation, Section, Sentence
from recist.response.explain.sources import cite
from recist.response.explain.target_response import explain_target_response
from recist.response.explain.targets import describe_targets

if TYPE_CHECKING:
    from collections.abc import Iterator

    from recist.criteria import Criteria
    from recist.response.explain.evidence import Evidence, Tables, Visit


def explain(evidence: Evidence, tables: Tables, *, timepoint: str = "") -> Explanation:
    """Say why each response of a series is what it is.

    Parameters
    ----------
    evidence : Evidence
        One series, see :func:`recist.response.explain.gather_evidence`.
    tables : Tables
        The tables the evidence came from; scored again to tell what options changed and which visit confirmed.
    timepoint : str, optional
        Only this visit, or only the baseline; all visits and the best response by default.
    """
    baseline = [_explain_baseline(evidence)] if evidence.baseline.findings else []
    sections = [*baseline, *(_explain_visit(evidence, visit) for visit in evidence.visits)]
    if timepoint:
        sections = [section for section in sections if section.timepoint == timepoint]
    else:
        sections += _explain_series(evidence, tables)
    return Explanation(
        subject=evidence.subject,
        reader=evidence.reader,
        criteria=evidence.criteria.title,
        sections=tuple(_cited(section, evidence.criteria) for section in sections),
    )


def _cited(section: Section, criteria: Criteria) -> Section:
    """Say of each rule where it is published under the criteria in force."""
    sentences = (replace(one, citation=cite(one.citation, criteria)) for one in section.sentences)
    return replace(section, sentences=tuple(sentences))


def _explain_baseline(evidence: Evidence) -> Section:
    visit = evidence.baseline
    return Section(
        title=f"Baseline: {visit.name}",
        timepoint=visit.timepoint,
        date=visit.date,
        sentences=(*describe_targets(evidence, visit), *describe_non_targets(evidence, visit)),
    )


def _explain_visit(evidence: Evidence, visit: Visit) -> Section:
    response = visit.cell("overall_response")
    return Section(
        title=f"{visit.name}: {response}",
        timepoint=visit.timepoint,
        date=visit.date,
        answer=response,
        sentences=tuple(_visit_sentences(evidence, visit)),
    )


def _visit_sentences(evidence: Evidence, visit: Visit) -> Iterator[Sentence]:
    has_targets = evidence.baseline.of_role(LesionRole.TARGET) or visit.of_role(LesionRole.TARGET)
    if has_targets:
        yield from describe_targets(evidence, visit)
        yield from explain_target_response(evidence, visit)
    yield from explain_non_targets(evidence, visit)
    yield from explain_new_lesions(evidence, visit)
    yield from explain_overall(evidence, visit)
    yield from explain_standing(evidence, visit)


def _explain_series(evidence: Evidence, tables: Tables) -> list[Section]:
    best = evidence.best.get("best_response", "")
    found = (*explain_best(evidence, tables), *explain_endpoints(evidence))
    sections = [Section(title=f"Best response: {best}", answer=best, sentences=found)]
    options = tuple(explain_options(evidence, tables)) if evidence.is_assessed else ()
    if options:
        sections.append(Section(title="Options", sentences=options))
    return sections


def as_plain(explanation: Explanation) -> dict[str, object]:
    """Lay an explanation out as plain values, for JSON."""
    return {
        "subject": explanation.subject,
        "reader": explanation.reader,
        "criteria": explanation.criteria,
        "sections": [
            {
                "title": section.title,
                "timepoint": section.timepoint,
                "date": section.date,
                "answer": section.answer,
                "sentences": [
                    {"topic": str(one.topic), "text": one.text, "citation": one.citation} for one in section.sentences
                ],
            }
            for section in explanation.sections
        ],
    }
