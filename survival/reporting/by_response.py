"""The section on survival by response: curves from the landmark, and the same contrast in every other form."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from survival.compare import KNOWN_DAYS, Form, compare_from_landmark, make_sides
from survival.curves import estimate_curves, plot_curves, say_median, say_median_months
from survival.endpoints import PROGRESSION_FREE_SURVIVAL, derive_endpoint
from survival.figures.drawn import draw_figure
from survival.figures.kaplan_meier import draw_curves
from survival.known_later import AS_PUBLISHED
from survival.responses import IMAGING
from survival.results import ResultFigure, ResultTable, RowKind, Section, ShownRow
from survival.words.comparison import firth_notes, say_difference, say_hazard, say_log_rank, say_restricted
from survival.words.wording import DAYS_PER_MONTH, lower_first, say_counted, say_months, say_p_equals, say_percent

if TYPE_CHECKING:
    from survival.compare import Comparison
    from survival.domains import DomainComparisons
    from survival.endpoints import Endpoint
    from survival.reporting.study import Study

CAPTION = (
    "The clock starts at the landmark; only patients under observation after it, with the response known by then, are "
    "shown. Marks, bands and the table below the axis as in the figure of overall survival."
)
BIASED_CAPTION = (
    "The clock starts at the index date although the response became known later: whoever responded had to live until "
    "then, and that time is counted for the response. No evidence; see the curves from the landmark."
)
PROGRESSION_PARAGRAPH = (
    "Progression-free survival of patients with PD at first imaging is not compared with that of the others: PD is "
    "itself the event. From the landmark, response is compared with stable disease among those without PD."
)
KEY, TITLE = "by-response", "Survival by response, from the landmark"


def by_response_section(study: Study) -> Section:
    """Compare survival by response in every dated domain."""
    left_out = [
        f"Survival by {lower_first(domain.name)} response needs the day the response was known ({domain.days_column}): "
        "without it the groups would contain the time patients had to live to be assessed."
        for domain in study.domains
        if domain not in study.dated_domains
    ]
    if not study.dated_domains:
        left_out.append(
            "Survival by response needs a response with its day, such as imaging_response and imaging_days."
        )
        return Section(key=KEY, title=TITLE, left_out=tuple(left_out))
    items: list[ResultTable | ResultFigure] = []
    for found in study.comparisons.values():
        if found.at_landmark.is_possible:
            items.append(
                _figure(
                    study,
                    found.at_landmark,
                    f"km_{study.primary.key}_{found.domain.key}",
                    found.domain.contrast_name,
                    study.primary,
                )
            )
            items += _as_published(study, found)
        else:
            left_out.append(f"{found.domain.name}: at the landmark one side has no patients.")
    progression = _progression(study)
    items += [_landmark_table(study, progression), *_progression_figure(study, progression)]
    paragraphs = (_paragraph(study), *((PROGRESSION_PARAGRAPH,) if progression is not None else ()))
    return Section(key=KEY, title=TITLE, paragraphs=paragraphs, items=tuple(items), left_out=tuple(left_out))


def _paragraph(study: Study) -> str:
    day = study.options.landmark_days
    return (
        f"The landmark is day {day} ({say_months(day / DAYS_PER_MONTH)} months), chosen so that the first follow-up is "
        f"over for nearly everybody ({_known_by_then(study)}). Compared from the index date, responders would be "
        "credited with the months they had to live to be assessed; from the landmark on both sides start alive."
    )


def _known_by_then(study: Study) -> str:
    counts = []
    for found in study.comparisons.values():
        days = found.from_index.sides.rows[KNOWN_DAYS]
        known = int((days <= study.options.landmark_days).sum())
        counts.append(f"{lower_first(found.domain.name)} known for {known} of {len(days)}")
    return ", ".join(counts)


def _figure(study: Study, comparison: Comparison, name: str, contrast: str, endpoint: Endpoint) -> ResultFigure:
    sample = comparison.sides.sample()
    estimate = estimate_curves(sample, study.options.confidence)
    numbers = comparison.numbers
    note = f"Log-rank {say_p_equals(numbers['log_rank_p_value'])}"
    plot = plot_curves(
        sample,
        estimate,
        time_label=_clock(study, comparison),
        value_label=endpoint.name,
        note=note if comparison.form is Form.LANDMARK else f"As published,\ncontains immortal time.\n{note}",
    )
    medians = "; ".join(
        f"{label}: n = {numbers[f'{side}_n']}, {say_counted(numbers[f'{side}_events'], 'event')}, median "
        f"{say_median_months(_side(numbers, side))}"
        for side, label in (("good", sample.names[0]), ("bad", sample.names[1]))
    )
    return draw_figure(
        lambda: draw_curves(plot),
        name=name,
        title=f"{endpoint.name} by {lower_first(contrast)}",
        description=f"Kaplan-Meier curves. {_clock(study, comparison)}. {medians}. {note}.",
        caption=f"{medians}. {CAPTION if comparison.form is Form.LANDMARK else BIASED_CAPTION}",
    )


def _clock(study: Study, comparison: Comparison) -> str:
    if comparison.form is Form.LANDMARK:
        return f"Months from the landmark (day {study.options.landmark_days})"
    return f"Months from {study.from_index}"


def _as_published(study: Study, found: DomainComparisons) -> tuple[ResultFigure, ...]:
    """Draw the curves from the index date where they are asked for, named as what they are."""
    if not study.options.as_published:
        return ()
    name = f"km_{study.primary.key}_{found.domain.key}_as_published"
    contrast = f"{found.domain.contrast_name} ({AS_PUBLISHED})"
    return (_figure(study, found.from_index, name, contrast, study.primary),)


def _side(numbers: dict[str, Any], side: str) -> dict[str, Any]:
    return {name.removeprefix(f"{side}_"): value for name, value in numbers.items() if name.startswith(f"{side}_")}


def _landmark_table(study: Study, progression: Comparison | None) -> ResultTable:
    numbers: dict[str, dict[str, Any]] = {}
    shown: list[ShownRow] = []
    for key, found in study.comparisons.items():
        _add(numbers, shown, key, f"{found.domain.contrast_name}, {study.primary.lower_name}", found.at_landmark)
    if progression is not None:
        _add(numbers, shown, "imaging_pfs", "Imaging response without PD, progression-free survival", progression)
    return ResultTable(
        name="by_response",
        title=f"Survival by response, from the landmark (day {study.options.landmark_days})",
        numbers=pd.DataFrame.from_dict(numbers, orient="index"),
        header=(
            "",
            "n",
            "Events",
            f"Median, months ({study.percent})",
            f"Difference of medians ({study.percent})",
            f"Difference of restricted means ({study.percent})",
            f"Hazard ratio ({study.percent})",
            "Log-rank p",
        ),
        shown=tuple(shown),
        notes=(
            (
                f"Differences in months, good minus bad side; intervals of medians from {study.options.bootstrap} "
                f"bootstrap samples (seed {study.options.seed}). Hazard ratio of the bad side against the good one."
            ),
            _unreached_note(numbers),
            *firth_notes(numbers.values()),
        ),
    )


def _unreached_note(numbers: dict[str, dict[str, Any]]) -> str:
    shares = ", ".join(
        f"{key.replace('_', ' ')} {say_percent(found['replicates_without_median'], decimals=1)}"
        for key, found in numbers.items()
        if "replicates_without_median" in found
    )
    return f"Bootstrap samples in which a median was not reached: {shares}."


def _add(
    numbers: dict[str, dict[str, Any]], shown: list[ShownRow], key: str, title: str, comparison: Comparison
) -> None:
    found = comparison.numbers
    shown.append(ShownRow(cells=(title, comparison.accounting), kind=RowKind.HEADING))
    numbers[key] = {"good": comparison.sides.good_name, "bad": comparison.sides.bad_name} | found
    extra = (
        say_difference(found).replace(" (", "\n(", 1),
        say_restricted(found),
        say_hazard(found),
        say_log_rank(found),
    )
    for side, label, cells in (
        ("good", comparison.sides.good_name, extra),
        ("bad", comparison.sides.bad_name, ("", "", "", "")),
    ):
        median = say_median(_side(found, side)) if f"{side}_median_months" in found else "–"
        counts = (label, str(found[f"{side}_n"]), str(found[f"{side}_events"]), median)
        shown.append(ShownRow(cells=(*counts, *cells), kind=RowKind.INDENTED))


def _progression(study: Study) -> Comparison | None:
    """Compare PFS of responders and stable patients from the landmark; PD itself is the event and is left out."""
    if IMAGING not in study.dated_domains or not study.has(PROGRESSION_FREE_SURVIVAL):
        return None
    data = derive_endpoint(study.frame, PROGRESSION_FREE_SURVIVAL)
    codes = data.rows[IMAGING.response_column]
    bad = np.where(codes.isin(IMAGING.responders), 0.0, np.where(codes.eq("SD"), 1.0, np.nan))
    known = data.rows[IMAGING.days_column].to_numpy(dtype="float64")
    sides = make_sides(
        data.days, data.event, bad, known, good_name="Response (CR or PR)", bad_name="Stable disease (SD)"
    )
    found = compare_from_landmark(sides, study.options.landmark_days, study.options)
    return found if found.is_possible else None


def _progression_figure(study: Study, progression: Comparison | None) -> tuple[ResultFigure, ...]:
    if progression is None:
        return ()
    return (_figure(study, progression, "km_pfs_imaging", "imaging response", PROGRESSION_FREE_SURVIVAL),)
