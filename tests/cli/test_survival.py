"""The command ``recist survival``, as a person runs it."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

REFERENCE = Path(__file__).parents[1] / "survival" / "reference_headline"


@pytest.fixture(scope="module")
def recist(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return Path(sys.executable).with_name("recist")


def _recist(recist: Path, *words: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run([str(recist), "survival", *map(str, words)], capture_output=True, text=True, check=False)


def test_a_cohort_becomes_a_report_and_a_summary(recist: Path, tmp_path: Path) -> None:
    config = tmp_path / "settings.toml"
    config.write_text('[survival]\nbootstrap = 200\npublished = "kane-2018"\n', encoding="utf-8")

    done = _recist(recist, REFERENCE, "--config", config, "-o", tmp_path / "out")

    assert done.returncode == 0, done.stderr
    assert "Median overall survival: 27.9 months (95 % CI 20.4–34.3; n = 211, 170 events)" in done.stdout
    assert "Published" in done.stdout
    assert str(tmp_path / "out" / "report.html") in done.stdout
    results = json.loads((tmp_path / "out" / "results.json").read_text(encoding="utf-8"))
    assert {entry["file"] for entry in results["inputs"]} == {"cohort.csv", "spans.csv", "settings.toml"}


def test_faults_in_the_cohort_give_exit_code_1_and_no_output(recist: Path, tmp_path: Path) -> None:
    (tmp_path / "cohort.csv").write_text("subject,os_days,os_event\nA,-5,1\nA,10,3\n", encoding="utf-8")

    done = _recist(recist, tmp_path, "-o", tmp_path / "out")

    assert done.returncode == 1
    assert "row 2" in done.stderr
    assert "row 3" in done.stderr
    assert "0 or 1" in done.stderr
    assert "Traceback" not in done.stderr
    assert not (tmp_path / "out").exists()


def test_a_covariate_of_the_future_gives_exit_code_2(recist: Path, tmp_path: Path) -> None:
    config = tmp_path / "settings.toml"
    config.write_text('[survival]\ncovariates = ["n_treatments"]\n', encoding="utf-8")

    done = _recist(recist, REFERENCE, "--config", config, "-o", tmp_path / "out")

    assert done.returncode == 2
    assert "immortal time" in done.stderr
    assert not (tmp_path / "out").exists()


def test_an_unknown_setting_gives_exit_code_1_and_the_valid_names(recist: Path, tmp_path: Path) -> None:
    config = tmp_path / "settings.toml"
    config.write_text("[survival]\nlandmark = 90\n", encoding="utf-8")

    done = _recist(recist, REFERENCE, "--config", config, "-o", tmp_path / "out")

    assert done.returncode == 1
    assert "landmark_days" in done.stderr


def test_the_headline_fits_80_columns_with_its_intervals_whole(recist: Path, tmp_path: Path) -> None:
    config = tmp_path / "settings.toml"
    config.write_text('[survival]\nbootstrap = 200\npublished = "kane-2018"\n', encoding="utf-8")

    done = _recist(recist, REFERENCE, "--config", config, "-o", tmp_path / "out")

    table = done.stdout.partition("Headline figures")[2].partition("•")[0].splitlines()
    assert max(map(len, table)) <= 80
    assert any("start-stop rows" in line for line in table)
    assert all(line.count("(") == line.count(")") for line in table if " to " in line)


def test_misspelled_columns_give_exit_code_1_and_the_columns_there_are(recist: Path, tmp_path: Path) -> None:
    config = tmp_path / "settings.toml"
    config.write_text('[survival]\ncovariates = ["agee"]\ngroups = ["armm"]\nsplit = "foo"\n', encoding="utf-8")

    done = _recist(recist, REFERENCE, "--config", config, "-o", tmp_path / "out")

    assert done.returncode == 1
    assert all(name in done.stderr for name in ("agee", "armm", "foo", "age_years", "biochemical"))
    assert not (tmp_path / "out").exists()
