"""DICOM files without identities: nothing left, everything still linked, every interval as it was."""

import datetime
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from pydicom import Dataset, dcmread
from pydicom.uid import SecondaryCaptureImageStorage

from recist.deidentify import StudyKey
from recist.deidentify.file import deidentify_file
from recist.deidentify.folder import deidentify_folder
from recist.deidentify.key import STANDARD_UIDS, identity_of
from recist.errors import DicomError, UsageError

CANARIES = (b"KANARIENVOGEL", b"VOGELSANG", b"KUNIGUNDE", b"MRN4711", b"1.2.3.", b"19410203", b"20240131", b"20240601")
SAMPLE = Path(__file__).parents[2] / "sample_dicom" / "slices" / "dicom"


def uids(dataset: Dataset) -> set[str]:
    found: set[str] = set()
    for element in dataset.iterall():
        if element.VR == "UI" and element.value:
            values = [element.value] if isinstance(element.value, str) else element.value
            found.update(str(value) for value in values if not str(value).startswith(STANDARD_UIDS))
    return found


@pytest.fixture
def cleaned(
    make_ct: Callable[..., Dataset],
    make_report: Callable[..., Dataset],
    save: Callable[[Dataset, str], Path],
    key: StudyKey,
    tmp_path: Path,
) -> Path:
    for day in ("20240131", "20240601"):
        for number in (1, 2):
            save(make_ct(day=day, number=number), f"Vogelsang/{day}-{number}")
        save(make_report(day), f"Vogelsang/{day}-report")
    outcomes = deidentify_folder(tmp_path / "in", tmp_path / "out", key)
    assert [outcome.reason for outcome in outcomes] == [""] * 6
    return tmp_path / "out"


def test_no_identifier_is_left_anywhere_in_the_bytes_or_the_names_of_the_files(cleaned: Path) -> None:
    files = [path for path in cleaned.rglob("*") if path.is_file()]
    assert len(files) == 6
    for path in files:
        written = path.read_bytes().upper() + str(path.relative_to(cleaned)).upper().encode()
        assert [canary for canary in CANARIES if canary in written] == []
    assert not any(b"MAKER 1" in path.read_bytes() for path in files)


def test_the_interval_between_two_scans_is_what_it_was_and_the_time_of_day_too(
    cleaned: Path, read_all: Callable[[Path], list[Dataset]]
) -> None:
    images = [one for one in read_all(cleaned) if one.Modality == "CT"]
    days = sorted({datetime.date.fromisoformat(one.StudyDate) for one in images})
    assert (days[1] - days[0]).days == 122  # from 31 January to 1 June of a leap year
    assert days[0] != datetime.date(2024, 1, 31)
    assert {one.AcquisitionTime for one in images} == {"233000.5"}
    assert {one.AcquisitionDateTime for one in images} == {f"{one.AcquisitionDate}233000.5" for one in images}


def test_references_lead_to_the_files_they_led_to(cleaned: Path, read_all: Callable[[Path], list[Dataset]]) -> None:
    images = {one.SOPInstanceUID: one for one in read_all(cleaned) if one.Modality == "CT"}
    first = [one for one in images.values() if one.InstanceNumber == 1]
    assert len(first) == 2
    for image in first:
        other = images[image.SourceImageSequence[0].ReferencedSOPInstanceUID]
        assert (other.InstanceNumber, other.SeriesInstanceUID) == (2, image.SeriesInstanceUID)
    assert len({one.FrameOfReferenceUID for one in images.values()}) == 1
    assert len({one.PatientID for one in images.values()}) == 1
    tracked = {one.ContentSequence[3].UID for one in read_all(cleaned) if one.Modality == "SR"}
    assert len(tracked) == 1
    assert tracked != {"1.2.3.5.1"}


def test_pixels_geometry_and_kernel_stay(
    cleaned: Path, make_ct: Callable[..., Dataset], read_all: Callable[[Path], list[Dataset]]
) -> None:
    image = next(one for one in read_all(cleaned) if one.Modality == "CT" and one.InstanceNumber == 1)
    before = make_ct()
    for keyword in ("PixelData", "ImagePositionPatient", "PixelSpacing", "ConvolutionKernel", "RescaleIntercept"):
        assert image[keyword].value == before[keyword].value
    assert image.ProtocolName == "thin chest"
    assert image.StudyDescription == "CT chest"
    assert image.ManufacturerModelName == "CT"


def test_the_file_says_that_and_how_it_was_done(cleaned: Path, read_all: Callable[[Path], list[Dataset]]) -> None:
    for one in read_all(cleaned):
        assert (one.PatientIdentityRemoved, one.LongitudinalTemporalInformationModified) == ("YES", "MODIFIED")
        assert {"113100", "113107"} <= {code.CodeValue for code in one.DeidentificationMethodCodeSequence}
        assert one.file_meta.MediaStorageSOPInstanceUID == one.SOPInstanceUID
        assert not one.get("PatientBirthDate")
        assert "PatientAge" not in one


def test_a_report_can_still_be_read(cleaned: Path, read_all: Callable[[Path], list[Dataset]]) -> None:
    report = next(one for one in read_all(cleaned) if one.Modality == "SR")
    items = report.ContentSequence
    assert items[1].TextValue == "Cornerstone3DTools@^0.1.0:Bidirectional:T01"
    assert items[2].TextValue.startswith("Cornerstone3DTools@^0.1.0:Bidirectional:L")
    assert items[4].ConceptNameCodeSequence[0].CodeMeaning == "Long Axis"
    measured = items[4].MeasuredValueSequence[0]
    assert (float(measured.NumericValue), measured.MeasurementUnitsCodeSequence[0].CodeValue) == (31.5, "mm")
    assert report.VerificationFlag == "UNVERIFIED"
    path = next(path for path in cleaned.rglob("*.dcm") if dcmread(path).Modality == "SR")
    shown = subprocess.run(["dsrdump", "-Er", str(path)], capture_output=True, text=True, check=False)
    assert "Long Axis" in shown.stdout, shown.stderr


def test_the_same_key_makes_the_same_of_a_patient_whatever_the_order_and_another_key_another(
    make_ct: Callable[..., Dataset], save: Callable[[Dataset, str], Path], key: StudyKey, tmp_path: Path
) -> None:
    first, second = save(make_ct(), "a"), save(make_ct("MRN9876"), "b")
    for name in ("one", "two", "three"):
        (tmp_path / name).mkdir()
    one = [deidentify_file(path, tmp_path / "one", key, False) for path in (first, second)]
    two = [deidentify_file(path, tmp_path / "two", key, False) for path in (second, first)]
    assert one == two[::-1]
    assert (tmp_path / "one" / one[0]).read_bytes() == (tmp_path / "two" / one[0]).read_bytes()
    assert not set(one) & {deidentify_file(first, tmp_path / "three", StudyKey(secret=bytes(32)), False)}


def test_cleaning_twice_with_one_key_keeps_one_patient_one_patient(key: StudyKey) -> None:
    assert key.pseudonym("A1") == key.pseudonym("A1")
    assert key.pseudonym(identity_of(" A1 ")) == key.pseudonym("A1")
    assert key.pseudonym(identity_of("A1", "HOSPITAL")) != key.pseudonym("A1")


def test_age_of_93_is_told_as_90_where_characteristics_are_kept(
    make_ct: Callable[..., Dataset], save: Callable[[Dataset, str], Path], key: StudyKey, tmp_path: Path
) -> None:
    result = dcmread(tmp_path / deidentify_file(save(make_ct(), "a"), tmp_path, key, True))
    assert (result.PatientAge, result.PatientSex, float(result.PatientWeight)) == ("090Y", "F", 61)


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"SOPClassUID": SecondaryCaptureImageStorage}, "captured page"),
        ({"BurnedInAnnotation": "YES"}, "burned into its pixels"),
        ({"ImageType": ["DERIVED", "SECONDARY", "SCREEN SAVE"]}, "a page for people"),
        ({"ImageType": ["DERIVED", "SECONDARY"], "SamplesPerPixel": 3}, "a page, not a scan"),
        ({"PatientID": ""}, "has no PatientID"),
        ({"SOPClassUID": "1.2.840.10008.5.1.4.1.1.104.1"}, "no safe way is known"),
    ],
)
def test_what_cannot_be_made_safe_is_refused(
    changes: dict[str, object], reason: str, make_ct: Callable[..., Dataset], key: StudyKey, tmp_path: Path
) -> None:
    image = make_ct()
    for keyword, value in changes.items():
        setattr(image, keyword, value)
    image.save_as(tmp_path / "a", enforce_file_format=True)
    (tmp_path / "out").mkdir()
    with pytest.raises(DicomError, match=reason):
        deidentify_file(tmp_path / "a", tmp_path / "out", key, False)
    assert list((tmp_path / "out").iterdir()) == []


def test_a_file_that_is_none_is_refused_and_the_rest_is_served(
    make_ct: Callable[..., Dataset], save: Callable[[Dataset, str], Path], key: StudyKey, tmp_path: Path
) -> None:
    save(make_ct(), "good")
    (tmp_path / "in" / "notes.txt").write_text("no image")
    (tmp_path / "in" / "short").write_bytes(b"\0" * 128 + b"DICM" + b"\2\0\0\0UL")
    outcomes = {outcome.source: outcome for outcome in deidentify_folder(tmp_path / "in", tmp_path / "out", key)}
    assert outcomes["good"].result
    assert outcomes["notes.txt"].reason == "it is not a DICOM file"
    assert outcomes["short"].reason
    assert not outcomes["short"].result


def test_two_images_of_one_uid_are_not_mixed_up(
    make_ct: Callable[..., Dataset], save: Callable[[Dataset, str], Path], key: StudyKey, tmp_path: Path
) -> None:
    other = make_ct()
    other.RescaleIntercept = 0
    paths = [save(make_ct(), "a"), save(make_ct(), "b")]
    assert deidentify_file(paths[0], tmp_path, key, False) == deidentify_file(paths[1], tmp_path, key, False)
    with pytest.raises(DicomError, match="not the same"):
        deidentify_file(save(other, "c"), tmp_path, key, False)


def test_results_may_not_lie_among_the_originals(key: StudyKey, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="lie in each other"):
        deidentify_folder(tmp_path, tmp_path / "out", key)


def test_segmentations_of_the_sample_still_name_their_slices(
    key: StudyKey, tmp_path: Path, read_all: Callable[[Path], list[Dataset]]
) -> None:
    shutil.copytree(SAMPLE, tmp_path / "in")
    assert not any(outcome.reason for outcome in deidentify_folder(tmp_path / "in", tmp_path / "out", key))
    files = read_all(tmp_path / "out")
    slices = {one.SOPInstanceUID for one in files if one.Modality == "CT"}
    for segmentation in (one for one in files if one.Modality == "SEG"):
        named = {
            str(element.value) for element in segmentation.iterall() if element.keyword == "ReferencedSOPInstanceUID"
        }
        assert named
        assert named <= slices
    before = set().union(*(uids(dcmread(path)) for path in SAMPLE.rglob("*.dcm")))
    assert not before & set().union(*(uids(one) for one in files))
