"""The rules of what can be measured, and every check of the tables."""

from __future__ import annotations

from typing import TYPE_CHECKING

from recist.criteria import RECIST_1_1
from recist.criteria.measurability import KIND_RULES, METHODS
from recist.response.checks.table import CHECKS
from recist.response.explain.rule import Rule, write_limit

if TYPE_CHECKING:
    from collections.abc import Iterator

    from recist.criteria import Criteria


def method_rules(criteria: Criteria) -> Iterator[Rule]:
    """List the methods with the least size of a measurable lesion."""
    for method in METHODS:
        limit = getattr(criteria, method.least_size) if method.least_size else None
        least = write_limit(limit) if limit else ""
        meaning = "least size of a measurable lesion" if least else "does not measure targets"
        meaning += "; thick slices raise it" if method.is_sliced else ""
        is_own = limit is not None and limit != getattr(RECIST_1_1, method.least_size)
        citation = limit.citation if limit is not None and is_own else method.citation
        yield Rule(name=str(method.modality), value=least, meaning=meaning, citation=citation)


def kind_rules() -> Iterator[Rule]:
    """List the kinds of lesion that may or may not be targets."""
    for rule in KIND_RULES:
        value = "measurable" if rule.is_measurable else "not measurable"
        yield Rule(name=str(rule.kind), value=value, meaning=rule.objection, citation=rule.citation)


def check_rules() -> Iterator[Rule]:
    """List every check with how much its finding matters."""
    for check in CHECKS:
        severity = str(check.severity) if check.or_else is None else f"{check.severity} or {check.or_else}"
        yield Rule(name=check.code, value=severity, meaning=check.finds, citation=check.citation)
