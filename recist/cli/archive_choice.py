"""The options by which `recist pull` and `recist push` name an archive, and what they make of them."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from recist.pacs.archive import Connection

ArchiveName = Annotated[
    str,
    typer.Argument(
        metavar="ARCHIVE",
        help="https://host/dicom-web, dicom://CALLED@host:port, dicom+tls://…, or a name of archives.toml.",
    ),
]
SettingsFile = Annotated[
    Path | None,
    typer.Option("--archives", metavar="FILE", help="Settings file that names archives; holds no passwords."),
]
CallingAe = Annotated[str, typer.Option(help="Our own title, as the archive knows us (DIMSE). [default: RECIST]")]
CaFile = Annotated[
    str, typer.Option("--ca", metavar="FILE", help="Certificates (PEM) of the authority that the archive's is from.")
]
ClientCert = Annotated[
    str, typer.Option(metavar="FILE", help="Our own certificate (PEM), where the archive asks for it.")
]
ClientKey = Annotated[str, typer.Option(metavar="FILE", help="Its key (PEM).")]
InsecureHttp = Annotated[
    bool, typer.Option("--insecure-http", help="Allow plain http to another machine: nothing is encrypted.")
]
Timeout = Annotated[
    float, typer.Option("--timeout", metavar="SECONDS", help="Longest silence of the archive. [default: 30]", min=0)
]
Attempts = Annotated[int, typer.Option(help="How often in all, where what went wrong may pass.", min=1)]
MostMib = Annotated[int, typer.Option(metavar="MIB", help="Largest object that may come.", min=1)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """The options as they were given; empty and 0 are not given."""

    archive: str
    archives: Path | None = None
    calling_ae: str = ""
    method: str = ""
    port: int = 0
    ca: str = ""
    client_cert: str = ""
    client_key: str = ""
    insecure_http: bool = False
    timeout_s: float = 0.0
    attempts: int = 3
    most_mib: int = 1024


def connect(choice: Choice) -> Connection:
    """Make a connection of the options and the settings file; options go before settings.

    Raises
    ------
    UsageError
        When the address or an option is wrong.
    DataError
        When the settings file has faults.
    """
    from recist.cli.screen import say_error
    from recist.pacs.address import parse_address
    from recist.pacs.archive import MIB, Connection
    from recist.pacs.archives import find_archive
    from recist.pacs.credentials import find_credentials
    from recist.pacs.patience import Patience

    named = find_archive(choice.archive, file=choice.archives)
    address = parse_address(named.address, insecure_http=choice.insecure_http or named.insecure_http)
    if address.is_web and not address.is_tls and not address.is_loopback:
        say_error(f"warning: {address} is plain http: images, and passwords if any, travel unencrypted")
    default = Patience()
    return Connection(
        address=address,
        credentials=find_credentials(address.host, user=named.user),
        ca=choice.ca or named.ca,
        client_cert=choice.client_cert or named.client_cert,
        client_key=choice.client_key or named.client_key,
        calling_ae=choice.calling_ae or named.calling_ae or "RECIST",
        method=choice.method or named.method or "get",
        storage_port=choice.port or named.port or 11112,
        patience=Patience(timeout_s=choice.timeout_s or named.timeout_s or default.timeout_s, attempts=choice.attempts),
        most_bytes=choice.most_mib * MIB,
    )
