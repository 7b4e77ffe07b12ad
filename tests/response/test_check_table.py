"""The table of checks and the checks themselves say the same."""

import ast
from pathlib import Path

import pytest

import recist
from recist.problems import Severity
from recist.response.checks.table import CHECKS, severity_of

PACKAGE = Path(recist.__file__).parent
ROOMS = ("response/checks", "response/visits")
FILES = ("columns.py", "header.py", "tables.py", "response/engine.py", "criteria/mrecist.py")
CODES = {check.code for check in CHECKS}


def sources() -> list[ast.Module]:
    paths = [path for room in ROOMS for path in (PACKAGE / room).glob("*.py") if path.name != "table.py"]
    return [ast.parse(path.read_text(encoding="utf-8")) for path in (*paths, *(PACKAGE / name for name in FILES))]


def words_of(tree: ast.AST) -> set[str]:
    """Every text constant."""
    return {node.value for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str)}


def codes_reported(tree: ast.AST) -> set[str]:
    """The texts given as ``code=``."""
    keywords = [node for node in ast.walk(tree) if isinstance(node, ast.keyword) and node.arg == "code"]
    return {word for node in keywords for word in words_of(node.value)}


def test_every_code_that_is_reported_is_in_the_table() -> None:
    assert set().union(*map(codes_reported, sources())) - CODES == set()


def test_every_row_of_the_table_is_reported_somewhere() -> None:
    assert CODES - set().union(*map(words_of, sources())) == set()


def test_every_row_says_what_it_finds_and_what_it_stands_on() -> None:
    assert len(CODES) == len(CHECKS)
    for check in CHECKS:
        assert check.code.islower()
        assert check.finds
        assert check.citation
        assert check.or_else is not check.severity


def test_a_code_that_is_no_check_cannot_be_reported() -> None:
    with pytest.raises(KeyError):
        severity_of("no_such_check")


def test_only_a_severity_of_the_check_can_be_chosen() -> None:
    assert severity_of("too_many_targets", Severity.ERROR) is Severity.ERROR
    with pytest.raises(AssertionError):
        severity_of("duplicate_row", Severity.WARNING)
