"""What was recorded of each lesion at each visit, one entry a lesion, in the order of the visits."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from recist.criteria import Finding, LesionRole
from recist.response.history import number_of
from recist.response.measurable import is_by_measuring_method
from recist.response.new_lesion import decide_seen, is_confirmed_later
from recist.response.quantise import NO_SIZE

if TYPE_CHECKING:
    import pandas as pd

    from recist.criteria import Criteria
    from recist.response.arrays import Bools, Ints
    from recist.response.history import History
    from recist.response.options import Options

# What is known of a lesion at a visit; of several rows of one lesion the largest holds.
NO_ROW, GONE, UNKNOWN, DOUBTFUL, PRESENT = range(-1, 4)

_STATUS = {
    Finding.MEASURED: PRESENT,
    Finding.TOO_SMALL: PRESENT,
    Finding.PRESENT: PRESENT,
    Finding.PROGRESSED: PRESENT,
    Finding.UNEQUIVOCAL: PRESENT,
    Finding.SEEN: PRESENT,
    Finding.EQUIVOCAL: DOUBTFUL,
    Finding.NOT_EVALUATED: UNKNOWN,
    Finding.ABSENT: GONE,
}
_ROLES = (LesionRole.TARGET, LesionRole.NON_TARGET, LesionRole.NEW)


class Sightings(NamedTuple):
    """Every lesion seen to at every visit; shape (n_sightings,) each but `start`.

    Attributes
    ----------
    start : numpy.ndarray
        Where the sightings of each visit begin, and last their number; shape (n_visits + 1,).
    lesion : numpy.ndarray
        Position in Lesions.
    status : numpy.ndarray
        GONE, UNKNOWN, DOUBTFUL or PRESENT.
    size : numpy.ndarray
        The size that counts, fragments added up, in hundredths of a mm, or NO_SIZE.
    is_whole : numpy.ndarray
        Whether no fragment lacks a size.
    is_increased, is_progressed : numpy.ndarray
        Whether the reader called the lesion larger, or unequivocally progressed.
    """

    start: Ints
    lesion: Ints
    status: Ints
    size: Ints
    is_whole: Bools
    is_increased: Bools
    is_progressed: Bools


class Rows(NamedTuple):
    """Recorded rows, and rows that speak for lesions they cover; shape (n,) each, as in :class:`Sightings`."""

    visit: Ints
    lesion: Ints
    status: Ints
    size: Ints
    is_increased: Bools
    is_progressed: Bools


def derive_sightings(
    history: History, frame: pd.DataFrame, rules: tuple[Criteria, Options], *, in_the_end: bool
) -> Sightings:
    """Gather what was recorded of each lesion at each visit.

    Parameters
    ----------
    history : History
    frame : pandas.DataFrame
        The checked table that was encoded, row by row; sizes by a method that does not measure do not count.
    rules : tuple of (Criteria, Options)
    in_the_end : bool
        Whether an equivocal new lesion that proved unequivocal later counts from when it was first seen.
    """
    rows = _own_rows(history, is_by_measuring_method(frame), rules, in_the_end=in_the_end)
    covered = _covered_rows(history)
    lacks_size = np.append(rows.size == NO_SIZE, np.zeros(len(covered.size), dtype=bool))
    every = Rows(*(np.concatenate(pair) for pair in zip(rows, covered, strict=True)))
    n_lesions = len(history.lesions.role)
    keys, place = np.unique(every.visit * n_lesions + every.lesion, return_inverse=True)
    size = np.full(len(keys), NO_SIZE, dtype=np.int64)
    has_size = every.size != NO_SIZE
    size[place[has_size]] = 0
    np.add.at(size, place[has_size], every.size[has_size])
    status = np.full(len(keys), NO_ROW, dtype=np.int64)
    np.maximum.at(status, place, every.status)
    return Sightings(
        start=np.searchsorted(keys // max(n_lesions, 1), np.arange(history.courses.n_visits + 1)),
        lesion=keys % max(n_lesions, 1),
        status=status,
        size=size,
        is_whole=np.bincount(place[lacks_size], minlength=len(keys)) == 0,
        is_increased=np.bincount(place[every.is_increased], minlength=len(keys)) > 0,
        is_progressed=np.bincount(place[every.is_progressed], minlength=len(keys)) > 0,
    )


def _own_rows(history: History, is_measuring: Bools, rules: tuple[Criteria, Options], *, in_the_end: bool) -> Rows:
    """Read the status of each recorded row of a lesion."""
    criteria, options = rules
    at = np.flatnonzero(np.isin(history.rows.role, [number_of(role) for role in _ROLES]))
    finding, visit, lesion = history.rows.finding[at], history.rows.visit[at], history.rows.lesion[at]
    size = history.rows.size[at]
    is_new = (history.rows.role[at] == number_of(LesionRole.NEW)) & history.visits.is_follow_up[visit]
    judged = decide_seen(finding[is_new], size[is_new], history.lesions.is_nodal[lesion[is_new]], criteria, options)
    if in_the_end:
        new = lesion[is_new], visit[is_new], judged, history.rows.is_beyond[at][is_new]
        is_proved = (judged == number_of(Finding.EQUIVOCAL)) & is_confirmed_later(*new)
        judged = np.where(is_proved, number_of(Finding.UNEQUIVOCAL), judged)
    is_progressed = finding == number_of(Finding.PROGRESSED)
    finding = finding.copy()
    finding[is_new] = judged
    meaning = np.array([_STATUS.get(member, UNKNOWN) for member in Finding])
    return Rows(
        visit=visit,
        lesion=lesion,
        status=meaning[finding],
        size=np.where(is_new & ~is_measuring[at], NO_SIZE, size),
        is_increased=history.rows.is_increased[at],
        is_progressed=is_progressed,
    )


def _covered_rows(history: History) -> Rows:
    """Let the value of a merged mass say of the lesions it covers that they are there; it counts once in a sum."""
    merges, rows = history.merges, history.rows
    size = rows.size[merges.row]
    n_merges = len(merges.row)
    return Rows(
        visit=rows.visit[merges.row],
        lesion=merges.lesion,
        status=np.where(size == NO_SIZE, UNKNOWN, np.where(size > 0, PRESENT, GONE)),
        size=np.where(size == NO_SIZE, NO_SIZE, 0),
        is_increased=np.zeros(n_merges, dtype=bool),
        is_progressed=np.zeros(n_merges, dtype=bool),
    )
