"""A switch on a day of one's own: the Mantel-Byar test and Simon-Makuch curves equal those of R on start-stop rows.

Stanford heart transplants (Crowley J, Hu M. J Am Stat Assoc 1977;72:27-36). Values of R 4.2.2, survival 3.5-3:
``coxph(Surv(start, stop, event) ~ transplant, heart, ties = "exact")$score``, the hypergeometric log-rank test of the
rows, and ``survfit(Surv(start, stop, event) ~ transplant, heart, conf.type = "log-log")``.
"""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from recist.errors import DataError, UsageError
from survival.mantel_byar import compare_states, mantel_byar
from survival.simon_makuch import simon_makuch
from survival.switch import require_stays

NAN = float("nan")
ROWS = pd.read_csv(Path(__file__).parent / "reference" / "data" / "heart.csv")


def people():
    """Tell the same patients as one row each, with the day of the transplant."""
    last = ROWS.sort_values("stop").groupby("id").last()
    day = ROWS[ROWS["transplant"] == 1].groupby("id")["start"].min()
    return last[["stop", "event", "surgery"]].join(day.rename("day"))


HEART = people()


def test_a_heart_transplant_does_not_change_the_hazard_by_mantel_and_byar():
    test = mantel_byar(HEART["stop"], HEART["event"], HEART["day"])
    assert test.statistic == pytest.approx(0.175085839672177, rel=1e-9)
    assert (test.n, test.n_switched, test.degrees_of_freedom) == (103, 69, 1)
    assert test.table.columns.tolist() == ["group", "observed", "expected"]
    assert test.table["observed"].tolist() == [30, 45]
    assert test.table["expected"].sum() == pytest.approx(75)
    assert "69 of 103 switch; 45 events after the switch" in str(test)


def test_the_test_is_stratified_by_earlier_surgery_as_in_r():
    test = mantel_byar(HEART["stop"], HEART["event"], HEART["day"], strata=HEART["surgery"])
    assert test.statistic == pytest.approx(0.227943935259121, rel=1e-9)


def test_who_enters_late_is_not_counted_before():
    kept = HEART[HEART["stop"] > 5]
    test = mantel_byar(kept["stop"], kept["event"], kept["day"], start=np.full(len(kept), 5))
    assert test.statistic == pytest.approx(0.0655243992687205, rel=1e-9)


def test_rows_that_are_split_already_and_split_again_give_the_same_test():
    again = ROWS[(ROWS["stop"] > 60) & (ROWS["start"] < 60)]
    rows = pd.concat(
        [
            ROWS.drop(again.index),
            again.assign(stop=60, event=0),
            again.assign(start=60),
        ]
    ).sample(frac=1, random_state=1)
    stays = require_stays(rows["id"], rows["start"], rows["stop"], rows["event"], rows["transplant"])
    test = compare_states(stays)
    assert len(stays.person) == len(ROWS)
    assert stays.moved.sum() == 69
    assert test.statistic == pytest.approx(0.175085839672177, rel=1e-9)


def test_survival_before_and_after_the_transplant_equals_that_of_r():
    read = simon_makuch(HEART["stop"], HEART["event"], HEART["day"]).at([30, 100, 365])
    survival = [0.806805530792008, 0.562714010979086, 0.236339884611216]
    survival += [0.735421441303794, 0.467875421481527, 0.321095219194386]
    lower = [0.7058737779257962, 0.3908868081747178, 0.0545592795601195]
    lower += [0.4804994713333389, 0.3067099515449313, 0.1992643412794468]
    np.testing.assert_allclose(read["survival"], survival, rtol=1e-9)
    np.testing.assert_allclose(read["lower"], lower, rtol=1e-9)


def test_medians_before_and_after_the_transplant_equal_those_of_r():
    medians = simon_makuch(HEART["stop"], HEART["event"], HEART["day"]).quantiles()
    assert medians["value"].tolist() == [149, 90]
    assert medians["upper"].tolist() == [340, 285]


def test_the_risk_table_says_who_moved_and_counts_nobody_twice():
    curves = simon_makuch(HEART["stop"], HEART["event"], HEART["day"], names=("waiting", "transplanted"))
    table = curves.risk_table([0, 30, 100, 365])
    assert (table["entered"] == table[["at_risk", "events", "censored", "moved"]].sum(axis=1)).all()
    waiting = table[table["group"] == "waiting"].set_index("time")
    # counted in the patients' own rows: waiting on day 100 are those neither transplanted, dead nor gone before it
    still = (HEART["stop"] >= 100) & ~(HEART["day"] < 100)
    assert waiting.loc[100, "at_risk"] == still.sum()
    assert waiting.loc[100, "moved"] == (HEART["day"] < 100).sum()
    assert waiting.loc[0, "at_risk"] == 103


def test_who_is_transplanted_is_not_marked_as_censored_on_the_first_curve():
    table = simon_makuch(HEART["stop"], HEART["event"], HEART["day"]).table
    before = table[table["group"] == "before or without"]
    assert before["moved"].sum() == 69
    assert before["censored"].sum() == 103 - 69 - 30


def test_a_curve_begun_later_starts_at_1_where_enough_are_at_risk():
    time, event = [10, 20, 30, 40, 50], [1, 1, 1, 1, 1]
    curves = simon_makuch(time, event, [2, 4, 6, NAN, NAN], fewest_at_risk=3)
    assert curves.begins() == (0.0, 6.0)
    after = curves.table[curves.table["group"] == "after"]
    assert after["at_risk"].tolist() == [3, 2, 1]
    early = simon_makuch([3, 20, 30, 40, 50], event, [2, 4, 6, NAN, NAN], fewest_at_risk=2)
    late = early.table[early.table["group"] == "after"]
    assert late["time"].tolist() == [20, 30]  # the death on day 3 is before two were at risk


def test_an_event_on_the_day_of_the_switch_belongs_to_the_state_before():
    table = simon_makuch([5, 5, 9], [1, 0, 1], [5, NAN, 3]).table
    assert table.loc[table["group"] == "before or without", "events"].sum() == 1
    assert table.loc[table["group"] == "after", "at_risk"].tolist() == [1]


def test_who_has_switched_at_the_beginning_spends_all_time_after_it():
    stays = simon_makuch([5, 6, 7], [1, 1, 1], [0, NAN, NAN]).table
    assert stays[stays["group"] == "after"]["time"].tolist() == [5]
    assert stays[stays["group"] == "before or without"]["at_risk"].tolist() == [2, 1]


def test_a_switch_before_the_index_date_is_refused():
    with pytest.raises(DataError, match="before the index date"):
        mantel_byar([5, 6], [1, 1], [-3, NAN])


def test_without_anybody_who_switches_in_time_there_is_nothing_to_test():
    with pytest.raises(UsageError, match="Nobody switches"):
        mantel_byar([5, 6], [1, 1], [5, 8])
