"""The header of one file as a mould for the next: in a series only a few values differ from slice to slice.

What two files share is compared as blocks of bytes and is not walked again; only the values that differ are cut out.
A file that does not fit the mould to the byte is walked, and what does not even walk is left to pydicom.
"""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING, Any, NamedTuple

from recist.dicom.plain import Span, is_type
from recist.dicom.stream import LONG_FORMS, MAGIC, PREAMBLE_BYTES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    Cut = Callable[[bytes], tuple[Any, ...]]

META_START = PREAMBLE_BYTES + len(MAGIC)
# The first element of sound file meta information is its length, 4 bytes.
META_LENGTH = slice(META_START + 8, META_START + 12)
GROUP_LENGTH, TRANSFER_SYNTAX = 0x00020000, 0x00020010
GROUP_OF_META = 0x0002
TAG_BYTES = 4
MOST_SHAPES = 24


class _Part(NamedTuple):
    """A block of equal bytes and the value behind it, whose length is written in `n_bytes`; 0 for a landmark."""

    block: bytes
    n_bytes: int
    is_pixels: bool
    keyword: str
    is_fixed: bool


class Cast(NamedTuple):
    """What a mould finds in a file that fits it: the bytes of the values that differ, and the pixel data.

    Attributes
    ----------
    values : tuple of bytes
        One for each of the mould's `words`.
    pixel_offset : int
        Where the element of the pixel data begins.
    pixel_length : int
        What it declares.
    """

    values: tuple[bytes, ...]
    pixel_offset: int
    pixel_length: int


class _Shape(NamedTuple):
    """Where everything lies in the files whose differing values are as long as those of one file.

    All lengths are part of the blocks, so that equal blocks prove equal places.
    """

    landmark: bytes
    landmark_at: int
    pixel_offset: int
    n_bytes: int
    blocks: tuple[bytes, ...]
    cut_blocks: Cut
    cut_values: Cut


class Mould:
    """The header of one plain file, with the places of the values that may differ.

    Parameters
    ----------
    head : bytes
        The beginning of the file.
    spans : sequence of Span
        Every element from the file meta information to the pixel data.
    pixel_offset : int
    varying : frozenset of int
        Tags of the elements that may differ; those whose end is not declared may not.
    is_implicit : bool
    """

    __slots__ = ("_parts", "_shapes", "head", "is_implicit", "pixel_offset", "spans", "types", "varying", "words")

    def __init__(
        self, head: bytes, spans: Sequence[Span], pixel_offset: int, varying: frozenset[int], *, is_implicit: bool
    ) -> None:
        self.head, self.spans, self.pixel_offset = head, spans, pixel_offset
        self.varying = frozenset(span.tag for span in spans if span.tag in varying and not span.is_open)
        self.is_implicit = is_implicit
        wanted = [span for span in spans if span.keyword and span.tag in self.varying]
        self.words = tuple(span.keyword for span in wanted)
        self.types = {span.keyword: span.vr for span in wanted}
        self._parts = tuple(self._cut())
        self._shapes: list[_Shape] = []

    def _cut(self) -> Iterable[_Part]:
        begin = 0
        n_meta = sum(span.tag >> 16 == GROUP_OF_META for span in self.spans)
        for number, span in enumerate(self.spans, start=1):
            if span.tag == GROUP_LENGTH or span.tag in self.varying:
                n_bytes = self._bytes_of_length(span)
                is_fixed = span.tag == GROUP_LENGTH
                yield _Part(self.head[begin : span.value - n_bytes], n_bytes, False, span.keyword, is_fixed)
                begin = span.end
            if number == n_meta:
                yield _Part(self.head[begin : span.end], 0, False, "", False)
                begin = span.end
        yield _Part(self.head[begin : self.pixel_offset + TAG_BYTES], 0, True, "", False)

    def _bytes_of_length(self, span: Span) -> int:
        is_implicit = self.is_implicit and span.tag >> 16 != GROUP_OF_META
        return 4 if is_implicit or self.head[span.start + 4 : span.start + 6] in LONG_FORMS else 2

    def cast(self, head: bytes) -> Cast | None:
        """Fit a file into the mould; None where it does not fit."""
        shapes = self._shapes
        for place, shape in enumerate(shapes):
            if (
                head.startswith(shape.landmark, shape.landmark_at)
                and len(head) >= shape.n_bytes
                and shape.cut_blocks(head) == shape.blocks
            ):
                if place:
                    shapes.insert(0, shapes.pop(place))
                return _cast(shape, head)
        fresh = self._measure(head)
        if fresh is None:
            return None
        shapes.insert(0, fresh)
        del shapes[MOST_SHAPES:]
        return _cast(fresh, head)

    def _measure(self, head: bytes) -> _Shape | None:
        """Go from value to value by the lengths that this file declares; None where it does not fit."""
        place = 0
        cuts: list[tuple[int, int, int, str]] = []  # begin of a block, its end, end of the value behind it, keyword
        is_implicit = self.is_implicit
        for block, n_bytes, is_pixels, keyword, is_fixed in self._parts:
            if not head.startswith(block, place):
                return None
            begin, place = place, place + len(block)
            if n_bytes:
                start = place + n_bytes
                # a length that is left open leads beyond the head, where no block fits
                place = start + int.from_bytes(head[place:start], "little")
                # letters in the place of an implicit length are a type, as the walk has it
                if is_implicit and n_bytes > 2 and is_type(head[start - 4 : start - 2]):
                    return None
                cuts.append((begin, place if is_fixed else start, place, keyword))
            else:
                cuts.append((begin, place, place, ""))
                if not is_pixels and place != META_LENGTH.stop + int.from_bytes(head[META_LENGTH], "little"):
                    return None
        return self._shape(head, cuts) if len(head) >= place + self._bytes_to_pixels else None

    @property
    def _bytes_to_pixels(self) -> int:
        """Bytes from the tag of the pixel data to their value: (type and two bytes,) length."""
        return 4 if self.is_implicit else 8

    def _shape(self, head: bytes, cuts: Sequence[tuple[int, int, int, str]]) -> _Shape:
        of_blocks = "".join(f"{end - begin}s{after - end}x" for begin, end, after, _ in cuts)
        of_values = "".join(f"{end - begin}x{after - end}{'s' if word else 'x'}" for begin, end, after, word in cuts)
        begin, place, _, _ = cuts[-1]
        return _Shape(
            landmark=head[begin:place],
            landmark_at=begin,
            pixel_offset=place - TAG_BYTES,
            n_bytes=place + self._bytes_to_pixels,
            blocks=tuple(head[begin:end] for begin, end, _, _ in cuts),
            cut_blocks=struct.Struct(f"<{of_blocks}").unpack_from,
            cut_values=struct.Struct(f"<{of_values}{self._bytes_to_pixels - 4}xL").unpack_from,
        )


def _cast(shape: _Shape, head: bytes) -> Cast:
    *values, length = shape.cut_values(head)
    return Cast(tuple(values), shape.pixel_offset, length)


def meta_spans(head: bytes, end: int) -> list[Span]:
    """Find the elements of sound file meta information, explicit little endian, up to `end`."""
    spans = []
    place = META_START
    while place < end:
        group, element, vr, length = struct.unpack_from("<HH2sH", head, place)
        value = place + 8
        if vr in LONG_FORMS:
            value, (length,) = place + 12, struct.unpack_from("<L", head, place + 8)
        spans.append(Span(group << 16 | element, place, value, value + length, "", "", is_open=False))
        place = value + length
    return spans


def differing_tags(one: Mould, head: bytes, spans: Sequence[Span]) -> frozenset[int] | None:
    """Find the elements that differ between a mould and another file; None where the two hold other elements."""
    if [(span.tag, span.vr) for span in one.spans] != [(span.tag, span.vr) for span in spans]:
        return None
    differing = frozenset(
        theirs.tag
        for ours, theirs in zip(one.spans, spans, strict=True)
        if one.head[ours.start : ours.end] != head[theirs.start : theirs.end]
    )
    return None if TRANSFER_SYNTAX in differing else differing
