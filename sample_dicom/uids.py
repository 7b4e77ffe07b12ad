"""UIDs and names that are the same whenever the study is made from the same seed."""

from __future__ import annotations

import hashlib


def derive_uid(seed: int, *parts: str | int) -> str:
    """Return a UID below 2.25 from the seed and what it names."""
    text = "|".join(str(part) for part in ("recist-toolkit", seed, *parts))
    return f"2.25.{int.from_bytes(hashlib.sha256(text.encode()).digest()[:16], 'big')}"
