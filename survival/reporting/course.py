"""The section on the course of disease: changes, courses and lanes of single patients."""

from __future__ import annotations

from typing import TYPE_CHECKING

from recist.criteria import RECIST_1_1
from survival.figures.categories import CATEGORIES, CLIP_PCT, category_of
from survival.figures.drawn import draw_figure
from survival.figures.limits import limits_pct, say_change
from survival.figures.spider import draw_spider
from survival.figures.swimmer import MOST_LANES, draw_swimmer
from survival.figures.waterfall import WaterfallPanel, draw_waterfall, sort_changes
from survival.reporting.course_frames import (
    derive_best_changes,
    derive_courses,
    derive_first_changes,
    derive_lanes,
    derive_marks,
    used_reads,
)
from survival.results import Section
from survival.words.wording import say_counted, say_number

if TYPE_CHECKING:
    import pandas as pd

    from survival.reporting.study import Study
    from survival.results import ResultFigure

KEY, TITLE = "course", "Course of single patients"
NO_READS = (
    "The waterfall and spider plots need the sums of target diameters of every read: reads.csv beside the cohort; "
    "`recist link` writes it."
)
NO_COURSE = "The swimmer plot needs the reads or the treatments with their days: reads.csv or treatments.csv."


def course_section(study: Study) -> Section:
    """Show how much tumours changed, when, and what happened to each patient."""
    reads = used_reads(study.cohort.reads) if study.cohort.reads is not None else None
    items: list[ResultFigure] = []
    left_out = []
    if reads is not None and reads["change_from_baseline_pct"].notna().any():
        items += [_waterfall(reads), _spider(study, reads)]
    else:
        left_out.append(NO_READS)
    if reads is not None or study.cohort.treatments is not None:
        items.append(_swimmer(study, reads))
    else:
        left_out.append(NO_COURSE)
    return Section(key=KEY, title=TITLE, items=tuple(items), left_out=tuple(left_out))


def _say_categories(codes: pd.Series) -> str:
    counts = codes.map(lambda code: category_of(str(code)).code).value_counts()
    parts = [f"{category.code} {counts[category.code]}" for category in CATEGORIES if category.code in counts]
    return ", ".join([*parts, *([f"not assessed {counts['']}"] if "" in counts else [])])


def _say_changes(changes: pd.DataFrame) -> str:
    bars = sort_changes(changes)
    if bars.empty:
        return "no measurable change"
    change = bars["change_pct"]
    fell = say_number(float(change.min()), 0)
    middle = say_number(float(change.median()), 0)
    largest = say_number(float(change.max()), 0)
    who = f"{say_counted(len(bars), 'patient')} ({_say_categories(bars['response'])})"
    return f"{who}, from {fell} % to {largest} %, median {middle} %"


def _waterfall(reads: pd.DataFrame) -> ResultFigure:
    first, best = derive_first_changes(reads), derive_best_changes(reads)
    panels = (WaterfallPanel(title="First change", changes=first), WaterfallPanel(title="Best change", changes=best))
    return draw_figure(
        lambda: draw_waterfall(panels),
        name="waterfall",
        title="Change of the sum of target diameters from baseline",
        description=f"Waterfall plot. First change: {_say_changes(first)}. Best change: {_say_changes(best)}.",
        caption=" ".join(_waterfall_words(reads, first, best)),
    )


def _waterfall_words(reads: pd.DataFrame, first: pd.DataFrame, best: pd.DataFrame) -> list[str]:
    fall, growth = (say_change(value) for value in limits_pct(RECIST_1_1))
    words = [
        (
            f"Above at the first read, n = {int(first['change_pct'].notna().sum())}; below the smallest sum before the "
            "first progression (at it where nothing came before), "
            f"n = {int(best['change_pct'].notna().sum())}. Colour: the response at that read above, the best response "
            "(unconfirmed) below; hatched: PD by a new lesion alone. "
            f"Dashed: {fall}, where partial response begins, and {growth}, which is progression when it is the growth "
            "from the smallest sum before. Lymph nodes that become normal keep a size, so that CR need not be −100 %."
        )
    ]
    clipped = int((best["change_pct"] > CLIP_PCT).sum() + (first["change_pct"] > CLIP_PCT).sum())
    if clipped:
        words.append(f"Bars beyond {say_change(CLIP_PCT)} end there with an arrowhead ({clipped}).")
    unmeasured = int(first["change_pct"].isna().sum())
    if unmeasured:
        words.append(f"Not shown: {say_counted(unmeasured, 'patient')} without a complete sum at the first read.")
    others = reads["subject"].nunique() - len(first)
    if others:
        words.append(f"{say_counted(others, 'patient')} known by reports only have no sums.")
    return words


def _spider(study: Study, reads: pd.DataFrame) -> ResultFigure:
    courses = derive_courses(reads)
    known = courses[courses["change_pct"].notna()]
    n = known["subject"].nunique()
    best = known.drop_duplicates("subject")["best_response"]
    new = known.loc[known["new_lesion"], "subject"].nunique()
    words = f"{say_counted(len(known), 'read')} of {say_counted(n, 'patient')}"
    return draw_figure(
        lambda: draw_spider(courses, time_label=f"Months from the {study.index_name}"),
        name="spider",
        title="Course of the sum of target diameters",
        description=(
            f"Spider plot of {words} in panels by best response: {_say_categories(best)}. "
            f"{say_counted(new, 'patient')} had a new lesion."
        ),
        caption=(
            f"{words}, by best response up to the first progression (unconfirmed); the others of each panel in grey. "
            "Every course begins at no change on the index date. Dots mark the last read, crosses a read with a new "
            f"lesion, arrowheads growth beyond {say_change(CLIP_PCT)}. The axis ends where one patient in twenty "
            "still has reads; their lines run out of it."
        ),
    )


def _swimmer(study: Study, reads: pd.DataFrame | None) -> ResultFigure:
    lanes, marks = derive_lanes(study.cohort, reads), derive_marks(study.cohort, reads)
    counts = marks["kind"].value_counts()
    shown = f"Every lane is a patient, n = {len(lanes)}"
    if len(lanes) > MOST_LANES:
        shown = f"{MOST_LANES} of {len(lanes)} patients, taken at even steps through the sorted lanes"
    alive = int((~lanes["is_dead"]).sum())
    kinds = (("treatment", "treatment"), ("response", "first response"), ("progression", "first progression"))
    events = ", ".join(say_counted(int(counts.get(kind, 0)), name) for kind, name in kinds)
    return draw_figure(
        lambda: draw_swimmer(lanes, marks, time_label=f"Months from the {study.index_name}"),
        name="swimmer",
        title="Course of every patient",
        description=(
            f"Swimmer plot of {say_counted(len(lanes), 'patient')} by best response on imaging: "
            f"{_say_categories(lanes['response'])}. {events}; {len(lanes) - alive} died, {alive} alive at last contact."
        ),
        caption=(
            f"{shown}, in blocks by best response on imaging up to the first progression (unconfirmed), the longest "
            f"on top: {events}. "
            "Best response is known only later: the blocks describe, they do not compare survival. The axis ends where "
            "one patient in twenty is still followed; their lanes run out of it."
        ),
    )
