"""Dates of the table of subjects as days, looked up by subject."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from recist.response.history import LAST_DAY

if TYPE_CHECKING:
    from recist.response.arrays import Ints, Texts


def days_of(subject: Texts, subjects: pd.DataFrame | None, column: str) -> Ints:
    """Give a date of each subject as days since 1970-01-01, LAST_DAY where it is not given.

    Parameters
    ----------
    subject : numpy.ndarray
        Subject of each series; shape (n_series,).
    subjects : pandas.DataFrame or None
        The checked table of subjects, one row a subject.
    column : str
    """
    days = np.full(len(subject), LAST_DAY, dtype=np.int64)
    if subjects is None:
        return days
    row = pd.Index(subjects["subject"].astype(object)).get_indexer(pd.Index(subject))
    dates = subjects[column]
    given = np.append(dates.notna().to_numpy(), False)[row]  # row -1: not in the table
    days[given] = dates.to_numpy("datetime64[D]").astype(np.int64)[row[given]]
    return days
