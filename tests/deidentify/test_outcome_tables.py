"""Outcome tables without identities: the same pseudonyms and the same shift as the images get."""

import datetime
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest
from pydicom import Dataset, dcmread

from recist import score
from recist.deidentify import StudyKey, make_key, read_key
from recist.deidentify.file import deidentify_file
from recist.deidentify.tables import ColumnAction, deidentify_tables, known_columns
from recist.errors import DataError, MissingInput, UsageError

COHORT = Path(__file__).parents[2] / "sample_dicom" / "cohort"
OF_THE_STUDY = ("subjects", "treatments", "labs", "symptoms", "patients", "measurements", "report_responses")


def write(path: Path, text: str) -> Path:
    path.write_text(text, encoding="utf-8")
    return path


def test_a_death_lies_as_far_from_the_scan_as_before(
    make_ct: Callable[..., Dataset], save: Callable[[Dataset, str], Path], key: StudyKey, tmp_path: Path
) -> None:
    table = write(tmp_path / "subjects.csv", "subject,start_date,death_date\nMRN4711,2024-02-14,2025-03-01\n")
    image = dcmread(tmp_path / deidentify_file(save(make_ct(day="20240131"), "a"), tmp_path, key, False))
    row = deidentify_tables([table], key)["subjects.csv"].iloc[0]
    assert row["subject"] == image.PatientID
    scan = datetime.date.fromisoformat(image.StudyDate)
    assert (datetime.date.fromisoformat(row["start_date"]) - scan).days == 14
    assert (datetime.date.fromisoformat(row["death_date"]) - scan).days == 395


def test_the_tables_of_the_sample_keep_every_interval_and_every_number(key: StudyKey) -> None:
    results = deidentify_tables([COHORT / f"{name}.csv" for name in OF_THE_STUDY], key)
    for name in OF_THE_STUDY:
        before, after = pd.read_csv(COHORT / f"{name}.csv"), results[f"{name}.csv"]
        assert len(before) == len(after)
        assert not set(before["subject"]) & set(after["subject"])
        for column in (one for one in before.columns if one == "date" or one.endswith("_date")):
            moved = pd.to_datetime(after[column]) - pd.to_datetime(before[column])
            by_subject = moved.groupby(before["subject"]).nunique()
            assert by_subject.max() == 1
            assert after[column].eq("").tolist() == before[column].isna().tolist()
    shifts = pd.to_datetime(results["subjects.csv"]["start_date"]) - pd.to_datetime(
        pd.read_csv(COHORT / "subjects.csv")["start_date"]
    )
    assert shifts.nunique() > 190  # of 211 patients: each has a shift of their own
    assert shifts.dt.days.between(-3652, -366).all()


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("subject,date,phone\nA100,2024-01-01,555\n", "unknown_column"),
        ("subject,date\nA100,2024-01\n", "not_a_date"),
        ("subject,date\nA100,01/02/2024\n", "not_a_date"),
        ("subject,date\n,2024-01-01\n", "no_subject"),
        ("date,value\n2024-01-01,3\n", "no_subject"),
        ("subject,date,treatment\nA100,2024-01-01,given to A100\n", "identity_left"),
        ("subject,date,treatment\nA100,2024-01-01,since 2023-12-01\n", "identity_left"),
    ],
)
def test_a_table_that_might_still_tell_who_somebody_is_is_refused(
    text: str, code: str, key: StudyKey, tmp_path: Path
) -> None:
    with pytest.raises(DataError) as fault:
        deidentify_tables([write(tmp_path / "t.csv", text)], key)
    assert {problem.code for problem in fault.value.problems} == {code}
    assert "A100" not in str(fault.value)
    assert "2023-12-01" not in str(fault.value)


def test_all_faults_of_all_tables_are_told_at_once(key: StudyKey, tmp_path: Path) -> None:
    one = write(tmp_path / "one.csv", "subject,date,phone\nA100,2024,555\n")
    two = write(tmp_path / "two.csv", "subject,date\nA100,never\n")
    with pytest.raises(DataError) as fault:
        deidentify_tables([one, two], key)
    assert [(problem.file, problem.code) for problem in fault.value.problems] == [
        ("one.csv", "unknown_column"),
        ("one.csv", "not_a_date"),
        ("two.csv", "not_a_date"),
    ]


def test_columns_of_a_study_are_treated_as_it_says(key: StudyKey, tmp_path: Path) -> None:
    table = write(tmp_path / "t.csv", "mrn,seen,phone,ecog,age\nA100,2024-01-01,555-12,2,93\n")
    says = {"mrn": ColumnAction.SUBJECT, "seen": ColumnAction.DATE, "phone": ColumnAction.DROP}
    says |= {"ecog": ColumnAction.KEEP, "age": ColumnAction.AGE}
    result = deidentify_tables([table], key, columns=says)["t.csv"]
    assert list(result.columns) == ["mrn", "seen", "ecog", "age"]
    assert result.iloc[0].tolist()[2:] == ["2", "90"]


def test_lesions_keep_their_names_and_other_names_become_others(key: StudyKey, tmp_path: Path) -> None:
    text = (
        "subject,lesion,timepoint,site\nA100,T1,baseline,liver of Mr Vogelsang\nA100,Vogelsang left,followup-1,lung\n"
    )
    result = deidentify_tables([write(tmp_path / "t.csv", text)], key)["t.csv"]
    assert result["lesion"].tolist() == ["T1", key.label("Vogelsang left")]
    assert result["timepoint"].tolist() == ["baseline", "followup-1"]
    assert result["site"].tolist() == ["liver", "lung"]


def test_a_key_is_made_once_and_readable_by_its_owner_alone(tmp_path: Path) -> None:
    path = tmp_path / "key"
    made = make_key(path)
    assert read_key(path) == made
    assert path.stat().st_mode & 0o077 == 0
    assert made.secret.hex() not in repr(made)
    with pytest.raises(UsageError, match="never replaced"):
        make_key(path)
    with pytest.raises(MissingInput, match="--new-key"):
        read_key(tmp_path / "none")
    with pytest.raises(UsageError, match="is no key"):
        read_key(write(tmp_path / "text", "hello"))


def test_every_column_that_scoring_writes_is_known() -> None:
    measurements = pd.read_csv(COHORT / "measurements.csv").head(60)
    scored = score(measurements)
    written = {*scored.responses.columns, *scored.best_responses.columns}
    assert sorted(written - set(known_columns())) == []


def test_any_secret_of_sixteen_bytes_is_a_key_and_a_shorter_one_is_none(tmp_path: Path) -> None:
    own = tmp_path / "own"
    own.write_bytes(b"\xff\x00" * 8)
    assert read_key(own).pseudonym("A") == read_key(own).pseudonym("A")
    own.write_bytes(b"password")
    with pytest.raises(UsageError, match="at least 16 bytes"):
        read_key(own)
