"""HTTP with limits: verified, bounded in time and size, without redirects, faults told in a sentence."""

from __future__ import annotations

import http
import io
from typing import TYPE_CHECKING, Any

import requests
from requests.auth import AuthBase, HTTPBasicAuth

from recist.pacs.faults import OTHER_PATH, ArchiveFault, RefusedToSend, quoted
from recist.pacs.watch import Watch, within

if TYPE_CHECKING:
    from collections.abc import Generator, Mapping

    from recist.pacs.archive import Connection
    from recist.pacs.credentials import Credentials

BLOCK = 2**16
MOST_DIGITS = 5
MOST_LISTING_BYTES = 256 * 2**20
TRANSIENT = frozenset((408, 425, 429, 502, 503, 504))
OFF_THE_PATH = frozenset((400, 404, 405))  # what servers say to a search where no DICOMweb is
OK, MULTIPLE_CHOICES, BAD_REQUEST = 200, 300, 400
ADVICE = {
    401: "asks for a user and a password that are right; set RECIST_PACS_USER and RECIST_PACS_PASSWORD, or "
    "RECIST_PACS_TOKEN",
    403: "does not allow this to us",
    404: "knows nothing under this address or name",
    406: "cannot give this in a form that we asked for",
    413: "finds this too large",
    429: "is asked too often",
    503: "is not available at the moment",
}


class _Authority(AuthBase):
    """Adds credentials to a request; also when there are none, so that none are looked for elsewhere."""

    def __init__(self, credentials: Credentials) -> None:
        self._credentials = credentials

    def __call__(self, request: Any) -> Any:
        if self._credentials.token:
            request.headers["Authorization"] = f"Bearer {self._credentials.token}"
        elif self._credentials.password:
            HTTPBasicAuth(self._credentials.user.encode(), self._credentials.password.encode())(request)
        return request


class Wire:
    """What a DICOMweb client speaks through; it has the one method of a session that the client calls, and its own.

    Parameters
    ----------
    connection : Connection
    """

    def __init__(self, connection: Connection) -> None:
        self._connection, self._address = connection, connection.address
        self._session = requests.Session()
        self._session.auth = _Authority(connection.credentials)
        self.headers = self._session.headers

    def get(self, *, url: str, headers: Mapping[str, str] | None = None, **_: object) -> requests.Response:
        """Get a listing, whole, as the DICOMweb client asks for it."""
        place, mark, query = url.partition("?")
        plain = query.replace("%2A", "*").replace("%3F", "?")  # Orthanc takes escaped wildcards for letters
        response = self.ask("GET", f"{place}{mark}{plain}", headers=headers or {}, allowed=OFF_THE_PATH)
        if response.status_code in OFF_THE_PATH:
            response.close()
            told = _name(int(response.status_code))
            raise ArchiveFault(f"{self._address} does not take a DICOMweb search ({told}); {OTHER_PATH}")
        body = b"".join(self.blocks(response, MOST_LISTING_BYTES))
        response.raw = io.BytesIO(body)
        return response

    def ask(
        self,
        method: str,
        url: str,
        *,
        headers: Mapping[str, str],
        body: Any = None,
        n_bytes: int = 0,
        allowed: frozenset[int] = frozenset(),
    ) -> requests.Response:
        """Send a request and give the answer, its body unread.

        Raises
        ------
        ArchiveFault
            When there is none, or its status says that something is wrong.
        """
        patience = self._connection.patience
        own = {name: value for name, value in headers.items() if name.lower() != "host"}
        arguments = self._session.merge_environment_settings(url, {}, True, None, self._certificate())
        if self._connection.ca:
            arguments["verify"] = self._connection.ca
        if self._address.is_loopback:
            arguments["proxies"] = {}
        request = self._session.prepare_request(requests.Request(method, url, headers=own, data=body))

        def send() -> requests.Response:
            return self._session.send(request, timeout=patience.timeout_s, allow_redirects=False, **arguments)

        try:
            response = within(send, patience.limit_s(n_bytes) + patience.timeout_s, self._late)
        except requests.RequestException as fault:
            raise self.explain(fault) from None
        self._require_well(response, allowed)
        return response

    def blocks(self, response: requests.Response, most_bytes: int) -> Generator[bytes]:
        """Give the body as it comes.

        Raises
        ------
        ArchiveFault
            When it stalls, breaks off or is longer than `most_bytes`.
        """
        from urllib3.exceptions import HTTPError

        total = 0
        with Watch(self._connection.patience.timeout_s, response.raw.shutdown) as watch:
            try:
                while block := response.raw.read1(BLOCK, decode_content=True):
                    watch.touch(len(block))
                    total += len(block)
                    if total > most_bytes:
                        raise ArchiveFault(
                            f"{self._address} sends more than {most_bytes // 2**20} MiB at once; cut off"
                        )
                    yield block
            except (HTTPError, OSError) as fault:
                if watch.has_cut:
                    raise self._late() from None
                raise self.explain(fault) from None
            finally:
                response.close()
            if watch.has_cut:
                raise self._late()

    def close(self) -> None:
        """Close the connections."""
        self._session.close()

    def _certificate(self) -> tuple[str, str] | str | None:
        connection = self._connection
        if connection.client_key:
            return connection.client_cert, connection.client_key
        return connection.client_cert or None

    def _late(self) -> ArchiveFault:
        seconds = self._connection.patience.timeout_s
        return ArchiveFault(f"{self._address} does not answer within {seconds:g} s, or too slowly", is_transient=True)

    def explain(self, fault: Exception) -> ArchiveFault:
        """Say in a sentence why there was no answer; foreign texts, which hold addresses in full, are not quoted."""
        if isinstance(fault, requests.exceptions.SSLError):
            return ArchiveFault(
                f"{self._address}: the certificate cannot be verified ({_tls_reason(fault)}); where the "
                "archive has one of its own authority, name that authority's file with --ca"
            )
        if isinstance(fault, requests.exceptions.Timeout) or "timed out" in str(fault):
            return self._late()
        if "NameResolution" in repr(fault) or "Name or service" in repr(fault):
            return ArchiveFault(f"{self._address}: there is no machine of this name")
        if "refused" in repr(fault):
            return ArchiveFault(f"{self._address}: nothing answers there; the archive is down or its port is another")
        if "unreachable" in repr(fault):
            return ArchiveFault(f"{self._address} cannot be reached from here")
        if isinstance(fault, (requests.exceptions.InvalidURL, requests.exceptions.InvalidSchema)):
            return ArchiveFault(f"{self._address} is no address that can be called")
        return ArchiveFault(f"{self._address} broke off the connection", is_transient=True)

    def _require_well(self, response: requests.Response, allowed: frozenset[int]) -> None:
        status = int(response.status_code)
        if OK <= status < MULTIPLE_CHOICES or status in allowed:
            return
        response.close()
        if MULTIPLE_CHOICES <= status < BAD_REQUEST:
            raise ArchiveFault(f"{self._address} sends us on to another address; name that one ({status})")
        message = f"{self._address} {ADVICE.get(status, 'refuses the request')} ({_name(status)})"
        if status == http.HTTPStatus.NOT_FOUND:
            raise RefusedToSend(message)
        raise ArchiveFault(message, is_transient=status in TRANSIENT, wait_s=_asked_wait_s(response))


def _name(status: int) -> str:
    try:
        return f"{status} {http.HTTPStatus(status).phrase}"
    except ValueError:
        return str(status)


def _asked_wait_s(response: requests.Response) -> float:
    text = str(response.headers.get("Retry-After", ""))
    return float(text) if text.isascii() and text.isdigit() and len(text) <= MOST_DIGITS else 0.0


def _tls_reason(fault: Exception) -> str:
    """Find the short reason of OpenSSL in what wraps it."""
    text = str(fault)
    for mark in ("certificate verify failed: ", "Hostname mismatch", "doesn't match", "WRONG_VERSION_NUMBER"):
        if mark in text:
            start = text.index(mark)
            return quoted(text[start:].removeprefix("certificate verify failed: ").partition(" (_ssl")[0], 80)
    return "TLS fails"
