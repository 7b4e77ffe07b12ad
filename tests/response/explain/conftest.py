"""Explain a course written in short."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

import pandas as pd
import pytest

from recist.criteria import criteria_named
from recist.response import score
from recist.response.explain import Tables, explain, gather_evidence

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from recist.response import Scored

Value = float | int | str | None


def explain_scored(scored: Scored) -> dict[str, list[str]]:
    """Explain the only series of what was scored: the sentences by time point, and the last ones by their title."""
    tables = Tables(
        responses=scored.responses,
        best_responses=scored.best_responses,
        lesions=scored.lesions,
        subjects=scored.subjects,
    )
    (evidence,) = gather_evidence(tables, criteria_named(scored.criteria), scored.options)
    explanation = explain(evidence, tables)
    return {
        section.timepoint or section.title.split(":")[0]: [sentence.text for sentence in section.sentences]
        for section in explanation.sections
    }


class Told(Protocol):
    """Scores a course and gives its sentences."""

    def __call__(
        self,
        lesions: Mapping[str, Sequence[Value]],
        options: Mapping[str, object] | None = ...,
        subject: Mapping[str, str] | None = ...,
        criteria: str = ...,
        **how: object,
    ) -> dict[str, str]: ...


@pytest.fixture
def told(course) -> Told:
    """Give a function that explains a course: for each time point its sentences as one text."""

    def write_score_and_explain(
        lesions: Mapping[str, Sequence[Value]],
        options: Mapping[str, object] | None = None,
        subject: Mapping[str, str] | None = None,
        criteria: str = "recist-1.1",
        **how: object,
    ) -> dict[str, str]:
        people = None if subject is None else pd.DataFrame([{"subject": "S1", **subject}])
        scored = score(course(lesions, **how), subjects=people, options=options, criteria=criteria)
        return {name: "\n".join(texts) for name, texts in explain_scored(scored).items()}

    return write_score_and_explain


@pytest.fixture
def told_rows() -> object:
    """Give a function that scores rows written out and explains them."""

    def score_and_explain(rows: pd.DataFrame, criteria: str = "recist-1.1") -> dict[str, str]:
        return {name: "\n".join(texts) for name, texts in explain_scored(score(rows, criteria=criteria)).items()}

    return score_and_explain
