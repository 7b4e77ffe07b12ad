"""How near recist.segment comes to the truth on the sample study, whose phantom patients have lesions in many organs.

Run: python benchmarks/segment_study.py [--every 3]
Every lesion of every scan is found from a drawn long axis (ends off by a pixel or 4 %) and from a click in its middle,
and compared with the segmentation that comes with the scan.
"""

from __future__ import annotations

import argparse
from collections import defaultdict
from typing import TYPE_CHECKING

import numpy as np
from scipy import ndimage
from segment_truth import GOOD

from recist.dicom.seg import read_segmentation
from recist.dicom.series import read_series
from recist.measure import axes_from_mask
from recist.segment import Segmentation, from_axis, from_click
from sample_dicom.cache import cached_study

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    import numpy.typing as npt

    from recist.dicom.ct_series import CTSeries

    Mask = npt.NDArray[np.bool_]

Result = tuple[float, float, bool]  # Dice, error of the long axis in pixels, sure


def judge(found: Segmentation, truth: Mask, series: CTSeries) -> Result:
    """Compare one result with the truth."""
    mask = found.full_mask((truth.shape[0], truth.shape[1], truth.shape[2]))
    dice = 2 * np.count_nonzero(mask & truth) / (np.count_nonzero(mask) + np.count_nonzero(truth))
    if not mask.any():
        return dice, float("nan"), False
    one, other = (axes_from_mask(m, series.spacing_mm).long_axis_mm for m in (mask, truth))
    return dice, abs(one - other) / series.spacing_mm[1], found.is_sure


def measure_scan(folder: Path, rng: np.random.Generator) -> Iterator[tuple[str, str, Result]]:
    """Find every lesion of a scan both ways; yield site, prompt and result."""
    series = read_series(folder / "ct")
    hu = np.asarray(series.hu)
    for segment in read_segmentation(folder / "lesions.seg.dcm", series):
        truth = np.zeros(hu.shape, np.bool_)
        truth[tuple(slice(o, o + n) for o, n in zip(segment.offset, segment.mask.shape, strict=True))] = segment.mask
        axes = axes_from_mask(truth, series.spacing_mm)
        k, ends = float(axes.slice_index), np.array(axes.long_axis_px)
        off = max(1.0, 0.04 * float(np.linalg.norm(ends[0] - ends[1])))
        drawn = [(k, *map(float, end)) for end in ends + rng.uniform(-off, off, (2, 2))]
        depth = ndimage.distance_transform_edt(truth[axes.slice_index])
        places = np.argwhere(depth >= 0.5 * depth.max())
        seed = (k, *map(float, places[rng.integers(len(places))]))
        site = str(segment.site)
        yield site, "axis", judge(from_axis(hu, series.spacing_mm, (drawn[0], drawn[1])), truth, series)
        yield site, "click", judge(from_click(hu, series.spacing_mm, seed), truth, series)


def main() -> None:
    """Run over the study and print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--every", type=int, default=1, help="look at every nth scan only")
    every = parser.parse_args().every
    rng = np.random.default_rng(3)
    results: dict[tuple[str, str], list[Result]] = defaultdict(list)
    for folder in sorted(cached_study().glob("dicom/*/*"))[::every]:
        for site, prompt, result in measure_scan(folder, rng):
            results[prompt, site].append(result)
            results[prompt, "all"].append(result)
    print("| site | prompt | n | Dice | Dice of sure | long axis of sure, pixels: median, worst | sure | bad, sure |")
    print("| --- | --- |" + " ---: |" * 6)
    for (prompt, site), chosen in sorted(results.items()):
        sure = [result for result in chosen if result[2]]
        error = np.array([result[1] for result in sure] or [np.nan])
        print(
            f"| {site} | {prompt} | {len(chosen)} | {np.mean([r[0] for r in chosen]):.3f} | "
            f"{np.mean([r[0] for r in sure] or [np.nan]):.3f} | {np.median(error):.2f}, {error.max():.1f} | "
            f"{len(sure) / len(chosen):.0%} | {sum(r[0] < GOOD for r in sure)} |"
        )


if __name__ == "__main__":
    main()
