"""The `measurements` table: the lesions of the patients whose images were read, scan by scan."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from sample_dicom.cohort_model import parameters as model
from sample_dicom.cohort_model.calendar_days import dates_from_ordinals
from sample_dicom.cohort_model.growth import Follow, draw_growth, follow_until_progression, follow_until_relapse
from sample_dicom.cohort_model.lesions import (
    NEW_LESION_SHARE,
    NODE,
    Disease,
    TargetLesion,
    draw_disease,
    draw_first_diameters,
)
from sample_dicom.cohort_model.scans import baseline_scan_day, later_scan_days
from sample_dicom.cohort_model.seeds import Stream, open_stream

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from numpy.typing import NDArray

    from sample_dicom.cohort_model.course import Course

COLUMNS = (
    "subject",
    "timepoint",
    "date",
    "lesion",
    "role",
    "site",
    "nodal",
    "state",
    "diameter_mm",
    "long_axis_mm",
    "short_axis_mm",
    "slice_thickness_mm",
    "source",
)
_SLICE_THICKNESSES_MM = (5.0, 5.0, 3.0, 2.5)
_NEW_LESION_SITES = ("liver", "lung", "bone", "peritoneum")
_NEW_LESION_TENTHS = (80, 260)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Scan:
    timepoint: str
    day: int
    diameters_tenths: tuple[int, ...]
    non_target_state: str
    has_new_lesion: bool


def imaging_ranks(course: Course) -> NDArray[np.float64]:
    """Give each imaging latent its place in its category among patients on record, from 0 (best) to 1 (worst)."""
    responses = course.responses
    rank = np.zeros(responses.imaging.size)
    for category in range(len(model.IMAGING.categories)):
        members = np.flatnonzero(responses.has_imaging & (responses.imaging == category))
        order = np.argsort(np.argsort(responses.latent[members, 2]))
        rank[members] = (order + 0.5) / max(members.size, 1)
    return rank


def is_only_new_lesion(course: Course, place: int) -> bool:
    """Tell whether a patient's PD at the first follow-up comes from a new lesion only."""
    is_progressed = course.responses.imaging[place] == model.PROGRESSED
    draw = open_stream(Stream.LESIONS, course.seeds.detail, place, 1).random()
    return bool(is_progressed) and draw < NEW_LESION_SHARE


def make_measurements(course: Course, *, without: Collection[int] = ()) -> pd.DataFrame:
    """Make the `measurements` table of the image patients.

    Parameters
    ----------
    course : Course
    without : collection of int
        Places of patients whose lesions are measured from DICOM and so have no rows here.
    """
    ranks = imaging_ranks(course)
    rows = [
        row
        for place in np.flatnonzero(course.responses.is_image)
        if place not in without
        for row in _rows_of_subject(course, int(place), float(ranks[place]))
    ]
    table = pd.DataFrame(rows, columns=["place", "day", *COLUMNS[1:2], *COLUMNS[3:]])
    places = table["place"].to_numpy(dtype=np.int64)
    table["subject"] = np.array(course.subjects, dtype=object)[places]
    table["date"] = dates_from_ordinals(course.population.index_ordinal[places] + table["day"].to_numpy(dtype=np.int64))
    return table[list(COLUMNS)]


def _rows_of_subject(course: Course, place: int, rank: float) -> Iterator[tuple[object, ...]]:
    rng = open_stream(Stream.LESIONS, course.seeds.detail, place)
    thickness_mm = float(rng.choice(_SLICE_THICKNESSES_MM))
    disease = draw_disease(rng)
    for scan in _scans_of_subject(rng, course, place, disease, rank):
        lesions = [
            *_target_rows(disease, scan),
            *_non_target_rows(disease, scan),
            *_new_lesion_rows(rng, scan),
        ]
        for lesion in lesions:
            yield (place, scan.day, scan.timepoint, *lesion, thickness_mm, "image")


def _scans_of_subject(
    rng: np.random.Generator, course: Course, place: int, disease: Disease, rank: float
) -> Iterator[_Scan]:
    category = model.IMAGING.categories[course.responses.imaging[place]]
    only_new_lesion = is_only_new_lesion(course, place)
    first = draw_first_diameters(rng, disease, category, rank, only_new_lesion=only_new_lesion)
    present = "absent" if category == "CR" else "present"
    yield _Scan(
        timepoint="baseline",
        day=baseline_scan_day(course, place),
        diameters_tenths=tuple(lesion.diameter_tenths for lesion in disease.targets),
        non_target_state="present",
        has_new_lesion=False,
    )
    first_follow = Follow(
        day=int(course.population.ct_day[place]), diameters_tenths=first, has_new_lesion=only_new_lesion
    )
    later = () if category == "PD" else _later_scans(rng, course, place, disease, first)
    for number, follow in enumerate([first_follow, *later], start=1):
        yield _Scan(
            timepoint=f"followup-{number}",
            day=follow.day,
            diameters_tenths=follow.diameters_tenths,
            non_target_state=present,
            has_new_lesion=follow.has_new_lesion,
        )


def _later_scans(
    rng: np.random.Generator, course: Course, place: int, disease: Disease, first: tuple[int, ...]
) -> Iterator[Follow]:
    days = later_scan_days(course, place)
    progression_day = int(course.progression_day[place])
    if model.IMAGING.categories[course.responses.imaging[place]] == "CR":
        return follow_until_relapse(rng, first=first, progression_day=progression_day, days=days)
    growth = draw_growth(
        rng,
        baseline_tenths=disease.sum_tenths,
        first_tenths=sum(first),
        first_day=int(course.population.ct_day[place]),
        progression_day=progression_day,
    )
    return follow_until_progression(rng, growth, baseline_tenths=disease.sum_tenths, first=first, days=days)


def _target_rows(disease: Disease, scan: _Scan) -> Iterator[tuple[object, ...]]:
    for lesion, tenths in zip(disease.targets, scan.diameters_tenths, strict=True):
        state = "measured" if tenths else "absent"
        yield (lesion.name, "target", lesion.site, lesion.is_nodal, state, tenths / 10, *_axes_mm(lesion, tenths))


def _axes_mm(lesion: TargetLesion, tenths: int) -> tuple[float, float]:
    if lesion.is_nodal:
        return round(tenths / lesion.axis_ratio) / 10, tenths / 10
    return tenths / 10, round(tenths * lesion.axis_ratio) / 10


def _non_target_rows(disease: Disease, scan: _Scan) -> Iterator[tuple[object, ...]]:
    for number, site in enumerate(disease.non_targets, start=1):
        yield (f"NT{number}", "non_target", site, site == NODE, scan.non_target_state, np.nan, np.nan, np.nan)


def _new_lesion_rows(rng: np.random.Generator, scan: _Scan) -> Iterator[tuple[object, ...]]:
    if not scan.has_new_lesion:
        return
    site = str(rng.choice(_NEW_LESION_SITES))
    tenths = int(rng.integers(*_NEW_LESION_TENTHS))
    short = round(tenths * float(rng.uniform(0.7, 0.95))) / 10
    yield ("N1", "new", site, False, "unequivocal", tenths / 10, tenths / 10, short)
