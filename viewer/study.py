"""What a folder holds for a reader: subjects, their visits by date, and the series of each visit."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from recist.dicom.geometry import GeometryClass

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from recist.dicom.index import FolderIndex, SeriesEntry
    from recist.dicom.series import CTSeries

BASELINE = "baseline"


@dataclass(frozen=True, slots=True, kw_only=True)
class ShowRule:
    """Whether a class of geometry is shown at all, and the note for the reader."""

    is_shown: bool
    note: str = ""


SLICE_BY_SLICE = "shown slice by slice: lengths within a slice are true, distances between slices are not"
SHOW_RULES: Mapping[GeometryClass, ShowRule] = {
    GeometryClass.REGULAR: ShowRule(is_shown=True),
    GeometryClass.SINGLE: ShowRule(is_shown=True),
    GeometryClass.TILTED: ShowRule(is_shown=True, note=f"tilted gantry, {SLICE_BY_SLICE}"),
    GeometryClass.NONUNIFORM: ShowRule(is_shown=True, note=f"uneven slices, {SLICE_BY_SLICE}"),
    GeometryClass.MISSING_SLICES: ShowRule(is_shown=True, note=f"slices missing, {SLICE_BY_SLICE}"),
    GeometryClass.DUPLICATE_POSITIONS: ShowRule(
        is_shown=True, note=f"several images at one position, {SLICE_BY_SLICE}"
    ),
    GeometryClass.NO_PIXEL_SPACING: ShowRule(
        is_shown=True, note="no pixel spacing: it can be looked at but nothing can be measured"
    ),
    GeometryClass.IMPOSSIBLE_ORIENTATION: ShowRule(
        is_shown=True, note="directions that contradict themselves: it can be looked at but nothing can be measured"
    ),
    GeometryClass.NO_GEOMETRY: ShowRule(is_shown=True, note=f"position in the patient unknown, {SLICE_BY_SLICE}"),
    GeometryClass.MIXED_ORIENTATION: ShowRule(is_shown=False, note="images of several orientations in one series"),
    GeometryClass.LOCALIZER: ShowRule(is_shown=False, note="a localizer, not for reading"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class SeriesItem:
    """One series as the reader chooses it from the list.

    Attributes
    ----------
    key : str
        Names the series in its folder: its UID, with a number behind it for one of several stacks.
    spacing_mm : tuple of (float or None)
        Between slices, rows and columns; None where it is not one number.
    refusal : str
        Why the series cannot be shown; empty when it can.
    note : str
        What the reader must know when looking at it; empty when nothing.
    """

    key: str
    series_uid: str
    subject: str
    date: dt.date | None
    description: str
    modality: str
    n_slices: int
    spacing_mm: tuple[float | None, float | None, float | None]
    classes: tuple[str, ...]
    paths: tuple[Path, ...]
    refusal: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """The series of one subject on one date: a time point."""

    timepoint: str
    date: dt.date | None
    series: tuple[SeriesItem, ...]

    def default_series(self) -> SeriesItem | None:
        """Choose the series to begin with: one that can be shown, without a caution if possible, most slices."""
        shown = [item for item in self.series if not item.refusal]
        return max(shown, key=lambda item: (not item.note, item.n_slices), default=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Study:
    """A folder as indexed: every series with images."""

    folder: Path
    series: tuple[SeriesItem, ...] = ()

    @property
    def subjects(self) -> tuple[str, ...]:
        """Subjects with at least one series that can be shown come first, each group in order."""
        names = {item.subject for item in self.series}
        readable = {item.subject for item in self.series if not item.refusal}
        return tuple(sorted(names, key=lambda name: (name not in readable, name)))

    def item(self, key: str) -> SeriesItem | None:
        """Give the series of that key or UID, if the folder holds it."""
        return next((item for item in self.series if key in {item.key, item.series_uid}), None)


def build_study(folder: Path, index: FolderIndex) -> Study:
    """Lay out an indexed folder for a reader."""
    return Study(folder=folder, series=tuple(_to_item(entry, folder) for entry in index.series))


def derive_visits(study: Study, subject: str, labels: Mapping[dt.date, str]) -> tuple[Visit, ...]:
    """Group a subject's series into visits by date.

    The first date with a readable series is the baseline, later ones are followup-1, followup-2 …; `labels` (time
    points that a table of measurements already uses) win.
    """
    mine = [item for item in study.series if item.subject == subject]
    dates = sorted({item.date for item in mine if item.date})
    names = _name_dates(dates, labels)
    visits = [
        Visit(timepoint=names[date], date=date, series=tuple(item for item in mine if item.date == date))
        for date in dates
    ]
    undated = tuple(item for item in mine if item.date is None)
    if undated:
        visits.append(Visit(timepoint="undated", date=None, series=undated))
    return tuple(visits)


def _name_dates(dates: list[dt.date], labels: Mapping[dt.date, str]) -> dict[dt.date, str]:
    names = {}
    for number, date in enumerate(dates):
        proposed = f"followup-{number}" if number else BASELINE
        taken = {label for day, label in labels.items() if day != date}
        while proposed in taken:
            proposed = f"{proposed}+"
        names[date] = labels.get(date, proposed)
    return names


def _to_item(entry: SeriesEntry, folder: Path) -> SeriesItem:
    item = SeriesItem(
        key=entry.series,
        series_uid=entry.series_uid,
        subject=entry.subject,
        date=_parse_date(entry.date),
        description=entry.description,
        modality=entry.modality,
        n_slices=entry.n_slices,
        spacing_mm=(entry.spacing_mm[0], entry.spacing_mm[1], entry.spacing_mm[2]),
        classes=tuple(str(one) for one in entry.classes),
        paths=tuple(folder / path for path in entry.paths),
    )
    item = replace(item, refusal=_refusal(item))
    return replace(item, note=_note(item))


def _refusal(item: SeriesItem) -> str:
    if item.modality != "CT":
        return f"{item.modality or 'unknown modality'}, not CT"
    rules = [SHOW_RULES[GeometryClass(name)] for name in item.classes]
    return "; ".join(rule.note for rule in rules if not rule.is_shown)


def _note(item: SeriesItem) -> str:
    if item.refusal:
        return ""
    return "; ".join(filter(None, (SHOW_RULES[GeometryClass(name)].note for name in item.classes)))


def _parse_date(value: dt.date | str | None) -> dt.date | None:
    if isinstance(value, str):
        return dt.date.fromisoformat(value) if value else None
    return value


def item_of(series: CTSeries, paths: tuple[Path, ...]) -> SeriesItem:
    """Describe a series that was read from files without an index."""
    item = SeriesItem(
        key=series.series_uid,
        series_uid=series.series_uid,
        subject=series.subject,
        date=series.date,
        description=series.description,
        modality="CT",
        n_slices=len(series.hu),
        spacing_mm=(series.slice_spacing_mm, *(series.pixel_spacing_mm or (None, None))),
        classes=tuple(str(one) for one in series.classes),
        paths=paths,
    )
    item = replace(item, refusal=_refusal(item))
    return replace(item, note=_note(item))
