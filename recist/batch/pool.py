"""Ways to measure many tasks: in this process, in child processes of this machine, or on a cluster (``cluster.py``)."""

from __future__ import annotations

from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from queue import SimpleQueue
from typing import TYPE_CHECKING, Protocol

from recist.batch.child import Child
from recist.batch.measuring import measure_task

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from recist.batch.outcome import Outcome
    from recist.batch.task import Task


class Pool(Protocol):
    """Measures tasks in any order."""

    def outcomes(
        self, tasks: Iterable[Task], tell_started: Callable[[Task], None], *, is_alone: bool = False
    ) -> Iterator[Outcome]:
        """Give the outcomes as they come; with `is_alone` no two tasks are measured at the same time."""

    def close(self) -> None:
        """Stop everything that was started."""


class OwnProcess:
    """Measures in this process: nothing is started, but a crash or a hang is one of this process too."""

    def outcomes(
        self, tasks: Iterable[Task], tell_started: Callable[[Task], None], *, is_alone: bool = False
    ) -> Iterator[Outcome]:
        """Give the outcomes one after the other."""
        del is_alone
        for task in tasks:
            tell_started(task)
            yield measure_task(task)

    def close(self) -> None:
        """Do nothing."""


class ChildProcesses:
    """Measures in child processes; a thread here waits for each.

    Parameters
    ----------
    workers : int
    limit_s : float
        Time that one series may take.
    """

    def __init__(self, workers: int, *, limit_s: float) -> None:
        self._limit_s = limit_s
        self._children = [Child() for _ in range(workers)]
        self._idle: SimpleQueue[Child] = SimpleQueue()
        for child in self._children:
            self._idle.put(child)
        self._threads = ThreadPoolExecutor(workers)

    def outcomes(
        self, tasks: Iterable[Task], tell_started: Callable[[Task], None], *, is_alone: bool = False
    ) -> Iterator[Outcome]:
        """Give the outcomes as they come; no more tasks are taken than there are processes."""
        most = 1 if is_alone else len(self._children)
        running: set[Future[Outcome]] = set()
        for task in tasks:
            tell_started(task)
            running.add(self._threads.submit(self._measure, task))
            while len(running) >= most:
                done, running = wait(running, return_when=FIRST_COMPLETED)
                yield from (future.result() for future in done)
        while running:
            done, running = wait(running, return_when=FIRST_COMPLETED)
            yield from (future.result() for future in done)

    def _measure(self, task: Task) -> Outcome:
        child = self._idle.get()
        try:
            return child.measure(task, limit_s=self._limit_s)
        finally:
            self._idle.put(child)

    def close(self) -> None:
        """Stop the processes, whatever they are doing."""
        for child in self._children:
            child.close()
        self._threads.shutdown(wait=True)
