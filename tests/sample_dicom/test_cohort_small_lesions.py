"""Lesions that shrink to the edge of what can be measured."""

from __future__ import annotations

import numpy as np
import pytest

from sample_dicom.cohort_model import make_cohort
from sample_dicom.cohort_model.lesions import Disease, TargetLesion, draw_first_diameters


def _lesion(name: str, tenths: int) -> TargetLesion:
    return TargetLesion(name=name, site="liver", diameter_tenths=tenths, axis_ratio=0.8)


@pytest.mark.parametrize("seed", range(40))
def test_small_lesions_share_a_sum_to_the_tenth_and_none_falls_below_what_can_be_measured(seed: int) -> None:
    disease = Disease(
        targets=tuple(_lesion(f"T{n}", tenths) for n, tenths in enumerate((220, 150, 100))), non_targets=()
    )
    # a partial response from 47.0 mm at the best rank: -75 %, 11.75 mm, but three lesions of at least 5 mm are 15 mm
    found = draw_first_diameters(np.random.default_rng(seed), disease, "PR", 0.0, only_new_lesion=False)
    assert sum(found) == 150
    assert min(found) >= 50  # tenths of a millimetre


def test_cohorts_are_drawn_whatever_the_seed() -> None:
    assert len(make_cohort(10008)["subjects"]) == len(make_cohort(10037)["subjects"]) == 211
