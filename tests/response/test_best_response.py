"""Best overall response, unconfirmed and confirmed (RECIST 1.1 §4.4.3, §4.6.1, Table 3)."""

import csv
from pathlib import Path

import pytest

TABLE_3 = Path(__file__).parent / "facts" / "table_3.csv"


def read_table_3() -> list[dict[str, str]]:
    with TABLE_3.open(newline="", encoding="utf-8") as lines:
        return list(csv.DictReader(lines))


@pytest.mark.parametrize("row", read_table_3(), ids=lambda row: f"{row['first']} then {row['subsequent']}")
@pytest.mark.parametrize(
    ("first_day", "column"), [(56, "best_if_minimum_time_met"), (20, "best_if_not_met")], ids=["met", "not met"]
)
def test_table_3_as_printed(row, first_day, column, best_of) -> None:
    first, later = row["first"], row["subsequent"]
    if first == "CR" and later in {"PR", "SD"}:
        later = "PD"  # the note to Table 3: disease seen after a true CR is progression at that point
    expected = row[column].split(" or ")[0]
    assert best_of([(first, first_day), (later, first_day + 40)])[1] == expected


def test_table_3_second_answer_a_complete_response_recoded_to_partial(best_of) -> None:
    assert best_of([("PR", 56), ("PR", 112)])[1] == "PR"


@pytest.mark.parametrize(("day", "expected"), [(41, "NE"), (42, "SD"), (43, "SD")])
def test_stable_disease_needs_42_days_from_the_start(day, expected, best_of) -> None:
    assert best_of([("SD", day)]) == (expected, expected)


def test_early_stable_disease_followed_by_progression_is_progression(best_of) -> None:
    assert best_of([("SD", 41), ("PD", 80)]) == ("PD", "PD")


def test_stable_disease_at_day_56_then_progression_is_stable_disease(best_of) -> None:
    assert best_of([("SD", 56), ("PD", 112)]) == ("SD", "SD")


def test_progression_has_no_minimum_time(best_of) -> None:
    assert best_of([("PD", 10)]) == ("PD", "PD")


@pytest.mark.parametrize(("gap", "expected"), [(27, "SD"), (28, "PR"), (29, "PR")])
def test_confirmation_needs_28_days_inclusive(gap, expected, best_of) -> None:
    assert best_of([("PR", 56), ("PR", 56 + gap)]) == ("PR", expected)


def test_a_confirming_visit_that_comes_too_early_neither_confirms_nor_breaks(best_of) -> None:
    assert best_of([("PR", 56), ("PR", 70), ("PR", 84)]) == ("PR", "PR")


@pytest.mark.parametrize(
    ("between", "options", "expected"),
    [
        (["NE"], {}, "PR"),  # the paper's own example, PR - NE - PR
        (["NE", "NE"], {}, "SD"),
        (["NE", "NE"], {"max_ne": 2}, "PR"),
        (["NE"] * 5, {"max_ne": "any"}, "PR"),
        (["NE"], {"max_ne": 0}, "SD"),
        (["ND"], {}, "PR"),  # a visit not done counts as one that could not be evaluated
        (["SD"], {}, "SD"),
        (["SD"], {"accept_sd": 1}, "PR"),
        (["SD", "SD"], {"accept_sd": 1}, "SD"),
        (["NON-CR/NON-PD"], {}, "SD"),
    ],
)
def test_what_may_stand_between_two_partial_responses(between, options, expected, best_of) -> None:
    visits = [("PR", 56), *((word, 70 + 14 * number) for number, word in enumerate(between)), ("PR", 200)]
    assert best_of(visits, options)[1] == expected


def test_partial_then_complete_response_confirms_partial_response_only(best_of) -> None:
    assert best_of([("PR", 56), ("CR", 112)]) == ("CR", "PR")


def test_complete_response_confirmed_after_partial_response(best_of) -> None:
    assert best_of([("PR", 56), ("CR", 112), ("CR", 168)]) == ("CR", "CR")


def test_no_partial_response_may_follow_a_complete_one_on_the_way_to_confirmation(best_of) -> None:
    assert best_of([("PR", 56), ("CR", 63), ("PR", 200)])[1] == "SD"


def test_stable_disease_does_not_stand_between_two_complete_responses_by_the_option_for_partial_ones(best_of) -> None:
    assert best_of([("CR", 56), ("SD", 84), ("CR", 200)], {"accept_sd": 1})[1] == "SD"


def test_responses_after_the_first_progression_do_not_count(best_of) -> None:
    assert best_of([("SD", 56), ("PD", 112), ("CR", 168), ("CR", 224)]) == ("SD", "SD")


def test_responses_after_new_therapy_do_not_count(best_of) -> None:
    visits = [("SD", 56), ("PR", 112), ("PR", 168)]
    assert best_of(visits, new_therapy=111) == ("SD", "SD")
    assert best_of(visits, new_therapy=112) == ("PR", "SD")  # a scan on the same day counts as before
    assert best_of(visits, {"new_therapy_same_day": "after"}, new_therapy=112) == ("SD", "SD")


def test_responses_after_the_cut_off_do_not_count(best_of) -> None:
    assert best_of([("SD", 56), ("PR", 112)], cutoff=111) == ("SD", "SD")


def test_of_two_responses_on_one_date_the_worst_counts(best_of) -> None:
    assert best_of([("PR", 56), ("SD", 56)]) == ("SD", "SD")
    assert best_of([("SD", 56), ("PR", 56), ("CR", 56)]) == ("SD", "SD")


def test_non_target_disease_alone_gives_non_cr_non_pd_at_the_minimum_time(best_of) -> None:
    assert best_of([("NON-CR/NON-PD", 56), ("PD", 112)]) == ("NON-CR/NON-PD", "NON-CR/NON-PD")
    assert best_of([("NON-CR/NON-PD", 30)]) == ("NE", "NE")


@pytest.mark.parametrize(
    ("visits", "expected"),
    [
        ([], "MISSING"),
        ([("NE", 56)], "NE"),
        ([("ND", 56)], "ND"),
        ([("ND", 56), ("NE", 80)], "NE"),
        ([("NED", 56)], "NED"),
    ],
)
def test_what_is_left_when_nothing_was_evaluated(visits, expected, best_of) -> None:
    assert best_of(visits) == (expected, expected)


def test_the_best_response_is_dated_by_the_visit_that_starts_it(scored) -> None:
    best = scored({"T1": [100, 90, 60, 55, 50]}).best_responses.iloc[0]
    assert str(best["best_response_date"].date()) == "2020-04-22"  # day 112, the first PR
    assert str(best["confirmed_best_response_date"].date()) == "2020-04-22"


def test_stable_disease_is_dated_by_its_first_visit(scored) -> None:
    best = scored({"T1": [100, 95, 95]}, days=[0, 28, 56]).best_responses.iloc[0]
    assert best["best_response"] == "SD"
    assert str(best["best_response_date"].date()) == "2020-01-29"
