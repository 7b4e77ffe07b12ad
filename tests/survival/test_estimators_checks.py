"""Wrong input stops with every fault named at once, and the second opinion of lifelines agrees."""

import subprocess
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from recist.errors import DataError, UsageError
from survival import cox, kaplan_meier, log_rank
from survival.nelson_aalen import nelson_aalen
from survival.pairwise import pairwise_log_rank
from survival.second_opinion import second_opinion

DATA = Path(__file__).parent / "reference" / "data"


def test_every_wrong_row_is_named_at_once():
    with pytest.raises(DataError) as caught:
        kaplan_meier([-1, 5, np.nan, 4], [1, 2, 0, 1], start=[0, 0, 0, 4])
    found = {(problem.code, problem.row) for problem in caught.value.problems}
    assert {("time_negative", 1), ("event_code", 2), ("time_missing", 3), ("start_not_before_time", 4)} <= found


def test_negative_entry_is_refused():
    with pytest.raises(DataError, match="Entry is negative"):
        cox([5, 6], [1, 0], [0, 1], start=[-1, 0])


def test_one_group_cannot_be_compared():
    with pytest.raises(DataError, match="too few groups"):
        log_rank([1, 2], [1, 0], ["a", "a"])


def test_a_missing_group_is_refused_and_not_dropped():
    with pytest.raises(DataError, match="group is missing"):
        kaplan_meier([1, 2], [1, 0], group=["PR", None])


@pytest.mark.parametrize(
    ("call", "sentence"),
    [
        (lambda: kaplan_meier([1, 2], [1]), "one length"),
        (lambda: kaplan_meier([], []), "no row"),
        (lambda: kaplan_meier(["a"], [1]), "must hold numbers"),
        (lambda: cox([1, 2], [0, 0], [0, 1]), "at least one event"),
        (lambda: cox([1, 2], [1, 1], [1, 1]), "nothing to estimate"),
        (lambda: cox([1, 2], [1, 1], [0, 1], weights=[0, 1]), "positive"),
        (lambda: cox([1, 2], [1, 1], [[np.nan], [np.nan]]), "No row has all covariates"),
    ],
)
def test_a_call_that_cannot_work_says_why(call, sentence):
    with pytest.raises(UsageError, match=sentence):
        call()


def test_a_death_on_day_zero_is_kept():
    table = kaplan_meier([0, 3], [1, 0]).table
    assert table["survival"].tolist() == [0.5, 0.5]


def test_nullable_and_boolean_columns_are_taken_as_they_are():
    time, event = pd.Series([1, 2, 3], dtype="Int64"), pd.Series([True, False, True], dtype="boolean")
    assert kaplan_meier(time, event).table["events"].tolist() == [1, 0, 1]


def test_groups_keep_the_order_of_a_categorical():
    group = pd.Categorical(["PD", "CR", "PD", "CR"], categories=["CR", "SD", "PD"])
    assert kaplan_meier([1, 2, 3, 4], [1, 1, 0, 1], group=group).quantiles()["group"].tolist() == ["CR", "PD"]


def test_lifelines_agrees_on_the_veterans_trial():
    veteran = pd.read_csv(DATA / "veteran.csv")
    opinion = second_opinion(
        veteran["time"], veteran["event"], group=veteran["celltype"], covariates=veteran[["karno", "age", "celltype"]]
    )
    assert set(opinion["estimate"]) >= {"survival", "log-rank statistic", "coefficient", "log-likelihood"}
    assert opinion["difference"].max() < 1e-8


def test_lifelines_agrees_on_start_stop_rows():
    heart = pd.read_csv(DATA / "heart.csv")
    opinion = second_opinion(
        heart["stop"], heart["event"], start=heart["start"], covariates=heart[["age", "transplant"]]
    )
    assert opinion["difference"].max() < 1e-8


def test_the_cumulative_hazard_adds_up_deaths_over_numbers_at_risk():
    table = nelson_aalen([1, 2, 2, 3, 4], [1, 1, 1, 0, 1])
    assert table["cumulative_hazard"].tolist() == pytest.approx([1 / 5, 1 / 5 + 2 / 4, 0.7, 1.7])


def test_pairwise_p_values_are_corrected_by_holm_and_by_benjamini_and_hochberg():
    veteran = pd.read_csv(DATA / "veteran.csv")
    table = pairwise_log_rank(veteran["time"], veteran["event"], veteran["celltype"]).sort_values("p_value")
    smallest, largest = table.iloc[0], table.iloc[-1]
    assert smallest["holm_p_value"] == pytest.approx(6 * smallest["p_value"])
    assert smallest["bh_p_value"] == pytest.approx(6 * smallest["p_value"])
    assert largest["holm_p_value"] == largest["bh_p_value"] == largest["p_value"]


def test_the_package_hands_out_questions_and_estimators_in_at_most_twenty_names():
    import survival

    assert len(survival.__all__) <= 20
    sentences = {"load_cohort", "overall_survival", "first_response", "compare_survival", "switches_on", "report"}
    estimators = {"kaplan_meier", "log_rank", "cox", "proportional_hazards", "restricted_mean", "cumulative_incidence"}
    assert sentences | estimators <= set(survival.__all__)
    assert all(callable(getattr(survival, name)) for name in survival.__all__)
    with pytest.raises(AttributeError, match="kaplan_maier"):
        _ = survival.kaplan_maier


def test_importing_the_package_does_not_load_the_report():
    code = "import sys, survival; print(sorted({'survival.reporting', 'survival.cohort', 'jinja2'} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_importing_the_package_loads_neither_scipy_nor_lifelines_nor_matplotlib():
    code = "import sys, survival; print(sorted({'scipy', 'lifelines', 'matplotlib', 'numba'} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
