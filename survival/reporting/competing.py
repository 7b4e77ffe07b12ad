"""The section on endpoints that another event can make impossible: cumulative incidence, by group with Gray's test."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from recist.errors import RecistError
from survival.cumulative_incidence import cumulative_incidence
from survival.curves import Sample, last_shown_month, say_share
from survival.figures.drawn import draw_figure
from survival.figures.incidence import Cause, IncidencePlot, draw_incidence
from survival.figures.kaplan_meier import axis_ticks
from survival.gray import gray_test
from survival.reporting.relief_incidence import count_competing
from survival.results import ResultFigure, ResultTable, RowKind, Section, ShownRow
from survival.words.wording import DAYS_PER_MONTH, say_column, say_counted, say_p_equals

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from survival.endpoints import Endpoint
    from survival.reporting.study import Study

KEY, TITLE = "competing", "Competing events"
EVENT, COMPETING = 1, 2
EVERYBODY = "everybody"
UNNAMED = "the event"
"""What a study calls an event to which it gives no name."""


def competing_section(study: Study) -> Section:
    """Show every endpoint with competing events; empty where the study declares none."""
    items: list[ResultTable | ResultFigure] = []
    paragraphs = []
    for endpoint in study.competing_endpoints:
        if not study.has(endpoint):
            continue
        rows = study.frame[study.frame[endpoint.code_column].notna()]
        items += [_figure(study, endpoint, rows), _table(study, endpoint, rows)]
        paragraphs.append(
            f"{endpoint.name}: after {endpoint.competing} it cannot come. One minus the Kaplan–Meier curve would count "
            "such patients as if it still could, and give too much; the cumulative incidence does not."
        )
    return Section(key=KEY, title=TITLE, paragraphs=tuple(paragraphs), items=tuple(items))


def _columns(endpoint: Endpoint, rows: pd.DataFrame) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    return rows[endpoint.time_column].to_numpy("float64"), rows[endpoint.code_column].to_numpy("int64")


def _names(endpoint: Endpoint) -> dict[int, str]:
    other = endpoint.competing[:1].upper() + endpoint.competing[1:]
    own = endpoint.event if endpoint.event != UNNAMED else endpoint.name
    return {EVENT: own[:1].upper() + own[1:], COMPETING: other}


def _figure(study: Study, endpoint: Endpoint, rows: pd.DataFrame) -> ResultFigure:
    days, code = _columns(endpoint, rows)
    table = cumulative_incidence(days, code, confidence=study.options.confidence).table
    last = last_shown_month(Sample(days=days, event=(code > 0).astype("int64")))
    ticks = axis_ticks(last)
    names = _names(endpoint)
    plot = IncidencePlot(
        causes=tuple(_cause(table, cause, names[cause], code) for cause in sorted(set(code[code > 0].tolist()))),
        ticks_months=ticks,
        last_month=last * 1.02,
        row_names=("At risk", "Censored", "Events", "Competing"),
        counts=count_competing(days, code, ticks * DAYS_PER_MONTH),
        time_label=f"Months from {study.from_index}",
    )
    counts = "; ".join(f"{cause.label}: {cause.below}" for cause in plot.causes)
    return draw_figure(
        lambda: draw_incidence(plot),
        name=f"incidence_{endpoint.key}",
        title=f"{endpoint.name} and {endpoint.competing}",
        description=f"Cumulative incidence in {say_counted(len(code), 'patient')}. {counts}.",
        caption=(
            f"n = {len(code)}. Cumulative incidence by Aalen and Johansen with its {study.percent} (log scale). Under "
            "each tick: at risk just before it; censored, events and competing events before it."
        ),
    )


def _cause(table: pd.DataFrame, cause: int, label: str, code: NDArray[np.int64]) -> Cause:
    rows = table[table["cause"].eq(cause)]
    months = rows["time"].to_numpy(dtype="float64") / DAYS_PER_MONTH
    return Cause(
        label=label,
        months=np.concatenate([[0.0], months]),
        incidence=np.concatenate([[0.0], rows["incidence"].to_numpy(dtype="float64")]),
        lower=np.concatenate([[np.nan], rows["lower"].to_numpy(dtype="float64")]),
        upper=np.concatenate([[np.nan], rows["upper"].to_numpy(dtype="float64")]),
        below=say_counted(int((code == cause).sum()), "event"),
    )


def _table(study: Study, endpoint: Endpoint, rows: pd.DataFrame) -> ResultTable:
    months = study.options.survival_at_months
    numbers: dict[str, dict[str, Any]] = {}
    shown: list[ShownRow] = []
    notes = ["Aalen–Johansen; intervals on the log scale."]
    for title, names, labels in _splits(study, rows):
        days, code = _columns(endpoint, rows[labels != ""])
        group = labels[labels != ""]
        shown.append(ShownRow(cells=(title,), kind=RowKind.HEADING))
        for name in names:
            records, cells = _read(study, endpoint, days[group == name], code[group == name])
            for cause, record in records.items():
                numbers[f"{title}.{name}.{cause}"] = {"split": title, "group": name, "cause": cause} | record
            shown += [_row(name if len(names) > 1 else "", cell) for cell in cells]
        if len(names) > 1:
            note, tested = _gray(endpoint, days, code, group, title)
            notes.append(note)
            numbers |= tested
    return ResultTable(
        name=f"incidence_of_{endpoint.key}",
        title=f"Cumulative incidence of {endpoint.lower_name} and of {endpoint.competing}",
        numbers=pd.DataFrame.from_dict(numbers, orient="index"),
        header=("", "n", "Events", *(f"By {month} months ({study.percent})" for month in months)),
        shown=tuple(shown),
        notes=tuple(notes),
    )


def _row(name: str, cells: tuple[str, ...]) -> ShownRow:
    label = f"{name}: {cells[0]}" if name else cells[0]
    return ShownRow(cells=(label, *cells[1:]), kind=RowKind.INDENTED)


def _splits(study: Study, rows: pd.DataFrame) -> list[tuple[str, tuple[str, ...], NDArray[np.object_]]]:
    """Give everybody, then every grouping known at the index date: title, groups, label of each row."""
    everybody = np.full(len(rows), EVERYBODY, dtype=object)
    found: list[tuple[str, tuple[str, ...], NDArray[np.object_]]] = [("Everybody", (EVERYBODY,), everybody)]
    for column in study.groups:
        labels = rows[column].astype(str).replace("nan", "").to_numpy(dtype=object)
        names = tuple(sorted(set(labels) - {""}))
        if len(names) > 1:
            found.append((f"By {say_column(column)}", names, labels))
    return found


def _read(
    study: Study, endpoint: Endpoint, days: NDArray[np.float64], code: NDArray[np.int64]
) -> tuple[dict[int, dict[str, Any]], list[tuple[str, ...]]]:
    months = study.options.survival_at_months
    read = cumulative_incidence(days, code, confidence=study.options.confidence).at(
        np.asarray(months, dtype="float64") * DAYS_PER_MONTH
    )
    records: dict[int, dict[str, Any]] = {}
    cells = []
    for cause, label in _names(endpoint).items():
        record: dict[str, Any] = {"n": len(code), "events": int((code == cause).sum())}
        shares = []
        for month, row in zip(months, read[read["cause"].eq(cause)].to_dict("records"), strict=False):
            stem = f"incidence_{month}_months"
            record |= {stem: row["incidence"], f"{stem}_lower": row["lower"], f"{stem}_upper": row["upper"]}
            shares.append(say_share(row["incidence"], row["lower"], row["upper"]))
        records[cause] = record
        cells.append((label, str(record["n"]), str(record["events"]), *(shares or ["–"] * len(months))))
    return records, cells


def _gray(
    endpoint: Endpoint, days: NDArray[np.float64], code: NDArray[np.int64], group: NDArray[np.object_], title: str
) -> tuple[str, dict[str, dict[str, Any]]]:
    try:
        table = gray_test(days, code, group).table
    except RecistError as fault:
        return f"{title}: Gray's test is not possible: {fault}", {}
    names = _names(endpoint)
    records = table.to_dict("records")
    said = "; ".join(f"{names[row['event_code']]} {say_p_equals(row['p_value'])}" for row in records)
    numbers = {
        f"{title}.gray.{row['event_code']}": {
            "split": title,
            "cause": row["event_code"],
            "gray_p_value": row["p_value"],
        }
        for row in records
    }
    return f"{title}, Gray's test: {said}.", numbers
