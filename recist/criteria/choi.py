"""Choi criteria and modified Choi criteria as data: size and attenuation on contrast-enhanced CT."""

from __future__ import annotations

from dataclasses import replace

from recist.criteria.criteria import AttenuationRule, Note, limit
from recist.criteria.recist_1_0 import RECIST_1_0
from recist.criteria.recist_1_1 import CHOICE, OVERALL_RESPONSE
from recist.criteria.response_table import cite_rows

PAPER = "Choi 2007"
_TABLE = f"{PAPER}, table of response criteria"
_AS_1_0 = f"{CHOICE}: as RECIST 1.0"
_AS_1_1 = f"{CHOICE}: as RECIST 1.1"

OVERALL_RESPONSE_CHOI = cite_rows(
    OVERALL_RESPONSE,
    (
        f"{_TABLE}, CR: all lesions gone, no new one",
        f"{_TABLE}: CR needs all lesions gone, so PR; no obvious progression of other disease",
        f"targets CR, others not evaluated: {_AS_1_1}",
        f"{_TABLE}, PR: no new lesion, no obvious progression of other disease",
        f"{_TABLE}, SD: neither CR, PR nor PD",
        f"targets not all evaluated: {_AS_1_1}",
        f"{_TABLE}, PD: the tumour grew and its attenuation is no PR",
        f"{_TABLE}: obvious progression of other disease rules PR out; PD {_AS_1_1}",
        f"{_TABLE}, PD: new lesion, or new intratumoral nodule recorded as one",
        f"no target lesions, others CR: {_AS_1_1}",
        f"no target lesions, others present: {_AS_1_1}",
        f"no target lesions, others not evaluated: {_AS_1_1}",
        f"no disease at baseline: {CHOICE}",
    ),
)
_NOTES = (
    Note(
        text="attenuation is measured in the portal venous phase, by one protocol at every time point",
        citation=f"{PAPER}, methods",
    ),
    Note(
        text="a new intratumoral nodule, or one that grew, is PD: record it as a new lesion",
        citation=_TABLE,
    ),
    Note(text="growth is counted from the nadir, as in RECIST; the paper names no reference", citation=CHOICE),
)

CHOI = replace(
    RECIST_1_0,
    name="choi",
    title="Choi",
    citation="Choi H et al. J Clin Oncol 2007; 25: 1753-1759",
    partial_response_decrease=limit("1/10", "of the baseline sum", "decrease of the sum that is PR", _TABLE),
    progression_growth=limit(
        "1/10", "of the nadir", "increase of the sum that is progression unless the attenuation is PR", _TABLE
    ),
    progression_increase=limit(0, "mm", "no least absolute increase: any that is growth enough counts", _TABLE),
    attenuation_decrease=limit(
        "3/20", "of the baseline attenuation", "decrease of the mean attenuation of the targets that is PR", _TABLE
    ),
    max_targets=limit(10, "lesions", "most target lesions", _AS_1_0),
    max_targets_per_organ=limit(5, "lesions", "most target lesions in one organ", _AS_1_0),
    overall=OVERALL_RESPONSE_CHOI,
    confirmation_required=False,
    attenuation_rule=AttenuationRule.EITHER,
    notes=(*RECIST_1_0.notes, *_NOTES),
)

MODIFIED_CHOI = replace(
    CHOI,
    name="modified-choi",
    title="modified Choi",
    citation="Nathan PD et al. Cancer Biol Ther 2010; 9: 15-19; after Choi H et al. J Clin Oncol 2007; 25: 1753-1759",
    attenuation_rule=AttenuationRule.BOTH,
    notes=(
        *CHOI.notes,
        Note(text="PR needs the decrease of the sum and that of the attenuation together", citation="Nathan 2010"),
    ),
)
