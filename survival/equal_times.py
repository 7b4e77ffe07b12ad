"""Times that differ by rounding only are one time: 0.1 + 0.2 and 0.3 are a tie.

Times in months or years come out of divisions and subtractions, which leave the same moment with different last digits.
Taken apart they would order events that happened together. Whole numbers are never touched.

References
----------
Therneau TM. Roundoff error and tied times, vignette of R's `survival` (its ``timefix``), whose rule and tolerance this
is: neighbours are one time when they differ by at most the square root of the machine's precision, or by that share of
the mean time.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

TOLERANCE = float(np.sqrt(np.finfo(np.float64).eps))


def merge_equal_times(*columns: NDArray[np.float64]) -> tuple[NDArray[np.float64], ...]:
    """Give times that are equal but for rounding the earliest of their values, over all columns together.

    Parameters
    ----------
    *columns : numpy.ndarray
        Entries and exits, float64; NaN and infinite values stay as they are.

    Examples
    --------
    >>> merge_equal_times(np.array([0.1 + 0.2, 0.3, 1.0]))[0].tolist()
    [0.3, 0.3, 1.0]
    """
    together = np.concatenate(columns)
    finite = together[np.isfinite(together)]
    if np.array_equal(finite, np.rint(finite)):
        return columns
    distinct = np.unique(finite)
    is_new = np.diff(distinct) > TOLERANCE * max(1.0, float(np.abs(distinct).mean()))
    if is_new.all():
        return columns
    earliest = distinct[np.concatenate([[True], is_new])]
    return tuple(_replace(column, earliest) for column in columns)


def _replace(column: NDArray[np.float64], earliest: NDArray[np.float64]) -> NDArray[np.float64]:
    place = np.maximum(np.searchsorted(earliest, column, side="right") - 1, 0)
    return np.where(np.isfinite(column), earliest[place], column)
