"""Patients of coded tables by number, whether they are given as numbers, words or categories."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from recist.response.arrays import DENSE_FACTOR, NOWHERE, SMALL
from recist.response.kernel.order import is_dense
from recist.response.kernel.texts import Texts, count_runs, number_texts

if TYPE_CHECKING:
    from recist.response.arrays import Ints

INTEGERS = "iu"


def number_patients(visits: pd.Series, lesions: pd.Series) -> tuple[Ints, Ints, np.ndarray]:
    """Give the patients of both tables numbers from 0.

    Parameters
    ----------
    visits, lesions : pandas.Series
        The patient of each row, numbers or text.

    Returns
    -------
    in_visits, in_lesions : numpy.ndarray
        The number of each row's patient, in `lesions` NOWHERE for one without visits.
    patients : numpy.ndarray
        The patients: ascending if they are numbers, by first appearance in `visits` if they are text.
    """
    if visits.dtype.kind in INTEGERS and lesions.dtype.kind in INTEGERS:
        return _number_numbers(visits.to_numpy(), lesions.to_numpy())
    in_visits, in_lesions = _as_bytes(visits), _as_bytes(lesions)
    if in_visits is not None and in_lesions is not None:
        return _number_bytes(in_visits, in_lesions, visits)
    codes, patients = pd.factorize(pd.concat([visits.astype(object), lesions.astype(object)], ignore_index=True))
    n_known = int(codes[: len(visits)].max(initial=NOWHERE)) + 1
    of_lesions = codes[len(visits) :]
    known = np.where(of_lesions < n_known, of_lesions, NOWHERE)
    return codes[: len(visits)], known, np.asarray(patients[:n_known], dtype=object)


def _number_numbers(visits: Ints, lesions: Ints) -> tuple[Ints, Ints, np.ndarray]:
    if len(visits) and is_dense(visits):
        return visits, lesions, np.arange(int(visits[-1]) + 1)
    size = int(visits.max(initial=-1)) + 1
    if len(visits) and visits.min() >= 0 and size <= DENSE_FACTOR * len(visits) + SMALL:
        is_patient = np.zeros(size, dtype=bool)
        is_patient[visits] = True
        if is_patient.all():
            return visits, lesions, np.arange(size)
    patients, in_visits = np.unique(visits, return_inverse=True)
    place = np.minimum(np.searchsorted(patients, lesions), max(len(patients) - 1, 0))
    is_known = patients[place] == lesions if len(patients) else np.zeros(len(lesions), dtype=bool)
    return in_visits, np.where(is_known, place, NOWHERE), patients


def _as_bytes(values: pd.Series) -> Texts | None:
    """Take text that Arrow holds as it lies in memory; nothing if it lies otherwise or cells are empty."""
    if not isinstance(values.dtype, pd.StringDtype) or values.dtype.storage == "python":
        return None
    import pyarrow as pa

    held = pa.array(values)
    held = held.combine_chunks() if isinstance(held, pa.ChunkedArray) else held
    if held.null_count or not len(held):
        return None
    _, offsets, data = held.buffers()
    is_large = pa.types.is_large_string(held.type)
    ends = np.frombuffer(offsets, dtype=np.int64 if is_large else np.int32)[held.offset : held.offset + len(held) + 1]
    return Texts(offsets=ends.astype(np.int64), data=np.frombuffer(data or b"", dtype=np.uint8))


def _number_bytes(visits: Texts, lesions: Texts, names: pd.Series) -> tuple[Ints, Ints, np.ndarray]:
    n_runs = count_runs(visits)
    table = np.full(1 << (2 * n_runs).bit_length(), NOWHERE, dtype=np.int32)
    first = np.empty(n_runs, dtype=np.int64)
    in_visits, n_known = number_texts(visits, visits, (table, first), 0, True)
    in_lesions, _ = number_texts(lesions, visits, (table, first), n_known, False)
    return in_visits, in_lesions, names.iloc[first[:n_known]].to_numpy(dtype=object)
