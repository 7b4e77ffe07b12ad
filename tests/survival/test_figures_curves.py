"""What the figures of curves show: steps, medians, and numbers under the ticks that add up; all by hand."""

import numpy as np
import pandas as pd
import pytest

from survival.curves import Sample, estimate_curves, plot_curves
from survival.figures.incidence import Cause, IncidencePlot, draw_incidence
from survival.figures.interval_censored import IntervalCurve, draw_interval_censored, lay_out
from survival.figures.kaplan_meier import axis_ticks, draw_curves
from survival.figures.side_labels import SideLabel, spread
from survival.figures.simon_makuch import draw_simon_makuch, plot_states
from survival.figures.style import report_style
from survival.reporting.relief_incidence import count_competing

MONTH = 30.4375


def texts(axes) -> list[str]:
    return [text.get_text() for text in axes.texts]


def numbers_at(axes, months: float) -> list[int]:
    """The numbers under a tick, from top to bottom."""
    found = [text for text in axes.texts if text.get_ha() == "center" and text.get_position()[0] == months]
    return [int(text.get_text()) for text in sorted(found, key=lambda text: text.get_position()[1])]


@pytest.fixture(autouse=True)
def _style():
    with report_style():
        yield


def two_groups():
    """Give twelve patients: A with events at 6, 12, 18 months and three censored at 20, B with six events."""
    months = np.array([6, 12, 18, 20, 20, 20, 3, 6, 9, 12, 24, 30], dtype=float)
    event = np.array([1, 1, 1, 0, 0, 0, 1, 1, 1, 1, 1, 1])
    sample = Sample(
        days=months * MONTH, event=event, group=np.array(["A"] * 6 + ["B"] * 6, dtype=object), names=("A", "B")
    )
    estimate = estimate_curves(sample, 0.95)
    return plot_curves(sample, estimate, time_label="Months", value_label="Overall survival", note="p = 0.5")


def test_at_risk_censored_and_events_stand_under_each_tick_and_add_up():
    figure = draw_curves(two_groups())
    axes, _, table = figure.axes

    assert list(axes.get_xticks()) == [0, 6, 12, 18]
    assert table.get_xlim() == axes.get_xlim()
    assert table.get_position().x0 == axes.get_position().x0
    assert table.get_position().width == axes.get_position().width
    assert numbers_at(table, 0) == [6, 0, 0, 6, 0, 0]
    assert numbers_at(table, 12) == [5, 0, 1, 3, 0, 3]
    rows = ["At risk", "Censored", "Events"]
    assert [text for text in texts(table) if not text.isdigit()] == ["A", *rows, "B", *rows]


def test_the_curve_falls_by_one_sixth_at_each_death_and_keeps_its_height_at_the_end():
    figure = draw_curves(two_groups())
    lines = {line.get_label(): line for line in figure.axes[0].lines}

    assert lines["A"].get_xdata().tolist() == pytest.approx([0, 6, 12, 18, 20])
    assert lines["A"].get_ydata().tolist() == pytest.approx([1, 5 / 6, 4 / 6, 3 / 6, 3 / 6])
    assert lines["A"].get_linestyle() != lines["B"].get_linestyle()
    assert lines["A"].get_color() != lines["B"].get_color()


def test_medians_are_marked_on_the_axis_and_written_beside_the_name():
    figure = draw_curves(two_groups())
    drops = [
        line for line in figure.axes[0].lines if len(set(line.get_xdata())) == 1 and list(line.get_ydata()) == [0, 0.5]
    ]

    # A rests on one half from 18 months to its last time, 20: the midpoint; B is half down between 9 and 12
    assert sorted(float(line.get_xdata()[0]) for line in drops) == pytest.approx([10.5, 19.0])
    assert {"median 19.0", "median 10.5", "A", "B"} <= set(texts(figure.axes[1]))


def test_a_median_that_is_not_reached_is_said_so_and_not_drawn():
    sample = Sample(
        days=np.arange(100.0, 500, 100),
        event=np.zeros(4, dtype=int),
        group=np.array(["A", "A", "B", "B"], dtype=object),
        names=("A", "B"),
    )
    plot = plot_curves(sample, estimate_curves(sample, 0.95), time_label="Months", value_label="Overall survival")
    figure = draw_curves(plot)

    assert texts(figure.axes[1]).count("median not reached") == 2
    assert not [line for line in figure.axes[0].lines if 0.5 in list(line.get_ydata())]


def test_a_single_curve_has_its_rows_without_a_heading():
    sample = Sample(days=np.array([365.25, 730.5]), event=np.array([1, 0]))
    plot = plot_curves(sample, estimate_curves(sample, 0.95), time_label="Months", value_label="Overall survival")
    table = draw_curves(plot).axes[-1]

    assert [text for text in texts(table) if not text.isdigit()] == ["At risk", "Censored", "Events"]


def test_patients_move_from_the_first_row_to_the_second_and_nobody_is_lost():
    rows = [("a", 0, 24, 0, 0), ("a", 24, 30, 0, 1), ("a", 30, 40, 1, 1), ("b", 0, 6, 0, 0), ("b", 6, 50, 0, 1)]
    rows += [("c", 0, 10, 1, 0), ("d", 0, 60, 0, 0), ("e", 0, 20, 0, 0)]
    spans = pd.DataFrame(rows, columns=["subject", "start_days", "stop_days", "event", "second_treatment"])
    spans[["start_days", "stop_days"]] *= MONTH
    plot = plot_states(spans, last_month=48, confidence=0.95, note="")
    first, second = (curve.counts.tolist() for curve in plot.curves)

    # at 0, 12, 24, 36, 48 months; c died at 10, e was last seen at 20, b moved at 6 and a at 24 (still before at 24)
    assert first == [[5, 3, 2, 1, 1], [0, 1, 1, 2, 2], [0, 0, 1, 1, 1], [0, 1, 1, 1, 1]]
    # a third treatment at 30 splits the rows of a, who joined once and died at 40
    assert second == [[0, 1, 1, 2, 1], [0, 1, 1, 2, 2], [0, 0, 0, 0, 0], [0, 0, 0, 0, 1]]
    assert [sum(pair) for pair in zip(first[0], second[0], strict=True)] == [5, 4, 3, 3, 2]
    table = draw_simon_makuch(plot).axes[-1]
    assert numbers_at(table, 24) == [2, 1, 1, 1, 1, 1, 0, 0]
    assert {"Moved on", "Joined"} <= set(texts(table))


def test_marks_of_censoring_leave_out_who_only_moved_to_the_other_curve():
    rows = [("a", 0, 24, 0, 0), ("a", 24, 40, 1, 1), ("b", 0, 60, 0, 0), ("c", 0, 10, 1, 0)]
    spans = pd.DataFrame(rows, columns=["subject", "start_days", "stop_days", "event", "second_treatment"])
    spans[["start_days", "stop_days"]] *= MONTH
    before = plot_states(spans, last_month=48, confidence=0.95, note="").curves[0]

    assert before.censored_months.tolist() == pytest.approx([60])


def test_recurrences_and_deaths_are_counted_apart_below_the_incidences():
    days = np.array([1, 2, 3, 4, 5, 6], dtype=float) * 10
    code = np.array([1, 2, 0, 1, 2, 0])

    # just before day 35: one recurrence, one death, one censored; just before day 70 everybody is gone
    assert count_competing(days, code, np.array([0.0, 35, 70])).tolist() == [[6, 3, 0], [0, 1, 2], [0, 1, 2], [0, 1, 2]]


def test_each_cause_is_drawn_from_zero_with_its_name_and_events():
    cause = Cause(
        label="Recurrence",
        months=np.array([0.0, 5.0, 9.0]),
        incidence=np.array([0.0, 0.25, 0.5]),
        lower=np.array([np.nan, 0.1, 0.3]),
        upper=np.array([np.nan, 0.4, 0.7]),
        below="2 events",
    )
    plot = IncidencePlot(
        causes=(cause,),
        ticks_months=np.array([0.0, 6.0]),
        last_month=12,
        row_names=("At risk", "Recurrences"),
        counts=np.array([[4, 3], [0, 1]]),
        time_label="Months",
    )
    figure = draw_incidence(plot)
    axes, side, table = figure.axes

    assert axes.lines[0].get_ydata().tolist() == [0.0, 0.25, 0.5]
    assert texts(side) == ["Recurrence", "2 events"]
    assert numbers_at(table, 6.0) == [3, 1]


def test_where_an_interval_hides_the_progression_the_curve_is_a_box_from_before_to_after():
    intervals = pd.DataFrame({"left": [2.0, 6.0, 9.0], "right": [4.0, 6.0, np.inf], "survival": [0.75, 0.25, 0.0]})
    months, survival = lay_out(intervals, 12.0)
    assert months.tolist() == [0, 2, 4, 6, 6, 12]
    assert survival.tolist() == [1, 1, 0.75, 0.75, 0.25, 0.25]

    sample = Sample(days=np.array([4, 4, 6, 12]) * MONTH, event=np.array([1, 1, 1, 0]))
    plot = plot_curves(sample, estimate_curves(sample, 0.95), time_label="Months", value_label="PFS")
    figure = draw_interval_censored(plot, IntervalCurve(label="Turnbull", intervals=intervals))
    boxes = [collection.get_paths()[0].get_extents() for collection in figure.axes[0].collections]
    assert [(box.x0, box.x1, box.y0, box.y1) for box in boxes] == [(2, 4, 0.75, 1), (6, 6, 0.25, 0.75)]


def test_ticks_are_whole_years_quarters_or_months_by_the_length_of_the_axis():
    assert axis_ticks(30).tolist() == [0, 12, 24]
    assert axis_ticks(7).tolist() == [0, 3, 6]
    assert axis_ticks(2).tolist() == [0, 1, 2]
    assert axis_ticks(240).tolist() == list(range(0, 241, 24))


def test_names_at_the_same_height_move_apart_and_stay_within_the_axes():
    assert spread([0.0, 0.0], [1.0, 1.0], low=0.0, high=4.0, gap=0.5) == pytest.approx([2.0, 0.5])
    assert spread([9.0], [1.0], low=0.0, high=4.0, gap=0.5) == pytest.approx([3.5])


def test_a_name_that_is_too_long_is_cut_beside_the_curve():
    label = SideLabel(text="Response confirmed by a second reader within two months", height=0, colour="k", style="-")

    assert len(label.lines) == 3
    assert label.lines[-1].endswith("…")
