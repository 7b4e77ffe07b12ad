"""How long we wait for an archive, and how often we ask again."""

from __future__ import annotations

import random
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from recist.pacs.faults import ArchiveFault

if TYPE_CHECKING:
    from collections.abc import Callable

T = TypeVar("T")

# A stream slower than this, once the time limit is used up, counts as stalled.
LEAST_BYTES_PER_S = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class Patience:
    """Time limits and repetitions.

    Attributes
    ----------
    timeout_s : float
        Longest silence; see `recist.pacs.watch` for streams that trickle.
    attempts : int
        How often a request is made in all, when what went wrong may pass.
    first_wait_s, most_wait_s : float
        The pause before the second attempt; it doubles each time.
    """

    timeout_s: float = 30.0
    attempts: int = 3
    first_wait_s: float = 1.0
    most_wait_s: float = 30.0

    def wait_s(self, attempt: int, asked_s: float = 0.0) -> float:
        """Give the pause after attempt number `attempt` (from 1), with up to a fifth of chance in it."""
        pause: float = max(self.first_wait_s * 2 ** (attempt - 1), asked_s)
        chance = random.uniform(1.0, 1.2)  # noqa: S311  (nothing secret)
        return min(pause, self.most_wait_s) * chance

    def limit_s(self, n_bytes: int) -> float:
        """Give the longest time in which `n_bytes` may be sent."""
        return self.timeout_s + n_bytes / LEAST_BYTES_PER_S


def persist(work: Callable[[], T], patience: Patience, *, sleep: Callable[[float], None] = time.sleep) -> T:
    """Do `work`, again after a pause where what went wrong may pass.

    Raises
    ------
    ArchiveFault
        What cannot pass at once; what may pass after the last attempt, saying how often it was tried.
    """
    for attempt in range(1, patience.attempts + 1):
        try:
            return work()
        except ArchiveFault as fault:
            if not fault.is_transient:
                raise
            if attempt == patience.attempts:
                tried = f" (tried {attempt} times)" if attempt > 1 else ""
                raise ArchiveFault(f"{fault}{tried}", is_transient=True) from fault
            sleep(patience.wait_s(attempt, fault.wait_s))
    raise AssertionError("there is at least one attempt")
