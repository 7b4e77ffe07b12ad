"""What goes wrong between us and an archive, told in one sentence that holds no credentials and no patient."""

from __future__ import annotations

from recist.errors import EnvironmentFault

LONGEST_QUOTE = 160
OTHER_PATH = "the path in the address may be another, such as /dicom-web or /dcm4chee-arc/aets/…/rs"


class ArchiveFault(EnvironmentFault):
    """The archive is down, refuses, is too slow or does not keep to the standard.

    Parameters
    ----------
    message : str
    is_transient : bool
        Whether the same request may do well a little later.
    wait_s : float
        How long the archive asked to be left alone; 0 where it did not.
    """

    def __init__(self, message: str, *, is_transient: bool = False, wait_s: float = 0.0) -> None:
        self.is_transient, self.wait_s = is_transient, wait_s
        super().__init__(message)


class RefusedToSend(ArchiveFault):
    """The archive works, and does not give what was asked for; other objects may come."""


def quoted(text: object, length: int = LONGEST_QUOTE) -> str:
    r"""Give foreign text without what could steer a terminal, and no longer than a line.

    >>> quoted("no\x1b[2J room\n")
    'no?[2J room'
    """
    line = " ".join(str(text)[: 4 * length].split())
    shown = "".join(letter if letter.isprintable() else "?" for letter in line)
    return shown if len(shown) <= length else shown[:length] + "…"


def short(uid: str) -> str:
    """Give the end of a UID, enough to find it again in a table."""
    return f"…{quoted(uid)[-12:]}"
