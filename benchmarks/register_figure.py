"""One picture of a registered pair: the baseline point, the predicted place, the true place."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray
    from register_cases import Pair

    from recist.register import Prediction

HALF_MM = 8.0  # points within it of the drawn coronal plane are shown


def draw_pair(pair: Pair, found: tuple[Prediction, ...], path: Path) -> None:
    """Draw a coronal slice of both scans with the points near it."""
    import matplotlib as mpl

    mpl.use("Agg")
    import matplotlib.pyplot as plt

    level = float(np.median(pair.points[:, 1]))
    is_near = np.abs(pair.points[:, 1] - level) < HALF_MM
    truth = pair.truth[is_near]
    places = np.array([prediction.point_lps for prediction in found])[is_near]
    figure, axes = plt.subplots(1, 2, figsize=(7.2, 3.0), layout="constrained")
    _show(axes[0], pair.baseline, pair.baseline_affine, level)
    axes[0].plot(*pair.points[is_near][:, [0, 2]].T, "o", ms=4, mfc="none", mec="#ffd166")
    axes[0].set_title("baseline: points", fontsize=9)
    _show(axes[1], pair.followup, pair.followup_affine, float(np.median(truth[:, 1])))
    axes[1].plot(*truth[:, [0, 2]].T, "o", ms=5, mfc="none", mec="#06d6a0", label="true place")
    axes[1].plot(*places[:, [0, 2]].T, "x", ms=4, color="#ef476f", label="predicted")
    axes[1].set_title("follow-up, another breath", fontsize=9)
    axes[1].legend(fontsize=7, loc="lower right")
    buffer = io.BytesIO()
    figure.savefig(buffer, dpi=72)
    Image.open(buffer).convert("RGB").quantize(112, method=Image.Quantize.FASTOCTREE).save(path, optimize=True)


def _show(axes: object, hu: NDArray[np.int16], affine: NDArray[np.float64], level: float) -> None:
    row = round((level - affine[1, 3]) / affine[1, 1])
    right = affine[0, 3] + affine[0, 2] * (hu.shape[2] - 1)
    top = affine[2, 3] + affine[2, 0] * (hu.shape[0] - 1)
    extent = (affine[0, 3], right, affine[2, 3], top)
    axes.imshow(hu[:, row], cmap="gray", vmin=-900, vmax=300, origin="lower", extent=extent, aspect="equal")  # type: ignore[attr-defined]
    axes.set_axis_off()  # type: ignore[attr-defined]
