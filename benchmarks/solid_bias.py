"""How far from the truth spheres and ellipsoids of known size are measured, at five spacings.

Run: python benchmarks/solid_bias.py
Prints the tables of docs/measuring.md. The truth is worked out by hand: the section of an ellipsoid through its centre
is an ellipse whose axes follow from the matrix of the ellipsoid; its volume is 4/3 π abc and its longest extent 2a. So
the errors hold what slices cost as well: on thick slices the widest section is rarely met.
"""

import math
from collections.abc import Iterator

import numpy as np
import numpy.typing as npt
from rich.progress import track

from recist.measure import Convention, LesionAxes, axes_from_mask

PLACEMENTS = 200
SEED = 11
# between slices, rows and columns, in mm
SPACINGS = ((0.6, 0.6, 0.6), (1.25, 0.7, 0.7), (2.5, 0.8, 0.8), (3.0, 0.98, 0.98), (5.0, 0.8, 0.8))
# diameters along the three axes in mm; those that differ are turned at random
SOLIDS = ((10.0, 10.0, 10.0), (20.0, 20.0, 20.0), (40.0, 40.0, 40.0), (30.0, 20.0, 15.0))

Row = tuple[float, float, float, float]


def random_rotation(rng: np.random.Generator) -> npt.NDArray[np.float64]:
    """Draw a rotation, all equally likely."""
    q, r = np.linalg.qr(rng.normal(size=(3, 3)))
    return np.asarray(q * np.sign(np.diag(r)))


def digitise(
    shape: npt.NDArray[np.float64], reach_mm: float, spacing: tuple[float, float, float], rng: np.random.Generator
) -> npt.NDArray[np.bool_]:
    """Digitise xᵀ A x ≤ 1 at a random place: True where a voxel centre lies inside."""
    half = [int(reach_mm / step) + 2 for step in spacing]
    axes = [(np.arange(-n, n + 1) - rng.uniform(-0.5, 0.5)) * step for n, step in zip(half, spacing, strict=True)]
    x = np.stack(np.meshgrid(*axes, indexing="ij"), axis=-1)
    return np.asarray(np.einsum("...i,ij,...j->...", x, shape, x) <= 1)


def errors_of(
    solid: tuple[float, float, float], spacing: tuple[float, float, float]
) -> Iterator[dict[Convention, Row]]:
    """Give the errors of long axis, short axis and 3-D diameter in mm and of the volume in percent, in many places."""
    rng = np.random.default_rng(SEED)
    half = np.array(solid) / 2
    for _ in range(PLACEMENTS):
        turned = random_rotation(rng)
        shape = turned @ np.diag(half**-2.0) @ turned.T
        smallest, largest = np.linalg.eigvalsh(shape[1:, 1:])
        truth = (2 / math.sqrt(smallest), 2 / math.sqrt(largest), max(solid), 4 / 3 * math.pi * float(half.prod()))
        mask = digitise(shape, max(solid) / 2, spacing, rng)
        yield {name: _errors(axes_from_mask(mask, spacing, convention=name), truth) for name in Convention}


def _errors(found: LesionAxes, truth: Row) -> Row:
    long_mm, short_mm, extent_mm, volume_mm3 = truth
    return (
        found.long_axis_mm - long_mm,
        found.short_axis_mm - short_mm,
        found.diameter_3d_mm - extent_mm,
        100 * (found.volume_mm3 / volume_mm3 - 1),
    )


def main() -> None:
    """Print the tables as Markdown."""
    cases = [(solid, spacing) for solid in SOLIDS for spacing in SPACINGS]
    all_errors = [list(errors_of(*case)) for case in track(cases, "measuring solids")]
    names = " | ".join(f"{name}: long | {name}: short" for name in Convention)
    print(f"| solid, voxel (mm) | {names} | quarter: 3-D | volume |")
    print("| --- |" + " ---: |" * (2 * len(Convention) + 2))
    for (solid, spacing), errors in zip(cases, all_errors, strict=True):
        name = " × ".join(f"{d:g}" for d in solid) if len(set(solid)) > 1 else f"sphere {solid[0]:g}"
        cells = [name + ", " + " × ".join(f"{step:g}" for step in spacing)]
        for convention in Convention:
            values = np.array([found[convention] for found in errors])
            cells += [_shown(values[:, 0]), _shown(values[:, 1])]
        cells.append(_shown(np.array([found[Convention.QUARTER][2] for found in errors])))
        volumes = np.array([found[Convention.QUARTER][3] for found in errors])
        print("| " + " | ".join([*cells, f"{volumes.mean():+.1f} % ({volumes.std():.1f})".replace("-", "−")]) + " |")


def _shown(errors: npt.NDArray[np.float64]) -> str:
    return f"{errors.mean():+.2f} ({errors.std():.2f})".replace("-", "−")


if __name__ == "__main__":
    main()
