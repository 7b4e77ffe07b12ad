"""Progression-free survival of random courses against a plain reading of the rules, one subject at a time.

The reading asks the questions in the order a statistician would: what is the event, was a new therapy begun before it,
was it found after two missed visits, and which of these dates comes first.
"""

from __future__ import annotations

import random
from typing import NamedTuple

import numpy as np
import pytest

from recist.criteria import OverallResponse
from recist.criteria.censoring import Situation
from recist.response.arrays import courses_from
from recist.response.best import derive_best
from recist.response.course import ResponseCourse
from recist.response.encode import LAST_DAY
from recist.response.endpoints import Endpoints, derive_endpoints
from recist.response.options import parse_options
from recist.response.standing import derive_standing
from recist.response.subjects import SubjectDates

WORDS = ("CR", "PR", "SD", "SD", "NON-CR/NON-PD", "PD", "NE", "ND")
PLANS = {
    "unknown": (),
    "every 8 weeks": ((0, 56),),
    "8 weeks, then 12": ((0, 56), (168, 84)),
}
N_SUBJECTS = 400


class Subject(NamedTuple):
    """One subject: responses by day after the start, and dates as days after it."""

    visits: list[tuple[int, str]]
    death: int | None
    therapy: int | None
    cutoff: int | None


def draw_subjects(seed: int) -> list[Subject]:
    chance = random.Random(seed)  # noqa: S311  # no secret is drawn
    subjects = []
    for _ in range(N_SUBJECTS):
        days = sorted(chance.sample(range(1, 600), chance.randint(0, 6)))
        subjects.append(
            Subject(
                visits=[(day, chance.choice(WORDS)) for day in days],
                death=chance.choice([None, chance.randint(1, 700)]),
                therapy=chance.choice([None, None, chance.randint(1, 600), chance.choice(days or [50])]),
                cutoff=chance.choice([None, None, chance.randint(100, 600)]),
            )
        )
    return subjects


def interval_on(day: int, plan: tuple[tuple[int, int], ...]) -> int:
    return [interval for first, interval in plan if first <= day][-1]


def read_end(
    subject: Subject, preset: str, plan: tuple[tuple[int, int], ...], tolerance: int, *, with_death: bool
) -> tuple[int, bool, str]:
    limit = min(day for day in (subject.death, subject.cutoff, 10**6) if day is not None)
    known = [(day, word) for day, word in subject.visits if day <= limit]
    pd_days = [day for day, word in known if word == "PD"]
    seen = [day for day, word in known if word not in {"PD", "NE", "ND"} and (not pd_days or day < pd_days[0])]
    died = subject.death if subject.death is not None and subject.death <= (subject.cutoff or 10**6) else None
    events = [(pd_days[0], 0, "progression")] if pd_days else []
    if died is not None and with_death:
        events.append((died, 1, "death"))

    def last_until(day: int) -> int:
        return max([other for other in seen if other <= day], default=0)

    was_done = any(word != "ND" and day > 0 for day, word in known)
    unassessed = "no_adequate_assessment" if was_done else "no_assessment"
    censored = []
    therapy = subject.therapy
    if therapy is not None and subject.cutoff is not None and therapy > subject.cutoff:
        therapy = None
    if preset == "fda" and therapy is not None and (not events or therapy < min(events)[0]):
        censored.append((last_until(therapy), 0, "new_therapy"))
    if preset == "fda" and events and plan:
        day = min(events)[0]
        last = last_until(day)
        allowed = interval_on(last, plan) + interval_on(last + interval_on(last, plan), plan) + 2 * tolerance
        if day - last > allowed:
            unseen = not seen and day == died
            censored.append((last, 1, unassessed if unseen else "missed_visits"))
    if censored:
        day, _, reason = min(censored)
        return day, False, reason
    if events:
        day, _, reason = min(events)
        return day, True, reason
    if seen and died is not None:
        return max(seen), False, "death"
    return (max(seen), False, "no_progression") if seen else (0, False, unassessed)


def derive(subjects: list[Subject], options: dict[str, object]) -> Endpoints:
    words = [str(word) for word in OverallResponse]
    course = np.repeat(np.arange(len(subjects)), [len(subject.visits) for subject in subjects])
    visits = [visit for subject in subjects for visit in subject.visits]
    responses = ResponseCourse(
        courses=courses_from(course, len(subjects)),
        response=np.array([words.index(word) for _, word in visits]),
        day=np.array([day for day, _ in visits]),
        is_follow_up=np.ones(len(visits), dtype=bool),
    )
    zero = np.zeros(len(subjects), dtype=np.int64)

    def days(name: str) -> np.ndarray:
        given = [getattr(subject, name) for subject in subjects]
        return np.array([LAST_DAY if day is None else day for day in given])

    dates = SubjectDates(
        start=zero,
        has_start_date=zero == 0,
        start_date=zero,
        new_therapy=days("therapy"),
        death=days("death"),
        cutoff=days("cutoff"),
        last_contact=zero + LAST_DAY,
        clinical=zero + LAST_DAY,
    )
    choices = parse_options(options)
    best = derive_best(responses, derive_standing(responses, dates), dates, choices)
    return derive_endpoints(responses, best, dates, choices)


@pytest.mark.parametrize("preset", ["fda", "ema"])
@pytest.mark.parametrize("plan", PLANS)
@pytest.mark.parametrize("tolerance", [0, 7])
def test_every_course_ends_as_a_plain_reading_of_the_rules_says(preset: str, plan: str, tolerance: int) -> None:
    pairs = PLANS[plan]
    options = {
        "censoring": preset,
        "visit_interval_days": [list(pair) for pair in pairs] or 0,
        "visit_tolerance_days": tolerance,
    }
    subjects = draw_subjects(seed=len(plan) + tolerance)
    found = derive(subjects, options)
    reasons = [str(situation) for situation in Situation]
    for name, endpoint in (("pfs", found.pfs), ("ttp", found.ttp)):
        for number, subject in enumerate(subjects):
            told = int(endpoint.day[number]), bool(endpoint.is_event[number]), reasons[endpoint.reason[number]]
            expected = read_end(subject, preset, pairs, tolerance, with_death=name == "pfs")
            assert told == expected, (name, subject)
            assert endpoint.days[number] == expected[0] + 1
