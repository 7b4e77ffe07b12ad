"""The interchange tables: what is read, what is refused, and in which words."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from recist.columns import cell_text
from recist.errors import DataError
from recist.problems import Problem
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


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("picture.csv", b"\xff\xfe\x00\x80garbage", "not text in UTF-8"),
        ("latin.csv", "subject\nS\xe9\n".encode("latin-1"), "not text in UTF-8"),
        ("empty.csv", b"", "the file is empty"),
        ("blank.csv", b" \n\n", "the file is empty"),
        ("sheet.csv", b"PK\x03\x04more", "workbook"),
        ("quote.csv", b'subject,start_date\n"S1,2020-01-01\n', "has 1 cell, the header has 2"),
        ("table.parquet", b"no parquet", "cannot be read as a table"),
    ],
)
def test_a_file_that_is_no_table_is_one_clear_fault_in_plain_words(
    name: str, content: bytes, words: str, tmp_path: Path
) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(DataError, match=words) as caught:
        read_table(path, SUBJECTS)
    assert len(caught.value.problems) == 1
    assert "Error" not in str(caught.value)


def test_a_folder_is_no_table(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="this is a folder"):
        read_table(tmp_path, SUBJECTS)


def faults_of(tmp_path: Path, text: str) -> list[Problem]:
    with pytest.raises(DataError) as caught:
        read_table(write(tmp_path, text), SUBJECTS)
    return list(caught.value.problems)


@pytest.mark.parametrize("separator", [";", "\t"])
def test_another_separator_is_named(separator: str, tmp_path: Path) -> None:
    (fault,) = faults_of(tmp_path, f"subject{separator}start_date\nS1{separator}2020-01-01\n")
    assert f"separator found: {separator!r}" in fault.message
    assert fault.row == 1


@pytest.mark.parametrize("quote", ["", '"'])
def test_a_row_with_a_comma_too_many_or_missing_is_named_and_no_cell_moves(quote: str, tmp_path: Path) -> None:
    text = f"subject,start_date,{quote}note{quote}\nS1,2020-01-01,a\n\nS2,2020-01-01,a,b\nS3,2020-01-01\n"
    faults = faults_of(tmp_path, text)
    assert [(fault.row, fault.code) for fault in faults] == [(3, "wrong_number_of_cells"), (4, "wrong_number_of_cells")]
    assert faults[0].message.startswith("this row has 4 cells, the header has 3")


def test_a_comma_too_many_in_every_row_does_not_make_the_first_column_an_index(tmp_path: Path) -> None:
    faults = faults_of(tmp_path, "subject,start_date\nS1,x,2020-01-01\nS2,x,2020-01-01\n")
    assert [fault.row for fault in faults] == [2, 3]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_line_ends_byte_order_mark_and_quoted_commas_are_no_faults(end: str, mark: str, tmp_path: Path) -> None:
    path = tmp_path / "subjects.csv"
    for cell in ("plain", '"a, b"'):
        path.write_bytes((mark + end.join(["subject,note", f"S1,{cell}", "", "S2,", ""])).encode())
        frame, problems = read_table(path, SUBJECTS)
        assert problems == []
        assert frame["subject"].tolist() == ["S1", "S2"]
        assert frame["note"].tolist() == [cell.strip('"'), ""]


def test_a_column_named_twice_is_refused_in_a_file_and_in_memory(tmp_path: Path) -> None:
    (fault,) = faults_of(tmp_path, "subject,start_date,start_date\nS1,2020-01-01,2020-01-02\n")
    assert (fault.field, fault.code) == ("start_date", "duplicate_column")
    frame = pd.DataFrame([["S1", "2020-01-01", "2020-01-02"]], columns=["subject", "start_date", "start_date"])
    _, problems = check_table(frame, SUBJECTS)
    assert [(problem.field, problem.code) for problem in problems] == [("start_date", "duplicate_column")]


def test_capitals_in_column_names_are_one_fault_that_shows_them(tmp_path: Path) -> None:
    _, problems = read_table(write(tmp_path, "Subject,START_DATE,Note\nS1,2020-01-01,x\n"), SUBJECTS)
    assert [problem.code for problem in problems] == ["wrong_column_name"]
    assert "found Subject, START_DATE: column names are lower case" in problems[0].message


def test_a_missing_column_shows_the_columns_found_and_the_words_expected(tmp_path: Path) -> None:
    _, problems = read_table(
        write(tmp_path, "subject,timepoint,date,lesion,sort\nS1,w,2020-01-01,T1,x\n"), MEASUREMENTS
    )
    (fault,) = problems
    assert "subject, timepoint, date, lesion, sort" in fault.found
    assert fault.expected == "role: target, non_target, new, marker"


def test_an_empty_cell_of_a_closed_set_expects_its_words(tmp_path: Path) -> None:
    _, problems = read_table(write(tmp_path, HEADER + "S1,baseline,2020-01-01,T1,,12,\n"), MEASUREMENTS)
    assert [problem.expected for problem in problems] == ["target, non_target, new, marker"]


def test_a_header_among_the_rows_is_one_fault(tmp_path: Path) -> None:
    row = "S1,baseline,2020-01-01,T1,target,12,\n"
    _, problems = read_table(write(tmp_path, HEADER + row + HEADER + row), MEASUREMENTS)
    assert [(problem.row, problem.code) for problem in problems] == [(3, "repeated_header")]


def test_faults_come_in_the_order_of_the_rows(tmp_path: Path) -> None:
    rows = "S1,baseline,2020-01-01,T1,target,x,\nS2,baseline,1.1.2020,T1,target,1,\nS3,baseline,2020-01-01,T1,no,1,?\n"
    _, problems = read_table(write(tmp_path, HEADER + rows), MEASUREMENTS)
    assert [problem.row for problem in problems] == [2, 3, 4, 4]


def test_a_date_in_a_message_has_no_midnight() -> None:
    dates = pd.Series([pd.Timestamp(2020, 3, 1)]).astype(object)
    _, problems = check_table(pd.DataFrame({"subject": ["S1"], "death_date": dates}), SUBJECTS)
    assert [problem.found for problem in problems] in ([], ["2020-03-01"])
    assert cell_text(pd.Timestamp(2020, 3, 1)) == "2020-03-01"


def test_a_whole_number_in_a_message_has_no_decimal_point() -> None:
    assert [cell_text(value) for value in (99999.0, 12.5, float("nan"), pd.NaT)] == ["99999", "12.5", "", ""]


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


@pytest.mark.parametrize("kind", ["object", "string", "category"])
def test_an_empty_date_is_an_empty_cell_however_the_text_is_stored(kind: str) -> None:
    rows = [["S1", "baseline", "", "T1", "target"], ["S1", "week 8", "2020-01-01", "T1", "target"]]
    frame = pd.DataFrame(rows, columns=["subject", "timepoint", "date", "lesion", "role"]).astype({"date": kind})
    _, problems = check_table(frame, MEASUREMENTS)
    assert [(problem.row, problem.field, problem.code) for problem in problems] == [(2, "date", "empty_cell")]


def test_extra_columns_pass_through_untouched() -> None:
    frame, _ = check_table(pd.DataFrame({"subject": ["S1"], "weight": [" 71 kg"]}), SUBJECTS)
    assert frame["weight"].iloc[0] == " 71 kg"
    assert list(frame.columns[:2]) == ["subject", "start_date"]


@pytest.mark.parametrize(
    ("name", "meant"), [("death", "death_date"), ("new_therapy", "new_therapy_date"), ("cutof_date", "cutoff_date")]
)
def test_a_column_that_is_likely_misspelt_is_a_warning(name: str, meant: str, tmp_path: Path) -> None:
    frame, problems = read_table(write(tmp_path, f"subject,{name},age\nS1,2020-01-01,60\n"), SUBJECTS)
    assert [(p.code, p.found, p.expected, p.severity) for p in problems] == [
        ("column_not_used", name, meant, "warning")
    ]
    assert frame[name].tolist() == ["2020-01-01"]


def test_columns_of_other_kinds_pass_through_without_a_word(tmp_path: Path) -> None:
    text = "subject,start_date,age,sex,primary_site,volume_mm3,x1,slice_index\nS1,2020-01-01,60,F,lung,1,2,3\n"
    assert read_table(write(tmp_path, text), SUBJECTS)[1] == []


@pytest.mark.parametrize("stand_in", ["9999-12-31", "2999-01-01", "0001-01-01", "1677-01-01"])
def test_a_stand_in_for_an_unknown_date_is_a_fault_and_no_other_date(stand_in: str) -> None:
    # dates are kept in nanoseconds, which reach from 1677 to 2262: beyond, a year would come out as another one
    table, (fault,) = check_table(pd.DataFrame({"subject": ["S1"], "death_date": [stand_in]}), SUBJECTS)
    assert (fault.row, fault.field, fault.code, fault.found) == (2, "death_date", "wrong_date", stand_in)
    assert "leave the cell empty" in fault.message
    assert table["death_date"].isna().all()


def test_a_stand_in_that_has_the_type_of_a_date_is_a_fault_too() -> None:
    dates = pd.Series(np.array(["9999-12-31", "2020-01-01", "NaT"], dtype="datetime64[s]"))
    table, (fault,) = check_table(pd.DataFrame({"subject": ["S1", "S2", "S3"], "death_date": dates}), SUBJECTS)
    assert (fault.row, fault.field, fault.code) == (2, "death_date", "wrong_date")
    assert table["death_date"].tolist()[1] == pd.Timestamp(2020, 1, 1)
    assert table["death_date"].isna().tolist() == [True, False, True]
