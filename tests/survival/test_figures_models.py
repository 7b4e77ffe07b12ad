"""What the figures of Cox models show: ratios, residuals with their smooth, log(-log) curves, calibration."""

import math

import numpy as np
import pandas as pd
import pytest

from survival.figures.calibration import draw_calibration
from survival.figures.forest import ForestRow, Ratio, choose_ticks, draw_forest, limits
from survival.figures.log_log import LogLogPanel, draw_log_log, transform
from survival.figures.schoenfeld import ResidualPanel, draw_schoenfeld
from survival.figures.smooth import fit_smooth
from survival.figures.style import report_style
from survival.models import ModelPlan
from survival.reporting.calibration import cross_validate

# R 4.2.2, splines: lm(y ~ ns(x, df = 4)), predict(se.fit = TRUE) at 60 even places, the 1st, 20th, 41st and 60th
X = np.array([0.05, 0.1, 0.22, 0.31, 0.38, 0.5, 0.61, 0.7, 0.83, 0.9, 0.97, 1.2])
Y = np.array([1.2, -0.5, 0.3, 2.1, -1.0, 0.4, 0.9, -0.2, 1.5, 0.1, -0.7, 0.6])
R_FIT = [0.5214401143, 0.4495269126, 0.2718466912, 0.3506869217]
R_ERROR = [0.9267121795, 0.6041903079, 0.6392314797, 1.1344818424]


@pytest.fixture(autouse=True)
def _style():
    with report_style():
        yield


def ratio(value: float, lower: float, upper: float) -> Ratio:
    return Ratio(hazard_ratio=value, lower=lower, upper=upper, text=f"{value:.2f} ({lower:.2f}–{upper:.2f})")


def words(axes) -> list[str]:
    return [text.get_text() for text in axes.texts]


def test_each_term_stands_alone_and_together_on_the_same_axis_with_its_numbers():
    rows = (
        ForestRow(label="Baseline (n = 20, 12 events)"),
        ForestRow(label="Age", alone=ratio(2.0, 1.0, 4.0), together=ratio(1.5, 0.8, 2.8)),
        ForestRow(label="Sex", together=ratio(0.5, 0.25, 1.0)),
    )
    whole, alone, together = draw_forest(rows, value_label="Hazard ratio", text_header="HR (95 % CI)").axes

    assert alone.get_xscale() == "log"
    assert alone.get_xlim() == together.get_xlim()
    squares = [[line.get_xdata()[0] for line in axes.lines if line.get_marker() == "s"] for axes in (alone, together)]
    assert squares == [[2.0], [1.5, 0.5]]
    assert [list(line.get_xdata()) for line in together.lines if len(line.get_xdata()) == 2][1:] == [
        [0.8, 2.8],
        [0.25, 1],
    ]
    assert {"Alone", "Together", "HR (95 % CI)", "2.00 (1.00–4.00)", "0.50 (0.25–1.00)", "Age", "Sex"} <= set(
        words(whole)
    )


def test_an_interval_beyond_the_axis_ends_in_an_arrow_and_not_in_a_limit_it_does_not_have():
    rows = (ForestRow(label="Separating term", together=ratio(9.0, 0.01, math.inf)),)
    together = draw_forest(rows, value_label="Hazard ratio", text_header="HR").axes[1]

    assert limits(rows)[0] == 0.05
    assert {"<", ">"} <= {line.get_marker() for line in together.lines}


def test_a_model_without_single_terms_takes_the_whole_width():
    figure = draw_forest((ForestRow(label="Age", together=ratio(1.2, 0.9, 1.6)),), value_label="HR", text_header="HR")

    assert len(figure.axes) == 2
    assert "Together" not in words(figure.axes[0])


def test_the_ticks_of_ratios_keep_one_and_stand_apart():
    assert choose_ticks(0.05, 20, close=0.3) == [0.1, 1, 10]
    assert 1 in choose_ticks(0.4, 2.5, close=0.2)


def test_the_smooth_line_and_its_error_are_those_of_a_natural_spline_in_r():
    smooth = fit_smooth(X, Y)
    at = [0, 19, 40, 59]

    assert smooth.fit[at] == pytest.approx(R_FIT, abs=1e-9)
    assert (smooth.upper - smooth.fit)[at] / 1.959963984540054 == pytest.approx(R_ERROR, abs=1e-9)


def test_too_few_events_have_points_but_no_smooth_line():
    assert fit_smooth(np.array([1.0, 1, 2, 3]), np.array([0.0, 1, 2, 3])) is None


def test_residuals_are_drawn_on_the_clock_of_the_test_with_months_below_and_p_above():
    residuals = pd.DataFrame({"time": X * 1000, "clock": X / 2, "value": Y})
    panel = ResidualPanel(title="Age", residuals=residuals, coefficient=0.4, p_value=0.0301)
    axes = draw_schoenfeld((panel,)).axes[0]

    assert np.asarray(axes.collections[0].get_offsets()) == pytest.approx(np.column_stack([X / 2, Y]))
    assert [line.get_ydata()[0] for line in axes.lines if len(set(line.get_ydata())) == 1] == [0.4, 0]
    assert words(axes) == ["Age", "p = 0.030"]
    names = [label.get_text() for label in axes.get_xticklabels()]
    # 12 months are 365.25 days; the clock runs at half a thousandth of a day
    assert axes.get_xticks()[names.index("12")] == pytest.approx(365.25 / 2000, abs=1e-3)


def test_log_log_of_a_survival_of_one_over_e_is_zero_and_the_ends_have_none():
    months, survival = np.array([0.0, 1.0, math.e, 5.0]), np.array([1.0, math.exp(-1), math.exp(-math.e), 0.0])
    time, value = transform(months, survival)

    assert time.tolist() == pytest.approx([0, 1])
    assert value.tolist() == pytest.approx([0, 1])


def test_two_curves_of_proportional_hazards_keep_their_distance():
    months = np.array([2.0, 5, 9, 14])
    slow, fast = np.exp(-0.05 * months), np.exp(-0.15 * months)
    panel = LogLogPanel(title="Group", curves=(("slow", months, slow), ("fast", months, fast)))
    lines = {line.get_label(): line for line in draw_log_log((panel,), time_label="Months").axes[0].lines}

    distance = lines["fast"].get_ydata() - lines["slow"].get_ydata()
    assert distance.tolist() == pytest.approx([math.log(3)] * 4)


def test_calibration_draws_groups_against_the_line_of_identity_with_their_numbers():
    groups = pd.DataFrame(
        {"n": [10, 12, 8], "predicted": [0.2, 0.5, 0.8], "observed": [0.25, 0.4, np.nan]}
        | {"lower": [0.1, 0.2, np.nan], "upper": [0.5, 0.6, np.nan]}
    )
    axes = draw_calibration(groups, when="24 months", note="slope 0.90").axes[0]
    lines = {line.get_label(): line for line in axes.lines}

    assert (list(lines["identity"].get_xdata()), list(lines["identity"].get_ydata())) == ([0, 1], [0, 1])
    assert list(lines["observed"].get_xdata()) == [0.2, 0.5]
    assert list(lines["observed"].get_ydata()) == [0.25, 0.4]
    assert words(axes) == ["10", "12", "slope 0.90"]
    assert axes.get_xlabel() == "Predicted survival at 24 months"


def plan_of(columns: pd.DataFrame) -> ModelPlan:
    return ModelPlan(key="baseline", title="Baseline", columns=columns, terms=(), start_days=np.zeros(len(columns)))


def test_nobody_is_predicted_by_a_model_that_has_seen_him():
    days = np.arange(1.0, 41)
    event = np.ones(40, dtype="int64")
    columns = pd.DataFrame({"x": np.tile([0.0, 1.0], 20)})
    predicted = cross_validate(plan_of(columns), days, event, at=20.0, seed=1)
    later = days.copy()
    later[0] = 400.0
    changed = cross_validate(plan_of(columns), later, event, at=20.0, seed=1)

    assert np.isfinite(predicted).all()
    assert changed[0] == predicted[0]
    assert (changed != predicted).sum() == 36  # the 36 people of the other nine folds


def test_a_level_that_the_others_do_not_have_and_a_missing_covariate_leave_no_prediction():
    columns = pd.DataFrame({"site": ["a", "b"] * 10 + ["rare"], "x": [*np.tile(np.linspace(0, 1, 5), 4), 0.5]})
    columns.loc[3, "x"] = np.nan
    predicted = cross_validate(plan_of(columns), np.arange(1.0, 22), np.ones(21, dtype="int64"), at=9.0, seed=3)

    assert np.flatnonzero(np.isnan(predicted)).tolist() == [3, 20]
