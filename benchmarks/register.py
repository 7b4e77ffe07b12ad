"""How near to the true place a baseline point is put in the follow-up, by region and by what changed; beside SimpleITK.

Run: python benchmarks/register.py [--peers] [--pairs plain,thick,…] [--picture FILE]
Prints the tables of docs/registering.md. Every pair is the phantom of the sample study after a known movement
(`register_cases.py`). Times are processor seconds of this process, all threads together; only ratios count.
"""

from __future__ import annotations

import argparse
import os
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from recist.register import Prediction, register

os.environ.setdefault("ITK_GLOBAL_DEFAULT_NUMBER_OF_THREADS", "2")

from register_cases import Look, Pair, make_pair

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

MISS_MM = 10.0
WHOLE = Look(range_mm=(-220, 145))
PAIRS: dict[str, Callable[[], Pair]] = {
    "nothing but pose and breath": lambda: make_pair("C", seed=101),
    "1.5 mm slices, then 5 mm": lambda: make_pair(
        "D", seed=102, baseline=Look(spacing_mm=(1.5, 1.2, 1.2)), followup=Look(spacing_mm=(5, 1.6, 1.6))
    ),
    "smooth, then sharp kernel (noise 45 HU)": lambda: make_pair(
        "E", seed=103, followup=Look(blur_px=0.3, noise_hu=45)
    ),
    "portal venous, then native": lambda: make_pair("F", seed=104, followup=Look(phase="native")),
    "portal venous, then arterial": lambda: make_pair("B", seed=105, followup=Look(phase="arterial")),
    "whole trunk, then chest only": lambda: make_pair(
        "A", seed=106, baseline=WHOLE, followup=Look(range_mm=(-60, 145))
    ),
    "whole trunk, then abdomen only": lambda: make_pair(
        "E", seed=110, baseline=WHOLE, followup=Look(range_mm=(-220, 20))
    ),
    "field of view 380, then 300 mm": lambda: make_pair("D", seed=107, followup=Look(field_mm=300)),
    "breath of 25 mm": lambda: make_pair("C", seed=108, breath_mm=25),
    "whole trunk twice": lambda: make_pair("B", seed=112, baseline=WHOLE, followup=WHOLE),
    "another patient (C, then F)": lambda: make_pair("C", seed=109, other="F"),
    "another patient (E, then B)": lambda: make_pair("E", seed=111, other="B"),
}


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What came out for the points of one pair."""

    name: str
    errors_mm: NDArray[np.float64]
    regions: NDArray[np.str_]
    is_sure: NDArray[np.bool_]
    residuals_mm: NDArray[np.float64]
    seconds: float

    @property
    def has_truth(self) -> bool:
        """Whether both scans show the same patient."""
        return not self.name.startswith("another")


def locate(pair: Pair) -> tuple[Prediction, ...]:
    """Register and predict."""
    scans = pair.baseline, pair.baseline_affine, pair.followup, pair.followup_affine
    return register(*scans).locate(pair.points)


def judge(name: str, pair: Pair) -> Outcome:
    """Compare the predictions with the truth."""
    started = time.process_time()
    found = locate(pair)
    seconds = time.process_time() - started
    places = np.array([prediction.point_lps for prediction in found])
    return Outcome(
        name=name,
        errors_mm=np.linalg.norm(places - pair.truth, axis=1),
        regions=pair.regions,
        is_sure=np.array([prediction.is_sure for prediction in found]),
        residuals_mm=np.array([prediction.residual_mm for prediction in found]),
        seconds=seconds,
    )


def shown(errors: NDArray[np.float64]) -> str:
    """Give median, 90th percentile and largest."""
    return (
        f"{np.median(errors):.1f} | {np.quantile(errors, 0.9):.1f} | {errors.max():.1f}" if len(errors) else "– | – | –"
    )


def print_pairs(outcomes: Sequence[Outcome]) -> None:
    print("| what changed | points | median mm | 90 % | largest | over 10 mm: flagged / all | flagged needlessly |")
    print("| --- |" + " ---: |" * 6)
    for one in outcomes:
        if not one.has_truth:
            verdict = f"{one.is_sure.sum()} sure" if one.is_sure.any() else "all flagged"
            print(f"| {one.name} | {len(one.is_sure)} | – | – | – | {verdict} | – |")
            continue
        missed = one.errors_mm > MISS_MM
        flagged = f"{(missed & ~one.is_sure).sum()} / {missed.sum()} | {(~missed & ~one.is_sure).sum()}"
        print(f"| {one.name} | {len(missed)} | {shown(one.errors_mm)} | {flagged} |")


def print_regions(outcomes: Sequence[Outcome]) -> None:
    true = [one for one in outcomes if one.has_truth]
    errors, regions = (np.concatenate([getattr(one, name) for one in true]) for name in ("errors_mm", "regions"))
    print("\n| region | points | median mm | 90 % | largest |\n| --- | ---: | ---: | ---: | ---: |")
    for region in dict.fromkeys(regions.tolist()):
        print(f"| {region} | {(regions == region).sum()} | {shown(errors[regions == region])} |")
    print(f"| all | {len(errors)} | {shown(errors)} |")


def print_trust(outcomes: Sequence[Outcome]) -> None:
    from scipy.stats import spearmanr

    true = [one for one in outcomes if one.has_truth]
    names = ("errors_mm", "residuals_mm", "is_sure")
    errors, residuals, is_sure = (np.concatenate([getattr(one, name) for one in true]) for name in names)
    within = (errors[is_sure] <= MISS_MM).mean()
    print(f"\nsure: {is_sure.mean():.1%} of {len(errors)} points; of these within 10 mm: {within:.1%}")
    print(f"rank correlation of residual_mm with the true error: {spearmanr(errors, residuals)[0]:.2f}")
    print("| residual_mm | points | true error: median | 90 % | largest |\n| --- | ---: | ---: | ---: | ---: |")
    for low, high in ((0, 1), (1, 1.5), (1.5, 2.5), (2.5, np.inf)):
        asked = (residuals >= low) & (residuals < high)
        name = f"{low} to {high}" if np.isfinite(high) else f"{low} and more"
        print(f"| {name} | {asked.sum()} | {shown(errors[asked])} |")


def print_peers(pairs: Sequence[Pair]) -> None:
    from register_peers import PEERS

    def ours(pair: Pair) -> NDArray[np.float64]:
        return np.array([prediction.point_lps for prediction in locate(pair)])

    methods = {"recist.register": ours, **PEERS}
    seconds: dict[str, list[float]] = {name: [] for name in methods}
    errors: dict[str, list[NDArray[np.float64]]] = {name: [] for name in methods}
    for turn, pair in enumerate(pairs):
        names = list(methods)[turn % len(methods) :] + list(methods)[: turn % len(methods)]
        for name in names:
            started = time.process_time()
            places = methods[name](pair)
            seconds[name].append(time.process_time() - started)
            errors[name].append(np.linalg.norm(places - pair.truth, axis=1))
    print(
        "\n| method | processor s a pair | × | median mm | 90 % | largest |\n| --- | ---: | ---: | ---: | ---: | ---: |"
    )
    least = float(np.median(seconds["recist.register"]))
    for name, spent in seconds.items():
        took = float(np.median(spent))
        print(f"| {name} | {took:.1f} | {took / least:.0f} | {shown(np.concatenate(errors[name]))} |")


def main() -> None:
    """Print the tables."""
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--peers", action="store_true")
    arguments.add_argument("--pairs", default="", help="parts of names, separated by commas")
    arguments.add_argument("--picture", type=Path)
    given = arguments.parse_args()
    wanted = [part for part in given.pairs.split(",") if part]
    pairs = {name: make() for name, make in PAIRS.items() if not wanted or any(part in name for part in wanted)}
    locate(next(iter(pairs.values())))  # compile
    outcomes = [judge(name, pair) for name, pair in pairs.items()]
    print_pairs(outcomes)
    print_regions(outcomes)
    print_trust(outcomes)
    if given.peers:
        print_peers([pair for name, pair in pairs.items() if not name.startswith("another")])
    if given.picture:
        from register_figure import draw_pair

        pair = pairs[max(pairs, key=lambda name: "breath of" in name)]
        draw_pair(pair, locate(pair), given.picture)


if __name__ == "__main__":
    main()
