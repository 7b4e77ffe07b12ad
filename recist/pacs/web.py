"""An archive by DICOMweb: QIDO-RS to search, WADO-RS to retrieve, STOW-RS to store (PS3.18 10)."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from recist.pacs.faults import OTHER_PATH, ArchiveFault, RefusedToSend
from recist.pacs.listing import parse_instance, parse_series, parse_study, read_pages
from recist.pacs.multipart import PartReader, find_boundary
from recist.pacs.patience import persist
from recist.pacs.stow import store_file
from recist.pacs.wire import Wire

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    import requests

    from recist.pacs.archive import Connection, Receiver
    from recist.pacs.listing import Entry
    from recist.pacs.outgoing import Outgoing, Sent
    from recist.pacs.question import FoundInstance, FoundSeries, FoundStudy, Question

AS_STORED = 'multipart/related; type="application/dicom"; transfer-syntax=*'
AS_IT_LIKES = 'multipart/related; type="application/dicom"'
UNABLE = frozenset((400, 406))
ONE_BY_ONE = 3  # of so few objects each is asked for alone


class WebArchive:
    """An archive by DICOMweb.

    The search goes through dicomweb-client. Objects do not: it would hold them in memory, read and write them anew,
    and so change bytes that an archive keeps.
    """

    def __init__(self, connection: Connection) -> None:
        from dicomweb_client.web import DICOMwebClient

        self.address, self._connection = connection.address, connection
        self._wire = Wire(connection)
        self._base = str(connection.address)
        try:
            self._client = DICOMwebClient(self._base, session=cast("requests.Session", self._wire), permissive_uid=True)
        except ValueError:
            raise ArchiveFault(f"{connection.address} is no address that can be called") from None
        self._client.set_http_retry_params(retry=False)
        self._accept = AS_STORED
        self.notes: list[str] = []

    def echo(self) -> str:
        """Try the connection by a search for one study."""
        self._listing(lambda: self._client.search_for_studies(limit=1))
        return f"{self.address} answers to DICOMweb searches"

    def find_studies(self, question: Question, most: int) -> list[FoundStudy]:
        """Search for studies."""
        asked = {
            "PatientID": question.patient_id,
            "StudyInstanceUID": question.study_uid,
            "AccessionNumber": question.accession,
            "StudyDate": question.date_range,
            "ModalitiesInStudy": question.modality,
        }
        filters = {keyword: value for keyword, value in asked.items() if value}
        if question.series_uid and not question.study_uid:
            filters["StudyInstanceUID"] = self._study_of(question.series_uid)
        fields = ["ModalitiesInStudy", "NumberOfStudyRelatedSeries", "NumberOfStudyRelatedInstances"]

        def page(limit: int, offset: int) -> list[Entry]:
            return self._listing(
                lambda: self._client.search_for_studies(
                    limit=limit, offset=offset, fields=fields, search_filters=filters
                )
            )

        entries = read_pages(page, "StudyInstanceUID", most=most)
        return [study for entry in entries if (study := parse_study(entry)) is not None]

    def find_series(self, study_uid: str, question: Question) -> list[FoundSeries]:
        """Search for the series of a study."""
        asked = {"SeriesInstanceUID": question.series_uid, "Modality": question.modality}
        filters = {keyword: value for keyword, value in asked.items() if value}

        def page(limit: int, offset: int) -> list[Entry]:
            return self._listing(
                lambda: self._client.search_for_series(
                    study_uid,
                    limit=limit,
                    offset=offset,
                    fields=["NumberOfSeriesRelatedInstances"],
                    search_filters=filters,
                )
            )

        entries = read_pages(page, "SeriesInstanceUID")
        return [series for entry in entries if (series := parse_series(entry, study_uid)) is not None]

    def find_instances(self, series: FoundSeries) -> list[FoundInstance]:
        """Search for the objects of a series."""

        def page(limit: int, offset: int) -> list[Entry]:
            return self._listing(
                lambda: self._client.search_for_instances(
                    series.study_uid, series.series_uid, limit=limit, offset=offset
                )
            )

        entries = read_pages(page, "SOPInstanceUID", expected=series.n_instances)
        return [found for entry in entries if (found := parse_instance(entry, series)) is not None]

    def fetch(self, series: FoundSeries, wanted: Sequence[FoundInstance], receiver: Receiver, *, whole: bool) -> None:
        """Retrieve objects as the archive keeps them."""
        place = f"{self._base}/studies/{series.study_uid}/series/{series.series_uid}"
        if whole and len(wanted) > ONE_BY_ONE:
            self._fetch_from(place, receiver, len(wanted))
            return
        refusal: RefusedToSend | None = None
        for each in wanted:
            try:
                self._fetch_from(f"{place}/instances/{each.sop_instance_uid}", receiver, 1)
            except RefusedToSend as fault:  # the others may come
                refusal = fault
        if refusal is not None:
            raise refusal

    def store(self, files: Sequence[Outgoing]) -> Iterator[Sent]:
        """Store files, one request each, so that each has an answer of its own."""
        for file in files:
            yield store_file(self._wire, f"{self._base}/studies", file, self._connection.patience)

    def close(self) -> None:
        """Close the connections."""
        self._wire.close()

    def _study_of(self, series_uid: str) -> str:
        """Find the study that a series belongs to."""
        entries = self._listing(
            lambda: self._client.search_for_series(limit=2, search_filters={"SeriesInstanceUID": series_uid})
        )
        studies = {study.study_uid for entry in entries if (study := parse_study(entry)) is not None}
        if len(studies) > 1:
            raise ArchiveFault(f"{self.address} does not search series without their study; name it with --study")
        return studies.pop() if studies else "0.0"

    def _listing(self, ask: Callable[[], object]) -> list[Entry]:
        """Ask for a listing, again where what goes wrong may pass.

        Raises
        ------
        ArchiveFault
            When the answer is no listing in DICOM JSON.
        """
        try:
            entries = persist(ask, self._connection.patience)
        except (ValueError, RecursionError, KeyError, TypeError):
            raise ArchiveFault(f"{self.address} answers, but not as DICOMweb does; {OTHER_PATH}") from None
        if not isinstance(entries, list):
            raise ArchiveFault(f"{self.address} answers, but not as DICOMweb does; {OTHER_PATH}")
        return entries

    def _fetch_from(self, url: str, receiver: Receiver, n_wanted: int) -> None:
        response = self._open(url)
        most_bytes = self._connection.most_bytes
        blocks = self._wire.blocks(response, most_bytes * n_wanted)
        content_type = str(response.headers.get("Content-Type", ""))
        boundary = find_boundary(content_type) if content_type.lower().startswith("multipart/") else None
        if boundary is None and not _is_object(content_type):
            blocks.close()
            raise ArchiveFault(f"{self.address} was asked for objects and sends something else")
        try:
            if boundary is not None:
                for path in PartReader(blocks, boundary, most_bytes=most_bytes).parts(receiver.new_path):
                    receiver.take(path)
            else:
                receiver.take(_write(blocks, receiver.new_path()))
        except ArchiveFault as fault:
            if str(self.address) in str(fault):
                raise
            raise ArchiveFault(f"{self.address}: {fault}", is_transient=fault.is_transient) from fault
        finally:
            blocks.close()

    def _open(self, url: str) -> requests.Response:
        """Ask for objects as they are stored, and where the archive cannot do that, as it likes."""
        response = self._wire.ask("GET", url, headers={"Accept": self._accept}, allowed=UNABLE)
        if response.status_code not in UNABLE:
            return response
        response.close()
        if self._accept == AS_STORED:
            response = self._wire.ask("GET", url, headers={"Accept": AS_IT_LIKES})
            self._accept = AS_IT_LIKES
            self.notes.append(f"{self.address} does not give objects as they are stored; it may have re-encoded them")
            return response
        raise RefusedToSend(f"{self.address} cannot give this object in a form that we asked for")


def _is_object(content_type: str) -> bool:
    """Whether an answer is one object by itself, which some archives send."""
    return content_type.lower().partition(";")[0].strip() == "application/dicom"


def _write(blocks: Iterator[bytes], path: Path) -> Path:
    with path.open("wb") as file:
        for block in blocks:
            file.write(block)
    return path
