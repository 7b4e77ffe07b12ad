"""Read the headers of many files, each with what the ones before it have taught."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from recist.dicom.mould import Mould, differing_tags, meta_spans
from recist.dicom.parse import HEAD_BYTES, SetAside, read_walked
from recist.dicom.pattern import DERIVED, Pattern

if TYPE_CHECKING:
    from recist.dicom.header import ImageHeader
    from recist.dicom.parse import Walked
    from recist.dicom.pattern import Memory
    from recist.dicom.plain import PlainElements

MOST_MOULDS = 8
SPARE_BYTES = 512
PATIENT = getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
# What differs from slice to slice in nearly every series: the number and UID of the image, its place, its moment.
USUALLY_VARYING = frozenset(
    (0x00020003, 0x00080018, 0x00080032, 0x00080033, 0x00200013, 0x00200032, 0x00201041),
)  # fmt: skip


class HeaderReader:
    """Reads header after header and keeps the last few as moulds for the next."""

    __slots__ = ("_head_bytes", "_memory", "_patterns")

    def __init__(self) -> None:
        self._patterns: list[Pattern] = []
        self._head_bytes = HEAD_BYTES
        self._memory: Memory = {}

    def read(self, location: str, name: str) -> ImageHeader | SetAside:
        """Read the header of one regular file, exactly as `recist.dicom.parse.read_header` does."""
        content = self.cast(location, name)
        return self.read_in_full(location, name) if content is None else content

    def read_in_full(self, location: str, name: str) -> ImageHeader | SetAside:
        """Read a header that fits no mould, and learn from it."""
        walked = read_walked(Path(location), name)
        if walked.plain is not None:
            self._learn(walked, walked.plain)
        return walked.content

    def cast(self, location: str, name: str) -> ImageHeader | SetAside | None:
        """Give what `read` gives where the file fits a mould; None where it fits none or cannot be opened."""
        if not self._patterns:
            return None
        try:
            head, n_bytes = _read_head(location, self._head_bytes)
        except OSError:
            return None
        for place, pattern in enumerate(self._patterns):
            content = pattern.cast(head, n_bytes, location, name)
            if content is not None:
                if place:
                    self._patterns.insert(0, self._patterns.pop(place))
                return content
        return None

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
        self._patterns = [Pattern(mould, walked.content, plain, self._memory), *self._patterns[: MOST_MOULDS - 1]]
        longest = max(len(pattern.mould.head) for pattern in self._patterns)
        self._head_bytes = min(HEAD_BYTES, longest + SPARE_BYTES)


def _read_head(location: str, n_bytes: int) -> tuple[bytes, int]:
    """Read the beginning of a file, and give its size too; one that has turned into a pipe is not waited for."""
    handle = os.open(location, os.O_RDONLY | PATIENT)
    try:
        return os.read(handle, n_bytes), os.lseek(handle, 0, os.SEEK_END)
    finally:
        os.close(handle)
