"""The tables as a Word file: whole, well formed, the same every time, and readable without the page."""

import io
import zipfile
from xml.etree import ElementTree

import pandas as pd
import pytest

from survival.options import ReportOptions
from survival.reporting.docx import is_landscape, tables_as_docx
from survival.results import Report, ResultTable, RowKind, Section, ShownRow

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
NUMBERS = pd.DataFrame({"n": [1]}, index=["a"])


def _parse(archive: zipfile.ZipFile, name: str) -> ElementTree.Element:
    return ElementTree.fromstring(archive.read(name))  # noqa: S314, the file is our own


def _table(name: str, columns: int) -> ResultTable:
    header = ("", *(f"Column {place}" for place in range(1, columns)))
    rows = (
        ShownRow(cells=("Group A & B < C", "aside"), kind=RowKind.HEADING),
        ShownRow(cells=("Label", *("1.0 (0.5–2.0)\np = 0.100" for _ in header[1:])), kind=RowKind.INDENTED),
        ShownRow(cells=("Further", *("–" for _ in header[1:])), places=("methods",)),
    )
    return ResultTable(name=name, title=f"Title {name}", numbers=NUMBERS, header=header, shown=rows, notes=("A note.",))


@pytest.fixture(scope="module")
def report() -> Report:
    items = (_table("narrow", 3), _table("wide", 9), _table("last", 2))
    return Report(
        title="Study <1>",
        subtitle="1 patient",
        facts=(),
        answer=(),
        sections=(Section(key="one", title="One", items=items),),
        left_out=(),
        options=ReportOptions(statement="Synthetic."),
        files=(),
        warnings=(),
        methods=(),
        software={},
    )


@pytest.fixture(scope="module")
def body(report: Report) -> ElementTree.Element:
    with zipfile.ZipFile(io.BytesIO(tables_as_docx(report))) as archive:
        assert archive.testzip() is None
        for name in archive.namelist():
            _parse(archive, name)
        found = _parse(archive, "word/document.xml").find(f"{W}body")
    assert found is not None
    return found


def _text(element: ElementTree.Element) -> str:
    return "".join(part.text or "" for part in element.iter(f"{W}t"))


def test_every_part_is_declared_and_every_relation_has_its_part(report: Report) -> None:
    with zipfile.ZipFile(io.BytesIO(tables_as_docx(report))) as archive:
        names = set(archive.namelist())
        types = archive.read("[Content_Types].xml").decode()
        relations = _parse(archive, "word/_rels/document.xml.rels")

    assert {"[Content_Types].xml", "_rels/.rels", "word/document.xml", "word/styles.xml"} <= names
    assert {f"word/{relation.get('Target')}" for relation in relations} <= names
    assert all(f'PartName="/{name}"' in types for name in names if name.endswith(".xml") and "[" not in name)


def test_each_table_has_a_repeated_header_and_no_row_is_split(body: ElementTree.Element) -> None:
    tables = body.findall(f"{W}tbl")

    assert len(tables) == 3
    for table in tables:
        rows = table.findall(f"{W}tr")
        assert rows[0].find(f"{W}trPr/{W}tblHeader") is not None
        assert all(row.find(f"{W}trPr/{W}cantSplit") is not None for row in rows)


def test_every_row_fills_the_columns_of_its_table(body: ElementTree.Element) -> None:
    for table, columns in zip(body.findall(f"{W}tbl"), (3, 9, 2), strict=True):
        widths = [int(column.get(f"{W}w", "0")) for column in table.findall(f"{W}tblGrid/{W}gridCol")]
        assert len(widths) == columns
        assert sum(widths) == int(table.find(f"{W}tblPr/{W}tblW").get(f"{W}w", "0"))  # type: ignore[union-attr]
        for row in table.findall(f"{W}tr"):
            spans = [cell.find(f"{W}tcPr/{W}gridSpan") for cell in row.findall(f"{W}tc")]
            assert sum(1 if span is None else int(span.get(f"{W}val", "0")) for span in spans) == columns


def test_captions_are_numbered_and_notes_follow_their_table(body: ElementTree.Element) -> None:
    order = [(child.tag.removeprefix(W), _text(child)) for child in body]
    captions = [text for tag, text in order if tag == "p" and text.startswith("Table ")]

    assert captions == ["Table 1. Title narrow", "Table 2. Title wide", "Table 3. Title last"]
    assert [order[place + 1][1] for place, (tag, _) in enumerate(order) if tag == "tbl"] == ["A note."] * 3


def test_a_wide_table_stands_across_the_page_and_the_others_do_not(body: ElementTree.Element, report: Report) -> None:
    shapes = [shape.find(f"{W}pgSz").get(f"{W}orient", "portrait") for shape in body.iter(f"{W}sectPr")]  # type: ignore[union-attr]

    assert [is_landscape(table) for table in report.tables] == [False, True, False]
    assert shapes == ["portrait", "landscape", "portrait"]


def test_letters_that_xml_reserves_and_lines_of_a_cell_survive(body: ElementTree.Element) -> None:
    words = _text(body)

    assert "Study <1>" in words
    assert "Group A & B < C" in words
    assert len(list(body.iter(f"{W}br"))) == 2 + 8 + 1


def test_a_row_that_leads_to_a_part_of_the_report_names_it(body: ElementTree.Element) -> None:
    assert "Methods and settings" in _text(body)


def test_the_same_report_gives_the_same_bytes_with_no_date_of_today(report: Report) -> None:
    first = tables_as_docx(report)

    assert first == tables_as_docx(report)
    with zipfile.ZipFile(io.BytesIO(first)) as archive:
        assert {entry.date_time for entry in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
