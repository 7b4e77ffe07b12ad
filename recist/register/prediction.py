"""What is said about a point: where it lies in the follow-up, how well that is known, and why not."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Prediction:
    """The place of a baseline point in the follow-up scan.

    Attributes
    ----------
    point_lps : tuple of float
        (x, y, z) in mm, in the follow-up's patient space; NaN where there is no prediction.
    point_px : tuple of float
        (slice, row, column) of the follow-up, zero-based pixel centres, not rounded; may lie outside of the scan, and
        then `is_sure` is False.
    residual_mm : float
        Expected distance to the true place; NaN where there is no prediction.
    confidence : float
        0 … 1: how likely the true place is within 10 mm.
    is_sure : bool
        Whether the place may be shown as found. Never a reason to measure without looking.
    reason : str
        Why it is not sure, a sentence; empty when it is.
    """

    point_lps: tuple[float, float, float]
    point_px: tuple[float, float, float]
    residual_mm: float
    confidence: float
    is_sure: bool
    reason: str
