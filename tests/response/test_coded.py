"""Lesions held as numbers: the same rules, whatever the order of the rows and the names of the patients."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from recist.criteria import BestResponse, OverallResponse
from recist.errors import DataError, UsageError
from recist.response import score_coded
from recist.response.kernel.exact import quantise, quantum_of
from recist.response.kernel.packed import CHUNK

NO_NON_TARGET, NON_TARGET_CR, PRESENT, UNEQUIVOCAL, NOT_EVALUATED = 4, 0, 1, 2, 3


def tables(patients):
    """Write both tables; each patient is a list of visits (sizes in mm, non-target response, new lesion)."""
    lesions, visits = [], []
    for patient, course in patients.items():
        for visit, (sizes, non_target, new) in enumerate(course):
            visits.append((patient, visit, 56 * visit, non_target, new))
            lesions += [(patient, visit, number, False, size) for number, size in enumerate(sizes)]
    return (
        pd.DataFrame(lesions, columns=["patient", "visit", "lesion", "node", "diam"]).astype({"diam": float}),
        pd.DataFrame(visits, columns=["patient", "visit", "day", "nt", "new"]),
    )


def words(found):
    overall, best = list(OverallResponse), list(BestResponse)
    return (
        [str(overall[number]) for number in found.overall],
        [str(best[number]) for number in found.best],
        [str(best[number]) for number in found.confirmed_best],
    )


def simple(*sizes, non_target=NO_NON_TARGET):
    return [((size,), non_target, 0) for size in sizes]


FOUR = {
    0: simple(100, 70, 70),  # -30 % is PR, and 56 days later confirmed
    1: simple(100, 70.01, 84.02),  # 1 µm short of PR; +20 % of the nadir 70.01 would be 84.012
    2: simple(20, 0, 0, non_target=PRESENT),  # targets gone, non-target lesions not: PR
    3: [((30, 20), NO_NON_TARGET, 0), ((30, np.nan), NO_NON_TARGET, 0), ((30, 20), NO_NON_TARGET, 1)],
}
FOUR_OVERALL = ["PR", "PR", "SD", "PD", "PR", "PR", "NE", "PD"]


def test_responses_come_in_the_order_of_patient_and_visit():
    overall, best, confirmed = words(score_coded(*tables(FOUR)))
    assert overall == FOUR_OVERALL
    assert best == ["PR", "SD", "PR", "PD"]
    assert confirmed == ["PR", "SD", "PR", "PD"]


def test_the_order_of_the_rows_does_not_matter():
    lesions, visits = tables(FOUR)
    shuffled = score_coded(lesions.sample(frac=1, random_state=4), visits.sample(frac=1, random_state=5))
    assert words(shuffled)[0] == FOUR_OVERALL


@pytest.mark.parametrize("threads", [1, 2, 3])
def test_the_number_of_threads_and_chunks_does_not_matter(threads):
    n_patients = 2 * CHUNK + 3
    lesions, visits = tables({0: simple(100, 70, 90)})
    many = [table.loc[table.index.repeat(n_patients)].reset_index(drop=True) for table in (lesions, visits)]
    for table in many:
        table["patient"] = np.tile(np.arange(n_patients), len(table) // n_patients)
    found = score_coded(*many, threads=threads)
    assert words(found)[0] == ["PR", "PD"] * n_patients
    assert set(words(found)[1]) == {"PR"}
    assert set(words(found)[2]) == {"SD"}


@pytest.mark.parametrize("dtype", ["object", "category", "string", "string[pyarrow]"])
def test_patients_may_have_names(dtype):
    lesions, visits = (table.assign(patient="P-" + table["patient"].astype(str)) for table in tables(FOUR))
    found = score_coded(lesions.astype({"patient": dtype}), visits.astype({"patient": dtype}))
    assert words(found)[0] == FOUR_OVERALL
    assert list(found.patients) == ["P-0", "P-1", "P-2", "P-3"]


def test_patients_may_have_any_numbers():
    numbers = {0: 7, 1: 100_000_000_007, 2: -3, 3: 12}
    lesions, visits = (table.assign(patient=table["patient"].map(numbers)) for table in tables(FOUR))
    found = score_coded(lesions, visits)
    assert list(found.patients) == [-3, 7, 12, 100_000_000_007]
    assert words(found)[0] == ["PR", "PR", "PR", "PR", "NE", "PD", "SD", "PD"]


def test_visit_numbers_may_have_gaps():
    lesions, visits = (table.assign(visit=table["visit"] * 10) for table in tables(FOUR))
    assert words(score_coded(lesions, visits))[0] == FOUR_OVERALL


def test_small_columns_give_what_large_ones_give():
    lesions, visits = tables(FOUR)
    small = lesions.astype({"patient": "int32", "visit": "int16", "lesion": "int8", "diam": "float32"})
    small_visits = visits.astype({"patient": "int32", "visit": "int16", "day": "int32", "nt": "int8", "new": "bool"})
    assert words(score_coded(small, small_visits))[0] == FOUR_OVERALL


def test_nodes_below_10_mm_are_a_complete_response():
    lesions, visits = tables({0: simple(20, 9.99, 10)})
    found = score_coded(lesions.assign(node=True), visits, options={"post_cr": "as_is"})
    assert words(found)[0] == ["CR", "PR"]


def test_a_patient_without_target_lesions_is_judged_by_the_other_lesions():
    lesions, visits = tables({0: [((), PRESENT, 0), ((), PRESENT, 0), ((), UNEQUIVOCAL, 0)]})
    found = score_coded(lesions.astype({"patient": int, "visit": int, "lesion": int, "node": bool}), visits)
    assert words(found)[0] == ["NON-CR/NON-PD", "PD"]


def test_disease_after_a_complete_response_is_progression():
    assert words(score_coded(*tables({0: simple(20, 0, 3)})))[0] == ["CR", "PD"]


def test_with_anything_between_two_responses_of_the_kind_confirm_each_other():
    course = {0: simple(100, 70, 90, 60), 1: simple(100, 0, 65, 90)}
    options = {"confirmation_between": "any", "post_cr": "as_is", "small_node_growth": "cr"}
    lesions, visits = tables(course)
    overall, _, confirmed = words(score_coded(lesions, visits, options=options))
    assert overall == ["PR", "PD", "PR", "CR", "PD", "PD"]
    assert confirmed == ["SD", "SD"]
    assert words(score_coded(*tables({0: simple(100, 70, 80, 60)}), options=options))[2] == ["PR"]
    assert words(score_coded(*tables({0: simple(100, 70, 80, 60)})))[2] == ["SD"]


@pytest.mark.parametrize(
    ("length_mm", "step", "expected"),
    [(9.995, 1, 1000), (9.994999, 1, 999), (14.25, 10, 1430), (14.249, 10, 1420), (14.5, 100, 1500), (0.0, 1, 0)],
)
def test_a_length_is_rounded_half_up_from_the_decimal_it_stands_for(length_mm, step, expected):
    sizes = np.empty(1, dtype=np.int32)
    for kind in (np.float64, np.float32):
        length = np.array([length_mm], dtype=kind)
        assert quantise(length, quantum_of(length.dtype, step), sizes) == 0
        if kind is np.float64 or length_mm != 9.994999:  # more places than single precision holds
            assert sizes.tolist() == [expected + 1]


def change(table, row, **values):
    changed = table.copy()
    for name, value in values.items():
        changed[name] = changed[name].astype(type(value) if name != "diam" else float)
        changed.loc[row, name] = value
    return changed


@pytest.mark.parametrize(
    ("row", "values", "code"),
    [
        (1, {"visit": 9}, "unknown_visit"),
        (1, {"visit": -1}, "number_out_of_range"),
        (1, {"lesion": 128}, "number_out_of_range"),
        (1, {"diam": -1.0}, "number_out_of_range"),
        (1, {"diam": np.inf}, "number_out_of_range"),
        (1, {"patient": 77}, "unknown_patient"),
        (1, {"visit": 0}, "duplicate_row"),
        (1, {"lesion": 5}, "target_without_baseline"),
        (1, {"node": True}, "nodal_changes"),
    ],
)
def test_a_faulty_row_of_lesions_is_refused(row, values, code):
    lesions, visits = tables(FOUR)
    with pytest.raises(DataError) as refused:
        score_coded(change(lesions, row, **values), visits)
    assert code in {problem.code for problem in refused.value.problems}


@pytest.mark.parametrize(
    ("row", "values", "code"),
    [
        (1, {"visit": 2}, "duplicate_row"),
        (1, {"visit": 4096}, "number_out_of_range"),
        (1, {"nt": 5}, "number_out_of_range"),
        (1, {"new": 2}, "number_out_of_range"),
        (1, {"day": 0}, "wrong_order"),
        (0, {"visit": 5}, "no_baseline"),
        (0, {"new": 1}, "new_at_baseline"),
    ],
)
def test_a_faulty_row_of_visits_is_refused(row, values, code):
    lesions, visits = tables(FOUR)
    with pytest.raises(DataError) as refused:
        score_coded(lesions, change(visits, row, **values))
    assert code in {problem.code for problem in refused.value.problems}


def test_columns_that_are_missing_or_hold_text_are_refused_at_once():
    lesions, visits = tables(FOUR)
    with pytest.raises(DataError) as refused:
        score_coded(lesions.drop(columns="node"), visits.assign(day="day 1"))
    assert [(problem.field, problem.code) for problem in refused.value.problems] == [
        ("node", "missing_column"),
        ("day", "wrong_kind"),
    ]


def test_criteria_that_need_more_than_sizes_are_refused():
    with pytest.raises(UsageError, match=r"use recist\.score"):
        score_coded(*tables(FOUR), criteria="choi")


def test_a_visit_without_any_row_is_not_evaluable():
    lesions, visits = tables({0: simple(100, 50, 50)})
    assert words(score_coded(lesions[lesions["visit"] != 1], visits))[0] == ["NE", "PR"]
