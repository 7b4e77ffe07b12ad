"""Readings on disk: rows of the ``measurements`` table with the drawn end points, read back and written whole.

The end points are the columns x1, y1 … x4, y4: x is the column, y the row, in pixels of the image
``sop_instance_uid``, an integer being the centre of a pixel; (1)–(2) is the long axis, (3)–(4) the short axis.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Hashable
from typing import TYPE_CHECKING, Any

import pandas as pd

from recist.columns import parse_column
from recist.criteria.codes import LesionRole, LesionState
from recist.errors import DataError, RecistError
from recist.problems import require_no_errors
from recist.tables import MEASUREMENTS, read_table, write_table
from viewer.caliper import Caliper, Handle
from viewer.lesions import Finding, Lesion, Reading, with_finding, with_lesion

if TYPE_CHECKING:
    from pathlib import Path

DEFAULT_READER = "reader-1"
PLACE_COLUMNS = ("series_uid", "sop_instance_uid", "slice_index")
POINT_COLUMNS = ("x1", "y1", "x2", "y2", "x3", "y3", "x4", "y4")
Row = dict[Hashable, Any]
OWN_COLUMNS = frozenset(
    {
        *("subject", "reader", "timepoint", "date", "lesion", "role", "site", "nodal", "state", "diameter_mm"),
        *("long_axis_mm", "short_axis_mm", "slice_thickness_mm", "covers", "part", "source", "reason"),
    }
)
KEPT_COLUMNS = tuple(column for column in MEASUREMENTS.columns if column.name not in OWN_COLUMNS)  # written as read
KNOWN_COLUMNS = frozenset((*OWN_COLUMNS, *PLACE_COLUMNS, *POINT_COLUMNS))


def read_measurements(path: Path) -> pd.DataFrame:
    """Read the table of measurements; an empty one when there is no file yet.

    Raises
    ------
    DataError
        When the file holds faults: it is not opened, so that saving cannot destroy what could not be read.
    """
    if not path.exists():
        return pd.DataFrame({name: pd.Series(dtype=object) for name in MEASUREMENTS.column_names})
    frame, problems = read_table(path, MEASUREMENTS.requiring("timepoint"))
    require_no_errors(problems)
    return frame


def try_measurements(path: Path) -> tuple[pd.DataFrame | None, tuple[str, ...]]:
    """Read the table of measurements, or give None and all its faults, a sentence each."""
    try:
        return read_measurements(path), ()
    except DataError as fault:
        return None, tuple(str(problem) for problem in fault.problems)
    except RecistError as fault:
        return None, (str(fault),)


def tell_refusal(path: Path, n_faults: int) -> str:
    """Say that a table with faults is not used, and what to do."""
    faults = "a fault" if n_faults == 1 else f"{n_faults} faults"
    return (
        f"{path.name} has {faults} and is left untouched, so nothing can be drawn or saved. "
        "Mend it and open the folder again, or choose another table with Save as…."
    )


def select_reading(frame: pd.DataFrame, *, subject: str, reader: str) -> Reading:
    """Take one reader's findings on one subject out of a table of measurements."""
    reading = Reading(subject=subject, reader=reader)
    for row in frame[_is_own(frame, subject, reader)].to_dict("records"):
        reading = with_lesion(reading, _parse_lesion(row, reading))
        reading = with_finding(reading, _parse_finding(row))
    return reading


def timepoint_labels(frame: pd.DataFrame, *, subject: str) -> dict[dt.date, str]:
    """Give the names that a table uses for a subject's dates, whoever read them."""
    mine = frame[frame["subject"] == subject]
    return {day.date(): str(name) for day, name in zip(mine["date"], mine["timepoint"], strict=True)}


def write_reading(reading: Reading, path: Path) -> None:
    """Write a reading into a table of measurements; rows of other subjects and readers stay as they are.

    The file is read again first, so that what another reader saved in the meantime is kept.
    """
    frame = read_measurements(path)
    others = frame[~_is_own(frame, reading.subject, reading.reader)]
    own = to_frame(reading)
    whole = pd.concat([one for one in (others, own) if len(one)]) if len(others) or len(own) else own
    order = [*own.columns, *(name for name in whole.columns if name not in own.columns)]
    write_table(whole[order].fillna(dict.fromkeys(_text_columns(whole), "")), path)


def to_frame(reading: Reading) -> pd.DataFrame:
    """Lay a reading out as the ``measurements`` table with places and end points, sorted by date and lesion."""
    rank = {lesion.id: number for number, lesion in enumerate(reading.lesions)}
    ordered = sorted(reading.findings, key=lambda one: (one.date or dt.date.min, rank[one.lesion], one.part))
    rows = [_to_row(reading, finding) for finding in ordered]
    frame = pd.DataFrame(rows, columns=[*MEASUREMENTS.column_names, *PLACE_COLUMNS, *POINT_COLUMNS, *_extras(ordered)])
    frame["date"] = pd.to_datetime(frame["date"])
    frame["nodal"] = frame["nodal"].astype("boolean")
    for column in KEPT_COLUMNS:
        frame[column.name] = parse_column(frame[column.name], column)[0]
    numbers = ["diameter_mm", "long_axis_mm", "short_axis_mm", "slice_thickness_mm", *POINT_COLUMNS]
    return frame.astype(dict.fromkeys(numbers, "float64"))


def counted_mm(lesion: Lesion, finding: Finding) -> float | None:
    """Give the diameter that counts: the short axis of a node, else the long axis (RECIST 1.1 section 3.1.1)."""
    if finding.diameter_mm is not None:
        return finding.diameter_mm
    return finding.short_axis_mm if lesion.nodal else finding.long_axis_mm


def _extras(findings: list[Finding]) -> list[str]:
    names = dict.fromkeys(name for finding in findings for name, _ in finding.extra)
    return [name for name in names if name not in MEASUREMENTS.column_names]


def _is_own(frame: pd.DataFrame, subject: str, reader: str) -> pd.Series:
    readers = frame["reader"].replace("", DEFAULT_READER)
    return (frame["subject"] == subject) & (readers == reader)


def _text_columns(frame: pd.DataFrame) -> list[str]:
    return [name for name in frame.columns if frame[name].dtype == object]


def _to_row(reading: Reading, finding: Finding) -> dict[str, object]:
    lesion = reading.lesion(finding.lesion)
    assert lesion is not None
    return {
        "subject": reading.subject,
        "reader": reading.reader,
        "timepoint": finding.timepoint,
        "date": finding.date,
        "lesion": lesion.id,
        "role": lesion.role.value,
        "site": lesion.site,
        "nodal": lesion.nodal,
        "state": finding.state.value,
        "diameter_mm": counted_mm(lesion, finding),
        "long_axis_mm": finding.long_axis_mm,
        "short_axis_mm": finding.short_axis_mm,
        "slice_thickness_mm": finding.slice_thickness_mm,
        "covers": finding.covers,
        "part": finding.part,
        "source": finding.source,
        "reason": finding.reason,
        "series_uid": finding.series_uid,
        "sop_instance_uid": finding.sop_instance_uid,
        "slice_index": "" if finding.slice_index is None else str(finding.slice_index),
        **_to_points(finding.caliper),
        **dict(finding.extra),
    }


def _to_points(caliper: Caliper | None) -> dict[str, float]:
    if caliper is None:
        return {}
    points = [value for handle in Handle for value in reversed(caliper.end(handle))]
    return dict(zip(POINT_COLUMNS, points, strict=True))


def _parse_lesion(row: Row, reading: Reading) -> Lesion:
    known = reading.lesion(str(row["lesion"]))
    nodal = row["nodal"] is not pd.NA and bool(row["nodal"])
    role = LesionRole(str(row["role"]))
    if known is None:
        return Lesion(id=str(row["lesion"]), role=role, site=str(row["site"]), nodal=nodal)
    return Lesion(id=known.id, role=known.role, site=known.site or str(row["site"]), nodal=known.nodal or nodal)


def _parse_finding(row: Row) -> Finding:
    index = str(row.get("slice_index") or "")
    diameter_mm, long_mm, short_mm = (_number(row[f"{name}_mm"]) for name in ("diameter", "long_axis", "short_axis"))
    return Finding(
        lesion=str(row["lesion"]),
        timepoint=str(row["timepoint"]),
        state=LesionState(str(row["state"]) or _assumed_state(row)),
        date=pd.Timestamp(str(row["date"])).date(),
        caliper=_parse_caliper(row),
        long_axis_mm=long_mm,
        short_axis_mm=short_mm,
        diameter_mm=None if diameter_mm in (long_mm, short_mm) else diameter_mm,
        slice_thickness_mm=_number(row["slice_thickness_mm"]),
        series_uid=_text(row.get("series_uid")),
        sop_instance_uid=_text(row.get("sop_instance_uid")),
        slice_index=int(float(index)) if index not in {"", "nan"} else None,
        part=str(row["part"]),
        covers=str(row["covers"]),
        source=str(row["source"]) or "image",
        reason=str(row["reason"]),
        extra=tuple(
            (str(name), _text(value))
            for name, value in row.items()
            if name not in KNOWN_COLUMNS and (name not in MEASUREMENTS.column_names or _text(value))
        ),
    )


def _assumed_state(row: Row) -> str:
    assumed = {"target": "measured", "non_target": "present", "new": "unequivocal", "marker": "not_done"}
    return assumed[str(row["role"])]


def _parse_caliper(row: Row) -> Caliper | None:
    values = [_number(row.get(name)) for name in POINT_COLUMNS]
    x1, y1, x2, y2, x3, y3, x4, y4 = (0.0 if value is None else value for value in values)
    if any(value is None for value in values):
        return None
    return Caliper(long_start=(y1, x1), long_end=(y2, x2), short_start=(y3, x3), short_end=(y4, x4))


def _number(value: object) -> float | None:
    text = _text(value)
    return float(text) if text else None


def _text(value: object) -> str:
    missing = value is None or value is pd.NA or value != value  # noqa: PLR0124  NaN is the value unlike itself
    return "" if missing else str(value)
