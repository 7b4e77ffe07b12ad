"""From Hounsfield units to tones: differences that matter count fully, noise within a tissue counts less.

Values are told apart where the lesion's values end and those around it begin. Where that place is clear, the tone
scale is steep around it and flat elsewhere. Tones fall from the values at the ends of the drawn line to both sides, so
that the way out of a lesion always leads down; a rise on the way out (from a necrotic core to its rim) costs less.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from recist.segment.forest import N_BUCKETS, SURROUNDINGS

Image = npt.NDArray[np.float32]
Tones = npt.NDArray[np.int16]

TONES_PER_STEP = 4  # the typical difference between neighbours is this many tones
STEEPNESS = 3.0  # cost of a typical difference between neighbours
POWER = 2.0  # two small differences cost less than one large
FLATNESS = 0.25  # slope away from where lesion and surroundings part
N_COSTS = 512
DEAREST = N_BUCKETS - 24
STEP_COST = 2.0  # of one row or column without any difference
LEAST_STEP_HU = 0.5
CLEAR_SHARE = 0.08  # of the shell must lie on one side for a threshold there
GAP_STEPS = 3.0  # nearer values are the lesion's own
NEARER = 0.25  # quantile of the shell, counted from the lesion's values
STEEP_SHARE = 0.8  # of the way from the threshold to either side
RISE_COUNTS = 0.3  # of a rise on the way out, compared with a fall
DEAD_STEPS = 0.5  # a fall this small costs nothing: noise
FEW_LINES = (6, 12, 12)  # enough to see how noisy an image is


def typical_step_hu(image: Image, axis: int) -> float:
    """Measure the median difference between neighbours along an axis: noise, for most of a body is even."""
    if image.shape[axis] < 2:
        return LEAST_STEP_HU
    few = [slice(None, None, max(1, size // n)) for size, n in zip(image.shape, FEW_LINES, strict=True)]
    few[axis] = slice(None)
    lines = image[tuple(few)]
    return max(LEAST_STEP_HU, float(np.median(np.abs(np.diff(lines, axis=axis)))))


def find_side(own_hu: float, shell: Image, way: int, gap_hu: float) -> float | None:
    """Find the value at which the lesion parts from what is darker (way -1) or brighter (+1) around it.

    Halfway to the nearer values on that side; None where there is too little of them to matter.
    """
    apart = (shell - own_hu) * way
    side = apart[apart > gap_hu]
    if side.size <= CLEAR_SHARE * shell.size:
        return None
    return own_hu + way * float(np.quantile(side, NEARER)) / 2


def make_tones(image: Image, marks: npt.NDArray[np.uint8], ends_hu: tuple[float, float], step_hu: float) -> Tones:
    """Translate a box of the image.

    Parameters
    ----------
    image : (n_slices, n_rows, n_columns) float32
        Smoothed, in Hounsfield units.
    marks : (n_slices, n_rows, n_columns) uint8
    ends_hu : (one, other)
        The lesion's values where the line ends.
    step_hu : float
        The typical difference between neighbours.
    """
    shell = image[marks == SURROUNDINGS]
    shell = shell[:: max(1, shell.size // 2000)]
    low, high = min(ends_hu), max(ends_hu)
    knots = [(low, 0.0), (high, 0.0)]
    for own, way in ((low, -1), (high, 1)):
        edge = find_side(own, shell, way, GAP_STEPS * step_hu) if shell.size else None
        if edge is None:
            knots.append((own + way * 5000.0, -5000.0 * FLATNESS))
            continue
        half = abs(edge - own)
        first = -FLATNESS * half * (1 - STEEP_SHARE)
        knots.append((own + way * half * (1 - STEEP_SHARE), first))
        knots.append((own + way * half * (1 + STEEP_SHARE), first - 2 * STEEP_SHARE * half))
        knots.append((own + way * 5000.0, first - 2 * STEEP_SHARE * half - 5000.0 * FLATNESS))
    knots.sort()
    places, values = np.array(knots).T
    scaled = np.interp(image, places, values)
    tones: Tones = np.rint(np.clip(scaled * (TONES_PER_STEP / step_hu), -32000, 32000)).astype(np.int16)
    return tones


def make_arc_costs(
    steps_hu: tuple[float, float, float], spacing_mm: tuple[float, float, float], *, is_mixed: bool
) -> npt.NDArray[np.int32]:
    """Tabulate the cost of a step along slices, rows and columns by the difference in tone.

    Thick slices differ more from each other than rows do for no edge at all: each axis is judged by its own typical
    difference.
    """
    pixel_mm = (spacing_mm[1] + spacing_mm[2]) / 2
    in_plane = (steps_hu[1] + steps_hu[2]) / 2
    fall = np.arange(-N_COSTS, N_COSTS + 1) / TONES_PER_STEP
    fall = np.where(fall < 0, -(RISE_COUNTS if is_mixed else 1.0) * fall, np.maximum(0, fall - DEAD_STEPS))
    costs = np.empty((3, fall.size))
    for axis in range(3):
        relative = max(1.0, steps_hu[axis] / in_plane)
        costs[axis] = STEP_COST * spacing_mm[axis] / pixel_mm + STEEPNESS * (fall / relative) ** POWER
    return np.clip(np.rint(costs), 1, DEAREST).astype(np.int32)
