"""Files on their way to an archive, and what the archive says to each."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from recist.pacs.identity import Identity


class SentState(StrEnum):
    """What became of a file that was to be sent."""

    STORED = "stored"
    ALREADY_THERE = "already there"
    OLD_KEPT = "already there with other content"
    REFUSED = "refused"
    NOT_FOUND_AFTER = "accepted, but not found afterwards"
    NOT_SENT = "not sent"


FAILURES = frozenset((SentState.OLD_KEPT, SentState.REFUSED, SentState.NOT_FOUND_AFTER, SentState.NOT_SENT))
ADVICE_FOR_OLD = "the archive keeps the old object: give corrected objects a new SOPInstanceUID"


@dataclass(frozen=True, slots=True, kw_only=True)
class Outgoing:
    """A file to send.

    Attributes
    ----------
    path : pathlib.Path
    name : str
        The path as the user knows it.
    identity : Identity
    """

    path: Path
    name: str
    identity: Identity


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """What the archive said to one file.

    Attributes
    ----------
    file : Outgoing
    state : SentState
    reason : str
        What the archive gave as its reason, or advice.
    is_verified : bool
        Found there afterwards.
    """

    file: Outgoing
    state: SentState
    reason: str = ""
    is_verified: bool = False
