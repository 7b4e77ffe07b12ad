"""Read label images behind the guard."""

from __future__ import annotations

from typing import TYPE_CHECKING

from recist.errors import DicomError, GeometryError
from recist.guarded import call_guarded
from recist.masks.image_file import MOST_BYTES, read_label_file

if TYPE_CHECKING:
    from pathlib import Path

    from recist.masks.label_image import LabelImage

MIB = 2**20
# A label volume of a whole body is 300 MiB, however small its file: reading, converting and cutting take it thrice.
MEMORY_MIB = 300 + 3 * MOST_BYTES // MIB
SECONDS = 30.0


def read_label_image(path: Path) -> LabelImage:
    """Read a NIfTI, NRRD or MetaImage file of labels.

    Raises
    ------
    DicomError
        When the file cannot be read, is not three-dimensional, holds no labels, does not say how it lies in the
        patient or says two things of it.
    """
    try:
        return call_guarded(read_label_file, str(path), memory_mib=MEMORY_MIB, seconds=SECONDS)
    except GeometryError as fault:
        raise GeometryError(f"{path.name}: {fault}") from fault
    except DicomError as fault:
        raise DicomError(f"{path.name}: {fault}") from fault
