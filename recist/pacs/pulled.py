"""The table of what was pulled: one row a series, kept beside the images."""

from __future__ import annotations

import csv
from dataclasses import asdict, dataclass, fields
from enum import StrEnum
from typing import TYPE_CHECKING

from recist.iso_dates import parse_day
from recist.outputs import whole_file

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

TABLE = "pulled.csv"


class SeriesState(StrEnum):
    """How a pulled series stands."""

    COMPLETE = "complete"
    INCOMPLETE = "incomplete"
    NOT_TRIED = "not tried"


@dataclass(frozen=True, slots=True, kw_only=True)
class PulledSeries:
    """One row.

    Attributes
    ----------
    subject : str
        The patient's identifier as it stands in the files; several joined by ``;``.
    study_uid, series_uid, modality : str
    date : str
        Of the study, ISO; what is no day of the calendar as it stands in the files.
    folder : str
        Relative to the table.
    n_at_archive : int
        Objects that the archive lists and that are wanted.
    n_here : int
        Of these, whole files here.
    n_new, n_same, n_aside, n_refused : int
        What this run brought: new files; objects that were here the same, or with other content; refused objects.
    n_left : int
        Objects of other kinds, left at the archive.
    state : SeriesState
    note : str
    """

    subject: str = ""
    study_uid: str
    series_uid: str
    modality: str = ""
    date: str = ""
    folder: str = ""
    n_at_archive: int = 0
    n_here: int = 0
    n_new: int = 0
    n_same: int = 0
    n_aside: int = 0
    n_refused: int = 0
    n_left: int = 0
    state: SeriesState = SeriesState.NOT_TRIED
    note: str = ""


COLUMNS = tuple(each.name for each in fields(PulledSeries))


def iso_day(text: str) -> str:
    """Write a DICOM date in ISO form; what is no day of the calendar stays as it is.

    Examples
    --------
    >>> iso_day("20140206"), iso_day("2014.02.06"), iso_day("20140231"), iso_day("")
    ('2014-02-06', '2014-02-06', '20140231', '')
    """
    digits = text.strip().replace(".", "").replace("-", "")
    return parse_day(f"{digits[:4]}-{digits[4:6]}-{digits[6:]}") or text


def write_pulled(folder: Path, series: Iterable[PulledSeries]) -> Path:
    """Write the table, keeping the rows of earlier runs for other series."""
    path = folder / TABLE
    rows = {(row["study_uid"], row["series_uid"]): row for row in _read(path)}
    for each in series:
        rows[each.study_uid, each.series_uid] = {name: str(value) for name, value in asdict(each).items()}
    for row in rows.values():
        row["date"] = ";".join(map(iso_day, (row.get("date") or "").split(";")))  # earlier versions wrote 20140206
    with whole_file(path) as staged, staged.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS, extrasaction="ignore", restval="", lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows[key] for key in sorted(rows))
    return path


def _read(path: Path) -> list[dict[str, str]]:
    """Read the rows of earlier runs; a table that is none of ours is left out."""
    if not path.is_file():
        return []
    with path.open(encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file)
        if not {"study_uid", "series_uid"} <= set(reader.fieldnames or ()):
            return []
        return list(reader)
