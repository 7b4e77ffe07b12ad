"""Series that crash, hang or cannot be read: their reason stands in the tables, and no other series suffers."""

import json
import shutil
from pathlib import Path

import numpy as np
import pandas as pd
import pydicom
import pytest
from typer.testing import CliRunner

from recist.batch import measure_manifest, measuring
from recist.batch.folder import NAME
from recist.batch.manifests import measure_into
from recist.batch.plan import make_plan
from recist.batch.pool import OwnProcess
from recist.cli.main import app
from recist.lesions import FoundLesion
from recist.measure import axes_from_mask
from sample_dicom import committed_slices

HEADER = "subject,timepoint,date,image,mask,label,lesion,role,site,nodal,state\n"
WAYS = ("liver", "crash", "lung", "hang", "crash once", "spleen")


@pytest.fixture
def manifest(tmp_path: Path) -> Path:
    lines = [f"S{k},baseline,2020-01-01,,mask{k}.nrrd,1,T1,target,{way},,\n" for k, way in enumerate(WAYS)]
    for k in range(len(WAYS)):
        (tmp_path / f"mask{k}.nrrd").write_bytes(b"NRRD0004\n")
    (tmp_path / "manifest.csv").write_text(HEADER + "".join(lines), encoding="utf-8")
    return tmp_path / "manifest.csv"


def table(manifest: Path) -> pd.DataFrame:
    return pd.read_csv(manifest.parent / "out" / "measurements.csv", keep_default_na=False)


def lines(manifest: Path) -> list[dict[str, object]]:
    return [json.loads(line) for line in (manifest.parent / "out" / NAME / "main.jsonl").read_text().splitlines()]


def run(manifest: Path, *more: str) -> tuple[int, str]:
    words = ["measure", str(manifest), "-o", str(manifest.parent / "out"), "--workers", "2", "--time-limit", "1.5"]
    done = CliRunner().invoke(app, [*words, *more])
    return done.exit_code, done.output


@pytest.mark.usefixtures("misbehaving")
def test_a_crash_and_a_hang_cost_their_own_series_only(manifest: Path) -> None:
    code, output = run(manifest)
    assert code == 1
    found = table(manifest)
    assert found["state"].tolist() == ["measured", "not_evaluable", "measured", "not_evaluable", "measured", "measured"]
    assert "ended by SIGSEGV" in found["reason"][1]
    assert "once more, alone" in found["reason"][1]
    assert "took longer than 1.5 s" in found["reason"][3]
    assert "Series: 6; 4 measured, 0 refused, 2 failed." in output
    tries = {k: len((manifest.parent / f"tried-{k}").read_text()) for k in range(len(WAYS))}
    assert tries == {0: 1, 1: 2, 2: 1, 3: 1, 4: 2, 5: 1}  # a crash is tried again once, a hang is not
    counts = pd.Series([line["event"] for line in lines(manifest)]).value_counts()
    assert counts.drop("part").to_dict() == {
        "run": 1,
        "end": 1,
        "started": 8,
        "crashed": 2,
        "done": 4,
        "failed": 2,
    }
    assert run(manifest)[0] == 1
    assert len((manifest.parent / "tried-1").read_text()) == 2  # settled: not tried by the same command again
    run(manifest, "--retry-failed")
    assert len((manifest.parent / "tried-1").read_text()) == 4
    assert len((manifest.parent / "tried-0").read_text()) == 1


def test_a_fault_of_ours_is_named_by_place_without_its_text(manifest: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise ZeroDivisionError("Jane Doe 1950-01-01")

    monkeypatch.setattr(measuring, "_try_mask", fail)
    _, summary = measure_into(manifest.parent / "out", make_plan(manifest, convention="quarter"), OwnProcess)
    assert summary is not None
    assert summary.failed == len(WAYS)
    reason = table(manifest)["reason"][0]
    assert "ZeroDivisionError in test_failing_series.py" in reason
    assert "Doe" not in reason


def test_what_is_to_be_known_of_a_measured_lesion_is_a_warning(manifest: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    axes = axes_from_mask(np.ones((1, 3, 4), dtype=bool), (1.0, 1.0, 1.0))
    found = [FoundLesion(names=("1",), axes=axes, notes=("it was resampled",), tracking_uid="1.2.3")]
    monkeypatch.setattr(measuring, "_try_mask", lambda *_: found)
    _, summary = measure_into(manifest.parent / "out", make_plan(manifest, convention="quarter"), OwnProcess)
    assert summary is not None
    assert (summary.errors, summary.warnings) == (0, 6)
    assert "it was resampled" in (manifest.parent / "out" / "problems.csv").read_text()
    assert set(table(manifest)["tracking_uid"]) == {"1.2.3"}


def test_refused_series_are_told_by_reason(manifest: Path) -> None:
    _, summary = measure_into(manifest.parent / "out", make_plan(manifest, convention="quarter"), OwnProcess)
    assert summary is not None
    assert summary.refused == len(WAYS)
    assert [(refusal.series, refusal.rows) for refusal in summary.refusals] == [(6, (2, 3, 4, 5, 6, 7))]


@pytest.fixture
def one_folder(tmp_path: Path) -> Path:
    """The committed study, the folder of both series named as the image of both masks."""
    shutil.copytree(committed_slices(), tmp_path / "study")
    manifest = tmp_path / "study" / "manifest.csv"
    frame = pd.read_csv(manifest, dtype=str, keep_default_na=False)
    assert frame["image"].nunique() == 2
    frame.assign(image="dicom").to_csv(manifest, index=False)
    return manifest


def test_of_several_series_in_a_folder_each_mask_is_measured_on_the_one_it_names(one_folder: Path) -> None:
    found = measure_manifest(one_folder)
    expected = measure_manifest(committed_slices() / "manifest.csv")
    pd.testing.assert_frame_equal(found.measurements, expected.measurements)
    assert found.problems == expected.problems


def test_several_series_that_the_mask_does_not_tell_apart_are_refused_on_one_line(one_folder: Path) -> None:
    (one_folder.parent / "mask.nrrd").write_bytes(b"of no series in particular")
    for k in range(4):  # further series, by their identifiers
        for path in sorted((one_folder.parent / "dicom/PHANTOM/baseline/ct").glob("IM*.dcm"))[:1]:
            dataset = pydicom.dcmread(path)
            dataset.SeriesInstanceUID, dataset.SOPInstanceUID = f"1.2.3.{k}", f"1.2.3.{k}.1"
            dataset.save_as(path.with_name(f"other{k}.dcm"))
    with one_folder.open("a") as file:
        file.write("S2,baseline,2020-01-01,dicom,mask.nrrd,,T1,target,liver,,,\n")
    found = measure_manifest(one_folder)
    assert found.measurements["state"].tolist() == ["measured"] * 4 + ["not_evaluable"]
    (problem,) = (each for each in found.problems if each.severity == "error")
    assert "There are 6 series; name one by series_uid" in problem.message
    assert problem.message.endswith("; and 3 more")
    assert "\n" not in problem.message
