"""Lengths in floating point as whole hundredths of a millimetre.

Floating point stands for a decimal: it is first taken to the nearest unit that recovers it, then rounded half up to
steps of hundredths of a millimetre. Single precision holds four decimal places of any body size, double precision nine.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numba import njit

if TYPE_CHECKING:
    from numpy.typing import NDArray

SINGLE_UNITS, DOUBLE_UNITS, HUNDREDTHS = 10_000, 1_000_000_000, 100  # in a mm
MAX_SIZE_MM = (1 << 24) // HUNDREDTHS - 1  # a size and 1 more stay below 24 bits


class Quantum(NamedTuple):
    """How lengths are rounded.

    Attributes
    ----------
    units_mm : float
        Units in a millimetre; the nearest one recovers the decimal.
    units_step : float
        Units in a step.
    step : float
        The step, in hundredths of a mm.
    """

    units_mm: float
    units_step: float
    step: float


def quantum_of(dtype: np.dtype, step_hundredths: int) -> Quantum:
    """Say how lengths of a floating-point kind are rounded to a step in hundredths of a mm."""
    units = SINGLE_UNITS if dtype == np.float32 else DOUBLE_UNITS
    return Quantum(float(units), float(units // HUNDREDTHS * step_hundredths), float(step_hundredths))


@njit(cache=True, nogil=True)
def quantise(lengths_mm: NDArray[np.floating], quantum: Quantum, sizes: NDArray[np.int32]) -> int:
    """Round lengths half up; return how many are neither missing nor possible.

    Parameters
    ----------
    lengths_mm : numpy.ndarray
        NaN where there is none.
    quantum : Quantum
    sizes : numpy.ndarray
        Filled in: hundredths of a mm plus 1, or 0 where there is no length.

    Notes
    -----
    Units are whole numbers below 2**53 and their quotients below 2**25: no quotient that is not whole comes so near to
    the next whole number that its floating-point value would reach it, so that the floor is that of the exact quotient.
    """
    units_mm, units_step, step = quantum
    half = np.floor(units_step / 2)
    n_faults = 0
    for row in range(lengths_mm.size):
        length = np.float64(lengths_mm[row])
        is_possible = (length >= 0) & (length < MAX_SIZE_MM)
        n_faults += (not is_possible) & (not np.isnan(length))
        counted = length if is_possible else 0.0
        hundredths = np.floor((np.rint(counted * units_mm) + half) / units_step) * step
        sizes[row] = np.int32(hundredths) + 1 if is_possible else 0
    return n_faults
