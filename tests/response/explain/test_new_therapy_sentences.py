"""What is said of another therapy, of lesions treated on their own and of nodes of normal size. Numbers are by hand."""

from __future__ import annotations

import pytest

SUBJECT = {"start_date": "2020-01-01", "new_therapy_date": "2020-03-15"}  # between week 8 (2020-02-26) and week 16


def test_a_visit_after_a_new_therapy_says_that_it_is_not_used_and_for_what(told) -> None:
    said = told({"T1": (50, 40, 60)}, subject=SUBJECT)  # 40 -> 60 mm is PD, after the therapy
    assert (
        "A new therapy began on 2020-03-15: this visit counts for no best response, nor for progression-free survival, "
        "which that therapy censors (option censoring = fda)."
    ) in said["week 16"]
    assert "new therapy" not in said["week 8"]


def test_the_end_by_a_new_therapy_names_its_day_and_the_progression_that_is_not_used(told) -> None:
    said = told({"T1": (50, 40, 60)}, subject=SUBJECT)["Best response"]
    assert "The new therapy began on 2020-03-15. Later progression is not used: week 16 (2020-04-22)." in said
    alone = told({"T1": (50, 40, 40)}, subject=SUBJECT)["Best response"]
    assert "The new therapy began on 2020-03-15." in alone
    assert "Later progression" not in alone


def test_by_the_rules_that_follow_through_a_new_therapy_the_progression_is_used(told) -> None:
    said = told({"T1": (50, 40, 60)}, {"censoring": "ema"}, SUBJECT)
    assert "this visit counts for no best response." in said["week 16"]
    assert "nor for progression-free survival" not in said["week 16"]
    assert "is not used" not in said["Best response"]


@pytest.mark.parametrize(("choice", "is_said"), [("before", False), ("after", True)])
def test_a_scan_on_the_day_of_the_new_therapy_follows_the_option(told, choice: str, is_said: bool) -> None:
    subject = SUBJECT | {"new_therapy_date": "2020-02-26"}
    said = told({"T1": (50, 40, 40)}, {"new_therapy_same_day": choice}, subject)["week 8"]
    assert ("this visit counts for no best response." in said) == is_said


def test_a_therapy_before_the_start_is_no_new_one(told) -> None:
    said = told({"T1": (50, 40)}, subject=SUBJECT | {"new_therapy_date": "2019-11-01"})
    assert "new therapy" not in said["week 8"]


def test_of_a_resected_lesion_nobody_says_that_it_could_be_larger(course, told_rows) -> None:
    rows = course({"T1": (40, 30), "T2": (30, "absent")}).assign(treated="")
    rows.loc[(rows["lesion"] == "T2") & (rows["timepoint"] == "week 8"), "treated"] = "resected"
    said = told_rows(rows)["week 8"]
    assert "Partial sum: 30 mm. Without a value: T2.\n" in said
    assert "could be larger" not in said
    assert "The treatment of T2 and not that of the study may have changed the sum" in said
    assert "Target response: NE." in said


def test_a_non_target_node_of_normal_size_that_counts_as_there_names_the_option(told) -> None:
    said = told({"T1": (30, 30), "NT1": (12, 8)}, nodes=("NT1",))["week 8"]
    assert (
        "NT1 (site of NT1) measured, of normal size, and there as it was read (option non_target_nodes = as_read)"
        in (said)
    )
    large = told({"T1": (30, 30), "NT1": (12, 10)}, nodes=("NT1",))["week 8"]  # normal is below 10 mm
    assert "of normal size" not in large
