"""The section on groups known at the index date: curves, medians and the comparison."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from survival.compare import compare_from_index, make_sides
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
from survival.log_rank import log_rank
from survival.options import ReportOptions
from survival.results import ResultFigure, ResultTable, Section, ShownRow
from survival.words.comparison import firth_notes, say_gain, say_hazard
from survival.words.wording import say_column, say_p_equals

if TYPE_CHECKING:
    from survival.endpoints import Endpoint
    from survival.reporting.study import Study

KEY, TITLE = "groups", "Survival by group"
TWO = 2
MOST_GROUPS = 6


def groups_section(study: Study) -> Section:
    """Compare survival between groups known at the index date; empty where the cohort has none."""
    items: list[ResultTable | ResultFigure] = []
    left_out = []
    for column in study.groups:
        names = tuple(sorted(set(study.frame[column].astype(str)) - {"", "nan"}))
        if len(names) > MOST_GROUPS:
            left_out.append(f"{column} has {len(names)} groups; at most {MOST_GROUPS} can be told apart in a figure.")
            continue
        for endpoint in study.endpoints:
            if study.has(endpoint):
                items += _endpoint(study, column, names, endpoint)
    return Section(
        key=KEY,
        title=TITLE,
        paragraphs=_trust(study) if items else (),
        items=tuple(items),
        left_out=tuple(left_out),
    )


def _trust(study: Study) -> tuple[str, ...]:
    """Say which groups are taken for known at the index date because the settings name them."""
    own = [name for name in study.groups if name not in ReportOptions().groups]
    if not own:
        return ()
    told = (
        f"The settings name {', '.join(own)} as known at the index date; the report trusts that. Groups that are known "
        "only later would contain the time people had to live to get into them."
    )
    return (told,)


def _endpoint(
    study: Study, column: str, names: tuple[str, ...], endpoint: Endpoint
) -> list[ResultTable | ResultFigure]:
    data = derive_endpoint(study.frame, endpoint)
    group = data.rows[column].astype(str).to_numpy(dtype=object)
    known = np.isin(group, names)
    names = tuple(name for name in names if (group == name).any())
    if len(names) < TWO:
        return []
    sample = Sample(days=data.days[known], event=data.event[known], group=group[known], names=names)
    test = log_rank(sample.days, sample.event, sample.labels(names))
    note = f"Log-rank {say_p_equals(test.p_value)}"
    estimate = estimate_curves(sample, study.options.confidence)
    plot = plot_curves(
        sample, estimate, time_label=f"Months from {study.from_index}", value_label=endpoint.name, note=note
    )
    records = curve_numbers(sample, estimate, study.options.survival_at_months)
    medians = "; ".join(
        f"{record['group']}: n = {record['n']}, median {say_median_months(record)}" for record in records
    )
    figure = draw_figure(
        lambda: draw_curves(plot),
        name=f"km_{endpoint.key}_by_{_plain(column)}",
        title=f"{endpoint.name} by {say_column(column)}",
        description=f"Kaplan-Meier curves. {medians}. {note}.",
        caption=f"{medians}.",
    )
    compared = _Compared(column=column, endpoint=endpoint, sample=sample, records=records, p_value=test.p_value)
    return [figure, _table(study, compared)]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Compared:
    """Groups of one column, compared by one endpoint."""

    column: str
    endpoint: Endpoint
    sample: Sample
    records: list[dict[str, Any]]
    p_value: float


def _plain(name: str) -> str:
    return "".join(letter if letter.isascii() and letter.isalnum() else "_" for letter in name)


def _table(study: Study, compared: _Compared) -> ResultTable:
    months = study.options.survival_at_months
    sample, endpoint, column = compared.sample, compared.endpoint, compared.column
    numbers = {f"group: {record['group']}": record for record in compared.records}
    notes = [_say_test(compared)]
    comparison: dict[str, Any] = {"log_rank_p_value": compared.p_value}
    if len(sample.names) == TWO:
        comparison |= _two_sided(study, sample)
        notes.append(
            f"{sample.names[1]} against {sample.names[0]}: {say_gain(comparison)}, {_say_ratio(endpoint, comparison)}."
        )
        notes += firth_notes([comparison])
    return ResultTable(
        name=f"{endpoint.key}_by_{_plain(column)}",
        title=f"{endpoint.name} by {say_column(column)}",
        numbers=pd.DataFrame.from_dict(numbers | {"comparison": comparison}, orient="index"),
        header=(
            "",
            "n",
            "Events",
            f"Median, months ({study.percent})",
            *(f"At {month} months ({study.percent})" for month in months),
        ),
        shown=tuple(_rows(study, compared)),
        notes=tuple(notes),
    )


def _say_test(compared: _Compared) -> str:
    if np.isnan(compared.p_value):
        return "No log-rank test: it needs events, and patients at risk on both sides."
    return f"Log-rank {say_p_equals(compared.p_value)}."


def _say_ratio(endpoint: Endpoint, comparison: dict[str, Any]) -> str:
    if np.isnan(comparison["hazard_ratio"]):
        return "no hazard ratio can be given"
    return f"hazard ratio of {endpoint.hazard_of} {say_hazard(comparison)}"


def _rows(study: Study, compared: _Compared) -> list[ShownRow]:
    months = study.options.survival_at_months
    rows = [
        ShownRow(
            cells=(
                str(record["group"]),
                str(record["n"]),
                str(record["events"]),
                say_median(record),
                *(say_survival(record, month) for month in months),
            )
        )
        for record in compared.records
    ]
    if missing := study.n - len(compared.sample.days):
        rows.append(
            ShownRow(cells=("Group or endpoint not known", str(missing), *("–" for _ in range(2 + len(months)))))
        )
    return rows


def _two_sided(study: Study, sample: Sample) -> dict[str, Any]:
    """Compare the second group with the first: gain in median and hazard ratio, both second against first."""
    assert sample.group is not None
    second = (sample.group == sample.names[1]).astype("float64")
    start = np.zeros(len(second))
    sides = make_sides(
        sample.days, sample.event, 1 - second, start, good_name=sample.names[1], bad_name=sample.names[0]
    )
    found = compare_from_index(sides, study.options).numbers
    numbers = {name: value for name, value in found.items() if not name.startswith(("good_", "bad_"))}
    numbers |= {"compared": sample.names[1], "reference": sample.names[0]}
    ratio, lower, upper = (numbers[name] for name in ("hazard_ratio", "hazard_ratio_lower", "hazard_ratio_upper"))
    return numbers | {"hazard_ratio": 1 / ratio, "hazard_ratio_lower": 1 / upper, "hazard_ratio_upper": 1 / lower}
