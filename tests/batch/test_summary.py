"""The summary of a run counts everything that was refused, with each reason and where it stands in the manifest."""

import json
import shutil
from pathlib import Path

import pandas as pd
import pytest
from typer.testing import CliRunner

from recist.batch import measure_manifest
from recist.batch.manifests import measure_into
from recist.batch.plan import make_plan
from recist.batch.pool import OwnProcess
from recist.cli.main import app
from sample_dicom import committed_slices


@pytest.fixture
def study(tmp_path: Path) -> Path:
    shutil.copytree(committed_slices(), tmp_path / "study")
    return tmp_path / "study"


def add_rows(study: Path, *rows: dict[str, str]) -> Path:
    table = pd.read_csv(study / "manifest.csv", dtype=str, keep_default_na=False)
    more = pd.DataFrame([dict.fromkeys(table, "") | {"date": "2020-01-01", "role": "target"} | row for row in rows])
    pd.concat([table, more]).to_csv(study / "manifest.csv", index=False)
    return study / "manifest.csv"


def test_every_refusal_of_a_mask_is_counted_with_its_reason_and_row(study: Path, tmp_path: Path) -> None:
    manifest = pd.read_csv(study / "manifest.csv")
    image, n_rows = str(manifest["image"][0]), len(manifest)
    (study / "broken.nrrd").write_bytes(b"nothing of the kind")
    (study / "text.dcm").write_text("no DICOM")
    before = measure_manifest(study / "manifest.csv").measurements
    file = add_rows(
        study,
        {"subject": "A", "timepoint": "later", "image": image, "mask": "broken.nrrd", "lesion": "T9"},
        {"subject": "NEW", "timepoint": "baseline", "image": image, "mask": "text.dcm"},
        {"subject": "A", "timepoint": "last", "mask": "broken.nrrd", "lesion": "T9"},
    )
    first = n_rows + 2  # the header is row 1
    _, summary = measure_into(tmp_path / "out", make_plan(file, convention="quarter"), OwnProcess)
    assert summary is not None
    assert (summary.series, summary.measured_in_part, summary.refused, summary.failed) == (3, 1, 1, 0)
    assert (summary.masks, summary.masks_refused, summary.masks_unnamed) == (5, 3, 1)
    assert (summary.measured, summary.not_evaluable, summary.subjects_missing) == (len(before), 2, 1)
    told = [(each.series, each.masks, each.lesions, each.rows) for each in summary.refusals]
    assert told == [(2, 2, 2, (first, first + 2)), (1, 1, 0, (first + 1,))]
    assert "text.dcm" in summary.refusals[1].reason
    assert json.loads((tmp_path / "out" / "summary.json").read_text())["refusals"][1]["rows"] == [first + 1]


def test_the_screen_says_how_many_masks_were_refused_and_whose_lesions_are_missing(tmp_path: Path) -> None:
    (tmp_path / "broken.nrrd").write_bytes(b"nothing of the kind")
    (tmp_path / "manifest.csv").write_text(
        "subject,timepoint,date,mask,lesion,role\nS1,baseline,2020-01-01,broken.nrrd,,target\n", encoding="utf-8"
    )
    done = CliRunner().invoke(app, ["measure", str(tmp_path / "manifest.csv"), "-o", str(tmp_path / "out")])
    assert done.exit_code == 1
    assert "Series: 1; 0 measured, 1 refused, 0 failed." in done.output
    assert "Masks: 1; 1 refused whole." in done.output
    assert "1 refused mask, whose lesions no row names; 1 subject of the manifest is not in the table" in done.output
    assert "1 mask of 1 series: " in done.output
    assert "(manifest row 2)" in done.output
    problems = pd.read_csv(tmp_path / "out" / "problems.csv")
    assert problems["code"].tolist() == ["mask_refused_unnamed"]


def test_a_series_without_volumes_is_warned_of_once_with_the_reason(study: Path) -> None:
    folder = study / str(pd.read_csv(study / "manifest.csv")["image"][0])
    slices = sorted(folder.glob("*.dcm"))
    slices[len(slices) // 2].write_bytes(slices[len(slices) // 2].read_bytes()[:-100])
    found = measure_manifest(study / "manifest.csv")
    warned = [problem for problem in found.problems if problem.code == "no_volume"]
    assert [(problem.row, problem.field, problem.severity) for problem in warned] == [(2, "image", "warning")]
    assert "slices are missing (1); lengths within one slice remain valid." in warned[0].message
    assert "truncated" in warned[0].message
