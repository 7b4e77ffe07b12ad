"""The fixed parts of a Word file: what it holds, its styles, its two page shapes (ECMA-376, part 1)."""

from __future__ import annotations

from xml.sax.saxutils import escape

NAMESPACE = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006"
_WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml"
PROLOGUE = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
FONT = "Calibri"
QUIET = "52606B"

TWIPS_PER_MM = 1440 / 25.4
A4_MM = (210, 297)
MARGIN_MM = 18


def to_twips(mm: float) -> int:
    """Give a length in twentieths of a point, as Word counts."""
    return round(mm * TWIPS_PER_MM)


def text_width(*, is_landscape: bool) -> int:
    """Give the width between the margins, in twips."""
    return to_twips(A4_MM[is_landscape] - 2 * MARGIN_MM)


def section_properties(*, is_landscape: bool) -> str:
    """Give the shape of the pages of a section."""
    width, height = (to_twips(side) for side in (A4_MM[::-1] if is_landscape else A4_MM))
    orient = ' w:orient="landscape"' if is_landscape else ""
    margin = to_twips(MARGIN_MM)
    sides = " ".join(f'w:{side}="{margin}"' for side in ("top", "right", "bottom", "left"))
    return (
        f'<w:sectPr><w:footerReference w:type="default" r:id="rId2"/><w:type w:val="nextPage"/>'
        f'<w:pgSz w:w="{width}" w:h="{height}"{orient}/>'
        f'<w:pgMar {sides} w:header="{margin // 2}" w:footer="{margin // 2}" w:gutter="0"/></w:sectPr>'
    )


CONTENT_TYPES = (
    f'{PROLOGUE}<Types xmlns="{_PACKAGE}/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/>'
    f'<Override PartName="/word/document.xml" ContentType="{_WORD}.document.main+xml"/>'
    f'<Override PartName="/word/styles.xml" ContentType="{_WORD}.styles+xml"/>'
    f'<Override PartName="/word/footer1.xml" ContentType="{_WORD}.footer+xml"/>'
    '<Override PartName="/docProps/core.xml" ContentType="application/vnd.openxmlformats-package.core-properties+xml"/>'
    "</Types>"
)
RELATIONSHIPS = (
    f'{PROLOGUE}<Relationships xmlns="{_PACKAGE}/relationships">'
    f'<Relationship Id="rId1" Type="{_OFFICE}/relationships/officeDocument" Target="word/document.xml"/>'
    f'<Relationship Id="rId2" Type="{_PACKAGE}/relationships/metadata/core-properties" Target="docProps/core.xml"/>'
    "</Relationships>"
)
DOCUMENT_RELATIONSHIPS = (
    f'{PROLOGUE}<Relationships xmlns="{_PACKAGE}/relationships">'
    f'<Relationship Id="rId1" Type="{_OFFICE}/relationships/styles" Target="styles.xml"/>'
    f'<Relationship Id="rId2" Type="{_OFFICE}/relationships/footer" Target="footer1.xml"/>'
    "</Relationships>"
)
FOOTER = (
    f'{PROLOGUE}<w:ftr xmlns:w="{NAMESPACE}"><w:p><w:pPr><w:jc w:val="right"/></w:pPr>'
    '<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText xml:space="preserve"> PAGE </w:instrText></w:r>'
    '<w:r><w:fldChar w:fldCharType="end"/></w:r></w:p></w:ftr>'
)


def _style(key: str, name: str, *, paragraph: str = "", run: str = "", is_default: bool = False) -> str:
    default = ' w:default="1"' if is_default else ""
    based = "" if is_default else '<w:basedOn w:val="Normal"/>'
    return (
        f'<w:style w:type="paragraph" w:styleId="{key}"{default}><w:name w:val="{name}"/>{based}<w:qFormat/>'
        f"<w:pPr>{paragraph}</w:pPr><w:rPr>{run}</w:rPr></w:style>"
    )


def _spacing(before: int, after: int) -> str:
    return f'<w:spacing w:before="{before}" w:after="{after}"/>'


STYLES = (
    f'{PROLOGUE}<w:styles xmlns:w="{NAMESPACE}"><w:docDefaults><w:rPrDefault><w:rPr>'
    f'<w:rFonts w:ascii="{FONT}" w:hAnsi="{FONT}" w:eastAsia="{FONT}" w:cs="{FONT}"/><w:sz w:val="20"/>'
    '<w:lang w:val="en-GB"/></w:rPr></w:rPrDefault>'
    '<w:pPrDefault><w:pPr><w:spacing w:after="80"/></w:pPr></w:pPrDefault>'
    "</w:docDefaults>"
    + _style("Normal", "Normal", is_default=True)
    + _style("Title", "Title", paragraph=_spacing(0, 60), run='<w:b/><w:sz w:val="36"/>')
    + _style("Heading1", "heading 1", paragraph=f'<w:keepNext/>{_spacing(360, 120)}<w:outlineLvl w:val="0"/>')
    + _style("Caption", "caption", paragraph=f"<w:keepNext/>{_spacing(280, 80)}", run='<w:b/><w:sz w:val="20"/>')
    + _style("TableText", "Table text", paragraph=_spacing(20, 20), run='<w:sz w:val="16"/>')
    + _style("TableNote", "Table note", paragraph=_spacing(40, 0), run=f'<w:color w:val="{QUIET}"/><w:sz w:val="16"/>')
    + "</w:styles>"
)


def core_properties(title: str) -> str:
    """Give the title of the file; no date, so that the same tables give the same bytes."""
    return (
        f'{PROLOGUE}<cp:coreProperties xmlns:cp="{_PACKAGE}/metadata/core-properties" '
        'xmlns:dc="http://purl.org/dc/elements/1.1/">'
        f"<dc:title>{escape(title)}</dc:title><dc:creator>recist-toolkit</dc:creator><dc:language>en-GB</dc:language>"
        "</cp:coreProperties>"
    )
