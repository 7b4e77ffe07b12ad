"""The shape of the code: one file, one noun, short enough to read at a sitting."""

from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PACKAGES = ("recist", "viewer", "linkage", "survival", "sample_dicom")
MOST_LINES = 300
VAGUE = {"utils", "helpers", "common", "base", "misc"}
FILES = sorted(path for package in PACKAGES for path in (ROOT / package).rglob("*.py"))


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_file_is_no_longer_than_a_sitting(path: Path) -> None:
    assert len(path.read_text(encoding="utf-8").splitlines()) <= MOST_LINES


def test_no_file_has_a_name_that_says_nothing() -> None:
    assert [path.name for path in FILES if path.stem in VAGUE] == []
