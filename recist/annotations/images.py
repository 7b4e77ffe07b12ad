"""The images that measurements refer to: where their pixels lie, their day, and whether mm on them are true."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from recist.dicom.ct_series import NO_PLANE
from recist.dicom.grouping import group_series
from recist.dicom.header import ImageHeader
from recist.dicom.plane import Plane
from recist.dicom.scan import require_folder, scan_folder
from recist.iso_dates import YEARS
from recist.progress import no_progress

if TYPE_CHECKING:
    import datetime
    from collections.abc import Iterable
    from pathlib import Path

    from recist.dicom.grouping import Slice, Stack
    from recist.progress import Progress


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Picture:
    """One frame of an image.

    Attributes
    ----------
    path : pathlib.Path
    pixel_spacing_mm : tuple of float or None
        (between rows, between columns); None where no mm on the image is true.
    plane : Plane or None
        None where its place in the patient is not known.
    refusal : str
        Why no mm is true; empty where they are.
    thickness_mm : float
        The larger of thickness and spacing; NaN where unknown.
    provenance : pairs of column and value
        What its series is, in the columns that `recist measure` writes.
    """

    path: Path
    sop_class_uid: str
    sop_instance_uid: str
    series_uid: str
    study_uid: str
    day: datetime.date | None
    pixel_spacing_mm: tuple[float, float] | None
    plane: Plane | None
    refusal: str
    thickness_mm: float
    slice_index: int
    provenance: tuple[tuple[str, object], ...]


class Pictures:
    """All images of a folder, found by their SOPInstanceUID and frame."""

    def __init__(self, pictures: Iterable[tuple[int, Picture]]) -> None:
        self._frames: dict[str, dict[int, Picture]] = {}
        for frame, picture in pictures:
            self._frames.setdefault(picture.sop_instance_uid, {}).setdefault(frame, picture)
        self._studies: dict[str, list[Picture]] = {}
        for frames in self._frames.values():
            first = next(iter(frames.values()))
            self._studies.setdefault(first.study_uid, []).append(first)

    def __len__(self) -> int:
        return len(self._frames)

    def find(self, sop_uid: str, frame: int | None) -> Picture | None:
        """Find an image; None where it is not there, or one of several frames is meant and none is named."""
        frames = self._frames.get(sop_uid, {})
        if len(frames) == 1:
            return next(iter(frames.values()))
        return frames.get(frame) if frame is not None else None

    def find_slice(self, sop_uid: str, slice_index: int) -> tuple[int, Picture] | None:
        """Find frame number and picture of a slice of its series among the frames of an image."""
        frames = self._frames.get(sop_uid, {})
        return next(((n, picture) for n, picture in frames.items() if picture.slice_index == slice_index), None)

    def n_frames(self, sop_uid: str) -> int:
        """Count the frames of an image that are here; 0 where it is not."""
        return len(self._frames.get(sop_uid, {}))

    def of_study(self, study_uid: str) -> list[Picture]:
        """Give the images of a study, one for each file."""
        return self._studies.get(study_uid, [])

    def studies(self) -> list[str]:
        """Name the studies."""
        return list(self._studies)


def read_pictures(folder: Path, progress: Progress = no_progress) -> Pictures:
    """Read the headers of all CT images below a folder.

    Raises
    ------
    recist.errors.DicomError
        When there is no such folder.
    """
    require_folder(folder)
    headers = [each.content for each in scan_folder(folder, progress) if isinstance(each.content, ImageHeader)]
    stacks = group_series(headers)
    return Pictures(
        (each.frame.number, _picture(stack, each, index)) for stack in stacks for index, each in enumerate(stack.slices)
    )


def _picture(stack: Stack, each: Slice, index: int) -> Picture:
    header, frame = each.header, each.frame
    refusal = next((NO_PLANE[name] for name in stack.geometry.classes if name in NO_PLANE), "")
    spacing = None if refusal else frame.pixel_spacing_mm
    plane = None
    if spacing and frame.position_lps and frame.orientation:
        position, orientation = np.array(frame.position_lps), np.array(frame.orientation)
        plane = Plane(position_lps=position, orientation=orientation, pixel_spacing_mm=spacing)
    known = [value for value in (stack.thickness_mm, stack.geometry.step_mm) if value is not None]
    return Picture(
        path=header.path,
        sop_class_uid=header.sop_class_uid,
        sop_instance_uid=header.sop_instance_uid,
        series_uid=header.series_uid,
        study_uid=header.study_uid,
        day=header.date if header.date is not None and header.date.year in YEARS else None,
        pixel_spacing_mm=spacing,
        plane=plane,
        refusal=refusal,
        thickness_mm=max(known, default=math.nan),
        slice_index=index,
        provenance=(
            ("geometry", "+".join(stack.geometry.classes)),
            ("nominal_thickness_mm", stack.thickness_mm),
            ("slice_spacing_mm", stack.geometry.slice_spacing_mm),
            ("kernel", frame.kernel),
            ("contrast", header.contrast),
            ("contrast_phase", str(header.contrast_phase)),
            ("lossy", header.lossy),
        ),
    )
