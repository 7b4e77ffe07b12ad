"""``recist score --criteria`` with published sets and with a protocol of one's own."""

import json
from pathlib import Path

import pandas as pd
import pytest
from typer.testing import CliRunner, Result

from recist.cli.main import app
from recist.errors import MissingInput, UsageError

ROWS = "subject,timepoint,date,lesion,role,site,diameter_mm,slice_thickness_mm\n" + "".join(
    f"S1,{label},{date},T1,target,lung,{size},3\n"
    for label, date, size in (
        ("baseline", "2020-01-01", 50),
        ("week 8", "2020-02-26", 5),
        ("week 16", "2020-04-22", 6.5),
    )
)
PROTOCOL = """
base = "recist-1.1"
name = "study-x"
citation = "Protocol X, section 8"
[limits]
progression_increase = 0
[options]
min_sd_days = 49
"""


@pytest.fixture
def table(tmp_path: Path) -> Path:
    path = tmp_path / "measurements.csv"
    path.write_text(ROWS, encoding="utf-8")
    return path


def recist(*words: object) -> Result:
    return CliRunner().invoke(app, ["score", *map(str, words)])


def settings_of(folder: Path) -> dict[str, object]:
    found: dict[str, object] = json.loads((folder / "options.json").read_text(encoding="utf-8"))
    return found


def test_the_options_of_the_criteria_are_echoed_with_their_citation(table: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    assert recist(table, "--criteria", "recist-1.0", "-o", out).exit_code == 0
    settings = settings_of(out)
    assert settings["criteria"] == "recist-1.0"
    assert "Therasse" in str(settings["citation"])
    assert settings["response"]["max_targets"] == 10  # type: ignore[index]  # a table
    assert pd.read_csv(out / "responses.csv")["overall_response"].tolist() == ["PR", "PD"]
    assert "protocol" not in settings


def test_a_protocol_scores_and_all_it_changes_is_echoed(table: Path, tmp_path: Path) -> None:
    (tmp_path / "protocol.toml").write_text(PROTOCOL, encoding="utf-8")
    out = tmp_path / "out"
    done = recist(table, "--criteria", tmp_path / "protocol.toml", "-o", out)
    assert done.exit_code == 0, done.output
    assert pd.read_csv(out / "responses.csv")["overall_response"].tolist() == ["PR", "PD"]
    settings = settings_of(out)
    assert settings["criteria"] == "study-x"
    assert "Protocol X, section 8" in str(settings["citation"])
    assert settings["response"]["min_sd_days"] == 49  # type: ignore[index]  # a table
    assert settings["changes"] == [
        {
            "what": "progression_increase",
            "value": "0 mm",
            "instead_of": "5 mm",
            "citation": "Protocol X, section 8",
        },
        {
            "what": "options.min_sd_days",
            "value": "49",
            "instead_of": "the default",
            "citation": "Protocol X, section 8",
        },
    ]
    assert settings["protocol"]["limits"] == {"progression_increase": 0}  # type: ignore[index]  # a table


def test_an_explanation_follows_the_protocol_of_the_results(table: Path, tmp_path: Path) -> None:
    (tmp_path / "protocol.toml").write_text(PROTOCOL, encoding="utf-8")
    out = tmp_path / "out"
    assert recist(table, "--criteria", tmp_path / "protocol.toml", "-o", out).exit_code == 0
    (tmp_path / "protocol.toml").unlink()
    told = CliRunner().invoke(app, ["explain", str(out), "--subject", "S1"])
    assert told.exit_code == 0, told.output
    assert "study-x" in told.output
    assert "Overall response: PD" in " ".join(told.output.split())


def test_a_faulty_protocol_is_a_usage_error_and_nothing_is_written(table: Path, tmp_path: Path) -> None:
    (tmp_path / "protocol.toml").write_text(PROTOCOL.replace("= 0", '= "1 cm"').replace("49", '"x"'), encoding="utf-8")
    done = recist(table, "--criteria", tmp_path / "protocol.toml", "-o", tmp_path / "out")
    assert isinstance(done.exception, UsageError)
    assert str(done.exception).splitlines() == [
        "protocol.toml: limits.progression_increase: found '1 cm'; expected a number of mm, with two decimals at most",
        "protocol.toml: options: option min_sd_days cannot be 'x'; expected a whole number, 0 or more",
    ]
    assert not (tmp_path / "out").exists()


def test_unknown_criteria_and_a_missing_protocol_are_told(table: Path, tmp_path: Path) -> None:
    unknown = recist(table, "--criteria", "recist-3", "-o", tmp_path / "out")
    assert isinstance(unknown.exception, UsageError)
    assert "expected one of: recist-1.1, recist-1.0" in str(unknown.exception)
    missing = recist(table, "--criteria", tmp_path / "none.toml", "-o", tmp_path / "out")
    assert isinstance(missing.exception, MissingInput)
