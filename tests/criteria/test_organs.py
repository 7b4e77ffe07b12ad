"""Organs of RECIST (EORTC frequently asked questions, paired organs)."""

import pytest

from recist.criteria.organs import is_known_organ, organ_of


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


SITES = {
    "lymph nodes": "lymph node; lymph nodes; node; nodes; nodal; LN; lymphadenopathy; mediastinal node; hilar LN",
    "lung": "lung; lungs; pulmonary; lung hilum",
    "liver": "liver; hepatic; liver dome",
    "kidney": "kidney; kidneys; renal",
    "adrenal gland": "adrenal; adrenals; suprarenal",
    "ovary": "ovary; ovaries; ovarian",
    "breast": "breast; breasts",
    "testis": "testis; testes; testicular",
    "pleura": "pleura; pleural",
    "peritoneum": "peritoneum; peritoneal; omentum; omental; mesentery; mesenteric",
    "brain": "brain; cerebral; cerebellar; cerebellum",
    "bone": "bone; bones; vertebra L3; vertebral; rib 5; pelvic bone; femur; sacrum; osseous",
    "pancreas": "pancreas; pancreatic",
    "spleen": "spleen; splenic",
    "thyroid": "thyroid",
    "bowel": "bowel; ileum; jejunum; duodenum; colon; small intestine; midgut",
    "rectum": "rectum; rectal",
    "stomach": "stomach; gastric",
    "skin": "skin; cutaneous; subcutaneous",
    "muscle": "muscle; psoas",
}


@pytest.mark.parametrize("organ", SITES)
def test_each_name_of_an_organ_is_that_organ_whatever_stands_beside_it(organ: str) -> None:
    assert {organ_of(f"{site}, mass", nodal=False) for site in SITES[organ].split("; ")} == {organ}
    assert is_known_organ(organ)


def test_a_site_that_is_no_organ_of_the_map_is_an_organ_of_its_own() -> None:
    assert organ_of("Orbit, left", nodal=False) == "orbit"
    assert not is_known_organ("orbit")
    assert organ_of("left upper lobe", nodal=False) == "left upper lobe"
    assert organ_of("", nodal=False) == ""
