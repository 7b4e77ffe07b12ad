"""The secret key of a study, and what it makes of identities, UIDs and dates."""

from __future__ import annotations

import base64
import datetime
import hashlib
import hmac
import os
import re
import secrets
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from recist.errors import MissingInput, UsageError

if TYPE_CHECKING:
    from pathlib import Path

KEY_BYTES = 32
KEY_TEXT = re.compile(rb"[0-9a-f]{64}")
FEWEST_KEY_BYTES, MOST_KEY_BYTES = 16, 4096
UID_BITS = 128  # PS3.5 B.2: a UUID as an integer after 2.25
STANDARD_UIDS = "1.2.840.10008."  # what the standard itself defines: SOP classes, transfer syntaxes, coding schemes
FEWEST_DAYS, MOST_DAYS = 366, 3652  # every patient's calendar moves back by one to ten years, never by nothing
PSEUDONYM_CHARACTERS = 12
LABEL_CHARACTERS = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class StudyKey:
    """A secret that makes the same pseudonyms, UIDs and shifts each time, and which nobody can undo without it.

    Attributes
    ----------
    secret : bytes
        Never shown.
    prefix : str
        Stands before every pseudonym.
    """

    secret: bytes = field(repr=False)
    prefix: str = "S"

    def pseudonym(self, identity: str) -> str:
        """Make the pseudonym of a patient."""
        return self.prefix + self._letters("patient", identity, PSEUDONYM_CHARACTERS)

    def label(self, text: str) -> str:
        """Make a short name for a label that may not stay, so that one lesion is still one lesion."""
        return "L" + self._letters("label", text, LABEL_CHARACTERS)

    def uid(self, uid: str) -> str:
        """Make another UID of a UID; those that the standard defines stay."""
        uid = uid.strip(" \0")
        if not uid or is_standard(uid):
            return uid
        return f"2.25.{int.from_bytes(self._digest('uid', uid)[: UID_BITS // 8])}"

    def shift_days(self, identity: str) -> int:
        """Give the days that a patient's calendar moves: a negative whole number, the same for all that is theirs."""
        number = int.from_bytes(self._digest("shift", identity)[:8])
        return -(FEWEST_DAYS + number % (MOST_DAYS - FEWEST_DAYS + 1))

    def shift(self, day: datetime.date, identity: str) -> datetime.date:
        """Move one day of a patient's calendar.

        Raises
        ------
        OverflowError
            Where it would leave the calendar.
        """
        return day + datetime.timedelta(days=self.shift_days(identity))

    def _letters(self, purpose: str, text: str, n: int) -> str:
        return base64.b32encode(self._digest(purpose, text)).decode("ascii")[:n]

    def _digest(self, purpose: str, text: str) -> bytes:
        return hmac.digest(self.secret, f"{purpose}\0{text}".encode(), "sha256")


def is_standard(uid: str) -> bool:
    """Whether the standard itself lists this UID: a SOP class, a transfer syntax, a coding scheme."""
    from pydicom._uid_dict import UID_dictionary

    return uid.startswith(STANDARD_UIDS) and uid in UID_dictionary


def identity_of(patient_id: str, issuer: str = "") -> str:
    """Name a patient: the id, and who issued it where that is said, since two hospitals may give the same id."""
    patient_id, issuer = patient_id.strip(), issuer.strip()
    return f"{issuer}\\{patient_id}" if issuer else patient_id


def make_key(path: Path) -> StudyKey:
    """Make a new key and store it where only its owner may read it.

    Raises
    ------
    UsageError
        When something is there already.
    """
    secret = secrets.token_bytes(KEY_BYTES)
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError as fault:
        raise UsageError(
            f"{path} exists; a key is never replaced, since what it made could not be made again"
        ) from fault
    with os.fdopen(handle, "w", encoding="ascii") as file:
        file.write(secret.hex() + "\n")
    return StudyKey(secret=secret)


def read_key(path: Path) -> StudyKey:
    """Read the key of a study: one that :func:`make_key` made, or any secret file of 16 bytes to 4 KiB.

    Raises
    ------
    MissingInput
        When there is none.
    UsageError
        When the file is too short to be a secret, or so long that it is something else.
    """
    if not path.is_file():
        raise MissingInput(
            f"there is no key {path}; make one with `recist deidentify --new-key {path}` and keep it safe"
        )
    content = path.read_bytes().strip() if path.stat().st_size <= MOST_KEY_BYTES else b""
    if len(content) < FEWEST_KEY_BYTES:
        raise UsageError(
            f"{path} is no key: a key has at least {FEWEST_KEY_BYTES} bytes that nobody can guess, and at most "
            f"{MOST_KEY_BYTES}; make one with --new-key"
        )
    if KEY_TEXT.fullmatch(content):
        return StudyKey(secret=bytes.fromhex(content.decode("ascii")))
    return StudyKey(secret=hashlib.sha256(content).digest())
