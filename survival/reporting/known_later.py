"""The section on groups known only later: from a landmark, from the own day and, where asked for, as published."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from survival.curves import say_median
from survival.known_later import AS_PUBLISHED, TREATED_AGAIN, later_in
from survival.later_groups import compare_as_published, compare_at_landmark, compare_own_day, gather_groups
from survival.models import derive_strata
from survival.results import ResultTable, RowKind, Section, ShownRow
from survival.study_columns import column_sources, plain_code
from survival.words.comparison import NOT_GIVEN, firth_notes, say_hazard
from survival.words.wording import say_column, say_p

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from survival.later_groups import LaterComparison
    from survival.reporting.study import Study
    from survival.settings.entries import ComparisonEntry

KEY, TITLE = "known-later", "Compared by what is known only later"
MOST_GROUPS = 6
TWO = 2


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Later:
    """A column known only later, with its groups and the day each was known."""

    column: str
    label: str
    group: NDArray[np.object_]
    names: tuple[str, ...]
    known_days: NDArray[np.float64] | None
    remedy: str = ""


def known_later_section(study: Study) -> Section:
    """Compare the primary endpoint by every declared column known only later; as published too where asked for."""
    items = []
    left_out = []
    for later in _laters(study):
        if len(later.names) < TWO or len(later.names) > MOST_GROUPS:
            count = f"{later.column} has {len(later.names)} groups; two to {MOST_GROUPS} can be compared."
            left_out.append(f"{later.label}: {count}")
            continue
        items.append(_table(study, later))
    paragraphs = (_paragraph(study),) if items else ()
    return Section(key=KEY, title=TITLE, paragraphs=paragraphs, items=tuple(items), left_out=tuple(left_out))


def _paragraph(study: Study) -> str:
    text = (
        "These groups are known only some time after the index date. Compared from there, a group is credited with the "
        "time its members had to live to get into it (immortal time). From the landmark only what was known by then "
        "counts and the clock restarts; with entry on the own day each patient is observed from the day it was known."
    )
    if study.options.as_published:
        text += f" Rows called “{AS_PUBLISHED}” are what is asked for as published: they are not evidence of an effect."
    return text


def _laters(study: Study) -> list[_Later]:
    declared = {entry.column: entry for entry in study.options.comparison}
    found = [_declared(study, entry) for entry in declared.values() if entry.column in study.frame]
    if study.options.as_published:
        names = [name for name in later_in(study.options) if name not in declared and name in study.frame]
        found += [_named(study, name) for name in names]
    return found


def _declared(study: Study, entry: ComparisonEntry) -> _Later:
    values = _texts(study.frame[entry.column])
    names = tuple(str(code) for code in (*entry.good, *entry.bad)) or _levels(values)
    days = study.frame.get(entry.known_days) if entry.known_days else None
    group = values
    if len(entry.good) > 1 or len(entry.bad) > 1:
        good, bad = (" or ".join(map(str, codes)) for codes in (entry.good, entry.bad))
        group = np.where(np.isin(values, [str(code) for code in entry.good]), good, values)
        group = np.where(np.isin(values, [str(code) for code in entry.bad]), bad, group).astype(object)
        names = (good, bad)
    return _Later(
        column=entry.column,
        label=entry.label or say_column(entry.column),
        group=group,
        names=names,
        known_days=None
        if days is None
        else pd.to_numeric(days.replace("", "nan"), errors="coerce").to_numpy("float64"),
    )


def _named(study: Study, column: str) -> _Later:
    """Take a column that is named as if it were known at the index date; its day is known for responses only."""
    values = _texts(study.frame[column])
    own = column_sources(study.options)
    domain = next((one for one in study.domains if column in (one.response_column, own.get(one.response_column))), None)
    names, days, remedy = _levels(values), None, ""
    if domain is not None:
        names = tuple(code for code in domain.evaluable if code in set(values))
        if domain in study.dated_domains:
            days = study.frame[domain.days_column].to_numpy(dtype="float64")
    if column in TREATED_AGAIN:
        remedy = "The defensible form is that of start-stop rows, in the section on further treatments."
    return _Later(column=column, label=say_column(column), group=values, names=names, known_days=days, remedy=remedy)


def _texts(values: pd.Series) -> NDArray[np.object_]:
    text = values.astype(str).replace("nan", "").map(plain_code)
    return text.to_numpy(dtype=object)


def _levels(values: NDArray[np.object_]) -> tuple[str, ...]:
    """Give the groups of a column, numbers in their order."""
    levels = sorted(set(values) - {""})
    numbers = pd.to_numeric(pd.Series(levels, dtype=object), errors="coerce")
    return tuple(pd.Series(levels)[numbers.argsort()]) if levels and numbers.notna().all() else tuple(levels)


def _comparisons(study: Study, later: _Later) -> list[tuple[str, LaterComparison]]:
    known = np.full(study.n, np.nan) if later.known_days is None else later.known_days
    groups = gather_groups(
        study.frame,
        study.primary,
        later.group,
        known,
        names=later.names,
        covariates=study.covariates,
        strata=derive_strata(study.frame, study.strata),
    )
    found = []
    if study.options.as_published:
        found.append((f"From the index date: {AS_PUBLISHED}", compare_as_published(groups, study.options)))
    if later.known_days is not None:
        label = f"From the landmark at day {study.options.landmark_days}"
        found.append((label, compare_at_landmark(groups, study.options)))
        found.append(("From the own day (delayed entry)", compare_own_day(groups, study.options)))
    return found


def _table(study: Study, later: _Later) -> ResultTable:
    numbers: dict[str, dict[str, Any]] = {}
    shown: list[ShownRow] = []
    for label, comparison in _comparisons(study, later):
        p_text = f"p {say_p(comparison.p_value)}" if comparison.groups else "fewer than two groups are left"
        shown.append(ShownRow(cells=(label, f"{comparison.accounting}; {p_text}"), kind=RowKind.HEADING))
        for record in comparison.groups:
            numbers[f"{comparison.form}.{record['group']}"] = {
                "form": str(comparison.form),
                "label": label,
                "p_value": comparison.p_value,
            } | record
            shown.append(ShownRow(cells=_cells(record), kind=RowKind.INDENTED))
    fair = study.retreatment.start_stop if study.retreatment is not None else None
    if later.column in TREATED_AGAIN and fair is not None:
        label = "Start-stop rows: a second treatment counts from its day on"
        numbers["start_stop"] = {"form": "start_stop", "label": label} | fair
        counts = f"n = {fair['n']}; p {say_p(fair['mantel_byar_p_value'])} (Mantel–Byar)"
        shown.append(ShownRow(cells=(label, counts), kind=RowKind.HEADING))
        shown.append(ShownRow(cells=_cells(_after(fair)), kind=RowKind.INDENTED))
    return ResultTable(
        name=f"known_later_{later.column}",
        title=f"{study.primary.name} by {later.label}",
        numbers=pd.DataFrame.from_dict(numbers, orient="index"),
        header=(
            "",
            "n",
            "Events",
            f"Median, months ({study.percent})",
            f"Hazard ratio ({study.percent})",
            f"Adjusted for the baseline ({study.percent})",
        ),
        shown=tuple(shown),
        notes=_notes(later, list(numbers.values())),
    )


def _after(fair: dict[str, Any]) -> dict[str, Any]:
    """Take the time after a second treatment as a group."""
    counts = {"n": fair["n_after_second_treatment"], "events": fair["events_after_second_treatment"]}
    return {"group": "after the second treatment, against the time before or without it"} | counts | fair | counts


def _notes(later: _Later, records: list[dict[str, Any]]) -> tuple[str, ...]:
    notes = [f"Hazard ratios against “{later.names[0]}”. p: log-rank; with delayed entry the likelihood-ratio test."]
    if later.known_days is None:
        warning = (
            "The day on which the group was known is not in the table, so that neither a landmark nor entry on the own "
            "day is possible: only the false comparison can be shown. Do not take it for an effect."
        )
        notes.append(later.remedy or warning)
    elif "best" in later.column.lower():
        notes.append(
            "A best response may still improve: at the landmark it counts only where it had been reached by then."
        )
    return (*notes, *firth_notes(records))


def _cells(record: dict[str, Any]) -> tuple[str, ...]:
    median = say_median(record) if "median_months" in record else NOT_GIVEN
    adjusted = {key.removeprefix("adjusted_"): value for key, value in record.items() if key.startswith("adjusted_")}
    return (
        str(record["group"]),
        str(record["n"]),
        str(record["events"]),
        median,
        say_hazard(record) if "hazard_ratio" in record else NOT_GIVEN,
        say_hazard(adjusted) if "hazard_ratio" in adjusted else NOT_GIVEN,
    )
