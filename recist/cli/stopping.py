"""Stopping a long command: Ctrl-C, and the signal by which schedulers end a job, do the same."""

from __future__ import annotations

import signal
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING, Never

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import FrameType


@contextmanager
def stops_in_order() -> Iterator[None]:
    """Let SIGTERM raise KeyboardInterrupt within the block, so that what is done is kept."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGTERM, _stop)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def _stop(_number: int, _frame: FrameType | None) -> Never:
    raise KeyboardInterrupt
