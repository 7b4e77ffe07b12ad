"""Faults of settings, shape and cells in one round; files that are there already; the primary endpoint."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from recist.cli.main import app
from recist.errors import DataError, MissingInput, UsageError
from recist.outputs import require_own_files, say_folder
from survival.cohort import read_cohort
from survival.options import make_options, read_options
from survival.settings.canonical import primary_endpoint, settle_primary

TABLE = "id,time,status,arm,age\n1,12.5,1,A,60\n2,14,2,B,61\n3,-3,0,A\n4,100,,B,55\n,,,,\n"
SETTINGS = """[survival]
landmark = 90
groups = ["arm", "orr"]
[[survival.endpoint]]
key = "os"
name = "Overall survival"
time_column = "time"
event_column = "status"
[survival.columns]
subject = "id"
"""


def _faults(folder: Path, table: bytes) -> set[tuple[str, int | None]]:
    (folder / "cohort.csv").write_bytes(table)
    options = make_options({"columns": {"subject": "id", "os_days": "time", "os_event": "status"}})
    with pytest.raises(DataError) as caught:
        read_cohort(folder / "cohort.csv", options=options)
    return {(problem.code, problem.row) for problem in caught.value.problems}


@pytest.mark.parametrize(
    ("table", "shape"),
    [
        (TABLE.encode(), ("wrong_number_of_cells", 4)),
        (TABLE.replace("3,-3,0,A\n", "").replace(",", ";").encode(), ("wrong_separator", 1)),
        (TABLE.replace("3,-3,0,A\n", "").replace("A,60", "Jörg,60").encode("cp1252"), ("unreadable_file", None)),
    ],
)
def test_a_fault_of_shape_does_not_hide_those_of_the_cells(
    table: bytes, shape: tuple[str, int | None], tmp_path: Path
) -> None:
    found = _faults(tmp_path, table)

    assert shape in found
    assert ("fraction_of_day", 2) in found
    assert ("bad_event_code", 3) in found


def test_a_cell_told_as_no_number_is_not_told_as_missing_too(tmp_path: Path) -> None:
    assert _faults(tmp_path, b"id,time,status\n1,12,dead\n2,100,1\n") == {("not_a_number", 2)}


def test_settings_table_and_refusal_are_told_in_one_round(tmp_path: Path) -> None:
    (tmp_path / "bad.csv").write_text(TABLE, encoding="utf-8")
    (tmp_path / "bad.toml").write_text(SETTINGS, encoding="utf-8")
    call = ["survival", str(tmp_path / "bad.csv"), "--config", str(tmp_path / "bad.toml"), "-o", str(tmp_path / "out")]

    fault = CliRunner().invoke(app, call).exception

    assert isinstance(fault, DataError)
    codes = {problem.code for problem in fault.problems}
    assert {"unknown_setting", "wrong_number_of_cells", "bad_event_code", "known_only_later"} <= codes
    assert not (tmp_path / "out").exists()


def test_a_settings_file_that_is_not_there_is_told_as_such(tmp_path: Path) -> None:
    with pytest.raises(MissingInput, match=r"no\.toml: there is no such settings file"):
        read_options(tmp_path / "no.toml")


def test_files_of_others_are_never_replaced_and_those_of_an_earlier_report_are(tmp_path: Path) -> None:
    mark = ("results.json", "our-format/1")
    (tmp_path / "notes.txt").write_text("mine", encoding="utf-8")
    require_own_files(tmp_path, ("report.html", "results.json"), mark=mark)
    assert "is not empty" in say_folder(tmp_path)
    assert "all others stay" in say_folder(tmp_path)
    assert say_folder(tmp_path / "new") == ""

    (tmp_path / "report.html").write_text("<p>of somebody else</p>", encoding="utf-8")
    with pytest.raises(UsageError, match=r"holds report\.html, which no earlier run"):
        require_own_files(tmp_path, ("report.html", "results.json"), mark=mark)

    (tmp_path / "results.json").write_text('{"format": "our-format/1"}', encoding="utf-8")
    require_own_files(tmp_path, ("report.html", "results.json"), mark=mark)


COMPETING = {"key": "recurrence", "name": "Recurrence", "competing_codes": [2]}


def test_survival_stays_primary_beside_a_declared_competing_endpoint_where_the_table_has_it(tmp_path: Path) -> None:
    options = make_options({"endpoint": [COMPETING]})
    table = "subject,os_days,os_event,recurrence_days,recurrence_event\nA,900,1,300,1\nB,800,0,800,0\n"
    (tmp_path / "cohort.csv").write_text(table, encoding="utf-8")

    cohort = read_cohort(tmp_path / "cohort.csv", options=options)

    assert primary_endpoint(settle_primary(options, cohort.frame.columns)).key == "os"


def test_a_competing_endpoint_cannot_be_primary_and_the_refusal_names_the_way_out(tmp_path: Path) -> None:
    (tmp_path / "cohort.csv").write_text("subject,recurrence_days,recurrence_event\nA,300,1\n", encoding="utf-8")

    with pytest.raises(DataError, match='primary = "os"'):
        read_cohort(tmp_path / "cohort.csv", options=make_options({"endpoint": [COMPETING]}))


def test_survival_declared_by_name_alone_keeps_its_meaning() -> None:
    options = make_options({"endpoint": [{"key": "os", "name": "Overall survival", "time_column": "time"}]})

    endpoint = primary_endpoint(options)

    assert (endpoint.event, endpoint.origin, endpoint.short) == ("death of any cause", "the index date", "OS")
