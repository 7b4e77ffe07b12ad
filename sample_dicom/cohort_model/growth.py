"""How the sum of diameters runs on after the first follow-up CT, until progression is seen."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from sample_dicom.cohort_model.recist_sums import TOO_SMALL, is_progression

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

NOISE_MM = 0.6
NEW_LESION_AT_PROGRESSION_SHARE = 0.35

_PROGRESSION_RATIO = 1.22
_LEAST_RISE_TENTHS = 56
_LONGEST_FALL_DAYS = 90
_SMALLEST_FURTHER_FALL = 0.85
_GROWTH_PER_DAY = 1.25 ** (1 / 120)


@dataclass(frozen=True, slots=True, kw_only=True)
class Follow:
    """What is seen at a later scan: the diameters in tenths of a millimetre, and whether there is a new lesion."""

    day: int
    diameters_tenths: tuple[int, ...]
    has_new_lesion: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Growth:
    """Course of the sum of diameters as a ratio of the baseline sum.

    It goes in a straight line from the first CT to the nadir, then grows exponentially, so that it passes 1.2
    times the nadir (and 5 mm more than it) on the true day of progression; from then on at a fixed rate.
    """

    first_day: int
    first_ratio: float
    nadir_day: int
    nadir_ratio: float
    progression_day: int
    progression_ratio: float

    def ratio(self, day: int) -> float:
        """Give the sum on a day, divided by the baseline sum."""
        if day <= self.nadir_day:
            share = (day - self.first_day) / max(self.nadir_day - self.first_day, 1)
            return self.first_ratio + share * (self.nadir_ratio - self.first_ratio)
        if day <= self.progression_day:
            share = (day - self.nadir_day) / max(self.progression_day - self.nadir_day, 1)
            return float(self.nadir_ratio * (self.progression_ratio / self.nadir_ratio) ** share)
        return float(self.progression_ratio * _GROWTH_PER_DAY ** (day - self.progression_day))


def draw_growth(
    rng: np.random.Generator, *, baseline_tenths: int, first_tenths: int, first_day: int, progression_day: int
) -> Growth:
    """Draw where the nadir lies: within three months of the first CT, and never after progression."""
    first_ratio = first_tenths / baseline_tenths
    fall_days = min(int(rng.integers(20, _LONGEST_FALL_DAYS + 1)), (progression_day - first_day) // 2)
    nadir_ratio = first_ratio * float(rng.uniform(_SMALLEST_FURTHER_FALL, 1.0))
    lowest = min(1.0, nadir_ratio) * baseline_tenths
    progression_tenths = max(_PROGRESSION_RATIO * lowest, lowest + _LEAST_RISE_TENTHS)
    return Growth(
        first_day=first_day,
        first_ratio=first_ratio,
        nadir_day=first_day + fall_days,
        nadir_ratio=nadir_ratio,
        progression_day=progression_day,
        progression_ratio=max(progression_tenths / baseline_tenths, nadir_ratio * 1.01),
    )


def follow_until_progression(
    rng: np.random.Generator, growth: Growth, *, baseline_tenths: int, first: tuple[int, ...], days: Sequence[int]
) -> Iterator[Follow]:
    """Yield the later scans; the one that shows progression is the last.

    Noise of the measurement never makes a progression before its true day.
    """
    nadir = min(baseline_tenths, sum(first))
    shows_new_lesion = rng.random() < NEW_LESION_AT_PROGRESSION_SHARE
    for day in days:
        noise = NOISE_MM * 10 * rng.standard_normal(len(first))
        exact = np.array(first) * growth.ratio(day) / growth.first_ratio
        seen = np.maximum(np.rint(exact + noise).astype(np.int64), TOO_SMALL)
        if day < growth.progression_day:
            _hold_back(seen, nadir)
        total = int(seen.sum())
        has_new_lesion = shows_new_lesion and day >= growth.progression_day
        yield Follow(day=day, diameters_tenths=tuple(int(one) for one in seen), has_new_lesion=has_new_lesion)
        if has_new_lesion or is_progression(total, nadir):
            return
        nadir = min(nadir, total)


def follow_until_relapse(
    rng: np.random.Generator, *, first: tuple[int, ...], progression_day: int, days: Sequence[int]
) -> Iterator[Follow]:
    """Yield the later scans after a complete response: nothing but small nodes, until a new lesion."""
    for day in days:
        noise = np.rint(NOISE_MM * 10 * rng.standard_normal(len(first))).astype(np.int64)
        seen = tuple(
            int(np.clip(one + shift, TOO_SMALL, 94)) if one else 0 for one, shift in zip(first, noise, strict=True)
        )
        has_new_lesion = day >= progression_day
        yield Follow(day=day, diameters_tenths=seen, has_new_lesion=has_new_lesion)
        if has_new_lesion:
            return


def _hold_back(seen: NDArray[np.int64], nadir: int) -> None:
    while is_progression(int(seen.sum()), nadir):
        seen[np.argmax(seen)] -= 1
