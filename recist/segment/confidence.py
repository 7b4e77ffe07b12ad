"""How sure a result is, from its signs: a probability fitted to made lesions, and limits no result may pass.

The probability that the Dice coefficient with the truth is 0.85 or more is a logistic function of the signs. Its
weights were fitted on made lesions (benchmarks/segment_confidence.py makes them again), the threshold chosen so that of
the results called sure fewer than one in a hundred was worse. Both were then checked on other made lesions
(docs/segmenting.md).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from recist.segment.signs import Signs

SURE = 0.93


@dataclass(frozen=True, slots=True, kw_only=True)
class Weight:
    """What one sign adds to the log odds: `factor` × (value − `usual`)."""

    sign: str
    read: Callable[[Signs], float]
    usual: float
    factor: float
    sentence: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Limit:
    """What no result may show, however good the rest."""

    is_passed: Callable[[Signs], bool]
    sentence: str


INTERCEPT = 4.6  # log odds of a result whose signs are as usual
WEIGHTS = (
    Weight(
        sign="weak_share",
        read=lambda signs: signs.weak_share,
        usual=0.0,
        factor=-4.2,
        sentence="Part of the outline has no clear edge.",
    ),
    Weight(
        sign="stability",
        read=lambda signs: signs.stability,
        usual=0.8,
        factor=8.8,
        sentence="A small change moves the outline a lot.",
    ),
    Weight(
        sign="agreement",
        read=lambda signs: signs.agreement,
        usual=0.97,
        factor=19.7,
        sentence="The coarse and the fine outline disagree.",
    ),
    Weight(
        sign="length_error",
        read=lambda signs: signs.length_error,
        usual=0.03,
        factor=-4.1,
        sentence="The outline is longer or shorter than the drawn line.",
    ),
    Weight(
        sign="end_error",
        read=lambda signs: min(signs.end_error, 0.3),
        usual=0.06,
        factor=-3.6,
        sentence="The ends of the outline lie elsewhere than those of the drawn line.",
    ),
    Weight(
        sign="compactness",
        read=lambda signs: signs.compactness,
        usual=0.98,
        factor=10.8,
        sentence="The outline is ragged.",
    ),
    Weight(
        sign="wall_share",
        read=lambda signs: signs.wall_share,
        usual=0.0,
        factor=-0.8,
        sentence="Much of the outline is where a wall was taken to run on.",
    ),
)
LIMITS = (
    Limit(is_passed=lambda s: s.n_voxels < 20, sentence="The lesion has fewer than 20 voxels."),
    Limit(
        is_passed=lambda s: s.border_share > 0.01,
        sentence="The lesion reaches the end of the image, or voxels without a value.",
    ),
    Limit(
        is_passed=lambda s: s.limit_share > 0.1,
        sentence="The structure goes on beyond where a lesion of this length can reach: a vessel, bowel or an organ?",
    ),
    Limit(is_passed=lambda s: s.contrast < 2.0, sentence="There is no edge around this place."),
    Limit(is_passed=lambda s: s.end_contrast < 0.1, sentence="An end of the line does not lie on an edge."),
    Limit(is_passed=lambda s: s.weak_share > 0.5, sentence="Most of the outline has no clear edge."),
    Limit(is_passed=lambda s: s.inside_hu < -850, sentence="This is air or lung without a lesion."),
    Limit(is_passed=lambda s: s.inside_hu > 300, sentence="This is as bright as bone, metal or contrast medium."),
    Limit(
        is_passed=lambda s: s.length_error > 0.25,
        sentence="The outline is much longer or shorter than the drawn line.",
    ),
)


def compute_confidence(signs: Signs) -> float:
    """Estimate the probability that the outline is good (Dice coefficient of 0.85 or more)."""
    odds = INTERCEPT + sum(weight.factor * (weight.read(signs) - weight.usual) for weight in WEIGHTS)
    return 1 / (1 + math.exp(-min(max(odds, -30.0), 30.0)))


def explain_doubt(signs: Signs) -> str:
    """Say why a result is not sure; empty when it is."""
    for limit in LIMITS:
        if limit.is_passed(signs):
            return limit.sentence
    if compute_confidence(signs) >= SURE:
        return ""
    worst = min(WEIGHTS, key=lambda weight: weight.factor * (weight.read(signs) - weight.usual))
    return worst.sentence
