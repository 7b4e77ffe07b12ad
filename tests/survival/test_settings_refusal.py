"""Comparing by what is known only later: refused with remedies, or shown as published beside the defensible forms."""

import json
from pathlib import Path

import pandas as pd
import pytest
from typer.testing import CliRunner

from recist.cli.main import app
from recist.errors import UsageError
from survival.cohort import read_cohort
from survival.known_later import AS_PUBLISHED, require_known_at_start
from survival.options import ReportOptions, make_options
from survival.reporting.build import build_report
from survival.results import Report, ResultTable

ROOT = Path(__file__).parents[2]
EXAMPLE = ROOT / "docs" / "examples" / "pbc"
R = json.loads((Path(__file__).parent / "reference_example" / "expected.json").read_text(encoding="utf-8"))
PLAIN = {"bootstrap": 100, "sensitivity": False, "covariates": [], "univariable_only": [], "landmark_days": 270}
ENDPOINT = {
    "key": "os",
    "name": "Overall survival",
    "time_column": "time",
    "event_column": "status",
    "event_codes": [2],
    "censored_codes": [0, 1],
    "event": "death of any cause",
}


def _options(**settings: object) -> ReportOptions:
    return make_options(PLAIN | {"columns": {"subject": "id"}, "endpoint": [ENDPOINT]} | settings)


def _report(**settings: object) -> Report:
    options = _options(**settings)
    return build_report(read_cohort(EXAMPLE / "cohort.csv", options=options), options)


def _table(report: Report, name: str) -> ResultTable:
    return next(table for table in report.tables if table.name == name)


def _ratio(table: ResultTable, row: str) -> list[float]:
    record = table.numbers.to_dict("index")[row]
    return [record[name] for name in ("hazard_ratio", "hazard_ratio_lower", "hazard_ratio_upper")]


@pytest.mark.parametrize("role", ["groups", "covariates", "univariable_only", "strata"])
@pytest.mark.parametrize(
    "column",
    [
        "imaging_response",
        "symptomatic_days",
        "biochemical_change_pct",
        "best_response",
        "n_treatments",
        "second_treatment",
        "second_treatment_date",
        "relief_days",
        "pfs_days",
        "pfs_event",
        "os_event",
        "time_to_response",
        "duration_of_response_days",
        "responder",
        "progressed",
    ],
)
def test_what_is_known_only_later_is_refused_as_if_known_at_the_start(column: str, role: str) -> None:
    with pytest.raises(UsageError) as caught:
        require_known_at_start(make_options({role: [column]}))

    message = str(caught.value)
    assert caught.value.exit_code == 2
    assert message.startswith(f"{role}: {column} ")
    for words in ("immortal time", "landmark_days", "entry on the own day", "spans.csv", "--as-published"):
        assert words in message


@pytest.mark.parametrize("column", ["age_years", "arm", "sex", "primary_site", "n_positive_nodes", "prior_lines"])
def test_baseline_columns_are_not_refused(column: str) -> None:
    require_known_at_start(make_options({"groups": [column], "covariates": [column], "strata": [column]}))


def test_a_column_that_only_sounds_later_can_be_vouched_for_but_an_endpoint_cannot() -> None:
    require_known_at_start(make_options({"groups": ["total_dose_planned"], "known_at_start": ["total_dose_planned"]}))

    with pytest.raises(UsageError, match="pfs_event"):
        require_known_at_start(make_options({"groups": ["pfs_event"], "known_at_start": ["pfs_event"]}))


def test_the_columns_of_a_declared_endpoint_are_known_only_later_under_their_own_names() -> None:
    with pytest.raises(UsageError, match="covariates: status is known only after"):
        require_known_at_start(_options(covariates=["status"]))


def test_a_declared_comparison_without_its_day_is_refused_with_the_reason() -> None:
    with pytest.raises(UsageError, match="no known_days") as caught:
        require_known_at_start(make_options({"comparison": [{"column": "best_response"}]}))

    assert "neither a landmark nor entry on the own day is possible" in str(caught.value)


def test_the_command_refuses_with_exit_code_2_and_writes_nothing(tmp_path: Path) -> None:
    settings = tmp_path / "s.toml"
    study = (EXAMPLE / "study.toml").read_text(encoding="utf-8")
    settings.write_text(study.replace('groups = ["arm"]', 'groups = ["bilirubin_change"]'), encoding="utf-8")

    call = ["survival", str(EXAMPLE / "cohort.csv"), "--config", str(settings), "-o", str(tmp_path / "out")]
    result = CliRunner().invoke(app, call)

    assert isinstance(result.exception, UsageError)
    assert result.exception.exit_code == 2
    assert "bilirubin_change is known only after the index date" in str(result.exception)
    assert not (tmp_path / "out").exists()


def test_a_comparison_with_its_day_is_made_from_the_landmark_and_the_own_day_only() -> None:
    table = _table(
        _report(
            comparison=[
                {
                    "column": "bilirubin_change",
                    "known_days": "bilirubin_day",
                    "good": ["fall", "stable"],
                    "bad": ["rise"],
                }
            ]
        ),
        "known_later_bilirubin_change",
    )

    assert set(table.numbers["form"]) == {"landmark", "own_entry"}
    assert _ratio(table, "landmark.rise") == pytest.approx(R["landmark_hr"], rel=1e-6)
    assert _ratio(table, "own_entry.rise") == pytest.approx(R["own_entry_hr"], rel=1e-6)


def _three(**settings: object) -> ResultTable:
    entry = {"column": "bilirubin_change", "good": ["fall"], "bad": ["stable"]} | settings
    return _table(_report(comparison=[entry], as_published=True), "known_later_bilirubin_change")


def test_as_published_stands_labelled_beside_the_defensible_forms_with_the_numbers_of_r() -> None:
    response = {
        "key": "bilirubin",
        "name": "Bilirubin",
        "column": "bilirubin_change",
        "days_column": "bilirubin_day",
        "good": ["fall", "stable"],
        "bad": ["rise"],
    }
    table = _table(
        _report(response=[response], groups=["bilirubin_change"], as_published=True), "known_later_bilirubin_change"
    )

    for form, name in (("from_index", "published"), ("landmark", "landmark"), ("own_entry", "own")):
        rows = table.numbers.loc[[f"{form}.stable", f"{form}.rise"]]
        found = [
            *rows["hazard_ratio"],
            *rows["hazard_ratio_lower"],
            *rows["hazard_ratio_upper"],
        ]
        assert found == pytest.approx(R[f"{name}_three_hr"], rel=1e-6)
        expected = R[f"{name}_three_lr_p" if form == "own_entry" else f"{name}_three_log_rank_p"][0]
        assert rows["p_value"].iloc[0] == pytest.approx(expected, rel=1e-6)
    labels = table.numbers.groupby("form")["label"].first()
    assert AS_PUBLISHED in labels["from_index"]
    assert AS_PUBLISHED not in labels["landmark"] + labels["own_entry"]


def test_without_a_day_only_the_labelled_form_is_shown_with_its_warning() -> None:
    table = _three()

    assert set(table.numbers["form"]) == {"from_index"}
    assert any("neither a landmark nor entry on the own day is possible" in note for note in table.notes)
    assert "contains immortal time" in table.shown[0].cells[0]


def test_a_column_of_unknown_nature_is_trusted_and_the_report_says_so() -> None:
    report = _report(groups=["edema"])

    (section,) = [section for section in report.sections if section.key == "groups"]
    assert "The settings name edema as known at the index date; the report trusts that." in section.paragraphs[0]


def test_a_second_treatment_as_published_stands_beside_its_start_stop_rows(tmp_path: Path) -> None:
    people = pd.DataFrame(
        {
            "subject": [f"P{place:02d}" for place in range(40)],
            "os_days": [200 + 31 * place % 700 for place in range(40)],
            "os_event": [int(place % 3 > 0) for place in range(40)],
            "n_treatments": [1 + place % 2 for place in range(40)],
            "second_treatment_days": [100 if place % 2 else None for place in range(40)],
        }
    )
    people.to_csv(tmp_path / "cohort.csv", index=False)
    rows = []
    for row in people.to_dict("records"):
        end, event = row["os_days"], row["os_event"]
        if row["n_treatments"] == 1:
            rows.append((row["subject"], 0, end, event, 0))
        else:
            rows += [(row["subject"], 0, 100, 0, 0), (row["subject"], 100, end, event, 1)]
    columns = ["subject", "start_days", "stop_days", "event", "second_treatment"]
    pd.DataFrame(rows, columns=columns).to_csv(tmp_path / "spans.csv", index=False)
    options = make_options(PLAIN | {"groups": ["n_treatments"], "as_published": True})

    table = _table(build_report(read_cohort(tmp_path, options=options), options), "known_later_n_treatments")

    assert set(table.numbers["form"]) == {"from_index", "start_stop"}
    assert "Start-stop rows" in " ".join(row.cells[0] for row in table.shown)
