"""Where an archive is: one way of writing it for both protocols."""

from __future__ import annotations

import ipaddress
import re
from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import unquote, urlsplit

from recist.errors import UsageError

EXAMPLES = "https://host/dicom-web, dicom://CALLED@host:port or dicom+tls://CALLED@host:port"
AE_TITLE = re.compile(r"[!-\[\]-~](?:[ -\[\]-~]{0,14}[!-\[\]-~])?")  # PS3.5 6.2: no backslash, no blank at the ends
SECRET_ADVICE = "set RECIST_PACS_USER and RECIST_PACS_PASSWORD, or use the key ring"  # noqa: S105  (advice)


class Scheme(StrEnum):
    """How an archive is spoken to."""

    HTTPS = "https"
    HTTP = "http"
    DICOM = "dicom"
    DICOM_TLS = "dicom+tls"


PORTS = {Scheme.HTTPS: 443, Scheme.HTTP: 80, Scheme.DICOM: 104, Scheme.DICOM_TLS: 2762}
WEB = frozenset((Scheme.HTTPS, Scheme.HTTP))


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """An archive's address; its text is what messages show.

    Attributes
    ----------
    scheme : Scheme
    host : str
    port : int
    path : str
        Of DICOMweb, without a slash at its end.
    called_ae : str
        Of DIMSE, the title of the archive.
    """

    scheme: Scheme
    host: str
    port: int
    path: str = ""
    called_ae: str = ""

    @property
    def is_web(self) -> bool:
        """Whether it is spoken to by DICOMweb."""
        return self.scheme in WEB

    @property
    def is_tls(self) -> bool:
        """Whether the connection is encrypted and the archive's certificate verified."""
        return self.scheme in (Scheme.HTTPS, Scheme.DICOM_TLS)

    @property
    def is_loopback(self) -> bool:
        """Whether it is this machine."""
        try:
            return ipaddress.ip_address(self.host).is_loopback
        except ValueError:
            return self.host == "localhost"

    def __str__(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        title = f"{self.called_ae}@" if self.called_ae else ""
        port = f":{self.port}" if self.port != PORTS[self.scheme] or not self.is_web else ""
        return f"{self.scheme}://{title}{host}{port}{self.path}"


def parse_address(text: str, *, insecure_http: bool = False) -> Address:
    """Read an address.

    Parameters
    ----------
    text : str
    insecure_http : bool
        Allow plain http to another machine.

    Raises
    ------
    UsageError
        When it is none, holds a password, or would send images unencrypted over a network by http. The message never
        quotes what may be a password.
    """
    try:
        parts = urlsplit(text.strip())
        port, host = parts.port, parts.hostname or ""
    except ValueError:
        raise UsageError(f"the address of the archive is not understood; write it like {EXAMPLES}") from None
    if parts.scheme not in set(Scheme) or not host or parts.query or parts.fragment:
        raise UsageError(f"the address of the archive is not understood; write it like {EXAMPLES}")
    scheme = Scheme(parts.scheme)
    if parts.password is not None or (scheme in WEB and parts.username is not None):
        raise UsageError(f"an address holds no user name and no password; {SECRET_ADVICE}")
    address = Address(
        scheme=scheme,
        host=host,
        port=PORTS[scheme] if port is None else port,
        path=parts.path.rstrip("/") if scheme in WEB else "",
        called_ae=unquote(parts.username or ""),
    )
    _require_sensible(address, parts.path)
    if scheme is Scheme.HTTP and not address.is_loopback and not insecure_http:
        raise UsageError(
            f"{address} is plain http: images and passwords would travel unencrypted. Use https, or say "
            "--insecure-http where the network itself is trusted"
        )
    return address


def _require_sensible(address: Address, path: str) -> None:
    if address.is_web:
        return
    if path.strip("/"):
        raise UsageError(f"{address} has a path behind it; a DIMSE address is dicom://CALLED@host:port")
    require_ae_title(address.called_ae, f"{address}: the title of the archive")


def require_ae_title(title: str, what: str) -> None:
    """Refuse what is no application entity title.

    Raises
    ------
    UsageError
        When it is not 1 to 16 printable ASCII letters.
    """
    if not AE_TITLE.fullmatch(title):
        raise UsageError(f"{what} must be 1 to 16 printable letters without accents, as in dicom://CALLED@host:port")
