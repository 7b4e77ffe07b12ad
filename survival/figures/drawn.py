"""From a drawing function to a figure of the report."""

from __future__ import annotations

import html
from typing import TYPE_CHECKING

from survival.figures.style import pdf_of, png_of, report_style, svg_of
from survival.results import ResultFigure

if TYPE_CHECKING:
    from collections.abc import Callable

    from matplotlib.figure import Figure


def draw_figure(
    draw: Callable[[], Figure], *, name: str, title: str, description: str, caption: str = ""
) -> ResultFigure:
    """Draw a figure once and keep it as SVG, PNG and PDF.

    The SVG carries its title and description, which a screen reader speaks.
    """
    with report_style():
        figure = draw()
        svg = svg_of(figure, name)
        png = png_of(figure)
        pdf = pdf_of(figure, title)
        width = float(figure.get_size_inches()[0])
    return ResultFigure(
        name=name,
        title=title,
        description=description,
        caption=caption,
        svg=_with_words(svg, name, title, description, width),
        png=png,
        pdf=pdf,
    )


def _with_words(svg: str, name: str, title: str, description: str, width: float) -> str:
    head, _, rest = svg.partition(">")
    words = (
        f' style="--inches: {width:g}" role="img" aria-labelledby="{name}-title {name}-desc">'
        f'<title id="{name}-title">{html.escape(title)}</title><desc id="{name}-desc">{html.escape(description)}</desc>'
    )
    return head + words + rest
