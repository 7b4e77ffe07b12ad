"""Does the default analysis find the truth? Fresh cohorts whose truth is known, taken through the whole chain.

Run: python benchmarks/truth_recovery.py [--cohorts 200] [--null 2000] [--workers 2] [--out FOLDER]
Takes about half a second a cohort. Prints the tables of docs/truth.md and draws its figure.

1. In 200 cohorts of the model of the sample, how often do 95 % intervals cover the six true log hazard ratios, on what
   does the start-stop hazard ratio of a second treatment that does nothing centre, and how often is the naive
   comparison of the same treatment significant?
2. In 2,000 cohorts where response says nothing about survival, how often does the report claim that it does?
"""

import argparse
from collections.abc import Callable, Hashable, Iterator, Mapping
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from rich.progress import track
from truth_cohorts import TRUTHS, Z_95, analyse_null_cohort, analyse_true_cohort
from truth_figure import draw_truth

from sample_dicom.cohort_model.parameters import LOG_HAZARD_RATIOS
from survival.rates import rate

FIRST_SEED, FIRST_NULL_SEED = 10_000, 20_000
SIGNIFICANT = 0.05


def run_many(
    analyse: Callable[[int], dict[str, float]], seeds: range, *, workers: int, title: str
) -> Iterator[dict[str, float]]:
    """Analyse one cohort a seed, in processes; the order is that of the seeds whatever their number."""
    with ProcessPoolExecutor(max_workers=workers) as pool:
        yield from track(pool.map(analyse, seeds, chunksize=5), description=title, total=len(seeds))


def summarise_coverage(found: pd.DataFrame) -> pd.DataFrame:
    """Say for each true log hazard ratio how often its interval holds it, and on what the estimates centre."""
    rows = []
    for name in (*TRUTHS, "second_treatment"):
        estimate, error = found[f"{name} estimate"], found[f"{name} error"]
        truth = LOG_HAZARD_RATIOS[name]
        covered = rate(int(((estimate - truth).abs() <= Z_95 * error).sum()), len(found))
        rows.append(
            {
                "term": name,
                "true_hazard_ratio": np.exp(truth),
                "geometric_mean": np.exp(estimate.mean()),
                "covered": covered.rate,
                "lower": covered.lower,
                "upper": covered.upper,
            }
        )
    return pd.DataFrame(rows)


def summarise_rejections(found: pd.DataFrame) -> pd.DataFrame:
    """Say how often each comparison is significant at 5 %."""
    rows = []
    for name in found.columns.drop("seed"):
        rejected = rate(int((found[name] < SIGNIFICANT).sum()), int(found[name].notna().sum()))
        rows.append({"comparison": name, "rejected": rejected.rate, "lower": rejected.lower, "upper": rejected.upper})
    return pd.DataFrame(rows)


def main() -> None:
    """Run both parts; print tables, write them and the figure."""
    parser = argparse.ArgumentParser(description="Does the default analysis find the truth?")
    parser.add_argument("--cohorts", type=int, default=200)
    parser.add_argument("--null", type=int, default=2000)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--out", type=Path, default=Path("truth"))
    given = parser.parse_args()
    true_seeds = range(FIRST_SEED, FIRST_SEED + given.cohorts)
    null_seeds = range(FIRST_NULL_SEED, FIRST_NULL_SEED + given.null)
    true = pd.DataFrame(run_many(analyse_true_cohort, true_seeds, workers=given.workers, title="true cohorts"))
    null = pd.DataFrame(run_many(analyse_null_cohort, null_seeds, workers=given.workers, title="null cohorts"))
    coverage, rejections = summarise_coverage(true), summarise_rejections(null)
    given.out.mkdir(parents=True, exist_ok=True)
    for name, table in {"cohorts": true, "null": null, "coverage": coverage, "rejections": rejections}.items():
        table.to_csv(given.out / f"{name}.csv", index=False, float_format="%.6g")
    draw_truth(coverage, rejections, true, given.out)
    print_tables(coverage, rejections, true)


def print_tables(coverage: pd.DataFrame, rejections: pd.DataFrame, true: pd.DataFrame) -> None:
    """Print the Markdown of docs/truth.md."""
    print("| true hazard ratio of | truth | geometric mean | covered (95 % CI) |\n| --- | ---: | ---: | ---: |")
    for row in coverage.to_dict("records"):
        name = row["term"].replace("_", " ")
        print(f"| {name} | {row['true_hazard_ratio']:.2f} | {row['geometric_mean']:.2f} | {_share(row, 'covered')} |")
    print("\n| comparison where nothing matters | p < 0.05 (95 % CI) |\n| --- | ---: |")
    for row in rejections.to_dict("records"):
        print(f"| {row['comparison']} | {_share(row, 'rejected')} |")
    naive = rate(int((true["naive p"] < SIGNIFICANT).sum()), len(true))
    print(
        f"\nSecond treatment, which does nothing: the naive comparison is significant in {100 * naive.rate:.0f} % "
        f"(95 % CI {100 * naive.lower:.0f}-{100 * naive.upper:.0f}) of {len(true)} cohorts, median gain "
        f"{true['naive gain months'].median():+.1f} months."
    )


def _share(row: Mapping[Hashable, Any], name: str) -> str:
    return f"{100 * row[name]:.1f} % ({100 * row['lower']:.1f}-{100 * row['upper']:.1f})"


if __name__ == "__main__":
    main()
