"""Rules of curves that users rely on: emptied risk sets, times beyond the last, bands, results as lines and tables.

Values of R 4.2.2, survival 3.5-3: ``survfit(Surv(start, stop, event) ~ 1)`` and its ``summary(times, extend = TRUE)``;
``survfit(Surv(time, factor(code, 0:2)) ~ 1, conf.type)`` for cumulative incidence.
"""

import re
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from recist.errors import DataError, UsageError
from survival.cumulative_incidence import cumulative_incidence
from survival.follow_up import follow_up
from survival.gray import gray_test
from survival.kaplan_meier import kaplan_meier
from survival.log_rank import log_rank
from survival.mantel_byar import mantel_byar
from survival.median_difference import median_difference
from survival.nelson_aalen import nelson_aalen
from survival.rates import rate
from survival.restricted_mean import restricted_mean
from survival.survival_difference import survival_difference
from survival.turnbull import turnbull

DATA = Path(__file__).parent / "reference" / "data"
HEART = pd.read_csv(DATA / "heart.csv")
MGUS2 = pd.read_csv(DATA / "mgus2.csv")
LATE = {"time": [1, 2, 5, 6], "event": [1, 1, 1, 0], "start": [0, 0, 3, 3]}


def test_a_curve_that_comes_to_nought_before_others_enter_stays_there_and_says_so():
    curve = kaplan_meier(**LATE)
    assert curve.table["survival"].tolist() == [0.5, 0, 0, 0]
    assert curve.table["at_risk"].tolist() == [2, 1, 2, 1]
    assert "everybody at risk at 2 had the event while 2 of 4 had yet to enter" in curve.messages[0]
    assert "begin it later" in str(curve)


def test_an_early_death_among_few_who_have_entered_is_flagged():
    time, start = [2, *range(21, 61)], [0, 0, *[10] * 39]
    curve = kaplan_meier(time, [1] * 41, start=start)
    (message,) = curve.messages
    assert message.startswith("all: an event at 2 met only 2 at risk, while up to 40 are at risk later")
    assert kaplan_meier(time, [1] * 41).messages == ()


def test_a_missing_stratum_is_named_as_one():
    with pytest.raises(DataError, match=r"stratum is missing.* 1 of 3 rows: 2"):
        log_rank([1, 2, 3], [1, 1, 0], list("aab"), strata=["x", None, "y"])


def test_a_risk_set_emptied_by_censoring_leaves_the_curve_where_it_is():
    curve = kaplan_meier([1, 2, 5, 6], [1, 0, 1, 0], start=[0, 0, 3, 3])
    assert curve.table["survival"].tolist() == [0.5, 0.5, 0.25, 0.25]
    assert curve.messages == ()


def test_beyond_the_last_time_survival_is_unknown_unless_all_have_died():
    assert np.isnan(kaplan_meier([1, 2], [1, 0]).at(5)["survival"][0])
    assert kaplan_meier([1, 2], [1, 1]).at(5)["survival"][0] == 0


def test_who_leaves_at_a_tick_is_still_at_risk_just_before_it():
    counts = kaplan_meier([1, 2, 2, 3], [1, 1, 0, 0]).risk_table([0, 1, 2, 2.5, 3, 4])
    assert counts["at_risk"].tolist() == [4, 4, 3, 1, 1, 0]
    assert counts["events"].tolist() == [0, 0, 1, 2, 2, 2]
    assert counts["censored"].tolist() == [0, 0, 0, 1, 1, 2]


def test_who_enters_at_the_time_of_an_event_is_not_at_risk_for_it():
    table = kaplan_meier([3, 3, 9], [1, 0, 1], start=[0, 0, 3]).table
    assert table["at_risk"].tolist() == [2, 1]


def test_a_death_at_time_nought_is_kept_and_flagged():
    curve = kaplan_meier([0, 0, 3], [1, 0, 1])
    assert curve.table["survival"].round(6).tolist() == [0.666667, 0]
    assert curve.messages == ("2 rows end at time 0 and are kept; check that the dates are right.",)


def test_codes_of_competing_events_are_refused_with_the_remedy():
    with pytest.raises(DataError, match=r"overstates.*cumulative_incidence.* 2 of 5 rows: 2, 4"):
        kaplan_meier([1, 2, 3, 4, 5], [1, 2, 0, 2, 1])


def test_deaths_coded_1_and_2_as_in_r_are_told_what_to_do():
    with pytest.raises(DataError, match="If 2 is the event and 1 is censoring, give 1 and 0"):
        kaplan_meier([1, 2, 3], [1, 2, 2])


def test_a_missing_event_is_not_a_censoring():
    with pytest.raises(DataError, match="event is missing"):
        kaplan_meier([1, 2, 3], [1, None, 0])


def test_of_many_faulty_rows_the_first_five_are_named_and_all_counted():
    with pytest.raises(DataError, match=r"12 of 20 rows: 1, 2, 3, 4, 5 and 7 more") as caught:
        kaplan_meier([-1] * 12 + [1] * 8, [1] * 20)
    assert len(caught.value.problems) == 1


@pytest.mark.parametrize(
    "values", [pd.to_datetime(["2001-03-04", "2002-01-01"]), pd.Series(pd.to_timedelta([3, 4], unit="D"))]
)
def test_dates_and_spans_of_dates_are_no_times(values):
    with pytest.raises(UsageError, match="not dates: give the days"):
        kaplan_meier(values, [1, 0])


@pytest.mark.parametrize(
    ("call", "sentence"),
    [
        (lambda: kaplan_meier([1, 2], [1, 0], confidence=95), "between 0 and 1, such as 0.95"),
        (lambda: kaplan_meier([1, 2], [1, 0], interval="loglog"), "log-log, log, plain"),
        (lambda: kaplan_meier([1, 2], [1, 0]).quantiles(50), "such as 0.5"),
        (lambda: kaplan_meier([[1, 2]], [1, 0]), "one column"),
        (lambda: median_difference([1, 2], [1, 0], ["a", "b"], reference="c"), "not one of the groups: a, b"),
    ],
)
def test_an_option_that_cannot_be_is_named_with_what_can(call, sentence):
    with pytest.raises(UsageError, match=sentence):
        call()


@pytest.mark.parametrize(
    ("interval", "lower", "upper"),
    [
        (
            "log-log",
            [[0.0254419907443464, 0.295871610782893], [0.0816899507073978, 0.692075590787579]],
            [[0.0446577215453444, 0.345092906957151], [0.1200191317174126, 0.753274752562143]],
        ),
        (
            "plain",
            [[0.0245209435641922, 0.295735414654329], [0.0806357686261833, 0.693440101879428]],
            [[0.0436864823845058, 0.344998605881427], [0.1189916632447550, 0.754615850405662]],
        ),
    ],
)
def test_other_bands_of_cumulative_incidence_equal_those_of_r(interval, lower, upper):
    read = cumulative_incidence(MGUS2["time"], MGUS2["code"], interval=interval).at([60, 240])
    for column, values in {"lower": lower, "upper": upper}.items():
        np.testing.assert_allclose(read[column].to_numpy().reshape(2, 2).T, values, rtol=1e-9)


def test_cumulative_incidence_with_late_entry_equals_that_of_r():
    start = (np.arange(1, len(MGUS2) + 1) % 5) * 3
    late = MGUS2.assign(start=start)[start < MGUS2["time"]]
    assert len(late) == 1278
    read = cumulative_incidence(late["time"], late["code"], start=late["start"]).at([24, 120, 240])
    one, two = read[read["cause"] == 1], read[read["cause"] == 2]
    np.testing.assert_allclose(
        one["incidence"], [0.0133816761740821, 0.0596382764892551, 0.0956489751858962], rtol=1e-9
    )
    np.testing.assert_allclose(two["incidence"], [0.175748694730977, 0.536807632891362, 0.728587331798340], rtol=1e-9)
    # se of R's prodlim(Hist(time, code, entry = start) ~ 1), prodlim 2019.11.13; survfit gives the jackknife's here
    np.testing.assert_allclose(
        one["standard_error"], [0.00340907057023, 0.00679263074510, 0.00983742816952], rtol=1e-11
    )
    np.testing.assert_allclose(two["standard_error"], [0.0160276133686, 0.0156694178858, 0.0160883230458], rtol=1e-11)


def test_a_quarter_has_died_before_progression_when_the_curve_first_comes_there():
    fit = cumulative_incidence(MGUS2["time"], MGUS2["code"])
    row = fit.quantiles(0.25).set_index("cause")
    death = fit.table[fit.table["cause"] == 2]
    assert row.loc[2, "value"] == death.loc[death["incidence"] >= 0.25, "time"].iloc[0]
    assert row.loc[2, "lower"] == death.loc[death["upper"] >= 0.25, "time"].iloc[0]
    assert row.loc[2, "upper"] == death.loc[death["lower"] >= 0.25, "time"].iloc[0]
    assert row.loc[1].isna()[["value", "lower", "upper"]].all()  # 13 % by thirty years


def test_the_risk_table_of_competing_events_adds_up():
    table = cumulative_incidence(MGUS2["time"], MGUS2["code"], MGUS2["sex"]).risk_table([0, 60, 120, 240])
    assert (table["entered"] == table[["at_risk", "censored", "events_1", "events_2"]].sum(axis=1)).all()
    women = MGUS2[MGUS2["sex"] == "F"]
    assert table.loc[(table["group"] == "F") & (table["time"] == 120), "at_risk"].item() == (women["time"] >= 120).sum()


def test_incidences_are_the_same_to_the_last_digit_when_computed_again():
    tied = MGUS2.assign(time=np.ceil(MGUS2["time"] / 24))
    first, second = (cumulative_incidence(tied["time"], tied["code"]).table for _ in range(2))
    pd.testing.assert_frame_equal(first, second, check_exact=True)


def test_without_any_event_there_are_no_incidences():
    fit = cumulative_incidence([1, 2], [0, 0])
    assert str(fit) == "No event occurred."
    assert fit.at([1]).empty
    assert fit.quantiles().empty


def test_the_cumulative_hazard_with_late_entry_and_its_error_equal_those_of_r():
    table = nelson_aalen(HEART["stop"], HEART["event"], start=HEART["start"])
    rows = np.searchsorted(table["time"], [30, 100, 365], side="right") - 1
    hazard, error = table["cumulative_hazard"][rows], table["standard_error"][rows]
    np.testing.assert_allclose(hazard, [0.251330434646125, 0.697995261990906, 1.121696126530759], rtol=1e-12)
    np.testing.assert_allclose(error, [0.0525711577982623, 0.1000732900242434, 0.1466032016487113], rtol=1e-12)
    np.testing.assert_allclose(table["upper"][rows] / hazard, np.exp(1.959963984540054 * error / hazard))


def test_the_range_of_follow_up_is_told_of_all_and_of_the_living():
    row = follow_up([3, 10, 20, 30], [1, 0, 1, 0]).table.iloc[0]
    assert row[["shortest", "longest", "shortest_censored", "longest_censored"]].tolist() == [3, 30, 10, 30]


RESULTS = {
    "kaplan_meier": kaplan_meier([1, 2, 3], [1, 1, 0], group=["<b>", "<b>", "c"]),
    "log_rank": log_rank([1, 2, 3], [1, 1, 0], list("aab")),
    "follow_up": follow_up([1, 2, 3], [1, 0, 0]),
    "rate": rate(1, 3),
    "restricted_mean": restricted_mean([1, 2, 3], [1, 1, 0], list("aab"), 2),
    "cumulative_incidence": cumulative_incidence([1, 2, 3], [1, 2, 0]),
    "gray_test": gray_test([1, 2, 3, 4], [1, 2, 1, 0], list("abab")),
    "median_difference": median_difference([1, 2, 3, 4], [1, 1, 1, 1], list("abab"), replicates=20),
    "survival_difference": survival_difference([1, 2, 3, 4], [1, 1, 1, 1], list("abab"), at=2),
    "mantel_byar": mantel_byar([3, 4, 5], [1, 1, 0], [1, np.nan, 2]),
    "turnbull": turnbull([1, 1, 2], [2, 2, np.nan]),
}


@pytest.mark.parametrize("name", RESULTS)
def test_a_result_shows_itself_in_a_notebook_as_its_line_above_a_captioned_table(name):
    shown = RESULTS[name]._repr_html_()
    assert re.fullmatch(r"<div><p>.+</p>(<ul>.+</ul>)?<table><caption.*?>.+</table></div>", shown, flags=re.DOTALL)
    assert '<th scope="col">' in shown
    assert "nan" not in shown
    assert "<b>" not in shown


@pytest.mark.parametrize("name", RESULTS)
def test_a_printed_result_is_a_line_of_a_paper(name):
    assert re.search(r"95 % CI|χ² = .* df, p |median .* \(between", str(RESULTS[name]))
    assert "nan" not in str(RESULTS[name])
