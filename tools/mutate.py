"""Change the criteria and the engine one place at a time and see whether the tests notice.

The usual libraries switch between mutants inside one running program. That does not work here: tables are built when
the package is imported, and loops that numba has compiled never look at the switch again. So each mutant gets a
process of its own, forked from one that has the libraries loaded, with compilation switched off; there the package is
imported with the mutant's source in the place of one file. Nothing is written: the last commit is read from a copy.

First a mutant of the criteria meets the tests that hold them as data to their publications, and every mutant of the
engine scores histories whose answers the second reader knows (see `battery.py`). If it survives, tests run until one
fails, those nearest to the file first (see `near_tests.py`); the survival side has no second reader, so there these
decide. Mutants that mean the same as the original are listed with the reason in `equivalent_mutants.txt`; a person puts
them there.

    python tools/mutate.py --files recist/response/target.py --sample 20 --seed 1 --workers 2
    python tools/mutate.py --files survival/kaplan_meier.py survival/log_rank.py --each 15 --tests --workers 1
"""

from __future__ import annotations

import argparse
import os
import random
import tempfile
import time
from collections import Counter, defaultdict
from dataclasses import dataclass
from pathlib import Path

from forks import DEAD, ORIGINAL, SURVIVED, Fork, start_quick, start_tests, unpack_commit, warm_up
from mutants import Mutant, find_mutants
from near_tests import near_tests

ROOT = Path(__file__).resolve().parent.parent
ROOMS = ("recist/criteria", "recist/response")
QUICK_FIRST = ("tests/criteria/test_protocol.py", "tests/published", "tests/response")
EQUIVALENT = Path(__file__).with_name("equivalent_mutants.txt")


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What became of one mutant, and at which stage."""

    mutant: Mutant
    result: str
    stage: int
    seconds: float


def parse_arguments() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--files", nargs="*", default=list(ROOMS), help="files or folders of the engine")
    parser.add_argument(
        "--tests",
        nargs="*",
        default=list(QUICK_FIRST),
        help="tests after those nearest to the file; none to leave them out",
    )
    parser.add_argument("--match", default="", help="only mutants whose description holds this text")
    parser.add_argument("--sample", type=int, default=0, help="how many mutants; 0 for all")
    parser.add_argument("--each", type=int, default=0, help="how many mutants of each file at most; 0 for all")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--seconds", type=float, default=150.0, help="time limit of the tests of one mutant")
    parser.add_argument("--list", action="store_true", help="list the mutants and stop")
    return parser.parse_args()


def choose_mutants(root: Path, arguments: argparse.Namespace) -> list[Mutant]:
    """Find the mutants that are asked for."""
    paths = [root / name for name in arguments.files]
    files = [file for path in paths for file in (sorted(path.rglob("*.py")) if path.is_dir() else [path])]
    draw = random.Random(arguments.seed)  # noqa: S311  # not a secret
    found = []
    for file in files:
        own = [mutant for mutant in find_mutants(root, file.relative_to(root)) if arguments.match in str(mutant)]
        found += draw.sample(own, arguments.each) if 0 < arguments.each < len(own) else own
    return draw.sample(found, arguments.sample) if 0 < arguments.sample < len(found) else found


def try_all(root: Path, mutants: list[Mutant], arguments: argparse.Namespace) -> list[Outcome]:
    """Try the mutants, several at a time; survivors of the first stage go through the tests."""
    waiting, running, outcomes = list(reversed(mutants)), list[Fork](), list[Outcome]()
    while waiting or running:
        while waiting and len(running) < arguments.workers:
            running.append(start_quick(root, waiting.pop()))
        for fork in [fork for fork in running if fork.is_over()]:
            running.remove(fork)
            if fork.stage == 1 and fork.result == SURVIVED and (arguments.tests or near_tests(fork.mutant.file)):
                running.append(start_tests(root, fork, [fork.mutant.file], arguments.tests, arguments.seconds))
                continue
            seconds = time.monotonic() - fork.began
            outcomes.append(Outcome(mutant=fork.mutant, result=fork.result, stage=fork.stage, seconds=seconds))
            print(f"{fork.result:8} {fork.stage} {seconds:6.1f} s  {fork.mutant}", flush=True)
        time.sleep(0.02)
    return outcomes


def check_original(root: Path, files: list[Path], arguments: argparse.Namespace) -> None:
    """Stop where the tests fail without any mutant: they would kill everything."""
    fork = start_quick(root, ORIGINAL, shown=True)
    while not fork.is_over():
        time.sleep(0.05)
    first = time.monotonic() - fork.began
    if fork.result == SURVIVED:
        fork = start_tests(root, fork, files, arguments.tests, 4 * arguments.seconds, shown=True)
        while not fork.is_over():
            time.sleep(0.05)
    if fork.result != SURVIVED:
        raise SystemExit(f"without any mutant stage {fork.stage} is {fork.result}; mutants cannot be judged by it")
    print(f"the original passes in {first:.1f} and {time.monotonic() - fork.began - first:.1f} s", flush=True)


def read_equivalent() -> dict[str, str]:
    """Read the mutants that a person found to mean the same as the original, with the reason."""
    lines = EQUIVALENT.read_text(encoding="utf-8").splitlines() if EQUIVALENT.exists() else []
    pairs = (line.split("  # ", 1) for line in lines if "  # " in line and not line.startswith("#"))
    return {mutant.strip(): reason for mutant, reason in pairs}


def report(outcomes: list[Outcome]) -> None:
    """Print the score of each file and the survivors; a mutant that means the same as the original does not count."""
    known = read_equivalent()
    by_file: dict[str, Counter[str]] = defaultdict(Counter)
    survivors = []
    for outcome in outcomes:
        result = outcome.result
        if result not in DEAD:
            result = "equivalent" if outcome.mutant.name in known else SURVIVED
            survivors += [f"{outcome.result}: {outcome.mutant}"] if result == SURVIVED else []
        by_file[str(outcome.mutant.file)][result] += 1
        by_file["all"][result] += 1
    print("\nscore of each file")
    for file, counts in sorted(by_file.items()):
        dead = sum(counts[word] for word in DEAD)
        judged = dead + counts[SURVIVED]
        score = 100 * dead / judged if judged else 100
        print(f"  {score:5.1f} %  {dead:4} of {judged:4}, {counts['equivalent']:3} equivalent  {file}")
    first = sum(outcome.result in DEAD and outcome.stage == 1 for outcome in outcomes)
    seconds = sum(outcome.seconds for outcome in outcomes) / max(len(outcomes), 1)
    print(f"{first} of {len(outcomes)} died in the first stage; {seconds:.1f} s a mutant")
    print("\nsurvivors", *survivors, sep="\n  ")


def main() -> None:
    """Run the command."""
    arguments = parse_arguments()
    os.environ |= {
        "NUMBA_DISABLE_JIT": "1",
        "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1",
        "OMP_NUM_THREADS": "1",
        "OPENBLAS_NUM_THREADS": "1",
    }
    with tempfile.TemporaryDirectory(prefix="mutants-") as name:
        root = Path(name)
        unpack_commit(ROOT, root)
        mutants = choose_mutants(root, arguments)
        print(f"{len(mutants)} mutants")
        if arguments.list:
            print("\n".join(str(mutant) for mutant in mutants))
            return
        files = list(dict.fromkeys(mutant.file for mutant in mutants))
        warm_up(root, engine=any(file.is_relative_to(room) for file in files for room in ROOMS))
        check_original(root, files, arguments)
        report(try_all(root, mutants, arguments))


if __name__ == "__main__":
    main()
