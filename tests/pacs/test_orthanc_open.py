"""Round trips with a real archive that lets everybody in."""

from __future__ import annotations

import csv
import shutil
from pathlib import Path

import pydicom
import pytest
from pydicom.uid import UID, JPEGLSLossless, RLELossless, generate_uid

CT = "1.2.840.10008.5.1.4.1.1.2"
SECONDARY_CAPTURE = "1.2.840.10008.5.1.4.1.1.7"
COMPREHENSIVE_SR = "1.2.840.10008.5.1.4.1.1.88.33"
AGAIN = "what is at the archive is pulled again"
WAYS = ("web", "get", "move")


def pull_words(orthanc, way):
    if way == "web":
        return ("pull", orthanc.web)
    return ("pull", orthanc.dicom, "--method", way, "--port", orthanc.storage_port)


def push_address(orthanc, way):
    return orthanc.web if way == "web" else orthanc.dicom


def pulled_files(folder):
    return {path.stem: path for path in Path(folder).rglob("*.dcm")}


def rows(folder):
    with (Path(folder) / "pulled.csv").open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


def data_set(path):
    """Give the encoded data set behind the file meta information, found by pydicom."""
    with Path(path).open("rb") as file:
        pydicom.filereader.read_preamble(file, False)
        pydicom.filereader._read_file_meta_info(file)
        return file.read()


def write_report(study, path):
    """Write a small structured report of the study."""
    first = pydicom.dcmread(study.paths[0], stop_before_pixels=True)
    report = pydicom.Dataset()
    for keyword in ("PatientID", "PatientName", "StudyInstanceUID", "StudyDate", "StudyTime"):
        report[keyword] = first[keyword]
    report.SOPClassUID, report.SOPInstanceUID = COMPREHENSIVE_SR, generate_uid()
    report.SeriesInstanceUID, report.Modality, report.ValueType = generate_uid(), "SR", "CONTAINER"
    report.ContinuityOfContent = "SEPARATE"
    report.file_meta = pydicom.dataset.FileMetaDataset()
    report.file_meta.TransferSyntaxUID = UID("1.2.840.10008.1.2.1")
    report.save_as(path, enforce_file_format=True)
    return report.SOPInstanceUID


def write_segmentation(study, path):
    """Write the sample segmentation as one of this study."""
    sample = pydicom.dcmread(next(Path(__file__).parents[2].glob("sample_dicom/slices/dicom/*/baseline/*.seg.dcm")))
    sample.PatientID, sample.StudyInstanceUID = study.patient_id, study.study_uid
    sample.SeriesInstanceUID = generate_uid()
    sample.SOPInstanceUID = sample.file_meta.MediaStorageSOPInstanceUID = generate_uid()
    sample.save_as(path)
    return sample.SOPInstanceUID


@pytest.mark.parametrize("way", WAYS)
def test_what_was_pushed_comes_back_the_same_byte_for_byte(way, open_orthanc, study, recist, tmp_path):
    report = write_report(study, study.folder / "report.dcm")
    segmentation = write_segmentation(study, study.folder / "mask.dcm")
    pushed = recist("push", push_address(open_orthanc, way), study.folder)
    assert pushed.code == 0, pushed.err
    assert "8 objects: 8 stored; 8 found there by a search" in pushed.out

    done = recist(*pull_words(open_orthanc, way), "--patient", study.patient_id, "-o", tmp_path / "came")
    assert done.code == 0, done.err
    came = pulled_files(tmp_path / "came")
    sent = {pydicom.dcmread(path, stop_before_pixels=True).SOPInstanceUID: path for path in study.folder.glob("*.dcm")}
    assert set(came) == set(sent)
    assert {report, segmentation} <= set(came)
    for uid, path in sent.items():
        assert data_set(came[uid]) == data_set(path)
    if way == "web":
        assert all(came[uid].read_bytes() == path.read_bytes() for uid, path in sent.items())
    table = {row["modality"]: row for row in rows(tmp_path / "came")}
    assert set(table) == {"CT", "SEG", "SR"}
    assert table["CT"]["n_here"] == "6"
    assert table["CT"]["subject"] == study.patient_id
    day = pydicom.dcmread(study.paths[0]).StudyDate
    assert table["CT"]["date"] == f"{day[:4]}-{day[4:6]}-{day[6:]}"
    assert {row["state"] for row in table.values()} == {"complete"}


@pytest.mark.parametrize("way", WAYS)
def test_compressed_images_travel_as_they_are(way, open_orthanc, recist, tmp_path, make_study):
    lossless = make_study("jls", n_slices=2, syntax=JPEGLSLossless)
    run_length = make_study("rle", n_slices=1, syntax=RLELossless)
    pushed = recist("push", push_address(open_orthanc, way), lossless.folder, run_length.folder)
    assert pushed.code == 0, pushed.err
    for study, syntax in ((lossless, JPEGLSLossless), (run_length, RLELossless)):
        done = recist(*pull_words(open_orthanc, way), "--study", study.study_uid, "-o", tmp_path / "came")
        assert done.code == 0, done.err
        came = pulled_files(tmp_path / "came" / study.study_uid)
        assert len(came) == len(study.paths)
        for path in study.paths:
            dataset = pydicom.dcmread(path)
            back = pydicom.dcmread(came[dataset.SOPInstanceUID])
            assert back.file_meta.TransferSyntaxUID == syntax
            assert back.PixelData == dataset.PixelData


@pytest.mark.parametrize("way", ["web", "get"])
def test_an_object_that_is_there_is_not_overwritten_and_the_difference_is_told(
    way, open_orthanc, study, recist, tmp_path
):
    address = push_address(open_orthanc, way)
    assert recist("push", address, study.folder).code == 0
    again = recist("push", address, study.folder)
    assert again.code == 0
    assert "6 already there" in again.out
    corrected = pydicom.dcmread(study.paths[2])
    corrected.SeriesDescription = "corrected"
    corrected.save_as(study.paths[2])
    told = recist("push", address, study.folder, "--table", tmp_path / "told.csv")
    assert told.code == 1
    assert "3.dcm: already there with other content" in told.err
    assert "give corrected objects a new SOPInstanceUID" in told.err
    assert "5 already there, 1 already there with other content" in told.out
    with (tmp_path / "told.csv").open() as file:
        states = {row["file"]: row["state"] for row in csv.DictReader(file)}
    assert states["3.dcm"] == "already there with other content"
    recist(*pull_words(open_orthanc, way), "--study", study.study_uid, "-o", tmp_path / "came")
    kept = pydicom.dcmread(pulled_files(tmp_path / "came")[corrected.SOPInstanceUID])
    assert kept.SeriesDescription != "corrected"


@pytest.mark.parametrize("way", ["web", "get"])
def test_only_what_is_missing_or_broken_is_pulled_again(way, open_orthanc, study, recist, tmp_path):
    recist("push", open_orthanc.web, study.folder)
    words = (*pull_words(open_orthanc, way), "--study", study.study_uid, "-o", tmp_path / "came")
    assert recist(*words).code == 0
    came = sorted(pulled_files(tmp_path / "came").values())
    came[0].unlink()
    came[1].write_bytes(came[1].read_bytes()[:-1000])
    untouched = came[2].stat().st_mtime_ns
    done = recist(*words)
    assert done.code == 0
    assert "6 of 6 objects in 1 series are here and whole, 2 of them new" in done.out
    assert "warning: " in done.err
    assert f"a file that was here is broken, as by being cut off, and now named .broken; {AGAIN}" in done.err
    assert came[1].stem[-12:] in done.err
    assert came[2].stat().st_mtime_ns == untouched
    pixels = {len(pydicom.dcmread(path).PixelData) for path in pulled_files(tmp_path / "came").values()}
    assert pixels == {208 * 208 * 2}
    last = recist(*words)
    assert last.out.count("0 of them new") == 1
    assert "broken" not in last.err


@pytest.mark.parametrize("way", ["web", "get"])
def test_questions_are_answered_by_patient_date_modality_study_and_series(way, open_orthanc, study, recist):
    recist("push", open_orthanc.web, study.folder)
    list_words = (*pull_words(open_orthanc, way), "--list")
    day = pydicom.dcmread(study.paths[0]).StudyDate
    date = f"{day[:4]}-{day[4:6]}-{day[6:]}"
    of_patient = ("--patient", study.patient_id)
    for question in (
        of_patient,
        ("--patient", study.patient_id[:-1] + "?"),
        ("--study", study.study_uid),
        ("--study", study.study_uid, "--series", study.series_uid),
        (*of_patient, "--from", date, "--to", date),
        (*of_patient, "--modality", "ct"),
    ):
        done = recist(*list_words, *question)
        assert done.code == 0, (question, done.err)
        assert f"series {study.series_uid}  CT  6 objects" in done.out
        assert f"  date {date}\n" in done.out
        assert done.out.endswith("1 study, 1 series\n")
    for question in (
        (*of_patient, "--from", "2019-01-01"),
        (*of_patient, "--modality", "MR"),
        ("--accession", "none-such"),
        ("--patient", "NOBODY"),
    ):
        done = recist(*list_words, *question)
        assert done.code == 1
        assert "has nothing that fits" in done.err


def test_a_series_is_found_without_its_study_by_dicomweb(open_orthanc, study, recist):
    recist("push", open_orthanc.web, study.folder)
    done = recist("pull", open_orthanc.web, "--series", study.series_uid, "--list")
    assert f"study {study.study_uid}" in done.out


def test_more_studies_than_the_limit_are_refused(open_orthanc, study, recist, tmp_path, make_study):
    other = make_study("other", n_slices=1)
    recist("push", open_orthanc.web, study.folder, other.folder)
    for address in (open_orthanc.web, open_orthanc.dicom):
        done = recist("pull", address, "--patient", "P*", "--limit", "1", "-o", tmp_path / "came")
        assert done.code == 2
        assert "more than 1 studies fit" in done.err
        assert not (tmp_path / "came").exists()


@pytest.mark.parametrize("way", ["web", "get"])
def test_pictures_of_the_screen_stay_at_the_archive_unless_all_are_asked_for(  # noqa: PLR0917
    way, open_orthanc, study, recist, tmp_path, make_study
):
    page = pydicom.dcmread(study.paths[0])
    page.SOPClassUID = page.file_meta.MediaStorageSOPClassUID = SECONDARY_CAPTURE
    page.SOPInstanceUID = page.file_meta.MediaStorageSOPInstanceUID = generate_uid()
    page.save_as(study.folder / "page.dcm")
    recist("push", open_orthanc.web, study.folder)
    words = (*pull_words(open_orthanc, way), "--study", study.study_uid, "-o", tmp_path / "came")
    done = recist(*words)
    assert page.SOPInstanceUID not in pulled_files(tmp_path / "came")
    assert "left at the archive" in done.out
    assert rows(tmp_path / "came")[0]["n_left"] == "1"
    assert recist(*words, "--all").code == 0
    assert page.SOPInstanceUID in pulled_files(tmp_path / "came")


def test_a_folder_that_was_pulled_is_indexed_as_regular_series(open_orthanc, study, recist, tmp_path):
    recist("push", open_orthanc.web, study.folder)
    recist("pull", open_orthanc.web, "--study", study.study_uid, "-o", tmp_path / "came")
    done = recist("index", tmp_path / "came")
    assert done.code == 0
    assert "6 accepted" in done.out
    assert "regular" in done.out


def test_files_that_are_no_objects_are_named_and_the_others_sent(open_orthanc, study, recist):
    (study.folder / "notes.txt").write_text("not an image")
    cut = study.folder / "cut.dcm"
    cut.write_bytes(study.paths[0].read_bytes()[:2000])
    other = pydicom.dcmread(study.paths[1])
    other.SeriesDescription = "a second version"
    other.save_as(study.folder / "twin.dcm")
    done = recist("push", open_orthanc.web, study.folder)
    assert done.code == 1
    assert "notes.txt: not sent: it is not a DICOM file" in done.err
    assert "cut.dcm: not sent:" in done.err
    assert "twin.dcm: not sent: it has the SOPInstanceUID of 2.dcm and other bytes" in done.err
    assert "6 objects: 6 stored" in done.out


def test_a_wrong_title_of_the_archive_is_rejected_in_a_sentence(open_orthanc, study, recist, tmp_path):
    address = f"dicom://NOBODY@127.0.0.1:{open_orthanc.dicom_port}"
    for words in (("pull", address, "--echo"), ("push", address, study.folder)):
        done = recist(*words)
        assert done.code == 3
        assert "does not know itself by the title in the address" in done.err
        assert "Traceback" not in done.err


def test_the_connection_can_be_tried(open_orthanc, recist):
    assert "answers to DICOMweb searches" in recist("pull", open_orthanc.web, "--echo").out
    assert "answers to C-ECHO from RECIST" in recist("push", open_orthanc.dicom, "--echo").out


def test_images_by_c_move_need_a_port_that_is_free(open_orthanc, study, recist, tmp_path, taken_port):
    recist("push", open_orthanc.web, study.folder)
    words = ("pull", open_orthanc.dicom, "--study", study.study_uid, "-o", tmp_path / "came", "--method", "move")
    done = recist(*words, "--port", taken_port)
    assert done.code == 3
    assert f"port {taken_port} of this machine" in done.err


def test_a_title_that_the_archive_cannot_send_to_is_told(open_orthanc, study, recist, tmp_path):
    recist("push", open_orthanc.web, study.folder)
    words = ("pull", open_orthanc.dicom, "--study", study.study_uid, "-o", tmp_path / "came", "--method", "move")
    done = recist(*words, "--port", open_orthanc.storage_port, "--calling-ae", "UNKNOWN")
    assert done.code == 3
    assert "refuses to send" in done.err
    assert not pulled_files(tmp_path / "came")


def test_another_version_of_a_pulled_object_is_kept_aside_loudly(open_orthanc, study, tmp_path, recist, make_ground):
    recist("push", open_orthanc.web, study.folder)
    recist("pull", open_orthanc.web, "--study", study.study_uid, "-o", tmp_path / "came")
    first = sorted(pulled_files(tmp_path / "came").values())[0]
    changed = pydicom.dcmread(first)
    changed.SeriesDescription = "changed"
    landed = make_ground(tmp_path / "came", changed)
    assert landed == "already here with other content; kept aside"
    aside = list((tmp_path / "came" / "kept_aside").rglob("*.dcm"))
    assert [pydicom.dcmread(path).SeriesDescription for path in aside] == ["changed"]
    assert pydicom.dcmread(first).SeriesDescription != "changed"
    assert make_ground(tmp_path / "came", pydicom.dcmread(first)) == "already here, the same"
    shutil.rmtree(tmp_path / "came")
