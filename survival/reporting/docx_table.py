"""One table in the language of Word: header repeated on every page, no row split, rules above and below."""

from __future__ import annotations

from typing import TYPE_CHECKING
from xml.sax.saxutils import escape, quoteattr

from survival.reporting.word_columns import word_columns
from survival.results import RowKind

if TYPE_CHECKING:
    from collections.abc import Sequence

    from survival.results import ResultTable, ShownRow

NARROWEST, WIDEST = 6, 34
"""Bounds of the length of text that a column is made wide for, in letters."""
TEXT_WIDEST = 60
MARGIN = 2
"""Letters of room beside the longest text."""
INDENT = 180  # twips
LETTER = 100
"""Twips that a letter of a figure takes; beside words, columns of figures get just what they need."""
SMALLEST_SHARE_OF_WORDS = 0.4
RULE = 'w:val="single" w:sz="8" w:space="0" w:color="1B2733"'
LINE = 'w:val="single" w:sz="4" w:space="0" w:color="D5DBDF"'


def paragraph(text: str, *, style: str, is_bold: bool = False, is_right: bool = False, indent: int = 0) -> str:
    """Write a paragraph; line breaks of the text stay."""
    bold = "<w:rPr><w:b/></w:rPr>" if is_bold else ""
    left = f'<w:ind w:left="{indent}"/>' if indent else ""
    right = '<w:jc w:val="right"/>' if is_right else ""
    runs = '</w:t><w:br/><w:t xml:space="preserve">'.join(escape(line) for line in text.split("\n"))
    return (
        f'<w:p><w:pPr><w:pStyle w:val="{style}"/>{left}{right}</w:pPr>'
        f'<w:r>{bold}<w:t xml:space="preserve">{runs}</w:t></w:r></w:p>'
    )


def table(shown: ResultTable, *, width: int, titles: dict[str, str]) -> str:
    """Write a table.

    Parameters
    ----------
    shown : ResultTable
    width : int
        In twips.
    titles : dict of str to str
        Titles of the sections that rows lead to.
    """
    texts = [_texts(row, len(shown.header), titles) for row in shown.shown]
    widths = share_widths(shown, texts, width)
    grid = "".join(f'<w:gridCol w:w="{part}"/>' for part in widths)
    borders = f"<w:top {RULE}/><w:bottom {RULE}/><w:insideH {LINE}/>"
    properties = (
        f'<w:tblW w:w="{width}" w:type="dxa"/><w:tblBorders>{borders}</w:tblBorders><w:tblLayout w:type="fixed"/>'
        '<w:tblCellMar><w:left w:w="60" w:type="dxa"/><w:right w:w="60" w:type="dxa"/></w:tblCellMar>'
        f'<w:tblLook w:firstRow="1" w:firstColumn="1"/><w:tblCaption w:val={quoteattr(shown.title)}/>'
    )
    rows = [
        _header(shown, widths),
        *(_row(row, cells, shown, widths) for row, cells in zip(shown.shown, texts, strict=True)),
    ]
    return f"<w:tbl><w:tblPr>{properties}</w:tblPr><w:tblGrid>{grid}</w:tblGrid>{''.join(rows)}</w:tbl>"


def _texts(row: ShownRow, columns: int, titles: dict[str, str]) -> list[str]:
    """Give the texts of a row, one a column, the titles it leads to in the last."""
    texts = [*row.cells, *([""] * (columns - len(row.cells)))]
    if row.places:
        texts[-1] = "; ".join(text for text in (texts[-1], *(titles[place] for place in row.places)) if text)
    return texts


def share_widths(shown: ResultTable, texts: Sequence[Sequence[str]], width: int) -> list[int]:
    """Share the width out by the longest text of each column; whole twips that add up to the width."""
    words = word_columns(shown)
    rows = [cells for row, cells in zip(shown.shown, texts, strict=True) if row.kind is not RowKind.HEADING]
    needs = []
    for place, name in enumerate(shown.header):
        lengths = [_longest_word(name), *(_longest_line(cells[place]) for cells in rows)]
        most = TEXT_WIDEST if place in words else WIDEST
        needs.append(min(max([NARROWEST, *lengths]), most) + MARGIN)
    fixed = {place: needs[place] * LETTER for place in range(1, len(needs)) if place not in words}
    left = width - sum(fixed.values())
    if words and left > width * SMALLEST_SHARE_OF_WORDS:
        others = sum(need for place, need in enumerate(needs) if place not in fixed)
        parts = [fixed.get(place, left * need // others) for place, need in enumerate(needs)]
    else:
        parts = [width * need // sum(needs) for need in needs]
    parts[0] += width - sum(parts)
    return parts


def _longest_line(text: str) -> int:
    return max(map(len, text.split("\n")))


def _longest_word(text: str) -> int:
    return max(map(len, text.split()), default=0)


def _cell(content: str, width: int, *, span: int = 1, is_header: bool = False) -> str:
    across = f'<w:gridSpan w:val="{span}"/>' if span > 1 else ""
    rule = f"<w:tcBorders><w:bottom {RULE}/></w:tcBorders>" if is_header else ""
    bottom = '<w:vAlign w:val="bottom"/>' if is_header else ""
    return f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/>{across}{rule}{bottom}</w:tcPr>{content}</w:tc>'


def _header(shown: ResultTable, widths: Sequence[int]) -> str:
    words = word_columns(shown)
    cells = "".join(
        _cell(
            paragraph(name, style="TableText", is_bold=True, is_right=place > 0 and place not in words),
            width,
            is_header=True,
        )
        for place, (name, width) in enumerate(zip(shown.header, widths, strict=True))
    )
    return f"<w:tr><w:trPr><w:cantSplit/><w:tblHeader/></w:trPr>{cells}</w:tr>"


def _row(row: ShownRow, texts: Sequence[str], shown: ResultTable, widths: Sequence[int]) -> str:
    words = word_columns(shown)
    if row.kind is RowKind.HEADING:
        text = "   ".join(cell for cell in row.cells if cell)
        cells = _cell(paragraph(text, style="TableText", is_bold=True), sum(widths), span=len(widths))
    else:
        cells = "".join(
            _cell(
                paragraph(
                    text,
                    style="TableText",
                    is_right=place > 0 and place not in words,
                    indent=INDENT if place == 0 and row.kind is RowKind.INDENTED else 0,
                ),
                width,
            )
            for place, (text, width) in enumerate(zip(texts, widths, strict=True))
        )
    return f"<w:tr><w:trPr><w:cantSplit/></w:trPr>{cells}</w:tr>"
