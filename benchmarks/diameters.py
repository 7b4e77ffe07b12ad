"""How fast lesion axes come out of a label volume, beside other programs, in one run.

Run: python benchmarks/diameters.py [--lesions 100] [--rounds 5]
Every method measures the longest diameter of every lesion within a slice; ours gives short axis, smallest width, 3-D
diameter, volume and pieces as well. OpenCV and pyradiomics join where they are installed (pyradiomics by its C
extension on crops, its fastest way). Methods take turns within a round; the median and the best of all rounds are
printed, and how many times ours the best is. Only ratios count.
"""

import argparse
import importlib
import math
import time
from collections.abc import Callable
from importlib.util import find_spec

import numpy as np
import numpy.typing as npt
import SimpleITK as sitk
from scipy import ndimage
from scipy.spatial import ConvexHull
from scipy.spatial.distance import pdist
from skimage.measure import regionprops

from recist.measure import axes_from_labels

Labels = npt.NDArray[np.uint16]
SHAPE, SPACING = (600, 512, 512), (1.5, 0.8, 0.8)
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


def opencv(labels: Labels) -> list[float]:
    cv2 = importlib.import_module("cv2")
    found = []
    for label, box in boxes(labels):
        longest = 0.0
        for part in labels[box] == label:
            contours, _ = cv2.findContours(part.view(np.uint8), cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
            if contours:
                hull = cv2.convexHull(np.concatenate(contours))[:, 0] * np.array(SPACING[:0:-1])
                longest = max(longest, pdist(hull).max(initial=0.0))
        found.append(longest)
    return found


def pyradiomics(labels: Labels) -> list[float]:
    shapes = importlib.import_module("radiomics").cShape
    return [
        shapes.calculate_coefficients(np.pad(labels[box] == label, 1), np.array(SPACING))[2][0]
        for label, box in boxes(labels)
    ]


def read_once(labels: Labels) -> list[float]:
    """Touch every byte once: no method can be faster on one core."""
    return [float(np.bitwise_or.reduce(labels.reshape(-1).view(np.uint64)))]


METHODS: dict[str, tuple[Callable[[Labels], list[float]], str]] = {
    "ours": (ours, "numba"),
    "read once": (read_once, "numpy"),
    "OpenCV": (opencv, "cv2"),
    "scipy": (scipy_hull, "scipy"),
    "scikit-image": (scikit_image, "skimage"),
    "SimpleITK": (simple_itk, "SimpleITK"),
    "pyradiomics": (pyradiomics, "radiomics"),
}
"""Name → what measures, and the module that it needs."""


def main() -> None:
    """Time every method and print the table."""
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--lesions", type=int, default=100)
    arguments.add_argument("--rounds", type=int, default=5)
    given = arguments.parse_args()
    labels = make_labels(given.lesions)
    expected = ours(labels)
    methods = {name: method for name, (method, module) in METHODS.items() if find_spec(module)}
    seconds: dict[str, list[float]] = {name: [] for name in methods}
    for turn in range(given.rounds):
        for k in range(len(methods)):
            name = list(methods)[(turn + k) % len(methods)]
            started = time.perf_counter()
            found = methods[name](labels)
            seconds[name].append(time.perf_counter() - started)
            if name == "scipy":
                assert np.allclose(found, expected, rtol=0, atol=1e-9), "the long axes differ from scipy's hull"
    print(f"{len(expected)} lesions in {' × '.join(map(str, SHAPE))} voxels, {given.rounds} rounds")
    print(f"{'method':<14} {'median ms':>10} {'best ms':>9} {'÷ ours':>7}")
    for name, times in seconds.items():
        ratio = min(times) / min(seconds["ours"])
        print(f"{name:<14} {np.median(times) * 1000:10.0f} {min(times) * 1000:9.0f} {ratio:7.1f}")
    print("not installed: " + (", ".join(set(METHODS) - set(methods)) or "none"))


if __name__ == "__main__":
    main()
