"""A response domain against survival, in the three forms: from the index date, from a landmark, from the own day."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from survival.compare import Comparison, Sides, compare_from_index, compare_from_landmark, compare_own_entry, make_sides
from survival.endpoints import OVERALL_SURVIVAL, derive_endpoint
from survival.responses import derive_contrast
from survival.settings.canonical import primary_endpoint

if TYPE_CHECKING:
    import pandas as pd

    from survival.endpoints import Endpoint
    from survival.options import ReportOptions
    from survival.responses import Domain


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class DomainComparisons:
    """One domain's comparisons of overall survival.

    Attributes
    ----------
    domain : Domain
    from_index : Comparison
        As often published: biased, because a response can be seen only in who lives to be assessed.
    at_landmark : Comparison
        At the landmark of the settings.
    at_landmarks : dict of int to Comparison
        At the other landmarks, by day.
    own_entry : Comparison
    """

    domain: Domain
    from_index: Comparison
    at_landmark: Comparison
    at_landmarks: dict[int, Comparison]
    own_entry: Comparison


def derive_sides(frame: pd.DataFrame, domain: Domain, endpoint: Endpoint = OVERALL_SURVIVAL) -> Sides:
    """Take the subjects with the endpoint and a known side."""
    data = derive_endpoint(frame, endpoint)
    bad = derive_contrast(data.rows, domain)
    known = (
        data.rows[domain.days_column].to_numpy(dtype="float64")
        if domain.days_column in data.rows
        else np.full(len(data.rows), np.nan)
    )
    return make_sides(data.days, data.event, bad, known, good_name=domain.good_name, bad_name=domain.bad_name)


def compare_domain(frame: pd.DataFrame, domain: Domain, options: ReportOptions) -> DomainComparisons:
    """Compare the primary endpoint by a dated domain in every form."""
    sides = derive_sides(frame, domain, primary_endpoint(options))
    main = options.landmark_days
    others = sorted(set(options.landmark_sensitivity_days) | {main})
    landmarks = {day: compare_from_landmark(sides, day, options) for day in others}
    return DomainComparisons(
        domain=domain,
        from_index=compare_from_index(sides, options),
        at_landmark=landmarks[main],
        at_landmarks=landmarks,
        own_entry=compare_own_entry(sides, options),
    )
