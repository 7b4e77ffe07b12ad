"""Time points: scans of one label, or of no label and close together, in the order of their dates; and the baseline.

A time point is dated by its scans. The blood sample of a tumour marker has a date of its own, which counts only where
there is no scan.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from recist.response.arrays import NOWHERE, any_by, compress, courses_from, least_by
from recist.response.history import LAST_DAY, Visits

if TYPE_CHECKING:
    from recist.response.arrays import Bools, Courses, Ints, Texts

BASELINE = "baseline"


def is_baseline_label(label: str) -> bool:
    """Say whether a time point's name marks the baseline."""
    return label.casefold() == BASELINE


class Key(NamedTuple):
    """The numbers that a name within a series is made of."""

    series: Ints
    code: Ints
    words: Texts


class Scans(NamedTuple):
    """When each row was recorded; shape (n_rows,) each.

    ``is_scan`` is false for tumour markers, ``has_target`` true for target lesions.
    """

    day: Ints
    is_scan: Bools
    has_target: Bools


def derive_visits(label: Key, scans: Scans, start: Ints, window_days: int) -> tuple[Visits, Ints]:
    """Order the time points of each series by date, and find the visit of each row.

    Parameters
    ----------
    label : Key
        The label of each row, an empty text where none is given.
    scans : Scans
    start : numpy.ndarray
        The start of each series, LAST_DAY where it is not known; shape (n_series,).
    window_days : int
        Scans without a label are one time point up to this many days after its first scan.
    """
    label, is_made = _label_by_date(label, scans, start, window_days)
    n_words, n_series = max(len(label.words), 1), len(start)
    keys, visit = compress(label.series * n_words + label.code, n_series * n_words)
    first, last = _days_of_scans(visit, scans, len(keys))
    series, code = keys // n_words, keys % n_words
    is_other = ~np.array([is_baseline_label(word) for word in label.words], dtype=bool)[code]
    order = _in_time(series, first, (code, last, is_other))  # on its own date the baseline comes first
    place = np.empty_like(order)
    place[order] = np.arange(len(order))
    visit = place[visit]
    courses = courses_from(series[order], n_series)
    has_target = any_by(visit, scans.has_target, len(keys))
    baseline = _find_baseline(courses, ~is_other[order], last[order], start, has_target)
    visits = Visits(
        courses=courses,
        label=label.words[code[order]],
        first_day=first[order],
        last_day=last[order],
        baseline=baseline,
        opening=_find_opening(courses, baseline, last[order], start),
        is_labelled_baseline=~is_other[order],
        is_dated=any_by(visit, is_made, len(keys)),
    )
    return visits, visit


def _in_time(series: Ints, day: Ints, more: tuple[Ints, ...]) -> Ints:
    """Order by series and day, and only where two share both by more keys, the last of them first."""
    first_day = day.min(initial=LAST_DAY)
    moment = series * (day.max(initial=0) - first_day + 1) + day - first_day
    order = np.argsort(moment, kind="stable")
    is_shared = (np.diff(moment[order]) == 0).any()
    return np.lexsort((*more, moment)) if is_shared else order


def _days_of_scans(visit: Ints, scans: Scans, n_visits: int) -> tuple[Ints, Ints]:
    """Find the first and the last scan of each time point; where there is none, the first and last date."""
    is_scan = scans.is_scan
    if not is_scan.all():
        is_scan = is_scan | ~any_by(visit, is_scan, n_visits)[visit]
    first = least_by(visit, is_scan, scans.day, n_visits, otherwise=LAST_DAY)
    last = -least_by(visit, is_scan, -scans.day, n_visits, otherwise=LAST_DAY)
    return first, last


def _find_baseline(courses: Courses, is_labelled: Bools, last: Ints, start: Ints, has_target: Bools) -> Ints:
    """Find the baseline of each series (RECIST 1.1 §3.2.1).

    It is the time point of that label; or where a start is known the last time point at or before it, one with target
    lesions if there is any; or else the first.
    """
    known = (start < LAST_DAY)[courses.course]
    is_eligible = known & (last <= start[courses.course])
    baseline = courses.start[:-1]
    for candidates in (courses.last(is_eligible), courses.last(is_eligible & has_target), courses.first(is_labelled)):
        baseline = np.where(candidates == NOWHERE, baseline, candidates)
    return baseline


def _find_opening(courses: Courses, baseline: Ints, last: Ints, start: Ints) -> Ints:
    """Find the last visit of each series that is not after its start; without a start the baseline stands for it."""
    zero = np.where(start < LAST_DAY, start, last[baseline])
    opening: Ints = np.maximum(courses.last(last <= zero[courses.course]), baseline)
    return opening


def _label_by_date(label: Key, scans: Scans, start: Ints, window_days: int) -> tuple[Key, Bools]:
    """Label the rows that have no label: by the labelled time point they belong to, or by their first scan's date.

    Scans after the start are never one time point with scans before it.

    Returns
    -------
    label : Key
        Every row with a label.
    is_made : numpy.ndarray
        The rows whose label was made.
    """
    is_empty = (label.words == "")[label.code]
    if not is_empty.any():
        return label, is_empty
    first_day = int(scans.day.min())
    width = int(scans.day.max()) - first_day + window_days + 2  # of the time of one series, and a gap
    is_after = scans.day > start[label.series]
    moment = (label.series * 2 + is_after) * width + scans.day - first_day
    code = label.code.copy()
    joined = _join_labelled(moment, np.where(is_empty, NOWHERE, code), scans.is_scan, window_days)
    code[is_empty] = joined[is_empty]
    is_made = is_empty & (joined == NOWHERE)
    made = np.array([], dtype=np.int64)
    if is_made.any():
        group, n_groups = _cluster(moment[is_made], window_days)
        day, is_scan = scans.day[is_made], scans.is_scan[is_made]
        made = _days_of_scans(group, Scans(day, is_scan, is_scan), n_groups)[0][group]
    days, which = np.unique(made, return_inverse=True)
    dates = np.datetime_as_string(days.astype("datetime64[D]")).astype(object)
    words = np.unique(np.concatenate((label.words[label.words != ""], dates)))
    known = np.searchsorted(words, label.words)
    code = np.where(is_made, 0, known[np.where(is_made, 0, code)])
    code[is_made] = np.searchsorted(words, dates)[which]
    return Key(label.series, code, words), is_made


def _join_labelled(moment: Ints, code: Ints, is_scan: Bools, window_days: int) -> Ints:
    """Give each row the label of the last labelled time point begun no more than the window before it, or NOWHERE."""
    opening = np.flatnonzero((code != NOWHERE) & is_scan)
    if not len(opening):
        return np.full(len(moment), NOWHERE, dtype=np.int64)
    order = opening[np.lexsort((moment[opening], code[opening]))]
    series = moment[order]
    is_first = np.ones(len(order), dtype=bool)
    is_first[1:] = (code[order[1:]] != code[order[:-1]]) | (series[1:] - series[:-1] > window_days)
    begins = order[is_first]
    begins = begins[np.argsort(moment[begins], kind="stable")]
    place = np.searchsorted(moment[begins], moment, side="right") - 1
    is_near = (place >= 0) & (moment - moment[begins[place]] <= window_days)
    return np.where(is_near, code[begins[place]], NOWHERE)


def _cluster(moment: Ints, window_days: int) -> tuple[Ints, int]:
    """Gather moments into groups, each from its first moment up to the window after it."""
    moments, place = np.unique(moment, return_inverse=True)
    following = np.searchsorted(moments, moments + window_days, side="right")
    is_first = np.zeros(len(moments) + 1, dtype=bool)
    first = np.array([0])
    is_first[0] = True
    gap = np.flatnonzero(np.diff(moments) > window_days) + 1  # a group begins here whatever came before
    first = np.concatenate((first, gap))
    while len(first):
        is_first[first] = True
        first = following[first]
        first = first[first < len(moments)]
        first = first[~is_first[first]]
    return (np.cumsum(is_first[:-1]) - 1)[place], int(is_first[:-1].sum())
