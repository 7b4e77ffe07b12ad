"""Merged lesions: one measured value that covers several baseline lesions."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from recist.response.arrays import any_by
from recist.response.choices import MergedMixed
from recist.response.history import Merges
from recist.response.words import ranked

if TYPE_CHECKING:
    import pandas as pd

    from recist.response.arrays import Bools, Ints, Texts

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
    code, texts = ranked(covers, empty="")
    names = [[name.strip() for name in str(text).split(SEPARATOR) if name.strip()] for text in texts]
    for row in np.flatnonzero((texts != "")[code]).tolist():
        for name in names[code[row]]:
            lesion = _find_lesion(name, int(series[row]), words, lesion_keys)
            if lesion is None:
                unknown.append((row, name))
            else:
                rows.append(row)
                lesions.append(lesion)
    return Merges(row=np.array(rows, dtype=np.int64), lesion=np.array(lesions, dtype=np.int64), unknown=tuple(unknown))


def _find_lesion(name: str, series: int, words: Texts, lesion_keys: Ints) -> int | None:
    code = int(np.searchsorted(words, name))
    if code == len(words) or words[code] != name:
        return None
    key = series * len(words) + code
    place = int(np.searchsorted(lesion_keys, key))
    return place if place < len(lesion_keys) and lesion_keys[place] == key else None


def counts_as_node(is_nodal: Bools, merges: Merges, is_node: Bools, mixed: MergedMixed) -> Bools:
    """Say whose short axis counts: of nodes, and of masses of nodes; of mixed masses by the option.

    Parameters
    ----------
    is_nodal : numpy.ndarray
        Whether the row's own lesion is a node; shape (n_rows,).
    merges : Merges
    is_node : numpy.ndarray
        Whether each lesion is a node; shape (n_lesions,).
    mixed : MergedMixed
    """
    if not len(merges.row):
        return is_nodal
    covered = is_node[merges.lesion]
    if mixed is MergedMixed.SHORT:
        return is_nodal | any_by(merges.row, covered, len(is_nodal))
    return is_nodal & ~any_by(merges.row, ~covered, len(is_nodal))
