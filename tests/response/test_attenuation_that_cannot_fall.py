"""A baseline attenuation of 0 HU cannot fall: the size decides, whatever is known at the visit (Choi 2007)."""

from __future__ import annotations

import pandas as pd
import pytest

import recist


@pytest.mark.parametrize(("size_mm", "response"), [("10", "PR"), ("25", "SD"), ("30", "PD")])
def test_the_size_decides_where_the_attenuation_cannot_fall_and_was_not_given(size_mm: str, response: str) -> None:
    rows = {
        "timepoint": ["baseline", "visit 1"],
        "date": ["2024-01-01", "2024-02-26"],
        "diameter_mm": ["25", size_mm],
        "mean_hu": ["0", ""],
    }
    table = pd.DataFrame(rows).assign(subject="S1", lesion="T1", role="target", site="liver", state="measured")
    for criteria in ("choi", "modified-choi"):
        assert recist.score(table, criteria=criteria).responses["target_response"].tolist() == [response]


def test_the_size_decides_alone_by_the_modified_criteria_where_asked_for() -> None:
    rows = {
        "timepoint": ["baseline", "visit 1"],
        "date": ["2024-01-01", "2024-02-26"],
        "diameter_mm": ["25", "10"],
        "mean_hu": ["90", ""],
    }
    table = pd.DataFrame(rows).assign(subject="S1", lesion="T1", role="target", site="liver", state="measured")
    options = {"missing_attenuation": "size_only"}
    responses = recist.score(table, criteria="modified-choi", options=options).responses
    assert responses["target_response"].tolist() == ["PR"]
