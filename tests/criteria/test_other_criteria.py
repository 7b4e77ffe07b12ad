"""Every set of criteria as data: its table answers everything once, and every number says where it is published."""

from __future__ import annotations

from fractions import Fraction

import pytest

from recist.criteria import CRITERIA, AttenuationRule, CountedSize, Criteria
from recist.criteria.response_table import find_gaps_and_contradictions

EVERY = pytest.mark.parametrize("criteria", CRITERIA.values(), ids=CRITERIA)


def test_the_criteria_are_those_the_documentation_names() -> None:
    assert set(CRITERIA) == {"recist-1.1", "recist-1.0", "irecist", "mrecist", "choi", "modified-choi"}


@EVERY
def test_the_table_answers_everything_once(criteria: Criteria) -> None:
    assert find_gaps_and_contradictions(criteria.overall) == []


@EVERY
def test_every_row_limit_note_and_site_names_its_source(criteria: Criteria) -> None:
    citations = {row.citation for row in criteria.overall} | {limit.citation for limit in criteria.limits().values()}
    citations |= {note.citation for note in criteria.notes} | {rule.citation for rule in criteria.site_rules}
    assert criteria.citation
    assert all(citations)
    assert all(limit.meaning and limit.unit for limit in criteria.limits().values())


PUBLISHED = {
    # PR decrease, PD growth, PD increase in mm, targets, targets in an organ: Eisenhauer 2009, Therasse 2000,
    # Lencioni 2010, Choi 2007 and Nathan 2010
    "recist-1.1": ("3/10", "1/5", 5, 5, 2),
    "recist-1.0": ("3/10", "1/5", 0, 10, 5),
    "mrecist": ("3/10", "1/5", 0, 5, 2),
    "choi": ("1/10", "1/10", 0, 10, 5),
    "modified-choi": ("1/10", "1/10", 0, 10, 5),
}


@pytest.mark.parametrize(("name", "numbers"), PUBLISHED.items(), ids=PUBLISHED)
def test_the_numbers_are_the_published_ones(name: str, numbers: tuple[str, str, int, int, int]) -> None:
    criteria, (decrease, growth, increase_mm, most, most_in_organ) = CRITERIA[name], numbers
    assert criteria.partial_response_decrease.value == Fraction(decrease)
    assert criteria.progression_growth.value == Fraction(growth)
    assert criteria.progression_increase.value == increase_mm
    assert (criteria.max_targets.whole, criteria.max_targets_per_organ.whole) == (most, most_in_organ)


def test_only_choi_looks_at_attenuation_and_only_mrecist_at_enhancement() -> None:
    rules = {name: criteria.attenuation_rule for name, criteria in CRITERIA.items()}
    assert rules["choi"] is AttenuationRule.EITHER
    assert rules["modified-choi"] is AttenuationRule.BOTH
    assert {rule for name, rule in rules.items() if "choi" not in name} == {AttenuationRule.NONE}
    assert [name for name, one in CRITERIA.items() if one.counted_size is CountedSize.ENHANCING] == ["mrecist"]
    assert CRITERIA["choi"].limits()["attenuation_decrease"].value == Fraction(15, 100)


def test_limits_that_are_not_in_force_are_not_listed() -> None:
    assert not {"normal_node", "measurable_node", "unequivocal_new_node"} & CRITERIA["recist-1.0"].limits().keys()
    assert "attenuation_decrease" not in CRITERIA["recist-1.1"].limits()


def test_only_recist_1_0_asks_for_confirmation_in_every_trial() -> None:
    assert [name for name, criteria in CRITERIA.items() if criteria.confirmation_required] == ["recist-1.0"]
