"""A label image: numbers of lesions on a grid that knows its own millimetres."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

LABEL_IMAGE_ENDINGS = (".nii", ".nii.gz", ".nrrd", ".nhdr", ".mha")


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedLabel:
    """A label that the file has a name for; `site_code` is the code of its anatomic region."""

    layer: int
    value: int
    name: str = ""
    identifier: str = ""
    category_code: str = ""
    site_code: str = ""
    site: str = ""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class LabelImage:
    """Label volumes on one grid, cut to the box that is not empty.

    Attributes
    ----------
    layers : tuple of (n_slices, n_rows, n_columns) integers
        Zero outside, a lesion's number inside it; several where lesions overlap.
    offset : (slice, row, column)
        Where the box begins in the whole image.
    shape : (n_slices, n_rows, n_columns)
        Of the whole image.
    spacing_mm : (between slices, between rows, between columns)
    affine_lps : (4, 4)
        From (slice, row, column, 1) of the whole image, pixel centres, to LPS mm.
    names : tuple of NamedLabel
    notes : tuple of str
    """

    layers: tuple[npt.NDArray[np.unsignedinteger], ...]
    offset: tuple[int, int, int]
    shape: tuple[int, int, int]
    spacing_mm: tuple[float, float, float]
    affine_lps: npt.NDArray[np.float64]
    names: tuple[NamedLabel, ...] = ()
    notes: tuple[str, ...] = ()


def is_label_image(name: str) -> bool:
    """Tell by its name whether a file is a NIfTI, NRRD or MetaImage file."""
    return name.lower().endswith(LABEL_IMAGE_ENDINGS)
