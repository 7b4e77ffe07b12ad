"""The section on sensitivity: one table of what the answer becomes when one choice is made otherwise."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from survival.reporting.sensitivity.by_domain import domain_rows
from survival.reporting.sensitivity.missing import missing_rows
from survival.reporting.sensitivity.progression import progression_rows
from survival.reporting.sensitivity.row import HAZARD_RATIO
from survival.reporting.sensitivity.time_scale import overall_rows
from survival.results import ResultTable, RowKind, Section, ShownRow
from survival.words.wording import lower_first, say_column, say_counted, say_ratio

if TYPE_CHECKING:
    from survival.reporting.sensitivity.row import SensitivityRow
    from survival.reporting.study import Study
    from survival.responses import Domain

KEY, TITLE = "sensitivity", "Sensitivity analyses"


def sensitivity_section(study: Study) -> Section:
    """Make one choice of the analysis otherwise at a time."""
    if not study.options.sensitivity:
        return Section(key=KEY, title=TITLE, left_out=("Sensitivity analyses: not asked for in the settings.",))
    overall = overall_rows(study)
    blocks = [(study.primary.key, f"{study.primary.name}: median, months", overall if len(overall) > 1 else [])]
    blocks.append(("pfs", "Progression-free survival: median, months", progression_rows(study)))
    left_out = []
    for domain in study.dated_domains:
        rows = domain_rows(study, domain)
        if np.isnan(rows[0].value) or rows[0].events < study.options.minimum_events:
            left_out.append(f"Sensitivity of {lower_first(domain.name)} response: too few events for a hazard ratio.")
            continue
        title = f"{domain.contrast_name}: hazard ratio of “{domain.bad_name}” against “{domain.good_name}”"
        missing = missing_rows(study, domain)
        left_out += [] if missing else _say_nothing_missing(study, domain)
        blocks.append((domain.key, title, rows + missing))
    blocks = [block for block in blocks if block[2]]
    if not blocks:
        sentence = "Sensitivity analyses need a dated response, index dates of several years, or dates of diagnosis."
        return Section(key=KEY, title=TITLE, left_out=tuple(left_out) or (sentence,))
    table = _table(study, blocks)
    said = tuple(_say_range(title, rows) for _, title, rows in blocks if rows[0].measure == HAZARD_RATIO)
    return Section(key=KEY, title=TITLE, paragraphs=(_paragraph(), *said), items=(table,), left_out=tuple(left_out))


def _say_nothing_missing(study: Study, domain: Domain) -> list[str]:
    """Say why missing responses have no analysis of their own."""
    unknown = int((~study.frame[domain.response_column].isin(domain.evaluable)).sum())
    if not unknown:
        return []
    said = (
        f"Missing {lower_first(domain.name)} responses: of {say_counted(unknown, 'patient')} without an evaluable one, "
        f"nobody was still under observation after the landmark (day {study.options.landmark_days}) with a response to "
        "be had, so there is nothing to impute."
    )
    return [said]


def _strata_note(study: Study) -> tuple[str, ...]:
    if not study.strata:
        return ()
    return (
        f"Adjusted rows are stratified by {', '.join(map(say_column, study.strata))}; the others are unstratified.",
    )


def _paragraph() -> str:
    return (
        "Each row makes one choice otherwise and leaves the rest as it is. An answer that holds in all of them does "
        "not hang on that choice; one that changes does. Rows called wrong show what a common mistake does."
    )


def _say_range(title: str, rows: list[SensitivityRow]) -> str:
    """Say how far the hazard ratio moves over the analyses that are not wrong, thresholds of other sides aside."""
    main, others = rows[0], [row for row in rows[1:] if row.is_same_question]
    values = [row.value for row in others]
    claim, _, _ = title.partition(": hazard ratio of")
    text = f"{claim}: hazard ratio {main.estimate} in the main analysis"
    if not values:
        return f"{text}."
    excluding = sum(row.lower > 1 or row.upper < 1 for row in others)
    how_many = "all" if excluding == len(values) else str(excluding)
    return (
        f"{text}, from {say_ratio(min(values))} to {say_ratio(max(values))} in {len(values)} others that ask the same; "
        f"in {how_many} of these the interval leaves out 1.{_say_thresholds(rows)}"
    )


def _say_thresholds(rows: list[SensitivityRow]) -> str:
    """Say which other thresholds of response give an interval that includes 1."""
    tried = [row for row in rows if row.is_threshold and not np.isnan(row.value)]
    if not tried:
        return ""
    unclear = [row for row in tried if row.lower <= 1 <= row.upper]
    if not unclear:
        return f" With other thresholds of response ({len(tried)} tried) no interval includes 1."
    named = "; ".join(f"{lower_first(row.label).replace(': a', ', a')}: {row.estimate}" for row in unclear)
    return f" With other thresholds of response the interval includes 1 in {len(unclear)} of {len(tried)}: {named}."


def _table(study: Study, blocks: list[tuple[str, str, list[SensitivityRow]]]) -> ResultTable:
    numbers: dict[str, dict[str, Any]] = {}
    shown: list[ShownRow] = []
    for key, title, rows in blocks:
        shown.append(ShownRow(cells=(title,), kind=RowKind.HEADING))
        for row in rows:
            numbers[f"{key}.{row.key}"] = {"block": key} | row.numbers
            shown.append(row.shown)
    return ResultTable(
        name="sensitivity",
        title=f"Sensitivity analyses of {study.primary.lower_name}",
        numbers=pd.DataFrame.from_dict(numbers, orient="index"),
        header=("", "n", "Events", f"Estimate ({study.percent})", "p", "What was changed"),
        shown=tuple(shown),
        notes=(
            (
                "Hazard ratios by Cox models with entry on the own day unless the row says otherwise, Wald p; from a "
                "landmark the clock restarts. Rows called wrong and rows of other thresholds answer another question. "
                "Intervals and p values are not corrected for their number."
            ),
            *_strata_note(study),
        ),
        folded=True,
    )
