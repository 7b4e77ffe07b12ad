"""A child process that measures tasks one after the other, with a limit of time for each."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING

from recist.batch.measuring import refuse_task
from recist.batch.outcome import READY, Outcome, Status, parse_outcome
from recist.errors import EnvironmentFault
from recist.search_path import SAFE, safe_environment

if TYPE_CHECKING:
    from recist.batch.task import Task

COMMAND = [sys.executable, SAFE, "-m", "recist.batch.worker"]
THREADS = {"OMP_NUM_THREADS": "1", "NUMBA_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}  # workers share the cores


class Child:
    """A measuring process; started when first needed, and again after it died."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[str] | None = None
        self._is_closed = False
        self._lock = threading.Lock()  # it may be closed while it is being started

    def measure(self, task: Task, *, limit_s: float) -> Outcome:
        """Measure one task; a child that dies or overruns its time gives an outcome that says so.

        Raises
        ------
        EnvironmentFault
            When no child can be started.
        """
        process = self._started()
        overran = threading.Event()

        def stop() -> None:
            overran.set()
            process.kill()

        timer = threading.Timer(limit_s, stop)
        timer.start()
        try:
            answer = _ask(process, task.to_text())
        finally:
            timer.cancel()
        if answer:
            return replace(parse_outcome(answer), index=task.index, task=task.id)
        process.wait()
        self._end()
        if overran.is_set():
            reason = f"measuring it took longer than {limit_s:g} s and was stopped; see --time-limit"
            return refuse_task(task, reason, status=Status.FAILED)
        return refuse_task(task, _cause(process.returncode), status=Status.CRASHED)

    def close(self) -> None:
        """Stop the process, whatever it is doing."""
        with self._lock:
            self._is_closed = True
        self._end()

    def _started(self) -> subprocess.Popen[str]:
        if self._process is not None:
            return self._process
        with self._lock:
            if self._is_closed:
                raise EnvironmentFault("The run is being stopped.")
            process = self._process = _start()
        assert process.stdout is not None
        if process.stdout.readline().strip() != READY and not self._is_closed:
            raise EnvironmentFault(
                "No measuring process could be started: `python -m recist.batch.worker` ended at once; `recist doctor` "
                "tells what is missing"
            )
        return process

    def _end(self) -> None:
        process = self._process
        if process is None:
            return
        self._process = None
        process.kill()
        process.wait()
        for pipe in (process.stdin, process.stdout):
            if pipe is not None:
                with suppress(OSError):  # what it did not read any more
                    pipe.close()


def _start() -> subprocess.Popen[str]:
    return subprocess.Popen(
        COMMAND,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        encoding="utf-8",
        start_new_session=True,  # Ctrl-C is for the parent alone, which stops it in order
        env=THREADS | safe_environment(os.environ),
    )


def _ask(process: subprocess.Popen[str], line: str) -> str:
    """Send a line and wait for the answer; empty when the process is gone."""
    assert process.stdin is not None
    assert process.stdout is not None
    try:
        process.stdin.write(line + "\n")
        process.stdin.flush()
        answer = process.stdout.readline()
    except (OSError, ValueError):  # the pipe is broken, or was closed on stopping
        return ""
    return answer if answer.endswith("\n") else ""


def _cause(code: int) -> str:
    """Say in words how a process ended."""
    if code >= 0:
        return f"the process that measured it ended with code {code}"
    try:
        name = signal.Signals(-code).name
    except ValueError:
        name = f"signal {-code}"
    likely = ", as the system does when memory runs out" if name == "SIGKILL" else ""
    return f"the process that measured it was ended by {name}{likely}"
