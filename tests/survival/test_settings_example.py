"""A study of its own columns, codes and words: the trial in primary biliary cirrhosis, with expected values from R."""

import json
import math
import re
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest
from typer.testing import CliRunner

from recist.cli.main import app
from survival.cohort import read_cohort
from survival.options import read_options
from survival.reporting.build import build_report
from survival.results import Report

ROOT = Path(__file__).parents[2]
EXAMPLE = ROOT / "docs" / "examples" / "pbc"
PAGE = ROOT / "docs" / "survival_any_study.md"
R = json.loads((Path(__file__).parent / "reference_example" / "expected.json").read_text(encoding="utf-8"))
DAYS_PER_MONTH = 30.4375


@pytest.fixture(scope="module")
def report() -> Report:
    options = replace(read_options(EXAMPLE / "study.toml"), bootstrap=100, sensitivity=False)
    return build_report(read_cohort(EXAMPLE / "cohort.csv", options=options), options)


def _table(report: Report, name: str) -> pd.DataFrame:
    return next(table.numbers for table in report.tables if table.name == name)


@pytest.mark.parametrize("key", ["os", "tfs"])
def test_median_and_interval_of_a_declared_endpoint_are_those_of_r(report: Report, key: str) -> None:
    row = _table(report, "survival").loc[key]

    found = [row[f"median{part}_months"] * DAYS_PER_MONTH for part in ("", "_lower", "_upper")]
    assert found == pytest.approx(R[f"{key}_median_days"], rel=1e-12)
    assert row["events"] == R[f"{key}_events"][0]


def test_the_arms_are_compared_as_by_r(report: Report) -> None:
    comparison = _table(report, "os_by_arm").loc["comparison"]

    assert comparison["log_rank_p_value"] == pytest.approx(R["os_by_arm_p"][0], rel=1e-8)


@pytest.mark.parametrize(("cause", "name"), [(1, "transplant"), (2, "death")])
def test_competing_codes_give_the_cumulative_incidences_of_r(report: Report, cause: int, name: str) -> None:
    row = _table(report, "incidence_of_transplant").loc[f"Everybody.everybody.{cause}"]

    found = [row[f"incidence_{month}_months"] for month in (60, 96)]
    assert found == pytest.approx(R[f"{name}_60_96_months"], rel=1e-9)


def test_the_arms_are_compared_by_grays_test_as_in_r(report: Report) -> None:
    table = _table(report, "incidence_of_transplant")

    found = [table.loc[f"By arm.gray.{cause}", "gray_p_value"] for cause in (1, 2)]
    assert found == pytest.approx(R["gray_p"], rel=1e-6)


def test_a_rise_of_bilirubin_by_day_270_goes_with_a_median_of_2270_days_against_3569(report: Report) -> None:
    row = _table(report, "by_response").loc["bilirubin"]

    assert [row["good_n"], row["bad_n"]] == R["landmark_n"]
    found = [row[f"{side}_median_months"] * DAYS_PER_MONTH for side in ("good", "bad")]
    assert found == pytest.approx([3569, 2270], rel=1e-12)
    assert found == pytest.approx(R["landmark_median_days"], rel=1e-12)
    ratio = [row[f"hazard_ratio{part}"] for part in ("", "_lower", "_upper")]
    assert ratio == pytest.approx(R["landmark_hr"], rel=1e-6)
    assert row["log_rank_p_value"] == pytest.approx(R["landmark_log_rank_p"][0], rel=1e-8)


def test_entry_on_the_day_of_the_own_visit_gives_the_hazard_ratio_of_r(report: Report) -> None:
    row = _table(report, "headline").loc["bilirubin"]

    ratio = [row[f"own_entry_hazard_ratio{part}"] for part in ("", "_lower", "_upper")]
    assert ratio == pytest.approx(R["own_entry_hr"], rel=1e-6)


@pytest.mark.parametrize(
    ("term", "of_r"),
    [
        ("age", "I(age/10)"),
        ("stage[1]", "stage1"),
        ("stage[2]", "stage2"),
        ("stage[4]", "stage4"),
        ("edema[0.5]", "edema0.5"),
        ("edema[1]", "edema1"),
        ("albumin", "albumin"),
        ("log_bilirubin", "log_bilirubin"),
    ],
)
def test_the_stratified_model_with_declared_references_and_steps_is_that_of_r(
    report: Report, term: str, of_r: str
) -> None:
    row = _table(report, "cox").loc[f"baseline.{term}"]

    found = [row[f"multivariable_{part}"] for part in ("hazard_ratio", "lower", "upper")]
    assert found == pytest.approx(R[f"cox:{of_r}"], rel=1e-6)
    assert [row["multivariable_n"], row["multivariable_events"]] == R["cox_n"]


def test_a_declared_spline_is_the_natural_spline_of_r_with_its_knots_and_test() -> None:
    given = read_options(EXAMPLE / "study.toml")
    bent = tuple(replace(one, spline=3) if one.column == "log_bilirubin" else one for one in given.covariate)
    options = replace(given, covariate=bent, strata=(), bootstrap=100, sensitivity=False)

    report = build_report(read_cohort(EXAMPLE / "cohort.csv", options=options), options)

    rows = _table(report, "cox").loc[[f"baseline.log_bilirubin spline {part}" for part in (1, 2, 3)]]
    columns = ["multivariable_hazard_ratio", "multivariable_lower", "multivariable_upper"]
    assert rows[columns].to_numpy(dtype="float64").ravel().tolist() == pytest.approx(R["spline_hr"], rel=1e-6)
    (section,) = [section for section in report.sections if section.key == "cox"]
    told = next(text for text in section.paragraphs if text.startswith("Spline."))
    assert f"p = {R['spline_p'][0]:.3f}" in told
    assert all(f"{knot:g}" in told for knot in R["spline_knots"])


def test_the_report_speaks_the_words_of_the_study(report: Report) -> None:
    labels = _table(report, "cox")["label"]
    terms = {str(row): label for row, label in labels.items()}

    assert terms["baseline.edema[1]"] == "Oedema: in spite of diuretics"
    assert terms["baseline.age"] == "Age, per 10 years"
    assert any("Transplantation runs from randomisation" in paragraph for paragraph in report.methods)
    assert "went with longer survival with the own liver" in " ".join(report.answer)


def test_the_commands_and_tables_of_the_page_are_those_of_the_example(tmp_path: Path) -> None:
    page, study = PAGE.read_text(encoding="utf-8"), (EXAMPLE / "study.toml").read_text(encoding="utf-8")
    blocks = re.findall(r"```(\w+)\n(.*?)```", page, re.DOTALL)
    (command,) = [text.split() for kind, text in blocks if kind == "sh"]
    shown = [line for kind, text in blocks if kind == "text" for line in text.splitlines()]

    assert [text for kind, text in blocks if kind == "toml" and text.strip() not in study] == []
    arguments = [str(ROOT / word) if word.startswith("docs/") else word for word in command[1:]]
    arguments[-1] = str(tmp_path / "report")
    result = CliRunner().invoke(app, arguments)

    assert result.exit_code == 0
    output = " ".join(result.output.split())
    assert [line for line in shown if " ".join(line.split()) not in output] == []


def test_the_data_of_the_example_are_small() -> None:
    assert sum(path.stat().st_size for path in EXAMPLE.iterdir()) < 60_000
    assert math.isclose(len(pd.read_csv(EXAMPLE / "cohort.csv")), 312)
