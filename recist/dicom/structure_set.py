"""What an RT Structure Set holds: regions of interest drawn as contours (PS3.3 C.8.8.5, C.8.8.6).

Runs in a guarded child: every byte of the file is foreign.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import pydicom
from pydicom.uid import RTStructureSetStorage

from recist.dicom import elements
from recist.dicom.derived_object import read_object
from recist.dicom.faults import Refused, attempt, notes_of_pydicom
from recist.dicom.site_codes import code_value, name_site, site_of_code
from recist.errors import DicomError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pydicom import Dataset

Floats = npt.NDArray[np.float64]

MOST_POINTS = 5_000_000
FARTHEST_MM = 1e5
NO_LESIONS = ("EXTERNAL", "ORGAN", "AVOIDANCE", "SUPPORT", "FIXATION", "BOLUS")  # RT ROI Interpreted Type, C.8.8.8.1


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Contour:
    """One contour.

    Attributes
    ----------
    kind : str
        Contour Geometric Type.
    points_lps : (n_points, 3)
        mm.
    image_uids : tuple of str
        SOPInstanceUIDs of the images it was drawn on.
    """

    kind: str
    points_lps: Floats
    image_uids: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Region:
    """One region of interest; `is_organ` where its interpreted type is an organ, a device or the skin."""

    number: int
    label: str
    frame_of_reference_uid: str
    site: str
    interpreted: str
    is_organ: bool
    contours: tuple[Contour, ...]


def read_structure_set(path: str) -> tuple[Region, ...]:
    """Read the regions of an RT Structure Set.

    Raises
    ------
    DicomError
        With the reason why it cannot be read.
    """
    with notes_of_pydicom() as notes:
        found = attempt(lambda: _parse(read_object(Path(path))), otherwise="the structure set cannot be read")
    if isinstance(found, Refused):
        raise DicomError(found.reason)
    if any("too early" in note for note in notes):
        raise DicomError("the structure set cannot be read: it ends too early")
    return found


def _parse(dataset: Dataset) -> tuple[Region, ...]:
    if elements.text(dataset, "SOPClassUID") != RTStructureSetStorage:
        raise DicomError("this is not an RT Structure Set")
    listed = elements.items(dataset, "StructureSetROISequence")
    if not listed:
        raise DicomError("it lists no regions of interest")
    drawn: dict[int, list[Dataset]] = {}
    for item in elements.items(dataset, "ROIContourSequence"):
        number = elements.whole(item, "ReferencedROINumber")
        if number is None:
            raise DicomError("it holds contours that belong to no region of interest; the file is not whole")
        drawn.setdefault(number, []).extend(elements.items(item, "ContourSequence"))
    observed = {
        elements.whole(item, "ReferencedROINumber"): item
        for item in elements.items(dataset, "RTROIObservationsSequence")
    }
    whole_file = _frame_of_file(dataset)
    budget = _Budget()
    return tuple(
        _parse_region(item, drawn, observed.get(elements.whole(item, "ROINumber")), whole_file, budget)
        for item in listed
    )


def _frame_of_file(dataset: Dataset) -> str:
    """Give the frame of reference of the whole file, where it has one only."""
    frames = {
        elements.text(item, "FrameOfReferenceUID")
        for item in elements.items(dataset, "ReferencedFrameOfReferenceSequence")
    } | {elements.text(dataset, "FrameOfReferenceUID")}
    given = frames - {""}
    return given.pop() if len(given) == 1 else ""


def _parse_region(
    item: Dataset, drawn: dict[int, list[Dataset]], observed: Dataset | None, frame: str, budget: _Budget
) -> Region:
    number = elements.whole(item, "ROINumber")
    if number is None:
        raise DicomError("a region of interest has no number")
    observation = observed if observed is not None else pydicom.Dataset()
    interpreted = elements.text(observation, "RTROIInterpretedType").upper()
    return Region(
        number=number,
        label=elements.text(item, "ROIName") or elements.text(observation, "ROIObservationLabel"),
        frame_of_reference_uid=elements.text(item, "ReferencedFrameOfReferenceUID") or frame,
        site=_site(observation),
        interpreted=interpreted.lower(),
        is_organ=interpreted in NO_LESIONS,
        contours=tuple(_parse_contours(drawn.get(number, []), budget)),
    )


def _site(observation: Dataset) -> str:
    for keyword in ("AnatomicRegionSequence", "PrimaryAnatomicStructureSequence"):
        for region in elements.items(observation, keyword):
            site = name_site(region)
            if site:
                return site
    codes = elements.items(observation, "RTROIIdentificationCodeSequence")
    return next((site for code in codes if (site := site_of_code(code_value(code)))), "")


class _Budget:
    """Counts the points of a file against a limit."""

    def __init__(self) -> None:
        self._left = MOST_POINTS

    def take(self, n_points: int) -> None:
        self._left -= n_points
        if self._left < 0:
            raise DicomError(f"its contours have more than {MOST_POINTS} points")


def _parse_contours(items: list[Dataset], budget: _Budget) -> Iterator[Contour]:
    for item in items:
        points = _points(item)
        budget.take(len(points))
        announced = elements.whole(item, "NumberOfContourPoints")
        if announced is not None and announced != len(points):
            raise DicomError(f"a contour announces {announced} points and holds {len(points)}; the file is not whole")
        images = (
            elements.text(image, "ReferencedSOPInstanceUID") for image in elements.items(item, "ContourImageSequence")
        )
        yield Contour(
            kind=elements.text(item, "ContourGeometricType").upper(),
            points_lps=points,
            image_uids=tuple(uid for uid in images if uid),
        )


def _points(item: Dataset) -> Floats:
    """Read the coordinates of a contour from its bytes: through pydicom's numbers it would take a hundred times longer.

    Raises
    ------
    DicomError
        When they are no numbers or no places in a patient.
    """
    raw = item.get_item("ContourData") if "ContourData" in item else None
    value = getattr(raw, "value", None)
    if value is None or len(value) == 0:
        return np.zeros((0, 3))
    texts = value.split(b"\\") if isinstance(value, bytes) else [str(each).encode() for each in value]
    try:
        numbers = np.array([text.strip(b" \0") for text in texts]).astype(np.float64)
    except ValueError as fault:
        raise DicomError("a contour has coordinates that are not numbers") from fault
    if numbers.size % 3 or not np.isfinite(numbers).all() or np.abs(numbers).max() > FARTHEST_MM:
        raise DicomError("a contour has coordinates that are no places in a patient")
    return numbers.reshape(-1, 3)
