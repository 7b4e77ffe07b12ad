"""The section on how long symptom relief lasts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from survival.cumulative_incidence import cumulative_incidence
from survival.curves import (
    curve_numbers,
    estimate_curves,
    plot_curves,
    say_median,
    say_median_months,
    say_share,
    say_survival,
)
from survival.endpoints import RELIEF
from survival.figures.drawn import draw_figure
from survival.figures.kaplan_meier import draw_curves
from survival.relief import derive_relief
from survival.reporting.relief_incidence import incidence_figures
from survival.results import ResultFigure, ResultTable, Section, ShownRow
from survival.words.wording import DAYS_PER_MONTH, say_counted

if TYPE_CHECKING:
    from survival.curves import Sample
    from survival.relief import Relief
    from survival.reporting.study import Study

HALF = 0.5
KEY, TITLE = "relief", "Duration of symptom relief"


def relief_section(study: Study) -> Section:
    """Show the duration of relief, and what it becomes when death is treated otherwise."""
    if not study.has(RELIEF):
        sentence = f"Duration of relief needs {RELIEF.time_column} and {RELIEF.event_column} with values."
        return Section(key=KEY, title=TITLE, left_out=(sentence,))
    relief = derive_relief(study.frame)
    paragraph = (
        f"Relief runs from {RELIEF.origin} to {RELIEF.event}. Taking death for mere loss of sight would answer another "
        "question, how long relief would last if nobody died, and make it look longer."
    )
    items: tuple[ResultTable | ResultFigure, ...] = (
        _figure(study, relief),
        _table(study, relief),
        *incidence_figures(study, relief),
        *_incidence_tables(study, relief),
    )
    return Section(key=KEY, title=TITLE, paragraphs=(paragraph,), items=items)


def relief_record(study: Study) -> dict[str, Any] | None:
    """Give n, events and median of relief, recurrence or death being the event; None without relief."""
    if not study.has(RELIEF):
        return None
    return _record(study, derive_relief(study.frame).composite)


def _incidence_tables(study: Study, relief: Relief) -> tuple[ResultTable, ...]:
    """Tell recurrence from death as what ends relief first; none where the reasons are not known."""
    if relief.code is None or not relief.code.any():
        return ()
    months = study.options.survival_at_months
    estimate = cumulative_incidence(relief.composite.days, relief.code, confidence=study.options.confidence)
    read = estimate.at(np.asarray(months, dtype="float64") * DAYS_PER_MONTH)
    numbers: dict[str, dict[str, Any]] = {}
    shown = []
    for cause, key, label in ((1, "recurrence", "Recurrence of symptoms"), (2, "death", "Death during relief")):
        rows = read[read["cause"].eq(cause)]
        if rows.empty:
            continue
        cells = []
        record: dict[str, Any] = {"n": len(relief.code), "events": int((relief.code == cause).sum())}
        for month, row in zip(months, rows.to_dict("records"), strict=True):
            stem = f"incidence_{month}_months"
            record |= {stem: row["incidence"], f"{stem}_lower": row["lower"], f"{stem}_upper": row["upper"]}
            cells.append(say_share(row["incidence"], row["lower"], row["upper"]))
        numbers[key] = record
        shown.append(ShownRow(cells=(label, str(record["n"]), str(record["events"]), *cells)))
    return (
        ResultTable(
            name="relief_incidence",
            title="What ended relief first: cumulative incidence",
            numbers=pd.DataFrame.from_dict(numbers, orient="index"),
            header=("", "n", "Events", *(f"By {month} months ({study.percent})" for month in months)),
            shown=tuple(shown),
            notes=("Aalen–Johansen: death and recurrence compete, neither is taken for loss of sight.",),
        ),
    )


def competing_record(study: Study, relief: Relief) -> dict[str, Any]:
    """Give the share without a recurrence, death competing with it, in the form of a survival record."""
    assert relief.code is not None
    estimate = cumulative_incidence(relief.composite.days, relief.code, confidence=study.options.confidence)
    months = study.options.survival_at_months
    read = estimate.at(np.asarray(months, dtype="float64") * DAYS_PER_MONTH)
    medians = estimate.quantiles(HALF)
    median = medians[medians["cause"].eq(1)].iloc[0]
    record: dict[str, Any] = {"group": "All", "n": len(relief.code), "events": int((relief.code == 1).sum())}
    for name, column in (("", "value"), ("_lower", "lower"), ("_upper", "upper")):
        record[f"median{name}_months"] = float(median[column]) / DAYS_PER_MONTH
    for month, row in zip(months, read[read["cause"].eq(1)].to_dict("records"), strict=True):
        stem = f"survival_{month}_months"
        record |= {stem: 1 - row["incidence"], f"{stem}_lower": 1 - row["upper"], f"{stem}_upper": 1 - row["lower"]}
    return record


def _record(study: Study, sample: Sample) -> dict[str, Any]:
    estimate = estimate_curves(sample, study.options.confidence)
    return curve_numbers(sample, estimate, study.options.survival_at_months)[0]


def _figure(study: Study, relief: Relief) -> ResultFigure:
    sample = relief.composite
    estimate = estimate_curves(sample, study.options.confidence)
    record = _record(study, sample)
    note = f"Median {say_median_months(record)}"
    plot = plot_curves(
        sample,
        estimate,
        time_label="Months from the recorded response",
        value_label="Still relieved and alive",
        note=note,
    )
    return draw_figure(
        lambda: draw_curves(plot),
        name="km_relief",
        title="Duration of symptom relief",
        description=f"Kaplan-Meier curve of {say_counted(record['n'], 'symptomatic responder')}. {note}.",
        caption=(
            f"Symptomatic responders, n = {record['n']}, {say_counted(record['events'], 'event')}. "
            f"Event: {RELIEF.event}. Marks, band "
            "and the table below the axis as in the figure of overall survival."
        ),
    )


def _table(study: Study, relief: Relief) -> ResultTable:
    composite = _record(study, relief.composite)
    composite["recurrences"] = float((relief.code == 1).sum()) if relief.code is not None else np.nan
    composite["deaths"] = float((relief.code == 2).sum()) if relief.code is not None else np.nan
    records = {"recurrence_or_death": composite}
    if relief.death_censored is not None:
        records["death_censored"] = _record(study, relief.death_censored)
    if relief.code is not None and (relief.code == 1).any():
        records["death_competing"] = competing_record(study, relief)
    labels = {
        "recurrence_or_death": "Recurrence or death ends relief (main)",
        "death_censored": "Recurrence only, death censored (as if nobody died)",
        "death_competing": "Recurrence only, death competing (Aalen–Johansen)",
    }
    months = study.options.survival_at_months
    shown = tuple(
        ShownRow(
            cells=(
                labels[key],
                str(record["n"]),
                str(record["events"]),
                say_median(record),
                *(say_survival(record, month) for month in months),
            )
        )
        for key, record in records.items()
    )
    return ResultTable(
        name="relief",
        title="Duration of symptom relief",
        numbers=pd.DataFrame.from_dict(records, orient="index").drop(columns="group"),
        header=(
            "",
            "n",
            "Events",
            f"Median, months ({study.percent})",
            *(f"Relieved at {month} months ({study.percent})" for month in months),
        ),
        shown=shown,
        notes=(
            (
                "First row: how long patients lived with relief. Second: answers how long relief would last if nobody "
                "died, which makes it look longer. Third: the share without a recurrence so far, those who died "
                "without one among them; its median is when half had a recurrence."
            ),
        ),
    )
