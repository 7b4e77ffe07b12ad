"""New lesions that go and come back, and what was not looked at, worked out by hand (Seymour 2017; EORTC)."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING, Any

import pandas as pd
import pytest

import recist

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

ROLES = {"T": "target", "N": "non_target", "X": "new"}


def score(lesions: Mapping[str, Sequence[str]]) -> pd.DataFrame:
    rows = []
    for name, values in lesions.items():
        for visit, value in enumerate(values):
            day = datetime.date(2024, 1, 1) + datetime.timedelta(days=56 * visit)
            row = {"subject": "S1", "timepoint": f"visit {visit}" if visit else "baseline", "date": day.isoformat()}
            row |= {"lesion": name, "role": ROLES[name[0]], "site": f"site of {name}", "nodal": "false"}
            row |= {"state": "measured", "diameter_mm": value} if value[:1].isdigit() else {"state": value}
            rows += [row | {"slice_thickness_mm": "5"}] if value else []
    return recist.score(pd.DataFrame(rows).fillna("").astype(str), criteria="irecist").responses


def words(lesions: Mapping[str, Sequence[str]]) -> list[str]:
    return score(lesions)["overall_response"].tolist()


COURSES: dict[str, tuple[dict[str, Sequence[str]], list[str]]] = {
    "a new lesion that was gone and comes back is no lesion that stays": (
        {"T1": ["50", "50", "40", "40"], "X1": ["", "unequivocal", "absent", "unequivocal"]},
        ["iUPD", "iSD", "iUPD"],
    ),
    "an equivocal return that proves real is dated back": (
        {"T1": ["50", "50", "40", "40", "40"], "X1": ["", "unequivocal", "absent", "equivocal", "unequivocal"]},
        ["iUPD", "iSD", "iUPD", "iUPD"],
    ),
    "a known new target that grew and was then not looked at leaves the iUPD waiting": (
        {"T1": ["50", "50", "40", "30", "30"], "X1": ["", "20", "20", "26", ""]},
        ["iUPD", "iSD", "iUPD", "NE"],
    ),
    "a lesion seen where there was no disease at baseline did not come back after an iCR": (
        {"N1": ["absent", "absent", "present"]},
        ["NED", "NON-iCR/NON-iUPD"],
    ),
    "targets that cannot respond do not end the iUPD of a new lesion that is there": (
        {"T1": ["not_evaluable", "22", "13.49"], "X1": ["", "unequivocal", "unequivocal"]},
        ["iUPD", "iUPD"],
    ),
}


@pytest.mark.parametrize("name", COURSES)
def test_courses_worked_out_by_hand(name: str) -> None:
    lesions, expected = COURSES[name]
    assert words(lesions) == expected


def test_a_target_without_a_size_gives_no_change_since_the_iupd() -> None:
    lesions = {"T1": ["20.8", "not_evaluable", "14.56"], "T2": ["50", "65.8", ""]}
    assert score(lesions)["change_from_iupd_mm"].isna().all()


def test_a_fragment_without_a_size_makes_no_bar_for_the_next_visit() -> None:
    lesions = {"T1": ["20", "45", "45"], "T2": ["20", "10", "18"]}
    rows = []
    for name, values in lesions.items():
        for visit, value in enumerate(values):
            day = datetime.date(2024, 1, 1) + datetime.timedelta(days=56 * visit)
            row = {"subject": "S1", "timepoint": f"visit {visit}" if visit else "baseline", "date": day.isoformat()}
            row |= {"lesion": name, "role": "target", "site": name, "nodal": "false", "diameter_mm": value}
            rows.append(row | {"state": "measured", "part": "a" if (name, visit) == ("T2", 1) else ""})
    rows.append(rows[4] | {"state": "not_evaluable", "part": "b", "diameter_mm": ""})
    responses = recist.score(pd.DataFrame(rows).astype(str), criteria="irecist").responses
    assert responses["overall_response"].tolist() == ["iUPD", "iUPD"]


def test_of_an_iupd_and_an_icpd_on_one_date_the_icpd_counts() -> None:
    visits: Any = {"subject": "S1", "start_date": "2024-01-01", "overall_response": ["iUPD", "iUPD", "iCPD"]}
    visits["date"] = ["2024-02-26", "2024-04-08", "2024-04-08"]
    visits["timepoint"] = ["a", "b", "c"]
    best = recist.best(pd.DataFrame(visits), criteria="irecist").best_responses.iloc[0]
    assert best["best_response"] == "iCPD"
    assert best["best_response_date"] == pd.Timestamp("2024-04-08")
