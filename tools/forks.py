"""Processes that each import the package with one mutant in it, forked from one that has the libraries loaded."""

from __future__ import annotations

import gc
import importlib
import importlib.util
import io
import os
import signal
import subprocess
import sys
import tarfile
import time
import traceback
from dataclasses import dataclass
from importlib.abc import MetaPathFinder
from importlib.machinery import SourceFileLoader
from pathlib import Path
from typing import TYPE_CHECKING

import battery
from mutants import Mutant, write_source
from near_tests import near_tests

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from importlib.machinery import ModuleSpec
    from types import CodeType

SURVIVED, KILLED, ENDLESS, UNDECIDED = "survived", "killed", "endless", "undecided"
ORIGINAL = Mutant(file=Path("the original"), line=0, where="", change="none", number=0, variant=0)
DEAD = (KILLED, ENDLESS)
QUICK_SECONDS = 60.0
DATA = "recist/criteria"
FACTS = ("tests/criteria", "--ignore=tests/criteria/test_protocol.py")  # these need no engine
HOW = (
    *("-x", "-q", "--no-header", "-p", "no:cacheprovider", "-W", "ignore::pytest.PytestAssertRewriteWarning"),
    *("-o", "python_files=test_*.py"),  # or pytest would load modules such as score_test.py itself, unchanged
)
LIBRARIES = (
    "pytest",
    "hypothesis",
    "hypothesis.extra.numpy",
    "pandas",
    "pandas.testing",
    "numba",
    "scipy.stats",
    "scipy.optimize",
)


@dataclass(slots=True, kw_only=True)
class Fork:
    """A process at work on a mutant, or on the original where there is none."""

    mutant: Mutant
    stage: int
    began: float
    ends: float
    process: int
    result: str = ""

    def is_over(self) -> bool:
        """See whether the process came to an end; one that takes too long is ended."""
        done, status = os.waitpid(self.process, os.WNOHANG)
        if done:
            self.result = SURVIVED if status == 0 else KILLED
        elif time.monotonic() > self.ends:
            os.killpg(self.process, signal.SIGKILL)
            os.waitpid(self.process, 0)
            self.result = ENDLESS if self.stage == 1 else UNDECIDED
        return bool(self.result)


class Loader(SourceFileLoader):
    """Loads one module from a mutant's source; no compiled copy is kept of it."""

    def __init__(self, name: str, path: str, source: str) -> None:
        super().__init__(name, path)
        self.source = source

    def get_code(self, _: str) -> CodeType:
        """Compile the mutant."""
        return compile(self.source, self.path, "exec")


class Finder(MetaPathFinder):
    """Finds the one module that is changed."""

    def __init__(self, root: Path, mutant: Mutant) -> None:
        self.name = ".".join(mutant.file.with_suffix("").parts).removesuffix(".__init__")
        self.path = str(root / mutant.file)
        self.source = write_source(root, mutant)

    def find_spec(self, name: str, _path: object = None, _target: object = None) -> ModuleSpec | None:
        """Give the mutant's module; the others are found as always."""
        if name != self.name:
            return None
        return importlib.util.spec_from_file_location(name, self.path, loader=Loader(name, self.path, self.source))


def unpack_commit(repository: Path, folder: Path) -> None:
    """Copy the files of the last commit."""
    packed = subprocess.run(["git", "archive", "HEAD"], cwd=repository, capture_output=True, check=True).stdout
    with tarfile.open(fileobj=io.BytesIO(packed)) as archive:
        archive.extractall(folder, filter="data")


BATCHES: list[battery.Batch] = []


def warm_up(root: Path, *, engine: bool) -> None:
    """Load the libraries; for mutants of the engine let the second reader answer the histories of the battery."""
    sys.path.insert(0, str(root))
    os.chdir(root)
    for name in LIBRARIES:
        importlib.import_module(name)
    if engine:
        BATCHES.extend(battery.prepare(root))
        battery.require_agreement(BATCHES)
    battery.forget_the_package()
    gc.collect()
    gc.freeze()  # the forks share what is loaded; none needs to look through it
    n_answers = sum(len(batch.answers) for batch in BATCHES)
    print(f"battery: {n_answers} histories")


def start_quick(root: Path, mutant: Mutant, *, shown: bool = False) -> Fork:
    """Start the first stage on a mutant: the tests of the criteria as data, and the histories of the battery."""

    def work() -> bool:
        is_data = mutant is ORIGINAL or mutant.file.is_relative_to(DATA)
        return not BATCHES or ((not is_data or run_tests(FACTS)) and not battery.disagreements(BATCHES))

    process = fork_to(root, mutant, work, shown=shown)
    began = time.monotonic()
    return Fork(mutant=mutant, stage=1, began=began, ends=began + QUICK_SECONDS, process=process)


def run_tests(tests: Sequence[str]) -> bool:
    """Run tests until one fails, and tell whether none did."""
    import pytest

    return pytest.main([*HOW, *tests]) == 0


def start_tests(
    root: Path, before: Fork, files: Sequence[Path], tests: Sequence[str], seconds: float, *, shown: bool = False
) -> Fork:
    """Start the tests on a mutant that survived the first stage, those nearest to the files first."""
    near = [
        test for test in dict.fromkeys(test for file in files for test in near_tests(file)) if (root / test).exists()
    ]

    def work() -> bool:
        return (not near or run_tests(near)) and (not tests or run_tests(tests))

    process = fork_to(root, before.mutant, work, shown=shown)
    ends = time.monotonic() + seconds
    return Fork(mutant=before.mutant, stage=2, began=before.began, ends=ends, process=process)


def fork_to(root: Path, mutant: Mutant, work: Callable[[], bool], *, shown: bool) -> int:
    """Fork a process that works on the package with the mutant in it; its exit code is 0 when all went well."""
    sys.stdout.flush()
    process = os.fork()
    if process:
        return process
    passed = False
    try:
        os.setpgid(0, 0)
        if not shown:
            silence()
        if mutant is not ORIGINAL:
            sys.meta_path.insert(0, Finder(root, mutant))
        passed = work()
    except BaseException:  # noqa: BLE001  # a mutant may raise anything, and no exception may leave the fork
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        os._exit(0 if passed else 1)


def silence() -> None:
    """Send what is printed nowhere."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, sys.stdout.fileno())
    os.dup2(nowhere, sys.stderr.fileno())
