"""Read the headers of many files, each with what the ones before it have taught."""

from __future__ import annotations

import os
import struct
from dataclasses import fields
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from recist.dicom import elements
from recist.dicom.header import Frame, ImageHeader, PixelLayout
from recist.dicom.layout import UNDEFINED_LENGTH, check_layout
from recist.dicom.mould import Mould, differing_tags, meta_spans
from recist.dicom.parse import DATES, HEAD_BYTES, SetAside, acquired, read_walked
from recist.dicom.plain import IDENTIFIERS, PlainElements, Unusual, parse_plain

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from recist.dicom.parse import Walked

    Derive = Callable[[PlainElements], Any]
    _Known = dict[tuple[tuple[str, bytes], ...], Any]

MOST_MOULDS = 8
SPARE_BYTES = 512
MOST_KNOWN = 10_000
PATIENT = getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
# What differs from slice to slice in nearly every series: the number and UID of the image, its place, its moment.
USUALLY_VARYING = frozenset(
    (0x00020003, 0x00080018, 0x00080032, 0x00080033, 0x00200013, 0x00200032, 0x00201041),
)  # fmt: skip

# Fields of a header that may be derived anew while all others stay those of the mould: (elements, derivation).
HEADER_FIELDS: dict[str, tuple[frozenset[str], Derive]] = {
    "sop_instance_uid": (frozenset(("SOPInstanceUID",)), lambda found: elements.text(found, "SOPInstanceUID")),
    "instance_number": (frozenset(("InstanceNumber",)), lambda found: elements.whole(found, "InstanceNumber")),
    "date": (frozenset(DATES), lambda found: elements.date(found, *DATES)),
    "acquired": (frozenset(("AcquisitionDateTime", "AcquisitionDate", "AcquisitionTime")), acquired),
}
FRAME_FIELDS: dict[str, tuple[frozenset[str], Derive]] = {
    "position_lps": (
        frozenset(("ImagePositionPatient",)),
        lambda found: elements.numbers(found, "ImagePositionPatient", 3),
    ),
    "acquisition_number": (
        frozenset(("AcquisitionNumber",)),
        lambda found: elements.whole(found, "AcquisitionNumber"),
    ),
    "temporal_position": (
        frozenset(("TemporalPositionIdentifier",)),
        lambda found: elements.whole(found, "TemporalPositionIdentifier"),
    ),
}
UNIQUE = "sop_instance_uid"
DERIVED = frozenset().union(*(words for words, _ in (*HEADER_FIELDS.values(), *FRAME_FIELDS.values())))


class HeaderReader:
    """Reads header after header and keeps the last few as moulds for the next."""

    __slots__ = ("_head_bytes", "_known", "_patterns")

    def __init__(self) -> None:
        self._patterns: list[_Pattern] = []
        self._head_bytes = HEAD_BYTES
        self._known: dict[str, _Known] = {}

    def read(self, location: str, name: str) -> ImageHeader | SetAside:
        """Read the header of one regular file, exactly as `recist.dicom.parse.read_header` does."""
        if self._patterns:
            head, n_bytes = _read_head(location, self._head_bytes)
            for place, pattern in enumerate(self._patterns):
                content = pattern.cast(head, n_bytes, location, name)
                if content is not None:
                    if place:
                        self._patterns.insert(0, self._patterns.pop(place))
                    return content
        walked = read_walked(Path(location), name)
        if walked.plain is not None:
            self._learn(walked, walked.plain)
        return walked.content

    def _learn(self, walked: Walked, plain: PlainElements) -> None:
        """Make a mould of a file, with the places that varied in the mould that it replaces."""
        spans = [*meta_spans(walked.head, walked.start), *plain.spans]
        varying = USUALLY_VARYING
        for known in self._patterns:
            differing = differing_tags(known.mould, walked.head, spans)
            if differing is None:
                continue
            varying = known.mould.varying
            named = {span.keyword for span in spans if span.tag in differing and span.keyword}
            if known.is_same_series(walked.content) and named <= DERIVED:
                varying |= differing
                self._patterns.remove(known)
                break
        mould = Mould(walked.head, spans, plain.pixel_offset, varying, is_implicit=plain.original_encoding[0])
        self._patterns = [_Pattern(mould, walked.content, plain, self._known), *self._patterns[: MOST_MOULDS - 1]]
        longest = max(len(pattern.mould.head) for pattern in self._patterns)
        self._head_bytes = min(HEAD_BYTES, longest + SPARE_BYTES)


class _Field(NamedTuple):
    """A field to be derived anew from the elements that differ; `known` remembers what the same bytes gave before."""

    name: str
    keywords: tuple[str, ...]
    derive: Derive
    known: _Known | None


class _Pattern:
    """A mould and the header of the file it was made of."""

    __slots__ = ("_fields", "_found", "_frame", "_has_identifiers", "_header", "_layouts", "_notes", "mould", "prior")

    def __init__(
        self, mould: Mould, prior: ImageHeader | SetAside, plain: PlainElements, known: dict[str, _Known]
    ) -> None:
        self.mould, self.prior = mould, prior
        self._found = PlainElements(dict(plain.values), is_implicit=mould.is_implicit, pixel_offset=plain.pixel_offset)
        self._layouts: dict[tuple[int, int, int], PixelLayout] = {}
        if isinstance(prior, ImageHeader):
            self._header = _as_arguments(prior)
            self._frame = _as_arguments(prior.frames[0])
            self._has_identifiers = not mould.keywords.isdisjoint(IDENTIFIERS)
            self._notes = tuple(note for note in prior.notes if note not in plain.notes)
            self._fields = tuple(
                [
                    _Field(field, tuple(sorted(words & mould.keywords)), derive, _memo(field, words, mould, known))
                    for field, (words, derive) in table.items()
                    if words & mould.keywords
                ]
                for table in (HEADER_FIELDS, FRAME_FIELDS)
            )

    def is_same_series(self, content: ImageHeader | SetAside) -> bool:
        """Whether a file belongs to the series of the mould, or is set aside for the same reason."""
        if isinstance(self.prior, ImageHeader) and isinstance(content, ImageHeader):
            return self.prior.series_uid == content.series_uid
        return self.prior == content

    def cast(self, head: bytes, n_bytes: int, location: str, name: str) -> ImageHeader | SetAside | None:
        """Give the header of a file that fits the mould; None where it has to be read in full."""
        prior, keywords = self.prior, self.mould.keywords
        if isinstance(prior, ImageHeader):
            if not keywords <= DERIVED:
                return None
        elif "SOPClassUID" in keywords or "SpecificCharacterSet" in keywords:
            return None
        cast = self.mould.cast(head)
        if cast is None or not isinstance(prior, ImageHeader):
            return None if cast is None else prior
        layout = self._layout(prior.layout, head, cast.pixel_offset, n_bytes)
        if layout is None:
            return None
        try:
            of_header, of_frame = (self._derive(fields, cast.values) for fields in self._fields)
        except Unusual:
            return None
        if of_header.get("sop_instance_uid") == "":
            return None
        of_header["location"], of_header["name"], of_header["layout"] = location, name, layout
        of_header["frames"] = (Frame(**self._frame | of_frame),)
        if self._has_identifiers:
            of_header["notes"] = (*self._notes, *self._found.notes)
        return ImageHeader(**self._header | of_header)

    def _derive(self, fields: Sequence[_Field], written: dict[str, tuple[str, bytes]]) -> dict[str, Any]:
        """Derive the fields that differ, each only once from the same bytes."""
        derived: dict[str, Any] = {}
        for field in fields:
            parts = tuple(written[keyword] for keyword in field.keywords)
            if field.known is not None and parts in field.known:
                derived[field.name] = field.known[parts]
                continue
            for keyword, (vr, value) in zip(field.keywords, parts, strict=True):
                self._found.values[keyword] = parse_plain(value, vr)
            derived[field.name] = field.derive(self._found)
            if field.known is not None and len(field.known) < MOST_KNOWN:
                field.known[parts] = derived[field.name]
        return derived

    def _layout(self, prior: PixelLayout, head: bytes, pixel_offset: int, n_bytes: int) -> PixelLayout | None:
        """Give the layout with the place of this file's pixel data; None where that has a fault."""
        head_of_pixels = 8 if self.mould.is_implicit else 12
        offset = pixel_offset + head_of_pixels
        written = head[offset - 4 : offset]
        if len(written) < 4:
            return None
        (length,) = struct.unpack("<L", written)
        known = self._layouts.get((offset, length, n_bytes))
        if known is not None:
            return known
        declared = None if length == UNDEFINED_LENGTH else length
        changed = {"offset": offset, "length": declared, "available": n_bytes - offset}
        layout = PixelLayout(**_as_arguments(prior) | changed)
        if check_layout(layout):
            return None
        self._layouts[offset, length, n_bytes] = layout
        return layout


def _memo(field: str, words: frozenset[str], mould: Mould, known: dict[str, _Known]) -> _Known | None:
    """Give where a field is remembered: with all moulds where it hangs on nothing that this mould alone knows."""
    if field == UNIQUE:
        return None
    return known.setdefault(field, {}) if words <= mould.keywords else {}


def _as_arguments(record: ImageHeader | Frame | PixelLayout) -> dict[str, Any]:
    return {field.name: getattr(record, field.name) for field in fields(record)}


def _read_head(location: str, n_bytes: int) -> tuple[bytes, int]:
    """Read the beginning of a file, and give its size too; one that has turned into a pipe is not waited for."""
    handle = os.open(location, os.O_RDONLY | PATIENT)
    try:
        return os.read(handle, n_bytes), os.fstat(handle).st_size
    finally:
        os.close(handle)
