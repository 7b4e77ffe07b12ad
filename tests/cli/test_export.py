"""``recist export``, and ``recist score`` from SDTM, as a user runs them."""

from pathlib import Path

import pandas as pd
import pytest
from typer.testing import CliRunner, Result

from recist.cli.main import app
from recist.errors import DataError, MissingInput, UsageError

COHORT = Path(__file__).parents[2] / "sample_dicom" / "cohort"
TU = "STUDYID,USUBJID,TULNKID,TUTESTCD,TUSTRESC,TULOC\nS,P1,T1,TUMIDENT,TARGET,LIVER\n"
TR = (
    "STUDYID,USUBJID,TRLNKID,TRTESTCD,TRSTRESN,TRSTRESU,VISIT,TRDTC\n"
    "S,P1,T1,LDIAM,100,mm,SCREENING,2024-01-08\n"
    "S,P1,T1,LDIAM,60,mm,WEEK 8,2024-03-08\n"
    "S,P1,T1,LDIAM,74,mm,WEEK 16,2024-05-08\n"
)
RS = (
    "STUDYID,USUBJID,RSTESTCD,RSSTRESC,VISIT,RSDTC\n"
    "S,P1,OVRLRESP,PR,WEEK 8,2024-03-08\n"
    "S,P1,OVRLRESP,SD,WEEK 16,2024-05-08\n"
)


def recist(*words: object) -> Result:
    return CliRunner().invoke(app, [*map(str, words)])


@pytest.fixture(scope="module")
def scored(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("cohort") / "scored"
    subjects = COHORT / "subjects.csv"
    assert recist("score", COHORT / "measurements.csv", "--subjects", subjects, "-o", folder).exit_code == 0
    return folder


@pytest.fixture
def datasets(tmp_path: Path) -> Path:
    for name, text in (("tu", TU), ("tr", TR), ("rs", RS)):
        (tmp_path / f"{name}.csv").write_text(text)
    return tmp_path


@pytest.mark.parametrize("kind", ["csv", "xpt", "json"])
def test_exported_and_scored_again_the_cohort_has_the_same_responses(scored: Path, tmp_path: Path, kind: str) -> None:
    sdtm = tmp_path / "sdtm"
    done = recist("export", scored, "--sdtm", sdtm, "--type", kind, "--study", "ABC-123")
    assert done.exit_code == 0, done.output
    assert f"tr.{kind} (2912 records)" in done.output.replace("\n", "")
    words = ["score", sdtm / f"tr.{kind}", "--format", "sdtm", "--tu", sdtm / f"tu.{kind}"]
    again = recist(*words, "--subjects", COHORT / "subjects.csv", "-o", tmp_path / "again")
    assert again.exit_code == 0, again.output
    for name in ("responses.csv", "best_responses.csv"):
        assert (tmp_path / "again" / name).read_text() == (scored / name).read_text()


def test_adam_is_written_beside_sdtm(scored: Path, tmp_path: Path) -> None:
    done = recist("export", scored, "--sdtm", tmp_path / "sdtm", "--adam", tmp_path / "adam")
    assert done.exit_code == 0, done.output
    assert sorted(path.name for path in (tmp_path / "sdtm").iterdir()) == ["rs.csv", "tr.csv", "tu.csv"]
    assert sorted(path.name for path in (tmp_path / "adam").iterdir()) == ["adrs.csv", "adtr.csv", "adtte.csv"]
    adtte = pd.read_csv(tmp_path / "adam" / "adtte.csv")
    assert (adtte["AVAL"] >= 1).all()
    assert set(adtte["CNSR"]) == {0, 1}


def test_the_sponsors_responses_are_compared_and_counted(datasets: Path) -> None:
    words = ["score", datasets / "tr.csv", "--format", "sdtm", "--tu", datasets / "tu.csv", "--rs", datasets / "rs.csv"]
    done = recist(*words, "-o", datasets / "out")
    assert done.exit_code == 0, done.output
    assert "TR: 3 records = 3 used + 0 not used" in done.output
    assert "RS: 2 records = 2 used + 0 not used" in done.output
    assert "pd_from_baseline" in done.output
    table = pd.read_csv(datasets / "out" / "response_comparison.csv", dtype=str, keep_default_na=False)
    assert table["verdict"].tolist() == ["agrees", "differs"]
    assert table["reason"].tolist() == ["", "pd_from_baseline"]  # 74 is 23 % above the nadir 60, 26 % below 100
    assert table.loc[1, ["sponsor", "derived"]].tolist() == ["SD", "PD"]
    assert (datasets / "out" / "records_not_used.csv").read_text() == "file,row,subject,test,reason\n"


def test_tables_of_an_earlier_run_do_not_stay_beside_results_that_they_do_not_belong_to(datasets: Path) -> None:
    out = datasets / "out"
    words = ["score", datasets / "tr.csv", "--format", "sdtm", "--tu", datasets / "tu.csv", "-o", out]
    assert recist(*words, "--rs", datasets / "rs.csv").exit_code == 0
    (out / "notes.txt").write_text("of the user")
    assert recist(*words).exit_code == 0
    assert not (out / "response_comparison.csv").exists()  # no RS this time
    assert (out / "records_not_used.csv").exists()
    table = datasets / "m.csv"
    table.write_text(
        "subject,timepoint,date,lesion,role,site,diameter_mm\n"
        "P9,baseline,2024-01-08,T1,target,liver,50\nP9,week 8,2024-03-08,T1,target,liver,50\n"
    )
    assert recist("score", table, "-o", out).exit_code == 0
    assert not (out / "records_not_used.csv").exists()
    assert (out / "notes.txt").read_text() == "of the user"


def test_tumour_markers_are_counted_and_left_out(tmp_path: Path) -> None:
    (tmp_path / "m.csv").write_text(
        "subject,reader,timepoint,date,lesion,role,site,state,diameter_mm\n"
        "P1,ann,baseline,2024-01-08,T1,target,liver,measured,50\n"
        "P1,ann,baseline,2024-01-08,PSA,marker,,abnormal,\n"
        "P1,ann,week 8,2024-03-08,T1,target,liver,measured,50\n"
        "P1,ann,week 8,2024-03-08,PSA,marker,,normal,\n"
    )
    assert recist("score", tmp_path / "m.csv", "-o", tmp_path / "out").exit_code == 0
    done = recist("export", tmp_path / "out", "--sdtm", tmp_path / "sdtm")
    assert done.exit_code == 0, done.output
    assert "no place for, not written: 2 rows of role marker" in done.output.replace("\n", " ")
    assert set(pd.read_csv(tmp_path / "sdtm" / "tr.csv")["TRLNKID"].dropna()) == {"T1"}


def test_faults_are_named_by_the_rows_of_tr_and_nothing_is_written(datasets: Path) -> None:
    text = TR + "S,P1,T9,LDIAM,7,mm,WEEK 16,2024-05-08\nS,P1,T1,LDIAM,7,mm,WEEK 24,2024-31-08\n"
    (datasets / "tr.csv").write_text(text)
    done = recist("score", datasets / "tr.csv", "--format", "sdtm", "--tu", datasets / "tu.csv", "-o", datasets / "out")
    assert isinstance(done.exception, DataError)
    found = {(problem.file, problem.row, problem.field) for problem in done.exception.problems}
    assert found == {("tr.csv", 5, "TRLNKID"), ("tr.csv", 6, "TRDTC")}
    assert not (datasets / "out").exists()


def test_warnings_of_scoring_name_the_rows_of_tr(datasets: Path) -> None:
    (datasets / "tr.csv").write_text(
        TR.replace("S,P1,T1,LDIAM,60", "S,P1,,SUMDIAM,60,mm,WEEK 8,2024-03-08\nS,P1,T1,LDIAM,6")
    )
    (datasets / "tr.csv").write_text((datasets / "tr.csv").read_text().replace("2024-05-08", "2224-05-08"))
    done = recist("score", datasets / "tr.csv", "--format", "sdtm", "--tu", datasets / "tu.csv", "-o", datasets / "out")
    assert done.exit_code == 0, done.output
    problems = pd.read_csv(datasets / "out" / "problems.csv", dtype=str).set_index("code")
    assert problems.loc["future_date", ["file", "row", "field"]].tolist() == ["tr.csv", "5", "TRDTC"]


def test_dm_gives_the_start(datasets: Path) -> None:
    (datasets / "dm.csv").write_text("USUBJID,RFSTDTC,DTHDTC\nP1,2024-01-10,\n")
    words = ["score", datasets / "tr.csv", "--format", "sdtm", "--tu", datasets / "tu.csv", "--dm", datasets / "dm.csv"]
    assert recist(*words, "-o", datasets / "out").exit_code == 0
    best = pd.read_csv(datasets / "out" / "best_responses.csv", dtype=str).iloc[0]
    assert best["pfs_days"] == "120"  # 10 January to 8 May 2024, both counted


@pytest.mark.parametrize(
    ("words", "found"),
    [
        (["--format", "sdtm"], "name TU with --tu"),
        (["--tu", "tu.csv"], "--format sdtm"),
        (["--format", "sdtm", "--tu", "tu.csv", "--dm", "dm.csv", "--subjects", "s.csv"], "name one of them"),
    ],
)
def test_datasets_that_do_not_go_together_are_wrong_usage(datasets: Path, words: list[str], found: str) -> None:
    done = recist("score", datasets / "tr.csv", *words, "-o", datasets / "out")
    assert isinstance(done.exception, UsageError)
    assert found in str(done.exception)


def test_an_export_without_a_place_or_without_results_is_refused(scored: Path, tmp_path: Path) -> None:
    assert isinstance(recist("export", scored).exception, UsageError)
    assert isinstance(recist("export", tmp_path, "--sdtm", tmp_path / "out").exception, MissingInput)
    assert isinstance(recist("export", scored, "--sdtm", scored / "responses.csv").exception, UsageError)
