"""Why a response is what it is, as codes beside every response; sentences are made from them elsewhere."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, TypeVar

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Mapping

    from recist.response.arrays import Bools, Ints, Texts

SEPARATOR = "|"


class Reason(StrEnum):
    """A reason for a response, or something that a reader should know about it; listed in this order."""

    TARGET_PD = "target_pd"
    NON_TARGET_PD = "non_target_pd"
    NEW_LESION = "new_lesion"
    RETURNED_AFTER_CR = "returned_after_cr"
    EQUIVOCAL_CONFIRMED_LATER = "equivocal_confirmed_later"
    TARGET_CR = "target_cr"
    TARGET_PR = "target_pr"
    TARGET_SD = "target_sd"
    TARGET_NE = "target_ne"
    NON_TARGET_CR = "non_target_cr"
    NON_TARGET_PRESENT = "non_target_present"
    NON_TARGET_NE = "non_target_ne"
    MARKER_NOT_NORMAL = "marker_not_normal"
    NO_DISEASE_AT_BASELINE = "no_disease_at_baseline"
    EQUIVOCAL_NEW_LESION = "equivocal_new_lesion"
    NO_BASELINE_SUM = "no_baseline_sum"
    NO_TARGET_DISEASE_AT_BASELINE = "no_target_disease_at_baseline"
    PARTIAL_SUM = "partial_sum"
    DEFAULT_SIZE = "default_size"
    SPLIT_LESION = "split_lesion"
    MERGED_LESIONS = "merged_lesions"
    SMALL_NODE_GROWTH = "small_node_growth"
    PR_PERSISTS = "pr_persists"
    LESS_THAN_CR_AFTER_CR = "less_than_cr_after_cr"
    NOTHING_SEEN_AFTER_CR = "nothing_seen_after_cr"
    RECODED_FROM_CR = "recoded_from_cr"
    REVIEW_SINGLE_NODE = "review_single_node"
    ATTENUATION_RESPONSE = "attenuation_response"
    ATTENUATION_NOT_KNOWN = "attenuation_not_known"
    IUPD_TARGET = "iupd_target"
    IUPD_NON_TARGET = "iupd_non_target"
    IUPD_NEW_LESION = "iupd_new_lesion"
    IUPD_AFTER_ICR = "iupd_after_icr"
    IUPD_UNCHANGED = "iupd_unchanged"
    IUPD_NOT_JUDGED = "iupd_not_judged"
    ICPD_TARGET_INCREASE = "icpd_target_5mm"
    ICPD_NON_TARGET_INCREASE = "icpd_non_target_increase"
    ICPD_NEW_TARGET_INCREASE = "icpd_new_lesion_5mm"
    ICPD_NEW_LESION_INCREASE = "icpd_new_lesion_increase"
    ICPD_FURTHER_NEW_LESION = "icpd_further_new_lesion"
    ICPD_NEW_CATEGORY = "icpd_new_category"
    ICPD_STANDS = "icpd_stands"
    BAR_RESET = "bar_reset"
    EARLY_SCAN_NOT_USED = "early_scan_not_used"
    EARLY_SCAN_USED = "early_scan_used"
    LATE_CONFIRMATION = "late_confirmation"
    LATE_SCAN_NOT_USED = "late_scan_not_used"
    NEW_LESION_STAYS = "new_lesion_stays"


CodeT = TypeVar("CodeT", bound=StrEnum)


def join_reasons(holds: Mapping[CodeT, Bools], n_visits: int) -> Texts:
    """Write the codes of one closed set that hold at each visit, in the order of the set, separated by ``|``.

    Each combination that occurs is written once, however many visits share it.
    """
    order = list(type(next(iter(holds))))
    bits: Ints = np.zeros(n_visits, dtype=np.int64)
    for reason, where in holds.items():
        bits |= where.astype(np.int64) << order.index(reason)
    combinations, place = np.unique(bits, return_inverse=True)
    texts = [SEPARATOR.join(reason for number, reason in enumerate(order) if bit >> number & 1) for bit in combinations]
    return np.array(texts, dtype=object)[place]
