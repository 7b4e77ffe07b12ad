"""Files made to do harm are refused, each with a reason, and the rest of the folder is read."""

import random
import zlib

import pytest
from pydicom import Dataset, Sequence
from pydicom.filebase import DicomBytesIO
from pydicom.filewriter import write_dataset

from recist.annotations import read_annotations

BOMB = """<?xml version="1.0"?>
<!DOCTYPE bomb [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;&b;&b;">]>
<ImageAnnotationCollection><person><id value="&c;"/></person></ImageAnnotationCollection>"""
OUTSIDE = """<?xml version="1.0"?>
<!DOCTYPE a [<!ENTITY file SYSTEM "file:///etc/hostname">]>
<ImageAnnotationCollection><name value="x"/>&file;</ImageAnnotationCollection>"""
OUTSIDE_DTD = '<?xml version="1.0"?><!DOCTYPE a SYSTEM "http://127.0.0.1:9/aim.dtd"><ImageAnnotationCollection/>'


def reasons(found) -> list[str]:
    return [problem.message for problem in found.problems if problem.severity == "error"]


@pytest.mark.parametrize("text", [BOMB, OUTSIDE, OUTSIDE_DTD])
def test_xml_with_entities_or_a_document_type_is_refused_unread(tmp_path, text: str) -> None:
    (tmp_path / "a.xml").write_text(text)
    (reason,) = reasons(read_annotations(tmp_path / "a.xml"))
    assert "declares a document type or entities" in reason


@pytest.mark.parametrize(
    ("name", "text", "reason"),
    [
        ("a.json", "[" * 100_000, "nested too deeply"),
        ("a.json", '{"a":' * 80 + "1" + "}" * 80, "nested too deeply"),
        ("a.xml", "<a>" * 5_000, "nested too deeply"),
        ("a.xml", "<a>" + "<b/>" * 600_000 + "</a>", "more than 500000 elements"),
        ("a.json", '{"ImageAnnotationCollection": ', "not sound JSON"),
        ("a.xml", "<a><b></a>", "not sound XML"),
        ("a.json", '{"something": 1}', "not AIM 4"),
        ("a.csv", 'AnnotationType,SOPInstanceUID\n"unclosed,1\n2,3\n', "do not stand under their names"),
        ("a.csv", f"AnnotationType,SOPInstanceUID\n{'x' * 200_000},1\n", "cannot be read as a table"),
        ("a.csv", "Name,Value\n1,2\n", "no program that is known"),
    ],
)
def test_text_that_is_nothing_or_too_much_is_refused_with_its_reason(tmp_path, name, text, reason) -> None:
    (tmp_path / name).write_text(text)
    assert reason in " ".join(reasons(read_annotations(tmp_path / name)))


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        ("AnnotationType,SOPInstanceUID,Label\nü,1,2\n".encode("latin-1"), "not text in UTF-8"),
        ("AnnotationType,SOPInstanceUID,Label\n".encode("utf-16"), "UTF-16"),
        (b"", "empty"),
        (b"AnnotationType,SOPInstanceUID\n\x00,1\n", "no text"),
    ],
)
def test_other_encodings_are_refused(tmp_path, raw: bytes, reason: str) -> None:
    (tmp_path / "a.csv").write_bytes(raw)
    assert reason in " ".join(reasons(read_annotations(tmp_path / "a.csv")))


def test_a_byte_order_mark_does_no_harm(tmp_path) -> None:
    text = "AnnotationType,SOPInstanceUID,Label,Length,Unit\nCornerstone:Length,2.25.1011,T01,20,mm\n"
    (tmp_path / "a.csv").write_text(text, encoding="utf-8-sig")
    assert read_annotations(tmp_path / "a.csv").measurements["long_axis_mm"].tolist() == [20]


def deep_report(depth: int) -> bytes:
    """Write the header of a report whose content sequence holds itself, `depth` times."""
    inner = b""
    for _ in range(depth):
        item = b"\xfe\xff\x00\xe0" + b"\xff\xff\xff\xff" + inner + b"\xfe\xff\x0d\xe0" + bytes(4)
        inner = b"\x40\x00\x30\xa7" + b"SQ\x00\x00" + b"\xff\xff\xff\xff" + item + b"\xfe\xff\xdd\xe0" + bytes(4)
    head = Dataset()
    head.SOPClassUID, head.SOPInstanceUID, head.Modality = "1.2.840.10008.5.1.4.1.1.88.33", "2.25.1", "SR"
    return encode(head) + inner


def encode(dataset: Dataset) -> bytes:
    stream = DicomBytesIO()
    stream.is_little_endian, stream.is_implicit_VR = True, False
    write_dataset(stream, dataset)
    return stream.getvalue()


def with_meta(body: bytes, transfer_syntax: str = "1.2.840.10008.1.2.1") -> bytes:
    meta = Dataset()
    meta.TransferSyntaxUID = transfer_syntax
    return bytes(128) + b"DICM" + encode(meta) + body


def test_a_report_nested_five_thousand_deep_is_refused_and_its_neighbour_read(tmp_path, reports, codes) -> None:
    good = reports.write("b.dcm", reports.group("T01", "2.25.5", reports.number(codes["long"], "20")))
    (good.parent / "a.dcm").write_bytes(with_meta(deep_report(5_000)))
    found = read_annotations(good.parent)
    assert found.measurements["lesion"].tolist() == ["T01"]
    assert len(reasons(found)) == 1


def test_a_report_that_unpacks_to_more_than_it_may_take_is_refused(tmp_path) -> None:
    packed = zlib.compressobj(1, zlib.DEFLATED, -15)
    body = encode(deep_header())
    squeezed = packed.compress(body)
    for _ in range(26):
        squeezed += packed.compress(bytes(16 << 20))
    squeezed += packed.flush()
    (tmp_path / "a.dcm").write_bytes(with_meta(squeezed, "1.2.840.10008.1.2.1.99"))
    (reason,) = reasons(read_annotations(tmp_path / "a.dcm"))
    assert "memory" in reason


def deep_header() -> Dataset:
    head = Dataset()
    head.SOPClassUID, head.Modality = "1.2.840.10008.5.1.4.1.1.88.33", "SR"
    head.ContentSequence = Sequence()
    return head


@pytest.mark.parametrize("raw", [b"", b"DICM", bytes(200), bytes(128) + b"DICM" + b"\xff" * 500])
def test_bytes_that_are_no_report_are_refused_with_a_reason(tmp_path, raw: bytes) -> None:
    (tmp_path / "a.dcm").write_bytes(raw)
    assert len(reasons(read_annotations(tmp_path / "a.dcm"))) == 1


def test_every_cut_of_a_report_is_read_or_refused_and_never_a_traceback(tmp_path, files) -> None:
    raw = (files / "cornerstone_bidirectional.dcm").read_bytes()
    for place in range(200, len(raw), 307):
        (tmp_path / "cut.dcm").write_bytes(raw[:place])
        found = read_annotations(tmp_path / "cut.dcm")
        assert len(found.measurements) in (0, 1, 2)
        assert len(found.measurements) or found.problems


def test_a_file_that_is_not_there_is_told(tmp_path) -> None:
    assert "no such file" in " ".join(reasons(read_annotations(tmp_path / "none.dcm")))


def test_mutated_reports_are_read_or_refused_and_give_no_impossible_length(tmp_path, files) -> None:
    chance = random.Random(20240110)  # noqa: S311  # the same mutations every time
    originals = [path.read_bytes() for path in sorted(files.glob("*.dcm"))]
    for _ in range(60):
        raw = bytearray(chance.choice(originals))
        for _ in range(chance.choice((1, 5, 20))):
            place = chance.randrange(132, len(raw))
            if chance.random() < 0.5:
                raw[place] = chance.randrange(256)
            else:
                raw[place : place + chance.randrange(8)] = chance.randbytes(chance.randrange(8))
        (tmp_path / "mutated.dcm").write_bytes(raw)
        found = read_annotations(tmp_path / "mutated.dcm")
        sizes = found.measurements[["long_axis_mm", "short_axis_mm"]].stack()
        assert ((sizes > 0) & (sizes <= 1000)).all()
        assert len(found.measurements) or found.problems
