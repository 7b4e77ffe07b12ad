"""What stands in the datasets that are written, worked out by hand."""

from pathlib import Path

import pandas as pd
import pytest

from recist.cdisc.adam import adam_datasets
from recist.cdisc.adrs import value_of
from recist.cdisc.results import Results, read_results
from recist.cdisc.sdtm import sdtm_datasets
from recist.cli.score import write_scored
from recist.errors import DataError, MissingInput
from recist.response import score

# T1 + node: 40 + 20 = 60 mm → 30 + 8 = 38 (−36.67 %, PR) → 0 + 8 = 8 (CR of the targets, bone still there: PR)
# → 0 + 14 = 14 with a new lesion: PD
HISTORY = """subject | timepoint | date | lesion | role | site | nodal | state | diameter_mm
P1 | baseline | 2024-01-08 | T1  | target     | liver  | false | measured    | 40
P1 | baseline | 2024-01-08 | T2  | target     | axilla | true  | measured    | 20
P1 | baseline | 2024-01-08 | NT1 | non_target | bone   | false | present     |
P1 | week 8   | 2024-03-08 | T1  | target     | liver  | false | measured    | 30
P1 | week 8   | 2024-03-08 | T2  | target     | axilla | true  | measured    | 8
P1 | week 8   | 2024-03-08 | NT1 | non_target | bone   | false | present     |
P1 | week 16  | 2024-05-08 | T1  | target     | liver  | false | absent      |
P1 | week 16  | 2024-05-08 | T2  | target     | axilla | true  | measured    | 8
P1 | week 16  | 2024-05-08 | NT1 | non_target | bone   | false | present     |
P1 | week 24  | 2024-07-08 | T1  | target     | liver  | false | absent      |
P1 | week 24  | 2024-07-08 | T2  | target     | axilla | true  | measured    | 14
P1 | week 24  | 2024-07-08 | NT1 | non_target | bone   | false | not_evaluable |
P1 | week 24  | 2024-07-08 | N1  | new        | lung   | false | unequivocal |
P2 | baseline | 2024-01-08 | T1  | target     | liver  | false | measured    | 50
P2 | week 8   | 2024-03-08 | T1  | target     | liver  | false | measured    | 50"""
SUBJECTS = pd.DataFrame(
    {
        "subject": ["P1", "P2"],
        "start_date": "2024-01-10",
        "death_date": ["2024-12-01", ""],
        "last_contact_date": ["", "2024-10-01"],
    }
)


@pytest.fixture
def results(rows, tmp_path: Path) -> Results:
    write_scored(score(rows(HISTORY), subjects=SUBJECTS), tmp_path / "scored")
    return read_results(tmp_path / "scored", "ABC-1")


@pytest.fixture
def sdtm(results: Results) -> dict[str, pd.DataFrame]:
    return {definition.name: frame for definition, frame in sdtm_datasets(results)}


@pytest.fixture
def adam(results: Results) -> dict[str, pd.DataFrame]:
    return {definition.name: frame for definition, frame in adam_datasets(results)}


def test_tu_names_every_lesion_once_where_it_was_first_seen(sdtm):
    tu = sdtm["TU"][sdtm["TU"]["USUBJID"] == "P1"]
    columns = ["TUSEQ", "TULNKID", "TUTESTCD", "TUSTRESC", "TULOC", "VISITNUM", "TUDTC"]
    assert tu[columns].to_numpy().tolist() == [
        [1, "T1", "TUMIDENT", "TARGET", "LIVER", 1, "2024-01-08"],
        [2, "T2", "TUMIDENT", "TARGET", "AXILLA LYMPH NODE", 1, "2024-01-08"],
        [3, "NT1", "TUMIDENT", "NON-TARGET", "BONE", 1, "2024-01-08"],
        [4, "N1", "TUMIDENT", "NEW", "LUNG", 4, "2024-07-08"],
    ]
    assert set(tu["STUDYID"]) == {"ABC-1"}
    assert set(tu["DOMAIN"]) == {"TU"}


def test_tr_measures_nodes_by_lperp_and_other_lesions_by_ldiam_and_derives_the_sums(sdtm):
    tr = sdtm["TR"][sdtm["TR"]["USUBJID"] == "P1"]
    columns = ["TRLNKID", "TRTESTCD", "TRSTRESC", "TRSTRESU", "TRSTAT", "TRDRVFL"]
    week_24 = tr[(tr["VISIT"] == "week 24")][columns].to_numpy().tolist()
    assert week_24 == [
        ["T1", "LDIAM", "0", "mm", "", ""],
        ["T2", "LPERP", "14", "mm", "", ""],
        ["NT1", "TUMSTATE", "", "", "NOT DONE", ""],
        ["N1", "TUMSTATE", "UNEQUIVOCAL", "", "", ""],
        ["", "SUMDIAM", "14", "mm", "", "Y"],
    ]
    sums = tr[tr["TRTESTCD"] == "SUMDIAM"].set_index("VISIT")["TRSTRESN"].to_dict()
    assert sums == {"baseline": 60.0, "week 8": 38.0, "week 16": 8.0, "week 24": 14.0}
    assert set(tr[tr["TRLOBXFL"] == "Y"]["VISIT"]) == {"baseline"}
    assert tr["TRSEQ"].tolist() == list(range(1, len(tr) + 1))
    assert tr.loc[tr["TRSTAT"] == "NOT DONE", "TRREASND"].tolist() == ["NOT EVALUABLE"]


def test_rs_has_the_responses_of_every_visit_and_the_best_one(sdtm):
    rs = sdtm["RS"][sdtm["RS"]["USUBJID"] == "P1"]
    by_visit = rs.groupby("VISIT", sort=False)[["RSTESTCD", "RSSTRESC"]].apply(lambda part: part.to_numpy().tolist())
    assert by_visit["week 16"] == [
        ["TRGRESP", "CR"],
        ["NTRGRESP", "NON-CR/NON-PD"],
        ["NEWLIND", "N"],
        ["OVRLRESP", "PR"],
    ]
    assert by_visit["week 24"][2:] == [["NEWLIND", "Y"], ["NEWLPROG", "UNEQUIVOCAL"], ["OVRLRESP", "PD"]]
    best = rs[rs["RSTESTCD"] == "BESTRESP"].iloc[0]
    assert (best["RSSTRESC"], best["RSCAT"], best["RSDTC"]) == ("PR", "RECIST 1.1", "2024-03-08")


def test_adtr_has_sums_with_change_from_baseline_and_nadir(adam):
    adtr = adam["ADTR"][(adam["ADTR"]["USUBJID"] == "P1") & (adam["ADTR"]["PARAMCD"] == "SDIAM")]
    columns = ["AVISIT", "AVAL", "BASE", "CHG", "PCHG", "NADIR", "CHGNAD", "PCHGNAD", "ABLFL", "ANL01FL"]
    assert adtr[columns].fillna(-1).to_numpy().tolist() == [
        ["baseline", 60, 60, -1, -1, -1, -1, -1, "Y", "Y"],
        ["week 8", 38, 60, -22, -36.67, 60, -22, -36.67, "", "Y"],
        ["week 16", 8, 60, -52, -86.67, 38, -30, -78.95, "", "Y"],
        ["week 24", 14, 60, -46, -76.67, 8, 6, 75.0, "", "Y"],
    ]
    nadirs = adam["ADTR"].query("USUBJID == 'P1' and PARAMCD == 'NADIR'").set_index("AVISIT")["AVAL"].to_dict()
    assert nadirs == {"week 8": 60.0, "week 16": 38.0, "week 24": 8.0}


def test_adrs_has_response_by_visit_best_response_and_events(adam):
    adrs = adam["ADRS"][adam["ADRS"]["USUBJID"] == "P1"]
    by_visit = adrs[adrs["PARAMCD"] == "OVR"]
    assert by_visit[["AVALC", "AVAL"]].to_numpy().tolist() == [["PR", 2], ["PR", 2], ["PD", 5]]
    series = adrs[adrs["AVISIT"] == ""].set_index("PARAMCD")
    assert series["AVALC"].to_dict() == {
        "BOR": "PR",
        "CBOR": "PR",
        "RSP": "Y",
        "CRSP": "Y",
        "PD": "Y",
        "DEATH": "Y",
    }
    dates = series["ADT"].dt.date.astype(str).to_dict()
    assert (dates["RSP"], dates["PD"], dates["DEATH"]) == ("2024-03-08", "2024-07-08", "2024-12-01")
    other = adam["ADRS"].query("USUBJID == 'P2' and PARAMCD == 'PD'").iloc[0]
    assert (other["AVALC"], other["AVAL"], pd.isna(other["ADT"])) == ("N", 0, True)


def test_adtte_counts_the_first_and_the_last_day(adam):
    columns = ["PARAMCD", "STARTDT", "ADT", "AVAL", "CNSR"]
    adtte = adam["ADTTE"][columns].assign(
        STARTDT=lambda f: f["STARTDT"].astype(str), ADT=lambda f: f["ADT"].astype(str)
    )
    found = {subject: part.to_numpy().tolist() for subject, part in adtte.groupby(adam["ADTTE"]["USUBJID"])}
    assert found["P1"] == [
        ["PFS", "2024-01-10", "2024-07-08", 181, 0],  # 10 January to 8 July of a leap year: 180 days between
        ["TTP", "2024-01-10", "2024-07-08", 181, 0],
        ["DOR", "2024-03-08", "2024-07-08", 123, 0],
        ["OS", "2024-01-10", "2024-12-01", 327, 0],
    ]
    assert found["P2"] == [
        ["PFS", "2024-01-10", "2024-03-08", 59, 1],
        ["TTP", "2024-01-10", "2024-03-08", 59, 1],
        ["OS", "2024-01-10", "2024-10-01", 266, 1],
    ]
    says = adam["ADTTE"].query("USUBJID == 'P2' and PARAMCD == 'PFS'").iloc[0]
    assert says["CNSDTDSC"] == "NO PROGRESSION, ALIVE"


def test_visit_numbers_follow_the_order_of_time(results: Results):
    assert results.visit_numbers == {"baseline": 1, "week 8": 2, "week 16": 3, "week 24": 4}


@pytest.mark.parametrize(("word", "value"), [("iCPD", 5), ("iPR", 2), ("NON-iCR/NON-iUPD", 4), ("NED", 8)])
def test_immune_responses_have_the_number_of_the_same_response(word: str, value: int):
    assert value_of(word) == value


def test_a_folder_without_results_is_refused(tmp_path: Path):
    with pytest.raises(MissingInput, match="has no lesions"):
        read_results(tmp_path, "ABC")


def test_options_of_another_program_are_refused(results: Results, tmp_path: Path):
    (tmp_path / "scored" / "options.json").write_text("[]")
    with pytest.raises(DataError, match="no file of options"):
        read_results(tmp_path / "scored", "ABC")
