"""Who is treated, when, and who comes to the first follow-up."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from sample_dicom.cohort_model import parameters as model

if TYPE_CHECKING:
    from numpy.typing import NDArray


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Population:
    """Patients in the order of their first treatment; every array has shape (n_subjects,), days count from it.

    Attributes
    ----------
    index_ordinal : NDArray
        First treatment as the proleptic ordinal of `datetime.date`.
    is_male, is_functional : NDArray of bool
    site : NDArray
        Place in `parameters.SITES`.
    age_years : NDArray
        At first treatment, one decimal.
    follow_up_day, ct_day : NDArray
        Clinic visit and CT of the first follow-up.
    early_death_day : NDArray
        Day of the death that would come if it comes before the first follow-up.
    loss_day, cutoff_day : NDArray
        Last day under observation, if the patient is lost, and at the data cutoff.
    """

    index_ordinal: NDArray[np.int64]
    is_male: NDArray[np.bool_]
    is_functional: NDArray[np.bool_]
    site: NDArray[np.int64]
    age_years: NDArray[np.float64]
    follow_up_day: NDArray[np.int64]
    ct_day: NDArray[np.int64]
    early_death_day: NDArray[np.int64]
    loss_day: NDArray[np.int64]
    cutoff_day: NDArray[np.int64]

    @property
    def dies_early(self) -> NDArray[np.bool_]:
        """Death on or before the day of the first follow-up."""
        return self.early_death_day <= self.follow_up_day

    @property
    def is_seen(self) -> NDArray[np.bool_]:
        """Comes to the first follow-up: alive then, and in contact after it."""
        return ~self.dies_early & (self.loss_day > self.follow_up_day)


def days_from_months(months: NDArray[np.float64]) -> NDArray[np.int64]:
    """Turn months into whole days, rounded up, so that nothing happens on day 0."""
    return np.maximum(np.ceil(months * model.DAYS_PER_MONTH), 1).astype(np.int64)


def draw_population(rng: np.random.Generator, n_subjects: int = model.N_SUBJECTS) -> Population:
    """Draw the patients, their first treatment and what may end their course before the first follow-up."""
    uniform = rng.random((5, n_subjects))
    normal = rng.standard_normal((2, n_subjects))
    exponential = rng.standard_exponential((2, n_subjects))
    first, last = model.FIRST_INDEX_DATE.toordinal(), model.LAST_INDEX_DATE.toordinal()
    index_ordinal = np.sort(first + np.floor(uniform[0] * (last - first + 1)).astype(np.int64))
    site = np.searchsorted(_SITE_CUTS, uniform[1], side="right")
    follow_up_day = np.rint(model.FOLLOW_UP_MEAN_DAYS + model.FOLLOW_UP_SD_DAYS * normal[0]).astype(np.int64)
    follow_up_day = np.clip(follow_up_day, *model.FOLLOW_UP_RANGE_DAYS)
    ct_lead = np.floor(uniform[4] * (model.CT_LEAD_MAX_DAYS + 1)).astype(np.int64)
    age_years = np.clip(model.AGE_MEAN_YEARS + model.AGE_SD_YEARS * normal[1], *model.AGE_RANGE_YEARS)
    return Population(
        index_ordinal=index_ordinal,
        is_male=uniform[2] < model.MALE_SHARE,
        is_functional=uniform[3] < _FUNCTIONAL_SHARES[site],
        site=site,
        age_years=np.round(age_years, 1),
        follow_up_day=follow_up_day,
        ct_day=follow_up_day - ct_lead,
        early_death_day=days_from_months(exponential[0] / model.EARLY_DEATH_PER_MONTH),
        loss_day=days_from_months(exponential[1] / model.LOSS_PER_MONTH),
        cutoff_day=model.CUTOFF_DATE.toordinal() - index_ordinal,
    )


_SITE_CUTS = np.cumsum([site.share for site in model.SITES])[:-1]
_FUNCTIONAL_SHARES = np.array([site.functional_share for site in model.SITES])
