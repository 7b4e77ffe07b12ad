"""Kinds of lesions by where they lie: what the image around them is made of."""

from __future__ import annotations

from enum import StrEnum

import numpy as np
import numpy.typing as npt

LUNG_HU, LUNG_SHARE = -500.0, 0.3
FAT_HU, FAT_SHARE = (-160.0, -40.0), 0.35
GROUND_GLASS_HU = (-800.0, -250.0)


class LesionKind(StrEnum):
    """What a lesion lies in."""

    SOFT_TISSUE = "soft_tissue"  # liver, spleen, kidney, muscle
    LUNG = "lung"
    PART_SOLID = "part_solid"  # in the lung, with a ground-glass part
    NODE = "node"  # in fat


def derive_kind(inside: npt.NDArray[np.float32], around: npt.NDArray[np.float32]) -> LesionKind:
    """Tell the kind from the values inside and around a lesion, in Hounsfield units."""
    if around.size == 0:
        return LesionKind.SOFT_TISSUE
    if np.mean(around < LUNG_HU) > LUNG_SHARE:
        glass = np.mean((inside > GROUND_GLASS_HU[0]) & (inside < GROUND_GLASS_HU[1])) if inside.size else 0.0
        return LesionKind.PART_SOLID if glass > LUNG_SHARE else LesionKind.LUNG
    if np.mean((around > FAT_HU[0]) & (around < FAT_HU[1])) > FAT_SHARE:
        return LesionKind.NODE
    return LesionKind.SOFT_TISSUE
