"""Walk the header of a plain little-endian file in one read, ten times as fast as the general parser.

Only what is beyond doubt is walked: ascending tags, known types, ASCII text of legal length, numbers that are numbers.
Anything else gives None, and pydicom reads the file. Tests hold the two to the same result on every file.
"""

from __future__ import annotations

import re
import struct
from typing import TYPE_CHECKING, NamedTuple

from pydicom.datadict import dictionary_VR
from pydicom.tag import Tag

from recist.dicom import sop_classes
from recist.dicom.stream import LONG_FORMS

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from recist.dicom.stream import Wrapping

    Wanted = dict[int, tuple[str, str]]
    Element = tuple[int, str, int, int]  # tag, type, length, offset of the value
    Reader = Callable[[bytes, int], Element]

IMPLICIT = "1.2.840.10008.1.2"
# Transfer syntaxes whose header is not explicit little endian.
UNUSUAL = frozenset(("", "1.2.840.10008.1.2.1.99", "1.2.840.10008.1.2.2"))
STANDARD_SYNTAX = re.compile(r"1\.2\.840\.10008\.1\.2(\.\d+)*")

PIXEL_TAG = 0x7FE00010
ITEM, END_OF_ITEM, END_OF_SEQUENCE = 0xFFFEE000, 0xFFFEE00D, 0xFFFEE0DD
DELIMITERS = frozenset((ITEM, END_OF_ITEM, END_OF_SEQUENCE))
NEVER_AT_THE_TOP = DELIMITERS | {0x7FE00008, 0x7FE00009}  # float pixels are not walked
DEEPEST = 8
SIGN_OF_PIXELS = "US or SS"
UNDEFINED_LENGTH = 0xFFFFFFFF
FIRST_GROUP = 0x0008

SHORT_FORMS = frozenset(b"AE AS AT CS DA DS DT FD FL IS LO LT PN SH SL SS ST TM UI UL US".split())
LONGEST = {"AE": 16, "CS": 16, "DA": 8, "DS": 16, "DT": 26, "IS": 12, "LO": 64, "SH": 16, "TM": 16, "UI": 256}
LONGEST_IDENTIFIER = 64
IDENTIFIERS = ("SOPClassUID", "SOPInstanceUID", "StudyInstanceUID", "SeriesInstanceUID", "FrameOfReferenceUID")
LONG_IDENTIFIER = "an element of type UI does not follow the standard"
ASCII_CHARACTER_SETS = ("ISO_IR 6", "ISO_IR 100", "ISO_IR 192")
LEGAL = {
    "UI": re.compile(r"(0|[1-9]\d*)(\.(0|[1-9]\d*))*"),
    "IS": re.compile(r" *[+-]?\d+ *"),
    "DS": re.compile(r" *[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)? *"),
}


class PlainElements:
    """The wanted elements of one header, with as much of the manner of a pydicom data set as `elements` asks for.

    Parameters
    ----------
    values : dict
        Keyword → text, list of texts or number.
    is_implicit : bool
    pixel_offset : int
        Where the element of the pixel data begins.
    spans : sequence of Span
        All elements before it.
    """

    __slots__ = ("original_encoding", "pixel_offset", "spans", "values")

    def __init__(
        self, values: dict[str, object], *, is_implicit: bool, pixel_offset: int, spans: Sequence[Span] = ()
    ) -> None:
        self.spans = spans
        self.values = values
        self.original_encoding = (is_implicit, True)
        self.pixel_offset = pixel_offset

    def get(self, keyword: str) -> object:
        """Give the value of an element, None where absent."""
        return self.values.get(keyword)

    @property
    def notes(self) -> tuple[str, ...]:
        """What pydicom would warn of; only identifiers that are too long are not left to it."""
        for keyword in IDENTIFIERS:
            value = self.values.get(keyword, "")
            longest = max(map(len, value)) if isinstance(value, list) else len(str(value))
            if longest > LONGEST_IDENTIFIER:
                return (LONG_IDENTIFIER,)
        return ()

    def is_given(self, keyword: str) -> bool:
        """Whether the element is there with some value."""
        return self.values.get(keyword, "") != ""


class Span(NamedTuple):
    """Where one element lies: its tag begins at `start`, its value at `value`; `keyword` only where it is wanted."""

    tag: int
    start: int
    value: int
    end: int
    keyword: str
    vr: str
    is_open: bool


class Unusual(Exception):
    """Something that is left to pydicom."""


def walk_plain(head: bytes, wrapping: Wrapping, wanted: Wanted) -> PlainElements | None:
    """Walk the elements before the pixel data.

    Parameters
    ----------
    head : bytes
        The beginning of the file.
    wrapping : Wrapping
    wanted : dict
        Tag → keyword and type of the elements to keep, from `wanted_tags`.

    Returns
    -------
    PlainElements or None
        None where anything is unusual, or the header is longer than `head`.
    """
    syntax = wrapping.transfer_syntax
    if not (wrapping.has_preamble and wrapping.is_sound) or syntax in UNUSUAL or not STANDARD_SYNTAX.fullmatch(syntax):
        return None
    is_implicit = syntax == IMPLICIT
    try:
        spans, pixel_offset = _walk(head, wrapping.start, wanted, is_implicit=is_implicit)
        values = {
            span.keyword: parse_plain(_value(head, span.value, span.end), span.vr) for span in spans if span.keyword
        }
    except (Unusual, struct.error, IndexError):
        return None
    if not _is_flat(values):
        return None
    return PlainElements(values, is_implicit=is_implicit, pixel_offset=pixel_offset, spans=spans)


def _walk(head: bytes, place: int, wanted: Wanted, *, is_implicit: bool) -> tuple[list[Span], int]:
    """Find the elements before the pixel data, and these."""
    read = _read_implicit if is_implicit else _read_explicit
    spans: list[Span] = []
    last = (FIRST_GROUP << 16) - 1
    while True:
        element = tag, vr, length, value = read(head, place)
        if tag == PIXEL_TAG:
            return spans, place
        if tag <= last or tag in NEVER_AT_THE_TOP:
            raise Unusual
        last = tag
        keyword = ""
        if tag in wanted:
            keyword, standard = wanted[tag]
            vr = _typed(vr, standard)
        end = _pass(head, element, read, 0)
        is_open = length == UNDEFINED_LENGTH
        if is_open and keyword:
            raise Unusual
        spans.append(Span(tag, place, value, end, keyword, vr, is_open))
        place = end


def _pass(head: bytes, element: Element, read: Reader, depth: int) -> int:
    """Find the end of an element."""
    _, vr, length, value = element
    if length != UNDEFINED_LENGTH:
        return value + length
    if vr not in ("SQ", "") or depth > DEEPEST:
        raise Unusual
    return _pass_sequence(head, value, read, depth + 1)


def _pass_sequence(head: bytes, place: int, read: Reader, depth: int) -> int:
    """Find the end of a sequence of undefined length, item by item."""
    while True:
        tag, _, length, value = read(head, place)
        if tag == END_OF_SEQUENCE and length == 0:
            return value
        if tag != ITEM:
            raise Unusual
        place = _pass_item(head, value, length, read, depth)


def _pass_item(head: bytes, place: int, length: int, read: Reader, depth: int) -> int:
    """Find the end of an item, element by element, which must meet its length where it has one."""
    end = None if length == UNDEFINED_LENGTH else place + length
    while place != end:
        element = tag, _, length, value = read(head, place)
        if tag == END_OF_ITEM and end is None and length == 0:
            return value
        if tag in DELIMITERS or (end is not None and place > end):
            raise Unusual
        place = _pass(head, element, read, depth)
    return place


def _value(head: bytes, start: int, end: int) -> bytes:
    """Cut out a value; one beyond what was read is left to pydicom."""
    if end > len(head):
        raise Unusual
    return head[start:end]


def _read_explicit(head: bytes, place: int) -> Element:
    """Read an explicit element."""
    group, element, vr, length = struct.unpack_from("<HH2sH", head, place)
    tag = group << 16 | element
    if group == 0xFFFE:
        return tag, "", struct.unpack_from("<L", head, place + 4)[0], place + 8
    if vr in SHORT_FORMS:
        return tag, vr.decode(), length, place + 8
    if vr in LONG_FORMS:
        return tag, vr.decode(), struct.unpack_from("<L", head, place + 8)[0], place + 12
    raise Unusual


def _read_implicit(head: bytes, place: int) -> Element:
    """Read an implicit element, whose type is not written."""
    group, element, length = struct.unpack_from("<HHL", head, place)
    if group != 0xFFFE and is_type(head[place + 4 : place + 6]):
        raise Unusual
    return group << 16 | element, "", length, place + 8


def is_type(written: bytes) -> bool:
    """Whether two bytes that should begin a length are two capitals, as of a type."""
    return written.isupper() and written.isalpha()


def _typed(vr: str, standard: str) -> str:
    """Give the type of a wanted element; the one written must be the standard's."""
    if standard == SIGN_OF_PIXELS:
        return vr if vr in ("US", "SS") else "US"
    if vr not in ("", standard):
        raise Unusual
    return standard


def parse_plain(value: bytes, vr: str) -> object:
    """Parse text, texts or a number; an empty sequence is no value.

    Raises
    ------
    Unusual
        For what is left to pydicom.
    """
    if not value:
        return ""
    if vr in ("US", "SS"):
        if len(value) != 2:
            raise Unusual
        return struct.unpack("<H" if vr == "US" else "<h", value)[0]
    longest, legal = LONGEST.get(vr), LEGAL.get(vr)
    if longest is None or not value.isascii():
        raise Unusual
    parts = [part.strip(" ") for part in value.decode("ascii").rstrip("\0").split("\\")]
    for part in parts:
        if len(part) > longest or not (part.isprintable() if legal is None else legal.fullmatch(part)):
            raise Unusual
    return parts if len(parts) > 1 else parts[0]


def _is_flat(values: dict[str, object]) -> bool:
    """Whether a file says what it is, keeps nothing in functional groups, and names a character set like ASCII."""
    is_ascii = values.get("SpecificCharacterSet", "") in ("", *ASCII_CHARACTER_SETS)
    return is_ascii and values.get("SOPClassUID", "") not in ("", *sop_classes.MULTI_FRAME_CT)


def wanted_tags(keywords: tuple[str, ...]) -> Wanted:
    """Give tag → keyword and type of the standard."""
    return {int(Tag(keyword)): (keyword, dictionary_VR(keyword)) for keyword in keywords}
