"""How fast survival analyses are, beside R and lifelines, in one run.

Run: python benchmarks/survival_speed.py [--rounds 5] [--slow] [--only start_stop]
Prints the table of docs/survival_speed.md. Programs take turns within a round; the median processor time of each and
its ratio to ours are printed, because the clock on the wall also measures what else the machine does. All programs
must give the same number. R is left out, with a message, where Rscript or its package survival is missing. lifelines'
cases that take minutes (200,000 start-stop rows, the bootstrap) are run once, and only with --slow.
"""

import argparse
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd
from survival_peers import LIFELINES, RSession, Timed, measure, open_r

from survival.cox import cox
from survival.kaplan_meier import kaplan_meier
from survival.log_rank import log_rank
from survival.median_difference import median_difference

SEED, CENSORED_BY = 7, 2000
LOG_HAZARD_RATIOS = (0.3, 0.5, 0.0)
COVARIATES = ["x1", "x2", "x3"]
CLOSE = 1e-4  # lifelines stops its iterations earlier than R


def draw_people(n: int) -> pd.DataFrame:
    """Draw people with three covariates, tied whole times and two groups."""
    rng = np.random.default_rng(SEED)
    x = np.column_stack([rng.normal(size=n), rng.random(n) < 0.5, rng.normal(size=n)])
    dies = np.ceil(rng.exponential(1000 / np.exp(x @ LOG_HAZARD_RATIOS)))
    leaves = np.ceil(rng.uniform(1, CENSORED_BY, n))
    table = pd.DataFrame(x, columns=["x1", "x2", "x3"])
    event = (dies <= leaves).astype(int)
    return table.assign(time=np.minimum(dies, leaves) + 1, event=event, group=rng.integers(0, 2, n))


def draw_start_stop(n_rows: int) -> pd.DataFrame:
    """Draw people of whom half switch treatment on the way, in about ``n_rows`` start-stop rows."""
    people = draw_people(2 * n_rows // 3).drop(columns="group")
    rng = np.random.default_rng(SEED + 1)
    at = np.ceil((people["time"] - 1) * rng.uniform(0.1, 0.9, len(people)))
    switches = (rng.random(len(people)) < 0.5) & (at > 0) & (at < people["time"])
    people = people.assign(id=np.arange(len(people)), start=0.0, switched=0.0)
    before = people.assign(time=people["time"].where(~switches, at), event=people["event"].where(~switches, 0))
    after = people[switches].assign(start=at[switches], switched=1.0)
    return pd.concat([before, after], ignore_index=True)


def our_cox(table: pd.DataFrame) -> float:
    return float(cox(table["time"], table["event"], table[COVARIATES]).table["coefficient"].iloc[0])


def our_start_stop(table: pd.DataFrame) -> float:
    columns = table[[*COVARIATES, "switched"]]
    fit = cox(table["time"], table["event"], columns, start=table["start"])
    return float(fit.table["coefficient"].iloc[0])


def our_kaplan_meier(table: pd.DataFrame) -> float:
    return float(kaplan_meier(table["time"], table["event"], group=table["group"]).quantiles()["value"].iloc[0])


def our_log_rank(table: pd.DataFrame) -> float:
    return log_rank(table["time"], table["event"], table["group"]).statistic


def our_bootstrap(table: pd.DataFrame) -> float:
    result = median_difference(table["time"], table["event"], table["group"], replicates=2000)
    return float(result.table["difference"].iloc[0])


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One analysis of one table."""

    title: str
    analysis: str
    ours: Callable[[pd.DataFrame], float]
    draw: Callable[[int], pd.DataFrame]
    n: int
    slow_in_lifelines: bool = False


CASES = (
    Case(title="Cox, 200 people", analysis="cox", ours=our_cox, draw=draw_people, n=200),
    Case(title="Cox, 10,000 people", analysis="cox", ours=our_cox, draw=draw_people, n=10_000),
    Case(title="Cox, 200,000 people", analysis="cox", ours=our_cox, draw=draw_people, n=200_000),
    Case(
        title="Cox, 20,000 start-stop rows", analysis="start_stop", ours=our_start_stop, draw=draw_start_stop, n=20_000
    ),
    Case(
        title="Cox, 200,000 start-stop rows",
        analysis="start_stop",
        ours=our_start_stop,
        draw=draw_start_stop,
        n=200_000,
        slow_in_lifelines=True,
    ),
    Case(title="Kaplan-Meier, 200 people", analysis="kaplan_meier", ours=our_kaplan_meier, draw=draw_people, n=200),
    Case(
        title="Kaplan-Meier, 200,000 people",
        analysis="kaplan_meier",
        ours=our_kaplan_meier,
        draw=draw_people,
        n=200_000,
    ),
    Case(title="Log-rank, 200 people", analysis="log_rank", ours=our_log_rank, draw=draw_people, n=200),
    Case(title="Log-rank, 200,000 people", analysis="log_rank", ours=our_log_rank, draw=draw_people, n=200_000),
    Case(
        title="Difference of medians, 2,000 × 211",
        analysis="bootstrap",
        ours=our_bootstrap,
        draw=draw_people,
        n=211,
        slow_in_lifelines=True,
    ),
)


def compare(case: Case, r: RSession | None, given: argparse.Namespace) -> dict[str, float]:
    """Time one case; seconds by program, those that were not run missing."""
    table = case.draw(case.n)
    methods: dict[str, Callable[[], Timed]] = {"ours": lambda: measure(lambda: case.ours(table))}
    if r is not None:
        methods["R"] = lambda: r.time(case.analysis, table)
    if not case.slow_in_lifelines:
        methods["lifelines"] = lambda: measure(lambda: LIFELINES[case.analysis](table))
    for method in methods.values():
        method()
    taken: dict[str, list[float]] = {name: [] for name in methods}
    values: dict[str, float] = {}
    for turn in range(given.rounds):
        for name in list(methods)[turn % len(methods) :] + list(methods)[: turn % len(methods)]:
            seconds, values[name] = methods[name]()
            taken[name].append(seconds)
    if case.slow_in_lifelines and given.slow:
        seconds, values["lifelines"] = measure(lambda: LIFELINES[case.analysis](table))
        taken["lifelines"] = [seconds]
    for name, value in values.items():
        assert np.isclose(value, values["ours"], rtol=CLOSE, atol=CLOSE), f"{case.title}: {name} gives another number"
    return {name: float(np.median(seconds)) for name, seconds in taken.items()}


def print_row(case: Case, found: dict[str, float]) -> None:
    """Print one row of the table."""
    cells = [f"{1000 * found['ours']:.1f}"]
    for name in ("R", "lifelines"):
        cells += (
            [f"{1000 * found[name]:.1f}", f"{found[name] / found['ours']:.1f}"] if name in found else ["not run", "–"]
        )
    print(f"| {case.title} | {' | '.join(cells)} |", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--slow", action="store_true", help="also run what takes lifelines minutes, once")
    parser.add_argument("--only", choices=sorted(LIFELINES), help="one analysis")
    given = parser.parse_args()
    r = open_r()
    if r is None:
        print("R is left out: Rscript or its package survival is not installed.\n")
    print("| | ours, ms | R, ms | R / ours | lifelines, ms | lifelines / ours |")
    print("|---|---:|---:|---:|---:|---:|")
    for case in CASES:
        if given.only in {None, case.analysis}:
            print_row(case, compare(case, r, given))
    if r is not None:
        r.close()


if __name__ == "__main__":
    main()
