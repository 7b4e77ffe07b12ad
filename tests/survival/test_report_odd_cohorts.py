"""Cohorts that hold almost nothing still give a report in sensible words, without a number that is none."""

import re
from pathlib import Path

import pandas as pd
import pytest

from survival.cohort import read_cohort
from survival.options import make_options
from survival.reporting.build import build_report, write_report

TWO = pd.DataFrame(
    {
        "subject": ["A", "B"],
        "os_days": [100, 400],
        "os_event": [1, 0],
        "imaging_response": ["PD", "PR"],
        "imaging_days": [60, 70],
        "age_years": [50, 60],
    }
)
NO_EVENTS = pd.DataFrame(
    {
        "subject": [f"S{n}" for n in range(24)],
        "os_days": [200 + 10 * n for n in range(24)],
        "os_event": 0,
        "imaging_response": ["PD", "SD", "PR"] * 8,
        "imaging_days": 80,
        "second_treatment_days": ["", "", "", 150] * 6,
        "n_treatments": [1, 1, 1, 2] * 6,
    }
)
ALL_UNKNOWN = pd.DataFrame(
    {
        "subject": [f"S{n}" for n in range(12)],
        "os_days": [200 + 10 * n for n in range(12)],
        "os_event": [1, 0] * 6,
        "imaging_response": "NE",
        "imaging_days": 80,
    }
)


@pytest.mark.parametrize("table", [TWO, NO_EVENTS, ALL_UNKNOWN], ids=["two patients", "no event", "all not evaluable"])
def test_a_page_never_shows_what_is_no_number(table: pd.DataFrame, tmp_path: Path) -> None:
    table.to_csv(tmp_path / "cohort.csv", index=False)

    report = build_report(read_cohort(tmp_path), make_options({"bootstrap": 100}))
    write_report(report, tmp_path / "out")

    page = (tmp_path / "out" / "report.html").read_text(encoding="utf-8")
    words = re.sub(r"<style.*?</style>|<svg.*?</svg>|<[^>]+>", " ", page, flags=re.DOTALL)
    assert re.findall(r"\b(?:nan|NaN|inf|None|NaT)\b", words) == []
    assert "sensitivity" not in {section.key for section in report.sections}
    assert (tmp_path / "out" / "warnings.txt").read_text(encoding="utf-8").count("\n- ") >= 1
