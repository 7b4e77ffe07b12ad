"""Datasets as CSV, SAS transport and Dataset-JSON, read back by other readers than our own."""

import datetime
import json
import struct
from pathlib import Path

import pandas as pd
import pytest

from recist.cdisc.files import read_dataset, read_source, write_dataset
from recist.cdisc.variables import DEFINITIONS, MAX_LABEL, MAX_NAME, Definition, date, integer, number, text
from recist.errors import DataError

DEFINITION = Definition(
    name="XX",
    label="Small Dataset",
    variables=(
        text("STUDYID", "Study Identifier", is_key=True),
        integer("XXSEQ", "Sequence Number", is_key=True),
        number("XXSTRESN", "Numeric Result"),
        text("XXDTC", "Date"),
        date("ADT", "Analysis Date"),
    ),
)
FRAME = pd.DataFrame(
    {
        "STUDYID": ["ABC", "Zürich"],
        "XXSEQ": [1.0, 2.0],
        "XXSTRESN": [12.34, float("nan")],
        "XXDTC": ["2024-02", ""],
        "ADT": [pd.Timestamp("2024-01-02"), pd.NaT],
    }
)


@pytest.fixture(params=["csv", "xpt", "json"])
def written(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    path = tmp_path / f"xx.{request.param}"
    write_dataset(FRAME, DEFINITION, path)
    return path


def test_every_kind_of_file_gives_back_what_was_written(written: Path):
    frame = read_dataset(written)
    assert frame["STUDYID"].tolist() == ["ABC", "Zürich"]
    assert frame["XXSEQ"].tolist() == ["1", "2"]
    assert frame["XXSTRESN"].tolist() == ["12.34", ""]
    assert frame["XXDTC"].tolist() == ["2024-02", ""]
    assert frame["ADT"].tolist() == ["2024-01-02", ""]


def test_the_reader_of_pandas_reads_the_transport_file(tmp_path: Path):
    write_dataset(FRAME, DEFINITION, tmp_path / "xx.xpt")
    frame = pd.read_sas(tmp_path / "xx.xpt", encoding="utf-8")
    assert frame["STUDYID"].tolist() == ["ABC", "Zürich"]
    assert frame["XXSTRESN"].iloc[0] == 12.34
    assert pd.isna(frame["XXSTRESN"].iloc[1])
    days = (datetime.date(2024, 1, 2) - datetime.date(1960, 1, 1)).days  # SAS counts from 1960
    assert frame["ADT"].iloc[0] == days


def test_the_transport_file_is_of_version_5_with_names_and_labels(tmp_path: Path):
    write_dataset(FRAME, DEFINITION, tmp_path / "xx.xpt")
    raw = (tmp_path / "xx.xpt").read_bytes()
    assert raw.startswith(b"HEADER RECORD*******LIBRARY HEADER RECORD!!!!!!!")  # version 8 says LIBV8
    assert len(raw) % 80 == 0
    start = raw.index(b"NAMESTR HEADER RECORD") + 60
    (number_of_variables,) = (int(raw[raw.index(b"NAMESTR HEADER RECORD") + 34 :][:4]),)
    assert number_of_variables == 5
    names, labels = [], []
    for place in range(number_of_variables):
        record = raw[start + 140 * place :][:140]
        (kind,) = struct.unpack(">h", record[:2])
        assert kind in (1, 2)  # numeric, character
        names.append(record[8:16].decode().strip())
        labels.append(record[16:56].decode().strip())
    assert names == ["STUDYID", "XXSEQ", "XXSTRESN", "XXDTC", "ADT"]
    assert labels == ["Study Identifier", "Sequence Number", "Numeric Result", "Date", "Analysis Date"]


def test_dataset_json_has_what_version_1_1_requires(tmp_path: Path):
    write_dataset(FRAME, DEFINITION, tmp_path / "xx.json")
    content = json.loads((tmp_path / "xx.json").read_text())
    required = {
        "datasetJSONCreationDateTime",
        "datasetJSONVersion",
        "itemGroupOID",
        "records",
        "name",
        "label",
        "columns",
    }
    assert required <= content.keys() <= {*required, "rows"}
    assert content["datasetJSONVersion"] == "1.1.0"
    datetime.datetime.fromisoformat(content["datasetJSONCreationDateTime"])
    assert (content["name"], content["records"], len(content["rows"])) == ("XX", 2, 2)
    allowed = {"itemOID", "name", "label", "dataType", "targetDataType", "length", "displayFormat", "keySequence"}
    for column in content["columns"]:
        assert {"itemOID", "name", "label", "dataType"} <= column.keys() <= allowed
    assert [column["dataType"] for column in content["columns"]] == ["string", "integer", "double", "string", "date"]
    assert content["columns"][4]["targetDataType"] == "integer"  # a numeric date of ADaM
    assert [column.get("keySequence") for column in content["columns"]] == [1, 2, None, None, None]
    assert content["rows"] == [["ABC", 1, 12.34, "2024-02", "2024-01-02"], ["Zürich", 2, None, None, None]]


def test_dates_carry_the_format_that_shows_them_as_dates(tmp_path: Path):
    write_dataset(FRAME, DEFINITION, tmp_path / "xx.xpt")
    raw = (tmp_path / "xx.xpt").read_bytes()
    start = raw.index(b"NAMESTR HEADER RECORD") + 60
    formats = {}
    for place in range(5):
        record = raw[start + 140 * place :][:140]
        (width,) = struct.unpack(">h", record[64:66])
        formats[record[8:16].decode().strip()] = (record[56:64].decode().strip(), width)
    assert formats == {**dict.fromkeys(["STUDYID", "XXSEQ", "XXSTRESN", "XXDTC"], ("", 0)), "ADT": ("DATE", 9)}


def test_every_definition_fits_the_limits_of_the_transport_format():
    for definition in DEFINITIONS:
        assert len(definition.label) <= MAX_LABEL
        assert len(set(definition.names)) == len(definition.names)
        for variable in definition.variables:
            assert len(variable.name) <= MAX_NAME
            assert variable.name.isupper()
            assert 0 < len(variable.label) <= MAX_LABEL


def test_a_text_that_would_be_cut_is_refused(tmp_path: Path):
    frame = FRAME.assign(XXDTC="x" * 201)
    with pytest.raises(DataError, match="200 bytes"):
        write_dataset(frame, DEFINITION, tmp_path / "xx.xpt")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("a.xpt", b"no transport file", "cannot be read as a SAS transport file"),
        ("a.json", b"{", "not JSON"),
        ("a.json", b"[]", "not Dataset-JSON"),
        ("a.json", b'{"columns": [{"name": "A"}], "rows": [[1], [1, 2]]}', "record 2 has 2 values for 1 columns"),
        ("a.csv", b"A,a\n1,2\n", "twice"),
    ],
)
def test_a_file_that_is_no_dataset_is_refused_in_a_sentence(tmp_path: Path, name: str, content: bytes, words: str):
    (tmp_path / name).write_bytes(content)
    with pytest.raises(DataError, match=words):
        read_dataset(tmp_path / name)


@pytest.mark.parametrize("name", ["a.xpt", "a.json", "a.csv"])
def test_a_missing_file_is_named(tmp_path: Path, name: str):
    with pytest.raises(DataError, match=name):
        read_dataset(tmp_path / name)


def test_rows_count_the_header_in_csv_and_not_in_the_other_kinds(tmp_path: Path):
    for kind, first in (("csv", 2), ("xpt", 1), ("json", 1)):
        write_dataset(FRAME, DEFINITION, tmp_path / f"xx.{kind}")
        assert read_source(tmp_path / f"xx.{kind}").first_row == first


def test_lower_case_variables_and_dataset_json_1_0_are_read(tmp_path: Path):
    old = {"clinicalData": {"itemGroupData": {"IG.XX": {"items": [{"name": "usubjid"}], "itemData": [["P1"]]}}}}
    (tmp_path / "a.json").write_text(json.dumps(old))
    assert read_dataset(tmp_path / "a.json")["USUBJID"].tolist() == ["P1"]
