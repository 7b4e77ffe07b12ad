"""Short ways to score a course by iRECIST, and to find the best response of words and dates."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

import numpy as np
import pytest

from recist.criteria.codes import ImmuneBestResponse, ImmuneResponse
from recist.criteria.irecist import IMMUNE
from recist.response import Options, Scored, score
from recist.response.arrays import NOWHERE, courses_from
from recist.response.course import ResponseCourse
from recist.response.encode import LAST_DAY
from recist.response.irecist.best import derive_immune_best
from recist.response.subjects import SubjectDates

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pandas as pd


class Immune(Protocol):
    """Scores a course by iRECIST."""

    def __call__(
        self, lesions: Mapping[str, Sequence[Any]], options: Mapping[str, object] | None = None, **how: Any
    ) -> Scored: ...


@pytest.fixture
def immune(course: Any) -> Immune:
    """Give a function that writes a course and scores it; `symptoms` are time points scanned for new symptoms."""

    def write_and_score(
        lesions: Mapping[str, Sequence[Any]],
        options: Mapping[str, object] | None = None,
        *,
        symptoms: Sequence[int] = (),
        sites: Mapping[str, str] | None = None,
        subjects: pd.DataFrame | None = None,
        **how: Any,
    ) -> Scored:
        rows = course(lesions, **how)
        days = list(rows["date"].drop_duplicates().sort_values())
        rows["new_symptoms"] = rows["date"].isin([days[place] for place in symptoms])
        rows["site"] = [(sites or {}).get(name, site) for name, site in zip(rows["lesion"], rows["site"], strict=True)]
        return score(rows, subjects=subjects, criteria="irecist", options=options)

    return write_and_score


class Words(Protocol):
    """Scores a course and lists its responses."""

    def __call__(self, lesions: Mapping[str, Sequence[Any]], column: str = ..., **how: Any) -> list[str]: ...


@pytest.fixture
def words(immune: Immune) -> Words:
    """Give a function that scores a course and lists one column, the overall response by default."""

    def list_column(lesions: Mapping[str, Sequence[Any]], column: str = "overall_response", **how: Any) -> list[str]:
        table = immune(lesions, **how).responses.sort_values("date", kind="stable")
        return table[column].tolist()

    return list_column


class Endings(Protocol):
    """Finds the best response, the visit that dates the progression and the one that confirms it."""

    def __call__(
        self,
        courses: Sequence[Sequence[str]],
        options: Mapping[str, object] | None = ...,
        **dates: int,
    ) -> list[tuple[str, str, int | None, int | None]]: ...


@pytest.fixture
def endings() -> Endings:
    """Give a function from courses of words, a visit every 56 days, to best, confirmed best, progression, iCPD.

    Visits count from 1; baseline is visit 0.
    """

    def find(
        courses: Sequence[Sequence[str]], options: Mapping[str, object] | None = None, **dates: int
    ) -> list[tuple[str, str, int | None, int | None]]:
        n_courses, length = len(courses), len(courses[0]) + 1
        every = [["NE", *course] for course in courses]
        numbers = {str(word): place for place, word in enumerate(ImmuneResponse)}
        position = np.tile(np.arange(length), n_courses)
        response_course = ResponseCourse(
            courses=courses_from(np.repeat(np.arange(n_courses), length), n_courses),
            response=np.array([numbers[word] for course in every for word in course]),
            day=position * 56,
            is_follow_up=position > 0,
        )
        zero = np.zeros(n_courses, dtype=np.int64)
        names = set(SubjectDates.__dataclass_fields__) - {"start", "has_start_date", "start_date"}
        given = {name: np.full(n_courses, dates.get(name, LAST_DAY)) for name in names}
        subjects = SubjectDates(start=zero, has_start_date=zero == 0, start_date=zero, **given)
        counts = position > 0
        best = derive_immune_best(response_course, counts, subjects, IMMUNE, Options(**(options or {})))  # type: ignore[arg-type]  # checked by Options
        said = [str(word) for word in ImmuneBestResponse]
        return [
            (
                said[best.response[one]],
                said[best.confirmed[one]],
                _visit(best.as_recist.first_pd[one], one * length),
                _visit(best.confirmation[one], one * length),
            )
            for one in range(n_courses)
        ]

    return find


def _visit(visit: int, start: int) -> int | None:
    return None if visit == NOWHERE else int(visit) - start
