"""What is said of target lesions: each size, the sum, and every condition with its numbers. Numbers are by hand."""

import pandas as pd
import pytest


def test_each_lesion_and_the_sum_are_named_with_their_sizes(told) -> None:
    said = told({"T1": (30, 20.5), "T2": (20, 14)})
    assert "T1 (site of T1): 20.5 mm." in said["week 8"]
    assert "Sum of the 2 target lesions: 20.5 + 14 = 34.5 mm." in said["week 8"]
    assert "Sum of the 2 target lesions: 30 + 20 = 50 mm." in said["baseline"]


def test_exactly_20_percent_and_5_mm_over_the_nadir_are_both_met(told) -> None:
    said = told({"T1": (50, 25, 30)})["week 16"]  # 30 - 25 = 5 mm, 5 / 25 = 20 %
    assert "25 mm at week 8 (2020-02-26)" in said
    assert "Found +5 mm against at least +5 mm: met; exactly +20 % against at least +20 %: met." in said
    assert "The smallest sum that is progression is 30 mm; the sum is 30 mm." in said
    assert "Target response: PD, because progression since the nadir comes before a response since baseline." in said


def test_a_hundredth_below_20_percent_is_not_rounded_up_to_it(told) -> None:
    said = told({"T1": (100, 119.99)})["week 8"]  # 19.99 % < 20 %; one decimal would read 20.0
    assert "+19.99 % against at least +20 %: not met" in said
    assert "Target response: SD, because neither CR nor PD nor PR is met." in said


def test_20_percent_without_5_mm_is_no_progression_and_the_limit_is_named(told) -> None:
    said = told({"T1": (10, 14)}, nodes=())["week 8"]  # +4 mm, +40 %; 10 + 5 = 15 mm
    assert "Found +4 mm against at least +5 mm: not met; +40 % against at least +20 %: met." in said
    assert "The smallest sum that is progression is 15 mm; the sum is 14 mm." in said


def test_exactly_30_percent_below_baseline_is_a_partial_response(told) -> None:
    said = told({"T1": (14, 9.8)})["week 8"]  # 14 - 9.8 = 4.2 = 30 % of 14
    assert "baseline sum of 14 mm at baseline (2020-01-01). Found −4.2 mm, exactly −30 %: met." in said
    assert "The largest sum that is one is 9.8 mm; the sum is 9.8 mm." in said
    assert "Target response: PR." in said


def test_29_96_percent_does_not_read_as_30_percent(told) -> None:
    said = told({"T1": (100, 70.04)})["week 8"]
    assert "Found −29.96 mm, −29.96 %: not met." in said


@pytest.mark.parametrize(("size", "says"), [(70.004, "exactly −30 %: met"), (70.01, "−29.99 %: not met")])
def test_hundredths_decide_as_they_were_scored(told, size: float, says: str) -> None:
    assert says in told({"T1": (100, size)})["week 8"]


def test_rounding_to_one_decimal_by_option_shows_both_numbers(told) -> None:
    said = told({"T1": (100, 70.04)}, {"threshold_rounding": "1dp"})
    assert "−29.96 %, rounded to −30.0 %: met" in said["week 8"]
    assert "Target response: PR." in said["week 8"]
    assert (
        "Option threshold_rounding = 1dp (default none). With the default at week 8 the overall response would be SD"
        in (said["Options"])
    )


def test_a_lesion_too_small_to_measure_counts_the_default_of_5_mm(told) -> None:
    said = told({"T1": (12, "too_small"), "T2": (20, 20)})["week 8"]
    assert "T1 (site of T1): present but too small to measure, so the default of 5 mm counts." in said
    assert "5 + 20 = 25 mm" in said


def test_nodes_of_normal_size_make_a_complete_response_with_a_sum_above_zero(told) -> None:
    said = told({"T1": (18, 8), "T2": (20, "absent")}, nodes=("T1",))["week 8"]
    assert "T1 (site of T1, short axis): 8 mm, of normal size (below 10 mm)." in said
    assert "T2 (site of T2): absent, 0 mm." in said
    assert "met; the sum is that of nodes of normal size (T1 8 mm)" in said
    assert "Target response: CR." in said


def test_growth_of_normal_nodes_names_the_option_that_decides(told) -> None:
    said = told({"T1": (18, 4, 9.5)}, nodes=("T1",))["week 16"]  # 4 -> 9.5: +5.5 mm, +137.5 %
    assert "+5.5 mm against at least +5 mm: met; +137.5 % against at least +20 %: met" in said
    assert "the option small_node_growth = cr decides, and a reader should look again" in said


def test_a_lesion_not_evaluated_is_named_with_its_reason_and_the_sum_is_a_lower_bound(told) -> None:
    said = told({"T1": (50, 45), "T2": (30, "not_evaluable")})["week 8"]
    assert (
        "T2 (site of T2): not evaluated (not evaluable); it adds nothing to the sum, which does not mean 0 mm." in said
    )
    assert "Partial sum: 45 mm. Without a value: T2. The true sum is this or more." in said
    assert "With T2 the sum could be larger, so a response or stable disease cannot be told" in said
    assert "A partial response needs" not in said
    assert "Target response: NE." in said


def test_a_partial_sum_that_already_grew_enough_is_progression(told) -> None:
    said = told({"T1": (50, 30, 70), "T2": (30, 20, "not_done")})["week 16"]  # nadir 50; 70 - 50 = 20 mm, 40 %
    assert "50 mm at week 8 (2020-02-26)" in said
    assert "Found in the partial sum: +20 mm against at least +5 mm: met; +40 % against at least +20 %: met." in said
    assert "What was measured already reaches progression; T2 could only add to it." in said
    assert "Target response: PD." in said


def test_a_partial_sum_without_progression_by_option_says_so(told) -> None:
    said = told({"T1": (50, 30, 70), "T2": (30, 20, "not_done")}, {"partial_pd": False})
    assert "by the option partial_pd = false none is called without T2" in said["week 16"]
    assert "at week 16 the overall response would be PD instead of NE" in said["Options"]


def test_a_target_without_a_row_is_missed(told) -> None:
    said = told({"T1": (50, 50), "T2": (30, None)})["week 8"]
    assert "T2: no row for this time point, so nothing is known of it" in said
    assert "Without a value: T2." in said


def test_no_lesion_with_a_value_is_no_sum_of_zero(told) -> None:
    said = told({"T1": (50, "not_done"), "T2": (30, "not_done")})["week 8"]
    assert "None of the 2 target lesions has a value, so there is no sum; it is not 0 mm." in said
    assert "Target response: NE." in said


def test_growth_from_nothing_counts_millimetres_alone(told) -> None:
    said = told({"T1": (20, "absent", 6), "NT1": ("present", "present", "present")})["week 16"]
    assert "0 mm at week 8 (2020-02-26)" in said
    assert "+6 mm against at least +5 mm: met" in said
    assert "The smallest sum that is progression is 5 mm" in said


@pytest.mark.parametrize("criteria", ["recist-1.1", "recist-1.0"])
def test_nothing_after_nothing_is_no_increase(told, criteria: str) -> None:
    said = told({"T1": (20, "absent", "absent")}, criteria=criteria)["week 16"]  # 0 mm after 0 mm
    assert "0 mm at week 8 (2020-02-26). Found no increase: not met." in said
    assert "against" not in said
    assert "nodes grew" not in said
    assert "Target response: CR." in said


def test_without_a_least_increase_the_smallest_progression_after_nothing_is_above_0_mm(told) -> None:
    said = told({"T1": (20, "absent", "absent")}, criteria="recist-1.0")["week 16"]
    assert "The smallest sum that is progression is 0.01 mm; the sum is 0 mm." in said  # sizes are in hundredths


def test_a_partial_sum_of_nothing_after_nothing_reaches_no_progression(told) -> None:
    lesions = {"T1": (20, "absent", "absent"), "T2": (15, "absent", "not_done")}
    said = told(lesions, criteria="recist-1.0")["week 16"]
    assert "Found in the partial sum: no increase: not met." in said
    assert "already reaches progression" not in said
    assert "what was measured does not reach progression" in said
    assert "Target response: NE." in said


def rows_of_parts() -> pd.DataFrame:
    lines = [
        ("baseline", "2024-01-01", "T1", "30", "", ""),
        ("baseline", "2024-01-01", "T2", "20", "", ""),
        ("week 8", "2024-02-26", "T1", "12", "a", ""),
        ("week 8", "2024-02-26", "T1", "9.5", "b", ""),
        ("week 8", "2024-02-26", "T2", "18", "", ""),
        ("week 16", "2024-04-22", "T1", "41", "", "T2"),
    ]
    rows = pd.DataFrame(lines, columns=["timepoint", "date", "lesion", "diameter_mm", "part", "covers"])
    return rows.assign(subject="S1", role="target", state="measured", site="liver")


def test_the_parts_of_a_split_lesion_are_added(told_rows) -> None:
    said = told_rows(rows_of_parts())["week 8"]
    assert "T1 (liver): split into 2 parts, which are added: part a 12 mm and part b 9.5 mm, together 21.5 mm." in said
    assert "12 + 9.5 + 18 = 39.5 mm" in said


def test_merged_lesions_count_once_and_the_sum_is_complete(told_rows) -> None:
    said = told_rows(rows_of_parts())["week 16"]
    assert "T1 (liver): 41 mm, one mass with T2; the value counts once." in said
    assert "T2: its value is that of T1, with which it merged." in said
    assert "Sum of the 2 target lesions: 41 mm." in said
    assert "Found +1.5 mm against at least +5 mm: not met; +3.8 % against at least +20 %: not met." in said  # 1.5/39.5


def test_rounding_on_entry_names_the_size_that_was_given(told) -> None:
    said = told({"T1": (30, 20.55)}, {"measurement_rounding": "0.1"})["week 8"]
    assert "T1 (site of T1): 20.6 mm (20.55 mm were given)." in said


def test_pr_that_persists_by_option_names_the_option(told) -> None:
    said = told({"T1": (100, 70, 70, 80)}, {"pr_persistence": "after_pr"})
    assert "which is SD by its numbers and stays PR by the option pr_persistence = after_pr" in said["week 24"]
    assert "at week 24 the overall response would be SD instead of PR" in said["Options"]


def test_targets_without_disease_at_baseline_are_told_why_they_cannot_respond(told) -> None:
    said = told({"T1": (9, 4)}, nodes=("T1",))["week 8"]
    assert "Target response: NE, because no target showed disease at baseline" in said
    assert "Also noted" not in said
