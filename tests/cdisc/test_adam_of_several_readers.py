"""ADaM of subjects whom not every reader assessed, worked out by hand."""

from pathlib import Path

import pandas as pd
import pytest

from recist.cdisc.adam import adam_datasets
from recist.cdisc.results import Results, count_left_to_others, read_results
from recist.cli.score import write_scored
from recist.response import score

# ann and bob read P1, only ann reads P2; P3 was enrolled and never measured. T2 of P2 is not done at week 8
HISTORY = """subject | reader | timepoint | date | lesion | role | site | state | diameter_mm
P1 | ann | baseline | 2024-01-08 | T1 | target | liver | measured | 50
P1 | ann | week 8   | 2024-03-08 | T1 | target | liver | measured | 70
P1 | bob | baseline | 2024-01-08 | T1 | target | liver | measured | 50
P1 | bob | week 8   | 2024-03-08 | T1 | target | liver | measured | 50
P2 | ann | baseline | 2024-01-08 | T1 | target | liver | measured | 40
P2 | ann | baseline | 2024-01-08 | T2 | target | lung  | measured | 30
P2 | ann | week 8   | 2024-03-08 | T1 | target | liver | measured | 20
P2 | ann | week 8   | 2024-03-08 | T2 | target | lung  | not_done |"""
SUBJECTS = pd.DataFrame(
    {
        "subject": ["P1", "P2", "P3"],
        "start_date": "2024-01-10",
        "death_date": ["2024-06-01", "", "2024-02-01"],
        "last_contact_date": ["", "2024-10-01", ""],
    }
)


@pytest.fixture
def results(rows, tmp_path: Path) -> Results:
    write_scored(score(rows(HISTORY), subjects=SUBJECTS), tmp_path / "scored")
    return read_results(tmp_path / "scored", "ABC-1")


@pytest.fixture
def adam(results: Results) -> dict[str, pd.DataFrame]:
    return {definition.name: frame for definition, frame in adam_datasets(results)}


def test_survival_and_death_stand_once_for_each_subject(adam) -> None:
    survival = adam["ADTTE"].query("PARAMCD == 'OS'")
    # 10 January to 1 June: 143 days between; to 1 October 265, to 1 February 22
    assert survival[["USUBJID", "EVALID", "AVAL", "CNSR"]].to_numpy().tolist() == [
        ["P1", "", 144, 0],
        ["P2", "", 266, 1],
        ["P3", "", 23, 0],
    ]
    deaths = adam["ADRS"].query("PARAMCD == 'DEATH'")
    assert deaths[["USUBJID", "EVALID", "AVALC"]].to_numpy().tolist() == [
        ["P1", "", "Y"],
        ["P2", "", "N"],
        ["P3", "", "Y"],
    ]


def test_a_reader_who_did_not_assess_a_subject_gives_no_time_and_no_best_response(adam, results: Results) -> None:
    read = {("P1", "ann"), ("P1", "bob"), ("P2", "ann")}
    for name, parameter in (("ADTTE", "PFS"), ("ADRS", "BOR")):
        rows = adam[name][adam[name]["PARAMCD"] == parameter]
        found = {pair for pair in zip(rows["USUBJID"], rows["EVALID"], strict=True) if pair[0] != "P3"}
        assert found == read
    assert (
        count_left_to_others(results)
        == (results.best_responses["subject"].eq("P2") & results.best_responses["reader"].eq("bob")).sum()
    )


def test_a_sum_without_all_lesions_has_no_change(adam) -> None:
    week_8 = adam["ADTR"].query("USUBJID == 'P2' and PARAMCD == 'SDIAM' and AVISIT == 'week 8'").iloc[0]
    assert (week_8["AVAL"], week_8["BASE"], week_8["NADIR"], week_8["COMPLFL"]) == (20, 70, 70, "N")
    assert week_8[["CHG", "PCHG", "CHGNAD", "PCHGNAD"]].isna().all()
