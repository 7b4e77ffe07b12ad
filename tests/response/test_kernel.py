"""The compiled walks by themselves: words by number, edges of the thresholds, and every option of a course."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from recist.criteria import RECIST_1_1, NewLesion, NonTargetResponse, OverallResponse, TargetResponse
from recist.criteria.criteria import limit
from recist.response import Options
from recist.response.history import number_of
from recist.response.kernel import overall, packed, target
from recist.response.kernel.rules import compile_overall_rules, compile_target_rules
from recist.response.kernel.sums import LesionRows, add_up, count_known, mark, no_sums, nothing_known, settle

CM = 1000  # hundredths of a mm


def walk(totals, *, criteria=RECIST_1_1, complete=None, seen=None, **options):
    """Give the target responses and the nadirs of one course of sums in hundredths of a mm."""
    n_visits = len(totals)
    total = np.array([target.NO_SUM if total is None else total for total in totals])
    none = np.zeros(n_visits, dtype=bool)
    visits = target.TargetVisits(
        n_targets=np.ones(n_visits, dtype=np.int64),
        total=total,
        is_complete=np.array([total is not None for total in totals] if complete is None else complete),
        n_seen=np.array([int(total != 0) for total in totals] if seen is None else seen),
        is_attenuation_response=none,
        is_attenuation_known=none,
        day=np.arange(n_visits) * 56,
    )
    found = target.no_target_responses(n_visits)
    ends, baseline = np.array([0, n_visits]), np.array([0])
    target.walk_targets(ends, (baseline, baseline), visits, compile_target_rules(criteria, Options(**options)), found)
    words = list(TargetResponse)
    return [str(words[number]) for number in found.response[1:]], found.nadir[1:].tolist()


@pytest.mark.parametrize(
    ("module", "names", "members"),
    [
        (target, ("CR", "PR", "SD", "PD", "NE", "NONE"), TargetResponse),
        (overall, ("CR", "PR", "SD", "NON_CR_NON_PD", "NED", "PD"), OverallResponse),
        (packed, ("NON_CR_NON_PD", "PD"), NonTargetResponse),
    ],
)
def test_the_numbers_in_the_loops_are_those_of_the_words(module, names, members):
    assert [getattr(module, name) for name in names] == [number_of(members[name]) for name in names]


def test_the_other_numbers_in_the_loops_are_those_of_the_words():
    assert number_of(TargetResponse.NONE) == overall.NO_TARGETS
    assert number_of(NewLesion.NO) == overall.NO_NEW_LESION
    assert number_of(NewLesion.UNEQUIVOCAL) == packed.UNEQUIVOCAL
    assert len(NonTargetResponse) - 1 == packed.MAX_NON_TARGET


@pytest.mark.parametrize(
    ("totals", "expected"),
    [
        ([10 * CM, 7 * CM], "PR"),
        ([10 * CM, 7 * CM + 1], "SD"),
        ([10 * CM, 12 * CM], "PD"),
        ([10 * CM, 12 * CM - 1], "SD"),
        ([2 * CM, 2 * CM + 499], "SD"),
        ([2 * CM, 2 * CM + 500], "PD"),
        ([2 * CM, None], "NE"),
        ([None, 2 * CM], "NE"),
        ([2 * CM, 0], "CR"),
    ],
)
def test_thresholds_hold_to_a_hundredth_of_a_millimetre(totals, expected):
    assert walk(totals)[0] == [expected]


def test_a_sum_of_nothing_does_not_grow_where_no_least_increase_is_asked():
    no_least = replace(RECIST_1_1, progression_increase=limit(0, "mm", "none", "a test"))
    assert walk([CM, 0, 0], criteria=no_least, seen=[1, 1, 1])[0] == ["PR", "PR"]
    assert walk([CM, 0, 1], criteria=no_least, seen=[1, 1, 1])[0] == ["PR", "PD"]


def test_the_nadir_is_the_least_complete_sum_before():
    assert walk([10 * CM, 4 * CM, None, 5 * CM])[1] == [10 * CM, 4 * CM, 4 * CM]
    partial = {"complete": [True, False, True]}
    assert walk([10 * CM, 4 * CM, 6 * CM], **partial)[1] == [10 * CM, 10 * CM]
    assert walk([10 * CM, 4 * CM, 6 * CM], nadir_partial=True, **partial)[1] == [10 * CM, 4 * CM]


def test_a_percentage_may_be_rounded_before_it_is_compared():
    assert walk([10 * CM, 7 * CM + 4], threshold_rounding="none")[0] == ["SD"]  # 29.96 %
    from recist.response.choices import ThresholdRounding

    assert walk([10 * CM, 7 * CM + 4], threshold_rounding=ThresholdRounding.ONE_DECIMAL)[0] == ["PR"]


def known_of(rows, n_lesions=2, n_visits=2):
    """Mark rows (visit, lesion, is_evaluated, is_own) of one course; give what its last visit knows."""
    visit, lesion, evaluated, own = (np.array(column) for column in zip(*rows, strict=True))
    size = np.where(evaluated, CM, -1)
    table = LesionRows(visit, lesion, size, np.zeros(len(rows), dtype=bool), evaluated, own)
    first_cell = np.arange(n_visits + 1) * n_lesions
    marks = np.zeros(n_visits * n_lesions, dtype=np.uint8)
    mark(table, first_cell, marks)
    known = nothing_known(n_visits)
    count_known(np.array([0, n_visits]), np.array([0]), first_cell, marks, known)
    return table, known


BASELINE = [(0, 0, True, True), (0, 1, True, True)]


@pytest.mark.parametrize(
    ("later", "evaluated"),
    [
        ([(1, 0, True, True), (1, 1, True, True)], 2),
        ([(1, 0, True, True)], 1),
        ([(1, 0, True, True), (1, 1, True, False)], 2),  # covered by a merged mass
        ([(1, 0, True, True), (1, 1, False, True), (1, 1, True, False)], 2),  # whatever its own row says
        ([(1, 0, True, True), (1, 0, False, True)], 0),  # one part has no value
        ([(1, 0, True, True), (1, 0, True, True)], 1),  # parts are counted once
    ],
)
def test_lesions_are_counted_and_not_rows(later, evaluated):
    _, known = known_of(BASELINE + later)
    assert known.at_baseline.tolist() == [2, 2]
    assert known.evaluated[1] == evaluated


def test_parts_and_lesions_unknown_at_baseline_are_noticed():
    assert known_of([*BASELINE, (1, 0, True, True), (1, 0, True, True)])[1].has_several.tolist() == [False, True]
    assert known_of([(0, 0, True, True), (1, 1, True, True)])[1].has_stranger.tolist() == [False, True]


def test_a_visit_without_any_value_has_no_sum_rather_than_a_sum_of_zero():
    rows, known = known_of([*BASELINE, (1, 0, False, True), (1, 1, False, True)])
    sums, complete = no_sums(2), np.empty(2, dtype=bool)
    add_up(rows, CM, sums)
    settle(sums, known, complete)
    assert sums.total.tolist() == [2 * CM, target.NO_SUM]
    assert complete.tolist() == [True, False]


def test_a_node_of_normal_size_is_not_seen_and_still_counts_in_the_sum():
    each = np.array([True, True])
    rows = LesionRows(np.zeros(2, int), np.arange(2), np.array([CM - 1, CM]), each, each, each)
    sums = no_sums(1)
    add_up(rows, CM, sums)
    assert (sums.total[0], sums.nodes_seen[0], sums.others_seen[0]) == (2 * CM - 1, 1, 0)


def test_no_disease_at_baseline_may_be_called_not_evaluable():
    from recist.response.choices import NoDisease

    cell = number_of(TargetResponse.NONE), number_of(NonTargetResponse.NONE), number_of(NewLesion.NO)
    table = compile_overall_rules(RECIST_1_1, Options(no_disease=NoDisease.NE)).table
    assert table[cell] == number_of(OverallResponse.NE)
    assert compile_overall_rules(RECIST_1_1, Options()).table[cell] == number_of(OverallResponse.NED)
