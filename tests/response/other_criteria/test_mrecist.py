"""mRECIST for hepatocellular carcinoma (Lencioni and Llovet, Semin Liver Dis 2010; 30: 52-60)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from recist.errors import DataError

if TYPE_CHECKING:
    from collections.abc import Callable

HCC = "mrecist"


def tumour(whole_mm: float, enhancing_mm: float) -> dict[str, object]:
    return {"diameter_mm": whole_mm, "enhancing_mm": enhancing_mm, "site": "liver"}


@pytest.mark.parametrize(
    ("viable_mm", "expected"), [(34, "PR"), (35, "PR"), (35.01, "SD"), (59.99, "SD"), (60, "PD"), (0, "CR")]
)
def test_the_enhancing_part_decides_and_not_the_whole_tumour(
    overall: Callable[..., list[str]], viable_mm: float, expected: str
) -> None:
    course = {"T1": [tumour(60, 50), tumour(60, viable_mm)]}
    assert overall(HCC, course) == [expected]
    assert overall("recist-1.1", course) == ["SD"]


def test_growth_of_a_small_viable_sum_by_a_fifth_is_progression_without_5_mm(
    overall: Callable[..., list[str]],
) -> None:
    assert overall(HCC, {"T1": [tumour(40, 50), tumour(40, 10), tumour(40, 12)]}) == ["PR", "PD"]


def test_a_tumour_without_an_enhancing_part_counts_whole_and_is_reported(
    overall: Callable[..., list[str]], codes: Callable[..., set[str]]
) -> None:
    course = {"T1": [tumour(60, 50), tumour(60, 40)], "T2": [50, 30]}  # 50 + 50 to 40 + 30: -30 %
    assert overall(HCC, course) == ["PR"]
    assert "whole_lesion_counted" in codes(HCC, course)


def test_a_tumour_that_vanished_needs_no_enhancing_part(codes: Callable[..., set[str]]) -> None:
    found = codes(HCC, {"T1": [tumour(60, 50), "absent"]})
    assert not {"whole_lesion_counted", "enhancing_not_given"} & found


def test_an_enhancing_part_is_never_compared_with_a_whole_tumour(overall: Callable[..., list[str]]) -> None:
    with pytest.raises(DataError, match="enhancing part at another time point"):
        overall(HCC, {"T1": [tumour(60, 50), 60]})
    with pytest.raises(DataError, match="enhancing part at another time point"):
        overall(HCC, {"T1": [60, tumour(60, 50)]})
    assert overall(HCC, {"T1": [tumour(60, 50), "not_evaluable", "absent"]}) == ["NE", "CR"]


def test_no_enhancement_left_is_no_slip_of_the_pen(codes: Callable[..., set[str]]) -> None:
    assert "measured_with_0_mm" not in codes(HCC, {"T1": [tumour(60, 50), tumour(60, 0)]})
    assert "measured_with_0_mm" in codes("recist-1.1", {"T1": [60, 0]})


def test_a_node_still_counts_by_its_short_axis(overall: Callable[..., list[str]]) -> None:
    node = {"long_axis_mm": 40, "short_axis_mm": 25, "enhancing_mm": 40, "nodal": "true"}
    assert overall(HCC, {"T1": [node, node | {"short_axis_mm": 9}]}) == ["CR"]


@pytest.mark.parametrize(("short_mm", "is_reported"), [(19.9, True), (20, False)])
def test_a_node_at_the_porta_hepatis_is_malignant_from_20_mm(
    codes: Callable[..., set[str]], short_mm: float, is_reported: bool
) -> None:
    node = {"diameter_mm": short_mm, "nodal": "true", "site": "porta hepatis"}
    assert ("small_porta_hepatis_node" in codes(HCC, {"T1": [node, node]})) is is_reported
    assert "small_porta_hepatis_node" not in codes("recist-1.1", {"T1": [node, node]})
    elsewhere = node | {"site": "para-aortic"}
    assert "small_porta_hepatis_node" not in codes(HCC, {"T1": [elsewhere, elsewhere]})


def test_a_thrombosis_of_the_portal_vein_is_no_target(codes: Callable[..., set[str]]) -> None:
    target = {"diameter_mm": 30, "site": "thrombus in the portal vein"}
    assert "portal_thrombosis_as_target" in codes(HCC, {"T1": [target, target]})
    other = {"state": "present", "site": "portal vein"}
    assert "portal_thrombosis_as_target" not in codes(HCC, {"T1": [30, 30], "B1": [other, other]})


def test_ascites_asks_for_cytology(codes: Callable[..., set[str]]) -> None:
    assert "effusion_needs_cytology" in codes(
        HCC, {"T1": [30, 30], "N1": [None, {"state": "unequivocal", "site": "Ascites"}]}
    )


@pytest.mark.parametrize(("size_mm", "is_reported"), [(9, True), (10, False)])
def test_a_new_liver_nodule_below_10_mm_is_reported(
    codes: Callable[..., set[str]], size_mm: float, is_reported: bool
) -> None:
    nodule = {"diameter_mm": size_mm, "site": "liver"}
    assert ("small_new_liver_nodule" in codes(HCC, {"T1": [30, 30], "N1": [None, nodule]})) is is_reported
