"""How a result shows itself in a notebook: its sentence, then its table with headers that a screen reader speaks."""

from __future__ import annotations

import html
import math
from typing import TYPE_CHECKING, Any

from survival.words.phrases import SMALLEST_P

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

SIGNIFICANT = 4
"""Digits of a number in a notebook's table; the DataFrame of the result holds all of them."""
MOST_ROWS = 20


def result_html(sentence: str, table: pd.DataFrame, *, caption: str, messages: Sequence[str] = ()) -> str:
    """Lay out a result as HTML.

    Parameters
    ----------
    sentence : str
        What ``print`` gives; each line becomes a line.
    table : pandas.DataFrame
        Rows to show, at most ``MOST_ROWS`` of them.
    caption : str
        What the table holds.
    messages : sequence of str
        What to beware of.

    Returns
    -------
    str
        One ``<div>``, with all text escaped.

    Examples
    --------
    >>> import pandas as pd
    >>> result_html("p < 0.001", pd.DataFrame({"p_value": [1e-9]}), caption="Test").count("&lt;0.001")
    1
    """
    lines = "<br>".join(html.escape(line) for line in sentence.splitlines())
    warned = "".join(f"<li>{html.escape(message)}</li>" for message in messages)
    more = f" (first {MOST_ROWS} of {len(table)} rows)" if len(table) > MOST_ROWS else ""
    header = [_heading(name) for name in table.columns]
    rows = [_row(tuple(table.columns), record) for record in table.head(MOST_ROWS).itertuples(index=False)]
    return (
        f"<div><p>{lines}</p>{f'<ul>{warned}</ul>' if warned else ''}"
        f"{say_html_table(caption + more, header, rows)}</div>"
    )


def say_html_table(
    caption: str, header: Sequence[str], rows: Sequence[Sequence[str]], notes: Sequence[str] = ()
) -> str:
    """Write a table of words; the first cell of each row is its header.

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


def _heading(name: object) -> str:
    return str(name).replace("_", " ")


def _row(columns: tuple[Any, ...], values: tuple[Any, ...]) -> list[str]:
    return [_cell(str(name), value) for name, value in zip(columns, values, strict=True)]


def _cell(name: str, value: Any) -> str:
    """Write one value: p values to three decimals, other numbers to four significant digits, a dash for none."""
    if not isinstance(value, float):
        return str(value)
    if math.isnan(value):
        return "–"
    if name.endswith("p_value"):
        return f"<{SMALLEST_P}" if value < SMALLEST_P else f"{value:.3f}"
    return f"{value:.{SIGNIFICANT}g}" if abs(value) < 10**SIGNIFICANT else f"{value:.0f}"
