"""An archive by DIMSE: C-ECHO, C-FIND, C-GET or C-MOVE, C-STORE."""

from __future__ import annotations

from typing import TYPE_CHECKING

from recist.errors import UsageError
from recist.pacs import find, retrieve
from recist.pacs.address import require_ae_title
from recist.pacs.association import associate, broken_off, silence_pynetdicom
from recist.pacs.faults import ArchiveFault
from recist.pacs.patience import persist
from recist.pacs.send import send_files
from recist.pacs.status import name_of_status, status_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from recist.pacs.archive import Connection, Receiver
    from recist.pacs.outgoing import Outgoing, Sent
    from recist.pacs.question import FoundInstance, FoundSeries, FoundStudy, Question

METHODS = ("get", "move")


class DimseArchive:
    """An archive by DIMSE; each request is an association of its own."""

    def __init__(self, connection: Connection) -> None:
        import pynetdicom  # noqa: F401  (whether it is installed)

        silence_pynetdicom()
        require_ae_title(connection.calling_ae, "our own title (--calling-ae)")
        if connection.method not in METHODS:
            raise UsageError(f"--method {connection.method!r}: use get or move")
        self.address, self._connection = connection.address, connection
        self.notes: list[str] = []

    def echo(self) -> str:
        """Try the connection by C-ECHO."""
        return persist(self._echo, self._connection.patience)

    def _echo(self) -> str:
        from pynetdicom import build_context
        from pynetdicom.sop_class import Verification  # type: ignore[attr-defined]

        with associate(self._connection, [build_context(Verification)]) as (association, guard):
            status = status_of(association.send_c_echo())
            if status is None:
                raise broken_off(self._connection, guard)
        if status != 0:
            raise ArchiveFault(f"{self.address} refuses C-ECHO: {name_of_status(status)}")
        return f"{self.address} answers to C-ECHO from {self._connection.calling_ae}"

    def find_studies(self, question: Question, most: int) -> list[FoundStudy]:
        """Search for studies by C-FIND."""
        if question.series_uid and not question.study_uid:
            raise UsageError("--series needs its --study where the archive is spoken to by DIMSE")
        return find.find_studies(self._connection, question, most)

    def find_series(self, study_uid: str, question: Question) -> list[FoundSeries]:
        """Search for the series of a study by C-FIND."""
        return find.find_series(self._connection, study_uid, question)

    def find_instances(self, series: FoundSeries) -> list[FoundInstance]:
        """Search for the objects of a series by C-FIND."""
        return find.find_instances(self._connection, series)

    def fetch(self, series: FoundSeries, wanted: Sequence[FoundInstance], receiver: Receiver, *, whole: bool) -> None:
        """Retrieve objects by C-GET or C-MOVE."""
        way = retrieve.move if self._connection.method == "move" else retrieve.get
        way(self._connection, series, wanted, receiver, whole=whole)

    def store(self, files: Sequence[Outgoing]) -> Iterator[Sent]:
        """Store files by C-STORE."""
        return send_files(self._connection, files)

    def close(self) -> None:
        """Nothing stays open between requests."""
