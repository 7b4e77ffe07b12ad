"""How long recist.segment takes from a drawn axis, beside other methods that get the same line.

Run: python benchmarks/segment_speed.py [--sizes 64,96,128] [--rounds 7]
Times are CPU times (for peers wall clock time where that is less: some use threads), the best of several rounds, peers
and ours taken in turn. Every peer gets
the same seeds: a stick along the line, and all that lies farther out than 1.35 half lengths. A peer that is not
installed (itk with FastGrowCut, PyMaxflow) is left out.
"""

from __future__ import annotations

import argparse
import math
import time
from collections.abc import Callable

import numpy as np
import numpy.typing as npt
from scipy import ndimage

from recist.segment import from_axis

Image = npt.NDArray[np.float32]
Mask = npt.NDArray[np.bool_]
Axis = tuple[tuple[float, float, float], tuple[float, float, float]]
Method = Callable[[Image, Axis], Mask]


def make_lesion(size: int, seed: int) -> tuple[Image, Mask, Axis]:
    """Draw a dark ellipsoid of 0.38 of the region's width in liver."""
    rng = np.random.default_rng(seed)
    grids = [
        grid - (size - 1) / 2 - off
        for grid, off in zip(np.mgrid[:size, :size, :size], rng.uniform(-1, 1, 3), strict=True)
    ]
    half = 0.19 * size * np.array([rng.uniform(0.75, 1), rng.uniform(0.7, 1), 1])
    truth = sum((grid / h) ** 2 for grid, h in zip(grids, half, strict=True)) <= 1
    hu = ndimage.gaussian_filter(np.where(truth, 65.0, 112.0), 0.7)
    noise = ndimage.gaussian_filter(rng.normal(size=hu.shape), 0.6)
    k, r, c = (round(float(np.mean(found))) for found in np.nonzero(truth))
    axis = ((float(k), float(r), float(c - half[2])), (float(k), float(r), float(c + half[2])))
    return (hu + noise * 14 / noise.std()).astype(np.float32), np.asarray(truth), axis


def make_seeds(shape: tuple[int, ...], axis: Axis) -> tuple[Mask, Mask]:
    """Mark the stick and the far surroundings."""
    start, end = np.array(axis[0]), np.array(axis[1])
    middle, half = (start + end) / 2, math.dist(start, end) / 2
    grids = np.ogrid[tuple(slice(n) for n in shape)]
    apart = sum((grid - m) ** 2 for grid, m in zip(grids, middle, strict=True))
    along = sum((grid - m) * w for grid, m, w in zip(grids, middle, (end - start) / (2 * half), strict=True))
    stick = (np.abs(along) < 0.8 * half) & (apart - along**2 < (0.22 * half) ** 2)
    return np.asarray(stick), np.asarray(apart > (1.35 * half) ** 2)


def ours(hu: Image, axis: Axis) -> Mask:
    """Find it by recist.segment, with confidence and kind."""
    return from_axis(hu, (1, 1, 1), axis).full_mask((hu.shape[0], hu.shape[1], hu.shape[2]))


def confidence_connected(hu: Image, axis: Axis) -> Mask:
    """Grow a region of similar values (SimpleITK)."""
    import SimpleITK as sitk

    stick, far = make_seeds(hu.shape, axis)
    seeds = [tuple(int(v) for v in place[::-1]) for place in np.argwhere(stick)[::7]]
    image = sitk.GetImageFromArray(ndimage.gaussian_filter(hu, 0.7))
    return np.asarray(sitk.GetArrayFromImage(sitk.ConfidenceConnected(image, seeds, 3, 2.3, 1)) > 0) & ~far


def watershed(hu: Image, axis: Axis) -> Mask:
    """Flood the gradient from the seeds (scikit-image)."""
    from skimage.segmentation import watershed as flood

    stick, far = make_seeds(hu.shape, axis)
    labels = stick + 2 * far
    return np.asarray(flood(ndimage.gaussian_gradient_magnitude(hu, 1.0), labels.astype(np.int32)) == 1)


def fast_grow_cut(hu: Image, axis: Axis) -> Mask:
    """Run ITK's FastGrowCut."""
    import itk  # type: ignore[import-not-found]

    stick, far = make_seeds(hu.shape, axis)
    image = itk.image_from_array(np.clip(hu, -1000, 1000).astype(np.int16))
    labels = itk.image_from_array((stick + 2 * far).astype(np.uint8))
    method = itk.FastGrowCut[type(image), type(labels)].New()
    method.SetInput(image)
    method.SetSeedImage(labels)
    method.Update()
    return np.asarray(itk.array_from_image(method.GetOutput()) == 1)


def graph_cut(hu: Image, axis: Axis) -> Mask:
    """Cut a graph of neighbours (PyMaxflow)."""
    import maxflow  # type: ignore[import-not-found]

    stick, far = make_seeds(hu.shape, axis)
    smooth = ndimage.gaussian_filter(hu, 0.7)
    inner, outer = (float(np.median(smooth[seeds])) for seeds in (stick, far))
    graph = maxflow.Graph[float]()
    nodes = graph.add_grid_nodes(hu.shape)
    graph.add_grid_edges(nodes, 0.5)
    share = np.clip((smooth - outer) / (inner - outer), 0, 1)
    graph.add_grid_tedges(
        nodes, np.where(stick, 1e6, np.where(far, 0, share)), np.where(far, 1e6, np.where(stick, 0, 1 - share))
    )
    graph.maxflow()
    return np.asarray(~graph.get_grid_segments(nodes))


METHODS: dict[str, Method] = {
    "recist.segment": ours,
    "ITK FastGrowCut": fast_grow_cut,
    "SimpleITK ConfidenceConnected": confidence_connected,
    "PyMaxflow graph cut": graph_cut,
    "scikit-image watershed": watershed,
}


def main() -> None:
    """Print a table for every size."""
    parser = argparse.ArgumentParser(description="Speed of recist.segment beside its peers.")
    parser.add_argument("--sizes", default="64,96,128")
    parser.add_argument("--rounds", type=int, default=7)
    asked = parser.parse_args()
    for size in (int(text) for text in asked.sizes.split(",")):
        hu, truth, axis = make_lesion(size, 5000)
        best: dict[str, float] = {}
        dice: dict[str, float] = {}
        for name, method in METHODS.items():
            try:
                found = method(hu, axis)
            except (ImportError, AttributeError):
                continue
            dice[name] = 2 * np.count_nonzero(found & truth) / (np.count_nonzero(found) + np.count_nonzero(truth))
            best[name] = math.inf
        for _ in range(asked.rounds):
            for name, method in METHODS.items():
                if name not in best:
                    continue
                began, began_cpu = time.perf_counter(), time.process_time()
                method(hu, axis)
                wall, cpu = time.perf_counter() - began, time.process_time() - began_cpu
                best[name] = min(best[name], cpu if name == "recist.segment" else min(wall, cpu))
        print(f"\n{size} x {size} x {size}\n| method | ms | times ours | Dice |\n| --- | ---: | ---: | ---: |")
        for name in sorted(best, key=best.__getitem__):
            ratio = best[name] / best["recist.segment"]
            print(f"| {name} | {best[name] * 1000:.1f} | {ratio:.1f} | {dice[name]:.3f} |")


if __name__ == "__main__":
    main()
