"""How fast lesion axes come out of a label volume, beside other programs, in one run.

Run: python benchmarks/diameters.py [--lesions 60] [--rounds 3]
Every method measures the longest diameter of every lesion within a slice; ours gives short axis and volume as well.
Methods take turns within a round; medians and their ratio to ours are printed. Only ratios count.
"""

import argparse
import math
import time
from collections.abc import Callable

import numpy as np
import numpy.typing as npt
import SimpleITK as sitk
from scipy import ndimage
from scipy.spatial import ConvexHull
from scipy.spatial.distance import pdist
from skimage.measure import regionprops

from recist.measure import axes_from_labels

Labels = npt.NDArray[np.uint16]
SHAPE, SPACING = (300, 512, 512), (1.5, 0.8, 0.8)
SEED = 3


def make_labels(n_lesions: int) -> Labels:
    """Scatter ellipsoids of 6 to 70 mm over a body-sized volume."""
    rng = np.random.default_rng(SEED)
    labels = np.zeros(SHAPE, dtype=np.uint16)
    extent = np.array(SHAPE) * SPACING
    for label in range(1, n_lesions + 1):
        half = math.exp(rng.uniform(math.log(3), math.log(35))) * np.array(
            [rng.uniform(0.5, 1), rng.uniform(0.6, 1), 1]
        )
        centre = extent * rng.uniform(0.2, 0.8, 3)
        low = np.maximum(((centre - half) / SPACING).astype(int), 0)
        high = np.minimum(((centre + half) / SPACING).astype(int) + 2, SHAPE)
        box = tuple(slice(a, b) for a, b in zip(low, high, strict=True))
        grid = np.ogrid[box]
        inside = sum(((g * s - c) / h) ** 2 for g, s, c, h in zip(grid, SPACING, centre, half, strict=True)) <= 1
        labels[box][inside & (labels[box] == 0)] = label
    return labels


def boxes(labels: Labels) -> list[tuple[int, tuple[slice, ...]]]:
    """List the labels with their boxes."""
    return [(label, box) for label, box in enumerate(ndimage.find_objects(labels), start=1) if box is not None]


def ours(labels: Labels) -> list[float]:
    return list(axes_from_labels(labels, SPACING, convention="centre")["long_axis_mm"])


def scipy_hull(labels: Labels) -> list[float]:
    found = []
    for label, box in boxes(labels):
        longest = 0.0
        for part in labels[box] == label:
            points = np.argwhere(part) * SPACING[1:]
            if len(np.unique(points[:, 0])) > 1 and len(np.unique(points[:, 1])) > 1:
                points = points[ConvexHull(points).vertices]
            longest = max(longest, pdist(points).max(initial=0.0))
        found.append(longest)
    return found


def scikit_image(labels: Labels) -> list[float]:
    found = []
    for label, box in boxes(labels):
        parts = [part.astype(np.uint8) for part in labels[box] == label if part.any()]
        found.append(max(regionprops(part, spacing=SPACING[1:])[0].feret_diameter_max for part in parts))
    return found


def simple_itk(labels: Labels) -> list[float]:
    longest: dict[int, float] = {}
    for part in labels:
        if not part.any():
            continue
        image = sitk.GetImageFromArray(part)
        image.SetSpacing(SPACING[:0:-1])
        shapes = sitk.LabelShapeStatisticsImageFilter()
        shapes.ComputeFeretDiameterOn()
        shapes.Execute(image)
        for label in shapes.GetLabels():
            longest[label] = max(longest.get(label, 0.0), shapes.GetFeretDiameter(label))
    return [longest[label] for label in sorted(longest)]


METHODS: tuple[Callable[[Labels], list[float]], ...] = (ours, scipy_hull, scikit_image, simple_itk)


def main() -> None:
    """Time every method and print the table."""
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--lesions", type=int, default=60)
    arguments.add_argument("--rounds", type=int, default=3)
    given = arguments.parse_args()
    labels = make_labels(given.lesions)
    expected = ours(labels)
    seconds: dict[str, list[float]] = {method.__name__: [] for method in METHODS}
    for turn in range(given.rounds):
        for k in range(len(METHODS)):
            method = METHODS[(turn + k) % len(METHODS)]
            started = time.perf_counter()
            found = method(labels)
            seconds[method.__name__].append(time.perf_counter() - started)
            if method is scipy_hull:
                assert np.allclose(found, expected, rtol=0, atol=1e-9), "the long axes differ from scipy's hull"
    best = float(np.median(seconds["ours"]))
    print(f"{len(expected)} lesions in {' × '.join(map(str, SHAPE))} voxels, {given.rounds} rounds")
    for name, times in seconds.items():
        print(f"{name:<14} {np.median(times) * 1000:9.0f} ms   {np.median(times) / best:6.1f} ×")


if __name__ == "__main__":
    main()
