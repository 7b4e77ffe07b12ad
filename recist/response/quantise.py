"""Diameters as whole numbers: exact from here on.

A number read from text as floating point stands for the shortest decimal that gives it back. It is first taken to the
nearest 10⁻⁹ mm, which recovers that decimal for up to nine places, and then rounded half up to hundredths of a
millimetre: 9.995 becomes 10.00 although the nearest floating-point number is a little below.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from recist.criteria.criteria import HUNDREDTHS_PER_MM
from recist.response.choices import MeasurementRounding

if TYPE_CHECKING:
    from recist.response.arrays import Floats, Ints

PICOMETRES_PER_MM = 1_000_000_000
NO_SIZE = -1

STEP_HUNDREDTHS = {
    MeasurementRounding.NONE: 1,
    MeasurementRounding.TENTH: HUNDREDTHS_PER_MM // 10,
    MeasurementRounding.WHOLE: HUNDREDTHS_PER_MM,
}


def to_picometres(lengths_mm: Floats) -> Ints:
    """Take lengths in mm to whole picometres; what is not given (NaN) becomes NO_SIZE."""
    picometres = lengths_mm * PICOMETRES_PER_MM
    picometres[np.isnan(picometres)] = NO_SIZE
    return np.rint(picometres, out=picometres).astype(np.int64)


def to_hundredths(picometres: Ints, rounding: MeasurementRounding) -> Ints:
    """Round lengths half up to the step of the option, in hundredths of a mm; NO_SIZE stays.

    Examples
    --------
    >>> to_hundredths(to_picometres(np.array([9.995, 9.994999, 14.25])), MeasurementRounding.NONE).tolist()
    [1000, 999, 1425]
    >>> to_hundredths(to_picometres(np.array([14.25])), MeasurementRounding.TENTH).tolist()
    [1430]
    """
    step = STEP_HUNDREDTHS[rounding]
    step_picometres = step * PICOMETRES_PER_MM // HUNDREDTHS_PER_MM
    rounded = picometres + step_picometres // 2
    rounded //= step_picometres
    rounded *= step
    rounded[picometres == NO_SIZE] = NO_SIZE
    return rounded
