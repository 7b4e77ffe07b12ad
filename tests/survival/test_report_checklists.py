"""The checklists: every item of STROBE and REMARK, honest on what is here and what the authors must write."""

import pytest

from survival.rate_difference import fisher_p_value, rate_difference
from survival.rates import rate
from survival.reporting.checklists.item import Checklist
from survival.reporting.checklists.remark import REMARK
from survival.reporting.checklists.section import checklists_section
from survival.reporting.checklists.strobe import STROBE
from survival.reporting.citations import CITATIONS, list_references, name_citations
from survival.reporting.methods_statistics import STATISTICS
from survival.results import ResultTable, RowKind


@pytest.mark.parametrize(("checklist", "items"), [(STROBE, 22), (REMARK, 20)])
def test_a_checklist_has_every_item_once_in_order(checklist: Checklist, items: int) -> None:
    assert [item.number for item in checklist.items] == list(range(1, items + 1))
    assert all(item.title and item.authors for item in checklist.items)
    assert all(item.places for item in checklist.items if item.given)


def test_an_item_leads_only_to_sections_that_are_there() -> None:
    section = checklists_section(["summary", "cox"])

    for table in section.items:
        assert isinstance(table, ResultTable)
        for row in table.shown:
            assert set(row.places) <= {"summary", "cox"}
            if row.kind is not RowKind.HEADING and not row.places:
                assert row.cells[1].startswith(("Nothing.", "Not in this report"))


def test_funding_is_for_the_authors_alone() -> None:
    funding = STROBE.items[-1]

    assert (funding.title, funding.given, funding.places) == ("Funding", "", ())


def test_every_paper_named_in_the_methods_has_its_reference() -> None:
    texts = [sentence.text.replace("{", "").replace("}", "") for sentence in STATISTICS]

    named, references = name_citations(" ".join(texts)), list_references(texts)

    assert "[" not in named
    assert references.count(". ") >= 15
    assert len({citation.key for citation in CITATIONS}) == len(CITATIONS)


def test_newcombe_s_interval_is_that_of_his_first_example() -> None:
    # Newcombe, Stat Med 1998;17:873-890, Table II: 56/70 - 48/80, method 10: 0.0524 to 0.3339
    found = rate_difference(rate(56, 70), rate(48, 80))

    assert [found.difference, found.lower, found.upper] == pytest.approx([0.2, 0.0524, 0.3339], abs=5e-5)


def test_fisher_s_p_of_the_lady_tasting_tea() -> None:
    # 3 of 4 against 1 of 4: (16 + 1) / 70 on either side
    assert fisher_p_value(3, 4, 1, 4) == pytest.approx(34 / 70)
