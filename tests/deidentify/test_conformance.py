"""De-identified files against other programs: no new error of dciodvfy, and the same measurements as before."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest
from pydicom import dcmread

from recist.deidentify import StudyKey
from recist.deidentify.file import deidentify_file
from recist.dicom.series import read_series
from recist.lesions import lesions_of_mask

SAMPLE = Path(__file__).parents[2] / "sample_dicom" / "slices" / "dicom"


def errors(path: Path) -> list[str]:
    """Give the errors that dciodvfy finds, without numbers of the file."""
    found = subprocess.run(["dciodvfy", "-new", str(path)], capture_output=True, text=True, check=False, timeout=60)
    return sorted(re.sub(r"[\d.]{4,}", "", line) for line in found.stderr.splitlines() if line.startswith("Error"))


@pytest.fixture
def pair(tmp_path: Path, key: StudyKey) -> dict[Path, Path]:
    """Give every file of one patient of the sample, and what came of it."""
    files = sorted(SAMPLE.rglob("*.dcm"))
    patient = dcmread(next(one for one in files if dcmread(one, stop_before_pixels=True).Modality == "SEG")).PatientID
    mine = [one for one in files if dcmread(one, stop_before_pixels=True).PatientID == patient]
    return {one: tmp_path / deidentify_file(one, tmp_path, key, False) for one in mine}


def test_dciodvfy_finds_no_error_that_was_not_there_before(pair: dict[Path, Path]) -> None:
    assert shutil.which("dciodvfy")
    kinds = set()
    for before, after in pair.items():
        modality = dcmread(before, stop_before_pixels=True).Modality
        if modality not in kinds:
            kinds.add(modality)
            assert not set(errors(after)) - set(errors(before))
    assert {"CT", "SEG"} <= kinds


def test_lesions_measure_the_same_after_as_before(pair: dict[Path, Path]) -> None:
    before, after = measure(list(pair)), measure(list(pair.values()))
    assert before
    assert before == after


def measure(files: list[Path]) -> list[tuple[object, ...]]:
    """Measure every lesion of every segmentation on the slices that it names."""
    found = []
    for mask in files:
        dataset = dcmread(mask)
        if dataset.Modality != "SEG":
            continue
        series_uid = dataset.ReferencedSeriesSequence[0].SeriesInstanceUID
        slices = [one for one in files if dcmread(one, stop_before_pixels=True).SeriesInstanceUID == series_uid]
        lesions = lesions_of_mask(mask, read_series(slices), "quarter")
        found += [(lesion.names, repr(lesion.axes), lesion.reason, lesion.thickness_mm) for lesion in lesions]
    return sorted(found)
