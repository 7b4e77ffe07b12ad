"""A second reader of the same scans: other calipers, sometimes another target, sometimes a new lesion missed.

The second reader's sizes differ from the first's by about 5 % (standard deviation of the log), anew at every scan.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from sample_dicom.cohort_model.recist_sums import TOO_SMALL
from sample_dicom.cohort_model.seeds import Stream, open_stream

if TYPE_CHECKING:
    from collections.abc import Iterator

READER = "reader-2"
N_SUBJECTS = 40
SIZE_SD = 0.05
OTHER_TARGET_SHARE = 0.30
MISSED_NEW_LESION_SHARE = 0.30
EARLIER_NEW_LESION_SHARE = 0.20
_OTHER_TARGET_SIZE = (-0.15, 0.20)
_OTHER_TARGET_SD = 0.08
_SIZE_BEFORE = 0.8
_AXES = ["diameter_mm", "long_axis_mm", "short_axis_mm"]
_SMALLEST_TARGET_TENTHS = 100
_SMALLEST_NODE_TENTHS = 150


def make_second_read(measurements: pd.DataFrame, seed: int) -> pd.DataFrame:
    """Make the rows of the second reader for 40 of the image patients.

    Parameters
    ----------
    measurements : pandas.DataFrame
        The first reader's, see :func:`sample_dicom.cohort_model.measurements.make_measurements`.
    seed : int
    """
    subjects = measurements["subject"].unique()
    chosen = np.sort(open_stream(Stream.SECOND_READ, seed).choice(subjects, N_SUBJECTS, replace=False))
    reads = [
        _read_again(measurements[measurements["subject"] == subject], open_stream(Stream.SECOND_READ, seed, place))
        for place, subject in enumerate(chosen, start=1)
    ]
    read = pd.concat(reads, ignore_index=True)
    read.insert(1, "reader", READER)
    return read


def _read_again(rows: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    lesions = [lesion for _, lesion in rows.groupby("lesion", sort=False)]
    targets = [lesion for lesion in lesions if lesion["role"].iloc[0] == "target"]
    other = targets[-1]["lesion"].iloc[0] if len(targets) > 1 and rng.random() < OTHER_TARGET_SHARE else ""
    parts = []
    for lesion in lesions:
        name, role = lesion["lesion"].iloc[0], lesion["role"].iloc[0]
        if role == "target":
            measured = _measure_again(lesion, rng, is_other=name == other)
            parts.append(measured.assign(lesion=f"T{len(targets) + 1}") if name == other else measured)
        elif role == "new":
            parts += list(_see_new_lesion(lesion, rows, rng))
        else:
            parts.append(lesion)
    return pd.concat(parts).sort_values(["date"], kind="stable")


def _measure_again(lesion: pd.DataFrame, rng: np.random.Generator, *, is_other: bool) -> pd.DataFrame:
    """Measure a target again, or another lesion of the same organ that goes much the same way."""
    size, sd = _OTHER_TARGET_SIZE if is_other else (0.0, 0.0)
    log_factor = rng.normal(size, sd) + rng.normal(0, _OTHER_TARGET_SD if is_other else SIZE_SD, len(lesion))
    scored = lesion["diameter_mm"].to_numpy() * 10 * np.exp(log_factor)
    smallest = np.full(len(lesion), TOO_SMALL)
    smallest[0] = _SMALLEST_NODE_TENTHS if lesion["nodal"].iloc[0] else _SMALLEST_TARGET_TENTHS
    tenths = np.where(lesion["state"] == "measured", np.maximum(np.rint(scored), smallest), scored)
    ratio = (lesion["short_axis_mm"] / lesion["long_axis_mm"]).fillna(0).to_numpy()
    is_nodal = lesion["nodal"].to_numpy(dtype=bool)
    with np.errstate(divide="ignore", invalid="ignore"):
        other_axis = np.rint(np.where(is_nodal, tenths / ratio, tenths * ratio))
    other_axis = np.where(scored == 0, 0.0, other_axis)
    return lesion.assign(
        diameter_mm=tenths / 10,
        long_axis_mm=np.where(is_nodal, other_axis, tenths) / 10,
        short_axis_mm=np.where(is_nodal, tenths, other_axis) / 10,
    )


def _see_new_lesion(lesion: pd.DataFrame, rows: pd.DataFrame, rng: np.random.Generator) -> Iterator[pd.DataFrame]:
    """Miss a new lesion, see it where the first reader does, or see it one scan earlier already."""
    if rng.random() < MISSED_NEW_LESION_SHARE:
        return
    scans = rows.drop_duplicates("date")
    before = scans[scans["date"] < lesion["date"].iloc[0]]
    baseline_and_first = 2
    if len(before) > baseline_and_first and rng.random() < EARLIER_NEW_LESION_SHARE:
        scan = before.iloc[-1]
        earlier = lesion.assign(date=scan["date"], timepoint=scan["timepoint"])
        earlier[_AXES] = (earlier[_AXES] * _SIZE_BEFORE).round(1)
        yield earlier
    yield lesion
