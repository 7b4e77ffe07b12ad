"""Lesions that were treated locally during the study.

From the row that names the treatment on, such a lesion is no longer part of the assessment, whatever its later rows
say: it is not evaluable (EORTC RECIST frequently asked questions, resected or irradiated targets).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from recist.criteria import Finding, LesionRole
from recist.response.arrays import NOWHERE, least_by
from recist.response.history import LAST_DAY, number_of
from recist.response.words import ranked

if TYPE_CHECKING:
    import pandas as pd

    from recist.response.arrays import Bools, Ints


def treated_rows(frame: pd.DataFrame) -> Bools:
    """Say which rows name a local treatment."""
    code, words = ranked(frame["treated"], empty="")
    named: Bools = (words != "")[code]
    return named


def days_of_treatment(named: Bools, lesion: Ints, role: Ints, day: Ints, n_lesions: int) -> Ints:
    """Find from which day on each target and non-target lesion counts as treated, LAST_DAY if never.

    A new lesion that is treated was seen before, and stays the sign of progression that it is.
    """
    if not named.any():
        return np.full(n_lesions, LAST_DAY, dtype=np.int64)
    is_baseline_lesion = (role == number_of(LesionRole.TARGET)) | (role == number_of(LesionRole.NON_TARGET))
    return least_by(lesion, named & is_baseline_lesion, day, n_lesions, otherwise=LAST_DAY)


def without_treated(finding: Ints, is_after: Bools, has_state: Bools) -> Ints:
    """Call treated lesions not evaluated; a state that does not fit the role stays a fault."""
    if not is_after.any():
        return finding
    is_replaced = is_after & ((finding != NOWHERE) | ~has_state)
    return np.where(is_replaced, number_of(Finding.NOT_EVALUATED), finding)
