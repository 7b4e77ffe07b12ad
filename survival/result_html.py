"""How a result shows itself in a notebook: its sentence, then its table with headings a screen reader can follow."""

from __future__ import annotations

import html
import math
from typing import TYPE_CHECKING, Any

from survival.phrases import SMALLEST_P

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
    head = "".join(f'<th scope="col">{html.escape(_heading(name))}</th>' for name in table.columns)
    body = "".join(_row(tuple(table.columns), record) for record in table.head(MOST_ROWS).itertuples(index=False))
    more = f" (first {MOST_ROWS} of {len(table)} rows)" if len(table) > MOST_ROWS else ""
    return (
        f"<div><p>{lines}</p>{f'<ul>{warned}</ul>' if warned else ''}"
        f"<table><caption>{html.escape(caption + more)}</caption><thead><tr>{head}</tr></thead>"
        f"<tbody>{body}</tbody></table></div>"
    )


def _heading(name: object) -> str:
    return str(name).replace("_", " ")


def _row(columns: tuple[Any, ...], values: tuple[Any, ...]) -> str:
    cells = (f"<td>{html.escape(_cell(str(name), value))}</td>" for name, value in zip(columns, values, strict=True))
    return f"<tr>{''.join(cells)}</tr>"


def _cell(name: str, value: Any) -> str:
    """Write one value: p values to three decimals, other numbers to four significant digits, a dash for none."""
    if not isinstance(value, float):
        return str(value)
    if math.isnan(value):
        return "–"
    if name.endswith("p_value"):
        return f"<{SMALLEST_P}" if value < SMALLEST_P else f"{value:.3f}"
    return f"{value:.{SIGNIFICANT}g}" if abs(value) < 10**SIGNIFICANT else f"{value:.0f}"
