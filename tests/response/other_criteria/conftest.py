"""A short way to write down measurements with any columns, and to score them by any criteria."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING, Protocol

import pandas as pd
import pytest

from recist.response import Scored, score

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from recist.criteria import Criteria

Cell = float | str | dict[str, object] | None
BASELINE = datetime.date(2020, 1, 1)
DAYS = (0, 56, 112, 168, 224)


class Measured(Protocol):
    """Scores lesions written in short."""

    def __call__(
        self,
        criteria: str | Criteria,
        lesions: Mapping[str, Sequence[Cell]],
        *,
        days: Sequence[int] = ...,
        options: Mapping[str, object] | None = ...,
        subjects: pd.DataFrame | None = ...,
        **columns: object,
    ) -> Scored: ...


def write_rows(
    lesions: Mapping[str, Sequence[Cell]], days: Sequence[int], columns: Mapping[str, object]
) -> pd.DataFrame:
    """Write one row for each lesion and day: a number is a size, a word a state, a dictionary a row's own columns."""
    role = {"T": "target", "B": "non_target", "N": "new"}
    rows = []
    for name, cells in lesions.items():
        for day, cell in zip(days, cells, strict=False):
            if cell is None:
                continue
            row: dict[str, object] = {
                "subject": "S1",
                "timepoint": "baseline" if day == 0 else f"day {day}",
                "date": (BASELINE + datetime.timedelta(days=day)).isoformat(),
                "lesion": name,
                "role": role[name[0]],
                "site": f"site of {name}",
                **columns,
            }
            own = cell if isinstance(cell, dict) else {"state" if isinstance(cell, str) else "diameter_mm": cell}
            rows.append(row | own)
    table = pd.DataFrame(rows).astype(object)
    return table.where(table.notna(), "").astype(str)


@pytest.fixture
def measured() -> Measured:
    """Give the function that scores."""

    def write_and_score(
        criteria: str | Criteria,
        lesions: Mapping[str, Sequence[Cell]],
        *,
        days: Sequence[int] = DAYS,
        options: Mapping[str, object] | None = None,
        subjects: pd.DataFrame | None = None,
        **columns: object,
    ) -> Scored:
        table = write_rows(lesions, days, columns)
        return score(table, criteria=criteria, options=options, subjects=subjects)

    return write_and_score


class Overall(Protocol):
    """Lists the overall responses of lesions written in short."""

    def __call__(self, criteria: str | Criteria, lesions: Mapping[str, Sequence[Cell]], **how: object) -> list[str]: ...


@pytest.fixture
def overall(measured: Measured) -> Overall:
    """Give the function that lists overall responses."""

    def list_overall(criteria: str | Criteria, lesions: Mapping[str, Sequence[Cell]], **how: object) -> list[str]:
        found: list[str] = measured(criteria, lesions, **how).responses["overall_response"].tolist()  # type: ignore[arg-type]  # passed on as it is
        return found

    return list_overall


class Codes(Protocol):
    """Lists the codes of the problems of lesions written in short."""

    def __call__(self, criteria: str | Criteria, lesions: Mapping[str, Sequence[Cell]], **how: object) -> set[str]: ...


@pytest.fixture
def codes(measured: Measured) -> Codes:
    """Give the function that lists the codes of problems."""

    def list_codes(criteria: str | Criteria, lesions: Mapping[str, Sequence[Cell]], **how: object) -> set[str]:
        return set(measured(criteria, lesions, **how).problems["code"])  # type: ignore[arg-type]  # passed on as it is

    return list_codes
