"""The command ``recist index`` as a user meets it."""

import json
from pathlib import Path

import numpy as np
import pytest
from pydicom import Dataset, FileMetaDataset
from pydicom.uid import ExplicitVRLittleEndian, generate_uid
from typer.testing import CliRunner

from recist.cli.main import run

CT = "1.2.840.10008.5.1.4.1.1.2"


def write_slice(path: Path, height_mm: float) -> None:
    dataset = Dataset()
    dataset.SOPClassUID, dataset.SOPInstanceUID = CT, generate_uid()
    dataset.Modality, dataset.AcquisitionDate = "CT", "20200303"
    dataset.PatientName, dataset.PatientID = "Planted^Name", "PLANTED"
    dataset.SeriesInstanceUID = "1.2.826.0.1.3680043.8.498.12345"
    dataset.ImagePositionPatient, dataset.ImageOrientationPatient = [0, 0, height_mm], [1, 0, 0, 0, 1, 0]
    dataset.PixelSpacing, dataset.SliceThickness = [0.5, 0.5], 5
    dataset.RescaleSlope, dataset.RescaleIntercept = 1, -1024
    dataset.SamplesPerPixel, dataset.PhotometricInterpretation = 1, "MONOCHROME2"
    dataset.Rows, dataset.Columns = 4, 5
    dataset.BitsAllocated, dataset.BitsStored, dataset.HighBit, dataset.PixelRepresentation = 16, 16, 15, 1
    dataset.PixelData = np.arange(20, dtype=np.int16).tobytes()
    dataset.file_meta = FileMetaDataset()
    dataset.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
    dataset.save_as(path, enforce_file_format=True)


@pytest.fixture
def recist(monkeypatch, capsys):
    """Run the command as from a shell: (exit code, standard output, standard error)."""

    def call(*words: str) -> tuple[int, str, str]:
        monkeypatch.setattr("sys.argv", ["recist", *words])
        with pytest.raises(SystemExit) as ended:
            run()
        said = capsys.readouterr()
        return int(ended.value.code or 0), said.out, said.err

    return call


def test_a_folder_of_slices_is_summed_up_and_written_as_json(tmp_path, recist):
    for number in range(3):
        write_slice(tmp_path / f"{number}.dcm", 5.0 * number)
    (tmp_path / "cut.dcm").write_bytes((tmp_path / "0.dcm").read_bytes()[:-4])
    out = tmp_path / "out" / "index.json"
    code, said, _ = recist("index", str(tmp_path), "--json", str(out))
    assert code == 0
    assert "4 files: 3 accepted, 0 ignored, 1 rejected" in said
    assert "regular" in said
    assert "-1024 to -1005" in said
    assert "cut.dcm: Its pixel data are truncated: 36 of 40 bytes." in said
    assert "planted" not in said.lower()
    index = json.loads(out.read_text())
    assert len(index["files"]) == 4
    assert index["series"][0]["class"] == ["regular"]
    assert index["series"][0]["spacing_mm"] == [5, 0.5, 0.5]
    assert "planted" not in out.read_text().lower()


def test_headers_only_gives_the_geometry_without_values(tmp_path, recist):
    write_slice(tmp_path / "a.dcm", 0)
    code, said, _ = recist("index", str(tmp_path), "--headers-only")
    assert code == 0
    assert "single" in said
    assert "-1024" not in said


@pytest.mark.parametrize("case", ["missing", "file", "empty", "no ct"])
def test_a_place_without_ct_is_one_sentence_and_exit_code_1(tmp_path, recist, case):
    place = tmp_path / "place"
    if case == "file":
        place.write_text("text")
    elif case != "missing":
        place.mkdir()
    if case == "no ct":
        (place / "readme.txt").write_text("text")
    code, _, fault = recist("index", str(place))
    sentences = {
        "missing": f"error: There is no folder {place}.",
        "file": f"error: {place} is a file; name the folder that holds the DICOM files.",
        "empty": f"error: The folder {place} is empty.",
        "no ct": f"error: There is no CT image in {place} that can be read.",
    }
    assert code == 1
    assert sentences[case] in fault
    assert "Traceback" not in fault


def test_a_folder_as_the_json_file_is_wrong_usage(tmp_path, recist):
    write_slice(tmp_path / "a.dcm", 0)
    code, _, fault = recist("index", str(tmp_path), "--json", str(tmp_path))
    assert code == 2
    assert "name a file for --json" in fault


def test_the_help_explains_what_a_class_allows():
    from recist.cli.main import app

    done = CliRunner().invoke(app, ["index", "--help"])
    assert done.exit_code == 0
    assert "regular" in done.output


def test_ignored_files_are_counted_by_reason_and_the_place_of_the_json_is_told(tmp_path, recist):
    folder = tmp_path / "scans"
    folder.mkdir()
    write_slice(folder / "a.dcm", 0)
    for name in ("b.dcm", "c.dcm"):
        (folder / name).write_bytes((folder / "a.dcm").read_bytes())
    for name in ("readme.txt", "notes.txt", "list.csv"):
        (folder / name).write_text("text")
    out = tmp_path / "index.json"
    code, said, _ = recist("index", str(folder), "--json", str(out))
    assert code == 0
    assert f"Index written: {out}" in said
    lines = said[said.index("Ignored files:") :].splitlines()
    assert lines[1].startswith("  3 × ")
    assert lines[2] == "  2 × An identical copy of another file."


def test_the_help_tells_the_exit_codes_and_that_rejected_files_keep_it_0():
    from recist.cli.main import app

    said = " ".join(CliRunner().invoke(app, ["index", "--help"]).output.split())
    assert "Exit codes: 0" in said
    assert "also where files were rejected" in said
