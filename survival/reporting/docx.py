"""Every table of a report in one Word file, for the manuscript: captions above, notes below, wide ones across the page.

A Word file is a zip of XML parts (ECMA-376). What is written here is the small share of it that tables need; the same
report gives the same bytes.
"""

from __future__ import annotations

import io
import zipfile
from itertools import groupby
from typing import TYPE_CHECKING

from survival.reporting.docx_parts import (
    CONTENT_TYPES,
    DOCUMENT_RELATIONSHIPS,
    FOOTER,
    NAMESPACE,
    PROLOGUE,
    RELATIONSHIPS,
    STYLES,
    core_properties,
    section_properties,
    text_width,
)
from survival.reporting.docx_table import paragraph, table

if TYPE_CHECKING:
    from survival.results import Report, ResultTable

MOST_PORTRAIT_COLUMNS = 6
FIXED_DATE = (1980, 1, 1, 0, 0, 0)
"""The first day a zip file can tell; every part carries it."""
_RELATED = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def tables_as_docx(report: Report) -> bytes:
    """Write every table of a report as a Word file."""
    parts = {
        "[Content_Types].xml": CONTENT_TYPES,
        "_rels/.rels": RELATIONSHIPS,
        "docProps/core.xml": core_properties(f"{report.title}: tables"),
        "word/document.xml": _document(report),
        "word/_rels/document.xml.rels": DOCUMENT_RELATIONSHIPS,
        "word/styles.xml": STYLES,
        "word/footer1.xml": FOOTER,
    }
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in parts.items():
            entry = zipfile.ZipInfo(name, date_time=FIXED_DATE)
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, text.encode("utf-8"))
    return buffer.getvalue()


def is_landscape(shown: ResultTable) -> bool:
    """Tell whether a table needs the page across: many columns."""
    return len(shown.header) > MOST_PORTRAIT_COLUMNS


def _document(report: Report) -> str:
    titles = report.places
    numbered = list(enumerate(report.tables, start=1))
    blocks = [
        (across, list(group)) for across, group in groupby(numbered, key=lambda entry: is_landscape(entry[1]))
    ] or [(False, [])]
    body = [paragraph(report.title, style="Title"), paragraph(report.subtitle, style="TableNote")]
    if report.options.statement:
        body.append(paragraph(report.options.statement, style="TableNote", is_bold=True))
    for place, (across, tables) in enumerate(blocks):
        for number, shown in tables:
            body.append(_with_caption(number, shown, text_width(is_landscape=across), titles))
        shape = section_properties(is_landscape=across)
        is_last = place == len(blocks) - 1
        body.append(shape if is_last else f"<w:p><w:pPr>{shape}</w:pPr></w:p>")
    spaces = f'xmlns:w="{NAMESPACE}" xmlns:r="{_RELATED}"'
    return f"{PROLOGUE}<w:document {spaces}><w:body>{''.join(body)}</w:body></w:document>"


def _with_caption(number: int, shown: ResultTable, width: int, titles: dict[str, str]) -> str:
    caption = paragraph(f"Table {number}. {shown.title}", style="Caption")
    notes = "".join(paragraph(note, style="TableNote") for note in shown.notes)
    return f"{caption}{table(shown, width=width, titles=titles)}{notes or paragraph('', style='TableNote')}"
