"""From the files of another program to responses, and the commands that do it."""

import pandas as pd
import pytest
from typer.testing import CliRunner

from recist.annotations import read_annotations
from recist.cli.main import app
from recist.errors import DataError, UsageError
from recist.response import score


def visit(reports, codes, name: str, number: int, sizes: tuple[str, str]):
    """Write a visit of a liver lesion and a node, both targets."""

    long, short = sizes

    def lesion(label, uid, site, long_mm, short_mm):
        return reports.group(
            f"Cornerstone3DTools@^0.1.0:Bidirectional:{label}",
            uid,
            reports.coded(codes["category"], codes["target"]),
            reports.coded(codes["site"], site),
            reports.number(codes["long"], long_mm),
            reports.number(codes["short"], short_mm),
        )

    return reports.write(
        name,
        lesion("T01", "2.25.5", ("10200004", "SCT", "Liver"), long, "8"),
        lesion("N01", "2.25.6", ("59441001", "SCT", "Lymph Node"), "30", short),
        visit=number,
    )


def test_reports_become_a_response_by_hand_arithmetic(reports, codes) -> None:
    """Baseline 20 (long axis) + 20 (short axis of the node) = 40; then 12 + 14 = 26; (26 - 40) / 40 = -35 %: PR."""
    visit(reports, codes, "a.dcm", 1, ("20", "20"))
    visit(reports, codes, "b.dcm", 2, ("12", "14"))
    found = read_annotations(reports.folder)
    assert found.problems == ()
    (response,) = score(found.measurements).responses.to_dict("records")
    assert (response["baseline_sum_mm"], response["sum_mm"]) == (40, 26)
    assert response["change_from_baseline_pct"] == pytest.approx(-35)
    assert response["target_response"] == "PR"
    assert response["overall_response"] == "PR"


def test_the_commands_import_and_score(reports, codes, tmp_path) -> None:
    visit(reports, codes, "a.dcm", 1, ("20", "20"))
    visit(reports, codes, "b.dcm", 2, ("30", "22"))
    done = CliRunner().invoke(app, ["import", str(reports.folder), "-o", str(tmp_path / "in")])
    assert done.exit_code == 0, done.output
    assert "4 measurements of 1 subject, by cornerstone" in done.output
    table = tmp_path / "in" / "measurements.csv"
    done = CliRunner().invoke(app, ["score", str(table), "-o", str(tmp_path / "out")])
    assert done.exit_code == 0, done.output
    responses = pd.read_csv(tmp_path / "out" / "responses.csv")
    assert responses["sum_mm"].tolist() == [52]  # 30 + 22, 12 mm and 30 % above the nadir of 40
    assert responses["overall_response"].tolist() == ["PD"]


def test_errors_make_the_exit_code_and_the_rest_is_written(reports, codes, tmp_path) -> None:
    visit(reports, codes, "a.dcm", 1, ("20", "20"))
    reports.write("b.dcm", reports.group("T09", "2.25.9", reports.number(codes["long"], None)))
    done = CliRunner().invoke(app, ["import", str(reports.folder), "-o", str(tmp_path / "in")])
    assert done.exit_code == 1
    assert len(pd.read_csv(tmp_path / "in" / "measurements.csv")) == 2
    assert "no_length" in pd.read_csv(tmp_path / "in" / "problems.csv")["code"].tolist()


@pytest.fixture
def good_results(tmp_path):
    """A folder that holds what an earlier import wrote."""
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / "measurements.csv").write_text("subject,lesion\nP-01,T01\n")
    return folder


def test_a_path_that_is_not_there_changes_nothing_of_earlier_results(reports, codes, good_results) -> None:
    visit(reports, codes, "a.dcm", 1, ("20", "20"))
    words = ["import", str(reports.folder), "nothere", "neither.csv", "-o", str(good_results)]
    done = CliRunner().invoke(app, words)
    assert isinstance(done.exception, DataError)
    assert [problem.file for problem in done.exception.problems] == ["nothere", "neither.csv"]
    assert [path.name for path in good_results.iterdir()] == ["measurements.csv"]
    assert "T01" in (good_results / "measurements.csv").read_text()


def test_where_nothing_can_be_imported_earlier_results_stay(reports, good_results) -> None:
    reports.write("a.dcm")
    done = CliRunner().invoke(app, ["import", str(reports.folder), "-o", str(good_results)])
    assert done.exit_code == 1
    assert "error: nothing could be imported; nothing was written" in done.output
    assert [path.name for path in good_results.iterdir()] == ["measurements.csv"]
    assert "T01" in (good_results / "measurements.csv").read_text()


@pytest.fixture
def junk(tmp_path):
    """A folder of files of which none can be imported, and one that another program wrote."""
    folder = tmp_path / "junk"
    folder.mkdir()
    (folder / "a.xml").write_text("<a><b></a>")
    (folder / "b.json").write_text('{"ImageAnnotationCollection": {"a": 1}}')
    (folder / "c.dcm").write_bytes(bytes(range(256)) * 4)
    (folder / "d.csv").write_text("Name,Value\n1,2\n")
    (folder / "e.csv").write_text("AnnotationType,SOPInstanceUID,Label,Length,Unit\n")
    (folder / "f.json").write_text('{"something": 1}')
    (folder / "g.txt").symlink_to(folder / "nowhere")
    (folder / "h").symlink_to(tmp_path)
    return folder


WHY = {
    "a.xml": ("refused", "not sound XML"),
    "b.json": ("passed over", "holds no annotations"),
    "c.dcm": ("passed over", "neither DICOM nor"),
    "d.csv": ("passed over", "of no program that is known"),
    "e.csv": ("passed over", "holds no measurements"),
    "f.json": ("passed over", "not AIM 4"),
    "g.txt": ("passed over", "a link to nothing"),
    "h": ("passed over", "links are not followed"),
}


def test_every_file_is_accounted_for_and_nothing_imported_is_an_error(junk, tmp_path) -> None:
    found = read_annotations(junk)
    assert [each.name for each in found.files] == list(WHY)
    for each in found.files:
        assert each.verdict == WHY[each.name][0], each
        assert WHY[each.name][1] in each.reason
    done = CliRunner().invoke(app, ["import", str(junk), "-o", str(tmp_path / "in")])
    assert done.exit_code == 1
    assert "8 files: 0 imported, 7 passed over, 1 refused" in done.output
    assert all(name in done.output for name in WHY)
    assert not (tmp_path / "in").exists()


@pytest.mark.parametrize("name", ["b.json", "e.csv"])
def test_a_sound_file_without_measurements_named_alone_is_an_error_with_its_reason(junk, tmp_path, name) -> None:
    done = CliRunner().invoke(app, ["import", str(junk / name), "-o", str(tmp_path / "in")])
    assert done.exit_code == 1
    assert WHY[name][1] in done.output


def test_files_beside_good_ones_are_told_in_a_table(reports, codes, junk, tmp_path) -> None:
    """The third report is a copy of the first, the fourth one holds a lesion without a length besides a good one."""
    visit(reports, codes, "a.dcm", 1, ("20", "20"))
    (junk / "good.dcm").write_bytes((reports.folder / "a.dcm").read_bytes())
    again = visit(reports, codes, "b.dcm", 1, ("20", "20"))
    lesion = reports.group("T03", "2.25.7", reports.number(codes["long"], "30"))
    part = reports.write(
        "part.dcm", lesion, reports.group("T09", "2.25.9", reports.number(codes["long"], None)), visit=2
    )
    done = CliRunner().invoke(app, ["import", str(junk), str(again), str(part), str(part), "-o", str(tmp_path / "in")])
    assert done.exit_code == 1
    assert "11 files: 2 imported, 8 passed over, 1 refused" in done.output
    files = pd.read_csv(tmp_path / "in" / "files.csv", keep_default_na=False).set_index("file")
    assert files.loc["good.dcm"].tolist() == ["imported", 2, ""]
    assert files.loc["part.dcm"].tolist() == ["imported", 1, "not all of it; see problems.csv"]
    assert files.loc["b.dcm", "verdict"] == "passed over"
    assert "stands in another file too" in files.loc["b.dcm", "reason"]


def test_files_of_one_name_in_two_folders_are_told_apart(reports, codes, tmp_path) -> None:
    first = visit(reports, codes, "a.dcm", 1, ("20", "20"))
    (tmp_path / "more").mkdir()
    second = first.rename(tmp_path / "more" / "a.dcm")
    visit(reports, codes, "a.dcm", 2, ("12", "14"))
    found = read_annotations([reports.folder, second.parent])
    assert [(each.name, each.n_measurements) for each in found.files] == [("a.dcm", 2), ("a.dcm (2)", 2)]


def test_dates_time_points_and_sizes_are_whole_on_a_screen_of_eighty_columns(reports, codes, tmp_path) -> None:
    group = reports.group(
        "a lesion whose name is longer than its column",
        "2.25.5",
        reports.coded(codes["category"], codes["non_target"]),
        reports.coded(codes["site"], ("59441001", "SCT", "Lymph Node of the left lower neck")),
        reports.item("TEXT", codes["time_point"], "HAS OBS CONTEXT", TextValue="follow-up 12"),
        reports.number(codes["long"], "120.5"),
        reports.number(codes["short"], "99.25"),
    )
    path = reports.write("a.dcm", group, PatientID="STUDY-0001-SITE-012-SUBJECT-0042")
    done = CliRunner().invoke(app, ["import", str(path), "-o", str(tmp_path / "in")])
    (line,) = [line for line in done.output.splitlines() if "2024-01-10" in line]
    assert len(line) <= 80, line
    assert all(word in line for word in ("042 ", " 12 ", " non_target ", " 120.5 ", " 99.2")), line
    (header,) = [line for line in done.output.splitlines() if line.startswith("subject")]
    assert len(header) <= 80
    assert "visit" in header


def test_measurements_go_out_as_reports_and_come_in_again(files, write_images, tmp_path) -> None:
    images = write_images((1,), PixelSpacing=[0.8, 0.8])
    runner = CliRunner()
    sidecar = tmp_path / "sidecar.csv"
    sidecar.write_text("label,role,site\nT01,target,\nN01,non_target,liver\n")
    words = ["import", str(files / "cornerstone_bidirectional.dcm"), "-o", str(tmp_path / "in")]
    done = runner.invoke(app, [*words, "--images", str(images), "--sidecar", str(sidecar)])
    assert done.exit_code == 0, done.output
    reports = str(tmp_path / "sr")
    done = runner.invoke(app, ["export", str(tmp_path / "in"), "--sr", reports, "--images", str(images)])
    assert done.exit_code == 0, done.output
    assert "1 report, 2 lesions" in done.output
    before = pd.read_csv(tmp_path / "in" / "measurements.csv")
    after = read_annotations(tmp_path / "sr", images=images).measurements
    same = ["lesion", "role", "site", "long_axis_mm", "short_axis_mm", "tracking_uid", "sop_instance_uid"]
    assert after[same].to_numpy().tolist() == before[same].to_numpy().tolist()


def test_reports_without_images_are_wrong_usage(tmp_path) -> None:
    done = CliRunner().invoke(app, ["export", "m.csv", "--sr", str(tmp_path / "sr")])
    assert isinstance(done.exception, UsageError)
    assert "--images" in str(done.exception)
