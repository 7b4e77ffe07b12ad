"""One child process as its parent sees it."""

from __future__ import annotations

import json
import os
import select
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from recist.errors import EnvironmentFault, GuardError
from recist.guarded.channel import (
    HEAD,
    LENGTH,
    MARK,
    STARTED,
    open_shared_memory,
    read_exactly,
    read_shared,
    write_all,
)
from recist.guarded.faults import from_message, tell_time
from recist.guarded.values import Decoder
from recist.search_path import SAFE, importable_path, safe_environment

MIB = 2**20
# The child imports the toolkit and what the function needs; on a busy machine that takes its time.
SECONDS_TO_START = 60.0
# A child that has not had its share of the processor yet may take this many times longer by the wall clock.
PATIENCE = 5
ENOUGH_OF_THE_PROCESSOR = 0.9
SECONDS_BETWEEN_LOOKS = 0.05
# Shared memory that a child may keep for the next result.
MOST_KEPT_BYTES = 16 * MIB
MOST_TEXT_BYTES = 64 * MIB

BOOT = (
    "import json, sys; sys.path[:] = json.loads(sys.argv[1]); "
    "from recist.guarded.child import main; main(int(sys.argv[2]))"
)
# What a child sees of the environment: no credentials.
KEPT_NAMES = frozenset(("HOME", "PATH", "LANG", "TMPDIR", "TZ", "VIRTUAL_ENV", "CONDA_PREFIX", "XDG_CACHE_HOME"))
KEPT_BEGINNINGS = ("LC_", "PYTHON", "NUMBA_", "LD_", "DYLD_")
ONE_THREAD = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMBA_NUM_THREADS")


class NotStarted(Exception):
    """The child was gone before it began with the call: nothing is said about the file."""


class Worker:
    """A child process and the pipes to it. Used by one thread at a time."""

    def __init__(self) -> None:
        self.path = importable_path()
        self._shared = open_shared_memory()
        command = [sys.executable, SAFE, "-c", BOOT, json.dumps(self.path), str(self._shared)]
        try:
            self._process = subprocess.Popen(
                command,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                pass_fds=(self._shared,),
                env=_environment(),
            )
        except OSError as fault:
            os.close(self._shared)
            raise EnvironmentFault("The child process that reads images cannot be started.") from fault
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._requests, self._replies = self._process.stdin.fileno(), self._process.stdout.fileno()
        self._poll = select.poll()
        self._poll.register(self._replies, select.POLLIN)
        self.is_usable = True

    def call(self, request: bytes, memory_mib: float, seconds: float) -> object:
        """Run one call.

        Raises
        ------
        NotStarted
        GuardError
            And whatever of the toolkit's faults the function raised.
        """
        self.is_usable = False  # until the whole reply is here
        used = self._start(request)
        watch = _Watch(self._process.pid, used, seconds)
        try:
            reply = self._read_reply(int(memory_mib * MIB), watch)
        except EOFError as fault:
            raise GuardError(self._tell_end()) from fault
        except (ValueError, LookupError, TypeError, RecursionError, OSError) as fault:
            raise GuardError("reading it ended in confusion") from fault
        self.is_usable = not reply.get("worn")
        if "fault" in reply:
            raise from_message(*reply["fault"])
        return reply["value"]

    def _start(self, request: bytes) -> float:
        """Send the request and wait until all is imported; give the processor time used up to then."""
        try:
            write_all(self._requests, [LENGTH.pack(len(request)), request])
            head = read_exactly(self._replies, STARTED.size, self._wait_for_start)
        except (BrokenPipeError, EOFError) as fault:
            raise NotStarted from fault
        mark, used = STARTED.unpack(head)
        if mark != MARK:
            raise NotStarted
        return float(used)

    def _wait_for_start(self) -> None:
        if not self._poll.poll(SECONDS_TO_START * 1000):
            raise NotStarted

    def _read_reply(self, most_bytes: int, watch: _Watch) -> dict[str, Any]:
        def wait() -> None:
            while not self._poll.poll(watch.look_again_ms()):
                watch.require_time()

        mark, n_text, n_outside, is_shared = HEAD.unpack(read_exactly(self._replies, HEAD.size, wait))
        if mark != MARK or n_text > max(most_bytes, MOST_TEXT_BYTES) or n_outside > most_bytes:
            raise ValueError(mark)
        text = read_exactly(self._replies, n_text, wait)
        inline = b"" if is_shared else read_exactly(self._replies, n_outside, wait)
        place = 0

        def take(into: memoryview) -> None:
            nonlocal place
            if is_shared:
                read_shared(self._shared, into, place)
            else:
                into[:] = inline[place : place + into.nbytes]
            place += into.nbytes

        reply = Decoder(take, most_bytes).decode(text)
        if not isinstance(reply, dict) or not ({"value", "fault"} & reply.keys()):
            raise ValueError(mark)
        if is_shared and n_outside > MOST_KEPT_BYTES:
            os.ftruncate(self._shared, 0)
        return reply

    def _tell_end(self) -> str:
        code = self._process.wait()
        if code < 0:
            return f"reading it crashed the decoder ({signal.Signals(-code).name})"
        return "reading it ended the decoder"

    def is_alive(self) -> bool:
        """Whether the child still runs."""
        return self.is_usable and self._process.poll() is None

    def close(self) -> None:
        """End the child and give back all it held."""
        self.is_usable = False
        self._process.kill()
        self._process.wait()
        self.forget()

    def forget(self) -> None:
        """Close our ends of the pipes, without ending the child."""
        for stream in (self._process.stdin, self._process.stdout):
            if stream is not None:
                stream.close()
        os.close(self._shared)
        self._process.returncode = self._process.returncode or 0


class _Watch:
    """The time of one call: by the wall clock, with patience while the child waits for a processor."""

    def __init__(self, pid: int, used: float, seconds: float) -> None:
        self._pid, self._used, self._seconds = pid, used, seconds
        self._start = time.monotonic()

    def look_again_ms(self) -> float:
        left = self._seconds - (time.monotonic() - self._start)
        return max(left, SECONDS_BETWEEN_LOOKS) * 1000

    def require_time(self) -> None:
        passed = time.monotonic() - self._start
        if passed < self._seconds:
            return
        worked = processor_seconds(self._pid)
        is_starved = worked is not None and worked - self._used < ENOUGH_OF_THE_PROCESSOR * self._seconds
        if not is_starved or passed > PATIENCE * self._seconds:
            raise GuardError(tell_time(self._seconds))


def processor_seconds(pid: int) -> float | None:
    """Give the processor time of a process; None where the system does not tell."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_bytes().rpartition(b")")[2].split()
    except OSError:
        return None
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _environment() -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if name in KEPT_NAMES or name.startswith(KEPT_BEGINNINGS)}
    return safe_environment(kept) | dict.fromkeys(ONE_THREAD, "1")
