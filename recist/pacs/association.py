"""An association with an archive: opened, guarded, and its faults told in a sentence (PS3.8)."""

from __future__ import annotations

import socket
import ssl
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any, cast

from recist.errors import EnvironmentFault
from recist.pacs.faults import ArchiveFault, quoted
from recist.pacs.multipart import too_large
from recist.pacs.watch import Watch

if TYPE_CHECKING:
    import threading
    from collections.abc import Iterator, Sequence

    from pynetdicom.association import Association
    from pynetdicom.events import Event

    from recist.pacs.archive import Connection

LONGEST_PDU = 2**20  # we offer 16 KiB; whoever sends more than this does not keep to it
MOST_CONTEXTS = 128
JOIN_S = 2.0
REASONS = {
    "Called AE title not recognised": "it does not know itself by the title in the address (called AE title)",
    "Calling AE title not recognised": "it does not know us by our title; have it entered there, or name another "
    "with --calling-ae",
    "Temporary congestion": "it is overloaded",
    "Local limit exceeded": "it has too many associations open",
}


def silence_pynetdicom() -> None:
    """Keep pynetdicom from logs, where it would quote patient data."""
    import logging

    from pynetdicom import _config

    _config.LOG_HANDLER_LEVEL = "none"
    _config.LOG_REQUEST_IDENTIFIERS = _config.LOG_RESPONSE_IDENTIFIERS = False
    _config.STORE_SEND_CHUNKED_DATASET = True  # files are sent as they are, never decoded
    logging.getLogger("pynetdicom").setLevel(logging.CRITICAL + 1)


class Guard:
    """Watches over what comes on associations: silence, PDUs and objects without end.

    Parameters
    ----------
    connection : Connection
    """

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._sockets: list[socket.socket] = []
        self._object_bytes = 0
        self.watch: Watch | None = None
        self.reason = ""

    def handlers(self) -> list[tuple[Any, Any]]:
        """Give what pynetdicom calls."""
        from pynetdicom import evt

        return [(evt.EVT_CONN_OPEN, self._on_open), (evt.EVT_DATA_RECV, self._on_data)]

    def start_object(self) -> None:
        """Begin to count anew: the last object is whole."""
        self._object_bytes = 0
        if self.watch is not None:
            self.watch.renew()

    def cut(self) -> None:
        """Cut every connection."""
        for one in self._sockets:
            with suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)

    def keep(self, one: socket.socket) -> None:
        """Remember a socket, to be cut and closed."""
        self._sockets.append(one)

    def close(self, *threads: threading.Thread) -> None:
        """Close every connection once the threads that read them have ended, or soon."""
        for thread in threads:
            if thread.is_alive():
                thread.join(JOIN_S)
        for one in self._sockets:
            one.close()

    def _on_open(self, event: Event) -> None:
        """Bound what pynetdicom reads at once, and how long it waits for the rest of a PDU."""
        wrapped = event.assoc.dul.socket
        if wrapped is None or wrapped.socket is None:
            return
        wrapped.socket.settimeout(self._connection.patience.timeout_s)
        self.keep(wrapped.socket)
        receive = wrapped.recv

        def receive_bounded(n_bytes: int) -> bytearray:
            if n_bytes > LONGEST_PDU:
                self.reason = "it sends a PDU larger than was agreed"
                raise OSError(self.reason)
            return bytearray(receive(n_bytes))

        wrapped.recv = receive_bounded  # type: ignore[method-assign, assignment]  # bounded in place

    def _on_data(self, event: Event) -> None:
        if self.watch is not None:
            self.watch.touch(len(event.data))
        self._object_bytes += len(event.data)
        if self._object_bytes > self._connection.most_bytes + LONGEST_PDU:
            self.reason = too_large(self._connection.most_bytes)
            self.cut()


class _Keeper:
    """Stands where pynetdicom expects a TLS context, and keeps the socket that it loses when it cannot connect."""

    def __init__(self, guard: Guard, context: ssl.SSLContext | None) -> None:
        self._guard, self._context = guard, context

    def wrap_socket(self, plain: socket.socket, *, server_side: bool, server_hostname: str) -> socket.socket:
        """Give the socket to use, encrypted where the address asks for it."""
        used = plain
        if self._context is not None:
            used = self._context.wrap_socket(plain, server_side=server_side, server_hostname=server_hostname)
        self._guard.keep(used)
        return used


@contextmanager
def associate(
    connection: Connection, contexts: Sequence[Any], *, roles: Sequence[Any] = (), handlers: Sequence[Any] = ()
) -> Iterator[tuple[Association, Guard]]:
    """Open an association for a ``with`` block; it is released when the block ends well, else cut.

    Raises
    ------
    ArchiveFault
        When there is none to be had.
    """
    from pynetdicom import AE

    address, patience = connection.address, connection.patience
    guard = Guard(connection)
    keeper = _Keeper(guard, tls_context(connection) if address.is_tls else None)
    entity = AE(ae_title=connection.calling_ae)
    entity.acse_timeout = entity.network_timeout = entity.connection_timeout = patience.timeout_s
    entity.dimse_timeout = None  # the guard knows better: it sees data move
    with Watch(patience.timeout_s, guard.cut) as watch:
        try:
            association = entity.associate(
                address.host,
                address.port,
                list(contexts),
                ae_title=address.called_ae,
                tls_args=cast("Any", (keeper, address.host)),
                ext_neg=list(roles),
                evt_handlers=[*guard.handlers(), *handlers],
            )
        except OSError:
            raise ArchiveFault(f"{address}: there is no machine of this name") from None
        except BaseException:
            guard.cut()
            raise
        if not association.is_established:
            guard.close(association.dul)
            raise _explain_refusal(connection, association)
        watch.renew()
        guard.watch = watch
        try:
            yield association, guard
            watch.renew()
            association.release()
        except BaseException:
            guard.cut()
            association.abort(block=False)
            raise
        finally:
            guard.close(association, association.dul)


def broken_off(connection: Connection, guard: Guard) -> ArchiveFault:
    """Say why an association ended before its time."""
    address = connection.address
    if guard.reason:
        return ArchiveFault(f"{address}: {guard.reason}")
    if guard.watch is not None and guard.watch.has_cut:
        seconds = connection.patience.timeout_s
        return ArchiveFault(f"{address} does not answer within {seconds:g} s, or too slowly", is_transient=True)
    return ArchiveFault(f"{address} aborted the association", is_transient=True)


def tls_context(connection: Connection) -> ssl.SSLContext:
    """Make the rules of TLS: the archive's certificate and name are always verified."""
    try:
        context = ssl.create_default_context(cafile=connection.ca or None)
        if connection.client_cert:
            context.load_cert_chain(connection.client_cert, connection.client_key or None)
    except (ssl.SSLError, OSError) as fault:
        raise EnvironmentFault(
            f"a certificate file for {connection.address} is no PEM file that can be used"
        ) from fault
    return context


def _explain_refusal(connection: Connection, association: Association) -> ArchiveFault:
    """Say why there is no association."""
    address = connection.address
    if association.is_rejected:
        answer = association.acceptor.primitive
        reason = str(getattr(answer, "reason_str", ""))
        told = REASONS.get(reason, quoted(reason) or "it does not say why")
        is_transient = "ransient" in str(getattr(answer, "result_str", ""))
        return ArchiveFault(f"{address} rejects the association: {told}", is_transient=is_transient)
    fault = _try_connection(connection)
    if fault is not None:
        return fault
    if association.acceptor.primitive is not None:
        return ArchiveFault(f"{address} offers none of the services that were asked for")
    return ArchiveFault(
        f"{address} takes the connection and does not answer, or breaks it off; is it a DICOM archive, and does it "
        "know us by our title?",
        is_transient=True,
    )


def _try_connection(connection: Connection) -> ArchiveFault | None:
    """Connect without DICOM, to learn what pynetdicom does not tell; None where that does well."""
    address = connection.address
    try:
        with socket.create_connection((address.host, address.port), timeout=connection.patience.timeout_s) as plain:
            if address.is_tls:
                with tls_context(connection).wrap_socket(plain, server_hostname=address.host):
                    return None
            return None
    except ssl.SSLCertVerificationError as fault:
        return ArchiveFault(
            f"{address}: the certificate cannot be verified ({quoted(fault.verify_message, 80)}); where the archive "
            "has one of its own authority, name that authority's file with --ca"
        )
    except ssl.SSLError:
        return ArchiveFault(f"{address}: TLS fails; is it a port with TLS?")
    except TimeoutError:
        seconds = connection.patience.timeout_s
        return ArchiveFault(f"{address} does not answer within {seconds:g} s", is_transient=True)
    except ConnectionRefusedError:
        return ArchiveFault(f"{address}: nothing answers there; the archive is down or its port is another")
    except OSError:
        return ArchiveFault(f"{address} cannot be reached from here")
