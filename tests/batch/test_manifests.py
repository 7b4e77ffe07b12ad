"""Measuring a manifest: every lesion is there, measured or with the reason why not."""

import shutil
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import SimpleITK as sitk
from typer.testing import CliRunner

from recist.batch import measure_manifest
from recist.cli.main import app
from recist.errors import DataError
from sample_dicom import committed_slices

HEADER = "subject,timepoint,date,image,mask,label,lesion,role,site,nodal,state\n"


@pytest.fixture
def study(tmp_path: Path) -> Path:
    shutil.copytree(committed_slices(), tmp_path / "study")
    return tmp_path / "study"


def write_manifest(folder: Path, *rows: str) -> Path:
    path = folder / "my manifest.csv"
    path.write_text(HEADER + "".join(row + "\n" for row in rows), encoding="utf-8")
    return path


def write_label_image(path: Path) -> None:
    labels = np.zeros((5, 30, 40), dtype=np.uint8)
    labels[2, 10:15, 5:25] = 3
    image = sitk.GetImageFromArray(labels)
    image.SetSpacing((0.5, 0.8, 4.0))
    sitk.WriteImage(image, str(path))


def test_the_committed_lesions_are_found_within_half_a_pixel(study: Path) -> None:
    found = measure_manifest(study / "manifest.csv").measurements
    truth = pd.read_csv(study / "truth.csv")
    assert set(found["lesion"]) == set(truth["lesion"])
    both = found.merge(truth, on=["subject", "timepoint", "lesion"], suffixes=("", "_true"))
    half_a_pixel_mm = 0.5 * 1.65
    assert (both["long_axis_mm"] - both["long_axis_mm_true"]).abs().max() < half_a_pixel_mm
    assert (both["short_axis_mm"] - both["short_axis_mm_true"]).abs().max() < half_a_pixel_mm
    assert (both["sop_instance_uid"] == both["sop_instance_uid_true"]).all()


def test_workers_do_not_change_the_result(study: Path) -> None:
    alone, together = (measure_manifest(study / "manifest.csv", workers=n).measurements for n in (1, 2))
    pd.testing.assert_frame_equal(alone, together)


def test_a_label_image_is_measured_with_its_own_spacing(tmp_path: Path) -> None:
    write_label_image(tmp_path / "mask.nii.gz")
    manifest = write_manifest(tmp_path, "S1,baseline,2020-01-01,,mask.nii.gz,3,T1,target,liver,,")
    row = measure_manifest(manifest, convention="centre").measurements.iloc[0]
    assert row["long_axis_mm"] == pytest.approx(np.hypot(4 * 0.8, 19 * 0.5))
    assert row["volume_mm3"] == pytest.approx(100 * 0.5 * 0.8 * 4.0)
    assert row["slice_thickness_mm"] == 4.0


def test_an_absent_lesion_passes_through_with_its_state(tmp_path: Path) -> None:
    manifest = write_manifest(tmp_path, "S1,week 12,2020-04-01,,,,T1,target,lung,false,absent")
    row = measure_manifest(manifest).measurements.iloc[0]
    assert row["state"] == "absent"
    assert pd.isna(row["long_axis_mm"])


def test_a_lesion_that_cannot_be_measured_is_not_evaluable_and_stops_nobody(tmp_path: Path) -> None:
    write_label_image(tmp_path / "mask.nii.gz")
    (tmp_path / "broken.nrrd").write_bytes(b"NRRD0004\ntype: uint8\ndimension: 3\n")
    manifest = write_manifest(
        tmp_path,
        "S1,baseline,2020-01-01,,broken.nrrd,,T1,target,liver,,",
        "S2,baseline,2020-01-01,,mask.nii.gz,7,T1,target,liver,,",
        "S3,baseline,2020-01-01,,mask.nii.gz,3,T1,target,liver,,",
    )
    found = measure_manifest(manifest)
    assert found.measurements["state"].tolist() == ["not_evaluable", "not_evaluable", "measured"]
    assert [problem.row for problem in found.problems] == [2, 3]
    assert "no label '7'" in found.problems[1].message


def test_every_fault_of_a_manifest_is_told_at_once_and_nothing_is_written(tmp_path: Path) -> None:
    manifest = write_manifest(
        tmp_path,
        "S1,baseline,01/02/2020,ct,seg.dcm,,T1,target,liver,,",
        "S2,baseline,2020-01-01,,,,,main,liver,,",
    )
    with pytest.raises(DataError) as fault:
        measure_manifest(manifest)
    seen = {(problem.row, problem.field) for problem in fault.value.problems}
    assert seen == {(2, "date"), (2, "image"), (2, "mask"), (3, "role"), (3, "mask"), (3, "lesion")}
    done = CliRunner().invoke(app, ["measure", str(manifest), "-o", str(tmp_path / "out")])
    assert done.exit_code == 1
    assert not (tmp_path / "out").exists()


def test_a_lesion_named_twice_in_a_visit_is_an_error(tmp_path: Path) -> None:
    write_label_image(tmp_path / "mask.nii.gz")
    row = "S1,baseline,2020-01-01,,mask.nii.gz,3,T1,target,liver,,"
    problems = measure_manifest(write_manifest(tmp_path, row, row)).problems
    assert [(problem.row, problem.code) for problem in problems] == [(3, "repeated_lesion")]


def test_one_name_for_a_mask_of_several_lesions_is_refused(tmp_path: Path) -> None:
    labels = np.zeros((3, 20, 20), dtype=np.uint8)
    labels[1, 2:5, 2:9], labels[1, 12:15, 2:9] = 1, 2
    sitk.WriteImage(sitk.GetImageFromArray(labels), str(tmp_path / "mask.nrrd"))
    found = measure_manifest(write_manifest(tmp_path, "S1,baseline,2020-01-01,,mask.nrrd,,T1,target,liver,,"))
    assert found.measurements["state"].tolist() == ["not_evaluable"]
    assert "several lesions" in found.problems[0].message


def test_lesions_nobody_can_name_are_a_problem_and_no_row(tmp_path: Path) -> None:
    (tmp_path / "broken.nrrd").write_bytes(b"nothing of the kind")
    found = measure_manifest(write_manifest(tmp_path, "S1,baseline,2020-01-01,,broken.nrrd,,,target,liver,,"))
    assert len(found.measurements) == 0
    assert "no lesion of this mask was measured" in found.problems[0].message


def test_lesions_without_a_role_are_warned_of(tmp_path: Path) -> None:
    write_label_image(tmp_path / "mask.nii.gz")
    problems = measure_manifest(write_manifest(tmp_path, "S1,baseline,2020-01-01,,mask.nii.gz,3,T1,,liver,,")).problems
    assert [(problem.code, problem.severity) for problem in problems] == [("no_role", "warning")]
    assert problems[0].expected == "target, non_target, new"
