"""Change the response engine one place at a time and see whether the tests notice.

The usual libraries switch between mutants inside one running program. That does not work here: loops that numba has
compiled never look at the switch again. So this small program writes each mutant into a copy of the package and runs
the tests there in a new process, with compilation switched off. The work tree is never touched.

Mutants that mean the same as the original are not hidden: a person looks at the survivors and says so.

    python tools/mutate.py --files recist/response/target.py --sample 20 --seed 1 --workers 2
"""

from __future__ import annotations

import argparse
import concurrent.futures
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from mutants import Mutant, find_mutants

ROOT = Path(__file__).resolve().parent.parent
ROOMS = ("recist/criteria", "recist/response")
QUICK_FIRST = ("tests/criteria", "tests/published", "tests/response", "tests/proof")
COPIED = (
    "recist",
    "linkage",
    "survival",
    "sample_dicom",
    "tests",
    "docs",
    "tools",
    "benchmarks",
    "pyproject.toml",
    "README.md",
)
SURVIVED, KILLED, TOO_LONG = "survived", "killed", "timeout"


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What became of one mutant."""

    mutant: Mutant
    result: str
    seconds: float


def parse_arguments() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--files", nargs="*", default=list(ROOMS), help="files or folders of the engine")
    parser.add_argument("--tests", nargs="*", default=list(QUICK_FIRST), help="tests, those that kill most first")
    parser.add_argument("--sample", type=int, default=0, help="how many mutants; 0 for all")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--seconds", type=float, default=300.0, help="time limit of one mutant")
    parser.add_argument("--list", action="store_true", help="list the mutants and stop")
    return parser.parse_args()


def list_files(names: list[str]) -> list[Path]:
    """Find the Python files of files and folders, relative to the root."""
    found: list[Path] = []
    for name in names:
        path = ROOT / name
        found += sorted(path.rglob("*.py")) if path.is_dir() else [path]
    return [path.relative_to(ROOT) for path in found if "__pycache__" not in path.parts]


def copy_project(folder: Path) -> None:
    """Copy what the tests need into a folder of its own."""
    for name in COPIED:
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, folder / name, ignore=shutil.ignore_patterns("__pycache__", "*.nbc", "*.nbi"))
        elif source.exists():
            shutil.copy2(source, folder / name)


def run_tests(folder: Path, tests: list[str], seconds: float) -> str:
    """Run the tests in a copy of the project until one fails."""
    command = [sys.executable, "-B", "-m", "pytest", "-x", "-q", "--no-header", "-p", "no:cacheprovider", *tests]
    environment = os.environ | {"PYTHONPATH": str(folder), "NUMBA_DISABLE_JIT": "1", "PYTHONDONTWRITEBYTECODE": "1"}
    try:
        done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, timeout=seconds, check=False)
    except subprocess.TimeoutExpired:
        return TOO_LONG
    return SURVIVED if done.returncode == 0 else KILLED


def try_mutant(folder: Path, mutant: Mutant, tests: list[str], seconds: float) -> Outcome:
    """Write one mutant into the copy, run the tests, and put the original back."""
    path = folder / mutant.file
    original = path.read_text(encoding="utf-8")
    began = time.monotonic()
    path.write_text(mutant.source, encoding="utf-8")
    try:
        result = run_tests(folder, tests, seconds)
    finally:
        path.write_text(original, encoding="utf-8")
    return Outcome(mutant=mutant, result=result, seconds=time.monotonic() - began)


def try_all(mutants: list[Mutant], arguments: argparse.Namespace) -> list[Outcome]:
    """Try the mutants, each worker in a copy of its own."""
    shares = [mutants[number :: arguments.workers] for number in range(arguments.workers)]

    def work(share: list[Mutant]) -> list[Outcome]:
        with tempfile.TemporaryDirectory(prefix="mutants-") as name:
            folder = Path(name)
            copy_project(folder)
            outcomes = []
            for mutant in share:
                outcome = try_mutant(folder, mutant, arguments.tests, arguments.seconds)
                print(f"{outcome.result:8} {outcome.seconds:6.1f} s  {mutant}", flush=True)
                outcomes.append(outcome)
            return outcomes

    with concurrent.futures.ThreadPoolExecutor(arguments.workers) as pool:
        return [outcome for outcomes in pool.map(work, shares) for outcome in outcomes]


def check_original(arguments: argparse.Namespace) -> None:
    """Stop where the tests fail without any mutant: they would kill everything."""
    with tempfile.TemporaryDirectory(prefix="mutants-") as name:
        folder = Path(name)
        copy_project(folder)
        began = time.monotonic()
        result = run_tests(folder, arguments.tests, 3 * arguments.seconds)
        if result != SURVIVED:
            raise SystemExit(f"without any mutant the tests are {result}; mutants cannot be judged by them")
        print(f"the original passes in {time.monotonic() - began:.1f} s", flush=True)


def report(outcomes: list[Outcome]) -> None:
    """Print the score of each file and the survivors."""
    print("\nscore of each file")
    for file in sorted({outcome.mutant.file for outcome in outcomes}):
        own = [outcome for outcome in outcomes if outcome.mutant.file == file]
        dead = sum(outcome.result != SURVIVED for outcome in own)
        print(f"  {100 * dead / len(own):5.1f} %  {dead:4} of {len(own):4}  {file}")
    dead = sum(outcome.result != SURVIVED for outcome in outcomes)
    seconds = sum(outcome.seconds for outcome in outcomes) / len(outcomes)
    print(f"all: {100 * dead / len(outcomes):.1f} % ({dead} of {len(outcomes)}), {seconds:.1f} s a mutant")
    print("\nsurvivors")
    for outcome in outcomes:
        if outcome.result == SURVIVED:
            print(f"  {outcome.mutant}")


def main() -> None:
    """Run the command."""
    arguments = parse_arguments()
    mutants = [mutant for file in list_files(arguments.files) for mutant in find_mutants(ROOT, file)]
    if arguments.sample and arguments.sample < len(mutants):
        mutants = random.Random(arguments.seed).sample(mutants, arguments.sample)  # noqa: S311  # not a secret
    print(f"{len(mutants)} mutants")
    if arguments.list:
        print("\n".join(str(mutant) for mutant in mutants))
        return
    check_original(arguments)
    report(try_all(mutants, arguments))


if __name__ == "__main__":
    main()
