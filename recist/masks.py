"""Lesions from label images that carry their own spacing: NIfTI and NRRD."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from recist.errors import DicomError

if TYPE_CHECKING:
    from pathlib import Path

LABEL_IMAGE_ENDINGS = (".nii", ".nii.gz", ".nrrd", ".nhdr", ".mha")
NEARLY_ALONG = 0.9  # cosine between the normal of the slices and the body axis


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class LabelImage:
    """A label volume and its spacing.

    Attributes
    ----------
    labels : (n_slices, n_rows, n_columns) integers
        Zero outside, a lesion's number inside it.
    spacing_mm : (between slices, between rows, between columns)
    """

    labels: npt.NDArray[np.integer]
    spacing_mm: tuple[float, float, float]


def is_label_image(name: str) -> bool:
    """Tell by its name whether a file is a NIfTI or NRRD image."""
    return name.lower().endswith(LABEL_IMAGE_ENDINGS)


def read_label_image(path: Path) -> LabelImage:
    """Read a label image whose slices are axial.

    Raises
    ------
    DicomError
        When the file cannot be read, is not three-dimensional, does not hold whole numbers, or its slices are not
        axial, so that a diameter within a slice would not be one that RECIST knows.
    """
    import SimpleITK as sitk

    try:
        image = sitk.ReadImage(str(path))
    except RuntimeError as fault:
        raise DicomError(f"{path.name}: this label image cannot be read; is it whole, and NIfTI or NRRD?") from fault
    if image.GetDimension() != len("zyx"):
        raise DicomError(f"{path.name}: this image has {image.GetDimension()} dimensions; a label volume has 3")
    direction = np.array(image.GetDirection()).reshape(3, 3)
    if abs(direction[2, 2]) < NEARLY_ALONG:
        raise DicomError(f"{path.name}: its slices are not axial; store the label volume with axial slices")
    labels = sitk.GetArrayFromImage(image)
    if not np.issubdtype(labels.dtype, np.integer):
        whole = np.rint(labels)
        if not np.array_equal(whole, labels):
            raise DicomError(f"{path.name}: its values are not whole numbers, so they are no labels")
        labels = whole.astype(np.int32)
    between_columns, between_rows, between_slices = image.GetSpacing()
    return LabelImage(labels=labels, spacing_mm=(between_slices, between_rows, between_columns))
