"""A folder of masks with a table that says what each is, measured without a manifest; and what is noted of lesions."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import SimpleITK as sitk
from typer.testing import CliRunner

from recist.batch import measure_manifest
from recist.batch.plan import make_plan
from recist.cli.main import app
from recist.errors import DataError, UsageError

SIDECAR = "file,label,subject,timepoint,date,lesion,role,site\n"


@pytest.fixture
def masks(tmp_path: Path) -> Path:
    """Two masks of one lesion: in one piece, and in two on one slice."""
    folder = tmp_path / "masks"
    for name, columns in (("base", slice(3, 9)), ("week8", slice(3, 5))):
        labels = np.zeros((3, 20, 30), np.uint8)
        labels[1, 4:7, columns] = 1
        if name == "week8":
            labels[1, 4:7, 20:22] = 1
        image = sitk.GetImageFromArray(labels)
        image.SetSpacing((1, 1, 5))
        (folder / "S1").mkdir(parents=True, exist_ok=True)
        sitk.WriteImage(image, str(folder / "S1" / f"{name}.nrrd"))
    rows = [
        "base.nrrd,1,S1,baseline,2024-01-08,T1,target,liver\n",
        "week8.nrrd,1,S1,week 8,2024-03-04,T1,target,liver\n",
    ]
    (tmp_path / "masks.csv").write_text(SIDECAR + "".join(rows), encoding="utf-8")
    return folder


def test_a_folder_of_masks_is_measured_by_the_table_that_says_what_they_are(masks: Path) -> None:
    out = masks.parent / "out"
    arguments = [str(masks), "--sidecar", str(masks.parent / "masks.csv"), "-o", str(out), "--convention", "centre"]
    arguments += ["--workers", "1"]
    ran = CliRunner().invoke(app, ["measure", *arguments])
    assert ran.exit_code == 0, ran.output
    table = pd.read_csv(out / "measurements.csv")
    assert table["timepoint"].tolist() == ["baseline", "week 8"]
    # 3 × 6 pixels of 1 mm; and from column 3 to column 21 across the gap
    assert table["long_axis_mm"].tolist() == pytest.approx([np.hypot(2, 5), np.hypot(2, 18)])
    assert table["n_pieces"].tolist() == [1, 2]


def test_a_mask_in_pieces_is_measured_with_a_warning_since_a_speck_makes_it_too_long(masks: Path) -> None:
    plan_file = masks / "manifest.csv"
    plan_file.write_text(
        "subject,timepoint,date,mask,label,lesion,role,site\nS1,week 8,2024-03-04,S1/week8.nrrd,1,T1,target,liver\n",
        encoding="utf-8",
    )
    found = measure_manifest(plan_file)
    assert "2 separate pieces" in found.measurements["notes"][0]
    assert [(problem.code, problem.severity) for problem in found.problems] == [("measured_with_note", "warning")]


def test_a_folder_needs_its_table_and_the_table_a_folder(masks: Path) -> None:
    with pytest.raises(UsageError, match="say with --sidecar"):
        make_plan(masks, convention="quarter")
    with pytest.raises(UsageError, match="is none"):
        make_plan(masks.parent / "masks.csv", convention="quarter", sidecar=masks.parent / "masks.csv")


def test_a_series_that_the_table_names_must_be_there(masks: Path) -> None:
    sidecar = masks.parent / "masks.csv"
    sidecar.write_text(
        "file,label,subject,timepoint,date,lesion,image\nbase.nrrd,1,S1,baseline,2024-01-08,T1,\n"
        "week8.nrrd,1,S1,week 8,2024-03-04,T1,ct/week8\n",
        encoding="utf-8",
    )
    with pytest.raises(DataError) as fault:
        make_plan(masks, convention="quarter", sidecar=sidecar)
    assert [(problem.row, problem.field, problem.code) for problem in fault.value.problems] == [
        (3, "image", "missing_file")
    ]


def test_another_threshold_or_resampling_is_another_run(masks: Path) -> None:
    plans = [
        make_plan(masks, convention="quarter", sidecar=masks.parent / "masks.csv", **more)
        for more in ({}, {"threshold": 0.4}, {"resample": True})
    ]
    assert len({plan.fingerprint for plan in plans}) == 3
