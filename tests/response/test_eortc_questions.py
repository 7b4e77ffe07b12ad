"""The worked answers of the EORTC's frequently asked questions on RECIST that fall within these rules."""

from recist.response import score


def test_continuing_partial_response_although_slightly_above_the_nadir(responses) -> None:
    assert responses({"T1": [165, 63, 65]}) == ["PR", "PR"]  # 65: 61 % below baseline, 3 % above 63


def test_partial_response_kept_until_progression(responses) -> None:
    course = {"T1": [100, 70, 70, 80, 80, 80], "NT1": ["present"] * 6}
    assert responses(course, options={"pr_persistence": "after_confirmed_pr"}) == ["PR"] * 5
    assert responses(course) == ["PR", "PR", "SD", "SD", "SD"]  # arithmetic alone


def test_a_target_node_reappears_only_at_10_mm(responses) -> None:
    assert responses({"T1": [18, 8, 9.5]}, nodes=["T1"]) == ["CR", "CR"]
    assert responses({"T1": [18, 8, 10]}, nodes=["T1"]) == ["CR", "PD"]


def test_a_new_node_of_11_mm_as_only_sign_is_not_progression_yet(responses) -> None:
    assert responses({"T1": [30, 30], "N1": [None, 11]}, nodes=["N1"]) == ["SD"]


def test_a_target_that_disappears_and_returns_enters_the_sum_when_there_was_no_overall_complete_response(
    responses,
) -> None:
    course = {"T1": [30, 0, 6], "T2": [70, 60, 60]}  # 90, then 66 against a nadir of 60
    assert responses(course) == ["PR", "PR"]


def test_a_lesion_that_returns_after_a_definite_complete_response_is_progression(responses) -> None:
    assert responses({"T1": [30, 0, 6]}) == ["CR", "PD"]


def test_two_targets_at_most_in_paired_organs(course) -> None:
    rows = course({"T1": [30], "T2": [30], "T3": [30]})
    rows["site"] = ["left lung", "right lung", "left lung"]
    assert "too_many_targets_in_organ" in set(score(rows).problems["code"])


def test_all_lymph_nodes_count_as_one_organ(course) -> None:
    rows = course({"T1": [20], "T2": [20], "T3": [20]}, nodes=["T1", "T2", "T3"])
    rows["site"] = ["mediastinal", "axillary", "inguinal"]
    assert "too_many_targets_in_organ" in set(score(rows).problems["code"])
    assert "too_many_targets_in_organ" not in set(score(rows, options={"node_organs": "by_site"}).problems["code"])


def test_a_target_resected_on_study_leaves_the_visit_not_evaluable_unless_the_rest_progresses(responses) -> None:
    course = {"T1": [30, "not_evaluable", "not_evaluable"], "T2": [40, 30, 90]}
    assert responses(course) == ["NE", "PD"]  # 90 against 70: 28 % above although T1 is gone from the sum


def test_a_lesion_measured_at_3_mm_counts_3_mm(responses) -> None:
    assert responses({"T1": [30, 3]}, "sum_mm") == [3]
    assert responses({"T1": [30, "too_small"]}, "sum_mm") == [5]


def test_a_visit_without_imaging_is_not_evaluable(responses) -> None:
    assert responses({"T1": [30, "not_done"], "NT1": ["present", "not_done"]}) == ["NE"]
