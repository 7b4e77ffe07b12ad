"""The methods text tells what the report holds, and nothing else."""

import re

import numpy as np
import pandas as pd
import pytest

from survival.cohort import read_cohort
from survival.options import make_options
from survival.reporting.build import build_report
from survival.reporting.citations import CITATIONS
from survival.results import Report

PLAIN = {
    "bootstrap": 100,
    "landmark_days": 90,
    "landmark_sensitivity_days": [60],
    "window_days": [30, 80],
    "covariates": ["age"],
    "univariable_only": [],
    "groups": ["arm"],
    "strata": ["stage"],
    "endpoint": [
        {
            "key": "ttr",
            "name": "Time to recurrence",
            "event_column": "what",
            "time_column": "ttr",
            "competing_codes": [2],
            "event": "recurrence",
            "competing": "death",
        },
        {"key": "os", "name": "Overall survival", "event": "death of any cause"},
    ],
    "response": [{"key": "ct", "name": "CT", "good": ["CR", "PR", "SD"], "bad": ["PD"], "responders": ["CR", "PR"]}],
    "covariate": [{"column": "age", "label": "Age"}],
}


def _table(n: int = 90) -> pd.DataFrame:
    random = np.random.default_rng(5)
    response = random.choice(["CR", "PR", "SD", "PD"], n)
    days = np.ceil(random.exponential(np.where(response == "PD", 250, 600))) + 85
    seen = (np.arange(n) % 5 != 0).astype(int)
    return pd.DataFrame(
        {
            "subject": [f"P{place}" for place in range(n)],
            "os_days": days.astype(int),
            "os_event": seen,
            "ttr": np.maximum(days.astype(int) - 30 * (np.arange(n) % 2), 1),
            "what": np.where(seen == 1, 1 + np.arange(n) % 2, 0),
            "age": random.integers(40, 80, n),
            "arm": np.where(np.arange(n) % 2, "A", "B"),
            "stage": np.where(np.arange(n) % 3, "III", "IV"),
            "ct_response": response,
            "ct_days": random.integers(40, 80, n),
        }
    )


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Report:
    file = tmp_path_factory.mktemp("plain") / "cohort.csv"
    _table().to_csv(file, index=False)
    options = make_options(PLAIN)
    return build_report(read_cohort(file, options=options), options)


@pytest.fixture(scope="module")
def methods(report: Report) -> str:
    return "\n".join(report.methods)


def _numbers(report: Report, name: str) -> pd.DataFrame:
    return next(table.numbers for table in report.tables if table.name == name)


@pytest.mark.parametrize(
    "done", ["Aalen and Johansen", "Gray's test", "stratified by stage", "Harrell's C", "models are age"]
)
def test_what_was_done_is_said(methods: str, done: str) -> None:
    assert done in methods


@pytest.mark.parametrize(
    "not_done", ["imputed", "thresholds", "source", "era,", "Turnbull", "kappa", "Mantel and Byar"]
)
def test_what_was_not_done_is_not_said(methods: str, not_done: str) -> None:
    assert not_done not in methods


def test_every_reference_is_cited_in_the_text_and_the_reverse(report: Report) -> None:
    text = "\n".join(report.methods[:-1])
    references = report.methods[-1]

    assert references.startswith("References: ")
    for paper in CITATIONS:
        assert (f"({paper.short})" in text) == (paper.reference in references), paper.key
    assert not re.search(r"\[[a-z]+\]", text)


def test_the_adjusted_hazard_ratio_is_the_same_stratified_one_wherever_it_stands(report: Report) -> None:
    model = _numbers(report, "cox").loc["ct.ct"]
    sensitivity = _numbers(report, "sensitivity").loc["ct.complete_case"]

    assert sensitivity["value"] == pytest.approx(model["multivariable_hazard_ratio"], rel=1e-9)
    assert "stratified by stage" in str(sensitivity["changed"])


def test_the_plain_hazard_ratio_is_called_unstratified_where_models_are_stratified(report: Report) -> None:
    headline = next(table for table in report.tables if table.name == "headline")

    assert "unstratified" in headline.header[-1]
    assert any("with own-date entry, unstratified," in sentence for sentence in report.answer)
    assert any("unstratified" in note for note in headline.notes)


def test_a_landmark_of_the_sensitivity_analyses_is_estimated(report: Report) -> None:
    assert _numbers(report, "sensitivity").loc["ct.landmark_90", "value"] > 1


def test_a_hazard_ratio_says_of_what_and_of_whom(report: Report) -> None:
    sentence = next(sentence for sentence in report.answer if "own-date entry" in sentence)

    assert re.search(r"hazard ratio of death, .+ against .+, with own-date entry", sentence)
