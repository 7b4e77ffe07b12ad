"""The page for readers says what the program does."""

import re
from pathlib import Path

from viewer.keys import all_keys
from viewer.origin import METHOD_COLUMNS, SERIES_COLUMNS
from viewer.store import PLACE_COLUMNS, POINT_COLUMNS

PAGE = (Path(__file__).parents[2] / "docs" / "reading.md").read_text(encoding="utf-8")


def test_the_page_lists_every_key_and_its_meaning():
    keys = PAGE.partition("## Keys")[2].partition("##")[0]
    assert re.findall(r"^\| `(.+?)` \| (.+?) \|$", keys, re.M) == [(key.key, key.meaning) for key in all_keys()]


def test_the_page_names_every_column_that_the_viewer_adds():
    assert {*PLACE_COLUMNS, *POINT_COLUMNS, *SERIES_COLUMNS, *METHOD_COLUMNS} <= set(re.findall(r"`(\w+)`", PAGE))
