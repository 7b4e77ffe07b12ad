"""One door for the masks of all formats."""

from __future__ import annotations

from typing import TYPE_CHECKING

from recist.errors import DicomError
from recist.lesions.found import FoundLesion, measure_segment
from recist.lesions.label_grid import lay_on_series, measure_alone
from recist.masks import is_label_image, read_label_image

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from recist.dicom.ct_series import CTSeries

HALF = 0.5


def lesions_of_mask(
    path: Path, series: CTSeries | None, convention: str, *, threshold: float = HALF, resample: bool = False
) -> Iterator[FoundLesion]:
    """Measure every lesion of a mask.

    Parameters
    ----------
    path : pathlib.Path
        DICOM SEG, RT Structure Set, NIfTI, NRRD or MetaImage. The two DICOM objects are told apart by their SOP class.
    series : CTSeries or None
        What the lesions were drawn on. A label image may be measured without; with it, its voxels must be voxels of
        the series, and slices count in the series.
    convention : {"quarter", "centre", "edge"}
    threshold : float
        For fractional segmentations, see :func:`recist.dicom.seg.read_segmentation`.
    resample : bool
        Whether a mask on another grid is carried over to the series, and says so, instead of being refused.

    Raises
    ------
    DicomError
        With the reason why the mask cannot be measured.
    """
    if is_label_image(path.name):
        return lesions_of_labels(path, convention, series=series, resample=resample)
    kind = _kind_of(path)
    if series is None:
        raise DicomError(f"{path.name}: a DICOM mask is measured over its series; name the series")
    if kind == "seg":
        return lesions_of_segmentation(path, series, convention, threshold=threshold, resample=resample)
    from recist.dicom.rtstruct import read_structures

    segments = read_structures(path, series)
    return (measure_segment(segment, series, convention) for segment in segments)


def _kind_of(path: Path) -> str:
    """Say what kind of DICOM mask a file is, by its SOP class.

    Raises
    ------
    DicomError
        When it is none.
    """
    from pydicom.uid import RTStructureSetStorage

    from recist.dicom.derived_object import find_sop_class
    from recist.dicom.seg import SEG_CLASSES
    from recist.dicom.sop_classes import name_of_sop_class

    sop_class = find_sop_class(path)
    if sop_class in SEG_CLASSES:
        return "seg"
    if sop_class == RTStructureSetStorage:
        return "rtstruct"
    raise DicomError(
        f"{path.name}: this is {name_of_sop_class(sop_class) if sop_class else 'an object of an unknown kind'}, not a "
        "DICOM segmentation or RT Structure Set"
    )


def lesions_of_labels(
    path: Path, convention: str, *, series: CTSeries | None = None, resample: bool = False
) -> Iterator[FoundLesion]:
    """Measure every label of a NIfTI, NRRD or MetaImage file, alone or over its series."""
    image = read_label_image(path)
    if series is None:
        return measure_alone(image, path.name, convention)
    segments = lay_on_series(image, path.name, series, resample=resample)
    return (measure_segment(segment, series, convention) for segment in segments)


def lesions_of_segmentation(
    path: Path, series: CTSeries, convention: str, *, threshold: float = HALF, resample: bool = False
) -> Iterator[FoundLesion]:
    """Measure every segment of a DICOM SEG over its series."""
    from recist.dicom.seg import read_segmentation

    segments = read_segmentation(path, series, threshold=threshold, resample=resample)
    return (measure_segment(segment, series, convention) for segment in segments)
