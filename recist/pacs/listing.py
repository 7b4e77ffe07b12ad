"""What an archive lists in DICOM JSON, read without trust."""

from __future__ import annotations

from typing import TYPE_CHECKING

from recist.pacs.faults import ArchiveFault
from recist.pacs.kinds import is_uid
from recist.pacs.question import MOST_ANSWERS, FoundInstance, FoundSeries, FoundStudy

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    Entry = Mapping[str, object]
    Page = Callable[[int, int], list[Entry]]

TAGS = {
    "SOPClassUID": "00080016",
    "SOPInstanceUID": "00080018",
    "StudyDate": "00080020",
    "AccessionNumber": "00080050",
    "Modality": "00080060",
    "ModalitiesInStudy": "00080061",
    "PatientID": "00100020",
    "StudyInstanceUID": "0020000D",
    "SeriesInstanceUID": "0020000E",
    "NumberOfStudyRelatedSeries": "00201206",
    "NumberOfStudyRelatedInstances": "00201208",
    "NumberOfSeriesRelatedInstances": "00201209",
}
PAGE = 500
MOST_DIGITS = 9


def values(entry: Entry, keyword: str) -> tuple[str, ...]:
    """Give the values of an attribute as text."""
    attribute = entry.get(TAGS[keyword]) if isinstance(entry, dict) else None
    found = attribute.get("Value") if isinstance(attribute, dict) else None
    return tuple(str(value) for value in found if isinstance(value, (str, int))) if isinstance(found, list) else ()


def text(entry: Entry, keyword: str) -> str:
    """Give the first value, empty where there is none."""
    return next(iter(values(entry, keyword)), "").strip()


def number(entry: Entry, keyword: str) -> int | None:
    """Give a count, None where there is none."""
    digits = text(entry, keyword)
    return int(digits) if digits.isascii() and digits.isdigit() and len(digits) <= MOST_DIGITS else None


def parse_study(entry: Entry) -> FoundStudy | None:
    """Read a study; None where it has no UID."""
    uid = text(entry, "StudyInstanceUID")
    if not is_uid(uid):
        return None
    return FoundStudy(
        study_uid=uid,
        patient_id=text(entry, "PatientID"),
        date=text(entry, "StudyDate"),
        accession=text(entry, "AccessionNumber"),
        modalities=values(entry, "ModalitiesInStudy"),
        n_series=number(entry, "NumberOfStudyRelatedSeries"),
        n_instances=number(entry, "NumberOfStudyRelatedInstances"),
    )


def parse_series(entry: Entry, study_uid: str) -> FoundSeries | None:
    """Read a series of a study; None where it has no UID or is another study's."""
    uid, study = text(entry, "SeriesInstanceUID"), text(entry, "StudyInstanceUID") or study_uid
    if not is_uid(uid) or study != study_uid:
        return None
    return FoundSeries(
        study_uid=study_uid,
        series_uid=uid,
        modality=text(entry, "Modality"),
        n_instances=number(entry, "NumberOfSeriesRelatedInstances"),
    )


def parse_instance(entry: Entry, series: FoundSeries) -> FoundInstance | None:
    """Read an object of a series; None where it has no UID."""
    uid, sop_class = text(entry, "SOPInstanceUID"), text(entry, "SOPClassUID")
    if not is_uid(uid):
        return None
    return FoundInstance(
        study_uid=series.study_uid,
        series_uid=series.series_uid,
        sop_instance_uid=uid,
        sop_class_uid=sop_class if is_uid(sop_class) else "",
    )


def read_pages(page: Page, keyword: str, *, most: int = MOST_ANSWERS, expected: int | None = None) -> list[Entry]:
    """Read a listing page by page, each entry once.

    It ends with a page that brings nothing new: servers cut pages as they like, and some know no pages at all.

    Raises
    ------
    ArchiveFault
        When it goes on without end.
    """
    found: dict[str, Entry] = {}
    while True:
        entries = page(PAGE, len(found))
        new = {text(entry, keyword): entry for entry in entries if text(entry, keyword) not in found}
        found |= new
        if not new or len(found) > most or (expected is not None and len(found) >= expected):
            break
    if len(found) > MOST_ANSWERS:
        raise ArchiveFault(f"the archive lists more than {MOST_ANSWERS} objects; ask for less")
    return list(found.values())
