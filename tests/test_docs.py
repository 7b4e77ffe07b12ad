"""The pages say what the program does."""

import importlib.util
from pathlib import Path

import pytest

from linkage.tables import STUDY_TABLES
from recist.cli.main import COMMANDS
from recist.manifest import MANIFEST
from recist.problems import PROBLEM_COLUMNS
from recist.tables import BEST_RESPONSES, MEASUREMENTS, RESPONSES, SUBJECTS, VISITS, Table

ROOT = Path(__file__).parent.parent
TABLES = (MANIFEST, MEASUREMENTS, SUBJECTS, RESPONSES, BEST_RESPONSES, VISITS, *STUDY_TABLES)


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_every_column_of_a_table_is_on_its_page(table: Table) -> None:
    page = (ROOT / "docs" / "tables.md").read_text(encoding="utf-8")
    assert [name for name in table.column_names if f"`{name}`" not in page] == []


def test_every_column_of_problems_is_on_the_page() -> None:
    page = (ROOT / "docs" / "tables.md").read_text(encoding="utf-8")
    assert [name for name in PROBLEM_COLUMNS if f"`{name}`" not in page] == []


def test_the_readme_names_every_command() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    missing = [name for name in COMMANDS if name != "demo" and f"recist {name}" not in readme]
    assert missing == []
    assert "make demo" in readme
    assert "make test" in readme


def test_the_made_parts_of_the_pages_say_what_the_program_says() -> None:
    spec = importlib.util.spec_from_file_location("make_pages", ROOT / "tools" / "make_pages.py")
    assert spec is not None
    assert spec.loader is not None
    pages = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(pages)
    behind = [path.name for path in pages.DOCS.glob("*.md") if pages.made_page(path.read_text()) != path.read_text()]
    assert behind == [], "run: python tools/make_pages.py"
