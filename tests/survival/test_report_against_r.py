"""The further tables of the report against R on a made-up cohort: three forms, sensitivity, relief, re-treatment."""

from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from survival.cohort import read_cohort
from survival.options import make_options
from survival.reporting.build import build_report
from survival.results import Report, results_as_dict

REFERENCE = Path(__file__).parent / "reference_headline"
EXPECTED = pd.read_csv(REFERENCE / "reference_report.csv")


@pytest.fixture(scope="module")
def reported(tmp_path_factory: pytest.TempPathFactory) -> Report:
    folder = tmp_path_factory.mktemp("cohort")
    cohort = pd.read_csv(REFERENCE / "cohort.csv", dtype=str, keep_default_na=False)
    extra = pd.read_csv(REFERENCE / "extra.csv", dtype=str, keep_default_na=False)
    cohort.merge(extra, on="subject").to_csv(folder / "cohort.csv", index=False)
    (folder / "spans.csv").write_bytes((REFERENCE / "spans.csv").read_bytes())
    return build_report(read_cohort(folder), make_options({"bootstrap": 100}))


@pytest.mark.parametrize("table", sorted(set(EXPECTED["table"])))
def test_every_figure_of_a_table_equals_that_of_r(table: str, reported: Report) -> None:
    results: Any = results_as_dict(reported)
    rows = results["tables"][table]["rows"]
    expected = EXPECTED[EXPECTED["table"].eq(table)]

    wrong = [
        (one["row"], one["column"], rows[one["row"]][one["column"]], one["value"])
        for one in expected.to_dict("records")
        if rows[one["row"]][one["column"]] != pytest.approx(one["value"], rel=1e-6, abs=1e-12)
    ]

    assert wrong == []


def test_the_reference_holds_every_table_it_is_meant_to_hold() -> None:
    assert set(EXPECTED["table"]) == {"headline_forms", "sensitivity", "response", "relief", "second_treatment"}
    assert len(EXPECTED) > 400


def test_counting_missing_as_progression_is_called_wrong(reported: Report) -> None:
    results: Any = results_as_dict(reported)
    row = results["tables"]["sensitivity"]["rows"]["imaging.missing_as_bad"]

    assert row["analysis"].endswith("(wrong)")
    assert row["changed"].startswith("Wrong, shown to be refused")


def test_the_naive_split_of_treatments_is_said_to_break_proportional_hazards(reported: Report) -> None:
    table = next(table for table in reported.tables if table.name == "second_treatment")

    assert any("not proportional" in note for note in table.notes)


def test_every_hazard_ratio_of_a_second_treatment_runs_one_way(reported: Report) -> None:
    # R coxph with an indicator of a second treatment: ever, by the landmark, and in start-stop rows
    in_r = {
        "naive": [0.6397552426],
        "landmark_183": [1.2775867, 0.84915064, 1.9221888],
        "landmark_274": [1.2497133, 0.85879008, 1.8185857],
        "landmark_365": [1.1792626, 0.80089196, 1.7363895],
        "start_stop": [1.0750901, 0.76674755, 1.5074307],
    }
    results: Any = results_as_dict(reported)
    rows = results["tables"]["second_treatment"]["rows"]
    names = ("hazard_ratio", "hazard_ratio_lower", "hazard_ratio_upper")
    found = {row: [rows[row][name] for name in names][: len(values)] for row, values in in_r.items()}
    assert found == {row: pytest.approx(values, rel=1e-6) for row, values in in_r.items()}
    assert {row["hazard_ratio_of"].split(" against")[0] for row in rows.values()} == {
        "again",
        "after a second treatment",
    }
