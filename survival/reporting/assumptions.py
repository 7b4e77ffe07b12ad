"""The section on proportional hazards as pictures: how each hazard ratio runs with time, and log(−log) curves."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from survival.covariates import Kind, name_level
from survival.curves import Sample, estimate_curves
from survival.endpoints import derive_endpoint
from survival.figures.drawn import draw_figure
from survival.figures.log_log import LogLogPanel, draw_log_log
from survival.figures.schoenfeld import ResidualPanel, draw_schoenfeld
from survival.models import FittedModel
from survival.proportional_hazards import GLOBAL, scaled_schoenfeld
from survival.results import Section
from survival.words.wording import DAYS_PER_MONTH, say_counted, say_p_equals

if TYPE_CHECKING:
    from survival.covariates import Covariate
    from survival.reporting.study import Study
    from survival.results import ResultFigure

KEY, TITLE = "assumptions", "Proportional hazards, looked at"
FEWEST_EVENTS = 10
MOST_LEVELS = 5
BASELINE = "baseline"


def assumptions_section(study: Study) -> Section:
    """Show the residuals of every Cox model's terms, and the curves of every grouping."""
    left_out = []
    items: list[ResultFigure] = []
    panels = _residual_panels(study)
    if panels:
        items.append(_residual_figure(panels))
    else:
        left_out.append(f"Schoenfeld residuals need a Cox model with at least {FEWEST_EVENTS} events.")
    groupings = _groupings(study)
    if groupings:
        items.append(_log_log_figure(study, groupings))
    else:
        left_out.append("Log(−log) curves need a grouping with events on two sides at least.")
    return Section(key=KEY, title=TITLE, items=tuple(items), left_out=tuple(left_out))


def _residual_panels(study: Study) -> tuple[ResidualPanel, ...]:
    """Take every term of the baseline model, and of each response's model the response."""
    panels: list[ResidualPanel] = []
    for plan, fitted in study.models:
        if not isinstance(fitted, FittedModel) or fitted.together.n_events < FEWEST_EVENTS:
            continue
        responses = {domain.key for domain in study.domains}
        if plan.key == BASELINE or plan.key in responses:
            panels += _panels_of(fitted, responses)
    return tuple(panels)


def _panels_of(fitted: FittedModel, responses: set[str]) -> list[ResidualPanel]:
    residuals = scaled_schoenfeld(fitted.together)
    coefficients = fitted.together.table.set_index("term")["coefficient"]
    p_values = fitted.assumption.set_index("term")["p_value"]
    terms = [term for term in fitted.plan.terms if term.name in coefficients.index]
    own = [term for term in terms if term.covariate in responses] or terms
    return [
        ResidualPanel(
            title=term.label,
            residuals=residuals[residuals["term"].eq(term.name)],
            coefficient=float(coefficients[term.name]),
            p_value=float(p_values.get(term.covariate, np.nan)),
        )
        for term in own
        if term.covariate != GLOBAL
    ]


def _residual_figure(panels: tuple[ResidualPanel, ...]) -> ResultFigure:
    words = "; ".join(f"{panel.title}: {say_p_equals(panel.p_value)}" for panel in panels)
    return draw_figure(
        lambda: draw_schoenfeld(panels),
        name="schoenfeld",
        title="Scaled Schoenfeld residuals",
        description=f"Residuals against time, a panel a term, with the test of proportional hazards. {words}.",
        caption=(
            "A point is an event: the hazard ratio, on the log scale, that it speaks for. Blue: natural cubic spline "
            "with 4 degrees of freedom and its band; dashed: the log hazard ratio of the model, the same at all times. "
            "A blue line that leaves the dashed one says that the hazard ratio changes. The axis runs with one minus "
            "the Kaplan–Meier curve. p: score test of the covariate. Baseline terms from their joint model, each "
            "response from its own, with the baseline."
        ),
    )


def _groupings(study: Study) -> tuple[tuple[str, Sample], ...]:
    """Collect responses from the landmark and baseline categories from the index date, with events on two sides."""
    found = [
        (f"{comparison.domain.contrast_name}*", comparison.at_landmark.sides.sample())
        for comparison in study.comparisons.values()
    ]
    found += [sample for covariate in study.covariates if (sample := _sample_of(study, covariate)) is not None]
    return tuple((title, sample) for title, sample in found if _has_two_sides(sample))


def _sample_of(study: Study, covariate: Covariate) -> tuple[str, Sample] | None:
    if covariate.kind is Kind.NUMBER:
        return None
    if covariate.kind is Kind.CATEGORY:
        names, group = covariate.levels, covariate.text
    else:
        names = ("No", "Yes")
        group = np.where(covariate.numbers == 1, "Yes", np.where(covariate.numbers == 0, "No", "")).astype(object)
    data = derive_endpoint(study.frame.assign(_group=group), study.primary)
    own = data.rows["_group"].to_numpy(dtype=object)
    is_known = own != ""
    shown = tuple(name for name in names if (own == name).any())
    if not 1 < len(shown) <= MOST_LEVELS:
        return None
    named = np.array([name_level(str(value)) for value in own[is_known]], dtype=object)
    said = tuple(name_level(name) for name in shown)
    sample = Sample(days=data.days[is_known], event=data.event[is_known], group=named, names=said)
    return covariate.meaning.label, sample


def _has_two_sides(sample: Sample) -> bool:
    return sum(bool(sample.event[sample.members(name)].any()) for name in sample.names) > 1


def _log_log_figure(study: Study, groupings: tuple[tuple[str, Sample], ...]) -> ResultFigure:
    panels = tuple(_log_log_panel(title, sample, study.options.confidence) for title, sample in groupings)
    sizes = "; ".join(f"{title.rstrip('*')}: {_say_size(sample)}" for title, sample in groupings)
    return draw_figure(
        lambda: draw_log_log(panels, time_label="Months"),
        name="log_log",
        title=f"Log(−log) curves of {study.primary.lower_name}",
        description=f"Log of minus log survival against log time, a panel a grouping. {sizes}.",
        caption=(
            f"{sizes}. Curves that keep their vertical distance have proportional hazards; curves that cross or run "
            f"together have not. *From the landmark (day {study.options.landmark_days}); the others from "
            f"{study.from_index}. The first steps rest on few events."
        ),
    )


def _say_size(sample: Sample) -> str:
    return f"{say_counted(len(sample.days), 'patient')}, {say_counted(int(sample.event.sum()), 'event')}"


def _log_log_panel(title: str, sample: Sample, confidence: float) -> LogLogPanel:
    estimate = estimate_curves(sample, confidence)
    curves = []
    for name, (_, table) in zip(sample.names, estimate.curves(), strict=True):
        steps = table[table["events"] > 0]
        curves.append((name, steps["time"].to_numpy() / DAYS_PER_MONTH, steps["survival"].to_numpy()))
    return LogLogPanel(title=title, curves=tuple(curves))
