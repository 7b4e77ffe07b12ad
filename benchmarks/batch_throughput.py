"""How many series a minute `recist measure` does, with one and two workers, and what 100,000 series would cost.

Run: python benchmarks/batch_throughput.py [--rounds 3] [--workers 1 2] [--manifest FILE]
The manifest is by default that of the sample study: 18 series of 512 x 512, raw or compressed, with a DICOM SEG each.
Runs take turns within a round, each into a folder of its own; the best round is printed. CPU time is that of all
processes of a run, as the system counts it, so it means something on a busy machine too. What a run takes once
(to start its processes) is told apart from what each series takes: the manifest is measured four times over, and its
first quarter is not counted for the series.
"""

import argparse
import os
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from recist.batch.manifests import choose_pool, measure_into
from recist.batch.plan import make_plan
from sample_dicom import cached_study

TICKS = os.sysconf("SC_CLK_TCK")
TIMES = 4
SERIES = 100_000
EXAMPLE_PRICE = 0.05  # an assumption, in any currency: one core for one hour


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    """What a run took: wall clock and processor time, of each series and once."""

    wall_s: float
    cpu_s: float
    once_cpu_s: float


class Watch:
    """Adds up the processor time of this process and of all that stem from it."""

    def __init__(self) -> None:
        self._ticks: dict[int, int] = {}
        self.look()
        self._begin = sum(self._ticks.values())

    def look(self) -> None:
        """Note the times of the processes that are there."""
        stats = {int(path.parent.name): read_stat(path) for path in Path("/proc").glob("[0-9]*/stat")}
        parents = {process: stat[1] for process, stat in stats.items() if stat}
        for process, stat in stats.items():
            if stat and os.getpid() in ancestors(process, parents):
                self._ticks[process] = int(stat[11]) + int(stat[12])

    def seconds(self) -> float:
        """Give the processor time since this watch was made."""
        return (sum(self._ticks.values()) - self._begin) / TICKS


def read_stat(path: Path) -> list[str]:
    """Read state, parent and times of a process; empty when it is gone."""
    try:
        return path.read_text().rpartition(")")[2].split()
    except OSError:
        return []


def ancestors(process: int, parents: dict[int, str]) -> list[int]:
    """List a process and what it stems from."""
    line = [process]
    while line[-1] in parents and int(parents[line[-1]]) not in (0, 1):
        line.append(int(parents[line[-1]]))
    return line


def measure(manifest: Path, workers: int) -> Cost:
    """Measure a manifest into a new folder."""
    watch = Watch()
    marks: dict[int, tuple[float, float]] = {}

    def progress(done: int, total: int) -> None:
        if done in (total // TIMES, total):
            watch.look()
            marks[done] = time.perf_counter(), watch.seconds()

    with tempfile.TemporaryDirectory() as out:
        plan = make_plan(manifest, convention="quarter")
        _, summary = measure_into(Path(out), plan, choose_pool(workers, None), progress=progress)
    watch.look()
    assert summary is not None
    assert summary.refused + summary.failed == 0
    (first, begin), (last, end) = sorted(marks.items())
    wall_s, cpu_s = ((after - before) / (last - first) for before, after in zip(begin, end, strict=True))
    return Cost(wall_s=wall_s, cpu_s=cpu_s, once_cpu_s=watch.seconds() - last * cpu_s)


def write_longer(manifest: Path, folder: Path) -> Path:
    """Write a manifest that names every series several times, as other series by other paths."""
    rows = pd.read_csv(manifest, dtype=str, keep_default_na=False)
    rows[["image", "mask"]] = rows[["image", "mask"]].map(lambda name: str(manifest.parent / name) if name else "")
    copies = []
    for k in range(TIMES):
        (folder / f"copy{k}").symlink_to("/")
        copy = rows.assign(subject=rows["subject"] + f"-{k}")
        copy[["image", "mask"]] = copy[["image", "mask"]].map(lambda name, k=k: f"copy{k}{name}" if name else "")
        copies.append(copy)
    pd.concat(copies).to_csv(folder / "manifest.csv", index=False)
    return folder / "manifest.csv"


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--workers", type=int, nargs="+", default=[1, 2])
    parser.add_argument("--manifest", type=Path)
    given = parser.parse_args()
    manifest = given.manifest or cached_study() / "manifest.csv"
    best: dict[int, Cost] = {}
    with tempfile.TemporaryDirectory() as folder:
        longer = write_longer(manifest, Path(folder))
        n_series = len(make_plan(longer, convention="quarter"))
        for _ in range(given.rounds):
            for workers in given.workers:
                cost = measure(longer, workers)
                best[workers] = min(best.get(workers, cost), cost, key=lambda each: each.wall_s)
    print(f"{n_series} series; best of {given.rounds} rounds; load of the machine {os.getloadavg()[1]:.1f}")
    print("workers  series/minute  a series: wall s  CPU s  once: CPU s")
    for workers, cost in best.items():
        print(f"{workers:7}  {60 / cost.wall_s:13.0f}  {cost.wall_s:16.3f}  {cost.cpu_s:5.3f}  {cost.once_cpu_s:11.1f}")
        hours = SERIES * cost.cpu_s / 3600
        print(f"         {SERIES:,} series: {hours:.1f} CPU hours; cost = {hours:.1f} x your price of a core hour")
        print(f"         e.g. {hours * EXAMPLE_PRICE:.2f} at an assumed {EXAMPLE_PRICE} a core hour")


if __name__ == "__main__":
    main()
