"""The whole headline table: each domain's two sides in the three forms side by side, every figure with its interval."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from survival.curves import say_median, say_survival
from survival.results import ResultTable, RowKind, ShownRow
from survival.words.comparison import (
    firth_notes,
    say_difference,
    say_hazard,
    say_hazard_p,
    say_restricted,
    say_survival_difference,
)
from survival.words.wording import say_p

if TYPE_CHECKING:
    from survival.compare import Comparison
    from survival.domains import DomainComparisons
    from survival.reporting.study import Study

NOTHING = "–"
SIDES = ("good", "bad")


def headline_forms_table(study: Study) -> ResultTable:
    """Set out every domain's contrast of overall survival as published, from the landmark and from the own day."""
    numbers: dict[str, dict[str, Any]] = {}
    shown: list[ShownRow] = []
    for key, found in study.comparisons.items():
        forms = (found.from_index, found.at_landmark, study.own_clocks[key])
        shown.append(ShownRow(cells=(found.domain.contrast_name, *_sides(found)), kind=RowKind.HEADING))
        shown += _rows(study, found, forms)
        for comparison in forms:
            record = {"domain": key, "form": str(comparison.form), "good": found.domain.good_name}
            numbers[f"{key}.{comparison.form}"] = record | {"bad": found.domain.bad_name} | comparison.numbers
    return ResultTable(
        name="headline_forms",
        title=f"{study.primary.name} by response in three forms",
        numbers=pd.DataFrame.from_dict(numbers, orient="index"),
        header=(
            "",
            "As published: from the index date (biased)",
            f"From the landmark, day {study.options.landmark_days}",
            "From the own day of assessment",
        ),
        shown=tuple(shown),
        notes=(*_notes(study), *firth_notes(numbers.values())),
        folded=True,
    )


def _sides(found: DomainComparisons) -> tuple[str]:
    return (f"good side: {found.domain.good_name}; bad side: {found.domain.bad_name}",)


def _notes(study: Study) -> tuple[str, ...]:
    return (
        (
            f"Intervals are {study.percent}. Differences: good minus bad side; of the share alive, in percentage "
            f"points; of medians, with intervals from {study.options.bootstrap} bootstrap samples. Hazard ratio: bad "
            "against good side."
        ),
        (
            "As published: time is counted from the index date although the response became known later, so that "
            "responders are credited with the time they had to live to be assessed. Shown because papers report it."
        ),
        (
            "From the own day: months are counted from each patient's own assessment; the hazard ratio is that of a "
            "Cox model on time since the index date with entry on that day (delayed entry)."
        ),
    )


def _rows(study: Study, found: DomainComparisons, forms: tuple[Comparison, ...]) -> list[ShownRow]:
    names = {side: getattr(found.domain, f"{side}_name").partition(" (")[0] for side in SIDES}
    rows = []
    for side, name in names.items():
        rows.append(_row(f"n (events): {name}", [_count(form, side) for form in forms]))
    for side, name in names.items():
        rows.append(_row(f"Median, months: {name}", [_median(form, side) for form in forms]))
    for month in study.options.survival_at_months:
        for side, name in names.items():
            rows.append(_row(f"Alive at {month} months: {name}", [_alive(form, side, month) for form in forms]))
        cells = [say_survival_difference(form.numbers, month) for form in forms]
        rows.append(_row(f"Alive at {month} months: difference", cells))
    numbers = [form.numbers for form in forms]
    rows.append(_row("Difference of medians, months", [_flat(say_difference(entry)) for entry in numbers]))
    rows.append(_row("Difference of restricted means, months", [_flat(say_restricted(entry)) for entry in numbers]))
    rows.append(_row("Log-rank p", [say_p(entry.get("log_rank_p_value", np.nan)) for entry in numbers]))
    rows.append(_row("Hazard ratio, bad against good", [say_hazard(entry) for entry in numbers]))
    rows.append(_row("p of the hazard ratio", [_hazard_p(entry) for entry in numbers]))
    return rows


def _row(label: str, cells: list[str]) -> ShownRow:
    return ShownRow(cells=(label, *cells), kind=RowKind.INDENTED)


def _flat(text: str) -> str:
    """Put a two-line cell on lines of its own: the estimate with its interval, then what it stands under."""
    return text.replace("\nwithin", ",\nwithin")


def _hazard_p(numbers: dict[str, Any]) -> str:
    if np.isnan(numbers.get("hazard_ratio", np.nan)):
        return NOTHING
    return say_hazard_p(numbers)


def _count(form: Comparison, side: str) -> str:
    return f"{form.numbers[f'{side}_n']} ({form.numbers[f'{side}_events']})"


def _of_side(form: Comparison, side: str) -> dict[str, Any]:
    return {name.removeprefix(f"{side}_"): value for name, value in form.numbers.items() if name.startswith(f"{side}_")}


def _median(form: Comparison, side: str) -> str:
    record = _of_side(form, side)
    return say_median(record) if "median_months" in record else NOTHING


def _alive(form: Comparison, side: str, month: int) -> str:
    record = _of_side(form, side)
    return say_survival(record, month) if f"survival_{month}_months" in record else NOTHING
