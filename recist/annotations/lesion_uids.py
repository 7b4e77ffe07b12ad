"""Unique identifiers that come out the same every time: one for a lesion for life, one for a report's content."""

from __future__ import annotations

import hashlib
import hmac
import os

ROOT = "2.25."  # PS3.5 B.2: a UID made of a number of 128 bits
N_BYTES = 16
KEY_VARIABLE = "RECIST_UID_KEY"
OPEN_KEY = b"recist-toolkit"


def derive_uid(*parts: str, key: bytes | None = None) -> str:
    """Derive a UID from what it names, by HMAC-SHA256.

    Parameters
    ----------
    *parts : str
        For a lesion: the word ``lesion``, study, subject and lesion id.
    key : bytes, optional
        A secret, so that nobody else can compute the UID from the parts; by default that of the environment variable
        ``RECIST_UID_KEY``, else an open one.
    """
    secret = os.environ.get(KEY_VARIABLE, "").encode() or OPEN_KEY if key is None else key
    text = "\x1f".join(parts).encode()
    digest = hmac.new(secret, text, hashlib.sha256).digest()
    return f"{ROOT}{int.from_bytes(digest[:N_BYTES], 'big')}"
