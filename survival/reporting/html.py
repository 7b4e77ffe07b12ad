"""One self-contained page: every style and figure inside it, nothing fetched, readable by a screen reader."""

from __future__ import annotations

import re
from dataclasses import dataclass
from importlib.resources import files
from typing import TYPE_CHECKING

from survival.reporting.word_columns import word_columns
from survival.results import ResultFigure, ResultTable

if TYPE_CHECKING:
    from markupsafe import Markup

    from survival.results import Report, Section

PARTS = "survival.reporting"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Numbered:
    """A table or figure with its number in the report."""

    item: ResultTable | ResultFigure
    number: int

    @property
    def is_table(self) -> bool:
        """Whether it is a table."""
        return isinstance(self.item, ResultTable)


def number_items(report: Report) -> dict[str, Numbered]:
    """Give tables and figures their numbers through the report, each from 1."""
    numbered = {}
    counts = {ResultTable: 0, ResultFigure: 0}
    for section in report.sections:
        for item in section.items:
            counts[type(item)] += 1
            numbered[item.name] = Numbered(item=item, number=counts[type(item)])
    return numbered


def keep_together(text: str) -> str:
    """Put spaces that do not break where a number and its sign belong together.

    Examples
    --------
    >>> keep_together("95 % CI") == "95\u00a0%\u00a0CI"
    True
    """
    for pair in ("≥ ", " %", "% CI", "n = ", "p = ", "p < ", "C = "):
        text = text.replace(pair, pair.replace(" ", "\u00a0"))
    return text


def write_text(text: str) -> Markup:
    r"""Write a text for the page: escaped, numbers kept with their signs, what stands in backticks as code.

    Examples
    --------
    >>> str(write_text("n = 3 < 4; `recist link`"))
    'n\xa0=\xa03 &lt; 4; <code>recist link</code>'
    """
    from markupsafe import Markup, escape

    return Markup(re.sub(r"`([^`]+)`", r"<code>\1</code>", str(escape(keep_together(text)))))  # noqa: S704


def render_html(report: Report) -> str:
    """Lay a report out as HTML."""
    from jinja2 import Environment, StrictUndefined

    folder = files(PARTS)
    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    environment.filters["tidy"] = write_text
    template = environment.from_string((folder / "page.html.j2").read_text(encoding="utf-8"))
    numbered = number_items(report)

    def items_of(section: Section) -> list[Numbered]:
        return [numbered[item.name] for item in section.items]

    return template.render(
        report=report,
        style=(folder / "style.css").read_text(encoding="utf-8"),
        items_of=items_of,
        word_columns=word_columns,
    )
