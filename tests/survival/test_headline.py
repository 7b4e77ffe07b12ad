"""The headline figures: against R on a made-up cohort, and against arithmetic by hand on a tiny one."""

from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from recist.errors import UsageError
from survival.cohort import read_cohort
from survival.options import make_options
from survival.published import KANE_2018
from survival.reporting.build import build_report
from survival.results import Report, results_as_dict

REFERENCE = Path(__file__).parent / "reference_headline"
LANDMARK = 122


def _rows(report: Report, table: str) -> Any:
    results: Any = results_as_dict(report)
    return results["tables"][table]["rows"]


def _headline(report: Report) -> Any:
    return _rows(report, "headline")


@pytest.fixture(scope="module")
def reported() -> Report:
    return build_report(read_cohort(REFERENCE / "cohort.csv"), make_options({"published": "kane-2018"}))


def test_every_headline_figure_equals_that_of_r(reported: Report) -> None:
    reference = pd.read_csv(REFERENCE / "reference.csv")
    rows = _headline(reported)

    for expected in reference.to_dict("records"):
        found = rows[expected["row"]][expected["column"]]
        assert found == pytest.approx(expected["value"], rel=1e-6, abs=1e-12), expected

    assert len(reference) > 60


def test_published_figures_stand_beside_only_when_asked_for(reported: Report) -> None:
    unasked = build_report(read_cohort(REFERENCE / "cohort.csv"), make_options({"bootstrap": 100}))

    assert "published_value" not in _headline(unasked)["imaging"]
    assert "Kane" not in str(results_as_dict(unasked))
    assert _headline(reported)["imaging"]["published_value"] == 32


@pytest.mark.parametrize(
    ("row", "value"),
    [
        ("median_os", 29),
        ("symptomatic_rate", 71),
        ("relief_duration", 12),
        ("symptomatic", 30),
        ("biochemical_rate", 34),
        ("biochemical_stable_rate", 48),
        ("biochemical", 40),
        ("imaging_rate", 20),
        ("imaging_stable_rate", 60),
        ("imaging", 32),
        ("multiple_treatments", 24),
    ],
)
def test_published_figures_are_those_of_the_abstract(row: str, value: float, reported: Report) -> None:
    published = {entry.row: entry.value for entry in KANE_2018.rows}

    assert published[row] == value
    assert _headline(reported)[row]["published_value"] == value


def test_every_gain_has_its_bootstrap_interval(reported: Report) -> None:
    for row in ("symptomatic", "biochemical", "imaging", "multiple_treatments"):
        figures = _headline(reported)[row]
        assert figures["from_index_lower"] < figures["from_index_value"] < figures["from_index_upper"]


def test_the_naive_gain_of_further_treatments_is_called_immortal_time(reported: Report) -> None:
    section = next(part for part in reported.sections if part.key == "second-treatment")

    assert any("Immortal time" in paragraph for paragraph in section.paragraphs)


def _tiny(folder: Path) -> Path:
    """Write five patients with disease control and five with progression, all of whom die; no two on one day."""
    good, bad = (400, 500, 600, 700, 800), (100, 110, 200, 300, 350)
    table = pd.DataFrame({"os_days": [*good, *bad], "os_event": 1})
    table["subject"] = [f"P{number}" for number in range(1, 11)]
    table["imaging_response"] = ["CR", "PR", "SD", "SD", "SD"] + ["PD"] * 5
    table["imaging_days"] = 90
    table.to_csv(folder / "cohort.csv", index=False)
    return folder / "cohort.csv"


def test_from_the_index_date_the_gain_is_600_minus_200_days(tmp_path: Path) -> None:
    report = build_report(read_cohort(_tiny(tmp_path)), make_options({"bootstrap": 100}))

    assert _headline(report)["imaging"]["from_index_value"] == pytest.approx(400 / 30.4375)


def test_from_the_landmark_early_deaths_are_left_out_and_the_clock_restarts(tmp_path: Path) -> None:
    report = build_report(read_cohort(_tiny(tmp_path)), make_options({"bootstrap": 100}))
    figures = _headline(report)["imaging"]

    assert (figures["landmark_n_good"], figures["landmark_n_bad"]) == (5, 3)
    assert figures["landmark_value"] == pytest.approx((600 - LANDMARK - (300 - LANDMARK)) / 30.4375)


def test_who_dies_on_the_landmark_day_is_not_at_risk_after_it(tmp_path: Path) -> None:
    path = _tiny(tmp_path)
    table = pd.read_csv(path)
    table.loc[table["os_days"].eq(200), "os_days"] = LANDMARK
    table.to_csv(path, index=False)

    report = build_report(read_cohort(path), make_options({"bootstrap": 100}))

    assert _headline(report)["imaging"]["landmark_n_bad"] == 2


def test_a_response_seen_after_the_landmark_is_not_known_at_it(tmp_path: Path) -> None:
    path = _tiny(tmp_path)
    table = pd.read_csv(path)
    table.loc[table["os_days"].eq(800), "imaging_days"] = LANDMARK + 1
    table.to_csv(path, index=False)

    report = build_report(read_cohort(path), make_options({"bootstrap": 100}))

    assert _headline(report)["imaging"]["landmark_n_good"] == 4


@pytest.mark.parametrize("column", ["n_treatments", "imaging_response", "second_treatment_days", "os_days"])
@pytest.mark.parametrize("setting", ["covariates", "groups", "univariable_only"])
def test_what_is_known_only_later_is_refused_as_baseline(setting: str, column: str, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"immortal time.*landmark.*entry on the own day"):
        build_report(read_cohort(_tiny(tmp_path)), make_options({setting: [column]}))


def test_missing_response_is_not_non_response(tmp_path: Path) -> None:
    path = _tiny(tmp_path)
    table = pd.read_csv(path)
    table["imaging_response"] = ["NE", *table["imaging_response"][1:9], ""]
    table["imaging_days"] = ["", *table["imaging_days"][1:9], ""]
    table.to_csv(path, index=False)

    report = build_report(read_cohort(path), make_options({"bootstrap": 100}))
    rows = _rows(report, "response")

    assert (rows["imaging.PD"]["n"], rows["imaging.PD"]["denominator"]) == (4, 8)
    assert (rows["imaging.NE"]["n"], rows["imaging.missing"]["n"]) == (1, 1)
    assert rows["imaging.response_rate"]["share"] == pytest.approx(1 / 8)
