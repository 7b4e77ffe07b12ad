"""How near recist.segment comes to the truth, on made lesions and on lesions put into real scans.

Run: python benchmarks/segment_truth.py [--first 5000] [--cases 25] [--sheets DIR] [--dicom DIR]
Prints the tables of docs/segmenting.md. Seeds 1000 to 1043 were used for fitting the confidence, 0 to 11 for choosing
the method's numbers; the published tables come from seeds from 5000 on. `--dicom` takes a folder with one CT series
into which lesions are put (blurred as the scan is, with noise of its grain); `--sheets` a folder for pictures of every
result that was called sure and is not good, and of the worst that were not.
"""

from __future__ import annotations

import argparse
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
from scipy import ndimage
from segment_phantoms import KINDS, NOTHING, Case, make_case, make_nothing

from recist.measure import axes_from_mask
from recist.segment import Segmentation, from_axis, from_click

GOOD = 0.85
REAL_SIZES_MM = (6.0, 9.0, 13.0, 18.0)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Outcome:
    """One result beside its truth."""

    case: Case
    found: Segmentation
    prompt: str
    dice: float
    error_mm: float

    @property
    def error_px(self) -> float:
        """Error of the long axis in pixels."""
        return self.error_mm / self.case.spacing_mm[1]


def judge(case: Case, found: Segmentation, prompt: str) -> Outcome:
    full = found.full_mask(case.hu.shape)
    both = np.count_nonzero(full & case.truth)
    dice = 2 * both / max(1, np.count_nonzero(full) + np.count_nonzero(case.truth))
    error_mm = float("nan")
    if full.any() and case.truth.any():
        lengths = [axes_from_mask(mask, case.spacing_mm).long_axis_mm for mask in (full, case.truth)]
        error_mm = abs(lengths[0] - lengths[1])
    return Outcome(case=case, found=found, prompt=prompt, dice=dice, error_mm=error_mm)


def run(case: Case) -> list[Outcome]:
    outcomes = [judge(case, from_click(case.hu, case.spacing_mm, case.seed), "click")]
    if case.truth.any():
        outcomes.append(judge(case, from_axis(case.hu, case.spacing_mm, case.axis), "axis"))
        rng = np.random.default_rng([int(case.noise_hu * 1000), case.hu.size])
        ends = np.array(case.axis)
        middle, factor = ends.mean(axis=0), rng.choice([0.6, 0.75, 1.3, 1.5])
        off = np.array([0.0, *rng.normal(0, 0.08 * np.linalg.norm(ends[0] - ends[1]), 2)])
        bad = np.clip(middle + off + factor * (ends - middle), 0, np.array(case.hu.shape) - 1)
        outcomes.append(judge(case, from_axis(case.hu, case.spacing_mm, (bad[0], bad[1])), "wrong line"))
    return outcomes


def print_tables(outcomes: list[Outcome], kinds: tuple[str, ...]) -> None:
    print("| kind | prompt | n | Dice | Dice of sure | long axis, pixels: median, worst of sure | mm | sure |", end="")
    print(" bad (Dice < 0.85) | bad called sure |\n| --- | --- |" + " ---: |" * 8)
    for prompt in ("axis", "click", "wrong line"):
        for kind in (*kinds, "all"):
            chosen = [o for o in outcomes if o.prompt == prompt and kind in {o.case.kind, "all"} and o.case.truth.any()]
            if chosen:
                print(row(kind, prompt, chosen))
    nothing = [o for o in outcomes if not o.case.truth.any()]
    for kind in dict.fromkeys(o.case.kind for o in nothing):
        of_kind = [o for o in nothing if o.case.kind == kind]
        print(f"| {kind} | click | {len(of_kind)} | refused {np.mean([not o.found.is_sure for o in of_kind]):.0%} |")


def row(kind: str, prompt: str, chosen: list[Outcome]) -> str:
    sure = [o for o in chosen if o.found.is_sure]
    bad = [o for o in chosen if o.dice < GOOD]
    bad_sure = sum(o.dice < GOOD for o in sure)
    error_px = np.array([o.error_px for o in sure] or [np.nan])
    cells = [
        kind, prompt, str(len(chosen)), f"{np.mean([o.dice for o in chosen]):.3f}",
        f"{np.mean([o.dice for o in sure] or [np.nan]):.3f}", f"{np.median(error_px):.2f}, {error_px.max():.1f}",
        f"{np.median([o.error_mm for o in sure] or [np.nan]):.2f}", f"{len(sure) / len(chosen):.0%}",
        str(len(bad)), str(bad_sure),
    ]  # fmt: skip
    return "| " + " | ".join(cells) + " |"


def draw_sheet(outcomes: list[Outcome], path: Path, columns: int = 8) -> None:
    """Draw results: truth green, found red; title: kind, Dice, sure or not."""
    import matplotlib as mpl

    mpl.use("Agg")
    from matplotlib import pyplot as plt

    rows = -(-len(outcomes) // columns)
    figure, axes = plt.subplots(rows, columns, figsize=(1.7 * columns, 1.95 * rows), squeeze=False)
    for plot in axes.flat:
        plot.axis("off")
    for outcome, plot in zip(outcomes, axes.flat, strict=False):
        _draw(outcome, plot)
    figure.tight_layout(pad=0.3)
    figure.savefig(path, dpi=80)
    plt.close(figure)


def _draw(outcome: Outcome, plot: object) -> None:
    case = outcome.case
    full = outcome.found.full_mask(case.hu.shape)
    k = round(case.seed[0])
    low, high = (-1000, 200) if np.median(case.hu[k]) < -400 else (-110, 200)
    plot.imshow(case.hu[k], cmap="gray", vmin=low, vmax=high)  # type: ignore[attr-defined]
    for mask, colour in ((case.truth[k], "lime"), (full[k], "red")):
        if mask.any():
            plot.contour(mask, [0.5], colors=colour, linewidths=1)  # type: ignore[attr-defined]
    if case.truth.any():
        rows, columns = np.nonzero(case.truth[k] | full[k])
        plot.set_xlim(max(0, columns.min() - 12), columns.max() + 12)  # type: ignore[attr-defined]
        plot.set_ylim(rows.max() + 12, max(0, rows.min() - 12))  # type: ignore[attr-defined]
    sure = "sure" if outcome.found.is_sure else "not sure"
    plot.set_title(f"{case.kind}, {outcome.prompt}\n{outcome.dice:.2f} {sure}", fontsize=6)  # type: ignore[attr-defined]


def put_lesions(hu: npt.NDArray[np.float32], spacing_mm: tuple[float, float, float], seed: int) -> list[Case]:
    """Put ellipsoids of known shape into a real scan: into even tissue and into lung, one at a time."""
    rng = np.random.default_rng(seed)
    smooth = ndimage.gaussian_filter(hu, (0, 1.5, 1.5))
    cases = []
    places = {"lung": (smooth < -750) & (smooth > -950), "tissue": (smooth > 40) & (smooth < 140)}
    for name, mask in places.items():
        for half_mm in REAL_SIZES_MM:
            room = _find_room(mask, half_mm, spacing_mm, hu.shape)
            spots = np.argwhere(room)
            if len(spots) == 0:
                continue
            place = spots[rng.integers(len(spots))]
            cases.append(_put(hu, spacing_mm, place, half_mm, name, rng))
    return cases


def _find_room(
    mask: npt.NDArray[np.bool_], half_mm: float, spacing_mm: tuple[float, float, float], shape: tuple[int, ...]
) -> npt.NDArray[np.bool_]:
    """Find where most of what a lesion would cover is of one tissue, away from the first and last slices."""
    size = [2 * max(1, round(1.1 * half_mm / s)) + 1 for s in spacing_mm]
    share = ndimage.uniform_filter(mask.astype(np.float32), size)
    away = np.zeros(shape, np.bool_)
    margin = size[0] // 2 + 2
    away[margin : shape[0] - margin, 60:-60, 60:-60] = True
    return np.asarray((share > 0.93) & away & mask)


def _put(  # noqa: PLR0917
    hu: npt.NDArray[np.float32],
    spacing_mm: tuple[float, float, float],
    place: npt.NDArray[np.int64],
    half_mm: float,
    name: str,
    rng: np.random.Generator,
) -> Case:
    half = half_mm * np.array([rng.uniform(0.8, 1.1), rng.uniform(0.65, 1), 1])
    reach = [int(2.6 * half_mm / s) + 3 for s in spacing_mm]
    cut = tuple(slice(max(0, p - r), min(n, p + r + 1)) for p, r, n in zip(place, reach, hu.shape, strict=True))
    local = hu[cut].copy()
    fine = 3
    grids = np.meshgrid(
        *(
            (np.arange(s.start * fine, s.stop * fine) / fine + (1 - fine) / (2 * fine) - p) * mm
            for s, p, mm in zip(cut, place, spacing_mm, strict=True)
        ),
        indexing="ij",
    )
    turn = rng.uniform(0, np.pi)
    x = np.cos(turn) * grids[2] + np.sin(turn) * grids[1]
    y = np.cos(turn) * grids[1] - np.sin(turn) * grids[2]
    inside = (grids[0] / half[0]) ** 2 + (y / half[1]) ** 2 + (x / half[2]) ** 2 <= 1
    share = inside.reshape(local.shape[0], fine, local.shape[1], fine, local.shape[2], fine).mean(axis=(1, 3, 5))
    truth = share >= 0.5
    blurred = ndimage.gaussian_filter(share, (0, 0.65 / spacing_mm[1], 0.65 / spacing_mm[2]))
    grain = local - ndimage.gaussian_filter(local, (0, 2, 2))
    noise_hu = 1.48 * float(np.median(np.abs(grain[truth])))
    own = float(np.median(local[truth]))
    value = rng.uniform(10, 60) if name == "lung" else own + rng.choice([-1, 1]) * rng.uniform(35, 70)
    noise = ndimage.gaussian_filter(rng.normal(size=local.shape), (0, 0.6, 0.6))
    painted = local * (1 - blurred) + blurred * (value + (noise * min(noise_hu, 20.0) / noise.std()))
    if name == "tissue":  # keep the grain of the scan itself
        painted = local + blurred * (value - own)
    ends = np.array(axes_from_mask(truth, spacing_mm).long_axis_px) + rng.uniform(-1, 1, (2, 2))
    k = float(axes_from_mask(truth, spacing_mm).slice_index)
    middle = tuple(float(p - s.start) for p, s in zip(place, cut, strict=True))
    return Case(
        kind=f"real {name}", hu=painted.astype(np.float32), spacing_mm=spacing_mm, truth=truth,
        axis=((k, *map(float, ends[0])), (k, *map(float, ends[1]))), seed=middle, noise_hu=noise_hu,
    )  # fmt: skip


def main() -> None:
    """Run what was asked for and print the tables."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--first", type=int, default=5000)
    parser.add_argument("--cases", type=int, default=25)
    parser.add_argument("--sheets", type=Path)
    parser.add_argument("--dicom", type=Path)
    asked = parser.parse_args()
    outcomes: list[Outcome] = []
    seeds = range(asked.first, asked.first + asked.cases)
    if asked.dicom:
        from recist.dicom.series import read_series

        series = read_series(asked.dicom)
        for seed in seeds:
            for case in put_lesions(np.asarray(series.hu, np.float32), series.spacing_mm, seed):
                outcomes += run(case)
    else:
        for seed in seeds:
            for kind in KINDS:
                outcomes += run(make_case(kind, seed))
            for kind in NOTHING:
                outcomes += run(make_nothing(kind, seed))
    print_tables(outcomes, tuple(dict.fromkeys(o.case.kind for o in outcomes if o.case.truth.any())))
    if asked.sheets:
        asked.sheets.mkdir(parents=True, exist_ok=True)
        wrong = [o for o in outcomes if o.found.is_sure and o.dice < GOOD]
        worst = sorted((o for o in outcomes if not o.found.is_sure and o.case.truth.any()), key=lambda o: o.dice)
        for name, chosen in (
            ("sure_but_bad", wrong),
            ("not_sure", worst[:48]),
            ("sure", [o for o in outcomes if o.found.is_sure][:48]),
        ):
            if chosen:
                draw_sheet(chosen, asked.sheets / f"{name}.png")


if __name__ == "__main__":
    main()
