"""Courses of visits by iRECIST: what confirms an iUPD, what ends it, and what the next one is compared with."""

import pytest

PRESENT, PD, GONE = "present", "unequivocal_pd", "absent"


@pytest.mark.parametrize(
    ("lesions", "expected"),
    [
        # nadir 60: 75 is 15 mm and 25 % more; 79.9 is 19.9 mm above the nadir and 4.9 mm above the iUPD
        ({"T1": [100, 60, 75, 79.9]}, ["iPR", "iUPD", "iUPD"]),
        ({"T1": [100, 60, 75, 80]}, ["iPR", "iUPD", "iCPD"]),  # no 20 % is needed over the iUPD
        ({"T1": [100, 120, 124, 126]}, ["iUPD", "iUPD", "iCPD"]),  # 4 mm and then 2 mm add up
        ({"T1": [100, 130, 126, 131, 135]}, ["iUPD", "iUPD", "iUPD", "iCPD"]),  # the iUPD, not the visit before
    ],
)
def test_a_confirming_increase_is_measured_from_the_iupd(words, lesions, expected) -> None:
    assert words(lesions) == expected


def test_increases_of_new_lesions_add_up_from_visit_to_visit(words) -> None:
    # EORTC, "How do new lesions define progression?": 4 mm, then 2 mm more
    assert words({"T1": [50] * 4, "N1": [None, 12, 16, 18]}) == ["iUPD", "iUPD", "iCPD"]


class TestBarReset:
    def test_a_response_ends_the_iupd_and_the_next_progression_is_unconfirmed_again(self, immune) -> None:
        # 130 is iUPD; 100 is iSD; 119.9 is 19.9 % above the nadir of 100; 120 is a new iUPD, 125 confirms that one
        result = immune({"T1": [100, 130, 100, 119.9, 120, 125]})
        assert result.responses["overall_response"].tolist() == ["iUPD", "iSD", "iSD", "iUPD", "iCPD"]
        assert "bar_reset" in result.responses["reasons"].iloc[1].split("|")
        best = result.best_responses.iloc[0]
        assert str(best["progression_date"].date()) == "2020-08-12"  # day 224, the second iUPD
        assert str(best["progression_confirmed_date"].date()) == "2020-10-07"  # day 280
        assert (best["pfs_days"], best["pfs_event"]) == (225, True)
        assert str(best["progression_date_recist_1_1"].date()) == "2020-02-26"  # day 56

    def test_the_nadir_stays_the_smallest_sum_of_all(self, words) -> None:
        # nadir 50 before the first iUPD: 60 is 20 % above it, though the targets are still in partial response
        assert words({"T1": [100, 50, 62, 55, 60]}) == ["iPR", "iUPD", "iPR", "iUPD"]

    def test_shrinkage_that_is_still_progression_by_the_nadir_is_no_response(self, words) -> None:
        # 100, 40, 52 (iUPD), 50: half of baseline, but 10 mm and 25 % above the nadir of 40
        assert words({"T1": [100, 40, 52, 50]}) == ["iPR", "iUPD", "iUPD"]

    def test_a_known_new_lesion_that_stays_is_no_progression_after_the_reset(self, words) -> None:
        lesions = {"T1": [100, 90, 60, 60, 60], "N1": [None, 12, 12, 12, 12]}
        assert words(lesions) == ["iUPD", "iPR", "iPR", "iPR"]

    def test_a_further_new_lesion_is_a_new_iupd_after_the_reset(self, words) -> None:
        lesions = {"T1": [100, 90, 60, 60, 60], "N1": [None, 12, 12, 12, 12], "N2": [None, None, None, 12, 12]}
        assert words(lesions) == ["iUPD", "iPR", "iUPD", "iUPD"]

    @pytest.mark.parametrize(("size", "expected"), [(24.9, "iPR"), (25, "iUPD")])
    def test_known_new_targets_progress_by_a_fifth_and_5_mm_after_the_reset(self, words, size, expected) -> None:
        assert words({"T1": [100, 90, 60, 60], "N1": [None, 20, 20, size]}) == ["iUPD", "iPR", expected]

    def test_known_new_targets_progress_from_their_own_nadir(self, words) -> None:
        # 30, then 20: 25 is 5 mm and a quarter above 20
        assert words({"T1": [100, 90, 60, 60], "N1": [None, 30, 20, 25]}) == ["iUPD", "iPR", "iUPD"]

    def test_a_known_new_non_target_progresses_when_the_reader_says_unequivocally(self, words) -> None:
        new = [None, "unequivocal", "unequivocal", "increased", PD]
        assert words({"T1": [100, 90, 60, 60, 60], "N1": new}) == ["iUPD", "iPR", "iPR", "iUPD"]


class TestNewLesionsThatStay:
    """EORTC, "Assigning response after the appearance of new lesions": scenarios B and F."""

    def test_scenario_b_the_targets_shrink_after_the_new_lesion(self, words) -> None:
        lesions = {"T1": [100, 90, 60, 60], "N1": [None, 12, 12, 12]}
        assert words(lesions) == ["iUPD", "iPR", "iPR"]
        assert ["new_lesion_stays" in codes.split("|") for codes in words(lesions, "reasons")] == [False, True, True]

    def test_scenario_f_the_response_came_before_the_new_lesion_and_nothing_changes(self, words) -> None:
        assert words({"T1": [100, 60, 60, 60], "N1": [None, None, 12, 12]}) == ["iPR", "iUPD", "iUPD"]

    def test_stable_targets_that_shrank_after_the_new_lesion_are_isd(self, words) -> None:
        assert words({"T1": [100, 100, 95], "N1": [None, 12, 12]}) == ["iUPD", "iSD"]

    def test_with_the_option_a_better_response_of_the_targets_is_needed(self, words) -> None:
        option = {"shrinkage_after_iupd": "better_response"}
        assert words({"T1": [100, 100, 95], "N1": [None, 12, 12]}, options=option) == ["iUPD", "iUPD"]
        assert words({"T1": [100, 80, 70], "N1": [None, 12, 12]}, options=option) == ["iUPD", "iPR"]
        assert words({"T1": [100, 70, 60], "N1": [None, 12, 12]}, options=option) == ["iUPD", "iUPD"]

    def test_icr_needs_all_new_lesions_gone(self, words) -> None:
        lesions = {"T1": [50, 30, 0, 0], "N1": [None, 12, 12, GONE]}
        assert words(lesions) == ["iUPD", "iPR", "iCR"]

    def test_when_the_new_lesion_is_gone_the_iupd_is_over(self, words) -> None:
        assert words({"T1": [100, 100, 100], "N1": [None, 12, GONE]}) == ["iUPD", "iSD"]

    def test_a_new_node_of_normal_size_is_gone(self, words) -> None:
        assert words({"T1": [50, 50, 50], "N1": [None, 16, 9.9]}, nodes=["N1"]) == ["iUPD", "iSD"]

    def test_a_new_node_known_before_is_still_there_at_12_mm(self, words) -> None:
        assert words({"T1": [50, 50, 50], "N1": [None, 16, 12]}, nodes=["N1"]) == ["iUPD", "iUPD"]


class TestWhatWasNotEvaluated:
    def test_targets_not_evaluated_leave_the_iupd_waiting(self, words) -> None:
        lesions = {"T1": [100, 130, "not_evaluable", 135]}
        assert words(lesions) == ["iUPD", "NE", "iCPD"]
        assert "late_confirmation" in words(lesions, "reasons")[2].split("|")

    def test_a_new_lesion_without_a_row_is_not_gone(self, words) -> None:
        assert words({"T1": [50, 50, 50], "N1": [None, 12, None]}) == ["iUPD", "NE"]

    def test_a_new_lesion_not_evaluated_is_not_gone(self, words) -> None:
        lesions = {"T1": [50, 50, 50, 50], "N1": [None, 12, "not_evaluable", 17]}
        assert words(lesions) == ["iUPD", "NE", "iCPD"]

    def test_a_new_lesion_once_gone_needs_no_further_row(self, words) -> None:
        assert words({"T1": [50, 50, 50, 0], "N1": [None, 12, GONE, None]}) == ["iUPD", "iSD", "iCR"]

    def test_complete_targets_with_a_new_lesion_not_looked_at_are_no_icr(self, words) -> None:
        assert words({"T1": [50, 40, 0], "N1": [None, 12, None]}) == ["iUPD", "iPR"]

    def test_non_targets_that_made_the_iupd_and_were_not_evaluated(self, words) -> None:
        lesions = {"T1": [50, 50, 40], "NT1": [PRESENT, PD, "not_evaluable"]}
        assert words(lesions) == ["iUPD", "NE"]

    def test_a_partial_sum_confirms_when_what_is_there_is_5_mm_more(self, words) -> None:
        lesions = {"T1": [50, 70, 90], "T2": [10, 10, "not_evaluable"]}  # 60, 80, at least 90
        assert words(lesions) == ["iUPD", "iCPD"]
        assert words(lesions, options={"partial_pd": False}) == ["iUPD", "NE"]

    def test_after_a_partial_iupd_only_lesions_known_then_are_compared(self, words) -> None:
        # 60, then 70 without T2 (20 % above): T2 at 10 makes 80, but T1 did not grow
        lesions = {"T1": [50, 72, 72, 77], "T2": [10, "not_evaluable", 10, 10]}
        assert words(lesions) == ["iUPD", "iUPD", "iCPD"]


class TestAfterCompleteResponse:
    def test_any_reappearance_is_an_iupd(self, words) -> None:
        lesions = {"T1": [30, 0, 3, 3, 8]}
        assert words(lesions) == ["iCR", "iUPD", "iUPD", "iCPD"]
        assert words(lesions, "overall_response_recist_1_1") == ["CR", "PD", "PD", "PD"]

    def test_a_non_target_that_comes_back_is_an_iupd(self, words) -> None:
        lesions = {"T1": [30, 0, 0, 0], "NT1": [PRESENT, GONE, PRESENT, PRESENT]}
        assert words(lesions) == ["iCR", "iUPD", "iUPD"]

    def test_a_second_category_that_comes_back_confirms(self, words) -> None:
        lesions = {"T1": [30, 0, 3, 3], "NT1": [PRESENT, GONE, GONE, PRESENT]}
        assert words(lesions) == ["iCR", "iUPD", "iCPD"]

    def test_a_new_lesion_that_comes_back_is_an_iupd_again(self, words) -> None:
        lesions = {"T1": [30, 20, 0, 0, 0], "N1": [None, 12, GONE, 12, 12]}
        assert words(lesions) == ["iUPD", "iCR", "iUPD", "iUPD"]

    def test_what_came_back_and_is_gone_again_is_an_icr(self, words) -> None:
        assert words({"T1": [30, 0, 3, 0, 3]}) == ["iCR", "iUPD", "iCR", "iUPD"]

    def test_a_target_node_comes_back_only_at_10_mm(self, words) -> None:
        lesions = {"T1": [20, 8, 9.9, 10]}
        assert words(lesions, nodes=["T1"]) == ["iCR", "iCR", "iUPD"]

    def test_with_the_option_responses_stay_as_they_are(self, words) -> None:
        assert words({"T1": [30, 0, 3]}, options={"post_cr": "as_is"}) == ["iCR", "iPR"]
        assert words({"T1": [30, 0, 3]}, options={"post_cr": "recode_pr"}) == ["iPR", "iPR"]


class TestAfterConfirmation:
    def test_what_was_confirmed_stays_confirmed(self, words) -> None:
        assert words({"T1": [100, 130, 140, 131]}) == ["iUPD", "iCPD", "iCPD"]

    def test_a_response_after_it_is_listed_and_counts_for_nothing(self, immune) -> None:
        result = immune({"T1": [100, 130, 140, 50]})
        assert result.responses["overall_response"].tolist() == ["iUPD", "iCPD", "iPR"]
        assert result.responses["after_progression"].tolist() == [False, False, True]
        assert result.best_responses["best_response"].tolist() == ["iCPD"]


class TestWithoutTargets:
    def test_non_target_disease_only(self, words) -> None:
        assert words({"NT1": [PRESENT, PRESENT, PD, "increased"]}) == ["NON-iCR/NON-iUPD", "iUPD", "iCPD"]
        assert words({"NT1": [PRESENT, GONE]}) == ["iCR"]

    def test_non_target_disease_that_recedes(self, words) -> None:
        assert words({"NT1": [PRESENT, PD, PRESENT]}) == ["iUPD", "NON-iCR/NON-iUPD"]

    def test_increased_alone_is_no_progression(self, words) -> None:
        assert words({"T1": [50, 50], "NT1": [PRESENT, "increased"]}) == ["iSD"]


class TestEquivocalNewLesions:
    def test_an_equivocal_lesion_is_no_iupd_yet(self, words) -> None:
        assert words({"T1": [50, 50], "N1": [None, "equivocal"]}) == ["iSD"]

    def test_one_that_proves_real_dates_the_iupd_back_and_being_certain_confirms_nothing(self, words) -> None:
        lesions = {"T1": [50] * 4, "N1": [None, "equivocal", "unequivocal", "increased"]}
        assert words(lesions) == ["iUPD", "iUPD", "iCPD"]
        assert words(lesions, "overall_response_as_read") == ["iSD", "iUPD", "iCPD"]

    def test_a_new_node_of_12_mm_as_the_only_sign_is_looked_at_again(self, words) -> None:
        lesions = {"T1": [50] * 3, "N1": [None, 12, 15]}
        assert words(lesions, "overall_response_as_read", nodes=["N1"]) == ["iSD", "iUPD"]
        # in the end the iUPD is dated back to 12 mm; 15 mm is 3 mm more
        assert words(lesions, nodes=["N1"]) == ["iUPD", "iUPD"]


def test_two_readers_are_never_mixed(immune, course) -> None:
    import pandas as pd

    from recist.response import score

    first = course({"T1": [100, 130, 135]}, reader="R1")
    second = course({"T1": [100, 130, 100]}, reader="R2")
    table = score(pd.concat([first, second]), criteria="irecist").responses
    assert table[table["reader"] == "R1"]["overall_response"].tolist() == ["iUPD", "iCPD"]
    assert table[table["reader"] == "R2"]["overall_response"].tolist() == ["iUPD", "iSD"]


def test_the_course_before_says_nothing_of_the_next_subject(course) -> None:
    import pandas as pd

    from recist.response import score

    first = course({"T1": [100, 130], "N1": [None, 12]}, subject="S1")
    second = course({"T1": [100, 100, 100], "N1": [None, 12, 12]}, subject="S2")
    table = score(pd.concat([first, second]), criteria="irecist").responses
    assert table[table["subject"] == "S2"]["overall_response"].tolist() == ["iUPD", "iUPD"]
