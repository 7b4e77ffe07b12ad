"""Where no volume is to be had: the same place on the scanner's table, never sure."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from recist.errors import GeometryError
from recist.register.prediction import Prediction

if TYPE_CHECKING:
    import numpy.typing as npt

REASON = (
    "At least one of the series is no volume: this is the same place on the scanner's table, on the nearest slice; "
    "how the patient lay is not known."
)


def same_table_place(
    points_lps: npt.ArrayLike,
    positions_lps: npt.ArrayLike,
    orientation: npt.ArrayLike,
    pixel_spacing_mm: tuple[float, float],
) -> tuple[Prediction, ...]:
    """Give the same LPS place on the nearest slice of a series that need not be a volume.

    Parameters
    ----------
    points_lps : (n, 3)
        LPS mm.
    positions_lps : (n_slices, 3)
        Centre of the first pixel of each slice, mm.
    orientation : (6,)
        Row and column direction.
    pixel_spacing_mm : tuple of float
        Between rows, between columns.

    Returns
    -------
    tuple of Prediction
        None of them sure; `point_lps` lies on the slice, `residual_mm` is NaN, as nothing tells it.

    Raises
    ------
    GeometryError
        When the slices have no place in the patient.
    """
    places = np.asarray(positions_lps, dtype=np.float64).reshape(-1, 3)
    along = np.asarray(orientation, dtype=np.float64)
    if not (len(places) and np.isfinite(places).all() and along.shape == (6,) and np.isfinite(along).all()):
        raise GeometryError("The slices of the follow-up have no place in the patient.")
    right, down = along[:3], along[3:]
    normal = np.cross(right, down)
    predictions = []
    for point in np.asarray(points_lps, dtype=np.float64).reshape(-1, 3):
        nearest = int(np.argmin(np.abs((places - point) @ normal)))
        away = point - places[nearest]
        on_slice = point - (away @ normal) * normal
        row, column = float(away @ down) / pixel_spacing_mm[0], float(away @ right) / pixel_spacing_mm[1]
        predictions.append(
            Prediction(
                point_lps=(float(on_slice[0]), float(on_slice[1]), float(on_slice[2])),
                point_px=(float(nearest), row, column),
                residual_mm=float("nan"),
                confidence=0.0,
                is_sure=False,
                reason=REASON,
            )
        )
    return tuple(predictions)
