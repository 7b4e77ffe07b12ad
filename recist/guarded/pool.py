"""The children of this process: as many as there are processors, started when first needed, used again and again."""

from __future__ import annotations

import atexit
import os
import pickle
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING, ParamSpec, TypeVar, cast

from recist.errors import EnvironmentFault, GuardError
from recist.guarded import child
from recist.guarded.worker import NotStarted, Worker
from recist.search_path import importable_path

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

P = ParamSpec("P")
T = TypeVar("T")

MEMORY_MIB = 300.0
SECONDS = 2.0
MOST_CHILDREN = 8
N_TRIES = 2


class Pool:
    """Lends children to threads."""

    def __init__(self, size: int) -> None:
        self._places = threading.BoundedSemaphore(size)
        self._lock = threading.Lock()
        self._idle: list[Worker] = []
        self._all: set[Worker] = set()

    @contextmanager
    def lend(self) -> Iterator[Worker]:
        """Lend a child, the last used one first; one that is spent afterwards is ended."""
        with self._places:
            worker = self._find()
            try:
                yield worker
            finally:
                self._put_back(worker)

    def _find(self) -> Worker:
        while True:
            with self._lock:
                worker = self._idle.pop() if self._idle else None
            if worker is None:
                worker = Worker()
                with self._lock:
                    self._all.add(worker)
                return worker
            if worker.is_alive():
                return worker
            self._end(worker)

    def _put_back(self, worker: Worker) -> None:
        if worker.is_usable:
            with self._lock:
                self._idle.append(worker)
        else:
            self._end(worker)

    def _end(self, worker: Worker) -> None:
        with self._lock:
            self._all.discard(worker)
        worker.close()

    def close(self) -> None:
        """End all children."""
        while self._all:
            self._all.pop().close()
        self._idle.clear()

    def forget(self) -> None:
        """Let go of children that belong to the process this one was forked from."""
        for worker in self._all:
            worker.forget()


def _new_pool() -> Pool:
    return Pool(max(2, min(MOST_CHILDREN, os.cpu_count() or 2)))


_pool = _new_pool()


def _start_anew() -> None:
    global _pool  # noqa: PLW0603  # one pool a process
    _pool.forget()
    _pool = _new_pool()


def close_children() -> None:
    """End all children of this process; the next call starts new ones."""
    _pool.close()


atexit.register(close_children)
if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_start_anew)


def call_guarded(
    function: Callable[P, T], *arguments: object, memory_mib: float = MEMORY_MIB, seconds: float = SECONDS
) -> T:
    """Call a function in a child process with limited memory and time.

    Inside a guarded call it is called at once: the limits of the outer call hold.

    Parameters
    ----------
    function : callable
        At the top of a module that can be imported.
    *arguments
        Whatever can be pickled.
    memory_mib : float
        Memory it may take beyond what the child has after its imports; its result may be as large.
    seconds : float
        Time it may take, imports not counted; a child that had to wait for a processor gets up to five times as long.

    Returns
    -------
    object
        What the function returns; see `recist.guarded` for the types that can be passed on.

    Raises
    ------
    GuardError
        When the child dies, overruns, runs out of memory or fails, with a reason that begins in lower case and ends
        without a full stop.
    RecistError
        What the function itself raises of the toolkit's faults.
    EnvironmentFault
        When no child can be started.
    """
    if child.is_child:
        return function(*arguments)  # type: ignore[call-arg, arg-type]
    request = _pack(function, arguments, memory_mib)
    for _ in range(N_TRIES):
        with _pool.lend() as worker:
            try:
                return cast("T", worker.call(request, memory_mib, seconds))
            except NotStarted:
                continue
    raise EnvironmentFault("The child process that reads images ends before it has begun.")


def _pack(function: Callable[P, T], arguments: tuple[object, ...], memory_mib: float) -> bytes:
    module, qualified = function.__module__, function.__qualname__
    if module == "__main__" or "<" in qualified:
        raise GuardError(f"{qualified} is not a function of a module that a child process can import")
    try:
        packed = pickle.dumps(arguments, protocol=pickle.HIGHEST_PROTOCOL)
    except (pickle.PicklingError, TypeError, AttributeError, RecursionError) as fault:
        raise GuardError("what is to be read cannot be passed on to a child process") from fault
    return pickle.dumps((importable_path(), module, qualified, packed, memory_mib), protocol=pickle.HIGHEST_PROTOCOL)
