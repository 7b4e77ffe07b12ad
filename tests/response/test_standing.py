"""Which visits count: after the start, up to death and cut-off (Eisenhauer 2009 §4.4.3); days counted by hand."""

import pandas as pd
import pytest

from recist.errors import DataError
from recist.response import Scored, score
from recist.response.visits import best

DAYS = ("pfs_days", "duration_of_response_days")


def subjects(**dates: str) -> pd.DataFrame:
    return pd.DataFrame([{"subject": "S1", "start_date": "2020-01-10"} | dates])


def codes(scored: Scored) -> set[str]:
    return set(scored.problems["code"]) - {"slice_thickness_not_given"}


@pytest.mark.parametrize("field", ["death_date", "last_contact_date", "cutoff_date"])
def test_a_subject_does_not_die_or_end_observation_before_the_start(field, course) -> None:
    with pytest.raises(DataError) as caught:
        score(course({"T1": [50, 30]}), subjects=subjects(**{field: "2020-01-09"}))
    (fault,) = caught.value.problems
    assert (fault.file, fault.row, fault.field, fault.code) == ("subjects", 2, field, "date_before_start")
    assert (fault.found, fault.expected) == ("2020-01-09", "no earlier than 2020-01-10")


@pytest.mark.parametrize("field", ["death_date", "last_contact_date", "cutoff_date"])
def test_without_a_start_the_baseline_scan_takes_its_place(field, course) -> None:
    dates = subjects(**{field: "2019-12-31"}, start_date="")
    with pytest.raises(DataError, match="2019-12-31, lies before the baseline scan"):
        score(course({"T1": [50, 30]}), subjects=dates)


def test_death_on_the_day_of_the_start_is_day_one(course) -> None:
    best = score(course({"T1": [50]}), subjects=subjects(death_date="2020-01-10")).best_responses.iloc[0]
    assert (best["pfs_days"], best["pfs_reason"]) == (1, "death")


@pytest.mark.parametrize("therapy", ["2018-06-01", "2020-01-10"])
def test_a_therapy_before_the_start_is_a_prior_one_and_takes_no_response_away(therapy, course) -> None:
    result = score(course({"T1": [50, 30]}), subjects=subjects(new_therapy_date=therapy))
    assert codes(result) == {"prior_therapy"}
    assert result.best_responses["best_response"].tolist() == ["PR"]


@pytest.mark.parametrize(
    ("censoring", "days", "event", "reason"),
    [("fda", 57, False, "new_therapy"), ("ema", 169, True, "progression")],  # the last scan before, and day 168
)
def test_a_new_therapy_ends_best_response_and_by_the_default_rules_censors(
    censoring, days, event, reason, course
) -> None:
    rows = course({"T1": [50, 45, 30, 60]})  # SD day 56, PR day 112, PD day 168
    people = subjects(new_therapy_date="2020-03-01", start_date="2020-01-01")
    best = score(rows, subjects=people, options={"censoring": censoring}).best_responses.iloc[0]
    assert best["best_response"] == "SD"
    assert (best["pfs_days"], best["pfs_event"], best["pfs_reason"]) == (days, event, reason)


@pytest.mark.parametrize("day", [4, 9])  # before the start, and on its day
@pytest.mark.parametrize(("size", "response"), [(30, "PR"), (70, "PD")])
def test_a_scan_no_later_than_the_start_is_no_response_to_the_treatment(day, size, response, course) -> None:
    result = score(course({"T1": [50, size]}, days=[0, day]), subjects=subjects())
    assert codes(result) == {"not_after_start"}
    assert result.responses["overall_response"].tolist() == [response]
    assert result.responses["excluded"].tolist() == ["not_after_start"]
    best = result.best_responses.iloc[0]
    assert (best["best_response"], best["pfs_days"], best["pfs_reason"]) == ("MISSING", 1, "no_assessment")
    assert pd.isna(best["progression_date"])
    assert pd.isna(best["best_response_date"])


def test_progression_before_the_start_does_not_stop_the_search_for_a_response(course) -> None:
    result = score(course({"T1": [50, 70, 30]}, days=[0, 4, 70]), subjects=subjects())
    assert result.responses["after_progression"].tolist() == [False, False]
    assert result.best_responses["best_response"].tolist() == ["PR"]


def test_a_scan_on_the_day_after_the_start_counts(course) -> None:
    result = score(course({"T1": [50, 70]}, days=[0, 10]), subjects=subjects())
    assert codes(result) == set()
    assert result.best_responses["pfs_days"].tolist() == [2]


@pytest.mark.parametrize("label", ["week 1", "Aweek", "0"])  # names before and after "baseline" in the alphabet
def test_a_time_point_on_the_date_of_baseline_is_no_follow_up(label, course) -> None:
    rows = course({"T1": [50, 30]}, days=[0, 0])
    rows.loc[1, "timepoint"] = label
    result = score(rows)
    assert codes(result) == {"same_date_as_baseline"}
    assert result.responses["excluded"].tolist() == ["not_after_start"]
    best = result.best_responses.iloc[0]
    assert (best["best_response"], best["pfs_days"]) == ("MISSING", 1)
    assert pd.isna(best["duration_of_response_days"])


def test_two_time_points_on_one_date_are_reported_and_the_worse_counts(course) -> None:
    rows = course({"T1": [50, 34, 36]}, days=[0, 56, 63])  # PR and SD
    rows.loc[2, "date"] = rows.loc[1, "date"]
    result = score(rows)
    assert codes(result) == {"same_date"}
    assert result.best_responses["best_response"].tolist() == ["SD"]


def test_a_second_time_point_on_the_day_of_progression_is_not_after_it(course) -> None:
    rows = course({"T1": [50, 30, 60, 20, 20]}, days=[0, 56, 112, 119, 168])  # PD at week 16
    rows.loc[3, "date"] = rows.loc[2, "date"]
    result = score(rows)
    assert result.responses["after_progression"].tolist() == [False, False, False, True]


@pytest.mark.parametrize("size", [30, 90])
def test_nothing_is_dated_after_death(size, course) -> None:
    result = score(course({"T1": [50, 45, size]}), subjects=subjects(death_date="2020-04-01"))  # scans 26 Feb, 22 Apr
    assert codes(result) == {"scan_after_death"}
    assert result.responses["excluded"].tolist() == ["", "after_death"]
    best = result.best_responses.iloc[0]
    assert (best["best_response"], best["pfs_days"], best["pfs_reason"]) == ("SD", 83, "death")  # 10 Jan to 1 Apr
    assert pd.isna(best["progression_date"])


def test_a_visit_after_the_cut_off_is_listed_flagged_and_not_used(course) -> None:
    result = score(course({"T1": [50, 30, 90, 90]}), subjects=subjects(cutoff_date="2020-04-01"))
    assert codes(result) == {"scan_after_cutoff"}
    assert result.responses["excluded"].tolist() == ["", "after_cutoff", "after_cutoff"]
    assert result.responses["after_progression"].tolist() == [False, False, False]
    best = result.best_responses.iloc[0]
    assert (best["best_response"], best["pfs_reason"]) == ("PR", "no_progression")


def test_a_scan_on_the_day_of_death_or_cut_off_still_counts(course) -> None:
    dates = subjects(death_date="2020-02-26", cutoff_date="2020-02-26")
    result = score(course({"T1": [50, 90]}), subjects=dates)
    assert codes(result) == set()
    assert result.best_responses["pfs_reason"].tolist() == ["progression"]


@pytest.mark.parametrize(
    "option", [{}, {"start": "baseline"}, {"response_date": "earliest"}, {"responders": "confirmed"}]
)
def test_no_number_of_days_is_ever_below_one(option, course) -> None:
    for days in ([0, 3, 9, 40], [0, 0, 20, 90], [0, 9, 10, 11]):
        for sizes in ([50, 30, 30, 30], [50, 70, 30, 30], [50, 30, 90, 30]):
            for dates in ({}, {"death_date": "2020-01-15"}, {"cutoff_date": "2020-01-10"}, {"start_date": ""}):
                rows = course({"T1": sizes}, days=days).assign(timepoint=["baseline", "1", "2", "3"])
                best = score(rows, subjects=subjects(**dates), options=option).best_responses
                assert not (best[list(DAYS)] < 1).any().any()


@pytest.mark.parametrize("criteria", ["recist-1.1", "irecist"])
@pytest.mark.parametrize("field", ["cutoff_date", "death_date"])
def test_what_comes_after_cut_off_or_death_proves_no_equivocal_lesion_before_it(field, criteria, course) -> None:
    rows = course({"T1": [30, 30, 30], "N1": [None, "equivocal", "unequivocal"]})  # days 56 and 112
    calm, worse = ("SD", "PD") if criteria == "recist-1.1" else ("iSD", "iUPD")

    def ends(day: int) -> tuple[list[str], str, bool]:
        people = pd.DataFrame(
            [
                {
                    "subject": "S1",
                    "start_date": "2020-01-01",
                    field: str((pd.Timestamp("2020-01-01") + pd.Timedelta(day, "D")).date()),
                }
            ]
        )
        told = score(rows, subjects=people, criteria=criteria)
        row = told.best_responses.iloc[0]
        return told.responses["overall_response"].tolist(), row["best_response"], pd.notna(row["progression_date"])

    assert ends(111) == ([calm, worse], calm, False)
    assert ends(112) == ([worse, worse], worse, True)


def test_by_irecist_neither_what_is_not_evaluated_nor_what_comes_after_cut_off_or_icpd_recodes_an_icr(course) -> None:
    def words(lesions: dict[str, list[object]], cutoff: str = "") -> list[str]:
        people = pd.DataFrame([{"subject": "S1", "start_date": "2020-01-01", "cutoff_date": cutoff}])
        told = score(course(lesions), subjects=people, criteria="irecist", options={"post_cr": "recode_pr"})
        return told.responses["overall_response"].tolist()

    assert words({"T1": [20, "absent", 4]}) == ["iPR", "iPR"]
    assert words({"T1": [20, "absent", 4]}, cutoff="2020-04-01") == ["iCR", "iPR"]  # between day 56 and day 112
    not_seen = {"T1": [20, "absent", "absent"], "NT1": ["present", "absent", "not_evaluable"]}
    assert words(not_seen) == ["iCR", "iPR"]
    assert words({"T1": [20, "absent", 6, 11, 4]}) == ["iCR", "iUPD", "iCPD", "iPR"]


@pytest.mark.parametrize("field", ["cutoff_date", "death_date"])
def test_disease_seen_after_cut_off_or_death_recodes_no_complete_response(field, course) -> None:
    def recoded(day: str) -> list[list[str]]:
        people, options = subjects(start_date="2020-01-01", **{field: day}), {"post_cr": "recode_pr"}
        lesions = score(course({"T1": [20, "absent", 4]}), subjects=people, options=options)
        rows = pd.DataFrame({"subject": "S1", "date": ["2020-02-26", "2020-04-22"], "overall_response": ["CR", "PR"]})
        words = best(rows, subjects=people, options=options)
        return [told.responses["overall_response"].tolist() for told in (lesions, words)]

    assert recoded("2020-04-21") == [["CR", "PR"]] * 2
    assert recoded("2020-04-22") == [["PR", "PR"]] * 2  # the day itself counts
