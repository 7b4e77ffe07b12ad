"""Sentences on the overall response of a visit by iRECIST: what waits, what confirms it, and what ends it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from recist.criteria.irecist import EARLY_FAQ, NEW_FAQ, PAPER
from recist.criteria.recist_1_1 import CHOICE
from recist.response.choices import ICPDIncrease
from recist.response.explain.quantities import write_mm
from recist.response.explain.sentence import Sentence, Topic
from recist.response.reasons import Reason

if TYPE_CHECKING:
    from collections.abc import Iterator

    from recist.criteria.immune_table import ImmuneRules
    from recist.response.explain.evidence import Evidence, Visit

_TABLE_2 = f"{PAPER}, Table 2"
_WAITS = "it is unconfirmed, iUPD, and waits for a later visit"

# What each code says and where it is published; {iupd} is the date of the iUPD, the others are lengths and days.
SENTENCES: dict[Reason, tuple[str, str]] = {
    Reason.IUPD_TARGET: (f"The targets progress by RECIST 1.1: {_WAITS}.", f"{_TABLE_2} rows 7-9"),
    Reason.IUPD_NON_TARGET: (f"The non-targets progress unequivocally: {_WAITS}.", f"{_TABLE_2} rows 6, 8, 9"),
    Reason.IUPD_NEW_LESION: (
        f"A lesion is new, or known new ones grew enough to be progression: {_WAITS}.",
        f"{_TABLE_2} rows 9, 10; {NEW_FAQ}",
    ),
    Reason.IUPD_AFTER_ICR: (f"Disease is seen again after an iCR, whatever its size: {_WAITS}.", PAPER),
    Reason.IUPD_UNCHANGED: (
        "What made the iUPD of {iupd} is still there and not worse enough to confirm it: iUPD again.",
        f"{_TABLE_2} rows 5-10",
    ),
    Reason.IUPD_NOT_JUDGED: (
        "The iUPD of {iupd} can be neither confirmed nor ended at this visit; it goes on waiting.",
        CHOICE,
    ),
    Reason.ICPD_TARGET_INCREASE: (
        "The sum of the targets is {change} against the iUPD of {iupd}; {least} confirms it.",
        f"{_TABLE_2} rows 7-9",
    ),
    Reason.ICPD_NON_TARGET_INCREASE: (
        "Non-target disease is larger than at the iUPD of {iupd}; any increase confirms it.",
        f"{_TABLE_2} row 6",
    ),
    Reason.ICPD_NEW_TARGET_INCREASE: (
        "The sum of the new targets grew since the iUPD of {iupd} by {least}, which confirms it.",
        f"{_TABLE_2} row 5",
    ),
    Reason.ICPD_NEW_LESION_INCREASE: (
        "A new lesion that is no new target is larger than at the iUPD of {iupd}; any increase confirms it.",
        f"{_TABLE_2} row 5",
    ),
    Reason.ICPD_FURTHER_NEW_LESION: (
        "There is a further new lesion since the iUPD of {iupd}, which confirms it.",
        f"{_TABLE_2} rows 5, 9, 10",
    ),
    Reason.ICPD_NEW_CATEGORY: (
        "Lesions of another kind than those of the iUPD of {iupd} now progress by RECIST 1.1, which confirms it.",
        PAPER,
    ),
    Reason.ICPD_STANDS: ("The progression was confirmed before, and nothing has ended it.", CHOICE),
    Reason.BAR_RESET: (
        "The iUPD that waited is over and dropped; the next progression is a new iUPD, judged against the nadir.",
        PAPER,
    ),
    Reason.EARLY_SCAN_NOT_USED: (
        "Something is worse, but the scan is less than {earliest} days after the iUPD of {iupd}: it confirms nothing.",
        EARLY_FAQ,
    ),
    Reason.EARLY_SCAN_USED: (
        "The scan comes early; it was made for new symptoms and shows an additional new lesion, so it counts.",
        EARLY_FAQ,
    ),
    Reason.LATE_CONFIRMATION: (
        "The confirmation is late: more than {late} days after the iUPD was last seen, or after a visit that was NE.",
        f"{PAPER}; {CHOICE}",
    ),
    Reason.LATE_SCAN_NOT_USED: (
        "Something is worse, but the scan is late (over {late} days, or after one that was NE): it confirms nothing.",
        f"{PAPER}; {CHOICE}",
    ),
    Reason.NEW_LESION_STAYS: (
        "A known new lesion stays and does not progress: it stands in the way of iCR only.",
        NEW_FAQ,
    ),
}


def explain_immune_overall(evidence: Evidence, visit: Visit, immune: ImmuneRules) -> Iterator[Sentence]:
    """Say what RECIST 1.1 makes of the visit, then what iRECIST does and why."""
    by_recist = visit.cell("overall_response_recist_1_1")
    yield Sentence(topic=Topic.OVERALL, text=f"By RECIST 1.1 the visit is {by_recist}.")
    values = _values(evidence, visit, immune)
    for reason, (text, citation) in SENTENCES.items():
        if reason in visit.reasons:
            yield Sentence(topic=Topic.OVERALL, text=text.format(**values), citation=citation)
    text = f"Overall response: {visit.cell('overall_response')}, dated {visit.date}."
    yield Sentence(topic=Topic.OVERALL, text=text)


def _values(evidence: Evidence, visit: Visit, immune: ImmuneRules) -> dict[str, object]:
    change = visit.length("change_from_iupd_mm")
    options, least = evidence.options, write_mm(immune.confirming_increase.hundredths, signed=True)
    return {
        "iupd": visit.cell("iupd_date"),
        "change": "" if change is None else write_mm(change, signed=True),
        "least": f"more than {least}" if options.icpd_increase is ICPDIncrease.MORE_THAN else f"{least} or more",
        "earliest": options.early_scan_days - options.early_scan_tolerance_days,
        "late": options.late_scan_days,
    }
