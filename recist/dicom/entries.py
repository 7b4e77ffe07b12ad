"""What the index of a folder says of a file and of a series, as values and as JSON."""

from __future__ import annotations

import os
from collections import Counter
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    import datetime

    from recist.dicom.contrast import ContrastPhase
    from recist.dicom.geometry import GeometryClass
    from recist.dicom.hounsfield import HuRange

DECIMALS = 6


class Verdict(StrEnum):
    """What became of a file."""

    ACCEPTED = "accepted"
    IGNORED = "ignored"
    REJECTED = "rejected"


class FileEntry(NamedTuple):
    """One file of an indexed folder.

    Attributes
    ----------
    path : str
        Relative to the folder.
    verdict : Verdict
    reason : str
        One sentence; never a word from inside the file.
    series : str or None
        Key of its series; None where it belongs to none.
    lossy : bool or None
        None where it is no CT image.
    range_hu : HuRange or None
        None where the pixels were not read.
    """

    path: str
    verdict: Verdict
    reason: str
    series: str | None = None
    lossy: bool | None = None
    range_hu: HuRange | None = None

    def to_json(self) -> dict[str, object]:
        """Give the JSON object."""
        return {
            "path": self.path,
            "verdict": str(self.verdict),
            "reason": self.reason,
            "series": self.series,
            "lossy": self.lossy,
            **_range_to_json(self.range_hu),
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class SeriesEntry:
    """One series of an indexed folder, or one stack of a series that holds several.

    Attributes
    ----------
    series : str
        SeriesInstanceUID, with ``/1``, ``/2``, … behind it for one of several stacks; `read_series` takes it.
    classes : tuple of GeometryClass
    pixel_spacing_mm : tuple of float or None
        (between rows, between columns).
    slice_spacing_mm : float or None
        Along the normal; None where it is not one number.
    usual_step_mm : float or None
        The median step, also where the spacing is not one number.
    range_hu : HuRange or None
        None where the pixels were not read.
    subject, description : str
        As in the files, for programs; neither stands in the JSON or on the screen.
    locations, names : tuple of str
        Where the accepted files are, and their names relative to the folder, in the order of the slices.
    """

    series: str
    series_uid: str
    study_uid: str
    frame_of_reference_uid: str
    subject: str
    description: str
    classes: tuple[GeometryClass, ...]
    n_slices: int
    rows: int
    columns: int
    slice_spacing_mm: float | None
    pixel_spacing_mm: tuple[float, float] | None
    slice_thickness_mm: float | None
    usual_step_mm: float | None
    missing_slices: int
    tilt_degrees: float
    range_hu: HuRange | None
    date: datetime.date | None
    modality: str
    kernel: str
    contrast: str
    contrast_phase: ContrastPhase
    lossy: bool
    notes: tuple[str, ...]
    locations: tuple[str, ...]
    names: tuple[str, ...]

    @property
    def paths(self) -> tuple[Path, ...]:
        """The accepted files, in the order of the slices."""
        return tuple(Path(location) for location in self.locations)

    @property
    def spacing_mm(self) -> tuple[float | None, float | None, float | None]:
        """Distance between (slices, rows, columns), None where it is not one number or not known."""
        return (self.slice_spacing_mm, *(self.pixel_spacing_mm or (None, None)))

    def to_json(self) -> dict[str, object]:
        """Give the JSON object."""
        return {
            "series": self.series,
            "series_uid": self.series_uid,
            "study_uid": self.study_uid,
            "frame_of_reference_uid": self.frame_of_reference_uid,
            "class": [str(name) for name in self.classes],
            "n_slices": self.n_slices,
            "rows": self.rows,
            "columns": self.columns,
            "spacing_mm": [_rounded(value) for value in self.spacing_mm],
            "slice_thickness_mm": self.slice_thickness_mm,
            "usual_step_mm": _rounded(self.usual_step_mm),
            "missing_slices": self.missing_slices,
            "tilt_degrees": _rounded(self.tilt_degrees),
            **_range_to_json(self.range_hu),
            "date": None if self.date is None else self.date.isoformat(),
            "modality": self.modality,
            "kernel": self.kernel,
            "contrast_phase": str(self.contrast_phase),
            "lossy": self.lossy,
            "notes": list(self.notes),
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class FolderIndex:
    """Everything in a folder.

    Attributes
    ----------
    folder : pathlib.Path
    files : tuple of FileEntry
        In the order of their paths.
    series : tuple of SeriesEntry
    """

    folder: Path
    files: tuple[FileEntry, ...]
    series: tuple[SeriesEntry, ...]

    def count(self, verdict: Verdict) -> int:
        """Count the files with a verdict."""
        return Counter(entry.verdict for entry in self.files)[verdict]

    def names(self, entry: SeriesEntry) -> list[str]:
        """List the files of a series relative to the folder, in the order of the slices."""
        return list(entry.names)

    def place(self, entry: SeriesEntry) -> str:
        """Give the folder that holds all files of a series, relative to this one."""
        return Path(os.path.commonpath([str(Path(name).parent) for name in self.names(entry)] or ["."])).as_posix()

    def to_json(self) -> dict[str, object]:
        """Give the JSON object of ``recist index --json``."""
        return {
            "files": [entry.to_json() for entry in self.files],
            "series": [entry.to_json() | {"files": self.names(entry)} for entry in self.series],
        }


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, DECIMALS)


def _range_to_json(found: HuRange | None) -> dict[str, object]:
    """Give the range with padding, as stored, and without it, as measured."""
    if found is None:
        names = ("hu_min", "hu_max", "hu_mean", "measured_hu_min", "measured_hu_max", "n_padding_pixels")
        return dict.fromkeys(names)
    return {
        "hu_min": _rounded(found.lowest),
        "hu_max": _rounded(found.highest),
        "hu_mean": _rounded(found.mean),
        "measured_hu_min": _rounded(found.lowest_measured),
        "measured_hu_max": _rounded(found.highest_measured),
        "n_padding_pixels": found.n_padding,
    }
