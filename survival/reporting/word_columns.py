"""Which columns of a table hold words, on the page and in the Word file alike."""

from __future__ import annotations

from typing import TYPE_CHECKING

from survival.results import RowKind

if TYPE_CHECKING:
    from survival.results import ResultTable

LONGEST_FIGURE = 44
"""In letters; what is longer wraps as words do."""


def word_columns(table: ResultTable) -> frozenset[int]:
    """Find the columns of words, which may wrap and stand left; figures stay whole and stand right."""
    return frozenset(
        place
        for row in table.shown
        if row.kind is not RowKind.HEADING
        for place, cell in enumerate(row.cells)
        if table.is_text or len(max(cell.split("\n"), key=len)) > LONGEST_FIGURE
    )
