"""Response of the target lesions (RECIST 1.1 §4.3.1 and §4.3.2)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from recist.criteria import Finding, LesionRole, TargetResponse
from recist.response.arrays import any_by, count_by, least_by, sum_by
from recist.response.choices import SmallNodeGrowth, ThresholdRounding
from recist.response.encode import LAST_DAY
from recist.response.entries import derive_coverage, entries_of
from recist.response.history import number_of
from recist.response.persistence import derive_persisting_pr
from recist.response.quantise import NO_SIZE

if TYPE_CHECKING:
    from recist.criteria import Criteria, Limit
    from recist.response.arrays import Bools, Ints
    from recist.response.history import History
    from recist.response.options import Options

NO_SUM = -1
NO_NADIR = 2**40  # larger than every sum


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
    """

    sums: Sums
    response: Ints
    is_small_node_growth: Bools
    is_persisting_pr: Bools

    @property
    def is_seen(self) -> Bools:
        """Say whether any target lesion shows disease."""
        seen: Bools = (self.sums.nodes_seen + self.sums.others_seen) > 0
        return seen


def derive_sums(history: History, criteria: Criteria, options: Options) -> Sums:
    """Add up the target lesions of each visit and find the baseline sum and the nadir."""
    entries = entries_of(history, LesionRole.TARGET)
    courses, n_visits = history.courses, history.courses.n_visits
    has_size = entries.size != NO_SIZE
    coverage = derive_coverage(history, entries, has_size)
    is_complete = (coverage.evaluated == coverage.at_baseline) & (coverage.at_baseline > 0)
    own = entries.is_own & has_size
    has_sum = any_by(entries.visit, own, n_visits)
    total = np.where(has_sum, sum_by(entries.visit, own, entries.size, n_visits), NO_SUM)

    counts = has_sum & (is_complete | options.nadir_partial)
    counts &= history.visits.is_baseline | history.visits.is_follow_up
    baseline_visit = history.visits.baseline_of_visit
    node_seen = entries.is_nodal & (entries.size >= criteria.normal_node.hundredths)
    is_default = entries.size == criteria.too_small_size.hundredths
    too_small = (entries.finding == number_of(Finding.TOO_SMALL)) & is_default
    return Sums(
        n_targets=coverage.at_baseline,
        total=total,
        is_complete=is_complete,
        baseline=np.where(is_complete, total, NO_SUM)[baseline_visit],
        nadir=courses.least_before(np.where(counts, total, NO_NADIR), otherwise=NO_NADIR),
        nodes_seen=count_by(entries.visit, node_seen, n_visits),
        others_seen=count_by(entries.visit, ~entries.is_nodal & (entries.size > 0), n_visits),
        has_default_size=any_by(entries.visit, too_small, n_visits),
        has_fragments=coverage.has_fragments,
        has_merged=any_by(entries.visit, ~entries.is_own, n_visits),
        first_day=least_by(entries.visit, own, entries.day, n_visits, otherwise=LAST_DAY),
        last_day=-least_by(entries.visit, own, -entries.day, n_visits, otherwise=LAST_DAY),
    )


def has_changed_by(change: Ints, reference: Ints, ratio: Limit, rounding: ThresholdRounding) -> Bools:
    """Say whether a change is at least a ratio of its reference, by products of whole numbers.

    With the option the percentage is first rounded half up to one decimal place.
    """
    numerator, denominator = ratio.value.numerator, ratio.value.denominator
    if rounding is ThresholdRounding.ONE_DECIMAL:
        permille = 1000
        safe = np.maximum(reference, 1)
        change = (2 * permille * change + safe) // (2 * safe)
        reference = np.full_like(reference, permille)
    reached: Bools = denominator * change >= numerator * reference
    return reached


def derive_target_response(history: History, criteria: Criteria, options: Options) -> TargetCourse:
    """Decide the target response of every visit: CR before PD before PR before SD."""
    sums = derive_sums(history, criteria, options)
    has_reference = (sums.baseline != NO_SUM) & (sums.total != NO_SUM) & (sums.nadir != NO_NADIR)
    change, decrease = sums.total - sums.nadir, sums.baseline - sums.total
    rounding = options.threshold_rounding
    is_cr = has_reference & sums.is_complete & (sums.nodes_seen + sums.others_seen == 0)
    is_grown = has_changed_by(change, sums.nadir, criteria.progression_growth, rounding)
    is_pd = has_reference & is_grown & (change >= criteria.progression_increase.hundredths)
    is_pd &= sums.is_complete | options.partial_pd
    is_pr = has_changed_by(decrease, sums.baseline, criteria.partial_response_decrease, rounding)
    is_growth_in_cr = is_cr & is_pd
    if options.small_node_growth is SmallNodeGrowth.PD:
        is_cr &= ~is_pd
    response = np.select(
        [sums.n_targets == 0, is_cr, is_pd, ~(has_reference & sums.is_complete), is_pr],
        [
            number_of(member)
            for member in (
                TargetResponse.NONE,
                TargetResponse.CR,
                TargetResponse.PD,
                TargetResponse.NE,
                TargetResponse.PR,
            )
        ],
        number_of(TargetResponse.SD),
    )
    persisting = derive_persisting_pr(history, response, options)
    return TargetCourse(
        sums=sums,
        response=np.where(persisting, number_of(TargetResponse.PR), response),
        is_small_node_growth=is_growth_in_cr,
        is_persisting_pr=persisting,
    )
