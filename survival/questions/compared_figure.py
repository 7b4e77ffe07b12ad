"""The figure of a comparison: two curves above their risk table, or Simon and Makuch's curves of a switch."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from survival.curves import Sample, estimate_curves, last_shown_month, plot_curves
from survival.figures.kaplan_meier import draw_curves
from survival.figures.simon_makuch import plot_states
from survival.figures.style import report_style
from survival.questions.compared import Form
from survival.questions.compared_words import AS_PUBLISHED, say_test

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from survival.figures.kaplan_meier import CurvePlot
    from survival.questions.compared import ComparedSurvival


def draw_compared(compared: ComparedSurvival) -> Figure:
    """Draw a comparison."""
    plot = _plot_switch(compared) if compared.form is Form.START_STOP else _plot_sides(compared)
    with report_style():
        return draw_curves(plot)


def _plot_sides(compared: ComparedSurvival) -> CurvePlot:
    rows = compared.rows
    present = tuple(name for name in (compared.yes_name, compared.no_name) if rows["side"].eq(name).any())
    sample = Sample(
        days=rows["days"].to_numpy(dtype="float64"),
        event=rows["event"].to_numpy(dtype="int64"),
        group=rows["side"].to_numpy(dtype=object),
        names=present,
    )
    note = f"HR {compared.hazard_ratio.limits_free} ({compared.hazard_ratio.limits}), {say_test(compared)}"
    return plot_curves(
        sample,
        estimate_curves(sample, compared.confidence),
        time_label=f"Months from {compared.clock}",
        value_label=compared.endpoint_name,
        note=f"{AS_PUBLISHED[:1].upper()}{AS_PUBLISHED[1:]}" if compared.is_biased else note,
    )


def _plot_switch(compared: ComparedSurvival) -> CurvePlot:
    rows = compared.rows
    last = rows.groupby("subject")["stop_days"].max().to_numpy(dtype="float64")
    sample = Sample(days=last, event=rows["event"].to_numpy(dtype="int64"))
    note = f"HR {compared.hazard_ratio.limits_free} ({compared.hazard_ratio.limits}), {say_test(compared)}"
    plot = plot_states(rows, last_month=last_shown_month(sample), confidence=compared.confidence, note=note)
    names = (compared.no_name, compared.yes_name)
    curves = tuple(replace(curve, label=name) for curve, name in zip(plot.curves, names, strict=True))
    return replace(plot, curves=curves, time_label=f"Months from {compared.clock}", value_label=compared.endpoint_name)
