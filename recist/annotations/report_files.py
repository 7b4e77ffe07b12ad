"""Reports written: one DICOM SR for each reader, time point and study."""

from __future__ import annotations

import hashlib
import re
from collections import defaultdict
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from recist.annotations.codes import OWN_SCHEME, OWN_SCHEME_NAME
from recist.annotations.images import read_pictures
from recist.annotations.lesion_uids import derive_uid
from recist.annotations.tracking_uids import with_tracking_uids
from recist.annotations.written_lesion import WrittenLesion, check_lengths, lesion_of_row, on_picture
from recist.outputs import whole_folder
from recist.problems import Problem, require_no_errors
from recist.progress import no_progress
from recist.tables import FIRST_DATA_ROW, MEASUREMENTS, check_table

if TYPE_CHECKING:
    from pathlib import Path

    import pandas as pd
    from pydicom import Dataset

    from recist.annotations.images import Picture, Pictures
    from recist.progress import Progress

SERIES_NUMBER = 9900
SERIES_DESCRIPTION = "RECIST measurements"
REQUIRED = (
    *("PatientName", "PatientID", "PatientBirthDate", "PatientSex"),
    *("StudyDate", "StudyTime", "StudyID", "AccessionNumber", "ReferringPhysicianName"),
)
N_DIGITS = 8
_NOT_IN_NAMES = re.compile(r"[^A-Za-z0-9._-]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class WrittenReports:
    """What was written: the names of the files, the number of lesions in them, and what could not be."""

    names: tuple[str, ...]
    n_lesions: int
    problems: tuple[Problem, ...]


def write_sr(
    measurements: pd.DataFrame,
    folder: Path,
    *,
    images: Path,
    study: str = "STUDY",
    file: str = "measurements",
    progress: Progress = no_progress,
) -> WrittenReports:
    """Write measurements as DICOM SR, TID 1500, one report for each reader, time point and study of images.

    Parameters
    ----------
    measurements : pandas.DataFrame
        The ``measurements`` table, with ``sop_instance_uid`` and end points as `recist measure` gives them.
    folder : pathlib.Path
        Where the files shall appear; all of them or none.
    images : pathlib.Path
        Folder of the images measured; what the reports say of patient and study is copied from there.
    study : str
        Name of the trial; with subject and lesion it makes the tracking UID, so it must stay the same.
    file : str
        What problems call the table.
    progress : Progress

    Returns
    -------
    WrittenReports
        Rows without an image that is there are left out and told as problems.

    Raises
    ------
    recist.errors.DataError
        When the table itself has errors.
    recist.errors.DicomError
        When there is no such folder of images.
    """
    frame, problems = check_table(measurements, MEASUREMENTS, file=file)
    require_no_errors(problems)
    pictures = read_pictures(images)
    lesions, problems = _place_lesions(frame, pictures, study, file)
    reports: dict[tuple[str, ...], list[WrittenLesion]] = defaultdict(list)
    for lesion in lesions:
        reports[(*lesion.visit, lesion.study_uid)].append(lesion)
    names, n_lesions = [], 0
    with whole_folder(folder) as staging:
        for done, (key, group) in enumerate(sorted(reports.items()), start=1):
            name, fault = _write_report(group, pictures.of_study(key[-1]), staging, study)
            names += [name] if name else []
            n_lesions += len(group) if name else 0
            problems += [group[0].problem(file, "report_not_written", fault)] if fault else []
            progress(done, len(reports))
    return WrittenReports(names=tuple(names), n_lesions=n_lesions, problems=tuple(problems))


def _place_lesions(
    frame: pd.DataFrame, pictures: Pictures, study: str, file: str
) -> tuple[list[WrittenLesion], list[Problem]]:
    """Put every lesion on its image; those without image go with their visit."""
    placed: list[WrittenLesion] = []
    waiting: list[WrittenLesion] = []
    records = [{str(name): value for name, value in each.items()} for each in frame.to_dict("records")]
    of_rows = [lesion_of_row(values, row) for row, values in enumerate(records, start=FIRST_DATA_ROW)]
    lesions, problems = with_tracking_uids(of_rows, study, file)
    for lesion, values in zip(lesions, records, strict=True):
        lesion, picture = _picture_of(lesion, values, pictures)  # noqa: PLW2901
        fault = _why_not(lesion, picture, pictures.n_frames(lesion.sop_instance_uid))
        if fault:
            problems.append(lesion.problem(file, "not_written", fault, found=lesion.lesion))
            continue
        lesion = on_picture(lesion, picture)  # noqa: PLW2901
        problems += check_lengths(lesion, values, file)
        (placed if picture else waiting).append(lesion)
    return placed + _without_image(waiting, placed, pictures, file, problems), problems


def _picture_of(
    lesion: WrittenLesion, values: dict[str, object], pictures: Pictures
) -> tuple[WrittenLesion, Picture | None]:
    """Find the image of a lesion; of several frames the one that is named, or that is the slice of its series."""
    if not lesion.sop_instance_uid:
        return lesion, None
    picture = pictures.find(lesion.sop_instance_uid, lesion.frame)
    index = str(values.get("slice_index", "")).removesuffix(".0")
    if picture is None and lesion.frame is None and index.isdigit():
        found = pictures.find_slice(lesion.sop_instance_uid, int(index))
        if found is not None:
            return replace(lesion, frame=found[0]), found[1]
    return lesion, picture


def _why_not(lesion: WrittenLesion, picture: Picture | None, n_frames: int) -> str:
    if not lesion.sop_instance_uid:
        return ""
    if picture is None and n_frames > 1:
        return f"the lesion was not written: its image has {n_frames} frames; fill in the column frame"
    if picture is None:
        return "the lesion was not written: its image is not in the folder of images"
    return f"the lesion was not written: {picture.refusal}" if picture.refusal else ""


def _without_image(
    waiting: list[WrittenLesion], placed: list[WrittenLesion], pictures: Pictures, file: str, problems: list[Problem]
) -> list[WrittenLesion]:
    """Find the study of lesions that no image shows, such as absent ones: their own, or the only one of their visit."""
    studies: dict[tuple[str, str, str], set[str]] = defaultdict(set)
    for lesion in placed:
        studies[lesion.visit].add(lesion.study_uid)
    found = []
    for lesion in waiting:
        here = studies[lesion.visit]
        study_uid = lesion.study_uid if pictures.of_study(lesion.study_uid) else min(here, default="")
        if not study_uid:
            message = "the lesion was not written: no image of its visit is known; fill in study_uid"
            problems.append(lesion.problem(file, "not_written", message, found=lesion.lesion))
            continue
        found.append(replace(lesion, study_uid=study_uid))
    return found


def _write_report(lesions: list[WrittenLesion], of_study: list[Picture], folder: Path, study: str) -> tuple[str, str]:
    """Write one report; give its name, or why it could not be written."""
    from recist.dicom.faults import Refused, attempt, notes_of_pydicom

    def write() -> str:
        dataset = _make(lesions, of_study, study)
        first = lesions[0]
        words = (first.subject, first.timepoint or first.day, first.reader, dataset.SOPInstanceUID[-N_DIGITS:])
        name = "-".join(_NOT_IN_NAMES.sub("-", word).strip("-.") for word in words if word) + ".dcm"
        dataset.save_as(folder / name, enforce_file_format=True)
        return name

    with notes_of_pydicom():
        name = attempt(write, otherwise="the images lack what a report copies from them")
    return ("", name.reason) if isinstance(name, Refused) else (name, "")


def _make(lesions: list[WrittenLesion], of_study: list[Picture], study: str) -> Dataset:
    import pydicom
    from highdicom import sr

    from recist.annotations.report_content import DEVICE_NAME, build_report

    first = lesions[0]
    pictures = _pictures_of(lesions) or of_study[:1]
    evidence = [_with_required(pydicom.dcmread(picture.path, stop_before_pixels=True)) for picture in pictures]
    content = build_report(lesions, pictures, derive_uid("device", DEVICE_NAME))
    identity = hashlib.sha256(repr(lesions).encode()).hexdigest()
    report = sr.ComprehensiveSR(
        evidence=evidence,
        content=content,
        series_number=SERIES_NUMBER,
        series_instance_uid=derive_uid("series", study, *first.visit, first.study_uid),
        sop_instance_uid=derive_uid("report", study, *first.visit, first.study_uid, identity),
        instance_number=1,
        manufacturer=DEVICE_NAME,
        is_complete=True,
        is_verified=False,
    )
    report.SeriesDescription = SERIES_DESCRIPTION
    _declare_own_scheme(report)
    return _without_empty_trial(report)


def _pictures_of(lesions: list[WrittenLesion]) -> list[Picture]:
    """Give the images measured, each file once."""
    shown = {lesion.sop_instance_uid: lesion.picture for lesion in lesions if lesion.picture is not None}
    return [picture for _, picture in sorted(shown.items())]


def _with_required(image: Dataset) -> Dataset:
    """Add, empty, what a report must copy from its images and these lack (type 2 of PS3.3 C.7.1.1 and C.7.2.1)."""
    for keyword in REQUIRED:
        if keyword not in image:
            setattr(image, keyword, None)
    if not image.get("SpecificCharacterSet"):
        image.pop("SpecificCharacterSet", None)
    return image


def _declare_own_scheme(report: Dataset) -> None:
    from pydicom import Dataset, Sequence

    item = Dataset()
    item.CodingSchemeDesignator = OWN_SCHEME
    item.CodingSchemeName = OWN_SCHEME_NAME
    declared = list(report.get("CodingSchemeIdentificationSequence") or [])
    report.CodingSchemeIdentificationSequence = Sequence([*declared, item])


def _without_empty_trial(report: Dataset) -> Dataset:
    """Take out what images say of a trial without naming its sponsor, which a report must not copy (PS3.3 C.7.1.3)."""
    if not report.get("ClinicalTrialSponsorName"):
        for element in [each for each in report if each.keyword.startswith("ClinicalTrial")]:
            del report[element.tag]
    return report
