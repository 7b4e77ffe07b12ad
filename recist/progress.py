"""How long work tells whoever waits how far it is."""

from __future__ import annotations

from typing import Protocol


class Progress(Protocol):
    """Called by long work with the number of steps done and the total."""

    def __call__(self, done: int, total: int) -> None:
        """Report that `done` of `total` steps are finished."""


def no_progress(done: int, total: int) -> None:
    """Report to nobody."""
