"""Response of the target lesions (RECIST 1.1 §4.3.1 and §4.3.2)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from recist.criteria import Finding, LesionRole
from recist.response.arrays import any_by, least_by
from recist.response.attenuation import no_attenuation
from recist.response.choices import MissingAttenuation
from recist.response.encode import LAST_DAY
from recist.response.entries import derive_coverage, entries_of
from recist.response.history import number_of
from recist.response.kernel.rules import compile_target_rules
from recist.response.kernel.sums import add_up, no_sums, settle
from recist.response.kernel.target import (
    NO_NADIR,
    NO_SUM,
    SIZE_DECIDES,
    TargetVisits,
    no_target_responses,
    walk_targets,
)
from recist.response.quantise import NO_SIZE

if TYPE_CHECKING:
    from recist.criteria import Criteria
    from recist.response.arrays import Bools, Ints
    from recist.response.attenuation import Attenuation
    from recist.response.history import History
    from recist.response.options import Options

__all__ = ["NO_NADIR", "NO_SUM", "Sums", "TargetCourse", "derive_target_response"]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Sums:
    """The target lesions of each visit; shape (n_visits,) each, lengths in hundredths of a mm.

    Attributes
    ----------
    n_targets : numpy.ndarray
        Target lesions at baseline.
    total : numpy.ndarray
        Sum of the values there are, or NO_SUM when there is none.
    is_complete : numpy.ndarray
        Whether every baseline target has a value; false without targets.
    baseline : numpy.ndarray
        The complete sum at baseline, or NO_SUM.
    nadir : numpy.ndarray
        Smallest complete sum of earlier visits, baseline included, or NO_NADIR.
    nodes_seen, others_seen : numpy.ndarray
        How many target nodes were not of normal size, and how many other targets were not gone.
    has_default_size, has_fragments, has_merged : numpy.ndarray
        Whether a value stands for a lesion too small to measure, for one of several fragments, for a merged mass.
    first_day, last_day : numpy.ndarray
        First and last scan that shows target lesions.
    seen_day : numpy.ndarray
        First scan that shows a target lesion with disease; LAST_DAY where none does.
    """

    n_targets: Ints
    total: Ints
    is_complete: Bools
    baseline: Ints
    nadir: Ints
    nodes_seen: Ints
    others_seen: Ints
    has_default_size: Bools
    has_fragments: Bools
    has_merged: Bools
    first_day: Ints
    last_day: Ints
    seen_day: Ints


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class TargetCourse:
    """The target response of each visit; shape (n_visits,) each.

    Attributes
    ----------
    sums : Sums
    response : numpy.ndarray
        Number of TargetResponse.
    is_small_node_growth : numpy.ndarray
        Whether nodes grew enough for PD while every target is gone or of normal size.
    is_persisting_pr : numpy.ndarray
        Whether the response is PR only because it was before.
    is_nothing_at_baseline : numpy.ndarray
        Whether the targets of baseline showed no disease that could respond.
    attenuation : Attenuation
        Of the targets; empty where the criteria do not look at it.
    """

    sums: Sums
    response: Ints
    is_small_node_growth: Bools
    is_persisting_pr: Bools
    is_nothing_at_baseline: Bools
    attenuation: Attenuation

    @property
    def is_attenuation_missing(self) -> Bools:
        """Say whether the criteria look at the attenuation of the targets and it is not known."""
        missing: Bools = (self.sums.n_targets > 0) & self.attenuation.is_needed & ~self.attenuation.is_known
        missing &= ~self.attenuation.is_moot
        return missing

    @property
    def is_seen(self) -> Bools:
        """Say whether any target lesion shows disease."""
        seen: Bools = (self.sums.nodes_seen + self.sums.others_seen) > 0
        return seen


def derive_target_response(
    history: History, criteria: Criteria, options: Options, *, attenuation: Attenuation | None = None
) -> TargetCourse:
    """Decide the target response of every visit: CR before PD before PR before SD.

    Parameters
    ----------
    history : History
    criteria : Criteria
    options : Options
    attenuation : Attenuation, optional
        Of the targets at each visit, for criteria that look at it.
    """
    n_visits = history.courses.n_visits
    attenuation = attenuation or no_attenuation(n_visits)
    known = _add_up(history, criteria)
    takes_size = ~attenuation.is_known & (options.missing_attenuation is MissingAttenuation.SIZE_ONLY)
    visits = TargetVisits(
        n_targets=known.n_targets,
        total=known.total,
        is_complete=known.is_complete,
        n_seen=known.nodes_seen + known.others_seen,
        is_attenuation_response=attenuation.is_response,
        is_attenuation_known=np.where(attenuation.is_moot | takes_size, SIZE_DECIDES, attenuation.is_known),
        day=history.visits.last_day,
    )
    found = no_target_responses(n_visits)
    rules, known_visits = compile_target_rules(criteria, options), history.visits
    walk_targets(history.courses.start, (known_visits.baseline, known_visits.opening), visits, rules, found)
    return TargetCourse(
        sums=replace(known, nadir=found.nadir),
        response=found.response.astype(np.int64),
        is_small_node_growth=found.is_small_node_growth,
        is_persisting_pr=found.is_persisting_pr,
        is_nothing_at_baseline=(known.baseline != NO_SUM) & (visits.n_seen[history.visits.baseline_of_visit] == 0),
        attenuation=attenuation,
    )


def _add_up(history: History, criteria: Criteria) -> Sums:
    """Add up the target lesions of each visit and find the baseline sum; the nadir comes with the walk."""
    n_visits = history.courses.n_visits
    entries = entries_of(history, LesionRole.TARGET)
    has_size = entries.size != NO_SIZE
    known = derive_coverage(history, entries, has_size)
    least_seen_node = criteria.normal_node.hundredths if criteria.nodes_by_short_axis else 1
    sums, is_complete = no_sums(n_visits), np.empty(n_visits, dtype=bool)
    add_up(entries.as_rows(has_size), least_seen_node, sums)
    settle(sums, known, is_complete)
    is_default = entries.size == criteria.too_small_size.hundredths
    too_small = (entries.finding == number_of(Finding.TOO_SMALL)) & is_default
    own = entries.is_own & has_size
    is_seen = entries.size >= np.where(entries.is_nodal, least_seen_node, 1)
    return Sums(
        n_targets=known.at_baseline,
        total=sums.total,
        is_complete=is_complete,
        baseline=np.where(is_complete, sums.total, NO_SUM)[history.visits.baseline_of_visit],
        nadir=np.full(n_visits, NO_NADIR),
        nodes_seen=sums.nodes_seen,
        others_seen=sums.others_seen,
        has_default_size=any_by(entries.visit, too_small, n_visits),
        has_fragments=known.has_several,
        has_merged=any_by(entries.visit, ~entries.is_own, n_visits),
        first_day=least_by(entries.visit, own, entries.day, n_visits, otherwise=LAST_DAY),
        last_day=-least_by(entries.visit, own, -entries.day, n_visits, otherwise=LAST_DAY),
        seen_day=least_by(entries.visit, is_seen, entries.day, n_visits, otherwise=LAST_DAY),
    )
