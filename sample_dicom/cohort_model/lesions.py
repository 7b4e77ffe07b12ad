"""The lesions of a patient: targets, non-targets, and how much their sum changes at the first follow-up CT."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from sample_dicom.cohort_model.recist_sums import TOO_SMALL

if TYPE_CHECKING:
    from numpy.typing import NDArray

NODE = "lymph node"
NEW_LESION_SHARE = 0.40
"""Share of PD at the first follow-up that comes from a new lesion only."""

_TARGET_ORGANS = ("liver", NODE, "lung", "mesentery", "pancreas")
_ORGAN_WEIGHTS = np.array([0.48, 0.22, 0.12, 0.11, 0.07])
_LARGEST_PER_ORGAN = 2
_N_TARGETS_WEIGHTS = np.array([0.12, 0.26, 0.30, 0.20, 0.12])
_N_NON_TARGETS_WEIGHTS = np.array([0.30, 0.34, 0.24, 0.12])
_NON_TARGET_SITES = ("bone", "liver", NODE, "peritoneum", "lung")
_LONG_AXIS_MM = (33.0, 0.45, 12.0, 140.0)
_NODE_SHORT_AXIS_MM = (20.0, 0.25, 15.5, 45.0)
_AXIS_RATIO = (0.62, 0.95)
_SPREAD_BETWEEN_LESIONS = 0.07

_CHANGE_RANGES = {"PR": (-0.75, -0.305), "SD": (-0.293, 0.192), "PD": (0.21, 0.85), "new lesion": (-0.12, 0.15)}
_SMALLEST_PROGRESSION = 52
_NODE_AFTER_COMPLETE_RESPONSE = (60, 86)


@dataclass(frozen=True, slots=True, kw_only=True)
class TargetLesion:
    """A target at baseline; the diameter is the long axis, or the short axis of a node, in tenths of a millimetre."""

    name: str
    site: str
    diameter_tenths: int
    axis_ratio: float

    @property
    def is_nodal(self) -> bool:
        """A lymph node, measured by its short axis."""
        return self.site == NODE


@dataclass(frozen=True, slots=True, kw_only=True)
class Disease:
    """All lesions of a patient at baseline; `non_targets` holds their sites."""

    targets: tuple[TargetLesion, ...]
    non_targets: tuple[str, ...]

    @property
    def sum_tenths(self) -> int:
        """Baseline sum of diameters."""
        return sum(lesion.diameter_tenths for lesion in self.targets)


def draw_disease(rng: np.random.Generator) -> Disease:
    """Draw the lesions: one to five targets, at most two in an organ, the first of them never a node."""
    n_targets = 1 + int(rng.choice(_N_TARGETS_WEIGHTS.size, p=_N_TARGETS_WEIGHTS))
    n_non_targets = int(rng.choice(_N_NON_TARGETS_WEIGHTS.size, p=_N_NON_TARGETS_WEIGHTS))
    targets = tuple(
        _draw_target(rng, f"T{number}", site) for number, site in enumerate(_draw_sites(rng, n_targets), start=1)
    )
    non_targets = tuple(str(rng.choice(_NON_TARGET_SITES)) for _ in range(n_non_targets))
    return Disease(targets=targets, non_targets=non_targets)


def draw_first_diameters(
    rng: np.random.Generator, disease: Disease, category: str, rank: float, *, only_new_lesion: bool
) -> tuple[int, ...]:
    """Draw the diameters at the first follow-up CT so that their sum keeps the category.

    Parameters
    ----------
    disease : Disease
    category : {"CR", "PR", "SD", "PD"}
    rank : float
        Place of the imaging latent inside its category, from 0 (best) to 1 (worst); the change is monotone in it.
    only_new_lesion : bool
        The progression is a new lesion, while the targets hardly change.

    Returns
    -------
    tuple of int
        Tenths of a millimetre, in the order of the targets; 0 for a lesion that is gone.
    """
    baseline = np.array([lesion.diameter_tenths for lesion in disease.targets])
    if category == "CR":
        left = rng.integers(*_NODE_AFTER_COMPLETE_RESPONSE, size=baseline.size)
        return tuple(
            int(tenths) if lesion.is_nodal else 0 for lesion, tenths in zip(disease.targets, left, strict=True)
        )
    low, high = _CHANGE_RANGES["new lesion" if only_new_lesion else category]
    change = low + (high - low) * rank
    wanted = round(disease.sum_tenths * (1 + change))
    if category == "PD" and not only_new_lesion:
        wanted = max(wanted, disease.sum_tenths + _SMALLEST_PROGRESSION)
    wanted = max(wanted, TOO_SMALL * baseline.size)
    return _share_sum(rng, baseline, wanted)


def _draw_sites(rng: np.random.Generator, n_targets: int) -> list[str]:
    sites: list[str] = []
    while len(sites) < n_targets:
        site = str(rng.choice(_TARGET_ORGANS, p=_ORGAN_WEIGHTS))
        is_first_node = not sites and site == NODE
        if not is_first_node and sites.count(site) < _LARGEST_PER_ORGAN:
            sites.append(site)
    return sites


def _draw_target(rng: np.random.Generator, name: str, site: str) -> TargetLesion:
    median, log_sd, smallest, largest = _NODE_SHORT_AXIS_MM if site == NODE else _LONG_AXIS_MM
    diameter_mm = np.clip(median * np.exp(log_sd * rng.standard_normal()), smallest, largest)
    return TargetLesion(
        name=name,
        site=site,
        diameter_tenths=round(float(diameter_mm) * 10),
        axis_ratio=float(rng.uniform(*_AXIS_RATIO)),
    )


def _share_sum(rng: np.random.Generator, baseline: NDArray[np.int64], wanted: int) -> tuple[int, ...]:
    raw = baseline * np.exp(_SPREAD_BETWEEN_LESIONS * rng.standard_normal(baseline.size))
    shared = np.maximum(np.rint(raw * wanted / raw.sum()).astype(np.int64), TOO_SMALL)
    rest = int(wanted - shared.sum())
    for place in np.argsort(-shared, kind="stable"):  # the largest takes it, the next what would make that too small
        step = max(rest, TOO_SMALL - int(shared[place]))
        shared[place] += step
        rest -= step
    assert rest == 0, "a sum of lesions that can still be measured was wanted"
    return tuple(int(tenths) for tenths in shared)
