"""Merged lesions: one measured value that covers several baseline lesions."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from recist.response.history import Merges

if TYPE_CHECKING:
    import pandas as pd

    from recist.response.arrays import Ints, Texts

SEPARATOR = ";"


def find_merges(covers: pd.Series, series: Ints, words: Texts, lesion_keys: Ints) -> Merges:
    """Find the lesions that values cover besides their own.

    Parameters
    ----------
    covers : pandas.Series
        The column ``covers``.
    series : numpy.ndarray
        The series of each row.
    words, lesion_keys : numpy.ndarray
        Names of lesions, ascending, and the ascending keys ``series * n_words + name`` of all lesions.

    """
    rows, lesions, unknown = [], [], []
    for row in np.flatnonzero(covers.notna() & (covers != "")):
        for name in str(covers.iloc[row]).split(SEPARATOR):
            lesion = _find_lesion(name.strip(), int(series[row]), words, lesion_keys)
            if lesion is None:
                unknown.append((int(row), name.strip()))
            else:
                rows.append(int(row))
                lesions.append(lesion)
    return Merges(row=np.array(rows, dtype=np.int64), lesion=np.array(lesions, dtype=np.int64), unknown=tuple(unknown))


def _find_lesion(name: str, series: int, words: Texts, lesion_keys: Ints) -> int | None:
    code = int(np.searchsorted(words, name))
    if code == len(words) or words[code] != name:
        return None
    key = series * len(words) + code
    place = int(np.searchsorted(lesion_keys, key))
    return place if place < len(lesion_keys) and lesion_keys[place] == key else None
