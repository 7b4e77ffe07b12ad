"""How each patient responds in the three domains, and whose response is on record."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

import numpy as np

from sample_dicom.cohort_model import parameters as model

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from sample_dicom.cohort_model.population import Population


class ImagingSource(StrEnum):
    """Where a patient's imaging response comes from."""

    IMAGE = "image"
    REPORT = "report"
    NONE = "none"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Responses:
    """The response in each domain; arrays over (n_subjects,).

    Attributes
    ----------
    latent : NDArray of shape (n_subjects, 3)
        Standard normals of symptoms, labs and imaging; high is bad.
    symptoms, labs, imaging : NDArray
        Category by its place in `parameters.SYMPTOMS`, `LABS` and `IMAGING`; also given where it is not on record.
    has_symptoms, has_labs, has_imaging : NDArray of bool
        The response is on record.
    is_image : NDArray of bool
        Imaging response measured on images, not taken from a report.
    """

    latent: NDArray[np.float64]
    symptoms: NDArray[np.int64]
    labs: NDArray[np.int64]
    imaging: NDArray[np.int64]
    has_symptoms: NDArray[np.bool_]
    has_labs: NDArray[np.bool_]
    has_imaging: NDArray[np.bool_]
    is_image: NDArray[np.bool_]

    @property
    def imaging_source(self) -> list[ImagingSource]:
        """Source of the imaging response, subject by subject."""
        return [
            ImagingSource.IMAGE if image else ImagingSource.REPORT if imaging else ImagingSource.NONE
            for image, imaging in zip(self.is_image, self.has_imaging, strict=True)
        ]


def draw_responses(rng: np.random.Generator, population: Population) -> Responses:
    """Draw the latents, choose whose responses are on record, and cut the latents into categories.

    Among patients on record the quotas of each domain are filled by rank, so that the rates are exact; the others
    are cut at the population thresholds. All this happens before survival is drawn.
    """
    n_subjects = population.site.size
    shared, *own = rng.standard_normal((4, n_subjects))
    keys = rng.random((3, n_subjects))
    weight = model.DOMAIN_CORRELATION
    latent = np.sqrt(weight) * shared[:, None] + np.sqrt(1 - weight) * np.stack(own, axis=1)
    seen = population.is_seen
    has_symptoms = _choose(seen, keys[0], model.SYMPTOMS.n_evaluable)
    has_labs = _choose(seen & population.is_functional, keys[1], model.LABS.n_evaluable)
    has_imaging = _choose(seen, keys[2], model.IMAGING.n_evaluable)
    is_image = has_imaging & (np.cumsum(has_imaging[::-1])[::-1] <= model.N_IMAGES)
    return Responses(
        latent=latent,
        symptoms=_cut_by_rank(latent[:, 0], has_symptoms, model.SYMPTOMS),
        labs=_cut_by_rank(latent[:, 1], has_labs, model.LABS),
        imaging=_cut_by_rank(latent[:, 2], has_imaging, model.IMAGING),
        has_symptoms=has_symptoms,
        has_labs=has_labs,
        has_imaging=has_imaging,
        is_image=is_image,
    )


def _choose(candidates: NDArray[np.bool_], keys: NDArray[np.float64], n_wanted: int) -> NDArray[np.bool_]:
    order = np.argsort(np.where(candidates, keys, np.inf))
    chosen = np.zeros(candidates.size, dtype=np.bool_)
    chosen[order[:n_wanted]] = True
    return chosen & candidates


def _cut_by_rank(latent: NDArray[np.float64], on_record: NDArray[np.bool_], domain: model.Domain) -> NDArray[np.int64]:
    category = np.searchsorted(domain.thresholds, latent).astype(np.int64)
    members = np.flatnonzero(on_record)
    upto = np.rint(np.cumsum(domain.quotas) * members.size / domain.n_evaluable).astype(np.int64)
    ranked = np.searchsorted(upto, np.arange(members.size), side="right")
    category[members[np.argsort(latent[members])]] = ranked
    return category
