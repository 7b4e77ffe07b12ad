"""The section on further treatments: the naive comparison, and what is left without immortal time."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from survival.curves import last_shown_month
from survival.figures.drawn import draw_figure
from survival.figures.simon_makuch import draw_simon_makuch, plot_states
from survival.results import ResultFigure, ResultTable, Section, ShownRow
from survival.retreatment import IMMORTAL_TIME
from survival.words.comparison import NOT_GIVEN, firth_notes, say_difference, say_hazard, say_log_rank
from survival.words.wording import DAYS_PER_MONTH, say_months, say_p, say_p_equals

if TYPE_CHECKING:
    from survival.reporting.study import Study
    from survival.retreatment import Retreatment

PROPORTIONAL_LEVEL = 0.05
AGAIN_AGAINST_ONCE = "again against once"
KEY, TITLE = "second-treatment", "Further treatments and immortal time"


def second_treatment_section(study: Study) -> Section:
    """Compare survival by second treatment in three forms."""
    found = study.retreatment
    if found is None:
        sentence = (
            "Survival by second treatment needs second_treatment_days with somebody treated once and somebody twice."
        )
        return Section(key=KEY, title=TITLE, left_out=(sentence,))
    left_out: tuple[str, ...] = ()
    if found.start_stop is None:
        left_out = ("The start-stop comparison has no event, or nobody at risk beside those treated again.",)
    figures = (_figure(study, found),) if found.start_stop is not None else ()
    return Section(
        key=KEY, title=TITLE, paragraphs=(IMMORTAL_TIME,), items=(_table(study, found), *figures), left_out=left_out
    )


def say_landmark_months(day: int) -> str:
    """Write a landmark in months, whole where it is.

    Examples
    --------
    >>> say_landmark_months(183), say_landmark_months(100)
    ('6 months', '3.3 months')
    """
    months = day / DAYS_PER_MONTH
    close = 0.05
    return f"{round(months)} months" if abs(months - round(months)) < close else f"{say_months(months)} months"


def _table(study: Study, found: Retreatment) -> ResultTable:
    numbers: dict[str, dict[str, Any]] = {}
    rows = []
    forms = [("naive", "Naive: ever treated again, from the index date (false)", found.naive)]
    forms += [
        (f"landmark_{day}", f"Landmark at {say_landmark_months(day)}", comparison)
        for day, comparison in found.landmarks.items()
    ]
    for key, label, comparison in forms:
        turned = comparison.numbers | again_against_once(comparison.numbers)
        numbers[key] = {"form": label, "hazard_ratio_of": AGAIN_AGAINST_ONCE} | turned
        rows.append(ShownRow(cells=(label, *_cells(comparison.numbers))))
    if found.start_stop is not None:
        numbers["start_stop"] = {
            "form": "Start-stop rows",
            "hazard_ratio_of": "after a second treatment against before or without",
        } | found.start_stop
        rows.append(
            ShownRow(cells=("Start-stop rows: from the day of the second treatment on", *_last(found.start_stop)))
        )
    return ResultTable(
        name="second_treatment",
        title=f"{study.primary.name} by second treatment",
        numbers=pd.DataFrame.from_dict(numbers, orient="index"),
        header=(
            "",
            "Again: n (events)",
            "Once: n (events)",
            f"Difference of medians, months ({study.percent})",
            "Log-rank p",
            f"Hazard ratio, again against once ({study.percent})",
        ),
        shown=tuple(rows),
        notes=(
            (
                "At a landmark: those under observation after it, by whether the second treatment had been given by "
                "then. Start-stop rows: everybody counts as treated once until the day of the second treatment; the "
                "test is Mantel and Byar's."
            ),
            *_mantel_byar_note(found),
            *_drift_note(found),
            *firth_notes(numbers.values()),
        ),
    )


def _mantel_byar_note(found: Retreatment) -> tuple[str, ...]:
    if found.start_stop is None:
        return ()
    observed, expected = (found.start_stop[f"{kind}_after_second_treatment"] for kind in ("observed", "expected"))
    return (
        (
            f"After a second treatment {observed:.0f} events were observed and {expected:.1f} expected (Mantel and "
            "Byar). In that row events before a second treatment stand with those of patients treated once."
        ),
    )


def _drift_note(found: Retreatment) -> tuple[str, ...]:
    """Say where the naive split breaks proportional hazards: it is the mark of immortal time."""
    if not found.naive_drift_p < PROPORTIONAL_LEVEL:
        return ()
    return (
        (
            f"The hazards of the naive split are not proportional ({say_p_equals(found.naive_drift_p)}), as immortal "
            "time makes them: nobody in the group treated again can die early."
        ),
    )


def _cells(numbers: dict[str, Any]) -> tuple[str, ...]:
    counts = (f"{numbers[f'{side}_n']} ({numbers[f'{side}_events']})" for side in ("good", "bad"))
    return (*counts, say_difference(numbers), say_log_rank(numbers), say_hazard(again_against_once(numbers)))


def again_against_once(numbers: dict[str, Any]) -> dict[str, Any]:
    """Turn the hazard ratio around: treated again against once."""
    if "hazard_ratio" not in numbers or np.isnan(numbers["hazard_ratio"]):
        return {}
    return {
        "hazard_ratio": 1 / numbers["hazard_ratio"],
        "hazard_ratio_lower": 1 / numbers["hazard_ratio_upper"],
        "hazard_ratio_upper": 1 / numbers["hazard_ratio_lower"],
        "hazard_ratio_p_value": numbers["hazard_ratio_p_value"],
        "hazard_ratio_method": numbers["hazard_ratio_method"],
    }


def _last(start_stop: dict[str, Any]) -> tuple[str, ...]:
    again = start_stop["n_after_second_treatment"]
    after = start_stop["events_after_second_treatment"]
    return (
        f"{again} ({after})",
        f"{start_stop['n'] - again} ({start_stop['events'] - after})",
        NOT_GIVEN,
        say_p(start_stop["mantel_byar_p_value"]),
        say_hazard(start_stop),
    )


def _figure(study: Study, found: Retreatment) -> ResultFigure:
    spans = study.spans
    assert spans is not None
    assert found.start_stop is not None
    note = f"Mantel–Byar {say_p_equals(found.start_stop['mantel_byar_p_value'])}"
    last = last_shown_month(found.naive.sides.sample())
    plot = plot_states(
        spans,
        last_month=last,
        confidence=study.options.confidence,
        note=note,
        time_label=f"Months from {study.from_index}",
        value_label=study.primary.name,
    )
    return draw_figure(
        lambda: draw_simon_makuch(plot),
        name="simon_makuch",
        title="Survival before and after a second treatment (Simon and Makuch)",
        description=(
            "Two survival curves from start-stop rows: time without and time after a second treatment. "
            f"Hazard ratio {say_hazard(found.start_stop)}, {note}."
        ),
        caption=(
            "Every patient starts on the first curve and moves to the second on the day of the second treatment, so "
            "the number at risk on the second curve rises before it falls. Its first steps rest on few patients. The "
            "curves belong to states, not to groups of people: nobody is on the second one from the start, so neither "
            "has a median that a group of patients would have."
        ),
    )
