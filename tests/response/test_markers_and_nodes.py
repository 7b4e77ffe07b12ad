"""Tumour markers, and non-target nodes judged by their size (RECIST 1.1 §4.3.3)."""

from __future__ import annotations

import pytest


def test_a_marker_that_stays_abnormal_makes_a_complete_response_partial(responses):
    lesions = {"T1": [20, 0, 0], "NT1": ["present", "absent", "absent"], "M1": ["abnormal", "abnormal", "normal"]}
    assert responses(lesions) == ["PR", "CR"]
    assert responses(lesions, "non_target_response") == ["NON-CR/NON-PD", "CR"]


def test_a_marker_holds_back_the_complete_response_where_there_are_only_targets(responses):
    lesions = {"T1": [20, 0, 0], "M1": ["abnormal", "abnormal", "normal"]}
    assert responses(lesions) == ["PR", "CR"]


def test_a_marker_holds_back_the_complete_response_where_there_are_only_non_target_lesions(responses):
    lesions = {"NT1": ["present", "absent", "absent"], "M1": ["abnormal", "abnormal", "normal"]}
    assert responses(lesions) == ["NON-CR/NON-PD", "CR"]


def test_the_reason_of_a_response_held_back_is_the_marker_and_no_lesion(responses):
    lesions = {"T1": [20, 0, 0], "M1": ["abnormal", "abnormal", "normal"]}
    assert responses(lesions, "reasons") == ["target_cr|marker_not_normal", "target_cr"]


def test_a_marker_that_was_normal_at_baseline_is_ignored(responses):
    assert responses({"T1": [20, 0], "M1": ["normal", "abnormal"]}) == ["CR"]


def test_a_rising_marker_is_never_progression(responses):
    assert responses({"T1": [20, 20, 20], "M1": ["abnormal", "abnormal", "abnormal"]}) == ["SD", "SD"]


def test_a_marker_that_rises_after_a_complete_response_is_not_a_return(responses):
    assert responses({"T1": [20, 0, 0], "M1": ["abnormal", "normal", "abnormal"]}) == ["CR", "PR"]


@pytest.mark.parametrize("state", ["not_done", None])
@pytest.mark.parametrize(("choice", "expected"), [("not_cr", ["PR"]), ("ignore", ["CR"])])
def test_whether_an_unknown_marker_holds_back_a_complete_response_is_an_option(responses, state, choice, expected):
    lesions = {"T1": [20, 0], "M1": ["abnormal", state]}
    assert responses(lesions, options={"marker_missing": choice}) == expected


def test_every_marker_that_was_abnormal_must_be_normal(responses):
    lesions = {"T1": [20, 0], "M1": ["abnormal", "normal"], "M2": ["abnormal", "abnormal"]}
    assert responses(lesions) == ["PR"]


def test_a_marker_does_not_make_a_response_out_of_what_could_not_be_evaluated(responses):
    lesions = {"NT1": ["present", "not_done"], "M1": ["abnormal", "abnormal"]}
    assert responses(lesions) == ["NE"]


@pytest.mark.parametrize(
    ("size", "choice", "expected"),
    [
        (9.99, "as_read", "NON-CR/NON-PD"),
        (9.99, "by_size", "CR"),
        (10, "by_size", "NON-CR/NON-PD"),
        ("present", "by_size", "NON-CR/NON-PD"),
        ("unequivocal_pd", "by_size", "PD"),
    ],
)
def test_a_measured_non_target_node_may_be_judged_by_its_short_axis(responses, size, choice, expected):
    lesions = {"NT1": [12, size]}
    assert responses(lesions, nodes=("NT1",), options={"non_target_nodes": choice}) == [expected]


def test_the_size_of_a_non_target_lesion_that_is_no_node_never_decides(responses):
    assert responses({"NT1": [12, 4]}, options={"non_target_nodes": "by_size"}) == ["NON-CR/NON-PD"]
