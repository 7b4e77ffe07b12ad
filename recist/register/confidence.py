"""From what the nodes around a point say to an expected error, a confidence and the reasons for doubt."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from recist.register.neighbours import Evidence

# expected error, mm: fitted on pairs of phantoms that are in none of the published tables
FLOOR_MM = 0.17
PER_DISAGREEMENT = 0.28  # times the square, mm
PER_RETURN = 0.075
PER_LEAN = 0.0043
PER_AMOUNT = 0.04
SURE_MM = 2.5
HALF_MM = 5.0  # expected error at which the true place is as likely within 10 mm as beyond
SHARPNESS = 4
LEAST_AMOUNT = 0.25
LEAST_SCORE = 0.5
DOUBTED = 0.3  # confidence left when the scans as a whole do not agree


def compute_residual_mm(evidence: Evidence) -> float:
    """Compute the expected distance to the true place, mm.

    It grows with the square of how far neighbours disagree and of how far they miss when matched back, with how
    one-sided they lie, and where there are few.
    """
    return (
        FLOOR_MM
        + PER_DISAGREEMENT * evidence.disagreement_mm**2
        + PER_RETURN * evidence.return_mm**2
        + PER_LEAN * evidence.lean_mm**2
        + PER_AMOUNT / max(evidence.amount, PER_AMOUNT / 20)
    )


def compute_confidence(residual_mm: float, *, is_doubted: bool) -> float:
    """Compute how likely the true place is within 10 mm, 0 … 1."""
    confidence = 1.0 / (1.0 + (residual_mm / HALF_MM) ** SHARPNESS)
    return confidence * DOUBTED if is_doubted else confidence


def explain_doubt(evidence: Evidence, residual_mm: float) -> str:
    """Say in a sentence why a place is not sure; empty when it is."""
    if evidence.amount < LEAST_AMOUNT:
        return "There is too little structure around the point to find it again."
    if evidence.score < LEAST_SCORE:
        return "The surroundings of the point look different in the follow-up."
    if residual_mm > SURE_MM:
        return f"The surroundings of the point disagree about where it went: expect to be off by {residual_mm:.0f} mm."
    return ""
