"""By which method a lesion can be measured, and which kinds can be targets (Eisenhauer 2009 §3.1 and §3.2)."""

from __future__ import annotations

from recist.criteria.measurability import KIND_RULES, METHODS


def test_ct_mri_x_ray_and_calipers_measure_and_ultrasound_and_pet_do_not() -> None:
    assert {str(method.modality): method.least_size for method in METHODS} == {
        "ct": "measurable_lesion",
        "mri": "measurable_on_mri",
        "xray": "measurable_on_xray",
        "clinical": "measurable_by_caliper",
        "ultrasound": "",
        "pet": "",
    }


def test_thick_slices_raise_the_least_size_of_ct_and_mri_only() -> None:
    assert {str(method.modality) for method in METHODS if method.is_sliced} == {"ct", "mri"}


def test_blastic_bone_and_irradiated_lesions_are_not_measurable_and_cysts_are_second_choice() -> None:
    assert {str(rule.kind): (rule.is_measurable, bool(rule.objection)) for rule in KIND_RULES} == {
        "bone_soft_tissue": (True, False),
        "bone_blastic": (False, True),
        "cystic": (True, True),
        "irradiated": (False, True),
        "irradiated_progressed": (True, False),
    }
    assert len(KIND_RULES) == 5
