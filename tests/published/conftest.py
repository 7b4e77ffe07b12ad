"""Short ways to write a course that a publication describes."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Mapping, Sequence

import pandas as pd
import pytest

Write = Callable[..., pd.DataFrame]
BASELINE = datetime.date(2021, 3, 1)
ROLES = {"T": "target", "N": "non_target", "X": "new"}


def date_of(day: int) -> str:
    """Give the date of a day after the baseline scan."""
    return (BASELINE + datetime.timedelta(days=day)).isoformat()


def write_course(
    lesions: Mapping[str, Sequence[str]],
    *,
    days: Sequence[int] = (0, 56, 112, 168, 224, 280),
    nodes: Sequence[str] = (),
    subject: str = "S1",
    more: Mapping[str, Sequence[str]] | None = None,
    column: str = "",
) -> pd.DataFrame:
    """Write measurements: a lesion's values from baseline on, a size in mm, a state, or nothing for no row.

    T is a target, N a non-target, X a new lesion; `more` fills one more column, lesion by lesion.
    """
    rows = []
    for name, values in lesions.items():
        for number, value in enumerate(values):
            if not value:
                continue
            is_size = value[0].isdigit()
            row = {
                "subject": subject,
                "timepoint": f"visit {number}" if number else "baseline",
                "date": date_of(days[number]),
                "lesion": name,
                "role": ROLES[name[0]],
                "site": "lymph node" if name in nodes else f"site of {name}",
                "nodal": str(name in nodes).lower(),
                "state": ("" if name in nodes and name[0] == "X" else "measured") if is_size else value,
                "diameter_mm": value if is_size else "",
                "slice_thickness_mm": "5",
            }
            if column:
                row[column] = (more or {}).get(name, [""] * len(values))[number]
            rows.append(row)
    return pd.DataFrame(rows).astype(str)


@pytest.fixture
def course() -> Write:
    """Give the writer of measurements."""
    return write_course


@pytest.fixture
def day() -> Callable[[int], str]:
    """Give the date of a day after the baseline scan."""
    return date_of
