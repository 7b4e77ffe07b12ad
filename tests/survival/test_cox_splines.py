"""Natural splines equal those of R's splines::ns, calibration that of R by hand; see reference_cox/make_reference.R."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from recist.errors import UsageError
from survival.calibration import calibration
from survival.cox import cox
from survival.prediction import predict_survival
from survival.splines import compare_with_line, natural_spline, say_knots

HERE = Path(__file__).parent
PBC = pd.read_csv(HERE / "reference" / "data" / "pbc.csv")
VALUES = pd.read_csv(HERE / "reference_cox" / "values.csv", dtype={"case": str, "item": str, "name": str})


def expected(case, item):
    return VALUES.loc[(VALUES["case"] == case) & (VALUES["item"] == item), "value"].astype(float).to_numpy()


def digest(columns):
    """First two values, sum times place and sum of squares of each column, as the script of the reference."""
    values = columns.to_numpy()
    place = np.arange(1, len(values) + 1)
    return np.vstack([values[:2], place @ values, (values**2).sum(axis=0)]).T.ravel()


@pytest.mark.parametrize("df", [2, 3, 4])
def test_the_columns_of_a_spline_with_default_knots_equal_those_of_r(df):
    spline = natural_spline(PBC["bili"], degrees_of_freedom=df, name="bilirubin")
    assert spline.attrs["knots"] == pytest.approx(expected(f"ns {df}", "knots"))
    np.testing.assert_allclose(digest(spline), expected(f"ns {df}", "column"), rtol=1e-9, atol=1e-12)


def test_knots_and_boundary_can_be_given_and_the_curve_is_straight_beyond():
    spline = natural_spline(PBC["bili"], knots=[1, 4], boundary=(0.5, 20), name="bilirubin")
    np.testing.assert_allclose(digest(spline), expected("ns knots", "column"), rtol=1e-9, atol=1e-12)
    beyond = natural_spline([20, 25, 30], knots=[1, 4], boundary=(0.5, 20), name="bilirubin").to_numpy()
    np.testing.assert_allclose(beyond[2] - beyond[1], beyond[1] - beyond[0], rtol=1e-9)


def test_the_test_of_non_linearity_equals_the_likelihood_ratio_of_r():
    curve = natural_spline(PBC["bili"], degrees_of_freedom=3, name="bilirubin")
    curved = cox(PBC["time"], PBC["event"], pd.concat([curve, PBC["age"]], axis=1))
    straight = cox(PBC["time"], PBC["event"], PBC[["bili", "age"]])
    result = compare_with_line(curved, straight)
    assert result.statistic == pytest.approx(expected("non-linearity", "statistic")[0], rel=1e-8)
    assert result.degrees_of_freedom == 2
    assert str(result).startswith("Non-linearity: χ² = ")


def test_a_missing_value_stays_missing_and_the_knots_are_stated():
    spline = natural_spline(pd.Series([40, 50, None, 60, 80], index=list("abcde")), degrees_of_freedom=2, name="age")
    assert spline.index.tolist() == list("abcde")
    assert spline.isna().all(axis=1).tolist() == [False, False, True, False, False]
    assert say_knots(spline) == (
        "age: natural cubic spline with 2 degrees of freedom, inner knots 55, boundary knots 40 and 80"
    )


@pytest.mark.parametrize(
    ("values", "options"),
    [([1, 1, 1, 2], {"degrees_of_freedom": 3}), ([1, 2, 3], {"knots": [5]}), ([1, 2], {"degrees_of_freedom": 0})],
)
def test_knots_that_coincide_or_lie_outside_are_refused(values, options):
    with pytest.raises(UsageError, match=r"must rise|at least 1"):
        natural_spline(values, name="age", **options)


def predicted_half():
    half = np.arange(len(PBC)) % 2 == 0
    terms = ["age", "bili", "albumin"]
    fit = cox(PBC["time"][half], PBC["event"][half], PBC.loc[half, terms])
    others = PBC[~half]
    return predict_survival(fit, others[terms], [730])[730], others


def test_groups_of_predicted_survival_at_two_years_and_their_kaplan_meier_survival_equal_those_of_r():
    predicted, others = predicted_half()
    table = calibration(predicted, others["time"], others["event"], at=730).table
    # R's groups begin with the lowest predicted survival, and so do ours
    assert table["n"].tolist() == expected("calibration", "n").tolist()
    np.testing.assert_allclose(table["predicted"], expected("calibration", "predicted"), rtol=1e-8)
    np.testing.assert_allclose(table["observed"], expected("calibration", "surv"), rtol=1e-9)
    with_deaths = (table["observed"] < 1).to_numpy()
    for name in ("lower", "upper"):
        np.testing.assert_allclose(table[name][with_deaths], expected("calibration", name)[with_deaths], rtol=1e-9)
        # where R gives an interval of no width
        assert table[name][~with_deaths].isna().all()


def test_calibration_slope_and_observed_over_predicted_deaths_equal_those_of_r():
    predicted, others = predicted_half()
    found = calibration(predicted, others["time"], others["event"], at=730)
    slope = [found.slope, found.slope_lower, found.slope_upper]
    np.testing.assert_allclose(slope, expected("calibration", "slope"), rtol=1e-6)
    ratio = [found.ratio, found.ratio_lower, found.ratio_upper]
    np.testing.assert_allclose(ratio, expected("calibration", "ratio"), rtol=1e-8)
    assert str(found).startswith("Calibration at 730 (n = 156): observed/predicted 0.86 (95 % CI 0.52 to 1.41); slope")
    assert "optimistic" in str(found)


def test_on_the_very_people_of_the_model_the_slope_is_1_by_construction():
    terms = PBC[["age", "bili"]]
    fit = cox(PBC["time"], PBC["event"], terms)
    found = calibration(predict_survival(fit, terms, [730])[730], PBC["time"], PBC["event"], at=730)
    assert found.slope == pytest.approx(1, rel=1e-6)
    assert any("optimistic" in message for message in found.messages)


def test_people_without_a_prediction_are_left_out_and_counted():
    found = calibration([0.9, 0.5, np.nan, 0.2, 0.7], [9, 4, 3, 2, 8], [0, 1, 1, 1, 0], at=5, groups=2)
    assert (found.n, found.n_missing) == (4, 1)
    assert found.table["n"].tolist() == [2, 2]
    assert found.table["observed"].tolist() == [0, 1]
    assert "1 without a prediction left out." in found.messages


@pytest.mark.parametrize("predicted", [[70, 20], [-0.1, 0.5], [np.nan, np.nan]])
def test_what_cannot_be_predicted_survival_is_refused(predicted):
    with pytest.raises(UsageError, match=r"0\.7, not 70|Nobody"):
        calibration(predicted, [1, 2], [1, 1], at=1)
