"""Measuring a task: the series is read once, then every mask over it; what fails is told and stops nobody."""

from __future__ import annotations

import time
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from recist.batch.inputs import stamp_inputs
from recist.batch.lesion_rows import choose_lesions, lay_out, name_lesion
from recist.batch.outcome import Outcome, Status
from recist.batch.refusals import BEFORE_REASON, NotMeasured
from recist.errors import GeometryError, RecistError, UsageError
from recist.lesions import FoundLesion, lesions_of_mask
from recist.masks import is_label_image
from recist.problems import Problem, Severity

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from recist.batch.columns import Row
    from recist.batch.task import Task
    from recist.dicom.ct_series import CTSeries

TOLD_NOTES = 3  # files that cannot be read, or series of a folder; `recist index` tells all


def measure_task(task: Task) -> Outcome:
    """Measure all rows that share a series."""
    started = time.monotonic()
    inputs = stamp_inputs(task)
    try:
        outcome = _measure(task)
    except Exception as fault:  # noqa: BLE001  # the edge of a run: whatever it is, the other series must not suffer
        outcome = refuse_task(task, f"the program met a fault of its own: {_place(fault)}", status=Status.FAILED)
    return _signed(outcome, inputs=inputs, seconds=time.monotonic() - started)


def _signed(outcome: Outcome, *, inputs: str, seconds: float) -> Outcome:
    return Outcome(
        index=outcome.index,
        task=outcome.task,
        status=outcome.status,
        reason=outcome.reason,
        rows=outcome.rows,
        problems=outcome.problems,
        inputs=inputs,
        seconds=round(seconds, 3),
    )


def _place(fault: BaseException) -> str:
    """Name the kind of a fault and where it came from; never its text, which may quote a file."""
    trace = fault.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    where = f" in {Path(trace.tb_frame.f_code.co_filename).name}, line {trace.tb_lineno}" if trace else ""
    kind = "more memory was asked for than there is" if isinstance(fault, MemoryError) else type(fault).__name__
    return f"{kind}{where}; please report it"


def _measure(task: Task) -> Outcome:
    series, fault = None, ""
    try:
        series = _read_series(task)
    except UsageError as several:  # or the one that is named is not there
        named = {} if task.series_uid else _named_series(task)
        if any(named.values()):
            return _join(task, [_measure(part) for part in _by_series(task, named)])
        fault = f"the series cannot be measured: {_on_one_line(several)}"
    except RecistError as unreadable:
        fault = f"the series cannot be measured: {_on_one_line(unreadable)}"
    found = {mask: fault or _try_mask(task, mask, series) for mask in task.masks}
    rows: list[Row] = []
    problems: list[Problem] = _no_volume(task, series)
    for row in task.rows:
        mask = str(row["mask"] or "")
        if not mask:
            rows.append(lay_out(row, None, None))
            continue
        chosen = choose_lesions(row, found[mask])
        rows += [lay_out(row, lesion, series) for lesion in chosen if name_lesion(row, lesion)]
        is_whole = isinstance(found[mask], str) or not found[mask]
        problems += [_not_measured(task, row, lesion, is_whole=is_whole) for lesion in chosen if lesion.axes is None]
        problems += [_noted(task, row, lesion) for lesion in chosen if lesion.axes and lesion.notes]
        problems += _date_problems(task, row, series)
    reasons = [lesions for lesions in found.values() if isinstance(lesions, str)]
    is_refused = bool(reasons) and len(reasons) == len(found)
    return Outcome(
        index=task.index,
        task=task.id,
        status=Status.REFUSED if is_refused else Status.DONE,
        reason=reasons[0] if is_refused else "",
        rows=_in_order(rows),
        problems=tuple(problems),
    )


def _named_series(task: Task) -> dict[str, str]:
    """Say which series of the folder each mask names; empty where it names none."""
    from recist.dicom.named_series import find_named_series

    if not (Path(task.folder) / task.image).is_dir():
        return {}
    return {mask: "" if is_label_image(mask) else find_named_series(Path(task.folder) / mask) for mask in task.masks}


def _by_series(task: Task, named: dict[str, str]) -> Iterator[Task]:
    """Take a task apart by the series that its masks name; rows whose masks name none stay together."""
    for uid in dict.fromkeys(named.get(str(row["mask"] or ""), "") for row in task.rows):
        rows = tuple(row for row in task.rows if named.get(str(row["mask"] or ""), "") == uid)
        yield replace(task, series_uid=uid, rows=rows)


def _join(task: Task, parts: list[Outcome]) -> Outcome:
    """Put what was measured on several series of one folder together again."""
    is_refused = all(part.status is Status.REFUSED for part in parts)
    return Outcome(
        index=task.index,
        task=task.id,
        status=Status.REFUSED if is_refused else Status.DONE,
        reason=parts[0].reason if is_refused else "",
        rows=_in_order([row for part in parts for row in part.rows]),
        problems=tuple(sorted((each for part in parts for each in part.problems), key=lambda each: each.row or 0)),
    )


def refuse_task(task: Task, reason: str, *, status: Status) -> Outcome:
    """Write every lesion of a task as not evaluable, with the reason."""
    rows: list[Row] = []
    problems: list[Problem] = []
    lesion = FoundLesion(names=(), reason=reason)
    for row in task.rows:
        if not row["mask"]:
            rows.append(lay_out(row, None, None))
            continue
        if name_lesion(row, lesion):
            rows.append(lay_out(row, lesion, None))
        problems.append(_not_measured(task, row, lesion, is_whole=True))
    return Outcome(
        index=task.index,
        task=task.id,
        status=status,
        reason=reason,
        rows=_in_order(rows),
        problems=tuple(problems),
    )


def _in_order(rows: list[Row]) -> tuple[Row, ...]:
    return tuple(sorted(rows, key=lambda row: (row["manifest_row"], str(row["lesion"]))))


def _read_series(task: Task) -> CTSeries | None:
    """Read the series if something is measured on it."""
    if not task.image or not task.masks:
        return None
    from recist.dicom.series import read_series

    return read_series(Path(task.folder) / task.image, series_uid=task.series_uid or None)


def _try_mask(task: Task, mask: str, series: CTSeries | None) -> list[FoundLesion] | str:
    path = Path(task.folder) / mask
    try:
        return list(lesions_of_mask(path, series, task.convention, threshold=task.threshold, resample=task.resample))
    except RecistError as fault:
        return _on_one_line(fault)


def _not_measured(task: Task, row: Row, lesion: FoundLesion, *, is_whole: bool) -> Problem:
    code = NotMeasured.MASK if is_whole else NotMeasured.LESION
    if not name_lesion(row, lesion):
        code = NotMeasured.UNNAMED
    return Problem(
        file=task.file,
        row=row["manifest_row"],
        subject=str(row["subject"]),
        field="mask",
        code=code.value,
        found=lesion.names[0] if lesion.names else str(row["label"]),
        message=f"{BEFORE_REASON[code]}: {lesion.reason}",
    )


def _no_volume(task: Task, series: CTSeries | None) -> list[Problem]:
    """Warn, once, that nothing on this series has a volume, with the sentence of the gate and what is known of why."""
    if series is None or series.can_make_volume:
        return []
    try:
        series.require_volume()
    except GeometryError as fault:
        sentence = str(fault)
    row = next(row for row in task.rows if row["mask"])
    return [
        Problem(
            file=task.file,
            row=row["manifest_row"],
            subject=str(row["subject"]),
            field="image",
            severity=Severity.WARNING,
            code="no_volume",
            found="+".join(series.classes),
            expected="regular",
            message=" ".join([sentence, *_some(series.notes)]),
        )
    ]


def _some(notes: Sequence[str]) -> list[str]:
    """Give the first notes on one line, and how many there are besides."""
    told = [" ".join(note.split()) for note in notes[:TOLD_NOTES]]
    more = [f"and {len(notes) - TOLD_NOTES} more"] if len(notes) > TOLD_NOTES else []
    return ["; ".join([*told, *more])] if told else []


def _on_one_line(fault: RecistError) -> str:
    """Give a message, and the first of what it lists."""
    first, *listed = str(fault).splitlines() or [""]
    return " ".join([first, *_some(listed)])


def _noted(task: Task, row: Row, lesion: FoundLesion) -> Problem:
    return Problem(
        file=task.file,
        row=row["manifest_row"],
        subject=str(row["subject"]),
        field="mask",
        severity=Severity.WARNING,
        code="measured_with_note",
        found=lesion.names[0] if lesion.names else "",
        message=f"the lesion was measured: {'; '.join(lesion.notes)}",
    )


def _date_problems(task: Task, row: Row, series: CTSeries | None) -> list[Problem]:
    """Warn when the manifest gives a series another date than its files do."""
    stated = row["date"]
    if series is None or series.date is None or not stated or stated == series.date.isoformat():
        return []
    return [
        Problem(
            file=task.file,
            row=row["manifest_row"],
            subject=str(row["subject"]),
            field="date",
            severity=Severity.WARNING,
            code="date_differs_from_image",
            found=stated,
            expected=series.date.isoformat(),
            message="the images were acquired on another day; the date of the manifest was kept, check which is right",
        )
    ]
