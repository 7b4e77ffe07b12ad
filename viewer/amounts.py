"""Millimetres and percentages as a reader sees them: one decimal, halves rounded up as the engine rounds."""

from __future__ import annotations

import math

MOST_PERCENT = 99


def round_to_hundredths(value_mm: float) -> float:
    """Round half up to hundredths of a millimetre, as diameters are kept.

    Examples
    --------
    >>> round_to_hundredths(12.345000001)
    12.35
    """
    return math.floor(value_mm * 100 + 0.5) / 100


def mm_text(value_mm: float) -> str:
    """Write a length for people, to a tenth of a millimetre, from its hundredths.

    Examples
    --------
    >>> mm_text(29.95), mm_text(29.94)
    ('30.0', '29.9')
    """
    hundredths = math.floor(value_mm * 100 + 0.5)
    return f"{(hundredths + 5) // 10 / 10:.1f}"


def progress_text(label: str, done: int, total: int) -> str:
    """Write how far reading is, and what comes when all is read.

    Examples
    --------
    >>> progress_text("Reading DICOM", 12, 48), progress_text("Reading DICOM", 0, 0)
    ('Reading DICOM: 12 of 48', '')
    """
    if total <= 0:
        return ""
    if done >= total:
        return "Preparing the picture…"
    return f"{label}: {done} of {total}" if done else f"{label}…"


def confidence_text(confidence: float) -> str:
    """Write an estimated probability for people, rounded down, never as certainty.

    Examples
    --------
    >>> confidence_text(0.937), confidence_text(0.999)
    ('0.93', '0.99')
    """
    return f"{min(math.floor(confidence * 100), MOST_PERCENT) / 100:.2f}"


def axes_text(long_mm: float | None, short_mm: float | None) -> str:
    """Write both axes for people."""
    if long_mm is None or short_mm is None:
        return ""
    return f"{mm_text(long_mm)} × {mm_text(short_mm)} mm"
