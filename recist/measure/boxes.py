"""The bounding box of every label of a volume, in one walk over its rows."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from numba import njit

Box = tuple[slice, slice, slice]
Boxes = npt.NDArray[np.int64]

FAR = 2**31


def find_boxes(labels: npt.NDArray[np.integer]) -> dict[int, Box]:
    """Find the bounding box of every label.

    Parameters
    ----------
    labels : (n_slices, n_rows, n_columns) integers
        Zero outside.

    Returns
    -------
    dict
        Label to its slices (slices, rows, columns), labels ascending.

    Raises
    ------
    ValueError
        For a negative label.
    """
    if labels.size == 0:
        return {}
    if labels.min() < 0:
        raise ValueError("labels must not be negative; zero is the background")
    ends = _walk(np.ascontiguousarray(labels), int(labels.max()))
    found = np.flatnonzero(ends[:, 1])
    return {int(label): _as_box(ends[label]) for label in found}


def _as_box(ends: Boxes) -> Box:
    first_slice, end_slice, first_row, end_row, first_column, end_column = ends.tolist()
    return slice(first_slice, end_slice), slice(first_row, end_row), slice(first_column, end_column)


@njit(cache=True, nogil=True)
def _walk(labels: npt.NDArray[np.integer], top: int) -> Boxes:
    """Give for every label the first and the end of its slices, rows and columns; all ends 0 where it is not there."""
    ends = np.zeros((top + 1, 6), dtype=np.int64)
    ends[:, 0::2] = FAR
    for k in range(labels.shape[0]):
        for r in range(labels.shape[1]):
            row = labels[k, r]
            seen = row[0]
            for c in range(row.size):
                seen |= row[c]
            if seen == 0:
                continue
            for c in range(row.size):
                label = row[c]
                if label == 0:
                    continue
                box = ends[label]
                box[0], box[1] = min(box[0], k), max(box[1], k + 1)
                box[2], box[3] = min(box[2], r), max(box[3], r + 1)
                box[4], box[5] = min(box[4], c), max(box[5], c + 1)
    return ends
