"""What an archive can do, whatever it is spoken to by."""

from __future__ import annotations

import logging
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

from recist.errors import EnvironmentFault, UsageError
from recist.pacs.credentials import Credentials
from recist.pacs.patience import Patience

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from recist.pacs.address import Address
    from recist.pacs.outgoing import Outgoing, Sent
    from recist.pacs.question import FoundInstance, FoundSeries, FoundStudy, Question

MIB = 2**20
TALKATIVE = ("urllib3", "requests", "dicomweb_client", "pynetdicom")


@dataclass(frozen=True, slots=True, kw_only=True)
class Connection:
    """All that is needed to speak to an archive.

    Attributes
    ----------
    address : Address
    credentials : Credentials
    ca, client_cert, client_key : str
        PEM files; empty where there are none.
    calling_ae : str
        Our title.
    method : str
        ``get`` or ``move``.
    storage_port : int
        Where images come in by C-MOVE.
    patience : Patience
    most_bytes : int
        Largest object that may come.
    """

    address: Address
    credentials: Credentials = field(default_factory=Credentials)
    ca: str = ""
    client_cert: str = ""
    client_key: str = ""
    calling_ae: str = "RECIST"
    method: str = "get"
    storage_port: int = 11112
    patience: Patience = field(default_factory=Patience)
    most_bytes: int = 1024 * MIB


class Receiver(Protocol):
    """Who takes the objects that come."""

    def new_path(self) -> Path:
        """Give a free path for a file that is not whole yet."""

    def take(self, staged: Path) -> bool:
        """Take a whole file; False where it was refused."""


class Archive(Protocol):
    """An archive. Every method raises `ArchiveFault` where the archive is at fault."""

    address: Address
    notes: list[str]

    def echo(self) -> str:
        """Try the connection, and say how it answered."""

    def find_studies(self, question: Question, most: int) -> list[FoundStudy]:
        """Ask for studies; at most `most` and one more."""

    def find_series(self, study_uid: str, question: Question) -> list[FoundSeries]:
        """Ask for the series of a study."""

    def find_instances(self, series: FoundSeries) -> list[FoundInstance]:
        """Ask for the objects of a series."""

    def fetch(self, series: FoundSeries, wanted: Sequence[FoundInstance], receiver: Receiver, *, whole: bool) -> None:
        """Let the wanted objects come; `whole` says that they are the whole series."""

    def store(self, files: Sequence[Outgoing]) -> Iterator[Sent]:
        """Send files, one result each."""

    def close(self) -> None:
        """Close what is open."""


@contextmanager
def open_archive(connection: Connection) -> Iterator[Archive]:
    """Open an archive.

    Raises
    ------
    EnvironmentFault
        When the extra is not installed.
    UsageError
        When a PEM file is not there.
    """
    _require_files(connection)
    with _quiet():
        archive = _choose(connection)
        try:
            yield archive
        finally:
            archive.close()


@contextmanager
def _quiet() -> Iterator[None]:
    """Keep the libraries from logs, where they would write addresses with what was asked."""
    levels = {name: logging.getLogger(name).level for name in TALKATIVE}
    for name in TALKATIVE:
        logging.getLogger(name).setLevel(logging.CRITICAL + 1)
    try:
        yield
    finally:
        for name, level in levels.items():
            logging.getLogger(name).setLevel(level)


def _choose(connection: Connection) -> Archive:
    make: Callable[[Connection], Archive]
    try:
        if connection.address.is_web:
            from recist.pacs.web import WebArchive as make
        else:
            from recist.pacs.dimse import DimseArchive as make
        return make(connection)
    except ModuleNotFoundError as fault:
        raise EnvironmentFault(
            "speaking to an archive needs the extra for it: pip install 'recist-toolkit[pacs]' "
            f"({fault.name} is not installed)"
        ) from fault


def _require_files(connection: Connection) -> None:
    from pathlib import Path

    named = (
        ("--ca", connection.ca),
        ("--client-cert", connection.client_cert),
        ("--client-key", connection.client_key),
    )
    for option, name in named:
        if name and not Path(name).is_file():
            raise UsageError(f"{option} {name}: there is no such file")
    if connection.client_key and not connection.client_cert:
        raise UsageError("--client-key needs the certificate that it belongs to; name it with --client-cert")
