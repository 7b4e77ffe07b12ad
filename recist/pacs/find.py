"""Search by C-FIND, study root (PS3.4 C.4.1)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from recist.dicom import elements
from recist.pacs.association import associate, broken_off
from recist.pacs.faults import ArchiveFault
from recist.pacs.kinds import is_uid
from recist.pacs.patience import persist
from recist.pacs.question import MOST_ANSWERS, FoundInstance, FoundSeries, FoundStudy
from recist.pacs.status import Category, category_of, name_of_status, status_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pydicom import Dataset

    from recist.pacs.archive import Connection
    from recist.pacs.question import Question


def find_studies(connection: Connection, question: Question, most: int) -> list[FoundStudy]:
    """Ask for studies; at most `most` and one more."""
    keys = {
        "QueryRetrieveLevel": "STUDY",
        "PatientID": question.patient_id,
        "StudyInstanceUID": question.study_uid,
        "AccessionNumber": question.accession,
        "StudyDate": question.date_range,
        "ModalitiesInStudy": question.modality,
        "NumberOfStudyRelatedSeries": None,
        "NumberOfStudyRelatedInstances": None,
    }
    answers = _ask(connection, keys, most=most + 1)
    return [_study(each) for each in answers if is_uid(elements.text(each, "StudyInstanceUID"))]


def find_series(connection: Connection, study_uid: str, question: Question) -> list[FoundSeries]:
    """Ask for the series of a study."""
    keys = {
        "QueryRetrieveLevel": "SERIES",
        "StudyInstanceUID": study_uid,
        "SeriesInstanceUID": question.series_uid,
        "Modality": question.modality,
        "NumberOfSeriesRelatedInstances": None,
    }
    found = {}
    for each in _ask(connection, keys):
        uid = elements.text(each, "SeriesInstanceUID")
        if is_uid(uid):
            found[uid] = FoundSeries(
                study_uid=study_uid,
                series_uid=uid,
                modality=elements.text(each, "Modality"),
                n_instances=elements.whole(each, "NumberOfSeriesRelatedInstances"),
            )
    return list(found.values())


def find_instances(connection: Connection, series: FoundSeries) -> list[FoundInstance]:
    """Ask for the objects of a series."""
    keys = {
        "QueryRetrieveLevel": "IMAGE",
        "StudyInstanceUID": series.study_uid,
        "SeriesInstanceUID": series.series_uid,
        "SOPInstanceUID": "",
        "SOPClassUID": "",
    }
    found = {}
    for each in _ask(connection, keys):
        uid, sop_class = elements.text(each, "SOPInstanceUID"), elements.text(each, "SOPClassUID")
        if is_uid(uid):
            found[uid] = FoundInstance(
                study_uid=series.study_uid,
                series_uid=series.series_uid,
                sop_instance_uid=uid,
                sop_class_uid=sop_class if is_uid(sop_class) else "",
            )
    return list(found.values())


def _study(answer: Dataset) -> FoundStudy:
    return FoundStudy(
        study_uid=elements.text(answer, "StudyInstanceUID"),
        patient_id=elements.text(answer, "PatientID"),
        date=elements.text(answer, "StudyDate"),
        accession=elements.text(answer, "AccessionNumber"),
        modalities=tuple(filter(None, elements.text(answer, "ModalitiesInStudy").split("\\"))),
        n_series=elements.whole(answer, "NumberOfStudyRelatedSeries"),
        n_instances=elements.whole(answer, "NumberOfStudyRelatedInstances"),
    )


def _ask(connection: Connection, keys: Mapping[str, str | None], *, most: int = MOST_ANSWERS) -> list[Dataset]:
    return persist(lambda: _ask_once(connection, keys, most), connection.patience)


def _ask_once(connection: Connection, keys: Mapping[str, str | None], most: int) -> list[Dataset]:
    """Ask one question and gather the answers."""
    from pydicom import Dataset
    from pynetdicom import build_context
    from pynetdicom.sop_class import StudyRootQueryRetrieveInformationModelFind as Model  # type: ignore[attr-defined]

    query = Dataset()
    for keyword, value in keys.items():
        setattr(query, keyword, value)
    answers: list[Dataset] = []
    with associate(connection, [build_context(Model)]) as (association, guard):
        for answer, identifier in association.send_c_find(query, Model):
            status = status_of(answer)
            if status is None:
                raise broken_off(connection, guard)
            category = category_of(status)
            if category is Category.FAILED:
                raise ArchiveFault(f"{connection.address} refuses the search: {name_of_status(status)}")
            guard.start_object()
            if identifier is not None:
                answers.append(identifier)
            if len(answers) > most:
                if most == MOST_ANSWERS:
                    raise ArchiveFault(f"{connection.address} lists more than {most} objects; ask for less")
                association.send_c_cancel(1, query_model=Model)
                break
    return answers
