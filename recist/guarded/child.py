"""The child process: reads requests, keeps to the limits, sends back what the functions return.

It ends when its parent does: idle, because the pipe of requests closes; in the middle of a call, by the signal that
goes with that.
"""

from __future__ import annotations

import importlib
import os
import pickle
import resource
import select
import signal
import sys
import time
from typing import Any

from recist.errors import GuardError
from recist.guarded.channel import HEAD, LENGTH, MARK, MOST_INLINE_BYTES, STARTED, read_exactly, write_all, write_shared
from recist.guarded.faults import tell_memory, to_message

MIB = 2**20
STATM = "/proc/self/statm"
# A child that holds on to more than this after a call is replaced.
MOST_KEPT_BYTES = 512 * MIB

is_child = False


def main(shared: int) -> None:
    """Answer requests until the parent closes the pipe.

    Parameters
    ----------
    shared : int
        Descriptor of the memory for large results.
    """
    global is_child  # noqa: PLW0603  # one process, one role
    is_child = True
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    requests, replies = _take_pipes()
    _forbid_core_files()
    _ask_for_signal(requests)
    while True:
        try:
            (length,) = LENGTH.unpack(read_exactly(requests, LENGTH.size))
            request = read_exactly(requests, length)
        except EOFError:
            return
        _answer(request, requests, replies, shared)


def _take_pipes() -> tuple[int, int]:
    """Keep the pipes to the parent for ourselves: what a codec prints goes nowhere."""
    requests, replies = os.dup(0), os.dup(1)
    nowhere = os.open(os.devnull, os.O_RDWR)
    for descriptor in (0, 1, 2):
        os.dup2(nowhere, descriptor)
    return requests, replies


def _forbid_core_files() -> None:
    """Leave no image of the memory on the disk after a crash: patient data would be in it."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _ask_for_signal(requests: int) -> None:
    """Have the system signal this process when something happens on the pipe, such as the end of the parent."""
    signal.signal(signal.SIGIO, signal.SIG_IGN)
    try:
        import fcntl

        fcntl.fcntl(requests, fcntl.F_SETOWN, os.getpid())
        fcntl.fcntl(requests, fcntl.F_SETFL, fcntl.fcntl(requests, fcntl.F_GETFL) | os.O_ASYNC)
    except (ImportError, AttributeError, OSError):
        return


def _answer(request: bytes, requests: int, replies: int, shared: int) -> None:
    memory_mib: float = 0
    try:
        function, arguments, memory_mib = _load(request)
        write_all(replies, [STARTED.pack(MARK, time.process_time())])
        reply = {"value": _call(function, arguments, memory_mib, requests)}
    except BaseException as fault:  # noqa: BLE001  # codecs in Rust raise what is no Exception; all goes to the parent
        reply = {"fault": list(to_message(fault, memory_mib))}
    _send(reply, replies, shared, memory_mib)


def _load(request: bytes) -> tuple[Any, tuple[object, ...], float]:
    """Unpack a request, which comes from our own parent, and import what it needs before the clock starts."""
    path, module_name, qualified, arguments, memory_mib = pickle.loads(request)  # noqa: S301
    if path is not None:
        sys.path[:] = path
    function: Any = importlib.import_module(module_name)
    for name in getattr(function, "GUARDED_IMPORTS", ()):
        importlib.import_module(name)
    for part in qualified.split("."):
        function = getattr(function, part)
    return function, pickle.loads(arguments), memory_mib  # noqa: S301


def _call(function: Any, arguments: tuple[object, ...], memory_mib: float, requests: int) -> object:
    """Call a function within the limits of memory; the parent holds the watch."""
    limit_memory(memory_mib)
    signal.signal(signal.SIGIO, signal.SIG_DFL)
    try:
        if _is_orphan(requests):
            os._exit(0)
        return function(*arguments)
    finally:
        signal.signal(signal.SIGIO, signal.SIG_IGN)
        limit_memory(None)


def _is_orphan(requests: int) -> bool:
    poll = select.poll()
    poll.register(requests, 0)
    return bool(poll.poll(0))


def data_bytes() -> int | None:
    """Give the private memory of this process; None where the system does not tell."""
    try:
        with open(STATM, "rb") as statm:  # noqa: PTH123  # a few microseconds, each call
            return int(statm.read().split()[5]) * os.sysconf("SC_PAGE_SIZE")
    except OSError:
        return None


def limit_memory(memory_mib: float | None) -> None:
    """Allow so much memory beyond what the process has now; None lifts the limit."""
    used = data_bytes()
    if used is None:
        return
    _, hard = resource.getrlimit(resource.RLIMIT_DATA)
    wanted = hard if memory_mib is None else used + int(memory_mib * MIB)
    if hard != resource.RLIM_INFINITY:
        wanted = min(wanted, hard)
    resource.setrlimit(resource.RLIMIT_DATA, (wanted, hard))


def _send(reply: dict[str, object], replies: int, shared: int, memory_mib: float) -> None:
    from recist.guarded.values import Encoder, UnknownValue

    encoder = Encoder()
    reply["worn"] = (data_bytes() or 0) > MOST_KEPT_BYTES
    try:
        text = encoder.encode(reply)
        too_large = encoder.n_bytes + len(text) > memory_mib * MIB and "value" in reply
        sentence = tell_memory(memory_mib) if too_large else None
    except UnknownValue as fault:
        sentence = f"its content has a type that cannot be passed on ({fault})"
    except (MemoryError, RecursionError):
        sentence = tell_memory(memory_mib)
    if sentence is None:
        _send_parts(text, encoder.parts, encoder.n_bytes, replies, shared)
    else:
        refusal = {"fault": [GuardError.__name__, sentence, []], "worn": True}
        _send_parts(Encoder().encode(refusal), [], 0, replies, shared)


def _send_parts(text: bytes, parts: list[memoryview], n_bytes: int, replies: int, shared: int) -> None:
    is_shared = n_bytes > MOST_INLINE_BYTES
    if is_shared:
        write_shared(shared, parts)
    head = HEAD.pack(MARK, len(text), n_bytes, is_shared)
    write_all(replies, [head, text, *([] if is_shared else parts)])
