"""The section on calibration: whether survival comes true as the baseline model predicts it for others."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from recist.errors import RecistError
from survival.calibration import calibration
from survival.cox import cox
from survival.curves import say_share
from survival.endpoints import derive_endpoint
from survival.figures.calibration import draw_calibration
from survival.figures.drawn import draw_figure
from survival.models import FittedModel
from survival.prediction import predict_survival
from survival.results import ResultFigure, ResultTable, Section, ShownRow
from survival.words.wording import (
    DAYS_PER_MONTH,
    say_counted,
    say_interval,
    say_number,
    say_percent,
    say_ratio_with_interval,
)

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from survival.calibration import Calibration
    from survival.models import ModelPlan
    from survival.partial_likelihood.result import CoxFit
    from survival.reporting.study import Study

KEY, TITLE = "calibration", "Calibration of the baseline model"
BASELINE = "baseline"
FOLDS = 10
GROUPS = 5
FEWEST_EVENTS = 50
LOW_CONCORDANCE = 0.6
"""Below it the baseline model is said to discriminate weakly."""


def calibration_section(study: Study) -> Section:
    """Show predicted beside observed survival at the chosen month, cross-validated."""
    fitted = _baseline_model(study)
    if fitted is None or fitted.together.n_events < FEWEST_EVENTS:
        return Section(key=KEY, title=TITLE, left_out=(_needed(study),))
    data = derive_endpoint(study.frame, study.primary)
    at = study.options.calibration_month * DAYS_PER_MONTH
    if not (data.days > at).any():
        return Section(key=KEY, title=TITLE, left_out=(_needed(study),))
    try:
        predicted = cross_validate(fitted.plan, data.days, data.event, at=at, seed=study.options.seed)
        found = calibration(predicted, data.days, data.event, at=at, groups=GROUPS, confidence=study.options.confidence)
    except RecistError as fault:
        return Section(key=KEY, title=TITLE, left_out=(f"Calibration: {fault}",))
    cautions = say_cautions(found.slope, found.slope_lower, found.slope_upper, fitted.together.concordance)
    return Section(key=KEY, title=TITLE, paragraphs=cautions, items=(_figure(study, found), _table(study, found)))


def say_cautions(slope: float, lower: float, upper: float, concordance: float) -> tuple[str, ...]:
    """Say where a model predicts badly: its calibration slope, its concordance.

    Examples
    --------
    >>> say_cautions(0.95, 0.6, 1.3, 0.71)
    ()
    """
    said = f"calibration slope {_say_slope(slope, lower, upper)}"
    found = []
    if lower <= 0:
        found.append(f"Poor calibration: {said}; its interval includes 0, no relation of predicted and observed.")
    elif upper < 1:
        found.append(f"Poor calibration: {said}; its interval lies below 1, predictions are too extreme.")
    elif lower > 1:
        found.append(f"Poor calibration: {said}; its interval lies above 1, predictions are not extreme enough.")
    if concordance < LOW_CONCORDANCE:
        found.append(
            f"Weak discrimination: C = {say_number(concordance, 2)}, where 0.50 is chance. The baseline model hardly "
            "tells who lives longer; do not use it to predict for a patient."
        )
    return tuple(found)


def _needed(study: Study) -> str:
    return (
        f"Calibration at {study.options.calibration_month} months needs a baseline Cox model without strata, with at "
        f"least {FEWEST_EVENTS} events and patients followed for so long."
    )


def _baseline_model(study: Study) -> FittedModel | None:
    for plan, fitted in study.models:
        if plan.key == BASELINE and isinstance(fitted, FittedModel) and fitted.plan.strata is None:
            return fitted
    return None


def cross_validate(
    plan: ModelPlan, days: NDArray[np.float64], event: NDArray[np.int64], *, at: float, seed: int, folds: int = FOLDS
) -> NDArray[np.float64]:
    """Predict everybody's survival by a model fitted to the other folds.

    Returns
    -------
    ndarray of shape (n_subjects,)
        NaN for who lacks a covariate, or has a level that the other folds do not have.
    """
    complete = np.flatnonzero(plan.columns.notna().all(axis=1).to_numpy() & (days > 0))
    shuffled = np.random.default_rng(seed).permutation(complete)
    predicted = np.full(len(days), np.nan)
    for fold in range(folds):
        out = np.sort(shuffled[fold::folds])
        kept = np.setdiff1d(complete, out)
        if not len(out):
            continue
        fit = cox(days[kept], event[kept], plan.columns.iloc[kept].reset_index(drop=True))
        predicted[out] = _predict(fit, plan.columns.iloc[out].reset_index(drop=True), at)
    return predicted


def _predict(fit: CoxFit, columns: pd.DataFrame, at: float) -> NDArray[np.float64]:
    """Predict person by person where somebody has a level that the model does not know."""
    try:
        return predict_survival(fit, columns, [at]).iloc[:, 0].to_numpy(dtype="float64")
    except RecistError:
        if len(columns) == 1:
            return np.array([np.nan])
        single = [_predict(fit, columns.iloc[[row]].reset_index(drop=True), at) for row in range(len(columns))]
        return np.concatenate(single)


def _say_slope(slope: float, lower: float, upper: float) -> str:
    return f"{say_number(slope, 2)} ({say_interval(say_number(lower, 2), say_number(upper, 2))})"


def _figure(study: Study, found: Calibration) -> ResultFigure:
    rows = found.table.to_dict("records")
    groups = "; ".join(
        f"predicted {say_percent(row['predicted'])}, observed "
        f"{say_share(row['observed'], row['lower'], row['upper'])}, n = {row['n']}"
        for row in rows
    )
    slope = _say_slope(found.slope, found.slope_lower, found.slope_upper)
    return draw_figure(
        lambda: draw_calibration(found.table, when=f"{study.options.calibration_month} months", note=f"slope {slope}"),
        name="calibration_figure",
        title=f"Calibration at {study.options.calibration_month} months",
        description=f"Observed against predicted survival in groups of rising prediction: {groups}. Slope {slope}.",
        caption=(
            f"Survival at {study.options.calibration_month} months as the baseline Cox model predicts it, against "
            "Kaplan–Meier with its "
            f"{study.percent}; {say_counted(len(rows), 'group')} of rising prediction, n = {found.n} (number of "
            f"patients under each line). Everybody is predicted by a model fitted to the others ({FOLDS}-fold "
            "cross-validation). On the dashed line prediction comes true; a slope below 1 says that predictions are "
            f"too extreme: {slope}."
        ),
    )


def _table(study: Study, found: Calibration) -> ResultTable:
    rows = found.table.to_dict("records")
    slope = _say_slope(found.slope, found.slope_lower, found.slope_upper)
    ratio = say_ratio_with_interval(found.ratio, found.ratio_lower, found.ratio_upper)
    numbers = {
        f"group_{row['group']}": {name: row[name] for name in ("n", "predicted", "observed", "lower", "upper")}
        for row in rows
    }
    numbers["all"] = {"n": found.n, "slope": found.slope, "slope_lower": found.slope_lower}
    numbers["all"] |= {"slope_upper": found.slope_upper, "ratio": found.ratio}
    numbers["all"] |= {"ratio_lower": found.ratio_lower, "ratio_upper": found.ratio_upper}
    shown = tuple(
        ShownRow(
            cells=(
                f"Group {row['group']}",
                str(row["n"]),
                say_percent(row["predicted"]),
                say_share(row["observed"], row["lower"], row["upper"]),
            )
        )
        for row in rows
    )
    return ResultTable(
        name="calibration",
        title=f"Predicted and observed survival at {study.options.calibration_month} months",
        numbers=pd.DataFrame.from_dict(numbers, orient="index"),
        header=("", "n", "Predicted", f"Observed ({study.percent})"),
        shown=shown,
        notes=(f"Observed over predicted share of events by then: {ratio}; slope {slope}.",),
        folded=True,
    )
