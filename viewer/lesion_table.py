"""The table of a reading, resolved: a row a lesion, a column a time point, then the sums and the responses."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from recist.criteria.codes import LesionRole, LesionState
from viewer.amounts import mm_text
from viewer.lesions import ROLE_NAMES
from viewer.store import counted_mm

if TYPE_CHECKING:
    from collections.abc import Callable

    from viewer.lesions import Finding, Lesion
    from viewer.live_score import TimepointScore
    from viewer.state import SessionState

STATE_WORDS = {
    LesionState.ABSENT: "gone",
    LesionState.TOO_SMALL: "too small",
    LesionState.NOT_EVALUABLE: "not evaluable",
    LesionState.NOT_DONE: "not done",
    LesionState.PRESENT: "present",
    LesionState.UNEQUIVOCAL_PD: "unequivocal PD",
    LesionState.UNEQUIVOCAL: "unequivocal",
    LesionState.EQUIVOCAL: "equivocal",
    LesionState.INCREASED: "increased",
    LesionState.NORMAL: "normal",
    LesionState.ABNORMAL: "abnormal",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """One cell of the lesion table: a lesion at a time point."""

    lesion: str
    timepoint: str
    text: str
    tooltip: str = ""
    is_missing: bool = False
    is_chosen: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class LesionRow:
    """A lesion across the time points."""

    lesion: str
    name: str
    role: LesionRole
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ResultRow:
    """A result of the engine across the time points."""

    name: str
    texts: tuple[str, ...]
    is_response: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class TableView:
    """The whole table; `current` is the number of the time point that is read, or -1."""

    header: tuple[str, ...]
    lesions: tuple[LesionRow, ...]
    results: tuple[ResultRow, ...]
    current: int


def resolve_table(state: SessionState) -> TableView:
    """Lay out the lesions and the engine's answer over the subject's time points."""
    timepoints = list_timepoints(state)
    labels = {visit.timepoint: visit.date for visit in state.visits}
    header = tuple(f"{name}\n{labels[name]}" if labels.get(name) else name for name in timepoints)
    return TableView(
        header=header,
        lesions=tuple(_to_row(state, lesion, timepoints) for lesion in state.reading.lesions),
        results=tuple(_to_result(state, timepoints, *row) for row in RESULT_ROWS),
        current=timepoints.index(state.timepoint) if state.timepoint in timepoints else -1,
    )


def list_timepoints(state: SessionState) -> tuple[str, ...]:
    """List the time points of the folder and of the reading, each once, by date."""
    dates = {visit.timepoint: visit.date for visit in state.visits if visit.date}
    dates |= {found.timepoint: found.date for found in state.reading.findings if found.date}
    return tuple(sorted(dates, key=dates.__getitem__))


def _to_row(state: SessionState, lesion: Lesion, timepoints: tuple[str, ...]) -> LesionRow:
    name = f"{lesion.id}  {lesion.site or ROLE_NAMES[lesion.role]}"
    cells = tuple(_to_cell(state, lesion, timepoint) for timepoint in timepoints)
    return LesionRow(lesion=lesion.id, name=name, role=lesion.role, cells=cells)


def _to_cell(state: SessionState, lesion: Lesion, timepoint: str) -> Cell:
    parts = state.reading.parts(lesion.id, timepoint)
    is_expected = lesion.role not in (LesionRole.NEW, LesionRole.MARKER)
    return Cell(
        lesion=lesion.id,
        timepoint=timepoint,
        text=" + ".join(_finding_text(lesion, found) for found in parts) or ("–" if is_expected else ""),
        tooltip="; ".join(_tooltip(found) for found in parts) or "nothing found yet",
        is_missing=not parts and is_expected,
        is_chosen=(lesion.id, timepoint) == (state.form.lesion, state.timepoint),
    )


def _finding_text(lesion: Lesion, found: Finding) -> str:
    size = counted_mm(lesion, found)
    words = STATE_WORDS.get(found.state, "")
    if size is None:
        return words or "no size"
    return f"{words} {mm_text(size)}".strip()


def _tooltip(found: Finding) -> str:
    if found.long_axis_mm is None or found.short_axis_mm is None:
        return found.reason or found.state.value.replace("_", " ")
    return f"long axis {mm_text(found.long_axis_mm)} mm, short axis {mm_text(found.short_axis_mm)} mm"


def _sum(score: TimepointScore) -> str:
    return "" if score.sum_mm is None else _bracket(mm_text(score.sum_mm), score)


def _bracket(text: str, score: TimepointScore) -> str:
    """Put what rests on an incomplete sum in brackets."""
    return f"({text})" if text and not score.is_complete else text


def _percent(value: float | None) -> str:
    return "" if value is None else f"{value:+.1f} %"


RESULT_ROWS: tuple[tuple[str, bool, Callable[[TimepointScore], str]], ...] = (
    ("sum of targets, mm", False, _sum),
    ("from baseline", False, lambda score: _percent(score.change_from_baseline_pct)),
    ("from nadir", False, lambda score: _bracket(_percent(score.change_from_nadir_pct), score)),
    ("targets", False, lambda score: score.target),
    ("non-targets", False, lambda score: score.non_target),
    ("new lesions", False, lambda score: score.new_lesion),
    ("response", True, lambda score: score.overall),
)


def _to_result(
    state: SessionState,
    timepoints: tuple[str, ...],
    name: str,
    is_response: bool,
    text: Callable[[TimepointScore], str],
) -> ResultRow:
    scores = [state.score.at(timepoint) for timepoint in timepoints]
    texts = tuple(text(score) if score is not None else "" for score in scores)
    return ResultRow(name=name, texts=texts, is_response=is_response)
