"""Which new lesions are new targets: measurable when they are first certain, at most five and two an organ."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from recist.criteria import Finding, LesionRole
from recist.criteria.organs import organ_of
from recist.response.choices import NodeOrgans
from recist.response.history import number_of
from recist.response.measurable import is_by_measuring_method, is_of_measurable_kind, least_sizes
from recist.response.new_lesion import decide_seen
from recist.response.words import ranked

if TYPE_CHECKING:
    import pandas as pd

    from recist.criteria import Criteria
    from recist.response.arrays import Bools, Ints
    from recist.response.history import History
    from recist.response.options import Options


def derive_new_targets(history: History, frame: pd.DataFrame, criteria: Criteria, options: Options) -> Bools:
    """Say of each lesion whether it is a new target; shape (n_lesions,).

    A new lesion keeps for good what it was when it was first certain. Earlier ones come first, of those that appear
    together the largest.

    Parameters
    ----------
    history : History
    frame : pandas.DataFrame
        The checked table that was encoded, row by row.
    criteria : Criteria
        Those of iRECIST.
    options : Options
    """
    rows, lesions = history.rows, history.lesions
    may_be_target = is_by_measuring_method(frame) & is_of_measurable_kind(frame)
    at = _first_certain(history, may_be_target, criteria, options)
    at = at[rows.size_picometres[at] >= least_sizes(history, frame, at, (criteria, options))]
    at = at[np.lexsort((rows.lesion[at], -rows.size_picometres[at], rows.visit[at], lesions.series[rows.lesion[at]]))]
    lesion = rows.lesion[at]
    is_target = np.zeros(len(lesions.role), dtype=bool)
    if criteria.immune is None or not len(at):
        return is_target
    organ = _organs(frame, at, lesions.is_nodal[lesion], options)
    n_organs = int(organ.max()) + 1
    in_organ = _place_in(lesions.series[lesion] * n_organs + organ) < criteria.immune.max_new_targets_per_organ.whole
    lesion = lesion[in_organ]
    is_target[lesion[_place_in(lesions.series[lesion]) < criteria.immune.max_new_targets.whole]] = True
    return is_target


def _first_certain(history: History, may_be_target: Bools, criteria: Criteria, options: Options) -> Ints:
    """Find the row that measures each new lesion at the visit that is first certain of it, where there is one."""
    rows = history.rows
    at = np.flatnonzero((rows.role == number_of(LesionRole.NEW)) & history.visits.is_follow_up[rows.visit])
    finding = decide_seen(rows.finding[at], rows.size[at], history.lesions.is_nodal[rows.lesion[at]], criteria, options)
    at = at[finding == number_of(Finding.UNEQUIVOCAL)]
    at = at[np.lexsort((-rows.size_picometres[at], ~may_be_target[at], rows.visit[at], rows.lesion[at]))]
    _, first = np.unique(rows.lesion[at], return_index=True)
    found: Ints = at[first]
    return found[may_be_target[found]]


def _organs(frame: pd.DataFrame, at: Ints, is_nodal: Bools, options: Options) -> Ints:
    """Give a number to the organ of each row; a lesion without a site shares its organ with no other."""
    code, sites = ranked(frame["site"].iloc[at], empty="")
    by_site = options.node_organs is NodeOrgans.BY_SITE
    named = [[organ_of(site, nodal=nodal, nodes_by_site=by_site) for site in sites] for nodal in (False, True)]
    organs = sorted({organ for row in named for organ in row})
    place = np.array([[organs.index(organ) for organ in row] for row in named], dtype=np.int64)
    organ = place[is_nodal.astype(np.int64), code]
    is_unnamed = np.array([not name for name in organs])[organ]
    return np.where(is_unnamed, len(organs) + np.arange(len(at)), organ)


def _place_in(group: Ints) -> Ints:
    """Count the entries of each group from 0, in the order they come."""
    order = np.argsort(group, kind="stable")
    ordered = group[order]
    start = np.searchsorted(ordered, ordered, side="left")
    place = np.empty(len(group), dtype=np.int64)
    place[order] = np.arange(len(group)) - start
    return place
