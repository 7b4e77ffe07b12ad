"""Baseline hazard, residuals and predicted survival of a Cox model agree with R's survival package.

reference_cox/make_reference.R computes the expected values with ``basehaz``, ``residuals.coxph`` and ``survfit.coxph``;
versions.txt beside it names the versions and the date.
"""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from recist.errors import UsageError
from survival.cox import cox
from survival.prediction import predict_intervals, predict_survival

HERE = Path(__file__).parent
VALUES = pd.read_csv(HERE / "reference_cox" / "values.csv", dtype={"case": str, "item": str, "name": str})
CLOSE = {"rtol": 1e-7, "atol": 1e-9}

# case: data, time, covariates, options (names of columns, or values)
CASES = {
    "veteran months": ("veteran", "months", "karno age", {}),
    "veteran months breslow": ("veteran", "months", "karno age", {"ties": "breslow"}),
    "veteran strata": ("veteran", "months", "karno age", {"strata": "celltype"}),
    "veteran weights": ("veteran", "months", "karno age", {"weights": "weight"}),
    "veteran cluster": ("veteran", "months", "karno age", {"cluster": "age"}),
    "heart": ("heart", "stop", "age surgery transplant", {"start": "start"}),
    "heart strata": ("heart", "stop", "age transplant", {"start": "start", "strata": "surgery"}),
}
NEW = pd.DataFrame({"karno": [30, 60, 90], "age": [70, 60, 40]})
NEW_STRATA = ["squamous", "large", "smallcell"]


def fit(case):
    name, time, covariates, options = CASES[case]
    table = pd.read_csv(HERE / "reference" / "data" / f"{name}.csv")
    chosen = {key: table.get(value, value) for key, value in options.items()}
    return cox(table[time], table["event"], table[covariates.split()], **chosen)


def expected(case, item):
    rows = VALUES[(VALUES["case"] == case) & (VALUES["item"] == item)]
    return rows.assign(value=rows["value"].astype(float))


@pytest.mark.parametrize("case", CASES)
def test_the_baseline_hazard_equals_that_of_r_at_every_time_of_exit(case):
    ours = fit(case).baseline()
    theirs = expected(case, "baseline")
    names = ours["stratum"].astype(str) + " " + ours["time"].map("{:g}".format)
    assert names.tolist() == theirs["name"].tolist()
    np.testing.assert_allclose(ours["cumulative_hazard"], theirs["value"], **CLOSE)
    np.testing.assert_allclose(ours["survival"], np.exp(-theirs["value"]), **CLOSE)


@pytest.mark.parametrize("kind", ["martingale", "deviance", "score", "dfbeta", "dfbetas"])
@pytest.mark.parametrize("case", CASES)
def test_residuals_equal_those_of_r(case, kind):
    ours = fit(case).residuals(kind)
    theirs = expected(case, kind)
    for place, column in enumerate(ours, start=1):
        values = ours[column].to_numpy()
        digest = [*values[:2], values @ np.arange(1, len(values) + 1), values @ values]
        wanted = theirs.loc[theirs["name"] == str(place), "value"]
        np.testing.assert_allclose(digest, wanted, rtol=1e-7, atol=1e-8)


@pytest.mark.parametrize("case", CASES)
def test_schoenfeld_residuals_have_the_sum_of_squares_of_r(case):
    ours, theirs = fit(case).residuals("schoenfeld"), expected(case, "schoenfeld")
    for place, column in enumerate(ours.columns[2:], start=1):
        squares = theirs.loc[theirs["name"] == str(place), "value"].iloc[3]
        assert (ours[column] ** 2).sum() == pytest.approx(squares, rel=1e-7)


@pytest.mark.parametrize("interval", ["log", "log-log", "plain"])
@pytest.mark.parametrize("case", [case for case in CASES if case.startswith("veteran")])
def test_predicted_survival_and_its_interval_equal_those_of_r(case, interval):
    model, times = fit(case), [1, 3, 6, 12]
    strata = NEW_STRATA if case == "veteran strata" else None
    table = predict_intervals(model, NEW, times, strata=strata, interval=interval)
    for column, part in (("survival", "surv"), ("standard_error", "std.err"), ("lower", "lower"), ("upper", "upper")):
        theirs = expected(case, f"{part} {interval}")["value"]
        if len(theirs):
            np.testing.assert_allclose(table[column], theirs, **CLOSE, err_msg=column)
    wide = predict_survival(model, NEW, times, strata=strata)
    np.testing.assert_array_equal(wide.to_numpy().ravel(), table["survival"])


def test_survival_is_1_before_the_first_death_and_unknown_after_the_last_follow_up():
    model = cox([2, 4, 5, 7], [1, 1, 0, 0], [1, 0, 1, 0])
    survival = predict_survival(model, [0, 1], [1, 7, 8])
    assert survival[1].tolist() == [1, 1]
    assert survival[7].between(0, 1, inclusive="neither").all()
    assert survival[8].isna().all()


def test_somebody_with_a_missing_covariate_has_no_prediction():
    model = cox([2, 4, 5, 7], [1, 1, 0, 1], pd.DataFrame({"age": [60, 50, 70, 40]}))
    people = pd.DataFrame({"age": [55, None]}, index=["A", "B"])
    survival = predict_survival(model, people, [4])
    assert survival.index.tolist() == ["A", "B"]
    assert survival[4].isna().tolist() == [False, True]


def test_a_level_the_model_has_not_seen_is_refused():
    model = cox([2, 4, 5, 7], [1, 1, 0, 1], pd.DataFrame({"site": ["lung", "midgut", "lung", "midgut"]}))
    with pytest.raises(UsageError, match="site has pancreas, but the model knows lung, midgut only"):
        predict_survival(model, pd.DataFrame({"site": ["pancreas"]}), [4])
    with pytest.raises(UsageError, match="The model needs site"):
        predict_survival(model, pd.DataFrame({"age": [50]}), [4])


def test_a_model_with_strata_asks_for_the_stratum_of_each_person():
    model = fit("veteran strata")
    with pytest.raises(UsageError, match="give the stratum of each person"):
        predict_survival(model, NEW, [1])
    with pytest.raises(UsageError, match="no stratum midgut; it knows adeno"):
        predict_survival(model, NEW, [1], strata=["adeno", "large", "midgut"])
