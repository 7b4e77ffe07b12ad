"""Which scans are one time point, which time point is the baseline, and what is said of dates that do not fit."""

import numpy as np
import pandas as pd
import pytest

from recist.errors import DataError
from recist.response import score
from recist.response.history import LAST_DAY
from recist.response.time_points import Key, Scans, derive_visits


def scans(*rows: tuple[str, str, str, object], **columns: object) -> pd.DataFrame:
    """Rows of (label, date, lesion, size or state)."""
    table = [
        {
            "subject": "S1",
            "timepoint": label,
            "date": date,
            "lesion": lesion,
            "role": {"T": "target", "N": "new", "M": "marker", "X": "non_target"}[lesion[0]],
            "state": value if isinstance(value, str) else "measured",
            "diameter_mm": "" if isinstance(value, str) else str(value),
            "slice_thickness_mm": "1",
        }
        for label, date, lesion, value in rows
    ]
    return pd.DataFrame(table).assign(**columns)


def start(date: str) -> pd.DataFrame:
    return pd.DataFrame([{"subject": "S1", "start_date": date}])


def codes_of(result) -> list[str]:
    return result.problems["code"].tolist()


def errors_of(rows: pd.DataFrame, **how: object) -> list[tuple[int | None, str]]:
    with pytest.raises(DataError) as caught:
        score(rows, **how)
    return [(problem.row, problem.code) for problem in caught.value.problems]


class TestScansWithoutALabel:
    """They are one time point up to 14 days after its first scan."""

    def test_two_scans_14_days_apart_are_one_time_point_and_15_days_apart_are_two(self) -> None:
        rows = [("", "2020-01-01", "T1", 50), ("", "2020-01-01", "T2", 50), ("", "2020-03-01", "T1", 30)]
        together = score(scans(*rows, ("", "2020-03-15", "T2", 30)))
        assert together.responses["timepoint"].tolist() == ["2020-03-01"]
        assert together.responses["overall_response"].tolist() == ["PR"]  # 60 of 100 mm
        apart = score(scans(*rows, ("", "2020-03-16", "T2", 30)))
        assert apart.responses["timepoint"].tolist() == ["2020-03-01", "2020-03-16"]
        assert apart.responses["overall_response"].tolist() == ["NE", "NE"]

    def test_the_window_counts_from_the_first_scan_of_the_time_point_and_not_from_the_last(self) -> None:
        rows = scans(
            ("", "2020-01-01", "T1", 50),
            ("", "2020-03-01", "T1", 40),
            ("", "2020-03-11", "X1", "present"),
            ("", "2020-03-21", "T1", 30),  # 10 days after the scan before, 20 after the first
        )
        assert score(rows).responses["timepoint"].tolist() == ["2020-03-01", "2020-03-21"]

    def test_the_window_is_an_option(self) -> None:
        rows = scans(("", "2020-01-01", "T1", 50), ("", "2020-03-01", "T1", 40), ("", "2020-03-08", "T1", 30))
        assert errors_of(rows) == [(4, "duplicate_row")]
        result = score(rows, options={"tp_window_days": 6})
        assert result.responses["timepoint"].tolist() == ["2020-03-01", "2020-03-08"]

    def test_a_lesion_measured_twice_within_the_window_is_a_fault_that_names_the_way_out(self) -> None:
        rows = scans(("", "2020-01-01", "T1", 50), ("", "2020-01-03", "T1", 40))
        with pytest.raises(DataError, match="label the time points"):
            score(rows)

    def test_the_earliest_is_the_baseline_whatever_the_order_of_the_rows(self) -> None:
        rows = scans(("", "2020-05-01", "T1", 20), ("", "2020-01-01", "T1", 50), ("", "2020-03-01", "T1", 30))
        result = score(rows)
        assert result.baselines["timepoint"].tolist() == ["2020-01-01"]
        assert result.responses["sum_mm"].tolist() == [30, 20]

    def test_every_reader_and_subject_has_time_points_of_its_own(self) -> None:
        one = scans(("", "2020-01-01", "T1", 50), ("", "2020-03-01", "T1", 30))
        other = scans(("", "2020-01-05", "T1", 50), ("", "2020-03-05", "T1", 30))
        table = pd.concat([one.assign(reader="A"), other.assign(reader="B"), other.assign(subject="S2")])
        labels = score(table).responses.groupby(["subject", "reader"])["timepoint"].agg(list).to_dict()
        assert labels == {
            ("S1", "A"): ["2020-03-01"],
            ("S1", "B"): ["2020-03-05"],
            ("S2", "reader-1"): ["2020-03-05"],
        }

    def test_the_column_must_be_there_although_its_cells_may_be_empty(self) -> None:
        rows = scans(("", "2020-01-01", "T1", 50))
        assert (1, "missing_column") in errors_of(rows.drop(columns="timepoint"))


class TestSomeScansWithoutALabel:
    """They join the labelled time point that began no more than the window before; the mixture is reported."""

    def test_a_scan_days_after_a_labelled_one_belongs_to_it(self) -> None:
        rows = scans(
            ("baseline", "2020-01-01", "T1", 50),
            ("", "2020-01-10", "T2", 50),
            ("week 8", "2020-03-01", "T1", 30),
            ("", "2020-03-03", "T2", 30),
        )
        result = score(rows)
        assert result.responses["timepoint"].tolist() == ["week 8"]
        assert result.responses["sum_mm"].tolist() == [60]
        mixed = result.problems[result.problems["code"] == "mixed_labels"]
        assert mixed["row"].tolist() == [3]

    def test_a_scan_before_a_labelled_one_is_a_time_point_of_its_own(self) -> None:
        rows = scans(
            ("baseline", "2020-01-01", "T1", 50),
            ("", "2020-02-28", "X1", "present"),
            ("week 8", "2020-03-01", "T1", 30),
        )
        assert score(rows).responses["timepoint"].tolist() == ["2020-02-28", "week 8"]

    def test_a_scan_after_the_start_does_not_join_the_baseline(self) -> None:
        rows = scans(("baseline", "2020-01-01", "T1", 50), ("", "2020-01-10", "T1", 30))
        result = score(rows, subjects=start("2020-01-05"))
        assert result.responses["timepoint"].tolist() == ["2020-01-10"]


class TestBaseline:
    """RECIST 1.1 §3.2.1: as close as possible to the start, never after it."""

    def test_the_last_time_point_at_or_before_the_start_is_the_baseline(self) -> None:
        rows = scans(
            ("", "2019-10-01", "T1", 40), ("", "2019-12-31", "T1", 50), ("", "2020-03-01", "T1", 35)
        )  # PR of 50, not of 40
        result = score(rows, subjects=start("2020-01-01"))
        assert result.baselines["timepoint"].tolist() == ["2019-12-31"]
        assert result.responses["overall_response"].tolist() == ["PR"]
        assert "before_baseline" in codes_of(result)

    def test_a_scan_on_the_day_of_the_start_is_before_it(self) -> None:
        rows = scans(("", "2019-10-01", "T1", 40), ("", "2020-01-01", "T1", 50), ("", "2020-03-01", "T1", 35))
        assert score(rows, subjects=start("2020-01-01")).baselines["timepoint"].tolist() == ["2020-01-01"]

    def test_scans_before_and_after_the_start_are_never_one_time_point(self) -> None:
        rows = scans(("", "2019-12-30", "T1", 50), ("", "2020-01-04", "T1", 52), ("", "2020-03-01", "T1", 35))
        result = score(rows, subjects=start("2020-01-01"))
        assert result.baselines["baseline_sum_mm"].tolist() == [50]
        assert result.responses["timepoint"].tolist() == ["2020-01-04", "2020-03-01"]

    def test_labels_without_the_word_baseline_follow_the_start_as_well(self) -> None:
        rows = scans(
            ("outside scan", "2019-11-01", "T1", 40),
            ("screening", "2019-12-20", "T1", 50),
            ("w8", "2020-03-01", "T1", 35),
        )
        assert score(rows, subjects=start("2020-01-01")).baselines["timepoint"].tolist() == ["screening"]
        assert score(rows).baselines["timepoint"].tolist() == ["outside scan"]

    def test_the_word_baseline_goes_before_all(self) -> None:
        rows = scans(
            ("baseline", "2019-12-01", "T1", 50), ("day 0", "2019-12-31", "T1", 55), ("w8", "2020-03-01", "T1", 35)
        )
        result = score(rows, subjects=start("2020-01-01"))
        assert result.baselines["timepoint"].tolist() == ["baseline"]
        assert "not_after_start" in codes_of(result)

    def test_a_last_scan_without_targets_does_not_displace_the_one_with_targets(self) -> None:
        rows = scans(("", "2019-12-01", "T1", 50), ("", "2019-12-31", "X1", "present"), ("", "2020-03-01", "T1", 35))
        assert score(rows, subjects=start("2020-01-01")).baselines["timepoint"].tolist() == ["2019-12-01"]

    def test_when_every_scan_is_after_the_start_the_baseline_is_refused(self) -> None:
        rows = scans(("", "2020-01-10", "T1", 50), ("", "2020-03-01", "T1", 35))
        assert errors_of(rows, subjects=start("2020-01-01")) == [(2, "baseline_after_start")]

    def test_a_baseline_of_29_days_is_flagged_and_kept(self) -> None:
        rows = scans(("", "2019-12-03", "T1", 50), ("", "2020-03-01", "T1", 35))
        result = score(rows, subjects=start("2020-01-01"))
        assert codes_of(result) == ["old_baseline"]
        assert result.responses["overall_response"].tolist() == ["PR"]


class TestMarkers:
    """A blood sample does not date a time point that has scans."""

    def test_a_blood_sample_long_before_the_scan_does_not_move_the_time_point(self) -> None:
        rows = scans(
            ("baseline", "2020-01-01", "T1", 50),
            ("week 8", "2020-03-01", "T1", 50),
            ("week 8", "2020-02-01", "M1", "normal"),
        )
        result = score(rows)
        assert result.responses["date"].dt.strftime("%Y-%m-%d").tolist() == ["2020-03-01"]
        assert "wide_time_point" not in codes_of(result)

    def test_a_time_point_made_from_dates_is_named_by_its_scan(self) -> None:
        rows = scans(("", "2020-01-01", "T1", 50), ("", "2020-02-27", "M1", "normal"), ("", "2020-03-01", "T1", 50))
        assert score(rows).responses["timepoint"].tolist() == ["2020-03-01"]


class TestOrderOfLabels:
    """The dates count; a label whose number says otherwise is reported."""

    @pytest.mark.parametrize(
        ("labels", "at"),
        [
            (["visit-2", "visit-1"], [4]),
            (["Week 8", "week 16", "week 12"], [5]),
            (["C2D1", "C1D15"], [4]),
            (["visit 9.3", "visit 9.2"], [4]),
            (["visit 9", "visit 10", "unscheduled 1", "visit 11"], []),
            (["week 8", "month 4", "week 24"], []),
            (["01.03.2020", "15.04.2020", "02.06.2020"], []),
            (["week 24", "week 8", "week 16"], [4, 5]),
        ],
    )
    def test_numbers_that_run_against_the_dates(self, labels, at) -> None:
        dates = ["2020-03-01", "2020-05-01", "2020-07-01", "2020-09-01"]
        follow_ups = [(label, date, "T1", 30) for label, date in zip(labels, dates, strict=False)]
        found = score(scans(("baseline", "2020-01-01", "T1", 30), *follow_ups)).problems
        assert found[found["code"] == "labels_out_of_order"]["row"].tolist() == at

    def test_the_message_names_the_time_point_it_contradicts(self) -> None:
        rows = scans(
            ("baseline", "2020-01-01", "T1", 30),
            ("visit-2", "2020-03-01", "T1", 30),
            ("visit-1", "2020-05-01", "T1", 30),
        )
        message = score(rows).problems["message"].tolist()[0]
        assert "visit-1 comes after visit-2 by date" in message


def naive_clusters(days: list[int], window: int) -> list[int]:
    """Cluster one series in a plain loop: the first day of the cluster of each day."""
    first: dict[int, int] = {}
    begins = None
    for day in sorted(set(days)):
        if begins is None or day - begins > window:
            begins = day
        first[day] = begins
    return [first[day] for day in days]


@pytest.mark.parametrize("seed", range(20))
def test_clusters_of_many_series_are_those_of_a_plain_loop_over_each(seed) -> None:
    random = np.random.default_rng(seed)
    n_rows, n_series, window = 300, 7, int(random.integers(0, 30))
    series = random.integers(0, n_series, n_rows)
    series[:n_series] = np.arange(n_series)
    day = random.integers(18000, 18400, n_rows)
    everywhere = np.ones(n_rows, dtype=bool)
    key = Key(series, np.zeros(n_rows, dtype=np.int64), np.array([""], dtype=object))
    visits, visit = derive_visits(key, Scans(day, everywhere, everywhere), np.full(n_series, LAST_DAY), window)
    for one in range(n_series):
        mine = series == one
        expected = naive_clusters(day[mine].tolist(), window)
        assert visits.label[visit[mine]].tolist() == [str(np.datetime64(first, "D")) for first in expected]


def test_the_window_of_a_labelled_time_point_runs_from_its_first_scan_and_not_from_its_last() -> None:
    rows = scans(
        ("baseline", "2020-01-01", "T1", 50),
        ("week 8", "2020-02-26", "T1", 30),
        ("week 8", "2020-03-07", "X1", "present"),  # day 10 of the time point
        ("", "2020-03-17", "T1", 60),  # day 20: beyond the 14 days from its first scan
    )
    baseline = scans(("baseline", "2020-01-01", "X1", "present"))
    responses = score(pd.concat([rows, baseline], ignore_index=True)).responses
    assert responses["date"].dt.strftime("%m-%d").tolist()[-1] == "03-17"
    assert responses["target_response"].tolist() == ["PR", "PD"]
