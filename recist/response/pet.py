"""New lesions seen on FDG-PET (RECIST 1.1 §4.3.5): what they are depends on a PET at baseline and on CT."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from recist.criteria import Finding, LesionRole
from recist.response.arrays import any_by, least_by
from recist.response.history import number_of
from recist.response.quantise import NO_SIZE, PICOMETRES_PER_MM

if TYPE_CHECKING:
    from recist.criteria import Criteria
    from recist.response.arrays import Bools, Ints
    from recist.response.history import Visits


class Sightings(NamedTuple):
    """What is known of each row before PET is judged; shape (n_rows,) each."""

    finding: Ints
    role: Ints
    visit: Ints
    lesion: Ints
    size_picometres: Ints
    is_nodal: Bools
    is_pet: Bools


def judge_pet(rows: Sightings, visits: Visits, criteria: Criteria) -> Ints:
    """Decide what new lesions seen on PET are.

    With a negative PET at baseline they are unequivocal, and so they are when CT shows them at the same time point.
    Otherwise they are equivocal: a later CT that shows the lesion dates progression back to the PET, and a CT that
    does not show it yet does not take the sighting back: not at the same time point, and not before that later CT.

    Returns
    -------
    numpy.ndarray
        The finding of every row.
    """
    is_new = rows.role == number_of(LesionRole.NEW)
    on_pet = is_new & rows.is_pet
    if not on_pet.any():
        return rows.finding
    seen, unequivocal = number_of(Finding.SEEN), number_of(Finding.UNEQUIVOCAL)
    series, follows = visits.courses.course[rows.visit], visits.is_follow_up[rows.visit]
    is_negative = on_pet & visits.is_baseline[rows.visit] & (rows.finding == number_of(Finding.ABSENT))
    had_negative = any_by(series, is_negative, visits.courses.n_courses)[series]
    limit = criteria.unequivocal_new_node.whole * PICOMETRES_PER_MM
    is_small_node = rows.is_nodal & (rows.size_picometres != NO_SIZE) & (rows.size_picometres < limit)
    on_ct = is_new & ~rows.is_pet
    is_sure = on_ct & ((rows.finding == unequivocal) | ((rows.finding == seen) & ~is_small_node))
    pair = rows.visit * (int(rows.lesion.max()) + 1) + rows.lesion
    is_on_both = np.isin(pair, pair[is_sure])

    sighted = on_pet & follows & ((rows.finding == seen) | (rows.finding == unequivocal))
    decided = np.where(had_negative | is_on_both, unequivocal, number_of(Finding.EQUIVOCAL))
    sighted_at_all = sighted | (on_pet & follows & (rows.finding == number_of(Finding.EQUIVOCAL)))
    not_yet = on_ct & (rows.finding == number_of(Finding.ABSENT))
    not_yet &= np.isin(pair, pair[sighted_at_all]) | _is_proved_after_pet(rows, sighted_at_all, is_sure)
    return np.where(sighted, decided, np.where(not_yet, number_of(Finding.NOT_EVALUATED), rows.finding))


def _is_proved_after_pet(rows: Sightings, sighted: Bools, is_sure: Bools) -> Bools:
    """Say which rows lie between a sighting of their lesion on PET and a later sure one on CT."""
    n_lesions = int(rows.lesion.max()) + 1
    never = int(rows.visit.max()) + 1
    first = least_by(rows.lesion, sighted, rows.visit, n_lesions, otherwise=never)[rows.lesion]
    last = -least_by(rows.lesion, is_sure, -rows.visit, n_lesions, otherwise=1)[rows.lesion]
    between: Bools = (rows.visit > first) & (rows.visit < last)
    return between
