"""Which of the sizes given for a lesion counts: an axis, the diameter as scored, or the enhancing part."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from recist.criteria import CountedSize, LesionRole
from recist.response.history import number_of
from recist.response.quantise import to_picometres

if TYPE_CHECKING:
    import pandas as pd

    from recist.criteria import Criteria
    from recist.response.arrays import Bools, Floats, Ints


def sizes_as_given(frame: pd.DataFrame, role: Ints, is_nodal: Bools, criteria: Criteria) -> Ints:
    """Take the size that counts of every row, in picometres, or NO_SIZE.

    It is the scored diameter, or where none is given the axis that counts: short for a node, else long. Where nodes
    count by their longest diameter, a long axis goes before the scored diameter of a node, which may be a short axis.
    Where the enhancing part counts, its diameter goes before all others of a target that is no node.
    """
    long_axis = frame["long_axis_mm"].to_numpy()
    if criteria.nodes_by_short_axis:
        length = _first_given(frame["diameter_mm"].to_numpy(), np.where(is_nodal, frame["short_axis_mm"], long_axis))
    else:
        diameter = frame["diameter_mm"].to_numpy()
        length = np.where(is_nodal, _first_given(long_axis, diameter), _first_given(diameter, long_axis))
    if criteria.counted_size is CountedSize.ENHANCING:
        enhancing = np.where(may_enhance(role, is_nodal), frame["enhancing_mm"].to_numpy(), np.nan)
        length = _first_given(enhancing, length)
    return to_picometres(length)


def may_enhance(role: Ints, is_nodal: Bools) -> Bools:
    """Say which rows are of lesions whose enhancing part counts where criteria ask for it: targets but nodes."""
    may: Bools = (role == number_of(LesionRole.TARGET)) & ~is_nodal
    return may


def _first_given(length: Floats, otherwise: Floats) -> Floats:
    return np.where(np.isnan(length), otherwise, length)
