"""The reason codes of every overall response."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from recist.criteria import NewLesion, NonTargetResponse, TargetResponse
from recist.response.history import number_of
from recist.response.overall import CR, NED, NON_CR_NON_PD, PD, PR
from recist.response.reasons import Reason
from recist.response.target import NO_SUM

if TYPE_CHECKING:
    from recist.response.arrays import Bools
    from recist.response.overall import OverallCourse


def derive_reasons(overall: OverallCourse) -> dict[Reason, Bools]:
    """Say at which visits each reason holds: signs of progression for PD, the parts for other responses, and notes."""
    return _progression(overall) | _parts(overall) | _notes(overall)


def _progression(overall: OverallCourse) -> dict[Reason, Bools]:
    target = overall.target.response == number_of(TargetResponse.PD)
    non_target = overall.non_target.response == number_of(NonTargetResponse.PD)
    return {
        Reason.TARGET_PD: target,
        Reason.NON_TARGET_PD: non_target,
        Reason.NEW_LESION: overall.new_lesion.certainty == number_of(NewLesion.UNEQUIVOCAL),
        Reason.RETURNED_AFTER_CR: overall.is_returned,
        Reason.EQUIVOCAL_CONFIRMED_LATER: overall.new_lesion.is_confirmed_later,
    }


def _parts(overall: OverallCourse) -> dict[Reason, Bools]:
    target, non_target = overall.target.response, overall.non_target.response
    other = overall.final != PD
    targets = {
        Reason.TARGET_CR: TargetResponse.CR,
        Reason.TARGET_PR: TargetResponse.PR,
        Reason.TARGET_SD: TargetResponse.SD,
        Reason.TARGET_NE: TargetResponse.NE,
    }
    non_targets = {
        Reason.NON_TARGET_CR: NonTargetResponse.CR,
        Reason.NON_TARGET_PRESENT: NonTargetResponse.NON_CR_NON_PD,
        Reason.NON_TARGET_NE: NonTargetResponse.NE,
    }
    reasons = {reason: other & (target == number_of(member)) for reason, member in targets.items()}
    reasons |= {reason: other & (non_target == number_of(member)) for reason, member in non_targets.items()}
    held = overall.non_target.is_held_by_marker
    reasons[Reason.NON_TARGET_PRESENT] &= ~held
    reasons[Reason.MARKER_NOT_NORMAL] = other & held
    reasons[Reason.NO_DISEASE_AT_BASELINE] = overall.as_read == NED
    return reasons


def _notes(overall: OverallCourse) -> dict[Reason, Bools]:
    sums = overall.target.sums
    has_targets = sums.n_targets > 0
    return {
        Reason.EQUIVOCAL_NEW_LESION: overall.new_lesion.certainty == number_of(NewLesion.EQUIVOCAL),
        Reason.NO_BASELINE_SUM: has_targets & (sums.baseline == NO_SUM),
        Reason.NO_TARGET_DISEASE_AT_BASELINE: overall.target.is_nothing_at_baseline,
        Reason.PARTIAL_SUM: has_targets & (sums.total != NO_SUM) & ~sums.is_complete,
        Reason.DEFAULT_SIZE: sums.has_default_size,
        Reason.SPLIT_LESION: sums.has_fragments,
        Reason.MERGED_LESIONS: sums.has_merged,
        Reason.SMALL_NODE_GROWTH: overall.target.is_small_node_growth,
        Reason.PR_PERSISTS: overall.target.is_persisting_pr,
        Reason.LESS_THAN_CR_AFTER_CR: overall.is_less_than_cr,
        Reason.NOTHING_SEEN_AFTER_CR: overall.is_nothing_seen,
        Reason.RECODED_FROM_CR: (overall.as_read == CR) & np.isin(overall.final, (PR, NON_CR_NON_PD)),
        Reason.REVIEW_SINGLE_NODE: overall.is_single_node,
        Reason.ATTENUATION_RESPONSE: overall.target.attenuation.is_response,
        Reason.ATTENUATION_NOT_KNOWN: overall.target.is_attenuation_missing,
    }
