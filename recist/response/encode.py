"""From the table of measurements to arrays: series, visits in the order of time, lesions, and exact sizes."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from recist.criteria import Criteria, Finding, LesionRole, LesionState
from recist.criteria.organs import LYMPH_NODES, organ_of
from recist.criteria.states import FINDINGS as FINDING_OF
from recist.response.arrays import NOWHERE, any_by, compress, courses_from, least_by
from recist.response.counted_size import sizes_as_given
from recist.response.history import ROLES, History, Lesions, Rows, Visits, number_of
from recist.response.merges import find_merges
from recist.response.quantise import NO_SIZE, to_hundredths
from recist.response.words import ranked

if TYPE_CHECKING:
    import pandas as pd

    from recist.response.arrays import Bools, Ints, Texts
    from recist.response.options import Options

STATES = tuple(LesionState)
DEFAULT_READER = "reader-1"
BASELINE = "baseline"
LAST_DAY = 2**40  # later than every date


def is_baseline_label(label: str) -> bool:
    """Say whether a time point's name marks the baseline."""
    return label.casefold() == BASELINE


class _Key(NamedTuple):
    """The numbers that a name within a series is made of."""

    series: Ints
    code: Ints
    words: Texts


def encode(frame: pd.DataFrame, criteria: Criteria, options: Options) -> History:
    """Turn checked measurements into arrays.

    Parameters
    ----------
    frame : pandas.DataFrame
        The table after its cells were checked, text as categories; the index is the position in the table given.
    criteria : Criteria
    options : Options
    """
    subject, subjects = ranked(frame["subject"], empty="")
    reader, readers = ranked(frame["reader"], empty=DEFAULT_READER)
    series_keys, series = compress(subject * len(readers) + reader, len(subjects) * len(readers))
    day = frame["date"].to_numpy("datetime64[D]").astype(np.int64)
    visits, visit = _visits(_Key(series, *ranked(frame["timepoint"], empty="")), day, len(series_keys))
    names = _Key(series, *ranked(frame["lesion"], empty=""))
    lesion_keys, lesion = compress(names.series * len(names.words) + names.code, len(series_keys) * len(names.words))
    role = _roles(frame["role"])
    is_nodal = _nodal_lesions(frame, lesion, len(lesion_keys))
    picometres = sizes_as_given(frame, role, is_nodal[lesion], criteria)
    finding = _findings(frame["state"], role, picometres != NO_SIZE)
    rows = Rows(
        line=frame.index.to_numpy(),
        visit=visit,
        lesion=lesion,
        role=role,
        finding=finding,
        size_picometres=picometres,
        size=_sizes_that_count(finding, picometres, criteria, options),
        day=day,
        is_increased=(frame["state"] == LesionState.INCREASED).to_numpy(dtype=bool),
    )
    n_rows = len(lesion)
    first_row = least_by(lesion, np.ones(n_rows, dtype=bool), np.arange(n_rows), len(lesion_keys), otherwise=n_rows)
    lesions = Lesions(
        series=lesion_keys // max(len(names.words), 1),
        name=names.words[lesion_keys % max(len(names.words), 1)],
        role=role[first_row],
        is_nodal=is_nodal,
    )
    return History(
        subject=subjects[series_keys // len(readers)],
        reader=readers[series_keys % len(readers)],
        rows=rows,
        lesions=lesions,
        visits=visits,
        merges=find_merges(frame["covers"], names.series, names.words, lesion_keys),
    )


def _visits(label: _Key, day: Ints, n_series: int) -> tuple[Visits, Ints]:
    """Order the time points of each series by date, and find the visit of each row."""
    keys, visit = compress(label.series * len(label.words) + label.code, n_series * len(label.words))
    everywhere = np.ones(len(day), dtype=bool)
    first = least_by(visit, everywhere, day, len(keys), otherwise=LAST_DAY)
    last = -least_by(visit, everywhere, -day, len(keys), otherwise=LAST_DAY)
    series, code = keys // max(len(label.words), 1), keys % max(len(label.words), 1)
    is_other = ~np.array([is_baseline_label(word) for word in label.words], dtype=bool)[code]
    order = np.lexsort((code, last, is_other, first, series))  # on its own date the baseline comes first
    place = np.empty_like(order)
    place[order] = np.arange(len(order))
    courses = courses_from(series[order], n_series)
    marks_baseline = ~is_other[order]
    labelled = courses.first(marks_baseline)
    visits = Visits(
        courses=courses,
        label=label.words[code[order]],
        first_day=first[order],
        last_day=last[order],
        baseline=np.where(labelled == NOWHERE, courses.start[:-1], labelled),
        is_labelled_baseline=marks_baseline,
    )
    return visits, place[visit]


def _roles(values: pd.Series) -> Ints:
    code, words = ranked(values, empty=str(LesionRole.TARGET))
    return np.array([number_of(LesionRole(word)) for word in words], dtype=np.int64)[code]


def nodal_words(frame: pd.DataFrame) -> tuple[Bools, Bools]:
    """Say which rows state that the lesion is a node, and which that it is not."""
    flag = frame["nodal"]
    given = flag.notna().to_numpy(dtype=bool)
    is_true = flag.fillna(value=False).to_numpy(dtype=bool)
    return is_true, given & ~is_true


def _nodal_lesions(frame: pd.DataFrame, lesion: Ints, n_lesions: int) -> Bools:
    """Decide for each lesion whether it is a node: by the flag, or where none is given by the site."""
    is_true, is_false = nodal_words(frame)
    code, sites = ranked(frame["site"], empty="")
    at_nodes = np.array([organ_of(site, nodal=False) == LYMPH_NODES for site in sites], dtype=bool)[code]
    flagged = any_by(lesion, is_true, n_lesions)
    denied = any_by(lesion, is_false, n_lesions)
    nodal: Bools = flagged | (any_by(lesion, at_nodes, n_lesions) & ~denied)
    return nodal


def _sizes_that_count(finding: Ints, picometres: Ints, criteria: Criteria, options: Options) -> Ints:
    """Quantise the sizes once; what is absent is 0, and what is too small to measure has the default size."""
    size = to_hundredths(picometres, options.measurement_rounding)
    size[(finding == number_of(Finding.TOO_SMALL)) & (size == NO_SIZE)] = criteria.too_small_size.hundredths
    size[finding == number_of(Finding.ABSENT)] = 0
    size[(finding == number_of(Finding.NOT_EVALUATED)) | (finding == NOWHERE)] = NO_SIZE
    return size


def _findings(states: pd.Series, role: Ints, has_size: Bools) -> Ints:
    """Look up what each state means for its role; an empty state with a size is a measurement."""
    code, words = ranked(states, empty="")
    meaning = np.full((len(ROLES), len(words)), NOWHERE, dtype=np.int64)
    for number, lesion_role in enumerate(ROLES):
        for place, word in enumerate(words):
            state = LesionState(word) if word in STATES else LesionState.MEASURED
            if state in FINDING_OF[lesion_role]:
                meaning[number, place] = number_of(FINDING_OF[lesion_role][state])
    finding = meaning[role, code]
    is_empty = (words == "")[code]
    finding[is_empty & ~has_size] = NOWHERE
    return finding
