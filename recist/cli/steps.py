"""Telling of the steps of a long chain: what each did, and how long it took."""

from __future__ import annotations

import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

from recist.cli.screen import say

if TYPE_CHECKING:
    from collections.abc import Iterator

NAME_WIDTH = 9


@contextmanager
def tell_step(name: str) -> Iterator[list[str]]:
    """Say what a step did, in the word list it fills, and how long it took."""
    started = time.monotonic()
    told: list[str] = []
    yield told
    say(f"{name:<{NAME_WIDTH}} {' '.join(told)} ({time.monotonic() - started:.0f} s)")
