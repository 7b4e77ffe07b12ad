"""Store one file by STOW-RS, and read the archive's answer to it (PS3.18 10.5, PS3.3 C.12.1.1.6)."""

from __future__ import annotations

import io
import json
import secrets
from typing import TYPE_CHECKING, BinaryIO

from recist.pacs.outgoing import Outgoing, Sent, SentState
from recist.pacs.patience import persist

if TYPE_CHECKING:
    from collections.abc import Iterator

    import requests

    from recist.pacs.patience import Patience
    from recist.pacs.wire import Wire

FAILED, REASON, INSTANCE = "00081198", "00081197", "00081155"
BLOCK = 2**16
MOST_ANSWER_BYTES = 16 * 2**20
ANSWERS = frozenset((400, 409, 415, 422))  # refused with a body that may say why
GOOD = 300
DUPLICATES = frozenset((0x0111, 45070))
REASONS = {
    0x0110: "processing failure",
    0x0122: "it does not take objects of this class",
    0x0124: "not authorised",
    0x0272: "it does not take this transfer syntax",
    0xA700: "out of resources",
    0xA900: "the data do not fit their class",
    0xC000: "it cannot understand the data",
    0xC122: "it does not take this transfer syntax",
}


class _Body:
    """A file between the lines of a multipart body, never whole in memory."""

    def __init__(self, before: bytes, file: BinaryIO, after: bytes) -> None:
        length = file.seek(0, io.SEEK_END)
        file.seek(0)
        self._pieces: list[BinaryIO] = [io.BytesIO(before), file, io.BytesIO(after)]
        self.len = len(before) + length + len(after)

    def __iter__(self) -> Iterator[bytes]:
        while block := self.read(BLOCK):
            yield block

    def read(self, size: int = -1) -> bytes:
        """Give the next bytes, none at the end."""
        while self._pieces:
            block = self._pieces[0].read(size)
            if block:
                return block
            self._pieces.pop(0)
        return b""


def store_file(wire: Wire, url: str, file: Outgoing, patience: Patience) -> Sent:
    """Send one file as it is.

    Raises
    ------
    ArchiveFault
        When the archive does not answer, or refuses everything.
    """
    return persist(lambda: _send(wire, url, file), patience)


def _send(wire: Wire, url: str, file: Outgoing) -> Sent:
    mark = secrets.token_hex(16)
    before = f"--{mark}\r\nContent-Type: application/dicom\r\n\r\n".encode()
    headers = {
        "Content-Type": f'multipart/related; type="application/dicom"; boundary={mark}',
        "Accept": "application/dicom+json",
    }
    with file.path.open("rb") as stream:
        body = _Body(before, stream, f"\r\n--{mark}--\r\n".encode())
        response = wire.ask("POST", url, headers=headers, body=body, n_bytes=body.len, allowed=ANSWERS)
        answer = b"".join(wire.blocks(response, MOST_ANSWER_BYTES))
    return _judge(response, answer, file)


def _judge(response: requests.Response, answer: bytes, file: Outgoing) -> Sent:
    """Read from status and body what became of the file."""
    status = int(response.status_code)
    code = _failure(answer, file.identity.sop_instance_uid)
    if code in DUPLICATES:
        return Sent(file=file, state=SentState.ALREADY_THERE)
    if code is None and status < GOOD:
        return Sent(file=file, state=SentState.STORED)
    reason = f"status {status}" if code is None else f"{REASONS.get(code, 'no reason that we know')} (0x{code:04X})"
    return Sent(file=file, state=SentState.REFUSED, reason=reason)


def _failure(answer: bytes, uid: str) -> int | None:
    """Give the reason for which this object failed; None where it is not among the failed."""
    try:
        dataset = json.loads(answer) if answer.strip() else {}
    except (ValueError, RecursionError):
        return None
    if isinstance(dataset, list):
        dataset = dataset[0] if dataset else {}
    items = _values(dataset, FAILED)
    for item in items:
        named = _values(item, INSTANCE)
        if not named or uid in named:
            code = next(iter(_values(item, REASON)), 0)
            return code if isinstance(code, int) else 0
    return None


def _values(dataset: object, tag: str) -> list[object]:
    attribute = dataset.get(tag) if isinstance(dataset, dict) else None
    found = attribute.get("Value") if isinstance(attribute, dict) else None
    return found if isinstance(found, list) else []
