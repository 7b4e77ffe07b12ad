"""What is said of the best response, its confirmation, the endpoints, and of options that are not at their default."""

import pandas as pd

from recist.criteria import criteria_named
from recist.response import score
from recist.response.explain import Tables, explain, gather_evidence

START = {"start_date": "2020-01-01"}


def test_the_visit_that_confirmed_a_response_is_named_with_its_days(told) -> None:
    said = told({"T1": (100, 60, 65, 50)}, None, START, days=(0, 56, 70, 84))["Best response"]
    assert "Visits that count, with days after the start of treatment 2020-01-01: week 8 PR (day 56)" in said
    assert "Best response: PR, from week 8 (2020-02-26)." in said
    # week 10 comes 14 days later, too early; week 12 comes 28 days later
    assert "The PR of week 8 (2020-02-26) is confirmed by the PR of week 12 (2020-03-25), 28 days later." in said
    assert "A PR is confirmed by CR or PR at least 28 days later, with at most 1 NE between and at most 0 SD." in said


def test_a_response_that_nothing_confirmed_lists_what_came_after_it(told) -> None:
    said = told({"T1": (100, 60, 62, 80)}, None, START, days=(0, 56, 70, 112))["Best response"]
    assert "Confirmed best response: SD, from week 8 (2020-02-26)." in said
    assert (
        "No PR was confirmed. The first was at week 8 (2020-02-26); after it came week 10 PR (14 days later) and "
        in said
    )
    assert "week 16 PD (56 days later)." in said  # 60 -> 80: +20 mm, +33 %


def test_stable_disease_names_the_visit_at_the_minimum_time(told) -> None:
    said = told({"T1": (100, 100, 100)}, None, START, days=(0, 28, 42))["Best response"]
    assert "week 6 is SD on day 42; at least day 42 is needed." in said


def test_stable_disease_before_the_minimum_time_is_named_as_too_early(told) -> None:
    said = told({"T1": (100, 100, 130)}, None, START, days=(0, 28, 56))["Best response"]
    assert "Best response: PD, from week 8 (2020-02-26)." in said
    assert "No SD: week 4 (day 28) before day 42." in said


def test_visits_after_new_therapy_are_left_out_of_the_search(told) -> None:
    dates = {**START, "new_therapy_date": "2020-03-01"}
    said = told({"T1": (100, 100, 50)}, None, dates)["Best response"]
    assert "Visits after the new therapy of 2020-03-01 count for no best response." in said
    assert "week 16" not in said.split("\n", maxsplit=1)[0]


def test_without_a_start_days_count_from_the_baseline_scan(told) -> None:
    said = told({"T1": (100, 100)})["Best response"]
    assert "with days after the baseline scan 2020-01-01: week 8 SD (day 56)." in said


def test_progression_free_survival_says_days_end_and_rule(told) -> None:
    said = told({"T1": (100, 100, 130)}, None, START)["Best response"]
    # 1 January to 22 April 2020, both counted: 31 + 29 + 31 + 22 = 113 days
    assert "Progression-free survival: 113 days from the start of treatment 2020-01-01 to 2020-04-22" in said
    assert "it ends with an event." in said
    assert "Its reason is progression (progression at or between scheduled visits)" in said


def test_the_duration_of_response_starts_with_the_first_response(told) -> None:
    said = told({"T1": (100, 60, 90)}, None, START)["Best response"]  # 60 -> 90: PD at week 16
    # 26 February to 22 April 2020, both counted: 4 + 31 + 22 = 57 days
    assert "Duration of response: 57 days from the first response on 2020-02-26 to 2020-04-22" in said


def test_an_option_with_effect_says_what_the_default_would_give(told) -> None:
    said = told({"T1": (100, 60, "not_done", 60)}, {"max_ne": 0}, START)["Options"]
    assert (
        "Option max_ne = 0 (default 1). With the default the confirmed best response would be PR instead of SD" in said
    )


def test_options_without_effect_are_named_together(told) -> None:
    said = told({"T1": (100, 100)}, {"max_ne": 0, "nadir_partial": True})["Options"]
    assert said == "Not at the default, but without effect on this subject: max_ne = 0 and nadir_partial = true."


def test_with_all_defaults_nothing_is_said_of_options(told) -> None:
    assert "Options" not in told({"T1": (100, 100)})


def test_no_visit_that_counts_is_said(told) -> None:
    said = told({"T1": (100, 100)}, None, {"start_date": "2020-01-01", "cutoff_date": "2020-02-01"})["Best response"]
    assert "No visit counts for best response." in said
    assert "Best response: MISSING." in said


def test_a_subject_that_a_reader_never_assessed_is_told_so_and_nothing_of_files_that_do_not_fit(course) -> None:
    people = pd.DataFrame([{"subject": name, "start_date": "2020-01-01", "death_date": "2020-02-01"} for name in "AB"])
    scored = score(course({"T1": (50, 40)}, subject="A"), subjects=people, options={"visit_interval_days": 28})
    tables = Tables(
        responses=scored.responses,
        best_responses=scored.best_responses,
        lesions=scored.lesions,
        subjects=scored.subjects,
    )
    lost = gather_evidence(tables, criteria_named("recist-1.1"), scored.options)[1]
    (section,) = explain(lost, tables).sections
    said = [sentence.text for sentence in section.sentences]
    assert section.title == "Best response: MISSING"
    assert said[0] == "This reader has no assessment of the subject."
    assert not [text for text in said if "scored again" in text]
