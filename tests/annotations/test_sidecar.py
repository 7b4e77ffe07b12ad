"""The sidecar table says what the files do not, and is right where they differ."""

import pytest

from recist.annotations import read_annotations
from recist.errors import DataError


@pytest.fixture
def report(reports, codes):
    def group(name: str, uid: str, *more):
        return reports.group(name, uid, *more, reports.number(codes["long"], "20"))

    return reports.write(
        "a.dcm",
        group("T01", "2.25.5", reports.coded(codes["category"], codes["non_target"])),
        group("N01", "2.25.6"),
    )


def with_sidecar(report, tmp_path, text: str):
    path = tmp_path / "sidecar.csv"
    path.write_text(text, encoding="utf-8")
    return read_annotations(report, sidecar=path)


def test_a_row_fills_in_every_measurement_that_fits_its_keys(report, tmp_path) -> None:
    text = (
        "patient_id,tracking_uid,subject,timepoint,role,site,nodal\n"
        "P-01,,S-77,baseline,,,\n,2.25.6,,,target,left axilla,true\n"
    )
    found = with_sidecar(report, tmp_path, text)
    rows = {row["lesion"]: row for row in found.measurements.to_dict("records")}
    assert {(row["subject"], row["timepoint"]) for row in rows.values()} == {("S-77", "baseline")}
    assert (rows["N01"]["role"], rows["N01"]["site"], rows["N01"]["nodal"]) == ("target", "left axilla", True)
    assert rows["T01"]["role"] == "non_target"


def test_where_file_and_sidecar_differ_the_sidecar_is_used_and_the_difference_told(report, tmp_path) -> None:
    found = with_sidecar(report, tmp_path, "label,role\nT01,target\n")
    (problem,) = [each for each in found.problems if each.code == "sidecar_differs"]
    assert (problem.field, problem.found, problem.expected) == ("role", "non_target", "target")
    assert found.measurements.set_index("lesion")["role"]["T01"] == "target"


def test_a_row_that_fits_nothing_and_rows_that_contradict_one_another_are_told(report, tmp_path) -> None:
    text = "label,role\nT99,target\nN01,target\nN01,new\n"
    found = with_sidecar(report, tmp_path, text)
    told = {(problem.code, problem.row, problem.found) for problem in found.problems}
    assert ("unused_row", 2, "") in told
    assert any(problem.code == "sidecar_contradicts" and problem.found == "new" for problem in found.problems)


@pytest.mark.parametrize(
    "text", ["label,role\n,target\n", "label,role\nT01,Target lesion\n", "label,date\nT01,1.2.24\n"]
)
def test_a_sidecar_with_faults_stops_the_import(report, tmp_path, text: str) -> None:
    with pytest.raises(DataError):
        with_sidecar(report, tmp_path, text)


def test_one_line_on_a_node_is_told_because_it_may_be_the_long_axis(files, tmp_path) -> None:
    found = with_sidecar(files / "cornerstone_length.dcm", tmp_path, "label,nodal\nT02,true\n")
    assert "node_with_one_line" in [problem.code for problem in found.problems]
