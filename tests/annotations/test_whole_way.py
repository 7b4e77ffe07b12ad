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
