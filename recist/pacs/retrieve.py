"""Retrieve by C-GET and by C-MOVE, in the encodings in which the archive stores (PS3.4 C.4.2 and C.4.3)."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from recist.errors import EnvironmentFault, UsageError
from recist.pacs.association import Guard, associate, broken_off, tls_context
from recist.pacs.faults import ArchiveFault, RefusedToSend
from recist.pacs.kinds import TRANSFER_SYNTAXES, WANTED_CLASSES
from recist.pacs.status import Category, category_of, name_of_status, status_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pydicom import Dataset
    from pynetdicom.events import Event

    from recist.pacs.archive import Connection, Receiver
    from recist.pacs.question import FoundInstance, FoundSeries

CLASSES_AT_ONCE = 127 // len(TRANSFER_SYNTAXES)  # one of the 128 contexts is for C-GET itself
UIDS_AT_ONCE = 100
TAKEN, OUT_OF_RESOURCES, NOT_UNDERSTOOD = 0x0000, 0xA700, 0xC000


class Intake:
    """Takes objects by C-STORE and hands them on as files, byte for byte as they came.

    Parameters
    ----------
    receiver : Receiver
    guards : list of Guard
        Told of every object that is whole.
    """

    def __init__(self, receiver: Receiver) -> None:
        self._receiver = receiver
        self.guards: list[Guard] = []
        self.fault: BaseException | None = None

    def on_store(self, event: Event) -> int:
        """Take one object; a fault of this machine stops the work."""
        for guard in self.guards:
            guard.start_object()
        path = self._receiver.new_path()
        try:
            path.write_bytes(event.encoded_dataset())
            self._receiver.take(path)
        except OSError as fault:
            self.fault = fault
            return OUT_OF_RESOURCES
        except (AttributeError, ValueError, TypeError):
            return NOT_UNDERSTOOD
        return TAKEN  # also what was not kept: an archive told otherwise would stop sending


def get(
    connection: Connection,
    series: FoundSeries,
    wanted: Sequence[FoundInstance],
    receiver: Receiver,
    *,
    whole: bool,
) -> None:
    """Let objects come over our own association."""
    from pynetdicom import build_context, build_role, evt
    from pynetdicom.sop_class import StudyRootQueryRetrieveInformationModelGet as Model  # type: ignore[attr-defined]

    classes = sorted({each.sop_class_uid for each in wanted} - {""}) or list(WANTED_CLASSES)
    for start in range(0, len(classes), CLASSES_AT_ONCE):
        chunk = classes[start : start + CLASSES_AT_ONCE]
        part = [each for each in wanted if each.sop_class_uid in (*chunk, "")]
        contexts = [build_context(Model)]
        contexts += [build_context(uid, [syntax]) for uid in chunk for syntax in TRANSFER_SYNTAXES]
        roles = [build_role(uid, scp_role=True, scu_role=False) for uid in chunk]
        intake = Intake(receiver)
        handlers = [(evt.EVT_C_STORE, intake.on_store)]
        with associate(connection, contexts, roles=roles, handlers=handlers) as (association, guard):
            intake.guards = [guard]
            for query in _queries(series, part, whole=whole and len(part) == len(wanted)):
                answers = association.send_c_get(query, Model)
                _follow(connection, answers, intake, guard, most=10 * len(part) + 1000)


def move(
    connection: Connection,
    series: FoundSeries,
    wanted: Sequence[FoundInstance],
    receiver: Receiver,
    *,
    whole: bool,
) -> None:
    """Let objects come over an association that the archive opens to us."""
    from pynetdicom import build_context
    from pynetdicom.sop_class import StudyRootQueryRetrieveInformationModelMove as Model  # type: ignore[attr-defined]

    intake = Intake(receiver)
    with _listen(connection, wanted, intake), associate(connection, [build_context(Model)]) as (association, guard):
        for each in intake.guards:
            each.watch = guard.watch
        intake.guards.append(guard)
        for query in _queries(series, wanted, whole=whole):
            answers = association.send_c_move(query, connection.calling_ae, Model)
            _follow(connection, answers, intake, guard, most=10 * len(wanted) + 1000)


@contextmanager
def _listen(connection: Connection, wanted: Sequence[FoundInstance], intake: Intake) -> Iterator[None]:
    """Listen for objects while the block runs."""
    from pynetdicom import AE, evt

    address = connection.address
    if address.is_tls and not connection.client_cert:
        raise UsageError("C-MOVE over TLS needs a certificate of our own; name it with --client-cert and --client-key")
    entity = AE(ae_title=connection.calling_ae)
    entity.require_called_aet = True
    entity.network_timeout = entity.acse_timeout = connection.patience.timeout_s
    for uid in sorted({*WANTED_CLASSES, *(each.sop_class_uid for each in wanted if each.sop_class_uid)}):
        entity.add_supported_context(uid, list(TRANSFER_SYNTAXES))
    guard = Guard(connection)
    intake.guards.append(guard)
    host = "127.0.0.1" if address.is_loopback else ""
    try:
        server: Any = entity.start_server(
            (host, connection.storage_port),
            block=False,
            ssl_context=_server_context(connection) if address.is_tls else None,
            evt_handlers=[*guard.handlers(), (evt.EVT_C_STORE, intake.on_store)],
        )
    except OSError as fault:
        raise EnvironmentFault(
            f"port {connection.storage_port} of this machine, where images come in by C-MOVE, cannot be listened on "
            f"({fault.strerror}); name another with --port, the one that the archive knows"
        ) from fault
    try:
        yield
    except BaseException:
        guard.cut()
        raise
    finally:
        threads = server.active_associations
        server.shutdown()
        guard.close(*threads)


def _server_context(connection: Connection) -> Any:
    import ssl

    context = tls_context(connection)
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.minimum_version = context.minimum_version
    server.load_cert_chain(connection.client_cert, connection.client_key or None)
    server.verify_mode = ssl.CERT_REQUIRED
    if connection.ca:
        server.load_verify_locations(connection.ca)
    else:
        server.load_default_certs(ssl.Purpose.CLIENT_AUTH)
    return server


def _queries(series: FoundSeries, wanted: Sequence[FoundInstance], *, whole: bool) -> Iterator[Dataset]:
    """Name what shall come: the series, or a hundred of its objects at a time."""
    from pydicom import Dataset

    def query(level: str) -> Dataset:
        dataset = Dataset()
        dataset.QueryRetrieveLevel = level
        dataset.StudyInstanceUID = series.study_uid
        dataset.SeriesInstanceUID = series.series_uid
        return dataset

    if whole:
        yield query("SERIES")
        return
    for start in range(0, len(wanted), UIDS_AT_ONCE):
        dataset = query("IMAGE")
        dataset.SOPInstanceUID = [each.sop_instance_uid for each in wanted[start : start + UIDS_AT_ONCE]]
        yield dataset


def _follow(
    connection: Connection,
    answers: Iterator[tuple[Dataset, Dataset | None]],
    intake: Intake,
    guard: Guard,
    *,
    most: int,
) -> None:
    """Follow the answers to their end.

    Raises
    ------
    ArchiveFault
        When the archive fails. What could not be moved one by one is not its fault as a whole: it will be missing.
    OSError
        When this machine cannot write.
    """
    for count, (answer, _) in enumerate(answers):
        if intake.fault is not None:
            raise intake.fault
        status = status_of(answer)
        if status is None:
            raise broken_off(connection, guard)
        if category_of(status) is Category.FAILED and not _has_moved(answer):
            raise RefusedToSend(f"{connection.address} refuses to send: {name_of_status(status)}")
        guard.start_object()
        if count > most:
            raise ArchiveFault(f"{connection.address} answers without end")
    if intake.fault is not None:
        raise intake.fault


def _has_moved(answer: Dataset) -> bool:
    """Whether some objects came although the operation failed."""
    return bool(answer.get("NumberOfCompletedSuboperations") or 0)
