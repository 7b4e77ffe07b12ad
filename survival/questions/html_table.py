"""A result as a small table of a web page: a caption, headers that a screen reader speaks, notes below."""

from __future__ import annotations

import html
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence


def say_html_table(
    caption: str, header: Sequence[str], rows: Sequence[Sequence[str]], notes: Sequence[str] = ()
) -> str:
    """Write a table; the first cell of each row is its header.

    Examples
    --------
    >>> say_html_table("Rates", ["", "n"], [["CR", "2"]]).count("scope=")
    3
    """
    head = "".join(f'<th scope="col">{html.escape(cell)}</th>' for cell in header)
    body = "".join(_say_row(row) for row in rows)
    below = "".join(f"<p>{html.escape(note)}</p>" for note in notes)
    return (
        f'<table><caption style="text-align:left;font-weight:bold">{html.escape(caption)}</caption>'
        f"<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>{below}"
    )


def _say_row(row: Sequence[str]) -> str:
    first, *others = (html.escape(cell) for cell in row)
    cells = "".join(f"<td>{cell}</td>" for cell in others)
    return f'<tr><th scope="row" style="text-align:left">{first}</th>{cells}</tr>'
