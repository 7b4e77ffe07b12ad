"""Bad cohort tables: each fault stops or is flagged as it should, in words that say what to do, at the command line."""

from pathlib import Path

import pandas as pd
import pytest

from recist.errors import DataError
from survival.cohort import read_cohort

HEADER = "subject,index_date,os_days,os_event,arm,age_years,sex,imaging_response,imaging_days"
ROWS = (
    "P01,2012-03-01,400,1,A,61,F,PR,80",
    "P02,2012-04-01,900,0,B,55,M,SD,91",
    "P03,2012-05-01,200,1,A,70,F,PD,100",
    "P04,2012-06-01,650,1,B,48,M,NE,",
)


def _table(row: int = 0, **changes: str) -> str:
    """Give a right table with some cells of one row (from 1) changed."""
    names = HEADER.split(",")
    lines = [line.split(",") for line in ROWS]
    for name, value in changes.items():
        lines[row - 1][names.index(name)] = value
    return "\n".join([HEADER, *(",".join(line) for line in lines)]) + "\n"


def _everywhere(**changes: str) -> str:
    names = HEADER.split(",")
    lines = [[changes.get(name, cell) for name, cell in zip(names, line.split(","), strict=True)] for line in ROWS]
    return "\n".join([HEADER, *(",".join(line) for line in lines)]) + "\n"


def _write(folder: Path, text: str | bytes) -> Path:
    path = folder / "cohort.csv"
    path.write_bytes(text if isinstance(text, bytes) else text.encode("utf-8"))
    return path


STOPS = {
    "a negative time": (_table(2, os_days="-5"), 3, "os_days", "lies before the index date"),
    "a time longer than a life": (_table(2, os_days="90000"), 3, "os_days", "longer than a human life"),
    "a time without end": (_table(2, os_days="inf"), 3, "os_days", "not a number"),
    "an event code of 2": (_table(2, os_event="2"), 3, "os_event", "event_codes"),
    "words for the event": (_table(2, os_event="dead"), 3, "os_event", "not a number"),
    "no event": (_table(2, os_event=""), 3, "os_event", "os_days is given but os_event is not"),
    "no time": (_table(2, os_days=""), 3, "os_days", "needs a follow-up time"),
    "a subject twice": (_table(2, subject="P01"), 3, "subject", "one row per subject"),
    "no subject": (_table(2, subject=""), 3, "subject", "needs a subject"),
    "a response after the end": (_table(2, imaging_days="901"), 3, "imaging_days", "after the end of follow-up"),
    "a response before day 0": (_table(2, imaging_days="-1"), 3, "imaging_days", "cannot precede"),
    "a response without a day": (_table(2, imaging_days=""), 3, "imaging_days", "the day it was known"),
    "a response in small letters": (_table(2, imaging_response="sd"), 3, "imaging_response", "not a response"),
    "a date to come": (_table(2, index_date="2931-01-01"), 3, "index_date", "still to come"),
    "an end to come": (_table(2, os_days="40000"), 3, "os_days", "ends in the future"),
    "a day number of a spreadsheet": (_everywhere(index_date="40969"), 2, "index_date", "spreadsheet"),
    "a year of two digits": (_everywhere(index_date="3/1/12"), 2, "index_date", "two digits"),
    "day and month in doubt": (_everywhere(index_date="03/01/2012"), 2, "index_date", "may be swapped"),
    "a date with its hour": (_table(2, index_date="2012-04-01T09:30"), 3, "index_date", "time of day"),
    "a date without its day": (_table(2, index_date="2012-04"), 3, "index_date", "the day is not known"),
    "a day that is none": (_table(2, index_date="2013-02-30"), 3, "index_date", "not a date"),
    "a decimal comma": (_table(2, age_years='"55,5"'), 3, "age_years", "decimal point"),
    "a word for missing": (_table(2, age_years="NA"), 3, "age_years", "leave the cell empty"),
    "a limit for a number": (_table(2, age_years=">89"), 3, "age_years", "a limit cannot be analysed"),
    "a unit in the cell": (_table(2, os_days="12 months"), 3, "os_days", "not a number"),
    "an impossible age": (_table(2, age_years="155"), 3, "age_years", "not possible"),
    "the header again": (_table() + HEADER + "\n", 6, "", "repeats the header"),
    "cells too few": (_table() + "P05,2012-06-01,650\n", 6, "", "3 cells"),
    "a bare decimal comma": (_table(2, age_years="55,5"), 3, "", "a comma is too many"),
    "a column twice": (_table().replace("sex", "arm"), 1, "arm", "names 2 columns"),
    "semicolons": (_table().replace(",", ";"), 1, "", "semicolon"),
    "tabs": (_table().replace(",", "\t"), 1, "", "tab"),
    "an empty file": ("", None, "", "empty"),
    "a header alone": (HEADER + "\n", None, "", "no rows"),
    "a workbook": (b"PK\x03\x04", None, "", "workbook"),
    "letters of another code page": (_table(2, arm="Jörg").encode("latin-1"), None, "", "UTF-8"),
    "a column in capitals": (_table().replace("os_days", "OS_DAYS"), None, "os_days", "perhaps OS_DAYS is meant"),
    "a column that is not there": (_table().replace("os_event", "death"), None, "os_event", "lacks this column"),
}


@pytest.mark.parametrize(("text", "row", "field", "words"), STOPS.values(), ids=STOPS.keys())
def test_a_table_that_cannot_be_analysed_stops_with_file_row_field_and_what_to_do(
    text: str | bytes, row: int | None, field: str, words: str, tmp_path: Path
) -> None:
    with pytest.raises(DataError) as caught:
        read_cohort(_write(tmp_path, text))

    found = {(problem.file, problem.row, problem.field) for problem in caught.value.problems}
    assert ("cohort.csv", row, field) in found
    assert words in str(caught.value)


RIGHT = {
    "Windows line ends": _table().replace("\n", "\r\n"),
    "a byte order mark": "\ufeff" + _table(),
    "blanks around cells": _table().replace(",", " , "),
    "true and false": _table().replace(",1,", ",true,").replace(",0,", ",False,"),
    "no line end at the end": _table().rstrip("\n"),
}


@pytest.mark.parametrize("text", RIGHT.values(), ids=RIGHT.keys())
def test_what_programs_do_to_a_right_table_does_not_change_it(text: str, tmp_path: Path) -> None:
    (tmp_path / "plain").mkdir()

    plain, other = (
        read_cohort(_write(folder, table)) for folder, table in ((tmp_path / "plain", _table()), (tmp_path, text))
    )

    pd.testing.assert_frame_equal(plain.frame, other.frame)


FLAGS = {
    "a follow-up of 0 days": (_table(4, os_days="0"), "zero_time"),
    "a follow-up after the cutoff": (
        "\n".join(
            f"{line},{'cutoff_date' if place == 0 else '2013-01-01'}" for place, line in enumerate(_table().split())
        ),
        "after_cutoff",
    ),
    "a word for missing in a text": (_table(2, sex="NA"), "placeholder"),
    "a diagnosis after the index date": (
        "\n".join(
            f"{line},{'diagnosis_date' if place == 0 else '2012-12-01'}" for place, line in enumerate(_table().split())
        ),
        "after_index",
    ),
}


@pytest.mark.parametrize(("text", "code"), FLAGS.values(), ids=FLAGS.keys())
def test_a_doubt_is_flagged_and_the_patient_kept(text: str, code: str, tmp_path: Path) -> None:
    cohort = read_cohort(_write(tmp_path, text))

    assert {problem.code for problem in cohort.warnings} == {code}
    assert len(cohort.frame) == 4


@pytest.mark.parametrize(
    ("column", "values", "code"),
    [
        ("os_days", ["400", "long", "200", "650"], "not_a_number"),
        ("os_days", [[400], [900], [200], [650]], "not_a_number"),
        ("os_event", ["1", "maybe", "1", "1"], "not_a_number"),
        ("index_date", [40969, 40970, 40971, 40972], "bad_date"),
    ],
)
def test_a_parquet_table_with_wrong_types_is_refused_like_a_csv(
    column: str, values: list[object], code: str, tmp_path: Path
) -> None:
    frame = pd.read_csv(_write(tmp_path, _table()))
    wrong = pd.Series(values, dtype=object)
    frame.assign(**{column: wrong}).to_parquet(tmp_path / "cohort.parquet")

    with pytest.raises(DataError) as caught:
        read_cohort(tmp_path / "cohort.parquet")

    assert [problem.code for problem in caught.value.problems] == [code]


def test_a_parquet_table_with_dates_and_truths_of_its_own_type_is_read(tmp_path: Path) -> None:
    frame = pd.read_csv(_write(tmp_path, _table()))
    typed = frame.assign(index_date=pd.to_datetime(frame["index_date"]), os_event=frame["os_event"].astype(bool))
    typed.to_parquet(tmp_path / "cohort.parquet")

    cohort = read_cohort(tmp_path / "cohort.parquet")

    assert cohort.frame["index_date"].tolist() == ["2012-03-01", "2012-04-01", "2012-05-01", "2012-06-01"]
    assert cohort.frame["os_event"].tolist() == [1.0, 0.0, 1.0, 1.0]


def test_a_damaged_parquet_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "cohort.parquet").write_bytes(b"PAR1 and no more")

    with pytest.raises(DataError, match="cannot be read as a table"):
        read_cohort(tmp_path / "cohort.parquet")
