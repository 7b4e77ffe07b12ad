"""Random courses against a plain second reading of the rules, with fractions and one lesion at a time."""

from __future__ import annotations

import datetime
from fractions import Fraction
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pandas as pd
import pytest

from recist.response import score

if TYPE_CHECKING:
    from collections.abc import Sequence

N_SUBJECTS, N_VISITS = 400, 6
SIZES = tuple(Fraction(size) for size in ("10", "11", "9", "9.9", "12", "8", "7", "12.1"))
ATTENUATIONS = tuple(Fraction(hu) for hu in ("100", "85", "85.01", "84", "110", "-20"))


class Seen(NamedTuple):
    """One lesion at one visit; a size of None was not evaluated, an attenuation of None not measured."""

    size: Fraction | None
    hu: Fraction | None


Visit = dict[str, Seen]


def draw_visit(rng: np.random.Generator, lesions: Sequence[str]) -> Visit:
    found = {}
    for lesion in lesions:
        size: Fraction | None = SIZES[rng.integers(len(SIZES))]
        kind = rng.random()
        if kind < 0.06:
            size = None
        elif kind < 0.16:
            size = Fraction(0)
        has_hu = bool(size) and rng.random() < 0.9
        found[lesion] = Seen(size, ATTENUATIONS[rng.integers(len(ATTENUATIONS))] if has_hu else None)
    return found


def draw_course(rng: np.random.Generator) -> list[Visit]:
    lesions = [f"T{number}" for number in range(1, int(rng.integers(1, 4)) + 1)]
    first = {lesion: Seen(SIZES[rng.integers(4)], ATTENUATIONS[rng.integers(3)]) for lesion in lesions}
    if rng.random() < 0.1:
        first["T1"] = Seen(first["T1"].size, None if rng.random() < 0.5 else Fraction(-20))
    return [first, *(draw_visit(rng, lesions) for _ in range(N_VISITS - 1))]


def can_fall(first: Visit, now: Visit) -> bool:
    """Say whether the attenuation is above 0 HU at baseline; where it is not, the size decides alone."""
    known = {lesion: seen.hu for lesion, seen in first.items() if seen.hu is not None}
    if known and sum(known.values()) <= 0:
        return False
    present = [lesion for lesion in known if now[lesion].size != 0]
    all_known = all(now[lesion].hu is not None for lesion in present)
    return not (present and all_known and sum(known[lesion] for lesion in present) <= 0)


def attenuation_of(first: Visit, now: Visit) -> bool | None:
    """Say whether the attenuation fell by 15 %, or None where it is not known."""
    needed = [lesion for lesion, seen in first.items() if seen.hu is not None]
    present = [lesion for lesion in needed if now[lesion].size != 0]
    before = [first[lesion].hu for lesion in present]
    after = [now[lesion].hu for lesion in present]
    if not present or None in after:
        return None
    mean_before = sum(hu for hu in before if hu is not None) / Fraction(len(before))
    mean_after = sum(hu for hu in after if hu is not None) / Fraction(len(after))
    return mean_after <= mean_before * Fraction(85, 100)


def decide(
    sums: tuple[Fraction, Fraction, Fraction], fell: bool | None, criteria: str, full: bool, looks_at_hu: bool
) -> str:
    total, nadir, baseline = sums
    if full and total == 0:
        return "CR"
    growth, decrease = (Fraction(1, 5), Fraction(3, 10)) if criteria == "recist-1.0" else (Fraction(1, 10),) * 2
    grew = total > nadir and total >= nadir * (1 + growth)
    if grew and not (looks_at_hu and fell):
        return "NE" if looks_at_hu and fell is None else "PD"
    if not full:
        return "NE"
    shrank = total <= baseline * (1 - decrease)
    if not looks_at_hu or (shrank and criteria == "choi") or (not shrank and criteria == "modified-choi"):
        return "PR" if shrank else "SD"
    return "NE" if fell is None else "PR" if fell else "SD"


def expected_of(course: list[Visit], criteria: str) -> list[str]:
    first, answers = course[0], []
    baseline = sum((seen.size or Fraction(0) for seen in first.values()), Fraction(0))
    nadir = baseline
    for now in course[1:]:
        sizes = [seen.size for seen in now.values() if seen.size is not None]
        full, total = len(sizes) == len(now), sum(sizes, Fraction(0))
        fell = attenuation_of(first, now)
        looks_at_hu = criteria != "recist-1.0" and can_fall(first, now)
        answers.append(decide((total, nadir, baseline), fell, criteria, full, looks_at_hu) if sizes else "NE")
        nadir = min(nadir, total) if full else nadir
    return answers


def rows_of(subject: str, course: list[Visit]) -> list[dict[str, object]]:
    return [
        {
            "subject": subject,
            "timepoint": f"visit {number}" if number else "baseline",
            "date": (datetime.date(2020, 1, 1) + datetime.timedelta(days=56 * number)).isoformat(),
            "lesion": lesion,
            "role": "target",
            "state": "not_evaluable" if seen.size is None else "measured" if seen.size else "absent",
            "diameter_mm": str(float(seen.size)) if seen.size else "",
            "mean_hu": "" if seen.hu is None else str(float(seen.hu)),
        }
        for number, visit in enumerate(course)
        for lesion, seen in visit.items()
    ]


@pytest.mark.parametrize("criteria", ["recist-1.0", "choi", "modified-choi"])
def test_target_responses_of_random_courses(criteria: str) -> None:
    rng = np.random.default_rng(20260101)
    courses = {f"S{number:04}": draw_course(rng) for number in range(N_SUBJECTS)}
    table = pd.DataFrame([row for subject, course in courses.items() for row in rows_of(subject, course)])
    found = score(table, criteria=criteria).responses.groupby("subject")["target_response"].agg(list).to_dict()
    expected = {subject: expected_of(course, criteria) for subject, course in courses.items()}
    assert found == expected
    counts = pd.Series([word for words in expected.values() for word in words]).value_counts()
    assert (counts.reindex(["CR", "PR", "SD", "PD", "NE"]) > 20).all()
