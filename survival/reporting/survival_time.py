"""The section on time to event: curves of overall and progression-free survival, medians, length of follow-up."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from survival.curves import (
    Sample,
    curve_numbers,
    estimate_curves,
    plot_curves,
    say_median,
    say_median_months,
    say_survival,
)
from survival.endpoints import derive_endpoint
from survival.figures.drawn import draw_figure
from survival.figures.kaplan_meier import draw_curves
from survival.follow_up import follow_up
from survival.results import ResultFigure, ResultTable, Section, ShownRow
from survival.words.wording import DAYS_PER_MONTH, say_counted, say_months, say_months_with_interval

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from survival.endpoints import Endpoint
    from survival.reporting.study import Study

AXIS_NOTE = (
    "Steps fall at events, ticks mark censored patients, bands are pointwise log-log confidence intervals; the dotted "
    "line is one half. Under each tick: at risk just before it, censored and events before it. The axis ends where "
    "fewer than 5 % of the patients (or 5) are left."
)


def survival_section(study: Study) -> Section:
    """Show overall and progression-free survival from the index date."""
    items: list[ResultTable | ResultFigure] = []
    records = {}
    left_out = []
    for endpoint in study.endpoints:
        if not study.has(endpoint):
            if study.options.endpoint and endpoint.key not in {entry.key for entry in study.options.endpoint}:
                continue  # a study with endpoints of its own never had those of the toolkit
            left_out.append(
                f"{endpoint.name} needs the columns {endpoint.time_column} and {endpoint.event_column} with values."
            )
            continue
        record, figure = _endpoint(study, endpoint)
        records[endpoint.key] = record
        items.append(figure)
    items.append(_table(study, records))
    return Section(key="survival", title="Survival", items=tuple(items), left_out=tuple(left_out))


def _endpoint(study: Study, endpoint: Endpoint) -> tuple[dict[str, Any], ResultFigure]:
    data = derive_endpoint(study.frame, endpoint)
    sample = Sample(days=data.days, event=data.event)
    estimate = estimate_curves(sample, study.options.confidence)
    record = curve_numbers(sample, estimate, study.options.survival_at_months)[0]
    record["group"] = endpoint.name
    note = f"Median {say_median_months(record)}"
    plot = plot_curves(
        sample,
        estimate,
        time_label=f"Months from {study.from_index}",
        value_label=endpoint.name,
        note=note,
    )
    figure = draw_figure(
        lambda: draw_curves(plot),
        name=f"km_{endpoint.key}",
        title=endpoint.name,
        description=(
            f"Kaplan-Meier curve of {endpoint.name.lower()} of {say_counted(record['n'], 'patient')} with "
            f"{say_counted(record['events'], 'event')}. "
            f"{note} ({study.percent})."
        ),
        caption=f"Event: {endpoint.event}; n = {record['n']}, {say_counted(record['events'], 'event')}. {AXIS_NOTE}",
    )
    return record | _follow_up(study, data.days, data.event), figure


def _table(study: Study, records: dict[str, dict[str, Any]]) -> ResultTable:
    months = study.options.survival_at_months
    shown = [
        ShownRow(
            cells=(
                str(record["group"]),
                str(record["n"]),
                str(record["events"]),
                say_median(record),
                *(say_survival(record, month) for month in months),
                _say_follow_up(record),
            )
        )
        for record in records.values()
    ]
    header = ("", "n", "Events", f"Median, months ({study.percent})")
    return ResultTable(
        name="survival",
        title="Survival from the index date",
        numbers=pd.DataFrame.from_dict(records, orient="index").rename(columns={"group": "endpoint"}),
        header=(
            *header,
            *(f"At {month} months ({study.percent})" for month in months),
            f"Median follow-up, months ({study.percent}); range",
        ),
        shown=tuple(shown),
        notes=(
            (
                "Follow-up: reverse Kaplan–Meier, the time patients would have been seen for had nobody had the event; "
                "its range is from the shortest to the longest time seen."
            ),
        ),
    )


def _say_follow_up(record: dict[str, Any]) -> str:
    median = say_months_with_interval(*(record[f"follow_up_{name}_months"] for name in ("median", "lower", "upper")))
    shortest, longest = (say_months(record[f"follow_up_{name}_months"]) for name in ("shortest", "longest"))
    return f"{median}\n{shortest} to {longest}"


def _follow_up(study: Study, days: NDArray[np.float64], event: NDArray[np.int64]) -> dict[str, Any]:
    row = follow_up(days, event, confidence=study.options.confidence).table.iloc[0]
    names = ("median", "lower", "upper", "shortest", "longest")
    return {f"follow_up_{name}_months": float(row[name]) / DAYS_PER_MONTH for name in names}
