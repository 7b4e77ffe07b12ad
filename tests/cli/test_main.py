"""The command line as a whole: light to start, helpful, and without tracebacks."""

import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from recist.cli.main import COMMANDS, app
from recist.errors import UsageError

HEAVY = ("napari", "qtpy", "PySide6", "lifelines", "SimpleITK", "matplotlib", "scipy", "pydicom", "numba", "pandas")


def test_help_loads_nothing_heavy() -> None:
    code = (
        "import sys\n"
        "from recist.cli.main import app\n"
        "try:\n    app(['--help'])\nexcept SystemExit:\n    pass\n"
        f"print('heavy:', [name for name in {HEAVY!r} if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "heavy: []"


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_a_help_with_an_example(name: str) -> None:
    done = CliRunner().invoke(app, [name, "--help"])
    assert done.exit_code == 0
    assert f"recist {name}" in done.output.split("Example", 1)[1]


def test_a_wrong_option_is_wrong_usage() -> None:
    assert CliRunner().invoke(app, ["doctor", "--colour"]).exit_code == 2


def test_a_fault_is_a_sentence_and_not_a_traceback() -> None:
    done = subprocess.run(
        [sys.executable, "-c", "from recist.cli.main import run; run()", "measure", "none.csv", "-o", "nowhere"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert "no such file" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    "words",
    [
        ("demo",),
        ("measure", "m.csv"),
        ("score", "m.csv"),
        ("link", "study.toml"),
        ("survival", "cohort"),
        ("run", "study.toml"),
    ],
)
def test_a_file_is_refused_as_the_folder_of_results_before_any_work(words: tuple[str, ...], tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("mine")
    done = CliRunner().invoke(app, [*words, "-o", str(tmp_path / "taken")])
    assert isinstance(done.exception, UsageError)
    assert "name a folder" in str(done.exception)
    assert (tmp_path / "taken").read_text() == "mine"


def test_a_folder_that_cannot_be_written_is_a_sentence_and_not_a_traceback(tmp_path: Path) -> None:
    table = tmp_path / "measurements.csv"
    table.write_text(
        "subject,timepoint,date,lesion,role,site,diameter_mm\n"
        "S1,baseline,2020-01-01,T1,target,liver,20\nS1,w8,2020-03-01,T1,target,liver,10\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", "from recist.cli.main import run; run()", "score", str(table), "-o", "/proc/none/here"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 3
    assert "/proc/none" in done.stderr
    assert "Traceback" not in done.stderr
