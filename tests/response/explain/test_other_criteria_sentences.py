"""What is said under iRECIST, Choi criteria and RECIST 1.0. Numbers are by hand."""

import pandas as pd


def test_an_iupd_and_its_confirmation_are_told_with_the_increase_since(told) -> None:
    said = told({"T1": (50, 60, 66)}, criteria="irecist", days=(0, 56, 98))
    assert "By RECIST 1.1 the visit is PD." in said["week 8"]
    assert "The targets progress by RECIST 1.1: it is unconfirmed, iUPD, and waits for a later visit." in said["week 8"]
    assert "Overall response: iUPD" in said["week 8"]
    assert (
        "The sum of the targets is +6 mm against the iUPD of 2020-02-26; +5 mm or more confirms it." in said["week 14"]
    )
    assert "Overall response: iCPD" in said["week 14"]
    assert "Progression is dated 2020-02-26: the first iUPD of the run that was confirmed." in said["Best response"]


def test_an_iupd_that_improves_is_over(told) -> None:
    said = told({"T1": (50, 60, 50)}, criteria="irecist", days=(0, 56, 98))
    assert "The iUPD that waited is over and dropped" in said["week 14"]
    assert "By RECIST 1.1 alone: best response PD" in said["Best response"]


def test_new_lesions_have_a_sum_of_their_own(told) -> None:
    said = told({"T1": (50, 50), "N1": (None, 12)}, criteria="irecist")["week 8"]
    assert "Sum of the target lesion: 50 mm." in said
    assert "Sum of the measured new lesions: 12 mm, never added to that of the targets." in said


def test_the_search_of_irecist_names_its_own_responses(told) -> None:
    said = told({"T1": (100, 60, 60)}, criteria="irecist")["Best response"]
    assert "iCR, iPR, iSD at day 42 or later" in said
    assert "The iPR of week 8 (2020-02-26) is confirmed by the iPR of week 16 (2020-04-22), 56 days later." in said


def test_a_response_of_the_attenuation_is_told_with_both_values(told_rows) -> None:
    rows = pd.DataFrame(
        [
            ("baseline", "2024-01-01", 100, 60, 60),
            ("week 8", "2024-02-26", 95, 50, 60),  # 10 of 60 HU are 16.67 %
            ("week 16", "2024-04-22", 112, 58, 60),  # 2 of 60 HU; 112 is 17.9 % over 95
        ],
        columns=["timepoint", "date", "diameter_mm", "mean_hu", "phase"],
    ).assign(subject="S1", lesion="T1", role="target", state="measured")
    said = told_rows(rows, criteria="choi")
    assert (
        "50 HU after 60 HU at baseline, −16.67 %; a response of the attenuation is at least 15 % below"
        in said["week 8"]
    )
    assert "baseline: met." in said["week 8"]
    assert "Target response: PR." in said["week 8"]
    assert "−3.33 %" in said["week 16"]
    assert "Found +17.9 % against at least +10 %: met." in said["week 16"]
    assert "mm against at least" not in said["week 16"]  # no least increase in mm


def test_nodes_by_their_longest_diameter_have_no_normal_size(told) -> None:
    said = told({"T1": (30, 8)}, criteria="recist-1.0", nodes=("T1",))["week 8"]
    assert "T1 (site of T1, longest diameter): 8 mm." in said
    assert "A complete response of the targets needs every target lesion absent: not met, T1 is still there." in said
    assert "Progression needs at least +20 % over the nadir" in said
