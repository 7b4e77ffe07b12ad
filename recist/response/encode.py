"""From the table of measurements to arrays: series, visits in the order of time, lesions, and exact sizes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from recist.criteria import Criteria, Finding, LesionRole, LesionState
from recist.criteria.measurability import Modality
from recist.criteria.organs import LYMPH_NODES, organ_of
from recist.criteria.states import FINDINGS as FINDING_OF
from recist.response.arrays import NOWHERE, any_by, compress
from recist.response.choices import SameDay
from recist.response.counted_size import sizes_as_given
from recist.response.history import LAST_DAY, ROLES, History, Lesions, Rows, number_of
from recist.response.merges import counts_as_node, find_merges
from recist.response.modality import is_seen_by
from recist.response.pet import Sightings, judge_pet
from recist.response.quantise import NO_SIZE, to_hundredths
from recist.response.subject_days import days_of
from recist.response.time_points import Key, Scans, derive_visits, is_baseline_label
from recist.response.treatments import days_of_treatment, treated_rows, without_treated
from recist.response.words import ranked

if TYPE_CHECKING:
    import pandas as pd

    from recist.response.arrays import Bools, Ints, Texts
    from recist.response.history import Merges, Visits
    from recist.response.options import Options

__all__ = ["DEFAULT_READER", "LAST_DAY", "encode", "is_baseline_label", "nodal_words"]

STATES = tuple(LesionState)
DEFAULT_READER = "reader-1"


def encode(frame: pd.DataFrame, criteria: Criteria, options: Options, subjects: pd.DataFrame | None = None) -> History:
    """Turn checked measurements into arrays.

    Parameters
    ----------
    frame : pandas.DataFrame
        The table after its cells were checked, text as categories; the index is the position in the table given.
    criteria : Criteria
    options : Options
    subjects : pandas.DataFrame, optional
        The checked table of subjects, one row a subject; a start in it decides which scan is the baseline.
    """
    series, subject, reader = _number_series(frame)
    role = _roles(frame["role"])
    day = frame["date"].to_numpy("datetime64[D]").astype(np.int64)
    scans = Scans(day, role != number_of(LesionRole.MARKER), role == number_of(LesionRole.TARGET))
    start, death, cutoff, therapy = (
        days_of(subject, subjects, f"{name}_date") for name in ("start", "death", "cutoff", "new_therapy")
    )
    end = np.minimum(death, cutoff)
    visits, visit = derive_visits(
        Key(series, *ranked(frame["timepoint"], empty="")), scans, start, options.tp_window_days
    )
    zero = np.where(start < LAST_DAY, start, visits.last_day[visits.baseline])
    lesion, lesion_keys, names = _number_lesions(frame, series, len(subject))
    merges = find_merges(frame["covers"], series, names, lesion_keys)
    n_names = max(len(names), 1)
    lesions = Lesions(
        series=lesion_keys // n_names,
        name=names[lesion_keys % n_names],
        role=role[_first_rows(lesion, len(lesion_keys))],
        is_nodal=_nodal_lesions(frame, lesion, len(lesion_keys)),
        treated_day=days_of_treatment(treated_rows(frame), lesion, role, day, len(lesion_keys)),
    )
    return History(
        subject=subject,
        reader=reader,
        rows=_encode_rows(
            frame,
            (visit, lesion, role, day),
            (visits, lesions, merges),
            (criteria, options),
            is_beyond=day > end[series],
            is_after_therapy=_is_after_therapy(day, therapy[series], zero[series], options),
        ),
        lesions=lesions,
        visits=visits,
        merges=merges,
    )


def _number_series(frame: pd.DataFrame) -> tuple[Ints, Texts, Texts]:
    """Give the number of the reader's series of each row, and subject and reader of each series."""
    subject, people = ranked(frame["subject"], empty="")
    reader, readers = ranked(frame["reader"], empty=DEFAULT_READER)
    keys, series = compress(subject * len(readers) + reader, len(people) * len(readers))
    return series, people[keys // len(readers)], readers[keys % len(readers)]


def _number_lesions(frame: pd.DataFrame, series: Ints, n_series: int) -> tuple[Ints, Ints, Texts]:
    """Give the number of the lesion of each row, the keys ``series * n_names + name`` of all, and the names."""
    code, names = ranked(frame["lesion"], empty="")
    n_names = max(len(names), 1)
    keys, lesion = compress(series * n_names + code, n_series * n_names)
    return lesion, keys, names


def _encode_rows(
    frame: pd.DataFrame,
    places: tuple[Ints, Ints, Ints, Ints],
    known: tuple[Visits, Lesions, Merges],
    rules: tuple[Criteria, Options],
    *,
    is_beyond: Bools,
    is_after_therapy: Bools,
) -> Rows:
    """Say of each row what it found and the size that counts."""
    (visit, lesion, role, day), (visits, lesions, merges), (criteria, options) = places, known, rules
    is_nodal = lesions.is_nodal[lesion]
    by_short_axis = counts_as_node(is_nodal, merges, lesions.is_nodal, options.merged_mixed)
    picometres = sizes_as_given(frame, role, by_short_axis, criteria)
    finding = _findings(frame["state"], role, picometres != NO_SIZE)
    is_after_treatment = day >= lesions.treated_day[lesion]
    state, states = ranked(frame["state"], empty="")
    finding = without_treated(finding, is_after_treatment, (states != "")[state])
    is_pet = is_seen_by(frame, Modality.PET)
    finding = judge_pet(Sightings(finding, role, visit, lesion, picometres, is_nodal, is_pet), visits, criteria)
    return Rows(
        line=frame.index.to_numpy(),
        visit=visit,
        lesion=lesion,
        role=role,
        finding=finding,
        size_picometres=picometres,
        size=_sizes_that_count(finding, picometres, criteria, options),
        day=day,
        is_increased=(states == LesionState.INCREASED)[state],
        is_after_treatment=is_after_treatment,
        is_beyond=is_beyond,
        is_after_therapy=is_after_therapy,
    )


def _is_after_therapy(day: Ints, therapy: Ints, zero: Ints, options: Options) -> Bools:
    """Say which rows come after new therapy; one begun no later than the start is a prior therapy."""
    after: Bools = day > therapy if options.new_therapy_same_day is SameDay.BEFORE else day >= therapy
    return after & (therapy > zero)


def _first_rows(lesion: Ints, n_lesions: int) -> Ints:
    """Find the first row of each lesion."""
    first = np.empty(n_lesions, dtype=np.int64)
    first[lesion[::-1]] = np.arange(len(lesion))[::-1]  # of values put in one place the last stays
    return first


def _roles(values: pd.Series) -> Ints:
    code, words = ranked(values, empty=str(LesionRole.TARGET))
    numbers = [number_of(LesionRole(word)) for word in words]
    return np.array(numbers, dtype=np.int8)[code]  # type: ignore[return-value]  # one byte a row is enough


def nodal_words(frame: pd.DataFrame) -> tuple[Bools, Bools]:
    """Say which rows state that the lesion is a node, and which that it is not."""
    flag = frame["nodal"].array
    is_true, may_be = (np.asarray(flag.to_numpy(dtype=bool, na_value=other)) for other in (False, True))
    return is_true, ~may_be


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
    meaning = np.full((len(ROLES), len(words)), NOWHERE, dtype=np.int8)
    for number, lesion_role in enumerate(ROLES):
        for place, word in enumerate(words):
            state = LesionState(word) if word in STATES else LesionState.MEASURED
            if state in FINDING_OF[lesion_role]:
                meaning[number, place] = number_of(FINDING_OF[lesion_role][state])
    finding: Ints = meaning[role, code]  # type: ignore[assignment]  # one byte a row is enough
    is_empty = (words == "")[code]
    finding[is_empty & ~has_size] = NOWHERE
    return finding
