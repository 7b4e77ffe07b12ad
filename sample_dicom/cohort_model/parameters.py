"""The model's numbers: what is true in the population the sample cohort is drawn from.

The targets are those of the abstract of Kane et al., J Nucl Med 2018;59:1708-1713 (doi 10.2967/jnumed.117.202150);
the hazards, shares and correlations are ours, chosen so that a large population drawn from them shows these targets.
"""

from __future__ import annotations

import datetime
import math
from dataclasses import dataclass
from statistics import NormalDist

DAYS_PER_MONTH = 30.4375
N_SUBJECTS = 211

FIRST_INDEX_DATE = datetime.date(1991, 3, 1)
LAST_INDEX_DATE = datetime.date(2014, 9, 30)
CUTOFF_DATE = datetime.date(2016, 12, 31)
TREATMENT = "I-131 mIBG"

LOSS_PER_MONTH = 0.002
EARLY_DEATH_PER_MONTH = 0.010
RESIDUAL_MEAN_MONTHS = 61.0
PROGRESSION_MEAN_MONTHS = 20.0
RELIEF_MEAN_MONTHS = 27.0

AGE_MEAN_YEARS = 58.0
AGE_SD_YEARS = 11.0
AGE_RANGE_YEARS = (22.0, 85.0)
MALE_SHARE = 0.52

FOLLOW_UP_MEAN_DAYS = 91.0
FOLLOW_UP_SD_DAYS = 12.0
FOLLOW_UP_RANGE_DAYS = (60, 130)
CT_LEAD_MAX_DAYS = 14

WILLING_SHARE = 0.5
RETREATMENT_EARLIEST_MONTHS = 4.0
RETREATMENT_MEAN_WAIT_MONTHS = 6.0

DOMAIN_CORRELATION = 0.5
"""Correlation of the three latent normals (symptoms, labs, imaging); high means a bad course."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PrimarySite:
    """A primary site, its share of the cohort and the share of its tumours that secrete hormones."""

    name: str
    share: float
    functional_share: float


SITES = (
    PrimarySite(name="pulmonary", share=0.18, functional_share=0.35),
    PrimarySite(name="midgut", share=0.42, functional_share=0.75),
    PrimarySite(name="pancreas", share=0.15, functional_share=0.35),
    PrimarySite(name="hindgut", share=0.07, functional_share=0.20),
    PrimarySite(name="unknown", share=0.18, functional_share=0.55),
)
PULMONARY = 0
"""Place of the pulmonary site in `SITES`; it carries its own hazard."""

LOG_HAZARD_RATIOS = {
    "symptom_nonresponse": math.log(2.1),
    "biochemical_progression": math.log(3.1),
    "imaging_progression": math.log(3.3),
    "functional": -0.5,
    "pulmonary": 0.3,
    "age_per_10_years": 0.12,
    "second_treatment": 0.0,
}
"""True log hazard ratios of death after the first follow-up; a second treatment does nothing at all."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Domain:
    """A response domain: its categories from best to worst and how many evaluable patients fall in each."""

    name: str
    categories: tuple[str, ...]
    quotas: tuple[int, ...]

    @property
    def n_evaluable(self) -> int:
        """Patients with an evaluable first follow-up."""
        return sum(self.quotas)

    @property
    def thresholds(self) -> tuple[float, ...]:
        """Cuts of the latent normal that give these shares in the population."""
        cumulative = [sum(self.quotas[: k + 1]) / self.n_evaluable for k in range(len(self.quotas) - 1)]
        return tuple(NormalDist().inv_cdf(share) for share in cumulative)


SYMPTOMS = Domain(name="symptomatic", categories=("improved", "unchanged", "worse"), quotas=(142, 39, 19))
LABS = Domain(name="biochemical", categories=("CR", "PR", "SD", "PD"), quotas=(5, 16, 29, 11))
IMAGING = Domain(name="imaging", categories=("CR", "PR", "SD", "PD"), quotas=(3, 22, 75, 25))
PROGRESSED = 3
"""Place of PD in the categories of the labs and of imaging."""
N_IMAGES = 76
"""Imaging patients, those treated last, whose lesions were measured; the others have radiology reports."""
