"""What weakens a report is said at its top, in its warnings and where it stands, in words."""

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from survival.cohort import read_cohort
from survival.options import make_options
from survival.reporting.build import build_report
from survival.reporting.calibration import say_cautions
from survival.reporting.html import render_html
from survival.results import Report

PLAIN: dict[str, Any] = {
    "bootstrap": 100,
    "landmark_days": 90,
    "window_days": [1, 80],
    "covariates": ["age"],
    "univariable_only": [],
    "strata": ["stage"],
    "sensitivity": False,
    "index_name": "start of treatment",
    "response": [{"key": "ct", "name": "CT", "good": ["CR", "PR", "SD"], "bad": ["PD"], "responders": ["CR", "PR"]}],
}


def _table(n: int = 80) -> pd.DataFrame:
    random = np.random.default_rng(9)
    response = random.choice(["CR", "PR", "SD", "PD"], n)
    return pd.DataFrame(
        {
            "subject": [f"P{place}" for place in range(n)],
            "os_days": np.ceil(random.exponential(500, n)).astype(int) + 85,
            "os_event": (np.arange(n) % 5 != 0).astype(int),
            "age": random.integers(40, 80, n),
            "stage": np.where(np.arange(n) % 3, "III", "IV"),
            "bor_crpr": np.where(np.arange(n) % 2, "yes", "no"),
            "bor_day": 60,
            "ct_response": response,
            "ct_days": 1,
        }
    )


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Report:
    return _report(tmp_path_factory.mktemp("warned"), _table(), {"as_published": True, "comparison": [COMPARED]})


COMPARED = {"column": "bor_crpr", "known_days": "bor_day"}


def _report(folder: Path, table: pd.DataFrame, settings: dict[str, Any]) -> Report:
    file = folder / "cohort.csv"
    table.to_csv(file, index=False)
    options = make_options(PLAIN | settings)
    return build_report(read_cohort(file, options=options), options)


def _codes(report: Report) -> dict[str, str]:
    return {problem.code: str(problem) for problem in report.warnings}


def test_responses_all_dated_on_the_first_day_are_warned_of(report: Report) -> None:
    assert "day 1 in all 80" in _codes(report)["implausible_day"]


def test_comparisons_as_published_are_warned_of_and_named(report: Report) -> None:
    said = _codes(report)["as_published"]

    assert "immortal time" in said
    assert "by BOR crpr" in said


def test_the_summary_tells_of_a_group_known_only_later_in_every_form(report: Report) -> None:
    sentence = next(sentence for sentence in report.answer if "known only later" in sentence)

    assert sentence.startswith("Overall survival by BOR crpr")
    assert "hazard ratio of death against “no”" in sentence
    assert "as published (contains immortal time, no evidence of an effect), yes " in sentence
    assert "from the landmark, yes " in sentence
    assert "with own-date entry, yes " in sentence


def test_the_summary_leads_to_the_warnings(report: Report) -> None:
    page = render_html(report)

    assert f'<a href="#warnings">{len(report.warnings)} warnings to be looked at</a>' in page
    assert page.count('id="warnings"') == 1
    assert page.index('href="#warnings"') < page.index("</section>")


def test_a_side_without_a_name_is_called_by_its_codes(report: Report) -> None:
    sentence = next(sentence for sentence in report.answer if "own-date entry" in sentence and "(CT)" in sentence)

    assert sentence.startswith("CR, PR or SD (CT) ")
    assert "PD against CR, PR or SD" in sentence
    fact = next(fact for fact in report.facts if fact.label == "CT response")
    assert fact.detail.startswith("CR or PR: ")


def test_abbreviations_keep_their_capitals(report: Report) -> None:
    words = " ".join(cell for table in report.tables for row in table.shown for cell in row.cells)

    assert "cT" not in words


def test_the_stratum_stands_in_the_baseline_table(report: Report) -> None:
    baseline = next(table for table in report.tables if table.name == "baseline")

    assert "Stage" in [row.cells[0] for row in baseline.shown]


def test_domains_that_a_study_of_its_own_never_had_are_not_called_left_out(report: Report) -> None:
    left_out = " ".join(report.left_out)

    assert "biochemical" not in left_out
    assert "symptomatic_response" not in left_out


def test_backticks_become_code_on_the_page(report: Report) -> None:
    page = render_html(report)

    assert "<code>recist link</code>" in page
    assert "`recist link`" not in page


def test_without_events_nothing_is_printed_as_a_dash_in_a_sentence(tmp_path: Path) -> None:
    table = _table().assign(os_event=0, arm=["A", "B"] * 40)
    told = _report(tmp_path, table, {"groups": ["arm"]})
    sentences = " ".join(told.answer)

    assert "p = –" not in sentences
    assert "ratio –" not in sentences
    assert "CI limits not reached" not in " ".join(fact.detail for fact in told.facts)


@pytest.mark.parametrize(
    ("slope", "says"),
    [
        ((0.42, -0.08, 0.93), "includes 0"),
        ((0.6, 0.3, 0.9), "below 1"),
        ((1.8, 1.2, 2.4), "above 1"),
    ],
)
def test_poor_calibration_is_said(slope: tuple[float, float, float], says: str) -> None:
    assert says in say_cautions(*slope, 0.7)[0]


def test_a_concordance_near_chance_is_said() -> None:
    assert say_cautions(1.0, 0.6, 1.4, 0.57)[0].startswith("Weak discrimination: C = 0.57")
    assert say_cautions(1.0, 0.6, 1.4, 0.61) == ()
