"""The child process that reads foreign bytes: what goes through, what ends it, and what it leaves behind."""

from __future__ import annotations

import ctypes
import datetime
import math
import os
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from recist.errors import DataError, DicomError, GuardError, UsageError
from recist.guarded import call_guarded

GUESTS = """
import os
from recist.errors import DataError, UsageError
from recist.guarded import call_guarded

def echo(value):
    return value

def make_problem():
    from recist.problems import Problem, Severity
    return Problem(code="odd", message="Look.", row=7), Severity.WARNING

def spin():
    while True:
        pass

def eat():
    return [bytearray(10 ** 7) for _ in range(10 ** 5)]

def nest():
    return nest()

def refuse():
    raise UsageError("name one of them")

def find_problems():
    raise DataError([make_problem()[0]])

def quote():
    raise ValueError("Planted^Name")

def panic():
    raise BaseException("Planted^Name")

def print_much():
    os.write(1, b"Planted^Name" * 10 ** 5)
    os.write(2, b"Planted^Name" * 10 ** 5)
    return 7

def call_again():
    return call_guarded(os.getpid), os.getpid()

def tell_environment():
    return sorted(os.environ)

def make_strange():
    return object()
"""


@pytest.fixture
def guests(tmp_path, monkeypatch):
    """A module that parent and child can import."""
    (tmp_path / "guests.py").write_text(GUESTS)
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.delitem(sys.modules, "guests", raising=False)
    import guests

    yield guests
    sys.modules.pop("guests", None)


@pytest.mark.parametrize(
    "value",
    [
        None,
        True,
        -(2**70),
        math.inf,
        "ä\udc80",
        b"\x00\xff",
        (1, [2.5, (3,)], {"a": {4, 5}, 6: frozenset("b")}),
        datetime.date(1901, 2, 3),
        datetime.datetime(1901, 2, 3, 4, 5, 6, 7),  # noqa: DTZ001  # DICOM knows no time zone either
        Path("/a/\udc80"),
        {"array": 3},
    ],
)
def test_a_value_comes_back_as_it_is(guests, value):
    assert call_guarded(guests.echo, value) == value


@pytest.mark.parametrize(
    "array",
    [
        np.arange(24, dtype=np.int16).reshape(2, 3, 4)[:, ::-1],
        np.zeros((3, 0, 2)),
        np.array(7.5),
        np.array(["liver", "node"]),
        np.random.default_rng(1).normal(size=(300, 400)),
        np.asfortranarray(np.arange(6, dtype=">u4").reshape(2, 3)),
    ],
)
def test_an_array_comes_back_as_it_is_whatever_its_size(guests, array):
    found = call_guarded(guests.echo, array)
    assert found.dtype == array.dtype
    np.testing.assert_array_equal(found, array)
    assert found.flags.writeable


def test_dataclasses_and_enumerations_of_the_toolkit_come_back(guests):
    assert call_guarded(guests.make_problem) == guests.make_problem()


def test_a_number_of_numpy_stays_one(guests):
    found = call_guarded(guests.echo, np.float32(1.5))
    assert isinstance(found, np.float32)
    assert found == 1.5


@pytest.mark.parametrize(
    ("function", "arguments", "sentence"),
    [
        (os.abort, (), r"reading it crashed the decoder \(SIGABRT\)"),
        (ctypes.string_at, (0,), r"reading it crashed the decoder \(SIGSEGV\)"),
        (os._exit, (3,), "reading it ended the decoder"),
        ("spin", (), "reading it took longer than 0.3 s"),
        ("eat", (), "reading it took more memory than 100 MiB"),
        (bytes, (200 * 2**20,), "reading it took more memory than 100 MiB"),
        ("nest", (), "it is nested too deeply to be read"),
        ("quote", (), r"it does not follow the standard \(ValueError\)"),
        ("panic", (), r"it does not follow the standard \(BaseException\)"),
        ("make_strange", (), r"its content has a type that cannot be passed on \(object\)"),
    ],
)
def test_what_ends_a_child_becomes_a_sentence_and_the_next_call_works(guests, function, arguments, sentence):
    called = getattr(guests, function) if isinstance(function, str) else function
    with pytest.raises(GuardError, match=f"^{sentence}$"):
        call_guarded(called, *arguments, memory_mib=100, seconds=0.3)
    assert call_guarded(math.sqrt, 4.0) == 2.0


def test_a_child_that_only_waits_is_ended_too():
    with pytest.raises(GuardError, match=r"longer than 0.1 s"):
        call_guarded(time.sleep, 60, seconds=0.1)


def test_a_guard_error_is_a_fault_of_the_file():
    assert issubclass(GuardError, DicomError)


def test_faults_of_the_toolkit_come_through_with_their_words(guests):
    with pytest.raises(UsageError, match="name one of them"):
        call_guarded(guests.refuse)
    with pytest.raises(DataError) as caught:
        call_guarded(guests.find_problems)
    assert [problem.row for problem in caught.value.problems] == [7]


@pytest.mark.parametrize("function", [lambda: 1, lambda: 2])
def test_a_function_without_a_module_is_refused(function):
    with pytest.raises(GuardError, match="not a function of a module"):
        call_guarded(function)


def test_an_argument_that_cannot_be_pickled_is_refused():
    with pytest.raises(GuardError, match="cannot be passed on"):
        call_guarded(math.sqrt, lambda: 1)


def test_what_a_codec_prints_reaches_nobody(guests, capfd):
    assert call_guarded(guests.print_much) == 7
    assert "Planted" not in "".join(capfd.readouterr())


def test_a_guarded_call_within_a_guarded_call_needs_no_further_child(guests):
    inner, outer = call_guarded(guests.call_again)
    assert inner == outer != os.getpid()


def test_a_child_does_not_see_credentials(guests, monkeypatch):
    from recist.guarded.pool import close_children

    monkeypatch.setenv("PACS_PASSWORD", "planted")
    close_children()
    assert "PACS_PASSWORD" not in call_guarded(guests.tell_environment)


def test_the_same_child_is_used_again():
    assert call_guarded(os.getpid) == call_guarded(os.getpid)


def test_many_threads_get_each_their_own_answer(guests):
    with ThreadPoolExecutor(6) as threads:
        assert list(threads.map(lambda n: call_guarded(guests.echo, n), range(200))) == list(range(200))


def test_a_replaced_child_leaves_no_process_and_no_file_open(guests):
    from recist.guarded.pool import close_children

    call_guarded(math.sqrt, 4.0)
    close_children()
    before = len(list(Path("/proc/self/fd").iterdir()))
    child = call_guarded(os.getpid)
    for _ in range(3):
        with pytest.raises(GuardError):
            call_guarded(os.abort)
    close_children()
    assert len(list(Path("/proc/self/fd").iterdir())) == before
    assert not Path(f"/proc/{child}").exists()


PARENT = """
import os, sys, threading, time
from recist.guarded import call_guarded
sys.path.insert(0, {folder!r})
import guests
print(call_guarded(os.getpid), flush=True)
threading.Thread(target=call_guarded, args=({busy}, *{arguments}), kwargs=dict(seconds=60), daemon=True).start()
time.sleep(0.3)
os.kill(os.getpid(), 9)
"""


@pytest.mark.parametrize(("busy", "arguments"), [("guests.spin", ()), ("os.getpid", ())])
def test_a_child_ends_with_its_parent_even_when_that_is_killed_in_the_middle_of_a_call(
    guests, tmp_path, busy, arguments
):
    code = PARENT.format(folder=str(tmp_path), busy=busy, arguments=arguments)
    found = subprocess.run([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True, check=False)
    child = int(found.stdout)
    until = time.monotonic() + 5
    while Path(f"/proc/{child}").exists() and time.monotonic() < until:
        time.sleep(0.02)
    assert not Path(f"/proc/{child}").exists()


def test_a_forked_process_gets_children_of_its_own():
    mine = call_guarded(os.getpid)
    reader, writer = os.pipe()
    fork = os.fork()
    if not fork:
        os.write(writer, str(call_guarded(os.getpid)).encode())
        os._exit(0)
    os.waitpid(fork, 0)
    assert int(os.read(reader, 20)) != mine
    os.close(reader)
    os.close(writer)
    assert call_guarded(os.getpid) == mine


DAEMON = """
import math, multiprocessing
from recist.guarded import call_guarded

def work(queue):
    queue.put(call_guarded(math.sqrt, 9.0))

if __name__ == "__main__":
    context = multiprocessing.get_context("spawn")
    queue = context.Queue()
    process = context.Process(target=work, args=(queue,), daemon=True)
    process.start()
    print(queue.get(timeout=30))
    process.join()
"""


def test_a_daemonic_worker_process_may_call_it(tmp_path):
    (tmp_path / "daemon.py").write_text(DAEMON)
    found = subprocess.run([sys.executable, tmp_path / "daemon.py"], capture_output=True, text=True, check=True)
    assert found.stdout == "3.0\n"
    assert not found.stderr


def test_a_module_in_the_working_directory_is_not_taken_for_a_part_of_the_program(tmp_path, monkeypatch):
    from recist.guarded.pool import close_children

    (tmp_path / "numpy.py").write_text("raise SystemExit('planted')")
    monkeypatch.chdir(tmp_path)
    close_children()
    assert call_guarded(math.sqrt, 4.0) == 2.0
