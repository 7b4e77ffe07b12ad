"""The least size that is measurable, of each row: by its method, its slices, and whether it is a node."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from recist.criteria.measurability import KIND_RULES, METHODS
from recist.response.choices import NodeSliceRule
from recist.response.modality import modalities_of
from recist.response.quantise import PICOMETRES_PER_MM, to_picometres
from recist.response.words import ranked

if TYPE_CHECKING:
    import pandas as pd

    from recist.criteria import Criteria
    from recist.response.arrays import Bools, Ints
    from recist.response.history import History
    from recist.response.options import Options

NOT_MEASURING = -1


def least_sizes(history: History, frame: pd.DataFrame, at: Ints, rules: tuple[Criteria, Options]) -> Ints:
    """Give the least measurable size of some rows, in picometres; NOT_MEASURING where the method does not measure.

    Parameters
    ----------
    history : History
    frame : pandas.DataFrame
        The checked table that was encoded, row by row.
    at : numpy.ndarray
        Positions of rows.
    rules : tuple of (Criteria, Options)
    """
    criteria, options = rules
    code, words = modalities_of(frame)
    by_word = {str(method.modality): method for method in METHODS}
    methods = [by_word[str(word)] for word in words]
    limits = [getattr(criteria, method.least_size).whole if method.least_size else 0 for method in methods]
    measures = np.array([bool(method.least_size) for method in methods])[code[at]]
    is_sliced = np.array([method.is_sliced for method in methods])[code[at]]
    least = np.array(limits, dtype=np.int64)[code[at]]
    if criteria.nodes_by_short_axis:
        is_nodal = history.lesions.is_nodal[history.rows.lesion[at]]
        least = np.where(is_nodal, np.maximum(least, criteria.measurable_node.whole), least)
        if options.node_slice_rule is NodeSliceRule.OFF:
            is_sliced &= ~is_nodal
    slices = to_picometres(frame["slice_thickness_mm"].to_numpy()[at]) * criteria.measurable_slices.whole
    sizes = np.maximum(least * PICOMETRES_PER_MM, np.where(is_sliced, slices, 0))
    return np.where(measures, sizes, NOT_MEASURING)


def is_by_measuring_method(frame: pd.DataFrame) -> Bools:
    """Say which rows were assessed by a method whose sizes count."""
    code, words = modalities_of(frame)
    measuring = {str(method.modality) for method in METHODS if method.least_size}
    found: Bools = np.array([word in measuring for word in words], dtype=bool)[code]
    return found


def is_of_measurable_kind(frame: pd.DataFrame) -> Bools:
    """Say which rows are of a kind of lesion that can be measurable."""
    kind, kinds = ranked(frame["kind"], empty="")
    refused = {str(rule.kind) for rule in KIND_RULES if not rule.is_measurable}
    found: Bools = np.array([word not in refused for word in kinds], dtype=bool)[kind]
    return found
