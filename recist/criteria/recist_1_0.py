"""RECIST 1.0 as data: Therasse et al., J Natl Cancer Inst 2000; 92: 205-216; places are named by its headings."""

from __future__ import annotations

from dataclasses import replace

from recist.criteria.criteria import Note, limit
from recist.criteria.recist_1_1 import CHOICE, OVERALL_RESPONSE, RECIST_1_1
from recist.criteria.response_table import cite_rows

PAPER = "Therasse 2000"
_TABLE = f"{PAPER}, table of overall responses"
_MEASURABILITY, _TARGETS = f"{PAPER}, Measurability", f"{PAPER}, Evaluation of target lesions"
_BASELINE = f"{PAPER}, Baseline documentation of target and non-target lesions"
_CONFIRMATION = f"{PAPER}, Confirmatory measurement and duration of response"
_AS_1_1 = f"{CHOICE}: as RECIST 1.1"
_NOT_USED = f"{PAPER} has no limit of its own for nodes"

OVERALL_RESPONSE_1_0 = cite_rows(
    OVERALL_RESPONSE,
    (
        f"{_TABLE}, row 1; without non-target disease by implication",
        f"{_TABLE}, row 2 (incomplete response or stable disease)",
        f"targets CR, others not evaluated: {_AS_1_1}",
        f"{_TABLE}, row 3",
        f"{_TABLE}, row 4",
        f"targets not all evaluated: {_AS_1_1}",
        f"{_TABLE}, row 5",
        f"{_TABLE}, row 6",
        f"{_TABLE}, row 7",
        f"no target lesions, others CR: {_AS_1_1}",
        f"no target lesions, others present: {_AS_1_1}",
        f"no target lesions, others not evaluated: {_AS_1_1}",
        f"no disease at baseline: {CHOICE}",
    ),
)

RECIST_1_0 = replace(
    RECIST_1_1,
    name="recist-1.0",
    title="RECIST 1.0",
    citation="Therasse P et al. J Natl Cancer Inst 2000; 92: 205-216",
    partial_response_decrease=limit(
        "3/10", "of the baseline sum", "decrease of the sum that is a partial response", _TARGETS
    ),
    progression_growth=limit("1/5", "of the nadir", "increase of the sum that is progression", _TARGETS),
    progression_increase=limit(0, "mm", "no least absolute increase: any that is growth enough counts", _TARGETS),
    normal_node=limit(0, "mm", "not in force: a node counts by its longest diameter", _NOT_USED),
    measurable_node=limit(0, "mm", "not in force: a node is measured as any other lesion", _NOT_USED),
    unequivocal_new_node=limit(0, "mm", "not in force: a new node is a new lesion", _NOT_USED),
    measurable_lesion=limit(10, "mm", "least longest diameter of a measurable lesion on spiral CT", _MEASURABILITY),
    measurable_on_mri=limit(
        20, "mm", "least longest diameter of a measurable lesion by conventional techniques", _MEASURABILITY
    ),
    measurable_on_xray=limit(
        20, "mm", "least longest diameter of a measurable lesion by conventional techniques", _MEASURABILITY
    ),
    measurable_by_caliper=limit(
        20, "mm", "least longest diameter of a measurable lesion by conventional techniques", _MEASURABILITY
    ),
    measurable_slices=limit(2, "slices", "a measurable lesion is at least this many slices long", _MEASURABILITY),
    too_small_size=limit(5, "mm", "size of a lesion that is present but too small to measure", _AS_1_1),
    max_targets=limit(10, "lesions", "most target lesions", _BASELINE),
    max_targets_per_organ=limit(5, "lesions", "most target lesions in one organ", _BASELINE),
    baseline_window=limit(28, "days", "most days from the baseline scan to the start", f"{PAPER}, Baseline evaluation"),
    confirmation_interval=limit(28, "days", "least days from a response to its confirmation", _CONFIRMATION),
    minimum_stable_disease=limit(
        42, "days", "least days from start to call a disease stable", f"{_CONFIRMATION}, protocol-defined"
    ),
    overall=OVERALL_RESPONSE_1_0,
    nodes_by_short_axis=False,
    confirmation_required=True,
    notes=(
        Note(
            text="a CT is taken for a spiral one; a conventional CT needs 20 mm, as slices of 10 mm do",
            citation=_MEASURABILITY,
        ),
    ),
)
