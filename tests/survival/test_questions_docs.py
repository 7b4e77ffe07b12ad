"""The page and the notebook say what the program says: both are executed and compared with what they print."""

import importlib.util
import re
from pathlib import Path
from types import ModuleType

import nbformat
import pytest

DOCS = Path(__file__).parents[2] / "docs"
PAGE = DOCS / "survival_api.md"
NOTEBOOK = DOCS / "notebooks" / "response_and_survival.ipynb"
MOST_BYTES = 300_000


def load(name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(name, DOCS / "notebooks" / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def sample(tmp_path_factory):
    folder = tmp_path_factory.mktemp("sample") / "study"
    load("sample_cohort").make_sample_cohort(folder)
    return folder


def test_the_code_of_the_page_prints_what_stands_below_it(sample):
    page = PAGE.read_text(encoding="utf-8")
    assert page.count("```python") == page.count("```text") > 5
    assert load("execute").print_page(page, sample) == page, "run: python docs/notebooks/execute.py"


def said(cell):
    """Give what a cell prints and returns as text; figures are drawn for the eye."""
    streams = [output.text for output in cell.outputs if output.output_type == "stream"]
    values = [
        output.data["text/plain"] for output in cell.outputs if "data" in output and "image/png" not in output.data
    ]
    return "".join(streams), values


def test_the_notebook_prints_what_is_kept_in_it():
    kept = nbformat.read(NOTEBOOK, as_version=4)
    found = load("execute").execute(NOTEBOOK)
    for before, after in zip(kept.cells, found.cells, strict=True):
        if before.cell_type == "code":
            assert said(after) == said(before), "run: python docs/notebooks/execute.py"


def test_the_notebook_is_small_and_holds_no_path_of_a_machine():
    assert NOTEBOOK.stat().st_size < MOST_BYTES
    assert not re.search(r"/(home|root|tmp|work|Users)/", NOTEBOOK.read_text(encoding="utf-8"))


def test_other_conventions_of_progression_are_the_same_from_the_reads_and_linked_again(sample):
    from survival import load_cohort, progression_free_survival

    asked = {"missed_scans": "censor"}
    from_reads = progression_free_survival(load_cohort(sample / "cohort"), **asked)
    linked_again = progression_free_survival(load_cohort(sample / "tables" / "study.toml"), **asked)
    as_linked = progression_free_survival(load_cohort(sample / "cohort"))
    assert from_reads.days.tolist() == pytest.approx(linked_again.days.tolist(), nan_ok=True)
    assert from_reads.event.tolist() == linked_again.event.tolist()
    assert from_reads.events < as_linked.events


def test_a_report_is_written_as_the_command_writes_it(tmp_path):
    from survival import ReportOptions, load_cohort, report

    veteran = load_cohort(Path(__file__).parent / "reference_questions" / "veteran")
    written = report(veteran, tmp_path / "report", options=ReportOptions(bootstrap=100, groups=("arm",)))
    assert written.page.is_file()
    assert "137 patients" in str(written)
    assert 'scope="col"' in written._repr_html_()
