"""Read the file of a label image. Runs in a guarded child: every byte of the file is foreign."""

from __future__ import annotations

import math
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from recist.errors import DicomError, GeometryError
from recist.masks.label_image import LabelImage
from recist.masks.nifti_header import check_nifti
from recist.masks.slicer_segments import parse_segments

if TYPE_CHECKING:
    import SimpleITK as sitk

# What the guarded child loads before its clock starts.
GUARDED_IMPORTS = ("SimpleITK",)

N_AXES = 3
RIGHT_ANGLE = 1e-4  # cosine between axes
MOST_BYTES = 2**29
MOST_LABELS = 65_535
HEAD_BYTES = 2**16
UNREADABLE = "this label image cannot be read; is it whole, and NIfTI or NRRD?"
SAID_ELSEWHERE = (b"data file", b"datafile", b"elementdatafile")

Labels = npt.NDArray[np.unsignedinteger]


def read_label_file(name: str) -> LabelImage:
    """Read a label image, cut to the box that is not empty.

    Raises
    ------
    DicomError
        When it cannot be read or holds no labels.
    GeometryError
        When it does not say where it lies, or contradicts itself.
    """
    import SimpleITK as sitk

    path = Path(name)
    notes = check_nifti(path) if name.lower().endswith((".nii", ".nii.gz")) else _check_text_header(path)
    reader = sitk.ImageFileReader()
    reader.SetFileName(name)
    try:
        reader.ReadImageInformation()
        _check_information(reader)
        image = reader.Execute()
    except RuntimeError as fault:
        is_lean = "orthonormal" in str(fault) or "orthogonal" in str(fault)
        raise _lean() if is_lean else DicomError(UNREADABLE) from fault
    fields = {key: reader.GetMetaData(key) for key in reader.GetMetaDataKeys() if key.startswith("Segment")}
    return _cut(image, fields, notes)


def _lean() -> GeometryError:
    return GeometryError(
        "its axes are not at right angles, as in a stack of a tilted gantry; it is no right-angled grid"
    )


def _check_text_header(path: Path) -> tuple[str, ...]:
    """Check the readable header of NRRD and MetaImage: nothing outside the folder, directions and units stated."""
    with path.open("rb") as stream:
        lines = stream.read(HEAD_BYTES).split(b"\n\n")[0].splitlines()
    fields = [tuple(part.strip() for part in line.replace(b"=", b":", 1).split(b":", 1)) for line in lines if line]
    given = {field[0].lower(): field[-1] for field in fields}
    for key in SAID_ELSEWHERE:
        target = given.get(key, b"LOCAL")
        if b"/" in target or b"\\" in target or b"%" in target or target.upper().startswith(b"LIST"):
            raise DicomError("its voxels lie in files of other folders or in several; store them in one file")
    if lines and lines[0].startswith(b"NRRD"):
        if b"space directions" not in given or not (b"space" in given or b"space dimension" in given):
            raise GeometryError("it does not say how its slices lie in the patient (no space, no space directions)")
        units = given.get(b"space units", b'"mm"').replace(b'"', b" ").split()
        if any(unit not in (b"mm", b"millimeter", b"???") for unit in units):
            raise GeometryError("its unit of length is not the millimetre; save it in millimetres")
    return ()


def _check_information(reader: sitk.ImageFileReader) -> None:
    """Check size and place before memory is taken for the voxels.

    Raises
    ------
    DicomError
    """
    size, n_layers = reader.GetSize(), reader.GetNumberOfComponents()
    if len(size) < N_AXES or math.prod(size[N_AXES:]) > 1:
        raise DicomError(f"this image has {len(size)} dimensions; a label volume has 3")
    if n_layers > 1 and not any(key.startswith("Segment0_") for key in reader.GetMetaDataKeys()):
        raise DicomError(f"its voxels hold {n_layers} numbers each: colours or vectors, no labels")
    if math.prod(size) * n_layers > MOST_BYTES:
        raise DicomError(f"it announces {math.prod(size) * n_layers} voxels, more than {MOST_BYTES}")
    spacing = reader.GetSpacing()[:3]
    if not all(math.isfinite(value) and value > 0 for value in spacing):
        raise GeometryError("its spacing is not positive millimetres")


def _cut(image: sitk.Image, fields: dict[str, str], notes: tuple[str, ...]) -> LabelImage:
    import SimpleITK as sitk

    if image.GetDimension() > N_AXES:
        image = image[(slice(None), slice(None), slice(None), *([0] * (image.GetDimension() - N_AXES)))]
    stored = sitk.GetArrayViewFromImage(image)
    stack = np.moveaxis(stored, -1, 0) if stored.ndim > N_AXES else stored[None]
    layers = tuple(_as_labels(layer) for layer in stack)
    shape = layers[0].shape
    begin, end = _box(layers)
    box = tuple(slice(first, last) for first, last in zip(begin, end, strict=True))
    affine, spacing = _affine(image)
    return LabelImage(
        layers=tuple(np.ascontiguousarray(layer[box]) for layer in layers),
        offset=begin,
        shape=(shape[0], shape[1], shape[2]),
        spacing_mm=spacing,
        affine_lps=affine,
        names=parse_segments(fields, len(layers)),
        notes=notes,
    )


def _as_labels(values: npt.NDArray[np.generic]) -> Labels:
    """Give whole, positive numbers.

    Raises
    ------
    DicomError
        For what is no labels.
    """
    if values.dtype.kind == "f":
        whole = np.rint(values)
        if not np.array_equal(whole, values):
            raise DicomError("its values are not whole numbers, so they are no labels")
    least, greatest = (float(values.min()), float(values.max())) if values.size else (0.0, 0.0)
    if least < 0:
        raise DicomError("it holds negative numbers, so it is an image and no labels")
    if greatest > MOST_LABELS:
        raise DicomError(f"it holds numbers up to {greatest:.0f}; labels go up to {MOST_LABELS}")
    return values.astype(np.uint8 if greatest < 2**8 else np.uint16, copy=False)


def _box(layers: tuple[Labels, ...]) -> tuple[tuple[int, int, int], tuple[int, int, int]]:
    begin, end = [], []
    for axis in range(3):
        others = tuple(other for other in range(3) if other != axis)
        seen = np.flatnonzero(np.logical_or.reduce([layer.any(axis=others) for layer in layers]))
        begin.append(int(seen[0]) if seen.size else 0)
        end.append(int(seen[-1]) + 1 if seen.size else 0)
    return (begin[0], begin[1], begin[2]), (end[0], end[1], end[2])


def _affine(image: sitk.Image) -> tuple[npt.NDArray[np.float64], tuple[float, float, float]]:
    """Give the matrix from (slice, row, column, 1) to LPS mm, and the spacing in that order."""
    direction = np.array(image.GetDirection()).reshape(3, 3)
    spacing = np.array(image.GetSpacing())
    if np.abs(direction.T @ direction - np.eye(3)).max() > RIGHT_ANGLE:
        raise _lean()
    affine = np.eye(4)
    affine[:3, :3] = (direction * spacing)[:, ::-1]
    affine[:3, 3] = image.GetOrigin()
    return affine, (float(spacing[2]), float(spacing[1]), float(spacing[0]))
