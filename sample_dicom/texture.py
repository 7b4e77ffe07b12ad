"""What makes a slice look scanned: grain of the tissue, fixed in the patient, and noise of the scanner."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np
import scipy.fft

if TYPE_CHECKING:
    from sample_dicom.canvas import Canvas, Image
    from sample_dicom.grid import SliceGrid

GRAIN_SIZE = 96  # voxels along each side of the periodic block
GRAIN_VOXEL_MM = 1.7
GRAIN_MM = (2.2, 6.5)  # a fine and a coarse grain, mixed half and half
EDGE_HU = -250.0  # below it there is no soft tissue to give grain to


@lru_cache(maxsize=2)
def make_grain(seed: int) -> Image:
    """Make a periodic block of smooth random tissue grain with variance 1."""
    block = np.random.default_rng(seed).standard_normal((GRAIN_SIZE,) * 3, dtype=np.float32)
    spectrum = scipy.fft.rfftn(block)
    along = scipy.fft.fftfreq(GRAIN_SIZE, GRAIN_VOXEL_MM).astype(np.float32)
    last = scipy.fft.rfftfreq(GRAIN_SIZE, GRAIN_VOXEL_MM).astype(np.float32)
    squared = along[:, None, None] ** 2 + along[None, :, None] ** 2 + last[None, None, :] ** 2
    grain = np.zeros_like(block)
    for size_mm in GRAIN_MM:
        part = scipy.fft.irfftn(spectrum * np.exp(-squared * np.float32((np.pi * size_mm / 1.6) ** 2)), s=block.shape)
        grain += part / part.std()
    return np.asarray(grain / grain.std(), np.float32)


def sample_grain(canvas: Canvas, grain: Image) -> Image:
    """Return the grain of each pixel; it stays in place from slice to slice and from visit to visit."""
    scale = np.float32(1 / GRAIN_VOXEL_MM)
    columns = np.mod((canvas.x_atlas * scale).astype(np.int32), GRAIN_SIZE)
    rows = np.mod((canvas.y_atlas * scale).astype(np.int32), GRAIN_SIZE)
    levels = np.mod((canvas.z_atlas * scale).astype(np.int32), GRAIN_SIZE)
    return np.asarray(grain.reshape(-1)[(levels * GRAIN_SIZE + rows) * GRAIN_SIZE + columns])


def add_grain(canvas: Canvas, texture: Image) -> None:
    """Give soft tissue its grain, fat and muscle included."""
    soft = np.clip((canvas.hu - np.float32(EDGE_HU)) / 100, 0, 1)
    canvas.hu[...] += np.float32(3.6) * soft * texture


@lru_cache(maxsize=4)
def _noise_filter(rows: int, columns: int, row_mm: float, column_mm: float, sharpness: float) -> Image:
    """Return the amplitude of a CT's noise over frequency: a ramp that the kernel's apodisation ends."""
    down = scipy.fft.fftfreq(rows, row_mm)[:, np.newaxis]
    across = scipy.fft.rfftfreq(columns, column_mm)[np.newaxis, :]
    frequency = np.hypot(down, across)
    amplitude = np.sqrt(frequency + 0.02) * np.exp(-((frequency / sharpness) ** 2))
    power = (amplitude**2).copy()
    power[:, 1:-1] *= 2
    return np.asarray(amplitude / np.sqrt(power.sum()) * rows * columns, np.float32)


def make_noise(rng: np.random.Generator, grid: SliceGrid, sharpness: float) -> Image:
    """Make one slice of correlated noise with variance 1.

    Parameters
    ----------
    sharpness : float
        Frequency at which the kernel has fallen to 1/e, cycles per mm; about 0.35 soft, 0.6 sharp.
    """
    shape = (grid.rows, grid.columns // 2 + 1)
    amplitude = _noise_filter(grid.rows, grid.columns, grid.row_spacing_mm, grid.column_spacing_mm, sharpness)
    real, imaginary = rng.standard_normal((2, *shape), dtype=np.float32)
    spectrum = (real + 1j * imaginary) * amplitude * np.float32(np.sqrt(0.5))
    return np.asarray(scipy.fft.irfft2(spectrum, s=(grid.rows, grid.columns)), np.float32)


def compute_noise_level(canvas: Canvas) -> Image:
    """Return how noisy each pixel is relative to the middle of the body: more in the depth, less in air."""
    middle = np.exp(-((canvas.x_atlas / 150) ** 2) - (canvas.y_atlas / 120) ** 2)
    level: Image = 0.45 + 0.55 * middle
    return np.asarray(level, np.float32)
