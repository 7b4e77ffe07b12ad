"""A guard over a connection: it cuts what is silent, trickles or never ends."""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING, TypeVar

from recist.pacs.patience import LEAST_BYTES_PER_S

if TYPE_CHECKING:
    from collections.abc import Callable

T = TypeVar("T")


class Watch:
    """Cuts a connection whose time is up; use it in a ``with`` block.

    Every byte buys a thousandth of a second, up to `limit_s` from now: a stream that trickles ends, one that flows
    may last.

    Parameters
    ----------
    limit_s : float
    cut : callable
        Called once, from another thread, when time is up.
    """

    def __init__(self, limit_s: float, cut: Callable[[], None]) -> None:
        self._limit_s, self._cut = limit_s, cut
        self._deadline = time.monotonic() + limit_s
        self._over = threading.Event()
        self.has_cut = False

    def __enter__(self) -> Watch:
        threading.Thread(target=self._run, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()

    def touch(self, n_bytes: int) -> None:
        """Count bytes that moved."""
        now = time.monotonic()
        self._deadline = min(now + self._limit_s, self._deadline + n_bytes / LEAST_BYTES_PER_S)

    def renew(self) -> None:
        """Start the limit anew: something whole has come."""
        self._deadline = time.monotonic() + self._limit_s

    def _run(self) -> None:
        while not self._over.is_set():
            left = self._deadline - time.monotonic()
            if left <= 0:
                self.has_cut = True
                self._cut()
                return
            self._over.wait(left)


def within(work: Callable[[], T], seconds: float, late: Callable[[], Exception]) -> T:
    """Do `work` in at most `seconds`.

    Raises
    ------
    Exception
        The one that `late` gives when time is up, else what `work` raises.
    """
    done = threading.Event()
    results: list[T] = []
    faults: list[BaseException] = []

    def run() -> None:
        try:
            results.append(work())
        except BaseException as fault:  # noqa: BLE001  (raised again in the thread that waits)
            faults.append(fault)
        finally:
            done.set()

    threading.Thread(target=run, daemon=True).start()
    if not done.wait(seconds):
        raise late()
    if faults:
        raise faults[0]
    return results[0]
