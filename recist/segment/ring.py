"""A ring around what was found: the rim of a necrotic lesion, or ground glass around a solid core.

Someone who clicks into the core may mean the whole. The outline of the core is clear, so no other sign would tell.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from recist.segment.field import LEAST_HU

NEAR_PX = (1.5, 3.0)  # how far outside of the outline a ring is read
FAR_RADII = ((0.3, 0.45), (0.5, 0.7), (0.8, 1.0), (1.2, 1.5))  # and what lies beyond it
REACH_RADII = 1.6
LEAST_PIXELS = 12
SOLID_HU, GROUND_GLASS_HU = -250.0, (-720.0, -300.0)  # a solid core in ground glass, however wide that is


def compute_ring_share(
    hu: npt.NDArray[np.generic], mask: npt.NDArray[np.bool_], spacing_mm: tuple[float, float]
) -> float:
    """Compare the difference between a ring around a lesion and what lies beyond with that between ring and lesion.

    Parameters
    ----------
    hu : (n_rows, n_columns) array
        One slice, Hounsfield units.
    mask : (n_rows, n_columns) bool
    spacing_mm : (between rows, between columns)

    Returns
    -------
    float
        About 0 where one tissue lies around the lesion; the larger, the more a ring stands out.
    """
    from scipy import ndimage

    radius_mm = float(np.sqrt(np.count_nonzero(mask) * spacing_mm[0] * spacing_mm[1] / np.pi))
    rows, columns = np.nonzero(mask)
    box = tuple(
        slice(
            max(0, int(found.min() - REACH_RADII * radius_mm / s)), int(found.max() + REACH_RADII * radius_mm / s) + 2
        )
        for found, s in zip((rows, columns), spacing_mm, strict=True)
    )
    image, inner = np.asarray(hu[box], dtype=np.float64), mask[box]
    away_mm = ndimage.distance_transform_edt(~inner, sampling=spacing_mm)
    readable = image > LEAST_HU
    pixel_mm = max(spacing_mm)
    ring = readable & (away_mm > NEAR_PX[0] * pixel_mm) & (away_mm <= NEAR_PX[1] * pixel_mm)
    if np.count_nonzero(ring) < LEAST_PIXELS:
        return 0.0
    ring_hu = float(np.median(image[ring]))
    own_hu = float(np.median(image[inner & readable]))
    own = abs(own_hu - ring_hu)
    if own_hu > SOLID_HU and GROUND_GLASS_HU[0] < ring_hu < GROUND_GLASS_HU[1]:
        return 1.0
    shares = [0.0]
    for near, far in FAR_RADII:
        beyond = readable & (away_mm > max(near * radius_mm, 4 * pixel_mm)) & (away_mm <= far * radius_mm)
        if np.count_nonzero(beyond) >= LEAST_PIXELS:
            shares.append(abs(float(np.median(image[beyond])) - ring_hu) / max(own, 1.0))
    return max(shares)
