"""Measure many lesions over many series: read each series once, measure its masks, report what failed.

A series that cannot be read does not stop the others: its lesions are written as not evaluable, with the reason, and
as problems.
"""

from __future__ import annotations

from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pandas as pd

from recist.errors import DicomError
from recist.lesions import FoundLesion, lesions_of_labels, lesions_of_segmentation
from recist.manifest import MANIFEST, check_lesions, read_manifest
from recist.masks import is_label_image
from recist.measure import Convention
from recist.problems import Problem, Severity, require_no_errors
from recist.progress import Progress, no_progress
from recist.tables import FIRST_DATA_ROW, MEASUREMENTS, check_table

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from recist.dicom.ct_series import CTSeries

Row = dict[str, Any]  # a row of a table: text, dates, numbers and flags by column


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Measured:
    """What a run found.

    Attributes
    ----------
    measurements : pandas.DataFrame
        The ``measurements`` table, with volume, slice, end points and convention beside it.
    problems : tuple of Problem
    """

    measurements: pd.DataFrame
    problems: tuple[Problem, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Task:
    """The rows of a manifest that share a series."""

    folder: Path
    image: str
    series_uid: str
    rows: tuple[Row, ...]
    file: str
    convention: str


def measure_manifest(
    manifest: Path, *, convention: str = Convention.QUARTER, workers: int = 1, progress: Progress = no_progress
) -> Measured:
    """Measure every lesion of a manifest.

    Parameters
    ----------
    manifest : pathlib.Path
        CSV or Parquet, columns of ``recist.manifest.MANIFEST``.
    convention : {"quarter", "centre", "edge"}
    workers : int
        Processes; the result does not depend on it.
    progress : Progress
        Told the number of series done.

    Raises
    ------
    DataError
        When the manifest itself has faults; all of them at once.
    """
    frame, problems = read_manifest(manifest)
    require_no_errors(problems)
    tasks = _plan(frame, manifest, convention)
    rows: list[Row] = []
    for done, (found, faults) in enumerate(_run(tasks, workers), start=1):
        rows += found
        problems += faults
        progress(done, len(tasks))
    rows.sort(key=lambda row: (row["manifest_row"], str(row["lesion"])))
    table = pd.DataFrame(rows, columns=_COLUMNS)
    problems += check_lesions(table, manifest.name)
    measurements, _ = check_table(table, MEASUREMENTS)
    return Measured(measurements=measurements.drop(columns="manifest_row"), problems=tuple(problems))


def _plan(frame: pd.DataFrame, manifest: Path, convention: str) -> list[_Task]:
    groups: dict[tuple[str, str], list[Row]] = {}
    for position, record in enumerate(frame.to_dict("records")):
        row: Row = {str(key): value for key, value in record.items()}
        row["manifest_row"] = position + FIRST_DATA_ROW
        groups.setdefault((str(row["image"]), str(row["series_uid"])), []).append(row)
    return [
        _Task(
            folder=manifest.parent,
            image=image,
            series_uid=series_uid,
            rows=tuple(rows),
            file=manifest.name,
            convention=convention,
        )
        for (image, series_uid), rows in groups.items()
    ]


def _run(tasks: Sequence[_Task], workers: int) -> Iterator[tuple[list[Row], list[Problem]]]:
    if workers <= 1 or len(tasks) <= 1:
        yield from map(_measure_task, tasks)
        return
    with ProcessPoolExecutor(min(workers, len(tasks))) as pool:
        yield from pool.map(_measure_task, tasks)


def _measure_task(task: _Task) -> tuple[list[Row], list[Problem]]:
    """Measure all rows that share a series."""
    rows: list[Row] = []
    problems: list[Problem] = []
    series, fault = _try_series(task)
    masks: dict[str, list[FoundLesion] | str] = {}
    for row in task.rows:
        mask = str(row["mask"])
        if not mask:
            rows.append(_as_row(row, None, None))
            continue
        if mask not in masks:
            masks[mask] = fault or _try_mask(task, mask, series)
        found = masks[mask]
        chosen = [FoundLesion(names=(), reason=found)] if isinstance(found, str) else _choose(row, found)
        rows += [_as_row(row, lesion, series) for lesion in chosen if _name(row, lesion)]
        problems += [_not_measured(task, row, lesion) for lesion in chosen if lesion.axes is None]
        problems += _date_problems(task, row, series)
    return rows, problems


def _try_series(task: _Task) -> tuple[CTSeries | None, str]:
    """Read the series, or say why it cannot be read."""
    if not task.image:
        return None, ""
    from recist.dicom.series import read_series

    try:
        return read_series(task.folder / task.image, series_uid=task.series_uid or None), ""
    except DicomError as fault:
        return None, f"the series cannot be measured: {fault}"


def _try_mask(task: _Task, mask: str, series: CTSeries | None) -> list[FoundLesion] | str:
    try:
        if is_label_image(mask):
            return list(lesions_of_labels(task.folder / mask, task.convention))
        assert series is not None
        return list(lesions_of_segmentation(task.folder / mask, series, task.convention))
    except DicomError as fault:
        return str(fault)


def _choose(row: Row, found: list[FoundLesion]) -> list[FoundLesion]:
    """Pick the lesion a row names; every lesion of the mask when it names none."""
    label = str(row["label"])
    if not label and row["lesion"] and len(found) > 1:
        there = ", ".join(lesion.names[0] for lesion in found)
        return [FoundLesion(names=(), reason=f"the mask holds several lesions; name one in the column label: {there}")]
    if not label:
        return found or [FoundLesion(names=(), reason="the mask holds no lesion")]
    chosen = [lesion for lesion in found if label in lesion.names]
    if not chosen:
        there = ", ".join(lesion.names[0] for lesion in found) or "none"
        return [FoundLesion(names=(), reason=f"the mask has no label {label!r}; it has: {there}")]
    return chosen[:1]


def _name(row: Row, lesion: FoundLesion) -> str:
    """Give the id of a lesion; empty where neither the manifest nor a readable mask names it."""
    return str(row["lesion"] or row["label"] or (lesion.names[0] if lesion.names else ""))


def _as_row(row: Row, lesion: FoundLesion | None, series: CTSeries | None) -> Row:
    """Lay a lesion out as a row of ``measurements``."""
    out = {name: row[name] for name in row if name not in ("image", "mask", "label")}
    out["reader"] = row["reader"] or "reader-1"
    if lesion is None:
        return out
    out["lesion"] = _name(row, lesion)
    out["site"] = row["site"] or lesion.site
    is_nodal_given = bool(pd.notna(row["nodal"]))
    if out["site"] and not is_nodal_given:
        out["nodal"] = "lymph node" in str(out["site"])
    out["source"] = "image"
    out["state"] = "measured" if lesion.axes else "not_evaluable"
    out["reason"] = lesion.reason
    if lesion.axes is None:
        return out
    out |= lesion.axes.to_row()
    out["slice_thickness_mm"] = lesion.thickness_mm
    if series is not None:
        out["slice_thickness_mm"] = series.effective_thickness_mm
        out["sop_instance_uid"] = series.sop_instance_uids[lesion.axes.slice_index]
        out["series_uid"] = series.series_uid
    return out


def _not_measured(task: _Task, row: Row, lesion: FoundLesion) -> Problem:
    return Problem(
        file=task.file,
        row=_row_number(row),
        subject=str(row["subject"]),
        field="mask",
        code="not_measured",
        found=lesion.names[0] if lesion.names else str(row["label"]),
        message=(
            f"the lesion was not measured and is written as not evaluable: {lesion.reason}"
            if _name(row, lesion)
            else f"no lesion of this mask was measured: {lesion.reason}"
        ),
    )


def _date_problems(task: _Task, row: Row, series: CTSeries | None) -> list[Problem]:
    """Warn when the manifest gives a series another date than its files do."""
    stated = row["date"]
    if series is None or series.date is None or not isinstance(stated, pd.Timestamp):
        return []
    if stated.date() == series.date:
        return []
    return [
        Problem(
            file=task.file,
            row=_row_number(row),
            subject=str(row["subject"]),
            field="date",
            severity=Severity.WARNING,
            code="date_differs_from_image",
            found=stated.date().isoformat(),
            expected=series.date.isoformat(),
            message="the images were acquired on another day; the date of the manifest was kept, check which is right",
        )
    ]


def _row_number(row: Row) -> int:
    return int(row["manifest_row"])


_COLUMNS = list(
    dict.fromkeys(
        (
            *MEASUREMENTS.column_names,
            *("volume_mm3", "min_feret_mm", "n_voxels", "slice_index", "series_uid", "sop_instance_uid"),
            *("x1", "y1", "x2", "y2", "x3", "y3", "x4", "y4", "convention"),
            *(name for name in MANIFEST.column_names if name not in ("image", "mask", "label")),
            "manifest_row",
        )
    )
)
