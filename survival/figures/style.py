"""How every figure looks: colours that colour-blind readers can tell apart, line styles as the second cue, one font."""

from __future__ import annotations

import io
import re
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

# Okabe and Ito's palette, in an order that keeps contrast on white
COLOURS = ("#0072B2", "#D55E00", "#009E73", "#AA4499", "#555555", "#B8860B")
LINE_STYLES: tuple[Any, ...] = (
    "-",
    (0, (5, 1.6)),
    (0, (6, 1.6, 1.2, 1.6)),
    (0, (1.4, 1.4)),
    (0, (3, 1, 1, 1, 1, 1)),
    (0, (2.2, 3)),
)
INK = "#1b2733"
QUIET = "#5b6770"
RULE = "#c9d1d6"
GRID = "#eceff1"
PAPER = "#ffffff"
SHADE = "#f3f6f8"
FONT_SIZE_PT = 9
SMALL_PT = 8
PNG_DPI = 150
ONE_COLUMN, MEDIUM, TWO_COLUMNS = 3.5, 5.6, 7.1
"""Widths of a journal's columns in inches: 89, 142 and 180 mm."""
FONTS = Path(__file__).parent / "fonts"
FONT, FALLBACK = "Report Sans", "DejaVu Sans"
FONT_STACK = "Arial, Helvetica, 'Liberation Sans', Arimo, sans-serif"
"""Families with the letter widths of the figures' own font, so that the text of an SVG keeps its place everywhere."""

_SETTINGS: Any = {
    "font.family": [FONT, FALLBACK],  # the second for letters that the first has not
    "font.size": FONT_SIZE_PT,
    "axes.edgecolor": QUIET,
    "axes.labelcolor": INK,
    "axes.linewidth": 0.8,
    "xtick.color": QUIET,
    "ytick.color": QUIET,
    "xtick.labelcolor": INK,
    "ytick.labelcolor": INK,
    "text.color": INK,
    "svg.hashsalt": "recist-toolkit",
    "svg.fonttype": "none",  # letters stay text: small, searchable, to be edited
    "pdf.fonttype": 42,
    "pdf.use14corefonts": False,
    "hatch.linewidth": 0.6,
    "figure.facecolor": PAPER,
    "savefig.facecolor": PAPER,
}


@contextmanager
def report_style() -> Iterator[None]:
    """Use the report's look inside the block and give matplotlib's settings back after it."""
    import matplotlib as mpl

    _register_fonts()
    with mpl.rc_context(_SETTINGS):
        yield


@cache
def _register_fonts() -> None:
    """Tell matplotlib of the figures' own font: the same letters on every computer, quick to put into a PDF."""
    from matplotlib.font_manager import fontManager

    for file in ("sans-regular.ttf", "sans-bold.ttf"):
        fontManager.addfont(FONTS / file)


def new_figure(width_inches: float, height_inches: float) -> Figure:
    """Make an empty figure of its own, known to no window and no global list."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    figure = Figure(figsize=(width_inches, height_inches))
    FigureCanvasAgg(figure)
    return figure


def add_axes_inches(figure: Figure, left: float, bottom: float, width: float, height: float) -> Axes:
    """Add axes at a place given in inches from the lower left corner."""
    full_width, full_height = figure.get_size_inches()
    return figure.add_axes((left / full_width, bottom / full_height, width / full_width, height / full_height))


def strip_axes(axes: Axes) -> None:
    """Leave the left and lower edges only."""
    axes.spines[["top", "right"]].set_visible(False)


def svg_of(figure: Figure, name: str) -> str:
    """Give a figure as SVG text for a page: no XML prologue, ids that are its own, no date."""
    buffer = io.StringIO()
    figure.savefig(buffer, format="svg", metadata={"Date": None, "Creator": None})
    text = buffer.getvalue()
    text = text[text.index("<svg") :]
    text = re.sub(r"<metadata>.*?</metadata>", "", text, flags=re.DOTALL)
    text = re.sub(r"<style[^>]*>.*?</style>", "", text, flags=re.DOTALL)  # it would hold for the whole page
    text = _shorten_numbers(text)
    text = re.sub(rf"'{FONT}'(, '{FALLBACK}')?", FONT_STACK, text)
    text = re.sub(r'\bid="([^"]+)"', rf'id="{name}-\1"', text)
    text = re.sub(r'href="#([^"]+)"', rf'href="#{name}-\1"', text)
    return re.sub(r"url\(#([^)]+)\)", rf"url(#{name}-\1)", text)


def _shorten_numbers(svg: str) -> str:
    """Keep two decimals of every place inside tags: a hundredth of a point; what is written stays as it is."""
    return re.sub(r"<[^>]+>", lambda tag: re.sub(r"(\d+\.\d\d)\d+", r"\1", tag.group()), svg)


def pdf_of(figure: Figure, title: str) -> bytes:
    """Give a figure as PDF: vectors, its font inside, no date."""
    buffer = io.BytesIO()
    words = {"Title": title, "CreationDate": None, "ModDate": None, "Creator": None, "Producer": None}
    figure.savefig(buffer, format="pdf", metadata=words)
    return buffer.getvalue()


def png_of(figure: Figure) -> bytes:
    """Give a figure as PNG."""
    buffer = io.BytesIO()
    figure.savefig(buffer, format="png", dpi=PNG_DPI, metadata={"Software": None})
    return buffer.getvalue()
