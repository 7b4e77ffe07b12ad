"""Short ways to write down a patient's course, and to score it."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING, Protocol

import numpy as np
import pandas as pd
import pytest

from recist.criteria import BestResponse, OverallResponse
from recist.response import Options, Scored, score
from recist.response.arrays import courses_from
from recist.response.best import Best, derive_best
from recist.response.course import ResponseCourse
from recist.response.encode import LAST_DAY
from recist.response.standing import derive_standing
from recist.response.subjects import SubjectDates

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

Value = float | int | str | None
BASELINE = datetime.date(2020, 1, 1)
DATES = ("new_therapy", "death", "last_contact", "cutoff", "clinical")
ROLES = {"T": "target", "NT": "non_target", "N": "new", "M": "marker"}


class Course(Protocol):
    """Writes the measurements of one reader and subject."""

    def __call__(
        self,
        lesions: Mapping[str, Sequence[Value]],
        *,
        days: Sequence[int] = ...,
        nodes: Sequence[str] = ...,
        subject: str = ...,
        reader: str = ...,
    ) -> pd.DataFrame: ...


def write_course(
    lesions: Mapping[str, Sequence[Value]],
    *,
    days: Sequence[int] = (0, 56, 112, 168, 224, 280, 336),
    nodes: Sequence[str] = (),
    subject: str = "S1",
    reader: str = "reader-1",
) -> pd.DataFrame:
    """Write measurements: for each lesion (T1 target, NT1 non-target, N1 new) its value at each time point.

    A number is a size in mm, a word a state, None no row. The first time point is the baseline.
    """
    rows = []
    for name, values in lesions.items():
        for number, value in enumerate(values):
            if value is not None:
                is_size = not isinstance(value, str)
                rows.append(
                    {
                        "subject": subject,
                        "reader": reader,
                        "timepoint": f"week {days[number] // 7}" if number else "baseline",
                        "date": (BASELINE + datetime.timedelta(days=days[number])).isoformat(),
                        "lesion": name,
                        "role": ROLES[name.rstrip("0123456789")],
                        "site": f"site of {name}",
                        "nodal": str(name in nodes).lower(),
                        "state": "measured" if is_size else value,
                        "diameter_mm": str(value) if is_size else "",
                    }
                )
    return pd.DataFrame(rows)


@pytest.fixture
def course() -> Course:
    """Give the writer of measurements."""
    return write_course


class Score(Protocol):
    """Scores a course written in short."""

    def __call__(
        self, lesions: Mapping[str, Sequence[Value]], options: Mapping[str, object] | None = None, **how: object
    ) -> Scored: ...


@pytest.fixture
def scored() -> Score:
    """Give a function that writes a course and scores it."""

    def write_and_score(
        lesions: Mapping[str, Sequence[Value]], options: Mapping[str, object] | None = None, **how: object
    ) -> Scored:
        return score(write_course(lesions, **how), options=options)  # type: ignore[arg-type]  # passed on as it is

    return write_and_score


class Responses(Protocol):
    """Gives one column of the responses of a course."""

    def __call__(
        self,
        lesions: Mapping[str, Sequence[Value]],
        column: str = ...,
        options: Mapping[str, object] | None = ...,
        **how: object,
    ) -> list[str]: ...


@pytest.fixture
def responses(scored: Score) -> Responses:
    """Give a function that scores a course and lists one column, the overall response by default."""

    def list_column(
        lesions: Mapping[str, Sequence[Value]],
        column: str = "overall_response",
        options: Mapping[str, object] | None = None,
        **how: object,
    ) -> list[str]:
        return scored(lesions, options, **how).responses[column].tolist()

    return list_column


class BestOf(Protocol):
    """Finds the best response of overall responses on days."""

    def __call__(
        self, visits: Sequence[tuple[str, int]], options: Mapping[str, object] | None = ..., **dates: int
    ) -> tuple[str, str]: ...


def find_best(visits: Sequence[tuple[str, int]], options: Options, **dates: int) -> Best:
    """Search the best response of one subject; days count from the start, baseline is day 0."""
    n_visits = len(visits) + 1
    words = ["NE", *(word for word, _ in visits)]
    course = ResponseCourse(
        courses=courses_from(np.zeros(n_visits, dtype=np.int64), 1),
        response=np.array([list(OverallResponse).index(OverallResponse(word)) for word in words]),
        day=np.array([0, *(day for _, day in visits)]),
        is_follow_up=np.arange(n_visits) > 0,
    )
    given = {name: np.array([dates.get(name, LAST_DAY)]) for name in DATES}
    none = np.array([0])
    subject = SubjectDates(start=none, has_start_date=none == 0, start_date=none, **given)
    return derive_best(course, derive_standing(course, subject), subject, options)


@pytest.fixture
def best_of() -> BestOf:
    """Give a function from (response, day) pairs to the unconfirmed and the confirmed best response."""

    def both(
        visits: Sequence[tuple[str, int]], options: Mapping[str, object] | None = None, **dates: int
    ) -> tuple[str, str]:
        best = find_best(visits, Options(**(options or {})), **dates)  # type: ignore[arg-type]  # checked by Options
        words = list(BestResponse)
        return str(words[best.response[0]]), str(words[best.confirmed[0]])

    return both
