"""The section that sets the headline figures side by side: as published, from the landmark, from the own day."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from survival.curves import Sample, curve_numbers, estimate_curves, say_median
from survival.endpoints import derive_endpoint
from survival.headline import (
    HeadlineRow,
    difference_numbers,
    gain_row,
    hazard_numbers,
    join_published,
    median_row,
    rate_row,
)
from survival.published import PUBLISHED
from survival.reporting.headline_forms import headline_forms_table
from survival.reporting.relief_time import relief_record
from survival.reporting.response_rates import response_rate, say_rate
from survival.reporting.second_treatment import again_against_once, say_landmark_months
from survival.responses import SYMPTOMATIC
from survival.results import ResultTable, Section, ShownRow
from survival.retreatment import IMMORTAL_TIME_BRIEFLY
from survival.words.comparison import firth_notes, say_difference, say_difference_and_p, say_hazard_and_p
from survival.words.wording import lower_first, say_column

if TYPE_CHECKING:
    from survival.published import PublishedStudy
    from survival.reporting.study import Study
    from survival.responses import Domain

KEY, TITLE = "headline", "Headline figures"


def headline_section(study: Study) -> Section:
    """Set the figures of an abstract side by side in their three forms; empty where there is only one figure."""
    rows = headline_rows(study)
    published = PUBLISHED.get(study.options.published)
    if len(rows) == 1 and published is None:
        return Section(key=KEY, title=TITLE)
    paragraphs = []
    if _has_gains(study):
        paragraphs.append(
            "Gains “from the index date” are how such figures are usually published: they credit responders with the "
            "time they had to live to be assessed, and are biased by design. Those of the other two columns are not. "
            "Medians of the whole cohort and response rates need no landmark."
        )
    if study.retreatment is not None:
        paragraphs.append(IMMORTAL_TIME_BRIEFLY)
    items = [_table(study, rows, published), *([headline_forms_table(study)] if study.comparisons else [])]
    return Section(key=KEY, title=TITLE, paragraphs=tuple(paragraphs), items=tuple(items))


def _has_gains(study: Study) -> bool:
    return bool(study.comparisons) or study.retreatment is not None


def headline_rows(study: Study) -> tuple[HeadlineRow, ...]:
    """Make every headline row that the data allow, in the order of the abstract."""
    rows = [_overall(study)]
    for domain in study.domains:
        rows += _domain_rows(study, domain)
    return tuple(rows + _retreatment_rows(study))


def overall_record(study: Study) -> dict[str, Any]:
    """Give n, events and median of the primary endpoint."""
    data = derive_endpoint(study.frame, study.primary)
    sample = Sample(days=data.days, event=data.event)
    return curve_numbers(sample, estimate_curves(sample, study.options.confidence), study.options.survival_at_months)[0]


def _overall(study: Study) -> HeadlineRow:
    record = overall_record(study)
    return median_row(f"median_{study.primary.key}", f"Median {study.primary.noun}, months", record, say_median(record))


def _domain_rows(study: Study, domain: Domain) -> list[HeadlineRow]:
    confidence = study.options.confidence
    share = response_rate(study.frame, domain, domain.responders, confidence)
    rows = [rate_row(f"{domain.key}_rate", f"{domain.name} response", share, say_rate(share))]
    if "SD" in domain.evaluable:
        stable = response_rate(study.frame, domain, ("SD",), confidence)
        rows.append(rate_row(f"{domain.key}_stable_rate", f"{domain.name}: stable disease", stable, say_rate(stable)))
    if domain.key == SYMPTOMATIC.key and (record := relief_record(study)) is not None:
        rows.append(median_row("relief_duration", "Median relief, months", record, say_median(record)))
    found = study.comparisons.get(domain.key)
    if found is not None:
        rows.append(
            gain_row(domain, from_index=found.from_index, landmark=found.at_landmark, own_entry=found.own_entry)
        )
    return rows


def _retreatment_rows(study: Study) -> list[HeadlineRow]:
    found = study.retreatment
    if found is None:
        return []
    numbers = difference_numbers("from_index", found.naive.numbers) | {"unit": "months"}
    lines = []
    for day, comparison in found.landmarks.items():
        numbers |= difference_numbers(f"landmark_{day}", comparison.numbers)
        numbers |= hazard_numbers(f"landmark_{day}", again_against_once(comparison.numbers))
        lines.append(f"{say_landmark_months(day)}: {say_difference(comparison.numbers)}")
    start_stop = found.start_stop or {}
    numbers |= hazard_numbers("own_entry", start_stop)
    row = HeadlineRow(
        key="multiple_treatments",
        label="Gain: two or more treatments",
        from_index=say_difference_and_p(found.naive.numbers),
        landmark="\n".join(lines),
        own_entry=say_hazard_and_p(start_stop) + ("\nstart-stop rows" if start_stop else ""),
        numbers=numbers,
    )
    return [row]


def _contrasts(study: Study) -> str:
    sides = "; ".join(
        f"{lower_first(found.domain.name)}, {lower_first(found.domain.good_name)} against "
        f"{lower_first(found.domain.bad_name)}"
        for found in study.comparisons.values()
    )
    return f" Sides: {sides}. Hazard ratios are those of the second named against the first." if sides else ""


def _hazards(study: Study) -> list[dict[str, Any]]:
    """List the hazard ratios of the last column."""
    again = study.retreatment.start_stop if study.retreatment is not None else None
    return [found.own_entry.numbers for found in study.comparisons.values()] + ([again] if again else [])


def _treatment_note(study: Study) -> tuple[str, ...]:
    if study.retreatment is None:
        return ()
    return (
        (
            "Two or more treatments against one. The landmarks of this row are its own, by what had been given by "
            "then; the hazard ratio is that of the time after a second treatment against the time before it."
        ),
    )


def _gain_note(study: Study) -> tuple[str, ...]:
    if not _has_gains(study):
        return ()
    said = "Gains are differences of medians in months with bootstrap intervals and log-rank p." + _contrasts(study)
    return (said, *strata_note(study))


def strata_note(study: Study) -> tuple[str, ...]:
    """Say, where the models are stratified, that the plain contrasts are not."""
    if not study.strata:
        return ()
    names = ", ".join(map(say_column, study.strata))
    return (
        (
            f"These hazard ratios are of the sides alone, unstratified. The Cox models further down and every adjusted "
            f"hazard ratio are stratified by {names}, and differ from them for that reason."
        ),
    )


def _header(study: Study) -> tuple[str, ...]:
    """Name the columns; without gains the first is all there is."""
    if not _has_gains(study):
        return (f"From the index date ({study.percent})",)
    return (
        f"From the index date; gains biased ({study.percent}, log-rank p)",
        f"From the landmark, day {study.options.landmark_days} ({study.percent}, log-rank p)",
        f"Own-date entry: hazard ratio{', unstratified' if study.strata else ''} ({study.percent}, Wald p)",
    )


def _forms(row: HeadlineRow, header: tuple[str, ...]) -> tuple[str, ...]:
    return (row.from_index, row.landmark, row.own_entry)[: len(header)]


def _table(study: Study, rows: tuple[HeadlineRow, ...], published: PublishedStudy | None) -> ResultTable:
    header = _header(study)
    shown: list[tuple[str, ...]]
    notes: tuple[str, ...] = ()
    if published is None:
        shown = [(row.label, *_forms(row, header)) for row in rows]
        records = {row.key: {"label": row.label} | row.numbers for row in rows}
        columns: tuple[str, ...] = ("", *header)
    else:
        joined = join_published(rows, published)
        shown = [(row.label, words.replace(", p", "\np"), *_forms(row, header)) for row, words, _ in joined]
        records = {row.key: {"label": row.label} | numbers for row, _, numbers in joined}
        columns = ("", f"Published ({published.short})", *header)
        notes = (f"Published: {published.citation}. {published.caution}",)
    return ResultTable(
        name="headline",
        title="Headline figures" + (", beside the published ones" if published else ""),
        numbers=pd.DataFrame.from_dict(records, orient="index").replace({None: np.nan}),
        header=columns,
        shown=tuple(ShownRow(cells=cells) for cells in shown),
        notes=(
            *_gain_note(study),
            *_treatment_note(study),
            *firth_notes(_hazards(study)),
            *notes,
        ),
    )
