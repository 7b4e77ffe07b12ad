"""What mRECIST says of lesions at certain sites (Lencioni 2010)."""

from __future__ import annotations

import pytest

from recist.criteria import CRITERIA
from recist.criteria.codes import LesionRole

RULES = {rule.code: rule for rule in CRITERIA["mrecist"].site_rules}
EVERY_ROLE = {"target", "non_target", "new", "marker"}


def test_there_are_four_such_rules_and_mrecist_alone_has_them() -> None:
    assert [name for name, criteria in CRITERIA.items() if criteria.site_rules] == ["mrecist"]
    assert {
        code: (
            {str(role) for role in rule.roles},
            set(rule.nodal),
            rule.below and (str(rule.below.value), rule.below.unit),
        )
        for code, rule in RULES.items()
    } == {
        "small_porta_hepatis_node": (EVERY_ROLE, {True}, ("20", "mm")),
        "portal_thrombosis_as_target": ({"target"}, {True, False}, None),
        "effusion_needs_cytology": (EVERY_ROLE, {True, False}, None),
        "small_new_liver_nodule": ({"new"}, {False}, ("10", "mm")),
    }
    assert {str(role) for role in LesionRole} == EVERY_ROLE


@pytest.mark.parametrize(
    ("code", "sites"),
    [
        (
            "small_porta_hepatis_node",
            ("Porta hepatis", "portacaval node", "hepatoduodenal ligament", "hepatic hilum", "liver hilum"),
        ),
        ("small_porta_hepatis_node", ("hilum of the liver",)),
        (
            "portal_thrombosis_as_target",
            ("main portal vein", "portal-venous branch", "Portal thrombosis", "thrombus, right branch", "PVT"),
        ),
        ("portal_thrombosis_as_target", ("thrombosis of the right branch",)),
        ("effusion_needs_cytology", ("ascites", "pleural effusion")),
        ("small_new_liver_nodule", ("liver, segment 4", "Hepatic dome")),
    ],
)
def test_a_rule_knows_its_sites_by_their_words(code: str, sites: tuple[str, ...]) -> None:
    assert [site for site in sites if not RULES[code].names(site)] == []


@pytest.mark.parametrize(
    ("code", "site"), [("small_new_liver_nodule", "deliverance"), ("effusion_needs_cytology", "lung")]
)
def test_a_word_within_another_word_is_no_site(code: str, site: str) -> None:
    assert not RULES[code].names(site)
