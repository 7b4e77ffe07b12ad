"""The command from end to end: key, images, tables, report; what it says, and what it never says."""

import sys
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest
from pydicom import Dataset, dcmread

from recist.cli import main
from recist.deidentify import make_key

NAME = "VOGELSANG"


@pytest.fixture
def study(make_ct: Callable[..., Dataset], tmp_path: Path) -> Path:
    """Give a folder whose name and files are called like the patient, with a table and a key."""
    folder = tmp_path / NAME
    folder.mkdir()
    for number, day in ((1, "20240131"), (2, "20240601")):
        make_ct(day=day, number=number).save_as(folder / f"{NAME}-{number}.dcm", enforce_file_format=True)
    (folder / f"{NAME}.txt").write_text("no image")
    (tmp_path / "subjects.csv").write_bytes(
        "subject,start_date,death_date\nMRN4711,2024-02-14,2025-03-01\nMRN0815,2024-02-14,\n".encode("utf-8-sig")
    )
    make_key(tmp_path / "key")
    return tmp_path


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Callable[..., tuple[int, str, str]]:
    """Run the command line; its exit code and what it says on both channels."""

    def call(*arguments: object) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["recist", "deidentify", *map(str, arguments)])
        with pytest.raises(SystemExit) as end:
            main.run()
        said = capsys.readouterr()
        return int(end.value.code or 0), said.out, said.err

    return call


def test_images_and_tables_become_shared_and_nothing_said_names_anybody(
    study: Path, run: Callable[..., tuple[int, str, str]]
) -> None:
    code, out, err = run(
        *(study / NAME, "-o", study / "out", "--key", study / "key"),
        *("--tables", study / "subjects.csv", "--report", study / "private.csv"),
    )
    assert code == 1  # one file was refused
    assert "it is not a DICOM file" in out
    assert "1 table and 2 files written" in out
    assert "subjects of tables of whom no image was written: 1 of 2" in err
    assert "never share it" in err
    said = out + err
    assert not [one for one in (NAME, "MRN4711", "MRN0815", "KUNIGUNDE") if one in said.replace(str(study), "").upper()]
    images = [dcmread(path) for path in (study / "out" / "dicom").rglob("*.dcm")]
    table = pd.read_csv(study / "out" / "tables" / "subjects.csv")
    assert {one.PatientID for one in images} < set(table["subject"])
    report = pd.read_csv(study / "private.csv")
    assert report["deidentified"].notna().sum() == 2
    assert (study / "private.csv").stat().st_mode & 0o077 == 0
    assert not list((study / "out").rglob("*partial*"))


def test_a_table_with_a_fault_stops_it_all_before_anything_is_written(
    study: Path, run: Callable[..., tuple[int, str, str]]
) -> None:
    (study / "labs.csv").write_text("subject,date\nmrn4711,2024-02\n")
    code, _, err = run(
        *(study / NAME, "-o", study / "out", "--key", study / "key"),
        *("--tables", study / "subjects.csv", "--tables", study / "labs.csv"),
    )
    assert code == 1
    assert "spelled otherwise" in err
    assert "only a whole day" in err
    assert "mrn4711" not in err.lower()
    assert not (study / "out").exists()


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("-o", "out"), "make one with --new-key"),
        (("-o", "out", "--key", "key"), "name a folder of DICOM files"),
        (("VOGELSANG", "-o", "out", "--key", "key", "--report", "out/r.csv"), "may not lie among the results"),
        (("VOGELSANG", "-o", "VOGELSANG/out", "--key", "key"), "lie in each other"),
    ],
)
def test_wrong_usage_is_told_with_the_remedy(
    arguments: tuple[str, ...],
    says: str,
    study: Path,
    monkeypatch: pytest.MonkeyPatch,
    run: Callable[..., tuple[int, str, str]],
) -> None:
    monkeypatch.chdir(study)
    code, _, err = run(*arguments)
    assert code == 2
    assert says in err
    assert not list(study.rglob("*.dcm"))[2:]


def test_help_shows_an_example(run: Callable[..., tuple[int, str, str]]) -> None:
    code, out, _ = run("--help")
    assert code == 0
    assert "--new-key study.key" in out


def test_without_a_key_one_is_made_for_new_results_and_never_for_old_ones(
    study: Path, run: Callable[..., tuple[int, str, str]]
) -> None:
    (study / "tables").mkdir()
    (study / "subjects.csv").rename(study / "tables" / "subjects.csv")
    code, _, err = run("-o", study / "out", "--key", study / "fresh", "--tables", study / "tables")
    assert code == 0
    assert "a new one was made" in err
    assert (study / "fresh").stat().st_mode & 0o077 == 0
    code, _, err = run("-o", study / "out", "--key", study / "mistyped", "--tables", study / "tables")
    assert code == 1
    assert "there is no key" in err
    assert not (study / "mistyped").exists()
