"""The section on Cox models: hazard ratios one by one and together, the forest, and proportional hazards."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from recist.errors import RecistError
from survival.endpoints import derive_endpoint
from survival.figures.drawn import draw_figure
from survival.figures.forest import ForestRow, Ratio, draw_forest
from survival.model_columns import is_curved, say_spline
from survival.models import derive_strata, fit_alone
from survival.partial_likelihood.result import Method
from survival.results import ResultTable, RowKind, Section, ShownRow
from survival.words.comparison import FIRTH
from survival.words.wording import say_counted, say_number, say_p, say_ratio_with_interval

if TYPE_CHECKING:
    from survival.covariates import Term
    from survival.endpoints import Endpoint, EndpointData
    from survival.models import FittedModel
    from survival.partial_likelihood.result import CoxFit
    from survival.reporting.study import Study


@dataclass(slots=True, kw_only=True)
class _Pages:
    """What the fitted models add to the section, collected model by model."""

    endpoint: Endpoint
    responses: frozenset[str]
    percent: str
    level: float
    numbers: dict[str, dict[str, Any]] = field(default_factory=dict)
    shown: list[ShownRow] = field(default_factory=list)
    forest: list[ForestRow] = field(default_factory=list)
    assumption: dict[str, dict[str, Any]] = field(default_factory=dict)
    assumption_shown: list[ShownRow] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    left_out: list[str] = field(default_factory=list)
    drifting: list[str] = field(default_factory=list)


def hazards_section(study: Study) -> Section:
    """Fit and show the Cox models of the primary endpoint."""
    key, title = "cox", f"Cox models of {study.primary.lower_name}"
    data = derive_endpoint(study.frame, study.primary)
    pages = _Pages(
        endpoint=study.primary,
        responses=frozenset(domain.key for domain in study.domains),
        percent=study.percent,
        level=study.options.proportional_level,
    )
    for plan, fitted in study.models:
        if isinstance(fitted, RecistError):
            pages.left_out.append(f"{plan.title}: {fitted}")
        else:
            _add_model(pages, fitted)
    if study.covariates or study.further_covariates:
        _add_further(pages, study, data.days, data.event)
    if not pages.numbers:
        pages.left_out.append("Cox models need baseline covariates or a dated response.")
        return Section(key=key, title=title, left_out=tuple(pages.left_out))
    return Section(
        key=key,
        title=title,
        paragraphs=(_paragraph(study), *_spline_paragraphs(study, data), *_assumption_paragraph(pages)),
        items=(
            _hazard_table(pages),
            *((_forest_figure(pages),) if pages.forest else ()),
            *((_assumption_table(pages),) if pages.assumption else ()),
        ),
        left_out=tuple(pages.left_out),
    )


def _spline_paragraphs(study: Study, data: EndpointData) -> tuple[str, ...]:
    """State the splines: knots, and the test against a straight line."""
    curved = [one for one in (*study.covariates, *study.further_covariates) if is_curved(one)]
    return tuple(f"Spline. {say_spline(one, data.days, data.event)}." for one in curved)


def _paragraph(study: Study) -> str:
    strata = f" Every model is stratified by {', '.join(study.strata)}." if study.strata else ""
    return (
        "A response is known only on the day of the follow-up at which it was seen. In its models every patient "
        "therefore enters on that own day (delayed entry): nobody is credited with the time survived before it, and "
        "nobody with a known response is lost. Baseline covariates are observed from the index date."
    ) + strata


def _assumption_paragraph(pages: _Pages) -> tuple[str, ...]:
    if not pages.drifting:
        return ()
    return (
        f"The hazards of these terms are not proportional (p < {pages.level:g}): "
        + "; ".join(pages.drifting)
        + ". Their hazard ratio is an average over the follow-up. For a response, the difference of restricted means "
        "in the table of survival by response makes no such assumption.",
    )


def _add_model(pages: _Pages, fitted: FittedModel) -> None:
    plan, fit = fitted.plan, fitted.together
    size = f"n = {fit.n}, {say_counted(fit.n_events, 'event')}"
    incomplete = fitted.n_eligible - fit.n
    complete = f"; {incomplete} of {fitted.n_eligible} left out for missing covariates" if incomplete else ""
    heading = f"{size}{complete}; C = {say_number(fit.concordance, 2)}"
    pages.shown.append(ShownRow(cells=(plan.title, heading), kind=RowKind.HEADING))
    for term in plan.terms:
        _add_term(pages, plan.key, term, fitted.alone.get(term.covariate), fit)
    _add_to_forest(pages, fitted, f"{plan.title} ({size})")
    if fitted.remarks:
        pages.notes.append(f"{plan.title}: " + " ".join(fitted.remarks))
    _add_assumption(pages, fitted)


def _estimate(fit: CoxFit | None, term: Term) -> dict[str, float]:
    names = ("hazard_ratio", "lower", "upper", "p_value")
    rows = None if fit is None else fit.table[fit.table["term"].eq(term.name)]
    if rows is None or rows.empty:
        return dict.fromkeys(names, float("nan"))
    return {name: float(rows[name].iloc[0]) for name in names}


def _add_term(pages: _Pages, model: str, term: Term, alone: CoxFit | None, together: CoxFit | None) -> None:
    one, all_ = _estimate(alone, term), _estimate(together, term)
    fits = {"univariable": (alone, one), "multivariable": (together, all_)}
    record: dict[str, Any] = {"model": model, "term": term.name, "label": term.label, "reference": term.reference}
    cells = [_term_label(term)]
    for kind, (fit, estimate) in fits.items():
        record |= {f"{kind}_n": fit.n if fit else np.nan, f"{kind}_events": fit.n_events if fit else np.nan}
        record |= {f"{kind}_{name}": value for name, value in estimate.items()}
        record[f"{kind}_method"] = str(fit.method) if fit else ""
        cells += [_say(estimate, fit), say_p(estimate["p_value"])]
    pages.numbers[f"{model}.{term.name}"] = record
    pages.shown.append(ShownRow(cells=tuple(cells), kind=RowKind.INDENTED))


def _add_to_forest(pages: _Pages, fitted: FittedModel, heading: str) -> None:
    """Show every term of the baseline model, of a response's model the response; alone and together."""
    terms = [term for term in fitted.plan.terms if term.covariate in pages.responses] or [
        term for term in fitted.plan.terms if not term.is_part
    ]
    pages.forest.append(ForestRow(label=heading))
    for term in terms:
        alone = _forest_ratio(_estimate(fitted.alone.get(term.covariate), term))
        together = _forest_ratio(_estimate(fitted.together, term))
        if alone or together:
            pages.forest.append(ForestRow(label=term.label, alone=alone, together=together))


def _forest_ratio(estimate: dict[str, float]) -> Ratio | None:
    ratio, lower, upper = (estimate[name] for name in ("hazard_ratio", "lower", "upper"))
    if not np.isfinite(ratio):
        return None
    return Ratio(hazard_ratio=ratio, lower=lower, upper=upper, text=say_ratio_with_interval(ratio, lower, upper))


def _say_forest_row(row: ForestRow) -> str:
    sides = [f"{name} {ratio.text}" for name, ratio in (("alone", row.alone), ("together", row.together)) if ratio]
    return f"{row.label}: {', '.join(sides)}"


def _term_label(term: Term) -> str:
    return f"{term.label} (against {term.reference})" if term.reference else term.label


def _say(estimate: dict[str, float], fit: CoxFit | None) -> str:
    if fit is None:
        return "–"
    if np.isnan(estimate["hazard_ratio"]):
        return "not estimable"
    how = FIRTH if fit.method is Method.FIRTH else ""
    return say_ratio_with_interval(estimate["hazard_ratio"], estimate["lower"], estimate["upper"], how=how)


def _add_further(pages: _Pages, study: Study, days: Any, event: Any) -> None:
    further = study.further_covariates
    if not further:
        return
    pages.shown.append(
        ShownRow(
            cells=("One by one only, from the index date", "each on the patients who have it"), kind=RowKind.HEADING
        )
    )
    for covariate in further:
        try:
            fit, terms = fit_alone(
                covariate,
                days,
                event,
                confidence=study.options.confidence,
                strata=derive_strata(study.frame, study.strata),
            )
        except RecistError as fault:
            pages.left_out.append(f"{covariate.label}: {fault}")
            continue
        for term in terms:
            _add_term(pages, "alone", term, fit, None)
        pages.notes.append(
            f"{covariate.meaning.label}: known for {fit.n} of {say_counted(study.n, 'patient')}, "
            f"{say_counted(fit.n_events, 'event')}."
        )


def _add_assumption(pages: _Pages, fitted: FittedModel) -> None:
    plan = fitted.plan
    labels = {term.covariate: term.label.split(":")[0].split(",")[0] for term in plan.terms} | {
        "GLOBAL": "All together"
    }
    pages.assumption_shown.append(ShownRow(cells=(plan.title,), kind=RowKind.HEADING))
    for row in fitted.assumption.to_dict("records"):
        label = labels.get(str(row["term"]), str(row["term"]))
        pages.assumption[f"{plan.key}.{row['term']}"] = {
            "model": plan.key,
            "term": row["term"],
            "statistic": row["statistic"],
            "degrees_of_freedom": row["degrees_of_freedom"],
            "p_value": row["p_value"],
        }
        cells = (label, say_number(row["statistic"], 2), str(row["degrees_of_freedom"]), say_p(row["p_value"]))
        pages.assumption_shown.append(ShownRow(cells=cells, kind=RowKind.INDENTED))
        if row["p_value"] < pages.level and row["term"] != "GLOBAL":
            pages.drifting.append(f"{label} in “{plan.title}”")


def _hazard_table(pages: _Pages) -> ResultTable:
    ratio = f"hazard ratio ({pages.percent})"
    return ResultTable(
        name="cox",
        title=f"Cox models of {pages.endpoint.lower_name}: each covariate alone, and together",
        numbers=pd.DataFrame.from_dict(pages.numbers, orient="index"),
        header=("", f"Alone: {ratio}", "Wald p", f"Together: {ratio}", "Wald p"),
        shown=tuple(pages.shown),
        notes=(
            (
                "Complete cases; within a model “alone” and “together” use the same patients. Efron's method for ties, "
                f"Wald intervals{_except_firth(pages)}. A hazard ratio above 1 means shorter {pages.endpoint.noun}."
            ),
            *pages.notes,
        ),
    )


def _except_firth(pages: _Pages) -> str:
    methods = {
        record[f"{kind}_method"] for record in pages.numbers.values() for kind in ("univariable", "multivariable")
    }
    if Method.FIRTH not in methods:
        return ""
    return (
        f" and tests; a model marked {FIRTH} has a covariate that separates the events completely and is estimated "
        "with Firth's correction, that covariate with a profile interval and a penalised likelihood-ratio test"
    )


def _forest_figure(pages: _Pages) -> Any:
    rows = tuple(pages.forest)
    words = "; ".join(_say_forest_row(row) for row in rows if not row.is_heading)
    return draw_figure(
        lambda: draw_forest(
            rows,
            value_label=f"Hazard ratio of {pages.endpoint.hazard_of} (logarithmic axis)",
            text_header=f"HR ({pages.percent})",
        ),
        name="forest",
        title=f"Hazard ratios of {pages.endpoint.hazard_of}",
        description=f"Forest plot with {pages.percent}: {words}.",
        caption=(
            "Left each term alone, right together: baseline covariates with each other, each response with the "
            "baseline covariates, all responses with each other; both sides use the same patients. Squares are "
            "estimates, lines their intervals; an arrow marks an interval that runs on beyond the axis. p stands in "
            "the table. Above 1: shorter "
            f"{pages.endpoint.noun}."
        ),
    )


def _assumption_table(pages: _Pages) -> ResultTable:
    return ResultTable(
        name="proportional_hazards",
        title="Test of proportional hazards in the multivariable models",
        numbers=pd.DataFrame.from_dict(pages.assumption, orient="index"),
        header=("", "χ²", "Degrees of freedom", "p"),
        shown=tuple(pages.assumption_shown),
        notes=(
            "Score test against a coefficient that drifts with 1 − the Kaplan–Meier curve (Grambsch and Therneau).",
        ),
        folded=True,
    )
