"""A mould with the header that was read of its file: whatever fits the mould has that header but for a few fields."""

from __future__ import annotations

import math
import re
from dataclasses import replace
from operator import itemgetter
from typing import TYPE_CHECKING, Any, NamedTuple

from recist.dicom import elements
from recist.dicom.header import Frame, ImageHeader
from recist.dicom.layout import UNDEFINED_LENGTH, check_layout
from recist.dicom.parse import DATES, SetAside, acquired
from recist.dicom.plain import LONGEST_IDENTIFIER, PlainElements, Unusual, parse_plain

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from recist.dicom.header import PixelLayout
    from recist.dicom.mould import Cast, Mould

    Derive = Callable[[PlainElements], Any]
    Memory = dict[str, dict[Any, Any]]

MOST_KNOWN = 20_000
MISSING = object()

# Fields of a header that may be derived anew while all others stay those of the mould: (elements, derivation).
HEADER_FIELDS: dict[str, tuple[tuple[str, ...], Derive]] = {
    "sop_instance_uid": (("SOPInstanceUID",), lambda found: elements.text(found, "SOPInstanceUID")),
    "instance_number": (("InstanceNumber",), lambda found: elements.whole(found, "InstanceNumber")),
    "date": (DATES, lambda found: elements.date(found, *DATES)),
    "acquired": (("AcquisitionDateTime", "AcquisitionDate", "AcquisitionTime"), acquired),
}
FRAME_FIELDS: dict[str, tuple[tuple[str, ...], Derive]] = {
    "position_lps": (("ImagePositionPatient",), lambda found: elements.numbers(found, "ImagePositionPatient", 3)),
    "acquisition_number": (("AcquisitionNumber",), lambda found: elements.whole(found, "AcquisitionNumber")),
    "temporal_position": (
        ("TemporalPositionIdentifier",),
        lambda found: elements.whole(found, "TemporalPositionIdentifier"),
    ),
}
DERIVED = frozenset(word for words, _ in (*HEADER_FIELDS.values(), *FRAME_FIELDS.values()) for word in words)
# What decides whether a file is set aside, and for which reason.
DECIDING = frozenset(("SOPClassUID", "SpecificCharacterSet"))
UNIQUE, NAMES_IMAGE = "sop_instance_uid", "SOPInstanceUID"
LOCATION, NAME, LAYOUT, FRAMES, NOTES = map(
    ImageHeader._fields.index, ("location", "name", "layout", "frames", "notes")
)
PLAIN_IDENTIFIER = re.compile(rb"((?:0|[1-9]\d*)(?:\.(?:0|[1-9]\d*))*)\0?")


class _Coordinates(dict[bytes, float]):
    """Single coordinates as written, and the numbers they are.

    >>> _Coordinates()[b"-2.5 "]
    -2.5
    """

    def __missing__(self, written: bytes) -> float:
        """Parse a coordinate as `recist.dicom.plain` does; what is not plainly a finite number is no key."""
        parsed = "" if b"\0" in written else parse_plain(written, "DS")
        if not isinstance(parsed, str) or not parsed or not math.isfinite(number := float(parsed)):
            raise Unusual
        if len(self) >= MOST_KNOWN:
            self.clear()
        self[written] = number
        return number


class _Field(NamedTuple):
    """A field to be derived anew; `known` remembers what the same bytes gave before, None where none come again."""

    place: int
    name: str
    words: tuple[str, ...]
    values_of: Callable[[tuple[bytes, ...]], Any]
    derive: Derive
    known: dict[Any, Any] | None


class Pattern:
    """A mould and the header of the file it was made of.

    Parameters
    ----------
    mould : Mould
    prior : ImageHeader or SetAside
    plain : PlainElements
        What was walked of that file.
    memory : dict
        What fields were derived from which bytes, shared by the patterns of one folder.
    """

    __slots__ = (
        "_fields",
        "_found",
        "_is_image",
        "_is_usable",
        "_layouts",
        "_memory",
        "_notes",
        "_usual_notes",
        "mould",
        "prior",
    )

    def __init__(self, mould: Mould, prior: ImageHeader | SetAside, plain: PlainElements, memory: Memory) -> None:
        self.mould, self.prior, self._memory = mould, prior, memory
        self._found = PlainElements(dict(plain.values), is_implicit=mould.is_implicit, pixel_offset=plain.pixel_offset)
        self._layouts: dict[tuple[int, int, int], PixelLayout] = {}
        self._is_image = isinstance(prior, ImageHeader)
        self._is_usable = DERIVED.issuperset(mould.words) if self._is_image else DECIDING.isdisjoint(mould.words)
        self._fields: list[list[_Field]] = []
        if isinstance(prior, ImageHeader):
            self._notes = tuple(note for note in prior.notes if note not in plain.notes)
            self._found.values[NAMES_IMAGE] = ""
            self._usual_notes = (*self._notes, *self._found.notes)
            self._fields = [
                [self._field(columns.index(name), name, *row) for name, row in table.items() if self._varies(row[0])]
                for table, columns in ((HEADER_FIELDS, ImageHeader._fields), (FRAME_FIELDS, Frame._fields))
            ]

    def _varies(self, words: Sequence[str]) -> bool:
        return not set(words).isdisjoint(self.mould.words)

    def _field(self, place: int, name: str, words: Sequence[str], derive: Derive) -> _Field:
        """Prepare a field; it is remembered for all patterns where it hangs on nothing that this one alone knows."""
        varying = tuple(word for word in self.mould.words if word in words)
        known = self._memory.setdefault(name, {}) if len(varying) == len(words) else {}
        values_of = itemgetter(*(self.mould.words.index(word) for word in varying))
        return _Field(place, name, varying, values_of, derive, None if name == UNIQUE else known)

    def is_same_series(self, content: ImageHeader | SetAside) -> bool:
        """Whether a file belongs to the series of the mould, or is set aside for the same reason."""
        if isinstance(self.prior, ImageHeader) and isinstance(content, ImageHeader):
            return self.prior.series_uid == content.series_uid
        return self.prior == content

    def cast(self, head: bytes, n_bytes: int, location: str, name: str) -> ImageHeader | SetAside | None:
        """Give the header of a file that fits the mould; None where it has to be read in full."""
        cast = self.mould.cast(head) if self._is_usable else None
        prior = self.prior
        if cast is None or not isinstance(prior, ImageHeader):
            return None if cast is None else prior
        layout = self._layouts.get((cast.pixel_offset, cast.pixel_length, n_bytes))
        if layout is None:
            layout = self._layout(prior.layout, cast, n_bytes)
            if layout is None:
                return None
        header: list[Any] = list(prior)
        frame: list[Any] = list(prior.frames[0])
        header[LOCATION], header[NAME], header[LAYOUT] = location, name, layout
        of_header, of_frame = self._fields
        try:
            self._fill(header, of_header, cast.values)
            self._fill(frame, of_frame, cast.values)
        except Unusual:
            return None
        header[FRAMES] = (Frame._make(frame),)
        return ImageHeader._make(header)

    def _fill(self, record: list[Any], fields: Sequence[_Field], values: tuple[bytes, ...]) -> None:
        """Put the fields that differ into a record, each derived only once from the same bytes."""
        for field in fields:
            known = field.known
            written = field.values_of(values)
            if known is None:
                self._name_image(record, field, written)
                continue
            found = known.get(written, MISSING)
            if found is MISSING:
                found = self._derive(field, written)
                if len(known) >= MOST_KNOWN:
                    known.clear()
                known[written] = found
            record[field.place] = found

    def _derive(self, field: _Field, written: Any) -> Any:
        if field.name == "position_lps":
            coordinates = self._memory.setdefault("coordinates", _Coordinates())
            parts = written.split(b"\\")
            if len(parts) == 3:
                return coordinates[parts[0]], coordinates[parts[1]], coordinates[parts[2]]
        for word, value in zip(field.words, written if len(field.words) > 1 else (written,), strict=True):
            self._found.values[word] = parse_plain(value, self.mould.types[word])
        return field.derive(self._found)

    def _name_image(self, record: list[Any], field: _Field, written: bytes) -> None:
        """Put SOPInstanceUID into a header, and the note that an identifier is too long.

        Raises
        ------
        Unusual
            Where there is none.
        """
        plain = PLAIN_IDENTIFIER.fullmatch(written)
        if plain is not None and plain.end(1) <= LONGEST_IDENTIFIER:
            record[field.place], record[NOTES] = plain[1].decode("ascii"), self._usual_notes
            return
        record[field.place] = self._derive(field, written)
        if not record[field.place]:
            raise Unusual
        record[NOTES] = (*self._notes, *self._found.notes)

    def _layout(self, prior: PixelLayout, cast: Cast, n_bytes: int) -> PixelLayout | None:
        """Give the layout with the place of this file's pixel data; None where that has a fault."""
        offset = cast.pixel_offset + (8 if self.mould.is_implicit else 12)
        declared = None if cast.pixel_length == UNDEFINED_LENGTH else cast.pixel_length
        layout = replace(prior, offset=offset, length=declared, available=n_bytes - offset)
        if check_layout(layout):
            return None
        if len(self._layouts) >= MOST_KNOWN:
            self._layouts.clear()
        self._layouts[cast.pixel_offset, cast.pixel_length, n_bytes] = layout
        return layout
