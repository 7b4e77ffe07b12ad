"""The baseline among the visits: it shows no response, so its cell may be empty."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from recist.columns import cell_text
from recist.criteria import OverallResponse
from recist.response.time_points import is_baseline_label

if TYPE_CHECKING:
    from recist.response.arrays import Bools

_READ = ("timepoint", "overall_response")


def find_empty_baselines(visits: pd.DataFrame) -> Bools:
    """Find the rows named baseline that have no response; shape (n_rows,)."""
    is_empty = np.zeros(len(visits), dtype=bool)
    if not set(_READ) <= set(visits.columns):
        return is_empty
    code, labels = pd.factorize(visits["timepoint"])
    is_baseline = np.array([*(is_baseline_label(cell_text(label)) for label in labels), False], dtype=bool)[code]
    at = np.flatnonzero(is_baseline)
    word, words = pd.factorize(visits["overall_response"].iloc[at])
    is_empty[at] = np.array([*(not cell_text(cell).strip() for cell in words), True], dtype=bool)[
        word
    ]  # -1: none given
    return is_empty


def fill_baselines(visits: pd.DataFrame, is_empty: Bools) -> pd.DataFrame:
    """Say of the baselines without a response that there was none to evaluate; it counts for nothing."""
    if not is_empty.any():
        return visits
    response = visits["overall_response"].to_numpy(dtype=object, copy=True)
    response[is_empty] = str(OverallResponse.NE)
    return visits.assign(overall_response=response)
