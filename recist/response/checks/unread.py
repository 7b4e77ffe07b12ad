"""Subjects that a reader did not read and others did: where readers share them out, their rates are not of all."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from recist.problems import Problem
from recist.response.checks.table import severity_of
from recist.response.choices import UnreadSubjects

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pandas as pd

    from recist.response.arrays import Texts
    from recist.response.options import Options

_SAYS = {
    UnreadSubjects.MISSING: "they are MISSING for this reader and stay in the denominator of its rates",
    UnreadSubjects.LEFT_OUT: "they are left out of the results of this reader",
}


def check_unread(
    file: str, series: tuple[Texts, Texts], subjects: pd.DataFrame | None, options: Options
) -> Iterator[Problem]:
    """Say of each reader how many of the subjects of others it did not read.

    Parameters
    ----------
    file : str
        What the user calls the table of measurements or visits.
    series : tuple of numpy.ndarray
        Subject and reader of each series.
    subjects : pandas.DataFrame or None
        The checked table of subjects; without it nobody is taken for enrolled.
    options : Options
    """
    if subjects is None:
        return
    subject, reader = series
    n_read = len(np.unique(subject.astype(str)))
    readers, counts = np.unique(reader.astype(str), return_counts=True)
    for name, count in zip(readers.tolist(), counts.tolist(), strict=True):
        if count < n_read:
            yield Problem(
                file=file,
                field="reader",
                severity=severity_of("unread_subjects"),
                code="unread_subjects",
                found=name,
                expected="rows of every subject, or the option unread_subjects",
                message=f"reader {name} did not read {n_read - count} of {n_read} subjects that were read; "
                f"{_SAYS[options.unread_subjects]} (option unread_subjects = {options.unread_subjects})",
            )
