"""The interchange tables: what is read, what is refused, and in which words."""

from pathlib import Path

import pandas as pd
import pytest

from recist.errors import DataError
from recist.tables import MEASUREMENTS, SUBJECTS, check_table, read_table, write_table

HEADER = "subject,timepoint,date,lesion,role,diameter_mm,nodal\n"


def write(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "measurements.csv"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_good_row_is_read_with_its_types(tmp_path: Path) -> None:
    frame, problems = read_table(write(tmp_path, HEADER + "S1,baseline,2020-02-29,T1,target,12.5,true\n"), MEASUREMENTS)
    assert problems == []
    row = frame.iloc[0]
    assert row["date"] == pd.Timestamp(2020, 2, 29)
    assert row["diameter_mm"] == 12.5
    assert row["nodal"] is True or row["nodal"] == True  # noqa: E712
    assert row["site"] == ""
    assert pd.isna(row["long_axis_mm"])


def test_a_missing_value_is_never_zero(tmp_path: Path) -> None:
    frame, problems = read_table(write(tmp_path, HEADER + "S1,baseline,2020-01-01,T1,target,,\n"), MEASUREMENTS)
    assert problems == []
    assert pd.isna(frame["diameter_mm"].iloc[0])
    assert pd.isna(frame["nodal"].iloc[0])


def test_every_fault_is_reported_at_once_with_row_field_found_and_expected(tmp_path: Path) -> None:
    rows = "S1,baseline,31.01.2020,T1,target,-3,\n,week 8,2020-02-30,T1,primary,12,maybe\n"
    _, problems = read_table(write(tmp_path, HEADER + rows), MEASUREMENTS)
    seen = {(p.row, p.field, p.code, p.found) for p in problems}
    assert seen == {
        (2, "date", "wrong_date", "31.01.2020"),
        (2, "diameter_mm", "number_too_small", "-3"),
        (3, "subject", "empty_cell", ""),
        (3, "date", "wrong_date", "2020-02-30"),
        (3, "role", "unknown_value", "primary"),
        (3, "nodal", "wrong_flag", "maybe"),
    }
    assert all(p.file == "measurements.csv" for p in problems)
    assert "target, non_target, new" in next(p.expected for p in problems if p.field == "role")


@pytest.mark.parametrize("word", ["12,5", "inf", "12 mm", "1e999"])
def test_a_number_that_is_none_is_refused(word: str) -> None:
    frame, problems = check_table(
        pd.DataFrame(
            {
                "subject": ["S1"],
                "timepoint": ["b"],
                "date": ["2020-01-01"],
                "lesion": ["T1"],
                "role": ["target"],
                "diameter_mm": [word],
            }
        ),
        MEASUREMENTS,
    )
    assert [p.code for p in problems] == ["wrong_number"]
    assert pd.isna(frame["diameter_mm"].iloc[0])


def test_a_missing_column_is_named(tmp_path: Path) -> None:
    _, problems = read_table(write(tmp_path, "patient,date\nS1,2020-01-01\n"), MEASUREMENTS)
    assert {p.field for p in problems if p.code == "missing_column"} == {"subject", "timepoint", "lesion", "role"}


def test_a_missing_file_is_one_clear_fault(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="no such file"):
        read_table(tmp_path / "none.csv", SUBJECTS)


def test_a_file_that_is_no_table_is_one_clear_fault(tmp_path: Path) -> None:
    path = tmp_path / "picture.csv"
    path.write_bytes(b"\xff\xfe\x00\x80garbage")
    with pytest.raises(DataError, match="cannot be read as a table"):
        read_table(path, SUBJECTS)


@pytest.mark.parametrize("ending", ["csv", "parquet"])
def test_what_is_written_is_read_back_unchanged(tmp_path: Path, ending: str) -> None:
    frame, _ = check_table(
        pd.DataFrame(
            {
                "subject": ["S1", "S2"],
                "start_date": ["2020-01-01", ""],
                "death_date": ["", "2021-12-31"],
                "site note": ["left, upper", 'said "fine"'],
            }
        ),
        SUBJECTS,
    )
    path = tmp_path / f"subjects.{ending}"
    write_table(frame, path)
    again, problems = read_table(path, SUBJECTS)
    assert problems == []
    pd.testing.assert_frame_equal(again, frame)


def test_extra_columns_pass_through_untouched() -> None:
    frame, _ = check_table(pd.DataFrame({"subject": ["S1"], "weight": [" 71 kg"]}), SUBJECTS)
    assert frame["weight"].iloc[0] == " 71 kg"
    assert list(frame.columns[:2]) == ["subject", "start_date"]
