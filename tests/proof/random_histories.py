"""Compare engine and second reader on many random histories: `python tests/proof/random_histories.py 100000`.

Prints how many histories, visits and rows were compared, where the two differ, how often each branch of the second
reader was reached and each option drawn.
"""

from __future__ import annotations

import argparse
import sys
import time
from random import Random

from second_reader.agreement import Tally, compare_batch, describe, draw_criteria, draw_options
from second_reader.branches import all_branches, reached

SUBJECTS_EACH = 100


def write(text: str) -> None:
    """Write one line."""
    sys.stdout.write(text + "\n")


def compare(n_histories: int, seed: int) -> Tally:
    """Draw option sets and histories until there are enough."""
    random, tally = Random(seed), Tally()  # noqa: S311  # a seed makes it repeatable
    while tally.histories < n_histories:
        compare_batch(random, SUBJECTS_EACH, draw_options(random), tally, draw_criteria(random))
    return tally


def report(tally: Tally, seconds: float) -> None:
    """Write what was compared and found."""
    n_same = tally.histories - len(tally.differences)
    write(f"{tally.histories} histories, {tally.visits} visits, {tally.rows} rows, {seconds:.0f} s")
    write(f"agree: {n_same} ({100 * n_same / tally.histories:.3f} %)")
    for name, number in tally.by_field.most_common():
        write(f"  differs: {name} {number}")
    write("branches of the second reader:")
    for name in sorted(all_branches()):
        write(f"  {reached[name]:>9} {name}")
    write("options drawn:")
    for name, number in sorted(tally.options.items()):
        write(f"  {number:>9} {name}")
    for difference in tally.differences[:5]:
        write(describe(difference))


def main() -> int:
    """Run the comparison; the exit code says whether all agree."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("histories", type=int, nargs="?", default=100_000)
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    began = time.monotonic()
    tally = compare(arguments.histories, arguments.seed)
    report(tally, time.monotonic() - began)
    return int(bool(tally.differences))


if __name__ == "__main__":
    sys.exit(main())
