"""Any sequence of responses gives the best response that the documentation of admiralonco describes, value and date.

The reading below is written from the sections Details of the help pages of derive_param_bor, derive_param_confirmed_bor
and derive_param_confirmed_resp (admiralonco). A visit is (response, day after the reference date), in the order of the
days. Every rule is asked of every visit anew, and nothing of the engine is used.
"""

from __future__ import annotations

from itertools import product
from typing import TypeAlias

import numpy as np
import pytest

from recist.criteria import BestResponse, OverallResponse
from recist.response import Options
from recist.response.arrays import NOWHERE, courses_from
from recist.response.best import Best, derive_best
from recist.response.choices import NDBetween, SDDate
from recist.response.course import ResponseCourse
from recist.response.encode import LAST_DAY
from recist.response.standing import derive_standing
from recist.response.subjects import SubjectDates

Visit: TypeAlias = tuple[str, int]
Answer: TypeAlias = tuple[str, int | None]

ORDER = ("CR", "PR", "SD", "NON-CR/NON-PD", "PD", "NE", "ND", "MISSING")


def up_to_first_pd(visits: list[Visit]) -> list[Visit]:
    days = [day for word, day in visits if word == "PD"]
    return [visit for visit in visits if not days or visit[1] <= days[0]]


def pick(candidates: list[Visit]) -> Answer:
    """Take the best candidate, and of equal ones the first."""
    if not candidates:
        return "MISSING", None
    return min(candidates, key=lambda visit: (ORDER.index(visit[0]), visit[1]))


def best_overall_response(visits: list[Visit], window: int) -> Answer:
    """All CR, PR and PD; SD and NON-CR/NON-PD from the window on; such a one before it is NE."""
    candidates = []
    for word, day in up_to_first_pd(visits):
        is_early = word in {"SD", "NON-CR/NON-PD"} and day < window
        candidates.append(("NE" if is_early else word, day))
    return pick(candidates)


def is_confirmed_cr(place: int, visits: list[Visit], interval: int, max_ne: int) -> bool:
    word, day = visits[place]
    later = [
        other
        for other in range(place + 1, len(visits))
        if visits[other][0] == "CR" and visits[other][1] >= day + interval
    ]
    if word != "CR" or not later:
        return False
    between = [visits[other][0] for other in range(place + 1, later[0])]
    return set(between) <= {"CR", "NE"} and between.count("NE") <= max_ne


def is_confirmed_pr(place: int, visits: list[Visit], interval: int, max_ne: int, *, accept_sd: bool) -> bool:
    word, day = visits[place]
    later = [
        other
        for other in range(place + 1, len(visits))
        if visits[other][0] in {"CR", "PR"} and visits[other][1] >= day + interval
    ]
    if word != "PR" or not later:
        return False
    period = [visits[other][0] for other in range(place + 1, later[0] + 1)]
    after_first_cr = period[period.index("CR") :] if "CR" in period else []
    return (
        set(period) <= {"CR", "PR", "SD", "NE"}
        and "PR" not in after_first_cr
        and period.count("NE") <= max_ne
        and period.count("SD") <= int(accept_sd)
    )


def confirmed_best_overall_response(
    visits: list[Visit], window: int, interval: int, max_ne: int, *, accept_sd: bool
) -> Answer:
    kept = up_to_first_pd(visits)
    candidates: list[Visit] = []
    for place, (word, day) in enumerate(kept):
        if is_confirmed_cr(place, kept, interval, max_ne):
            candidates.append(("CR", day))
        if is_confirmed_pr(place, kept, interval, max_ne, accept_sd=accept_sd):
            candidates.append(("PR", day))
        if word in {"CR", "PR", "SD"}:
            candidates.append(("SD" if day >= window else "NE", day))
        if word == "NON-CR/NON-PD":
            candidates.append((word if day >= window else "NE", day))
        if word in {"PD", "NE", "ND"}:
            candidates.append((word, day))
    return pick(candidates)


def confirmed_response(visits: list[Visit], interval: int, max_ne: int, *, accept_sd: bool) -> int | None:
    """Give the day of the first CR or PR that is confirmed; None without one."""
    kept = up_to_first_pd(visits)
    for place, (_, day) in enumerate(kept):
        is_cr = is_confirmed_cr(place, kept, interval, max_ne)
        if is_cr or is_confirmed_pr(place, kept, interval, max_ne, accept_sd=accept_sd):
            return day
    return None


WORDS = ("CR", "PR", "SD", "NON-CR/NON-PD", "PD", "NE", "ND")
FEW_WORDS = ("CR", "PR", "SD", "NE", "PD")
SPACINGS = {
    "every 8 weeks": (56, 112, 168, 224, 280),
    "every 2 weeks": (14, 28, 42, 56, 70),
    "at the edges": (28, 41, 42, 56, 70),
    "uneven": (7, 35, 62, 63, 150),
}
SETTINGS = [(42, 28, 1, False), (42, 28, 0, False), (28, 28, 2, True), (56, 27, 1, True), (42, 29, 3, False)]
DATES = ("new_therapy", "death", "last_contact", "cutoff", "clinical")


def sequences_on(days: tuple[int, ...]) -> list[list[Visit]]:
    """List every sequence of one to four visits, and of five by the words that matter most."""
    words = [sequence for length in range(1, 5) for sequence in product(WORDS, repeat=length)]
    words += list(product(FEW_WORDS, repeat=5))
    return [list(zip(sequence, days, strict=False)) for sequence in words]


def search(sequences: list[list[Visit]], options: Options) -> tuple[Best, np.ndarray]:
    """Let the engine search all sequences at once; give what it finds and the days of the visits."""
    course = np.repeat(np.arange(len(sequences)), [len(sequence) for sequence in sequences])
    visits = [visit for sequence in sequences for visit in sequence]
    numbers = {str(word): number for number, word in enumerate(OverallResponse)}
    day = np.array([day for _, day in visits])
    courses = ResponseCourse(
        courses=courses_from(course, len(sequences)),
        response=np.array([numbers[word] for word, _ in visits]),
        day=day,
        is_follow_up=np.ones(len(visits), dtype=bool),
    )
    none, never = np.zeros(len(sequences), dtype=np.int64), np.full(len(sequences), LAST_DAY)
    dates = SubjectDates(start=none, has_start_date=none == 0, start_date=none, **dict.fromkeys(DATES, never))
    return derive_best(courses, derive_standing(courses, dates), dates, options), day


def answers(response: np.ndarray, visit: np.ndarray, day: np.ndarray) -> list[Answer]:
    words = [str(word) for word in BestResponse]
    return [(words[word], None if at == NOWHERE else int(day[at])) for word, at in zip(response, visit, strict=True)]


@pytest.mark.parametrize("days", SPACINGS.values(), ids=SPACINGS)
@pytest.mark.parametrize("setting", SETTINGS, ids=str)
def test_any_sequence_gives_the_documented_value_and_date(days: tuple[int, ...], setting: tuple[int, ...]) -> None:
    window, interval, max_ne, accept_sd = setting
    options = Options(
        min_sd_days=window,
        confirmation_days=interval,
        max_ne=max_ne,
        accept_sd=int(accept_sd),
        sd_date=SDDate.MINIMUM_TIME,
        nd_between=NDBetween.BREAK,
    )
    sequences = sequences_on(days)
    found, day = search(sequences, options)
    expected = [
        confirmed_best_overall_response(sequence, window, interval, max_ne, accept_sd=bool(accept_sd))
        for sequence in sequences
    ]
    assert answers(found.confirmed, found.confirmed_visit, day) == expected
    responders = [None if at == NOWHERE else int(day[at]) for at in found.first_confirmed]
    assert responders == [
        confirmed_response(sequence, interval, max_ne, accept_sd=bool(accept_sd)) for sequence in sequences
    ]
    unconfirmed = answers(found.response, found.visit, day)
    for sequence, answer in zip(sequences, unconfirmed, strict=True):
        if all(word != "ND" for word, _ in sequence):  # the help page of the unconfirmed one does not know ND
            assert answer == best_overall_response(sequence, window), sequence
