"""The study as a whole: its tables, its identities, and that it is made the same way every time."""

import hashlib
import shutil
from functools import partial

import pandas as pd
import pydicom
import pytest

import sample_dicom
from recist.errors import EnvironmentFault, UsageError
from sample_dicom import SEED, cache
from sample_dicom.ct_files import make_ct
from sample_dicom.plan import derive_visits, read_plan
from sample_dicom.protocols import PROTOCOLS
from sample_dicom.scene import derive_scene, draw_slice
from sample_dicom.study import make_study
from sample_dicom.truth import derive_manifest_rows, derive_truth_rows

VISITS = {(visit.key, visit.timepoint): visit for visit in derive_visits(read_plan())}
SUBJECT = VISITS["C", "baseline"].subject


def digest(folder):
    """Return a digest of every file by its place."""
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in folder.rglob("*")
        if path.is_file()
    }


@pytest.fixture(scope="module")
def study(tmp_path_factory):
    """One patient's three visits, drawn by two processes."""
    return make_study(tmp_path_factory.mktemp("study") / "study", subjects=[SUBJECT])


def test_the_study_does_not_depend_on_the_number_of_processes(study, tmp_path):
    alone = make_study(tmp_path / "alone", subjects=[SUBJECT], workers=1)
    assert digest(alone) == digest(study)


def test_every_row_of_the_manifest_leads_to_images_and_to_a_segment_of_its_name(study):
    manifest = pd.read_csv(study / "manifest.csv")
    assert len(manifest) == 9
    for row in manifest.itertuples():
        assert any((study / row.image).iterdir())
        segmentation = pydicom.dcmread(study / row.mask, stop_before_pixels=True)
        assert row.label in [segment.SegmentLabel for segment in segmentation.SegmentSequence]


def test_a_lesion_keeps_its_tracking_uid_over_the_visits_and_shares_it_with_no_other(study):
    tracked = set()
    for path in sorted(study.glob("dicom/*/*/*.seg.dcm")):
        for segment in pydicom.dcmread(path, stop_before_pixels=True).SegmentSequence:
            tracked.add((segment.TrackingID, segment.TrackingUID))
    assert sorted(name for name, _ in tracked) == ["T1", "T2", "T3"]


def test_segments_name_the_organ_of_their_lesion(study):
    path = study / "dicom" / SUBJECT / "baseline" / "lesions.seg.dcm"
    segments = pydicom.dcmread(path, stop_before_pixels=True).SegmentSequence
    assert [one.AnatomicRegionSequence[0].CodeMeaning for one in segments] == ["Liver", "Liver", "Lymph Node"]


def test_each_visit_is_one_study_and_no_identity_is_in_it(study):
    studies = set()
    for path in study.glob("dicom/*/*/ct/*"):
        header = pydicom.dcmread(path, stop_before_pixels=True)
        studies.add((path.parts[-3], header.StudyInstanceUID, header.SeriesInstanceUID, header.FrameOfReferenceUID))
        assert (header.PatientID, header.PatientIdentityRemoved) == (SUBJECT, "YES")
        assert (header.PatientBirthDate, header.PatientSex) == ("", "")
    assert len(studies) == 3


def test_the_truth_repeats_the_plan(study):
    truth = pd.read_csv(study / "truth.csv")
    planned = pd.DataFrame([row for row in read_plan() if row.subject == SUBJECT])
    for column in ("timepoint", "lesion", "long_axis_mm", "short_axis_mm"):
        assert truth[column].tolist() == planned[column].tolist()


def test_a_vanished_lesion_is_recorded_as_absent_without_a_segment():
    scene = derive_scene(VISITS["D", "followup-1"], SEED)
    gone, left = derive_manifest_rows(scene, "ct", "lesions.seg.dcm")
    assert (gone["lesion"], gone["state"], gone["mask"], gone["label"]) == ("T1", "absent", "", "")
    assert gone["image"] == "ct"
    assert (left["lesion"], left["state"], left["mask"], left["label"]) == ("T2", "measured", "lesions.seg.dcm", "T2")
    assert "sop_instance_uid" not in derive_truth_rows(scene)[0]


def test_every_planned_visit_has_a_protocol_and_the_study_has_every_variety():
    assert set(PROTOCOLS) == set(VISITS)
    protocols = PROTOCOLS.values()
    assert any(protocol.pixel_spacing_mm[0] != protocol.pixel_spacing_mm[1] for protocol in protocols)
    assert {0.625, 5.0} <= {protocol.spacing_mm for protocol in protocols}
    assert sum(protocol.tilt_deg != 0 for protocol in protocols) == 1
    assert any(protocol.is_reversed for protocol in protocols)
    assert any(protocol.maker.padding_value == -2000 for protocol in protocols)
    assert {protocol.maker.rescale_intercept for protocol in protocols} == {0, -1024}


def test_another_seed_gives_another_patient():
    one, other = (derive_scene(VISITS["F", "baseline"], seed) for seed in (1, 2))
    assert (draw_slice(one, 20) != draw_slice(other, 20)).mean() > 0.5
    first, second = (make_ct(scene, 20, draw_slice(scene, 20)) for scene in (one, other))
    assert first.StudyInstanceUID != second.StudyInstanceUID


def test_a_subject_without_images_is_refused_with_the_names_of_those_who_have(tmp_path):
    with pytest.raises(UsageError, match=f"no images of S999.*{SUBJECT}"):
        make_study(tmp_path / "study", subjects=["S999"])
    assert not (tmp_path / "study").exists()


def test_a_folder_that_cannot_be_written_is_named_in_a_sentence(tmp_path):
    (tmp_path / "file").write_text("not a folder")
    with pytest.raises(EnvironmentFault, match=r"cannot be written to .*study: "):
        make_study(tmp_path / "file" / "study", subjects=[SUBJECT])


def test_the_cached_study_is_made_once_and_then_found(study, tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    calls = []

    def copy_study(folder, *, progress):
        calls.append(folder)
        shutil.copytree(study, folder)
        return folder

    monkeypatch.setattr(cache, "make_study", copy_study)
    first, second = sample_dicom.cached_study(), sample_dicom.cached_study()
    assert first == second
    assert first.parent == tmp_path / "recist-toolkit"
    assert len(calls) == 1
    assert digest(first) == digest(study)
    assert [path.name for path in first.parent.iterdir()] == [first.name]


def test_a_study_that_cannot_be_finished_leaves_nothing_in_the_cache(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.setattr(cache, "make_study", partial(make_study, subjects=["S999"]))
    with pytest.raises(UsageError):
        sample_dicom.cached_study()
    assert not any((tmp_path / "recist-toolkit").iterdir())


def test_the_names_offered_stay():
    assert sample_dicom.__all__ == ["SEED", "cached_study", "cohort_folder", "committed_slices", "make_study"]
    assert (sample_dicom.committed_slices() / "truth.csv").is_file()
    assert (sample_dicom.cohort_folder() / "imaging_plan.csv").is_file()
