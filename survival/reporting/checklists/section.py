"""The section of checklists: every item with what the report gives, where, and what the authors still write."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from survival.reporting.checklists.remark import REMARK
from survival.reporting.checklists.strobe import STROBE
from survival.results import ResultTable, RowKind, Section, ShownRow

if TYPE_CHECKING:
    from collections.abc import Collection

    from survival.reporting.checklists.item import Checklist

CHECKLISTS = (STROBE, REMARK)
KEY, TITLE = "checklists", "Reporting checklists"
NOTHING = "Nothing."
NOT_HERE = "Not in this report: the cohort holds no data for it."


def checklists_section(places: Collection[str]) -> Section:
    """Lay out the checklists.

    Parameters
    ----------
    places : collection of str
        Keys of the sections that the report has.
    """
    paragraph = (
        "A report fills in part of what STROBE and REMARK ask for; the rest is for the authors. Neither list is a mark "
        "of quality: it says where readers find what."
    )
    tables = tuple(_table(checklist, places) for checklist in CHECKLISTS)
    return Section(key=KEY, title=TITLE, paragraphs=(paragraph,), items=tables)


def _table(checklist: Checklist, places: Collection[str]) -> ResultTable:
    shown: list[ShownRow] = []
    numbers = {}
    part = ""
    for item in checklist.items:
        if item.part != part:
            part = item.part
            shown.append(ShownRow(cells=(part,), kind=RowKind.HEADING))
        here = tuple(place for place in item.places if place in places)
        given = item.given if here else (NOT_HERE if item.given else NOTHING)
        cells = (f"{item.number}  {item.title}", given, item.authors, "" if here else "–")
        shown.append(ShownRow(cells=cells, places=here))
        numbers[str(item.number)] = {
            "part": item.part,
            "title": item.title,
            "report_gives": given,
            "authors_write": item.authors,
            "places": " ".join(here),
        }
    return ResultTable(
        name=checklist.key,
        title=checklist.title,
        numbers=pd.DataFrame.from_dict(numbers, orient="index"),
        header=("Item", "This report gives", "The authors write", "Where"),
        shown=tuple(shown),
        notes=(f"Items after {checklist.citation} Wording ours.",),
        folded=True,
        is_text=True,
    )
