"""Fit the weights of recist.segment.confidence again: the probability that an outline is good, from its signs.

Run: python benchmarks/segment_confidence.py --first 1000 --cases 36 --rows rows.csv   (makes lesions)
     python benchmarks/segment_confidence.py --rows rows.csv                           (fits)
A logistic function with a ridge penalty of 1 on standardised signs; every factor keeps the direction its sign has by
meaning (more weak edge is never better). Wrong lines are among the rows, so that the line is not trusted blindly.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.optimize import minimize
from segment_phantoms import KINDS, NOTHING, make_case, make_nothing
from segment_truth import GOOD, run

from recist.segment.confidence import LIMITS, WEIGHTS

THRESHOLDS = (0.7, 0.75, 0.8, 0.85, 0.88, 0.9, 0.92, 0.95)


def collect_rows(seeds: range) -> pd.DataFrame:
    """Segment made lesions, and places without any, and note signs and truth."""
    rows: list[dict[str, object]] = []
    for seed in seeds:
        for case in (*(make_case(kind, seed) for kind in KINDS), *(make_nothing(kind, seed) for kind in NOTHING)):
            for outcome in run(case):
                signs = outcome.found.signs
                if signs is None:
                    continue
                row: dict[str, object] = {"kind": case.kind, "prompt": outcome.prompt, "dice": outcome.dice}
                row |= {weight.sign: weight.read(signs) for weight in WEIGHTS}
                is_limited = any(limit.is_passed(signs) for limit in LIMITS)
                rows.append(row | {"is_refused": is_limited or bool(outcome.found.doubt)})
    return pd.DataFrame(rows)


def fit(rows: pd.DataFrame) -> tuple[float, npt.NDArray[np.float64]]:
    """Fit intercept (at the usual values) and factors."""
    usual = np.array([weight.usual for weight in WEIGHTS])
    ways = [np.sign(weight.factor) for weight in WEIGHTS]
    signs = rows[[weight.sign for weight in WEIGHTS]].to_numpy(float) - usual
    scale = np.maximum(signs.std(axis=0), 1e-6)
    scaled, good = signs / scale, (rows["dice"] >= GOOD).to_numpy()

    def loss(weights: npt.NDArray[np.float64]) -> float:
        odds = weights[0] + scaled @ weights[1:]
        return float(np.logaddexp(0, np.where(good, -odds, odds)).sum() + 0.5 * (weights[1:] ** 2).sum())

    bounds = [(None, None), *((0, None) if way > 0 else (None, 0) for way in ways)]
    found = minimize(loss, np.zeros(1 + len(usual)), bounds=bounds, method="L-BFGS-B").x
    return float(found[0]), found[1:] / scale


def print_fit(rows: pd.DataFrame) -> None:
    """Print the table of weights, and what every threshold would call sure."""
    kept = rows[~rows["is_refused"].astype(bool)]
    intercept, factors = fit(kept)
    print(f"{len(rows)} rows, {len(kept)} without a limit passed\nintercept {intercept:.2f}")
    for weight, factor in zip(WEIGHTS, factors, strict=True):
        print(f"  {weight.sign:14} {factor:8.2f}   (now {weight.factor})")
    signs = kept[[weight.sign for weight in WEIGHTS]].to_numpy(float) - [weight.usual for weight in WEIGHTS]
    probability = 1 / (1 + np.exp(-(intercept + signs @ factors)))
    is_bad = (kept["dice"] < GOOD).to_numpy()
    for threshold in THRESHOLDS:
        sure = probability >= threshold
        shares = {
            prompt: f"{sure[kept['prompt'] == prompt].sum() / max(1, (rows['prompt'] == prompt).sum()):.0%}, "
            f"{(sure & is_bad)[kept['prompt'] == prompt].sum()} bad"
            for prompt in ("axis", "click", "wrong line")
        }
        print(f"  sure from {threshold}: {sure.sum()}, bad {(sure & is_bad).sum()}; {shares}")


def main() -> None:
    """Collect or fit."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--first", type=int, default=1000)
    parser.add_argument("--cases", type=int, default=0)
    parser.add_argument("--rows", type=Path, nargs="+", required=True)
    asked = parser.parse_args()
    for seed in range(asked.first, asked.first + asked.cases):
        rows = collect_rows(range(seed, seed + 1))
        rows.to_csv(asked.rows[0], mode="a", header=not asked.rows[0].exists(), index=False)
    if not asked.cases:
        print_fit(pd.concat([pd.read_csv(path) for path in asked.rows]))


if __name__ == "__main__":
    main()
