"""Long and short axis of a lesion from its mask.

The long axis is the longest line between two points of the lesion's outline on one slice (RECIST 1.1: longest diameter
in the plane of measurement); the short axis is the longest line perpendicular to it, on the same slice, that stays
inside the lesion (Schwartz et al., Eur J Cancer 2009;45:261-7, for nodes). Holes count as lesion: a necrotic centre is
measured across. Of slices with the same long axis the one with the larger area is taken, of equal areas the lower one.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from recist.measure.convention import BOUNDARIES, Convention
from recist.measure.kernel import FIELDS, measure_lesions
from recist.measure.runs import N_THREADS, Runs, find_runs, in_threads

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

Spacing = tuple[float, float, float]
Offset = tuple[int, int, int]

WORTH_A_THREAD_RUNS = 2000


@dataclass(frozen=True, slots=True, kw_only=True)
class LesionAxes:
    """What was measured on one lesion.

    Attributes
    ----------
    long_axis_mm, short_axis_mm : float
        On the same slice, perpendicular to each other.
    min_feret_mm : float
        Smallest width of the lesion's hull on that slice.
    diameter_3d_mm : float
        Longest distance between two points of the outlines of all its slices, each outline lying in the middle of its
        slice; NaN where the slices do not make a volume.
    volume_mm3 : float
        Voxels times voxel volume; NaN where the slices do not make a volume.
    n_voxels : int
    n_pieces : int
        Separate pieces of the mask; voxels that touch at a corner belong together. Both axes are those of the whole
        mask, so with several pieces the long axis may run from one to another.
    slice_index : int
        Slice of the two axes, counted in the mask.
    long_axis_px, short_axis_px : ((row, column), (row, column))
        End points in pixels, zero-based, integers being pixel centres.
    convention : Convention
        Where the edge was taken to lie.
    """

    long_axis_mm: float
    short_axis_mm: float
    min_feret_mm: float
    diameter_3d_mm: float
    volume_mm3: float
    n_voxels: int
    n_pieces: int
    slice_index: int
    long_axis_px: tuple[tuple[float, float], tuple[float, float]]
    short_axis_px: tuple[tuple[float, float], tuple[float, float]]
    convention: Convention

    def to_row(self) -> dict[str, float | int | str]:
        """Lay the result out in the columns of the ``measurements`` table (x is the column, y the row)."""
        points = zip("1234", (*self.long_axis_px, *self.short_axis_px), strict=True)
        ends = {name: value for k, (row, column) in points for name, value in ((f"x{k}", column), (f"y{k}", row))}
        return {
            "long_axis_mm": self.long_axis_mm,
            "short_axis_mm": self.short_axis_mm,
            "min_feret_mm": self.min_feret_mm,
            "diameter_3d_mm": self.diameter_3d_mm,
            "volume_mm3": self.volume_mm3,
            "n_voxels": self.n_voxels,
            "n_pieces": self.n_pieces,
            "slice_index": self.slice_index,
            **ends,
            "convention": self.convention.value,
        }


def axes_from_mask(
    mask: npt.ArrayLike, spacing_mm: Sequence[float], *, convention: str = Convention.QUARTER
) -> LesionAxes:
    """Measure one lesion.

    Parameters
    ----------
    mask : (n_slices, n_rows, n_columns) array
        True, or not zero, inside the lesion.
    spacing_mm : (between slices, between rows, between columns)
        The first may be NaN where the slices do not make a volume.
    convention : {"quarter", "centre", "edge"}
        Where the edge lies (see :mod:`recist.measure.convention`).

    Returns
    -------
    LesionAxes

    Raises
    ------
    ValueError
        For a mask that is empty, not three-dimensional or not a number somewhere, an unknown convention, or a spacing
        within the slice that is not a positive number.
    """
    given = np.asarray(mask)
    if given.dtype.kind == "f" and np.isnan(given).any():
        raise ValueError("the mask is not a number in some voxels, so it does not say whether they are lesion")
    inside = given != 0
    spacing, chosen = _check_arguments(inside.ndim, spacing_mm, convention)
    found = _measure(find_runs(inside), spacing, chosen)
    if not found:
        raise ValueError("the mask is empty: there is no lesion to measure")
    return found[1]


def measure_labels(
    labels: npt.ArrayLike, spacing_mm: Sequence[float], *, convention: str = Convention.QUARTER
) -> dict[int, LesionAxes]:
    """Measure every lesion of a label volume.

    Parameters
    ----------
    labels : (n_slices, n_rows, n_columns) array of integers
        Zero outside, a lesion's number inside it.
    spacing_mm, convention
        As for :func:`axes_from_mask`.

    Returns
    -------
    dict
        Label to its axes, labels ascending; slice and end points count in the whole volume.

    Raises
    ------
    ValueError
        For labels that are negative or no whole numbers, and as :func:`axes_from_mask` does.
    """
    volume = np.asarray(labels)
    if volume.dtype.kind not in "biu":
        raise ValueError(f"labels are whole numbers; this array holds {volume.dtype}")
    spacing, chosen = _check_arguments(volume.ndim, spacing_mm, convention)
    return _measure(find_runs(volume), spacing, chosen)


def axes_from_labels(
    labels: npt.ArrayLike, spacing_mm: Sequence[float], *, convention: str = Convention.QUARTER
) -> pd.DataFrame:
    """Measure every lesion of a label volume, into a table.

    Parameters
    ----------
    labels, spacing_mm, convention
        As for :func:`measure_labels`.

    Returns
    -------
    pandas.DataFrame
        One row per label, ascending: ``label`` and the columns of :meth:`LesionAxes.to_row`.
    """
    import pandas as pd

    found = measure_labels(labels, spacing_mm, convention=convention)
    rows = [{"label": label, **axes.to_row()} for label, axes in found.items()]
    return pd.DataFrame(rows, columns=["label", *_COLUMNS])


def shift_axes(axes: LesionAxes, offset: Offset) -> LesionAxes:
    """Count slice and end points in the volume that a measured box was cut from, `offset` voxels from its corner."""
    slices, rows, columns = offset

    def shift(ends: tuple[tuple[float, float], tuple[float, float]]) -> tuple[tuple[float, float], tuple[float, float]]:
        (r1, c1), (r2, c2) = ends
        return (r1 + rows, c1 + columns), (r2 + rows, c2 + columns)

    return replace(
        axes,
        slice_index=axes.slice_index + slices,
        long_axis_px=shift(axes.long_axis_px),
        short_axis_px=shift(axes.short_axis_px),
    )


def _check_arguments(n_dimensions: int, spacing_mm: Sequence[float], convention: str) -> tuple[Spacing, Convention]:
    if n_dimensions != 3:
        raise ValueError(f"a mask has slices, rows and columns; this array has {n_dimensions} dimensions")
    if convention not in set(Convention):
        raise ValueError(f"unknown convention {convention!r}; one of {', '.join(Convention)}")
    if len(spacing_mm) != 3:
        raise ValueError(
            f"the spacing is three lengths in mm, between slices, rows and columns; these are {len(spacing_mm)}"
        )
    between_slices, between_rows, between_columns = (float(value) for value in spacing_mm)
    if not all(math.isfinite(value) and value > 0 for value in (between_rows, between_columns)):
        raise ValueError(f"the spacing within the slice must be positive millimetres, not {spacing_mm!r}")
    return (between_slices, between_rows, between_columns), Convention(convention)


def _measure(runs: Runs, spacing: Spacing, convention: Convention) -> dict[int, LesionAxes]:
    """Measure every label, shared out to threads; the result does not depend on their number."""
    boundary = BOUNDARIES[convention]
    offsets = np.array([boundary.long_axis_offset_px, boundary.short_axis_offset_px])
    found = np.empty((runs.labels.size, len(FIELDS)))

    def measure(begin: int, end: int) -> None:
        measure_lesions(runs.places, runs.bounds[begin : end + 1], np.array(spacing), offsets, found[begin:end])

    in_threads(measure, _cuts(runs))
    return {int(label): _as_axes(row, spacing, convention) for label, row in zip(runs.labels, found, strict=True)}


def _cuts(runs: Runs) -> list[int]:
    """Where to cut the labels for the threads, so that each part has about as many runs."""
    n_runs = runs.places.shape[0]
    shares = np.linspace(0, n_runs, min(n_runs // WORTH_A_THREAD_RUNS + 1, 4 * N_THREADS) + 1)
    return [int(cut) for cut in np.unique(np.searchsorted(runs.bounds, shares))]


def _as_axes(row: npt.NDArray[np.float64], spacing: Spacing, convention: Convention) -> LesionAxes:
    value = dict(zip(FIELDS, row.tolist(), strict=True))
    (y1, x1, y2, x2, y3, x3, y4, x4) = row[-8:].tolist()
    return LesionAxes(
        long_axis_mm=value["long_axis_mm"],
        short_axis_mm=value["short_axis_mm"],
        min_feret_mm=value["min_feret_mm"],
        diameter_3d_mm=value["diameter_3d_mm"],
        volume_mm3=value["n_voxels"] * math.prod(spacing),
        n_voxels=int(value["n_voxels"]),
        n_pieces=int(value["n_pieces"]),
        slice_index=int(value["slice_index"]),
        long_axis_px=((y1, x1), (y2, x2)),
        short_axis_px=((y3, x3), (y4, x4)),
        convention=convention,
    )


_COLUMNS = (
    *("long_axis_mm", "short_axis_mm", "min_feret_mm", "diameter_3d_mm", "volume_mm3", "n_voxels", "n_pieces"),
    *("slice_index", *(f"{axis}{point}" for point in "1234" for axis in "xy")),
    "convention",
)
