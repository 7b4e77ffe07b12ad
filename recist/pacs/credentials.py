"""Who we are to an archive: from the environment or the key ring, and never shown."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

USER, PASSWORD, TOKEN = "RECIST_PACS_USER", "RECIST_PACS_PASSWORD", "RECIST_PACS_TOKEN"
KEYRING_SERVICE = "recist-pacs"


@dataclass(frozen=True, slots=True, kw_only=True)
class Credentials:
    """A user and a password, or a token, or nothing.

    They appear in no text of this object, so in no log and no traceback.
    """

    user: str = ""
    password: str = field(default="", repr=False)
    token: str = field(default="", repr=False)

    def __repr__(self) -> str:
        return f"Credentials({self.kind})"

    @property
    def kind(self) -> str:
        """What is given, in words."""
        if self.token:
            return "a token"
        return "a user and a password" if self.password else "none"

    def __bool__(self) -> bool:
        return bool(self.token or self.password)


def find_credentials(host: str, *, user: str = "", environment: Mapping[str, str] | None = None) -> Credentials:
    """Look for credentials: a token, then a user and a password of the environment, then the key ring.

    Parameters
    ----------
    host : str
        The key ring is asked for service ``recist-pacs:HOST``.
    user : str
        From the settings file, where `RECIST_PACS_USER` is not set.
    environment : mapping or None
        Instead of the process's own.
    """
    given = os.environ if environment is None else environment
    if given.get(TOKEN):
        return Credentials(token=given[TOKEN])
    name = given.get(USER) or user
    if given.get(PASSWORD):
        return Credentials(user=name, password=given[PASSWORD])
    if not name:
        return Credentials()
    return Credentials(user=name, password=_ask_keyring(host, name))


def _ask_keyring(host: str, user: str) -> str:
    """Ask the key ring; a machine without one has no password there."""
    try:
        import keyring
        from keyring.errors import KeyringError
    except ModuleNotFoundError:
        return ""
    try:
        return keyring.get_password(f"{KEYRING_SERVICE}:{host}", user) or ""
    except KeyringError:
        return ""
