"""Where a finding lies in the series on the screen, and which way the patient faces."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from recist.dicom.series import CTSeries
    from viewer.lesions import Finding

DIRECTION_LETTERS = (("R", "L"), ("A", "P"), ("I", "S"))  # of the x, y and z axes: against it, along it (LPS)
OBLIQUE_COSINE = 0.3  # a second letter from about 17 degrees


def slice_of(series: CTSeries, finding: Finding) -> int | None:
    """Find the slice of `series` that a finding was drawn on; nothing when it lies on another series.

    The image is named by its SOP instance UID; the stored index only tells the frames of one image apart.
    """
    found = [index for index, uid in enumerate(series.sop_instance_uids) if uid == finding.sop_instance_uid]
    if finding.slice_index in found:
        return finding.slice_index
    return found[0] if found else None


def edge_letters(orientation: NDArray[np.float64]) -> tuple[str, str, str, str]:
    """Name the sides of the image: left, right, top, bottom, as letters of the patient (R, L, A, P, I, S).

    Parameters
    ----------
    orientation : array, shape (6,)
        Direction of growing column index, then of growing row index, in LPS.

    Returns
    -------
    tuple of str
        Empty strings when the orientation is not known.
    """
    if not np.isfinite(orientation).all():
        return "", "", "", ""
    columns, rows = orientation[:3], orientation[3:]
    return _letters(-columns), _letters(columns), _letters(-rows), _letters(rows)


def _letters(direction: NDArray[np.float64]) -> str:
    order = np.argsort(-np.abs(direction))
    strong = [axis for axis in order if abs(direction[axis]) > OBLIQUE_COSINE]
    return "".join(DIRECTION_LETTERS[axis][int(direction[axis] > 0)] for axis in strong)
