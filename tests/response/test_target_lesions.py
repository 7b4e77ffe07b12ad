"""Response of target lesions: sums, nadir and thresholds (RECIST 1.1 §4.3.1, §4.3.2). Sums are added by hand."""

import pandas as pd
import pytest

from recist.response import score


@pytest.mark.parametrize(
    ("sizes", "expected"),
    [
        ([100, 70], ["PR"]),  # 30 of 100 is 30 % exactly
        ([100, 70.01], ["SD"]),
        ([100, 69.99], ["PR"]),
        ([14, 9.8], ["PR"]),  # 4.2 of 14; in floating point 29.999999999999993 %
        ([91.3, 63.91], ["PR"]),  # 27.39 of 91.3
        ([91.3, 63.92], ["SD"]),
        ([99.9, 69.93], ["PR"]),  # 29.97 of 99.9
    ],
)
def test_a_decrease_of_exactly_30_percent_from_baseline_is_partial_response(sizes, expected, responses) -> None:
    assert responses({"T1": sizes}, "target_response") == expected


@pytest.mark.parametrize(
    ("sizes", "expected"),
    [
        ([25, 30], ["PD"]),  # 5 mm exactly and 20 % exactly
        ([25, 29.99], ["SD"]),  # 4.99 mm
        ([24.95, 29.94], ["SD"]),  # 4.99 mm although 20 % exactly
        ([26, 31.1], ["SD"]),  # 5.1 mm but 19.6 %
        ([26, 31.2], ["PD"]),  # 5.2 of 26 is 20 % exactly
        ([50, 60], ["PD"]),  # in floating point 60 / 50 - 1 is 0.19999999999999996
        ([50, 59.99], ["SD"]),
        ([45.1, 54.12], ["PD"]),  # 9.02 of 45.1
        ([10, 14.99], ["SD"]),  # 50 % but 4.99 mm
        ([10, 15], ["PD"]),
    ],
)
def test_progression_needs_20_percent_and_5_mm_both_inclusive(sizes, expected, responses) -> None:
    assert responses({"T1": sizes}, "target_response") == expected


def test_progression_is_measured_from_the_nadir_and_not_from_baseline(responses) -> None:
    assert responses({"T1": [100, 60, 40, 50]}) == ["PR", "PR", "PD"]  # 50 is half of baseline and 25 % above 40


def test_the_baseline_sum_may_be_the_nadir(responses) -> None:
    assert responses({"T1": [50, 55, 60]}) == ["SD", "PD"]  # 60 is 20 % above 50, not above 55


def test_progression_comes_before_partial_response(responses) -> None:
    assert responses({"T1": [100, 40, 50]}) == ["PR", "PD"]


def test_nadir_column_is_the_smallest_sum_of_the_visits_before(scored) -> None:
    table = scored({"T1": [50, 40, 45, 30, 31]}).responses
    assert table["nadir_mm"].tolist() == [50, 40, 40, 30]
    assert table["change_from_nadir_mm"].tolist() == [-10, 5, -10, 1]
    assert table["change_from_baseline_pct"].tolist() == [-20, -10, -40, -38]
    assert table["change_from_nadir_pct"].tolist() == [-20, 12.5, -25, 3.33]


def test_the_sum_is_long_axes_of_lesions_and_short_axes_of_nodes(course) -> None:
    rows = course({"T1": [40, 30], "T2": [20, 12]}, nodes=["T2"]).assign(diameter_mm="")
    rows["long_axis_mm"] = ["40.4", "30.3", "33.0", "22.0"]
    rows["short_axis_mm"] = ["31.0", "25.0", "20.2", "12.1"]
    table = score(rows).responses
    assert table["baseline_sum_mm"].tolist() == [60.6]
    assert table["sum_mm"].tolist() == [42.4]


def test_a_given_diameter_comes_before_the_axes(course) -> None:
    rows = course({"T1": [40, 30]}).assign(long_axis_mm="99", short_axis_mm="88")
    assert score(rows).responses["sum_mm"].tolist() == [30]


def test_complete_response_needs_every_lesion_gone(responses) -> None:
    assert responses({"T1": [40, "absent"], "T2": [20, 0.5]}) == ["PR"]
    assert responses({"T1": [40, "absent"], "T2": [20, 0]}) == ["CR"]


def test_all_target_nodes_below_10_mm_give_complete_response(scored) -> None:
    result = scored({"T1": [40, "absent"], "T2": [20, 9.99]}, nodes=["T2"]).responses
    assert result["target_response"].tolist() == ["CR"]
    assert result["sum_mm"].tolist() == [9.99]


def test_a_target_node_of_exactly_10_mm_is_not_normal(responses) -> None:
    assert responses({"T1": [40, "absent"], "T2": [20, 10]}, nodes=["T2"]) == ["PR"]


def test_a_missing_lesion_is_never_zero(responses) -> None:
    assert responses({"T1": [40, 40], "T2": [30, None]}) == ["NE"]  # 40 of 70 would be PR
    assert responses({"T1": [40, 0], "T2": [30, "not_evaluable"]}) == ["NE"]
    assert responses({"T1": [40, "not_done"], "T2": [30, "not_done"]}) == ["NE"]


def test_a_sum_with_a_lesion_missing_may_already_be_progression(scored) -> None:
    table = scored({"T1": [30, 61], "T2": [20, "not_evaluable"]}).responses  # 61 alone is 22 % above 50
    assert table["overall_response"].tolist() == ["PD"]
    assert table["reasons"].tolist() == ["target_pd|partial_sum"]
    assert table["sum_complete"].tolist() == [False]


def test_the_published_pilot_subject_with_four_of_five_lesions_is_progression(responses) -> None:
    lesions = {f"T{number}": [18.2, 27.5] for number in range(1, 5)} | {"T5": [18.2, None]}
    assert responses(lesions) == ["PD"]  # baseline and nadir 91, four lesions 110: 20.9 % more
    assert responses(lesions, options={"partial_pd": False}) == ["NE"]


def test_a_partial_sum_never_becomes_the_nadir(responses) -> None:
    course = {"T1": [50, 20, 50], "T2": [30, "not_evaluable", 30]}
    assert responses(course) == ["NE", "SD"]
    assert responses(course, options={"nadir_partial": True}) == ["NE", "PD"]


def test_a_complete_sum_counts_for_the_nadir_although_the_visit_was_not_evaluable_for_other_reasons(responses) -> None:
    course = {"T1": [50, 30, 40], "NT1": ["present", "not_evaluable", "present"]}
    assert responses(course) == ["PR", "PD"]  # 40 is 33 % above 30


def test_a_target_without_a_value_at_baseline_leaves_no_sum_to_compare_with(scored) -> None:
    result = scored({"T1": [50, 30], "T2": ["not_evaluable", 20]})
    assert result.responses["overall_response"].tolist() == ["NE"]
    assert "no_baseline_value" in set(result.problems["code"])
    assert result.responses["baseline_sum_mm"].isna().all()


def test_a_lesion_too_small_to_measure_counts_5_mm(scored) -> None:
    table = scored({"T1": [40, "too_small"], "T2": [20, 12]}).responses
    assert table["sum_mm"].tolist() == [17]
    assert table["reasons"].tolist() == ["target_pr|default_size"]


def test_a_size_given_for_a_lesion_too_small_to_measure_is_no_default_size(course) -> None:
    rows = course({"T1": [30, 25]})
    rows.loc[1, ["state", "diameter_mm"]] = ["too_small", "4.2"]
    responses = score(rows).responses
    assert responses["sum_mm"].tolist() == [4.2]
    assert responses["reasons"].tolist() == ["target_pr"]


def test_a_lesion_measured_below_5_mm_counts_its_real_size(scored) -> None:
    assert scored({"T1": [40, 3]}).responses["sum_mm"].tolist() == [3]


def test_a_real_size_is_kept_although_the_lesion_is_called_too_small(course) -> None:
    rows = course({"T1": [40, 3]})
    rows.loc[1, "state"] = "too_small"
    assert score(rows).responses["sum_mm"].tolist() == [3]


def test_from_a_nadir_of_zero_only_the_5_mm_count(responses) -> None:
    course = {"T1": [40, 0, 4.99], "NT1": ["present"] * 3}  # non-target disease stays: never an overall CR
    assert responses(course) == ["PR", "PR"]
    assert responses(course | {"T1": [40, 0, 5]}) == ["PR", "PD"]


def test_nodes_growing_within_normal_size_stay_complete_response(scored) -> None:
    lesions = {"T1": [20, 4, 9.5], "T2": [20, 4, 4]}
    result = scored(lesions, nodes=["T1", "T2"])  # 8 -> 13.5 mm is PD by numbers
    assert result.responses["overall_response"].tolist() == ["CR", "CR"]
    assert "small_node_growth" in result.responses["reasons"][1]
    assert "small_node_growth" in set(result.problems["code"])
    strict = scored(lesions, {"small_node_growth": "pd"}, nodes=["T1", "T2"])
    assert strict.responses["overall_response"].tolist() == ["CR", "PD"]


def test_visits_are_ordered_by_date_and_not_by_name(course) -> None:
    rows = course({"T1": [50, 30, 40]})
    rows["timepoint"] = ["baseline", "visit 9.3", "visit 9.2"]
    table = score(rows).responses
    assert table["timepoint"].tolist() == ["visit 9.3", "visit 9.2"]
    assert table["overall_response"].tolist() == ["PR", "PD"]


def test_without_the_word_baseline_the_first_scan_is_the_baseline(course) -> None:
    rows = course({"T1": [50, 30]})
    rows["timepoint"] = ["screening", "week 8"]
    assert score(rows).responses["overall_response"].tolist() == ["PR"]


def test_readers_are_never_mixed(course) -> None:
    rows = pd.concat(
        [course({"T1": [50, 30, 36]}, reader="R1"), course({"T1": [50, 40, 36]}, reader="R2")], ignore_index=True
    )
    table = score(rows).responses
    assert table[table["reader"] == "R1"]["overall_response"].tolist() == ["PR", "PD"]  # 36 is 20 % above 30
    assert table[table["reader"] == "R2"]["overall_response"].tolist() == ["SD", "SD"]


def test_the_axis_may_turn_between_visits(course) -> None:
    rows = course({"T1": [50, 30]}).assign(x1=["1", "9"], y1=["2", "8"])  # other columns are of no concern
    assert score(rows).responses["sum_mm"].tolist() == [30]


class TestSplitAndMergedLesions:
    """RECIST 1.1 §4.3.2, lesions that split or coalesce."""

    def test_fragments_of_a_split_lesion_are_added(self, course) -> None:
        rows = course({"T1": [50, 20], "T2": [20, 20]}).assign(part="")
        fragment = rows.loc[[1]].assign(part="b", diameter_mm="12")
        rows.loc[1, "part"] = "a"
        table = score(pd.concat([rows, fragment], ignore_index=True)).responses
        assert table["sum_mm"].tolist() == [52]
        assert table["sum_complete"].tolist() == [True]
        assert "split_lesion" in table["reasons"][0]

    def test_a_split_lesion_with_a_fragment_not_evaluable_is_not_complete(self, course) -> None:
        rows = course({"T1": [50, 20]}).assign(part=["", "a"])
        fragment = rows.loc[[1]].assign(part="b", diameter_mm="", state="not_evaluable")
        assert score(pd.concat([rows, fragment])).responses["overall_response"].tolist() == ["NE"]

    @pytest.mark.parametrize("own_row", [None, "not_evaluable"])
    def test_the_value_of_a_merged_mass_covers_both_lesions(self, own_row, course) -> None:
        rows = course({"T1": [30, 45], "T2": [20, own_row], "T3": [25, 10]}).assign(covers="")
        rows.loc[1, "covers"] = "T2"
        table = score(rows).responses
        assert table["sum_mm"].tolist() == [55]
        assert table["overall_response"].tolist() == ["SD"]
        assert "merged_lesions" in table["reasons"][0]

    def test_fragments_do_not_stand_in_for_a_missing_lesion(self, course) -> None:
        rows = course({"T1": [30, 5], "T2": [20, None]}).assign(part="")
        rows.loc[1, "part"] = "a"
        fragment = rows.loc[[1]].assign(part="b")
        assert score(pd.concat([rows, fragment])).responses["target_response"].tolist() == ["NE"]

    def test_a_small_merged_mass_of_a_node_and_a_lesion_is_no_complete_response(self, course) -> None:
        rows = course({"T1": [20, 8], "T2": [30, None]}, nodes=["T1"]).assign(covers=["", "T2", ""])
        assert score(rows).responses["target_response"].tolist() == ["PR"]


def test_rounded_percentages_decide_only_by_option(responses) -> None:
    course = {"T1": [100, 70.04]}  # 29.96 % prints as 30.0 %
    assert responses(course) == ["SD"]
    assert responses(course, options={"threshold_rounding": "1dp"}) == ["PR"]
    assert responses({"T1": [50, 59.98]}, options={"threshold_rounding": "1dp"}) == ["PD"]  # 19.96 %
    assert responses({"T1": [50, 59.97]}, options={"threshold_rounding": "1dp"}) == ["SD"]  # 19.94 %


@pytest.mark.parametrize(
    ("persistence", "expected"),
    [
        ("none", ["PR", "PR", "SD", "SD"]),
        ("after_pr", ["PR", "PR", "PR", "PR"]),
        ("after_confirmed_pr", ["PR", "PR", "PR", "PR"]),
    ],
)
def test_partial_response_persists_only_by_option(persistence, expected, responses) -> None:
    assert responses({"T1": [100, 70, 70, 80, 80]}, options={"pr_persistence": persistence}) == expected


def test_an_unconfirmed_partial_response_persists_only_by_the_wider_option(responses) -> None:
    course = {"T1": [100, 70, 80, 80]}
    assert responses(course, options={"pr_persistence": "after_confirmed_pr"}) == ["PR", "SD", "SD"]
    assert responses(course, options={"pr_persistence": "after_pr"}) == ["PR", "PR", "PR"]


def test_a_persisting_partial_response_still_ends_with_progression(responses) -> None:
    course = {"T1": [100, 70, 70, 84]}
    assert responses(course, options={"pr_persistence": "after_pr"}) == ["PR", "PR", "PD"]


@pytest.mark.parametrize("sizes", [["absent", "absent", 3], [0, 0, 3], [9.99, 4, 9.99]])
def test_targets_without_disease_at_baseline_cannot_respond(sizes, scored) -> None:
    nodes = () if sizes[0] != 9.99 else ("T1",)
    result = scored({"T1": sizes, "NT1": ["present", "absent", "absent"]}, nodes=nodes)
    assert result.responses["target_response"].tolist() == ["NE", "NE"]
    assert result.responses["overall_response"].tolist() == ["NE", "NE"]
    assert set(result.responses["reasons"].str.split("|").str[-1]) == {"no_target_disease_at_baseline"}
    assert "target_not_measurable" in set(result.problems["code"])


def test_targets_without_disease_at_baseline_can_progress(responses) -> None:
    assert responses({"T1": ["absent", 4.99, 5]}) == ["NE", "PD"]  # from 0 mm, 5 mm are enough


def test_one_target_without_disease_leaves_the_others_to_respond(responses) -> None:
    assert responses({"T1": [0, 0], "T2": [20, 0]}) == ["CR"]
