"""Every number of every set of criteria, as its publication prints it."""

from __future__ import annotations

from fractions import Fraction

import pytest

from recist.criteria import CRITERIA, RECIST_1_1
from recist.criteria import growth as growth_limits
from recist.criteria.plausible import LARGEST_DIAMETER, LEAST_TENFOLD, MOST_TENFOLD

# Eisenhauer 2009: §3.1.1 (10 mm CT and MRI, 20 mm X-ray, 10 mm caliper, 15 mm node, twice the slice), §3.1 and §4.3.2
# (10 mm normal node, 5 mm default), §3.2.1 (28 days), §4.2 (5 and 2), §4.3.1, §4.6.1 (4 weeks, 6 weeks).
EISENHAUER = {
    "partial_response_decrease": ("3/10", "of the baseline sum"),
    "progression_growth": ("1/5", "of the nadir"),
    "progression_increase": ("5", "mm"),
    "normal_node": ("10", "mm"),
    "measurable_node": ("15", "mm"),
    "measurable_lesion": ("10", "mm"),
    "measurable_on_mri": ("10", "mm"),
    "measurable_on_xray": ("20", "mm"),
    "measurable_by_caliper": ("10", "mm"),
    "measurable_slices": ("2", "slices"),
    "unequivocal_new_node": ("15", "mm"),
    "too_small_size": ("5", "mm"),
    "max_targets": ("5", "lesions"),
    "max_targets_per_organ": ("2", "lesions"),
    "baseline_window": ("28", "days"),
    "confirmation_interval": ("28", "days"),
    "minimum_stable_disease": ("42", "days"),
}
NODES = {"normal_node", "measurable_node", "unequivocal_new_node"}  # RECIST 1.0 has no rule of its own for nodes
# Therasse 2000: 20 mm by conventional techniques, 10 mm by spiral CT; ten lesions, five in an organ; no least increase
THERASSE = {name: limit for name, limit in EISENHAUER.items() if name not in NODES} | {
    "progression_increase": ("0", "mm"),
    "measurable_on_mri": ("20", "mm"),
    "measurable_by_caliper": ("20", "mm"),
    "max_targets": ("10", "lesions"),
    "max_targets_per_organ": ("5", "lesions"),
}
# Choi 2007: 10 % of the size or 15 % of the attenuation
CHOI = THERASSE | {
    "partial_response_decrease": ("1/10", "of the baseline sum"),
    "progression_growth": ("1/10", "of the nadir"),
    "attenuation_decrease": ("3/20", "of the baseline attenuation"),
}
PUBLISHED = {
    "recist-1.1": EISENHAUER,
    "recist-1.0": THERASSE,
    # Seymour 2017: 5 mm, five new lesions, two in an organ, 4 to 8 weeks; two days' tolerance by the EORTC's answer
    "irecist": EISENHAUER
    | {
        "confirming_increase": ("5", "mm"),
        "max_new_targets": ("5", "lesions"),
        "max_new_targets_per_organ": ("2", "lesions"),
        "early_scan": ("28", "days"),
        "early_scan_tolerance": ("2", "days"),
        "late_scan": ("56", "days"),
    },
    "mrecist": EISENHAUER | {"progression_increase": ("0", "mm")},  # Lencioni 2010
    "choi": CHOI,
    "modified-choi": CHOI,  # Nathan 2010
}


@pytest.mark.parametrize("name", PUBLISHED)
def test_every_number_and_its_unit_is_the_published_one(name: str) -> None:
    found = {what: (str(limit.value), limit.unit) for what, limit in CRITERIA[name].limits().items()}
    assert found == PUBLISHED[name]


def test_limits_that_are_not_in_force_decide_nothing() -> None:
    old = CRITERIA["recist-1.0"]
    assert [getattr(old, name).value for name in sorted(NODES)] == [0, 0, 0]
    assert RECIST_1_1.attenuation_decrease.value == Fraction(3, 20)


def test_the_numbers_of_growth_in_time_are_those_of_their_papers() -> None:
    # Ferte 2014: the cube of the diameter; Lamarca 2019: 0.8 and 4 % a month, at 3 months; Piessevaux 2013: week 8
    found = {name: limit.value for name, limit in vars(growth_limits).items() if hasattr(limit, "unit")}
    assert found == {
        "DIAMETERS_PER_VOLUME": 3,
        "GROWTH_RATE_AT_3_MONTHS": Fraction(4, 5),
        "GROWTH_RATE_BEFORE_START": 4,
        "LEAST_INTERVAL": 14,
        "AIM_MONTHS": 3,
        "AIM_WINDOW_MONTHS": 1,
        "EARLY_SHRINKAGE": 56,
        "EARLY_SHRINKAGE_WINDOW": 14,
    }


def test_a_diameter_is_a_slip_of_the_pen_above_the_field_of_view_of_body_ct() -> None:
    assert LARGEST_DIAMETER.value == 500
    assert LARGEST_DIAMETER.unit == "mm"


def test_a_size_of_eight_to_twelve_times_the_one_before_may_lack_its_decimal_point() -> None:
    assert (str(LEAST_TENFOLD.value), str(MOST_TENFOLD.value)) == ("8", "12")  # about ten, with a fifth of growth


def test_a_length_is_held_in_hundredths_of_a_millimetre() -> None:
    assert RECIST_1_1.progression_increase.hundredths == 500
    assert RECIST_1_1.max_targets.whole == 5


def test_what_a_set_of_criteria_adds_to_its_numbers() -> None:
    assert {name for name, one in CRITERIA.items() if one.nodes_by_short_axis} == {"recist-1.1", "irecist", "mrecist"}
    assert [name for name, one in CRITERIA.items() if one.immune is not None] == ["irecist"]
    assert {name: len(one.notes) for name, one in CRITERIA.items()} == {
        "recist-1.1": 0,
        "recist-1.0": 1,
        "irecist": 0,
        "mrecist": 3,
        "choi": 4,
        "modified-choi": 5,
    }
