"""Names in the settings: what the cohort does not have is refused, all at once, with the columns there are."""

from pathlib import Path

import pandas as pd
import pytest

from recist.errors import DataError
from survival.cohort import read_cohort
from survival.options import make_options
from survival.reporting.build import build_report


def _cohort(folder: Path, **columns: list[object]) -> Path:
    days = [30, 60, 90, 120, 150, 180, 210, 240]
    table = pd.DataFrame(
        {"subject": [f"S{day}" for day in days], "os_days": days, "os_event": [1, 0] * 4, "arm": ["A", "B"] * 4}
        | columns
    )
    table.to_csv(folder / "cohort.csv", index=False)
    return folder / "cohort.csv"


def test_misspelled_columns_are_refused_all_at_once_naming_those_there_are(tmp_path: Path) -> None:
    chosen = {"covariates": ["agee", "age_years"], "groups": ["armm"], "split": "foo", "bootstrap": 100}

    with pytest.raises(DataError) as caught:
        build_report(read_cohort(_cohort(tmp_path, age_years=[60] * 8)), make_options(chosen))

    found = {problem.found: problem.expected for problem in caught.value.problems}
    assert found == {
        "agee": "one of arm, age_years",
        "armm": "one of arm, age_years",
        "foo": "a cohort with a response or a group column",
    }


def test_a_default_column_that_is_not_there_is_left_out_with_a_sentence(tmp_path: Path) -> None:
    ages: list[object] = [50, 61, 47, 72, 66, 58, 69, 55]

    report = build_report(read_cohort(_cohort(tmp_path, age_years=ages)), make_options({"bootstrap": 100}))

    assert any("Sex (sex)" in sentence for sentence in report.left_out)


def test_a_group_of_one_is_left_out_with_a_sentence(tmp_path: Path) -> None:
    report = build_report(read_cohort(_cohort(tmp_path, arm=["A"] * 8)), make_options({"bootstrap": 100}))

    assert any("arm: the column has fewer than two groups" in sentence for sentence in report.left_out)
