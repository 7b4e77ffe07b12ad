"""Organs of RECIST (EORTC frequently asked questions, paired organs)."""

import pytest

from recist.criteria.organs import organ_of


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("left lung", "right lung"),
        ("Lung, RUL", "lung left lower lobe"),
        ("Left kidney", "RIGHT KIDNEY"),
        ("ovary left", "right ovary"),
        ("adrenal (left)", "adrenal (right)"),
        ("liver segment 4", "liver segment 8"),
        ("left gluteus", "right gluteus"),
    ],
)
def test_two_sides_or_segments_are_one_organ(left: str, right: str) -> None:
    assert organ_of(left, nodal=False) == organ_of(right, nodal=False)


@pytest.mark.parametrize("site", ["mediastinal", "inguinal lymph node", "para-aortic", "lung hilum", ""])
def test_all_lymph_nodes_are_one_organ(site: str) -> None:
    assert organ_of(site, nodal=True) == "lymph nodes"


def test_by_option_the_nodes_of_each_site_are_an_organ_and_other_organs_stay_one() -> None:
    names = [organ_of(site, nodal=True, nodes_by_site=True) for site in ("left axilla", "right axilla", "Left axilla")]
    assert names == ["lymph nodes: left axilla", "lymph nodes: right axilla", "lymph nodes: left axilla"]
    assert organ_of("left lung", nodal=False, nodes_by_site=True) == "lung"


def test_different_organs_stay_different() -> None:
    assert len({organ_of(site, nodal=False) for site in ("liver", "lung", "spleen", "retroperitoneum", "orbit")}) == 5
