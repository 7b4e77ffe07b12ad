"""Store files by C-STORE, as they are: never decompressed, never changed (PS3.4 B)."""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING

from recist.pacs.association import MOST_CONTEXTS, associate, broken_off
from recist.pacs.faults import ArchiveFault
from recist.pacs.outgoing import Outgoing, Sent, SentState
from recist.pacs.status import DUPLICATE, Category, category_of, name_of_status, status_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pynetdicom.association import Association

    from recist.pacs.archive import Connection

Kind = tuple[str, str]  # SOP class, transfer syntax


def send_files(connection: Connection, files: Sequence[Outgoing]) -> Iterator[Sent]:
    """Send files, as many kinds over one association as it can hold.

    Raises
    ------
    ArchiveFault
        When the archive fails more often in a row than patience allows.
    """
    kinds = list(dict.fromkeys(map(_kind, files)))
    for start in range(0, len(kinds), MOST_CONTEXTS):
        chunk = kinds[start : start + MOST_CONTEXTS]
        yield from _send_kinds(connection, chunk, deque(each for each in files if _kind(each) in chunk))


def _kind(file: Outgoing) -> Kind:
    return file.identity.sop_class_uid, file.identity.transfer_syntax


def _send_kinds(connection: Connection, kinds: Sequence[Kind], waiting: deque[Outgoing]) -> Iterator[Sent]:
    """Send all that wait; what an aborted association did not take is sent over the next."""
    import time

    patience, failures = connection.patience, 0
    while waiting:
        try:
            for sent in _send_over_one(connection, kinds, waiting):
                failures = 0
                yield sent
        except ArchiveFault as fault:
            failures += 1
            if not fault.is_transient or failures >= patience.attempts:
                raise
            time.sleep(patience.wait_s(failures))


def _send_over_one(connection: Connection, kinds: Sequence[Kind], waiting: deque[Outgoing]) -> Iterator[Sent]:
    from pynetdicom import build_context

    contexts = [build_context(sop_class, [syntax]) for sop_class, syntax in kinds]
    with associate(connection, contexts) as (association, guard):
        accepted = _accepted(association)
        while waiting:
            file = waiting[0]
            if _kind(file) not in accepted:
                sent = Sent(file=file, state=SentState.REFUSED, reason=_not_taken(file))
            else:
                status = status_of(association.send_c_store(file.path))
                if status is None:
                    raise broken_off(connection, guard)
                sent = _judge(file, status)
            guard.start_object()
            waiting.popleft()
            yield sent


def _accepted(association: Association) -> set[Kind]:
    return {(str(each.abstract_syntax), str(each.transfer_syntax[0])) for each in association.accepted_contexts}


def _not_taken(file: Outgoing) -> str:
    from pydicom.uid import UID

    sop_class, syntax = (UID(uid).name for uid in _kind(file))
    return f"it does not take {sop_class} in {syntax}; nothing is decompressed on the way"


def _judge(file: Outgoing, status: int) -> Sent:
    if status in DUPLICATE:
        return Sent(file=file, state=SentState.ALREADY_THERE)
    category = category_of(status)
    if category is Category.FAILED:
        return Sent(file=file, state=SentState.REFUSED, reason=name_of_status(status))
    note = f"with a warning: {name_of_status(status)}" if category is Category.PARTLY else ""
    return Sent(file=file, state=SentState.STORED, reason=note)
