"""Measuring on a Dask cluster: its workers start the same child processes as this machine would.

The cluster carries tasks there and outcomes back; parts and ledger are written here, so a worker that dies takes
nothing with it. Inputs are read from a file system that all workers share, under the same paths.
"""

from __future__ import annotations

import atexit
import logging
import os
import threading
from contextlib import ExitStack, suppress
from functools import cache
from importlib.metadata import version
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

from recist.batch.child import Child
from recist.batch.measuring import refuse_task
from recist.batch.outcome import Outcome, Status, parse_outcome
from recist.batch.task import Task, parse_task
from recist.errors import EnvironmentFault, UsageError
from recist.search_path import away_from_working_folder

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

LOCAL = "local"
CONNECT_S = 20.0
WAIT_FOR_WORKERS_S = 60
WITHOUT_WORKERS_S = 300.0
LOOK_EVERY_S = 5.0
IN_FLIGHT_A_THREAD = 2  # one measured, one waiting at the worker
DIED = "the worker of the cluster that measured it died, each time it was tried"


def connect(address: str, *, workers: int, limit_s: float) -> Cluster:
    """Connect to a scheduler, or start one with workers on this machine.

    Parameters
    ----------
    address : str
        ``tcp://host:port`` of a scheduler, or ``local``.
    workers : int
        Workers to start when it is ``local``.
    limit_s : float
        Time that one series may take.

    Raises
    ------
    EnvironmentFault
        When the extra is missing, the scheduler does not answer, there are no workers, or one has another version.
    """
    try:
        import distributed
    except ImportError as fault:
        raise EnvironmentFault(
            "--dask needs the extra `cluster`, here and on the workers: pip install 'recist-toolkit[cluster]'"
        ) from fault
    if address != LOCAL and "://" not in address:
        raise UsageError(f"--dask {address}: write `local`, or the address of the scheduler, e.g. tcp://node1:8786")
    _silence()
    with ExitStack() as opened:
        if address == LOCAL:
            opened.enter_context(away_from_working_folder())  # for as long as workers may be started again
        local = _start_local(workers) if address == LOCAL else None
        try:
            client = distributed.Client(local or address, timeout=CONNECT_S, set_as_default=False)
        except (OSError, TimeoutError, ValueError) as fault:
            raise EnvironmentFault(
                f"No Dask scheduler answers at {address}; is it started, and may you reach it?"
            ) from fault
        cluster = Cluster(client, local, limit_s=limit_s)
        opened.callback(cluster.stop)
        cluster.require_ready(address)
        cluster.opened = opened.pop_all()
    return cluster


def _silence() -> None:
    """Keep what the cluster logs from the screen: what matters of it is told in sentences."""
    for name in ("distributed", *logging.root.manager.loggerDict):
        if name.partition(".")[0] == "distributed":
            logging.getLogger(name).setLevel(logging.CRITICAL + 1)


def _start_local(workers: int) -> Any:  # distributed tells its types only in part
    from distributed import LocalCluster

    return LocalCluster(
        n_workers=workers,
        threads_per_worker=1,
        processes=True,
        host="127.0.0.1",
        dashboard_address=None,
        silence_logs=logging.CRITICAL,
    )


class Cluster:
    """A pool whose processes stand on a Dask cluster."""

    def __init__(self, client: Any, local: Any, *, limit_s: float) -> None:
        self._client = client
        self._local = local
        self._limit_s = limit_s
        self.opened = ExitStack()  # what is undone on closing

    def require_ready(self, address: str) -> None:
        """Refuse a cluster without workers, or whose workers would measure in another way.

        Raises
        ------
        EnvironmentFault
        """
        try:
            self._client.wait_for_workers(1, timeout=WAIT_FOR_WORKERS_S)
        except TimeoutError as fault:
            raise EnvironmentFault(f"The Dask cluster at {address} has no worker; start some") from fault
        try:
            found = self._client.run(_engine)
        except (ImportError, AttributeError) as fault:
            raise EnvironmentFault(
                f"A worker of the Dask cluster at {address} has no recist-toolkit; install the same version as here"
            ) from fault
        here = _engine()
        others = {worker: engine for worker, engine in found.items() if engine != here}
        if others:
            worker, engine = next(iter(others.items()))
            raise EnvironmentFault(
                f"The worker {worker} has recist-toolkit {engine}, here is {here}: {len(others)} of {len(found)} "
                "workers differ. Install the same version everywhere, for two versions may measure differently"
            )

    def outcomes(
        self, tasks: Iterable[Task], tell_started: Callable[[Task], None], *, is_alone: bool = False
    ) -> Iterator[Outcome]:
        """Give the outcomes as they come; only as many tasks as keep the workers busy are on their way."""
        from distributed import as_completed

        coming = iter(tasks)
        flying: dict[str, Task] = {}
        landed = as_completed(loop=self._client.loop)
        while True:
            for task in islice(coming, self._room(len(flying), is_alone=is_alone)):
                tell_started(task)
                future = self._submit(task, is_alone=is_alone)
                flying[future.key] = task
                landed.add(future)
            if not flying:
                return
            future = self._next(landed)
            yield self._read(future, flying.pop(future.key))

    def _room(self, flying: int, *, is_alone: bool) -> int:
        threads = sum(self._ask(self._client.nthreads).values())
        return max(0, (1 if is_alone else max(1, threads) * IN_FLIGHT_A_THREAD) - flying)

    def _submit(self, task: Task, *, is_alone: bool) -> Any:
        key = f"recist-{task.id}-{'alone' if is_alone else 'first'}"
        return self._client.submit(_measure_there, task.to_text(), self._limit_s, key=key, pure=False)

    def _next(self, landed: Any) -> Any:
        """Wait for a task to be done."""
        self._wait_until(landed.has_ready)
        return next(landed)

    def _wait_until(self, is_ready: Callable[[], bool]) -> None:
        """Wait, and see to it that there is still somebody to do the work."""
        waited_s = idle_s = 0.0
        pause = threading.Event()
        while not is_ready():
            pause.wait(0.01)
            waited_s += 0.01
            self._require_scheduler()
            if waited_s >= LOOK_EVERY_S:
                idle_s = 0.0 if self._ask(self._client.nthreads) else idle_s + waited_s
                waited_s = 0.0
                if idle_s >= WITHOUT_WORKERS_S:
                    raise EnvironmentFault(_lost(f"has had no worker for {WITHOUT_WORKERS_S:g} s"))

    def _require_scheduler(self) -> None:
        if self._client.status != "running":
            raise EnvironmentFault(_lost("is gone"))

    def _ask(self, question: Callable[[], dict[str, int]]) -> dict[str, int]:
        self._require_scheduler()
        try:
            return question()
        except (OSError, TimeoutError, RuntimeError) as fault:
            raise EnvironmentFault(_lost("does not answer")) from fault

    def _read(self, future: Any, task: Task) -> Outcome:
        from distributed.scheduler import KilledWorker

        # lost: the worker died that held the outcome, and the task is done once more
        self._wait_until(lambda: future.status not in ("lost", "pending"))
        if future.status == "cancelled":
            raise EnvironmentFault(_lost("is gone"))
        try:
            outcome = parse_outcome(future.result())
        except KilledWorker:
            return refuse_task(task, DIED, status=Status.CRASHED)
        except (OSError, TimeoutError) as fault:
            raise EnvironmentFault(_lost("does not answer")) from fault
        finally:
            future.release()
        return outcome

    def close(self) -> None:
        """Let go of the scheduler; stop what was started here, and leave this process as it was."""
        self.opened.close()

    def stop(self) -> None:
        """Let go of the scheduler; stop what was started here."""
        with suppress(OSError, TimeoutError, RuntimeError):
            self._client.close(timeout=5)
        if self._local is not None:
            self._local.close(timeout=10)


def _lost(what: str) -> str:
    return (
        f"The Dask scheduler {what}. What was measured is kept: start a scheduler and workers, then give the same "
        "command again to go on"
    )


def _engine() -> str:
    """Tell the version that this process measures with."""
    return version("recist-toolkit")


@cache
def _child_of(process: int, thread: int) -> Child:
    """Give the measuring process of one thread of a worker."""
    del process, thread
    child = Child()
    atexit.register(child.close)
    return child


def _measure_there(line: str, limit_s: float) -> str:
    """Measure a task on a worker of the cluster."""
    task = parse_task(line)
    if _engine() != task.engine:
        reason = f"the worker that was to measure it has recist-toolkit {_engine()} instead of {task.engine}"
        return refuse_task(task, reason, status=Status.CRASHED).to_text()
    if not Path(task.folder).is_dir():
        reason = (
            "the worker that was to measure it does not see the folder of the manifest: put it on a shared file system"
        )
        return refuse_task(task, reason, status=Status.CRASHED).to_text()
    return _child_of(os.getpid(), threading.get_ident()).measure(task, limit_s=limit_s).to_text()
