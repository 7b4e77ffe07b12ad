"""Best responses from overall responses per visit (RECIST 1.1 §4.4.3, Table 3 and its note)."""

from __future__ import annotations

import csv
import datetime
from pathlib import Path

import pandas as pd
import pytest

from recist.errors import DataError, UsageError
from recist.rates import derive_rates
from recist.response import score
from recist.response.visits import BestScored, best

START = datetime.date(2020, 1, 1)
TABLE_3 = Path(__file__).parent / "facts" / "table_3.csv"


def on(day: int) -> str:
    return (START + datetime.timedelta(days=day)).isoformat()


def found(*given: tuple[str, int], **options: object) -> BestScored:
    rows = [{"subject": "S1", "date": on(day), "overall_response": word, "start_date": on(0)} for word, day in given]
    return best(pd.DataFrame(rows), options=options)


def confirmed(*given: tuple[str, int], **options: object) -> str:
    return str(found(*given, **options).best_responses["confirmed_best_response"].iloc[0])


def read_table_3() -> list[dict[str, str]]:
    with TABLE_3.open(newline="", encoding="utf-8") as lines:
        return list(csv.DictReader(lines))


@pytest.mark.parametrize("row", read_table_3(), ids=lambda row: f"{row['first']} then {row['subsequent']}")
@pytest.mark.parametrize(("day", "column"), [(56, "best_if_minimum_time_met"), (20, "best_if_not_met")])
def test_table_3_from_the_responses_as_the_reader_gave_them(row: dict[str, str], day: int, column: str) -> None:
    expected = row[column].split(" or ")
    if row["first"] == "PR" and row["subsequent"] == "SD" and day == 20:
        expected = ["SD"]  # the second visit, day 60, is in time: the table prints SD without a condition
    given = (row["first"], day), (row["subsequent"], day + 40)
    assert confirmed(*given) == expected[0]
    if len(expected) > 1:  # the note: or the first CR was an error, then the best response is PR
        assert confirmed(*given, post_cr="recode_pr") == expected[1]


class TestAfterCompleteResponse:
    """Less than CR after a CR: the disease came back, or the CR was none (Table 3, note)."""

    @pytest.mark.parametrize("less", ["PR", "SD", "NON-CR/NON-PD"])
    def test_it_is_progression_at_that_visit(self, less: str) -> None:
        told = found(("CR", 56), (less, 112), (less, 168))
        assert told.responses["overall_response"].tolist() == ["CR", "PD", "PD"]
        assert told.responses["overall_response_as_read"].tolist() == ["CR", less, less]
        assert told.responses["reasons"].tolist() == ["", "returned_after_cr", "returned_after_cr"]
        assert told.responses["after_progression"].tolist() == [False, False, True]
        assert told.best_responses[["pfs_days", "pfs_reason"]].to_numpy().tolist() == [[113.0, "progression"]]

    def test_a_visit_that_could_not_be_evaluated_stays_so(self) -> None:
        told = found(("CR", 56), ("NE", 112), ("CR", 168))
        assert told.responses["overall_response"].tolist() == ["CR", "NE", "CR"]
        assert told.best_responses["confirmed_best_response"].tolist() == ["CR"]

    def test_left_as_it_is_it_is_reported(self) -> None:
        told = found(("CR", 56), ("PR", 112), post_cr="as_is")
        assert told.responses["overall_response"].tolist() == ["CR", "PR"]
        assert told.problems["code"].tolist() == ["less_than_cr_after_cr"]
        assert told.best_responses["pfs_event"].tolist() == [False]

    def test_a_cr_that_was_none_is_recoded(self) -> None:
        told = found(("CR", 56), ("PR", 112), post_cr="recode_pr")
        assert told.responses["overall_response"].tolist() == ["PR", "PR"]
        assert told.responses["reasons"].tolist() == ["recoded_from_cr", ""]
        assert found(("CR", 56), ("PR", 112), ("SD", 168), post_cr="recode_pr").responses["overall_response"][0] == "PR"
        without_targets = found(("CR", 56), ("NON-CR/NON-PD", 112), post_cr="recode_pr")
        assert without_targets.responses["overall_response"].tolist() == ["NON-CR/NON-PD", "NON-CR/NON-PD"]

    @pytest.mark.parametrize("post_cr", ["pd", "as_is", "recode_pr"])
    def test_lesions_and_visits_are_judged_by_one_rule(self, post_cr: str, course) -> None:
        measured = score(course({"T1": [50, 0, 30, 40]}), options={"post_cr": post_cr})
        as_read = score(course({"T1": [50, 0, 30, 40]}), options={"post_cr": "as_is"}).responses
        given = as_read[["subject", "date", "overall_response"]].assign(start_date="2020-01-01")
        told = best(given, options={"post_cr": post_cr})
        assert told.responses["overall_response"].tolist() == measured.responses["overall_response"].tolist()
        same = ["best_response", "confirmed_best_response", "pfs_days", "pfs_event", "progression_date"]
        pd.testing.assert_frame_equal(told.best_responses[same], measured.best_responses[same])


class TestConfirmation:
    """What may lie between, and visits that were due and not done."""

    @pytest.mark.parametrize("between", ["SD", "NON-CR/NON-PD", "NE"])
    def test_anything_may_lie_between_by_option(self, between: str) -> None:
        given = (("PR", 56), (between, 84), (between, 112), ("PR", 140))
        assert confirmed(*given) == "SD"
        assert confirmed(*given, confirmation_between="any") == "PR"

    def test_what_lies_beyond_the_first_progression_never_confirms(self) -> None:
        assert confirmed(("PR", 56), ("PD", 84), ("PR", 140), confirmation_between="any") == "SD"

    def test_the_interval_holds_whatever_lies_between(self) -> None:
        assert confirmed(("PR", 56), ("PR", 83), confirmation_between="any") == "SD"
        assert confirmed(("PR", 56), ("PR", 84), confirmation_between="any") == "PR"

    @pytest.mark.parametrize(("second", "expected"), [(112, "PR"), (168, "PR"), (224, "SD"), (217, "SD"), (216, "PR")])
    def test_visits_not_done_count_as_ne_where_the_schedule_is_known(self, second: int, expected: str) -> None:
        plan = {"visit_interval_days": 56, "visit_tolerance_days": 7, "missed_visits": "ne"}
        assert confirmed(("PR", 56), ("PR", second), **plan) == expected  # one NE may lie between, not two
        assert confirmed(("PR", 56), ("PR", second)) == "PR"

    def test_visits_not_done_follow_a_schedule_that_changes(self) -> None:
        plan = {"visit_interval_days": [[0, 56], [112, 112]], "missed_visits": "ne"}
        assert confirmed(("PR", 112), ("PR", 336), **plan) == "PR"  # due on 224 and 336: one missed
        assert confirmed(("PR", 112), ("PR", 448), **plan) == "SD"  # and on 448: two missed

    def test_a_visit_noted_as_not_done_counts_as_ne_or_breaks(self) -> None:
        given = (("PR", 56), ("ND", 84), ("PR", 112))
        assert confirmed(*given) == "PR"
        assert confirmed(*given, nd_between="break") == "SD"


@pytest.mark.parametrize(("day", "tolerance", "expected"), [(41, 0, "NE"), (41, 1, "SD"), (38, 3, "NE"), (39, 3, "SD")])
def test_stable_disease_may_come_a_little_early(day: int, tolerance: int, expected: str) -> None:
    assert confirmed(("SD", day), min_sd_tolerance_days=tolerance) == expected


def test_stable_disease_is_dated_by_its_first_visit_or_by_the_first_in_time() -> None:
    given = (("SD", 28), ("SD", 56))
    assert found(*given).best_responses["best_response_date"].dt.date.tolist() == [START + datetime.timedelta(28)]
    dated = found(*given, sd_date="minimum_time").best_responses
    assert dated["best_response_date"].dt.date.tolist() == [START + datetime.timedelta(56)]


def test_of_two_visits_on_one_date_the_worse_counts_or_they_are_refused() -> None:
    given = (("PR", 56), ("SD", 56))
    told = found(*given)
    assert told.best_responses["best_response"].tolist() == ["SD"]
    assert told.problems["code"].tolist() == ["same_date"]
    with pytest.raises(DataError, match="the option same_date refuses it"):
        found(*given, same_date="error")


@pytest.mark.parametrize("twins", [("CR", "PR"), ("PR", "CR")])
def test_a_cr_that_is_not_the_worst_of_its_date_makes_nothing_after_it_progression(twins: tuple[str, str]) -> None:
    told = found((twins[0], 56), (twins[1], 56), ("PR", 112))
    assert told.responses["overall_response"].tolist() == [*twins, "PR"]
    assert told.best_responses["confirmed_best_response"].tolist() == ["PR"]
    assert told.best_responses["pfs_event"].tolist() == [False]


class TestStart:
    """Without a start no time can be counted."""

    ROWS = pd.DataFrame([{"subject": "S1", "date": "2020-02-26", "overall_response": "SD"}])

    def test_a_subject_without_a_start_is_refused(self) -> None:
        with pytest.raises(DataError, match="no time can be counted"):
            best(self.ROWS)

    def test_a_visit_named_baseline_gives_the_start_with_a_warning(self) -> None:
        first = {"subject": "S1", "timepoint": "Baseline", "date": "2020-01-01", "overall_response": "NE"}
        told = best(pd.concat([pd.DataFrame([first]), self.ROWS]))
        assert told.problems["code"].tolist() == ["no_start_date"]
        assert told.best_responses[["best_response", "pfs_days"]].to_numpy().tolist() == [["SD", 57.0]]
        assert told.responses["excluded"].tolist() == ["not_after_start", ""]

    def test_a_visit_no_later_than_the_start_is_no_response(self) -> None:
        told = found(("PD", 0), ("SD", 56))
        assert told.problems["code"].tolist() == ["not_after_start"]
        assert told.best_responses["best_response"].tolist() == ["SD"]

    def test_two_starts_of_one_subject_are_refused(self) -> None:
        twice = pd.concat([self.ROWS.assign(start_date="2020-01-01"), self.ROWS.assign(start_date="2020-01-02")])
        with pytest.raises(DataError) as caught:
            best(twice)
        assert [(fault.code, fault.row) for fault in caught.value.problems] == [("two_starts", 3)]
        people = pd.DataFrame([{"subject": "S1", "start_date": "2020-01-05"}])
        with pytest.raises(DataError, match="another start elsewhere"):
            best(self.ROWS.assign(start_date="2020-01-01"), subjects=people)

    def test_death_before_a_start_that_only_the_visits_give_is_refused(self) -> None:
        people = pd.DataFrame([{"subject": "S1", "death_date": "2019-12-31"}])
        with pytest.raises(DataError, match="the date of death lies before the start"):
            best(self.ROWS.assign(start_date="2020-01-01"), subjects=people)


def test_a_baseline_shows_no_response_so_its_cell_may_be_empty() -> None:
    rows = pd.DataFrame(
        [("S1", "baseline", on(0), ""), ("S1", "week 8", on(56), "SD"), ("S2", "Baseline", on(0), None)],
        columns=["subject", "timepoint", "date", "overall_response"],
    )
    told = best(rows)
    assert told.responses["overall_response"].tolist() == ["", "SD", ""]
    assert told.responses["overall_response_as_read"].tolist() == ["", "SD", ""]
    assert told.best_responses["best_response"].tolist() == ["SD", "MISSING"]
    with pytest.raises(DataError, match=r"row 3.*overall_response: this cell must be filled in"):
        best(rows.assign(overall_response=["", "", ""]))


@pytest.mark.parametrize(
    ("baselines", "start", "expected"),
    [
        (("baseline", "Baseline"), 0, [(3, "two_baselines")]),
        (("baseline", "week 8"), -1, [(2, "baseline_after_start")]),
        (("week 0", "week 8"), 0, []),
    ],
)
def test_there_is_one_baseline_and_it_is_not_later_than_the_start(baselines, start, expected) -> None:
    rows = pd.DataFrame(
        {"subject": "S1", "timepoint": baselines, "date": [on(0), on(56)], "overall_response": ["NE", "PR"]}
    ).assign(start_date=on(start))
    if not expected:
        assert best(rows).best_responses["best_response"].tolist() == ["PR"]
        return
    with pytest.raises(DataError) as told:
        best(rows)
    assert [(fault.row, fault.code) for fault in told.value.problems] == expected


def test_days_are_counted_from_baseline_only_where_there_is_one() -> None:
    rows = pd.DataFrame(
        {
            "subject": "S1",
            "timepoint": ["baseline", "week 6"],
            "date": [on(-10), on(35)],
            "overall_response": ["", "SD"],
        }
    ).assign(start_date=on(0))
    counted = best(rows, options={"start": "baseline"}).best_responses  # 35 + 10 = 45 days
    assert counted[["best_response", "pfs_days"]].to_numpy().tolist() == [["SD", 46.0]]
    with pytest.raises(DataError, match="no time point of this subject is named baseline"):
        best(rows.iloc[1:], options={"start": "baseline"})


def test_a_row_without_a_subject_is_told_once() -> None:
    rows = pd.DataFrame({"subject": ["", ""], "date": on(56), "overall_response": "SD", "start_date": [on(0), on(1)]})
    with pytest.raises(DataError) as told:
        best(rows)
    assert [(fault.row, fault.field) for fault in told.value.problems] == [(2, "subject"), (3, "subject")]


def test_subjects_never_seen_are_missing_for_every_reader() -> None:
    rows = pd.DataFrame(
        [{"subject": "S1", "reader": name, "date": on(56), "overall_response": "SD"} for name in ("r1", "r2")]
    )
    people = pd.DataFrame([{"subject": name, "start_date": on(0)} for name in ("S0", "S1")] + [{"subject": "S2"}])
    table = best(rows, subjects=people).best_responses
    assert table[["subject", "reader", "best_response"]].to_numpy().tolist() == [
        *(["S0", "r1", "MISSING"], ["S0", "r2", "MISSING"], ["S1", "r1", "SD"], ["S1", "r2", "SD"]),
        *(["S2", "r1", "MISSING"], ["S2", "r2", "MISSING"]),
    ]
    assert table["assessed"].tolist() == [False, False, True, True, False, False]
    assert table["pfs_days"].fillna(-1).tolist() == [1, 1, 57, 57, -1, -1]  # without a start no days


def test_a_subject_that_one_reader_did_not_assess_is_missing_for_that_reader_and_counts_in_its_rate() -> None:
    rows = pd.DataFrame(
        [("S1", "r1", on(56), "PR"), ("S2", "r1", on(56), "SD"), ("S2", "r2", on(56), "SD")],
        columns=["subject", "reader", "date", "overall_response"],
    )
    people = pd.DataFrame([{"subject": name, "start_date": on(0)} for name in ("S1", "S2")])
    table = best(rows, subjects=people).best_responses
    assert table[["subject", "reader", "best_response", "assessed"]].to_numpy().tolist() == [
        *(["S1", "r1", "PR", True], ["S1", "r2", "MISSING", False]),
        *(["S2", "r1", "SD", True], ["S2", "r2", "SD", True]),
    ]
    rates = derive_rates(table).set_index(["reader", "rate"])
    assert rates.loc[("r1", "ORR"), ["responders", "subjects"]].tolist() == [1, 2]
    assert rates.loc[("r2", "ORR"), ["responders", "subjects"]].tolist() == [0, 2]
    assert rates.loc[("r2", "DCR"), ["responders", "subjects"]].tolist() == [1, 2]


def test_subjects_without_measurements_are_missing_when_lesions_are_scored(course) -> None:
    people = pd.DataFrame({"subject": ["S1", "S2"], "start_date": on(0), "death_date": ["", on(30)]})
    table = score(course({"T1": [50, 30]}), subjects=people).best_responses.set_index("subject")
    assert table["best_response"].to_dict() == {"S1": "PR", "S2": "MISSING"}
    assert table.loc["S2", ["pfs_days", "pfs_event", "pfs_reason"]].tolist() == [1, False, "no_baseline"]


def test_words_of_iRECIST_need_its_criteria() -> None:
    with pytest.raises(DataError, match="iPR"):
        found(("iPR", 56))
    with pytest.raises(UsageError, match="no criteria are called"):
        best(pd.DataFrame(), criteria="recist-2")


def test_iRECIST_best_response_from_visits() -> None:
    words = ("iPR", "iPR", "iUPD", "iCPD")
    rows = [
        {"subject": "S1", "date": on(56 * (number + 1)), "overall_response": word, "start_date": on(0)}
        for number, word in enumerate(words)
    ]
    told = best(pd.DataFrame(rows), criteria="irecist").best_responses.iloc[0]
    assert (told["best_response"], told["confirmed_best_response"]) == ("iPR", "iPR")
    assert told["pfs_days"] == 169  # the iUPD that was confirmed
