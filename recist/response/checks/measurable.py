"""Checks whether targets are measurable: by their size, their kind and the method they were assessed by."""

from __future__ import annotations

from typing import TYPE_CHECKING

from recist.criteria import Finding
from recist.criteria.measurability import KIND_RULES, METHODS
from recist.response.history import number_of
from recist.response.measurable import NOT_MEASURING, least_sizes
from recist.response.quantise import NO_SIZE, PICOMETRES_PER_MM
from recist.response.words import ranked

if TYPE_CHECKING:
    from collections.abc import Iterator

    from recist.criteria import Criteria
    from recist.problems import Problem
    from recist.response.arrays import Bools, Ints
    from recist.response.checks.report import Report
    from recist.response.options import Options


def check_measurable(report: Report, at: Ints, criteria: Criteria, options: Options) -> Iterator[Problem]:
    """Find targets that the criteria do not call measurable.

    Parameters
    ----------
    report : Report
    at : numpy.ndarray
        One baseline row of each target.
    criteria : Criteria
    options : Options
    """
    is_evaluated = report.history.rows.finding[at] != number_of(Finding.NOT_EVALUATED)
    least = least_sizes(report.history, report.frame, at, (criteria, options))
    yield from _check_sizes(report, at[is_evaluated], least[is_evaluated], criteria)
    yield from _check_methods(report, at[least == NOT_MEASURING])
    yield from _check_kinds(report, at)
    message = "target lesion {lesion} has no value at baseline; there is no baseline sum to compare with"
    yield from report.problems(
        at[~is_evaluated], "no_baseline_value", field="state", message=message, expected="a size"
    )


def _check_sizes(report: Report, at: Ints, least: Ints, criteria: Criteria) -> Iterator[Problem]:
    rows = report.history.rows
    is_small = rows.size_picometres[at] < least
    at, least, size = at[is_small], least[is_small], rows.size_picometres[at][is_small]
    is_node = report.history.lesions.is_nodal[rows.lesion[at]] & criteria.nodes_by_short_axis
    is_normal = is_node & (size < criteria.normal_node.whole * PICOMETRES_PER_MM)
    least_mm = (least / PICOMETRES_PER_MM).tolist()
    yield from report.problems(
        at,
        "target_not_measurable",
        field="diameter_mm",
        message=[f"target lesion {{lesion}} is {_what(*kind)}" for kind in zip(is_node, is_normal, strict=True)],
        found=_sizes_or_states(report, at, size),
        expected=[
            f"at least {one:g} mm {'short' if short else 'long'} axis"
            for one, short in zip(least_mm, is_node, strict=True)
        ],
    )


def _sizes_or_states(report: Report, at: Ints, size: Ints) -> list[str]:
    states = report.cells(at, "state")
    return [
        state if one == NO_SIZE else f"{one / PICOMETRES_PER_MM:g}" for one, state in zip(size, states, strict=True)
    ]


def _what(is_node: bool, is_normal: bool) -> str:
    if is_normal:
        return "a node of normal size; do not record it as disease"
    if is_node:
        return "a pathological but not measurable node; record it as non-target"
    return "not measurable at baseline; record it as non-target"


def _check_methods(report: Report, at: Ints) -> Iterator[Problem]:
    yield from report.problems(
        at,
        "modality_not_measurable",
        field="modality",
        message="target lesion {lesion} was assessed by a method that does not measure; record it as non-target",
        expected=", ".join(method.modality for method in METHODS if method.least_size),
    )


def _check_kinds(report: Report, at: Ints) -> Iterator[Problem]:
    """Find targets of a kind that is not measurable, or that is second choice."""
    code, words = ranked(report.frame["kind"], empty="")
    for rule in KIND_RULES:
        if not rule.objection:
            continue
        of_kind: Bools = (words == rule.kind)[code[at]]
        found = at[of_kind]
        if rule.is_measurable:
            message = f"target lesion {{lesion}}: {rule.objection}; choose another target if there is one"
            yield from report.problems(found, "cystic_target", field="kind", message=message, expected="a solid lesion")
        else:
            message = f"target lesion {{lesion}}: {rule.objection}; record it as non-target"
            expected = ", ".join(rule.kind for rule in KIND_RULES if rule.is_measurable)
            yield from report.problems(found, "kind_not_measurable", field="kind", message=message, expected=expected)
