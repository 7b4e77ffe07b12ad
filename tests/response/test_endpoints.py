"""Progression date, duration of response and progression-free survival; days by hand, the first day counts."""

import pandas as pd
import pytest

from recist.response import score

COURSE = {"T1": [100, 60, 60, 90]}  # PR day 56, PR day 112, PD day 168
RESPONDING = {"T1": [100, 60, 60]}


def subjects(**dates: str) -> pd.DataFrame:
    return pd.DataFrame([{"subject": "S1", "start_date": "2020-01-01"} | dates])


def test_progression_free_survival_ends_with_progression(course) -> None:
    best = score(course(COURSE), subjects=subjects()).best_responses.iloc[0]
    assert (best["pfs_days"], best["pfs_event"], best["pfs_reason"]) == (169, True, "progression")
    assert str(best["progression_date"].date()) == "2020-06-17"
    assert str(best["first_response_date"].date()) == "2020-02-26"
    assert (best["duration_of_response_days"], best["duration_of_response_event"]) == (113, True)  # 168 - 56 + 1


def test_days_count_from_the_start_and_not_from_baseline(course) -> None:
    best = score(course(COURSE), subjects=subjects(start_date="2020-01-11")).best_responses.iloc[0]
    assert best["pfs_days"] == 159
    from_baseline = score(course(COURSE), subjects=subjects(start_date="2020-01-11"), options={"start": "baseline"})
    assert from_baseline.best_responses["pfs_days"].tolist() == [169]


def test_without_dates_days_count_from_the_baseline_scan(scored) -> None:
    assert scored(COURSE).best_responses["pfs_days"].tolist() == [169]


def test_without_progression_the_last_adequate_scan_censors(course) -> None:
    rows = course({"T1": [100, 60, 60, "not_done"]})
    best = score(rows, subjects=subjects()).best_responses.iloc[0]
    assert (best["pfs_days"], best["pfs_event"], best["pfs_reason"]) == (113, False, "no_progression")
    assert str(best["last_adequate_date"].date()) == "2020-04-22"
    assert (best["duration_of_response_days"], best["duration_of_response_event"]) == (57, False)


def test_death_is_an_event(course) -> None:
    best = score(course(RESPONDING), subjects=subjects(death_date="2020-07-01")).best_responses.iloc[0]
    assert (best["pfs_days"], best["pfs_event"], best["pfs_reason"]) == (183, True, "death")  # 2020 is a leap year
    assert (best["duration_of_response_days"], best["duration_of_response_event"]) == (127, True)


def test_death_need_not_end_the_response_by_option(course) -> None:
    dates = subjects(death_date="2020-07-01")
    best = score(course(RESPONDING), subjects=dates, options={"death_ends_response": False}).best_responses.iloc[0]
    assert (best["duration_of_response_days"], best["duration_of_response_event"]) == (57, False)


def test_the_cut_off_hides_what_comes_later(course) -> None:
    dates = subjects(death_date="2020-07-01", cutoff_date="2020-05-01")
    best = score(course(COURSE), subjects=dates).best_responses.iloc[0]
    assert (best["pfs_days"], best["pfs_event"], best["pfs_reason"]) == (113, False, "no_progression")
    assert pd.isna(best["progression_date"])


def test_without_any_scan_after_baseline_day_1_censors(course) -> None:
    best = score(course({"T1": [100]}), subjects=subjects()).best_responses.iloc[0]
    assert (best["pfs_days"], best["pfs_event"], best["pfs_reason"]) == (1, False, "no_assessment")
    assert best["best_response"] == "MISSING"
    assert pd.isna(best["duration_of_response_days"])
    assert pd.isna(best["duration_of_response_event"])


@pytest.mark.parametrize(("interval", "event"), [(0, True), (56, True), (50, False)])
def test_death_without_a_scan_counts_within_two_scheduled_intervals(interval, event, course) -> None:
    dates = subjects(death_date="2020-04-20")  # day 110: within 2 x 56, beyond 2 x 50
    best = score(course({"T1": [100]}), subjects=dates, options={"visit_interval_days": interval}).best_responses
    assert best["pfs_event"].tolist() == [event]


def test_duration_may_be_that_of_confirmed_responses(course) -> None:
    rows = course({"T1": [100, 60, 75, 60, 60]})  # PR, PD (25 % above 60)
    unconfirmed = score(rows).best_responses.iloc[0]
    confirmed = score(rows, options={"responders": "confirmed"}).best_responses.iloc[0]
    assert unconfirmed["duration_of_response_days"] == 57
    assert pd.isna(confirmed["first_response_date"])
    assert confirmed["confirmed_best_response"] == "SD"


class TestDatesOfTimePointsWithSeveralScans:
    """A time point whose chest and abdomen were scanned on different days."""

    @pytest.fixture
    def rows(self, course) -> pd.DataFrame:
        rows = course({"T1": [50, 70], "T2": [40, 40], "NT1": ["present", "present"], "N1": [None, "unequivocal"]})
        days = {("T1", 1): "2020-02-24", ("T2", 1): "2020-02-26", ("NT1", 1): "2020-02-20", ("N1", 1): "2020-02-28"}
        for (lesion, number), day in days.items():
            at = rows.index[(rows["lesion"] == lesion) & (rows["timepoint"] != "baseline")][0]
            rows.loc[at, "date"] = day
            assert number == 1
        return rows

    def date_of(self, rows: pd.DataFrame, **options: str) -> str:
        return str(score(rows, options=options).responses["date"].iloc[0].date())

    def test_progression_is_dated_by_the_first_scan_that_shows_it(self, rows) -> None:
        assert self.date_of(rows) == "2020-02-24"

    def test_a_new_lesion_alone_dates_progression_by_its_own_scan(self, rows) -> None:
        rows.loc[rows["diameter_mm"] == "70", "diameter_mm"] = "50"
        assert self.date_of(rows) == "2020-02-28"

    def test_other_responses_are_dated_by_the_last_scan(self, rows) -> None:
        calm = rows[rows["role"] != "new"].replace({"diameter_mm": {"70": "50"}})
        assert self.date_of(calm) == "2020-02-26"

    def test_the_first_scan_may_date_everything(self, rows) -> None:
        assert self.date_of(rows, response_date="earliest") == "2020-02-20"

    def test_fda_2007_dates_a_sum_by_the_last_scan_of_the_targets(self, rows) -> None:
        assert self.date_of(rows, response_date="fda2007") == "2020-02-26"
