"""How near a lesion's place comes when the lesion itself changed: grown, shrunk, vanished, a new one beside it.

Run: python benchmarks/register_lesions.py
Balls are painted around points of a pair whose movement is known (`register_cases.py`), far enough apart not to meet.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from register_cases import Pair, make_pair

from recist.register import register

if TYPE_CHECKING:
    from numpy.typing import NDArray

APART_MM = 45.0
LESION_HU = 15.0
BESIDE_MM = (-18.0, 4.0, 3.0)


@dataclass(frozen=True, kw_only=True)
class Change:
    """Radii in mm of a lesion at baseline and follow-up (0: none), and of a new one beside it."""

    before_mm: float
    after_mm: float
    beside_mm: float = 0.0


CHANGES = {
    "no lesion": Change(before_mm=0, after_mm=0),
    "as it was, 10 mm radius": Change(before_mm=10, after_mm=10),
    "grown, 8 to 15 mm": Change(before_mm=8, after_mm=15),
    "shrunk, 15 to 6 mm": Change(before_mm=15, after_mm=6),
    "vanished, 10 mm": Change(before_mm=10, after_mm=0),
    "a new one of 8 mm beside it": Change(before_mm=10, after_mm=10, beside_mm=8),
    "vanished, a new one of 10 mm beside it": Change(before_mm=10, after_mm=0, beside_mm=10),
}


def pick_apart(pair: Pair) -> NDArray[np.int64]:
    """Pick points that lie far from each other."""
    picked: list[int] = []
    for row, point in enumerate(pair.points):
        if all(np.linalg.norm(point - pair.points[other]) > APART_MM for other in picked):
            picked.append(row)
    return np.array(picked)


def paint(
    hu: NDArray[np.int16], affine: NDArray[np.float64], centres: NDArray[np.float64], radius_mm: float
) -> NDArray[np.int16]:
    """Paint balls of soft tissue into a scan, with its noise."""
    painted = hu.copy()
    steps = np.linalg.norm(affine[:3, :3], axis=0)
    rng = np.random.default_rng(7)
    for centre in centres if radius_mm > 0 else ():
        middle = np.linalg.solve(affine[:3, :3], centre - affine[:3, 3])
        low = np.maximum(np.floor(middle - radius_mm / steps).astype(int), 0)
        high = np.minimum(np.ceil(middle + radius_mm / steps).astype(int) + 1, hu.shape)
        box = tuple(slice(a, b) for a, b in zip(low, high, strict=True))
        grid = np.stack(np.meshgrid(*[np.arange(a, b) for a, b in zip(low, high, strict=True)], indexing="ij"), axis=-1)
        inside = (((grid - middle) * steps) ** 2).sum(axis=-1) < radius_mm**2
        painted[box][inside] = np.rint(LESION_HU + 12 * rng.normal(size=int(inside.sum())))
    return painted


def change_lesions(pair: Pair, change: Change) -> Pair:
    """Paint the lesions before and after."""
    rows = pick_apart(pair)
    points, truth = pair.points[rows], pair.truth[rows]
    after = paint(pair.followup, pair.followup_affine, truth, change.after_mm)
    return replace(
        pair,
        baseline=paint(pair.baseline, pair.baseline_affine, points, change.before_mm),
        followup=paint(after, pair.followup_affine, truth + np.array(BESIDE_MM), change.beside_mm),
        points=points,
        truth=truth,
        regions=pair.regions[rows],
    )


def print_lesions(pairs: list[Pair]) -> None:
    """Print one row per change."""
    print("| lesion | places | median mm | 90 % | largest | sure | 90 % without its radius |\n| --- |" + " ---: |" * 6)
    for name, change in CHANGES.items():
        errors: dict[float, list[float]] = {change.before_mm: [], -1.0: []}
        n_sure = 0
        for pair in pairs:
            changed = change_lesions(pair, change)
            scans = changed.baseline, changed.baseline_affine, changed.followup, changed.followup_affine
            registration = register(*scans)
            for radius in errors:
                found = registration.locate(changed.points, radius_mm=max(radius, 0.0))
                places = np.array([prediction.point_lps for prediction in found])
                errors[radius] += np.linalg.norm(places - changed.truth, axis=1).tolist()
                n_sure += sum(prediction.is_sure for prediction in found) if radius >= 0 else 0
        known = np.array(errors[change.before_mm])
        print(
            f"| {name} | {len(known)} | {np.median(known):.1f} | {np.quantile(known, 0.9):.1f} | {known.max():.1f} "
            f"| {n_sure / len(known):.0%} | {np.quantile(errors[-1.0], 0.9):.1f} |"
        )


if __name__ == "__main__":
    print_lesions([make_pair("C", seed=101), make_pair("B", seed=105), make_pair("C", seed=108, breath_mm=25)])
