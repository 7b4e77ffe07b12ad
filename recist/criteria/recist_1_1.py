"""RECIST 1.1 as data. Sections are those of Eisenhauer et al., Eur J Cancer 2009; 45: 228-247."""

from __future__ import annotations

from recist.criteria.codes import NonTargetResponse as NonTarget
from recist.criteria.codes import OverallResponse as Overall
from recist.criteria.codes import TargetResponse as Target
from recist.criteria.criteria import Criteria, limit
from recist.criteria.response_table import (
    ANY_NEW,
    ANY_NON_TARGET,
    ANY_TARGET,
    NO_NEW,
    NOT_PROGRESSED,
    YES_NEW,
    ResponseRow,
)

PAPER = "Eisenhauer 2009"
FAQ = "EORTC RECIST frequently asked questions"
CHOICE = "choice of this program, the paper is silent"

NON_CR_NON_PD = frozenset({NonTarget.NON_CR_NON_PD})
NON_TARGET_NE = frozenset({NonTarget.NE})
NO_NON_TARGET = frozenset({NonTarget.NONE})
NO_TARGET = frozenset({Target.NONE})

OVERALL_RESPONSE: tuple[ResponseRow, ...] = (
    ResponseRow(
        citation=f"{PAPER}, Table 1 row 1; without non-target disease by implication",
        target=frozenset({Target.CR}),
        non_target=frozenset({NonTarget.CR, NonTarget.NONE}),
        new_lesion=NO_NEW,
        overall=Overall.CR,
    ),
    ResponseRow(
        citation=f"{PAPER}, Table 1 row 2",
        target=frozenset({Target.CR}),
        non_target=NON_CR_NON_PD,
        new_lesion=NO_NEW,
        overall=Overall.PR,
    ),
    ResponseRow(
        citation=f"{PAPER}, Table 1 row 3",
        target=frozenset({Target.CR}),
        non_target=NON_TARGET_NE,
        new_lesion=NO_NEW,
        overall=Overall.PR,
    ),
    ResponseRow(
        citation=f"{PAPER}, Table 1 row 4",
        target=frozenset({Target.PR}),
        non_target=NOT_PROGRESSED,
        new_lesion=NO_NEW,
        overall=Overall.PR,
    ),
    ResponseRow(
        citation=f"{PAPER}, Table 1 row 5",
        target=frozenset({Target.SD}),
        non_target=NOT_PROGRESSED,
        new_lesion=NO_NEW,
        overall=Overall.SD,
    ),
    ResponseRow(
        citation=f"{PAPER}, Table 1 row 6",
        target=frozenset({Target.NE}),
        non_target=NOT_PROGRESSED,
        new_lesion=NO_NEW,
        overall=Overall.NE,
    ),
    ResponseRow(
        citation=f"{PAPER}, Table 1 row 7",
        target=frozenset({Target.PD}),
        non_target=ANY_NON_TARGET,
        new_lesion=ANY_NEW,
        overall=Overall.PD,
    ),
    ResponseRow(
        citation=f"{PAPER}, Table 1 row 8 and Table 2 row 4",
        target=ANY_TARGET,
        non_target=frozenset({NonTarget.PD}),
        new_lesion=ANY_NEW,
        overall=Overall.PD,
    ),
    ResponseRow(
        citation=f"{PAPER}, Table 1 row 9 and Table 2 row 5",
        target=ANY_TARGET,
        non_target=ANY_NON_TARGET,
        new_lesion=YES_NEW,
        overall=Overall.PD,
    ),
    ResponseRow(
        citation=f"{PAPER}, Table 2 row 1",
        target=NO_TARGET,
        non_target=frozenset({NonTarget.CR}),
        new_lesion=NO_NEW,
        overall=Overall.CR,
    ),
    ResponseRow(
        citation=f"{PAPER}, Table 2 row 2",
        target=NO_TARGET,
        non_target=NON_CR_NON_PD,
        new_lesion=NO_NEW,
        overall=Overall.NON_CR_NON_PD,
    ),
    ResponseRow(
        citation=f"{PAPER}, Table 2 row 3",
        target=NO_TARGET,
        non_target=NON_TARGET_NE,
        new_lesion=NO_NEW,
        overall=Overall.NE,
    ),
    ResponseRow(
        citation=f"no disease at baseline: {CHOICE}",
        target=NO_TARGET,
        non_target=NO_NON_TARGET,
        new_lesion=NO_NEW,
        overall=Overall.NED,
    ),
)

RECIST_1_1 = Criteria(
    name="recist-1.1",
    title="RECIST 1.1",
    citation="Eisenhauer EA et al. Eur J Cancer 2009; 45: 228-247, doi 10.1016/j.ejca.2008.10.026",
    partial_response_decrease=limit(
        "3/10", "of the baseline sum", "decrease of the sum that is a partial response", f"{PAPER} §4.3.1"
    ),
    progression_growth=limit("1/5", "of the nadir", "increase of the sum that is progression", f"{PAPER} §4.3.1"),
    progression_increase=limit(5, "mm", "least absolute increase that is progression", f"{PAPER} §4.3.1"),
    normal_node=limit(10, "mm", "a node with a short axis below this is normal", f"{PAPER} §3.1, §4.3.2"),
    measurable_node=limit(15, "mm", "least short axis of a measurable node", f"{PAPER} §3.1.1"),
    measurable_lesion=limit(10, "mm", "least long axis of a measurable lesion on CT", f"{PAPER} §3.1.1"),
    measurable_on_mri=limit(10, "mm", "least long axis of a measurable lesion on MRI", f"{PAPER} Appendix II"),
    measurable_on_xray=limit(20, "mm", "least long axis of a measurable lesion on a chest X-ray", f"{PAPER} §3.1.1"),
    measurable_by_caliper=limit(
        10, "mm", "least long axis of a measurable lesion by caliper at clinical examination", f"{PAPER} §3.1.1"
    ),
    measurable_slices=limit(2, "slices", "a measurable lesion is at least this many slices long", f"{PAPER} §3.1.1"),
    unequivocal_new_node=limit(15, "mm", "a new node of this short axis is unequivocal", f"{FAQ}, new lymph nodes"),
    too_small_size=limit(5, "mm", "size of a lesion that is present but too small to measure", f"{PAPER} §4.3.2"),
    max_targets=limit(5, "lesions", "most target lesions", f"{PAPER} §4.2"),
    max_targets_per_organ=limit(2, "lesions", "most target lesions in one organ", f"{PAPER} §4.2"),
    baseline_window=limit(28, "days", "most days from the baseline scan to the start", f"{PAPER} §3.2.1"),
    confirmation_interval=limit(28, "days", "least days from a response to its confirmation", f"{PAPER} §4.6.1"),
    minimum_stable_disease=limit(
        42, "days", "least days from start to call a disease stable", f"{PAPER} §4.6.1, protocol-defined"
    ),
    attenuation_decrease=limit("3/20", "of the baseline attenuation", "not in force: size alone counts", PAPER),
    overall=OVERALL_RESPONSE,
)
