"""No process that is started looks for its program in the working folder, whatever Python files lie there."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from recist import search_path
from recist.search_path import importable_path, safe_environment

PLANTED = ("numpy", "pandas", "pyarrow", "numba", "pydicom", "SimpleITK", "pickle")
PLANT = """
import os
with open({mark!r}, "a") as file:
    file.write(__file__ + "\\n")
"""
# The user's own process has the working folder in front, as `python -m` and a notebook do.
PROGRAM = """
import math, os, sys
import numba, numpy, pandas, pickle, pyarrow.parquet, pydicom, SimpleITK
from pathlib import Path
from recist.batch import measure_manifest
from recist.guarded import call_guarded

if __name__ == "__main__":
    sys.path[:0] = ["", os.getcwd()]
    os.environ["PYTHONPATH"] = os.pathsep.join(["", ".", os.environ.get("PYTHONPATH", "")])
    before = list(sys.path)
    assert call_guarded(math.sqrt, 9.0) == 3.0
    found = measure_manifest(Path(sys.argv[1]), time_limit_s=60.0).measurements
    print((found["state"] == "measured").sum())
    assert sys.path == before
"""


def test_python_files_in_the_working_folder_are_not_run(study: Path, tmp_path: Path) -> None:
    folder, mark = tmp_path / "foreign", tmp_path / "mark"
    (folder / "recist" / "batch").mkdir(parents=True)
    for name in (*PLANTED, "recist/__init__", "recist/batch/__init__", "recist/batch/worker"):
        (folder / f"{name}.py").write_text(PLANT.format(mark=str(mark)))
    (tmp_path / "program.py").write_text(PROGRAM)
    done = subprocess.run(
        [sys.executable, tmp_path / "program.py", study], cwd=folder, capture_output=True, text=True, check=False
    )
    assert not mark.exists(), mark.read_text()
    assert done.stdout == "10\n", done.stderr


def test_the_program_itself_leaves_the_working_folder(tmp_path: Path) -> None:
    (tmp_path / "pandas.py").write_text(PLANT.format(mark=str(tmp_path / "mark")))
    words = ["-c", "from recist.cli.main import run; run()", "score", "table.csv", "-o", "out"]
    (tmp_path / "table.csv").write_text("subject\nS1\n")
    done = subprocess.run([sys.executable, *words], cwd=tmp_path, capture_output=True, check=False)
    assert done.returncode == 1
    assert not (tmp_path / "mark").exists()


@pytest.fixture
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A working folder that nobody installed anything in."""
    monkeypatch.chdir(tmp_path)
    return tmp_path.resolve()


@pytest.mark.parametrize("entry", ["", ".", "{here}", "{here}/../{name}", "src"])
def test_the_working_folder_is_not_looked_in_however_it_is_written(
    elsewhere: Path, monkeypatch: pytest.MonkeyPatch, entry: str
) -> None:
    written = entry.format(here=elsewhere, name=elsewhere.name)
    monkeypatch.setattr(sys, "path", [written, *sys.path])
    found = importable_path()
    assert set(found) == set(sys.path[1:])
    assert elsewhere not in {Path(place).resolve() for place in found}


def test_an_editable_installation_in_the_working_folder_stays_behind_the_library(
    elsewhere: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(search_path, "_own_path", lambda: ("/library", str(elsewhere)))
    monkeypatch.setattr(sys, "path", [str(elsewhere), "/library", "/given", str(elsewhere)])
    assert importable_path() == ["/library", "/given", str(elsewhere)]


def test_a_folder_in_pythonpath_is_the_choice_of_the_user(elsewhere: Path) -> None:
    there = {"PYTHONPATH": os.pathsep.join(["", "/given", ".", str(elsewhere), "./", "src"])}
    assert safe_environment(there)["PYTHONPATH"] == os.pathsep.join(["/given", str(elsewhere), "src"])
    assert "PYTHONPATH" not in safe_environment({"PYTHONPATH": os.pathsep})


def test_settings_of_numba_in_the_working_folder_name_no_cache(elsewhere: Path) -> None:
    (elsewhere / ".numba_config.yaml").write_text("cache_dir: planted\n")
    code = "import numba; print(repr(numba.config.CACHE_DIR))"
    done = subprocess.run(
        [sys.executable, "-c", code], env=safe_environment(os.environ), capture_output=True, text=True, check=True
    )
    assert done.stdout == "''\n"
