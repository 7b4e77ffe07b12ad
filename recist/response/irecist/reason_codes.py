"""The reason codes of every response by iRECIST."""

from __future__ import annotations

from typing import TYPE_CHECKING

from recist.response.irecist.compare import (
    CATEGORY,
    EARLY_NOT_USED,
    EARLY_USED,
    LATE_NOT_USED,
    NEW,
    NEW_FURTHER,
    NEW_LARGER,
    NEW_TARGET_GREW,
    NON_TARGET,
    NON_TARGET_GREW,
    TARGET,
    TARGET_GREW,
)
from recist.response.irecist.walk import BAR_RESET, ICPD, LATE, NEW_STAYS, NOT_JUDGED, RETURNED, STANDS, STARTED, STAYS
from recist.response.reasons import Reason

if TYPE_CHECKING:
    from recist.response.arrays import Bools
    from recist.response.irecist.course import ImmuneCourse

_STARTS = {
    Reason.IUPD_TARGET: TARGET << STARTED,
    Reason.IUPD_NON_TARGET: NON_TARGET << STARTED,
    Reason.IUPD_NEW_LESION: NEW << STARTED,
    Reason.IUPD_AFTER_ICR: RETURNED,
    Reason.IUPD_UNCHANGED: STAYS,
    Reason.IUPD_NOT_JUDGED: NOT_JUDGED,
    Reason.ICPD_STANDS: STANDS,
    Reason.BAR_RESET: BAR_RESET,
    Reason.EARLY_SCAN_NOT_USED: EARLY_NOT_USED,
    Reason.EARLY_SCAN_USED: EARLY_USED,
    Reason.LATE_CONFIRMATION: LATE,
    Reason.LATE_SCAN_NOT_USED: LATE_NOT_USED,
    Reason.NEW_LESION_STAYS: NEW_STAYS,
}
_CONFIRMS = {
    Reason.ICPD_TARGET_INCREASE: TARGET_GREW,
    Reason.ICPD_NON_TARGET_INCREASE: NON_TARGET_GREW,
    Reason.ICPD_NEW_TARGET_INCREASE: NEW_TARGET_GREW,
    Reason.ICPD_NEW_LESION_INCREASE: NEW_LARGER,
    Reason.ICPD_FURTHER_NEW_LESION: NEW_FURTHER,
    Reason.ICPD_NEW_CATEGORY: CATEGORY,
}


def derive_immune_reasons(immune: ImmuneCourse) -> dict[Reason, Bools]:
    """Say at which visits each reason of iRECIST holds; what confirms is named only where it is used."""
    signs = immune.walked.signs
    reasons: dict[Reason, Bools] = {reason: (signs & bit) > 0 for reason, bit in _STARTS.items()}
    is_confirmed: Bools = immune.final == ICPD
    return reasons | {reason: is_confirmed & ((signs & bit) > 0) for reason, bit in _CONFIRMS.items()}
