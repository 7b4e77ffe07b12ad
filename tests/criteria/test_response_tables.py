"""The response tables of RECIST 1.1 as the program has them, against the published ones."""

import csv
from pathlib import Path

import numpy as np
import pytest

from recist.criteria import RECIST_1_1, NewLesion, NonTargetResponse, OverallResponse, TargetResponse
from recist.criteria.response_table import cite_rows, compile_table, find_gaps_and_contradictions

FACTS = Path(__file__).parent / "facts"
TABLE = compile_table(RECIST_1_1.overall)


def read_facts(name: str) -> list[dict[str, str]]:
    with (FACTS / name).open(newline="", encoding="utf-8") as lines:
        return list(csv.DictReader(lines))


def overall_of(target: str, non_target: str, new: NewLesion) -> str:
    place = (
        list(TargetResponse).index(TargetResponse(target)),
        list(NonTargetResponse).index(NonTargetResponse(non_target)),
        list(NewLesion).index(new),
    )
    return str(list(OverallResponse)[TABLE[place]])


COMBINATIONS = read_facts("all_combinations.csv")


def test_all_sixty_combinations_are_published_facts() -> None:
    assert len({(row["target"], row["non_target"], row["unequivocal_new_lesion"]) for row in COMBINATIONS}) == 60


@pytest.mark.parametrize("row", COMBINATIONS, ids=lambda row: "-".join(list(row.values())[:3]).replace("/", " "))
def test_every_combination_gives_the_published_overall_response(row: dict[str, str]) -> None:
    new = NewLesion.UNEQUIVOCAL if row["unequivocal_new_lesion"] == "Y" else NewLesion.NO
    assert overall_of(row["target"], row["non_target"], new) == row["overall"]


@pytest.mark.parametrize("row", [row for row in COMBINATIONS if row["unequivocal_new_lesion"] == "N"])
def test_an_equivocal_new_lesion_does_not_change_the_response_of_the_day(row: dict[str, str]) -> None:
    assert overall_of(row["target"], row["non_target"], NewLesion.EQUIVOCAL) == row["overall"]


NON_TARGET_WORDS = {
    "CR": {"CR"},
    "Non-CR/non-PD": {"NON-CR/NON-PD"},
    "Not evaluated": {"NE"},
    "Not all evaluated": {"NE"},
    "Non-PD": {"CR", "NON-CR/NON-PD"},
    "Non-PD or not all evaluated": {"CR", "NON-CR/NON-PD", "NE"},
    "PD": {"PD"},
    "Unequivocal PD": {"PD"},
    "Any": {"CR", "NON-CR/NON-PD", "NE", "PD"},
}
TARGET_WORDS = {"Not all evaluated": {"NE"}, "Any": {"CR", "PR", "SD", "PD", "NE"}}
NEW_WORDS = {"No": {NewLesion.NO}, "Yes": {NewLesion.UNEQUIVOCAL}, "Yes or No": {NewLesion.NO, NewLesion.UNEQUIVOCAL}}


@pytest.mark.parametrize("row", read_facts("table_1.csv"), ids=lambda row: f"row {row['row']}")
def test_table_1_as_printed(row: dict[str, str]) -> None:
    for target in TARGET_WORDS.get(row["target"], {row["target"]}):
        for non_target in NON_TARGET_WORDS[row["non_target"]]:
            for new in NEW_WORDS[row["new_lesion"]]:
                assert overall_of(target, non_target, new) == row["overall"]


@pytest.mark.parametrize("row", read_facts("table_2.csv"), ids=lambda row: f"row {row['row']}")
def test_table_2_as_printed(row: dict[str, str]) -> None:
    for non_target in NON_TARGET_WORDS[row["non_target"]]:
        for new in NEW_WORDS[row["new_lesion"]]:
            assert overall_of("NONE", non_target, new) == row["overall"].upper()


def test_the_table_answers_everything_once() -> None:
    assert find_gaps_and_contradictions(RECIST_1_1.overall) == []


def test_a_missing_row_and_a_second_answer_are_found() -> None:
    without_sd = tuple(row for row in RECIST_1_1.overall if row.overall is not OverallResponse.SD)
    assert len(find_gaps_and_contradictions(without_sd)) == 2 * 4  # two kinds of no new lesion, four non-target ones
    both = (
        *RECIST_1_1.overall,
        RECIST_1_1.overall[0].__class__(
            citation="",
            target=frozenset({TargetResponse.CR}),
            non_target=frozenset({NonTargetResponse.CR}),
            new_lesion=frozenset({NewLesion.NO}),
            overall=OverallResponse.SD,
        ),
    )
    assert find_gaps_and_contradictions(both) == ["contradiction: target CR, non-target CR, new lesion no"]


def test_a_combination_that_no_row_answers_holds_no_response() -> None:
    without_ned = [row for row in RECIST_1_1.overall if row.overall is not OverallResponse.NED]
    gaps = compile_table(without_ned) == -1
    assert [tuple(place) for place in np.argwhere(gaps).tolist()] == [(5, 4, 0), (5, 4, 1)]  # no disease, no new lesion


def test_each_row_of_other_criteria_needs_a_citation_of_its_own() -> None:
    with pytest.raises(ValueError, match="zip"):
        cite_rows(RECIST_1_1.overall, ["only one"])


def test_the_order_of_the_rows_does_not_matter() -> None:
    rows = RECIST_1_1.overall
    for seed in range(5):
        order = np.random.default_rng(seed).permutation(len(rows))
        np.testing.assert_array_equal(compile_table([rows[place] for place in order]), TABLE)


def test_every_row_and_every_limit_names_its_source() -> None:
    assert all(row.citation for row in RECIST_1_1.overall)
    limits = RECIST_1_1.limits().values()
    assert len(limits) == 17
    assert all(limit.citation and limit.meaning for limit in limits)
