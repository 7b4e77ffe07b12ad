"""The series that a segmentation or a structure set says it was drawn on."""

from __future__ import annotations

from pathlib import Path

import pydicom
from pydicom.tag import Tag

from recist.dicom import elements
from recist.dicom.derived_object import limits_of, read_object
from recist.dicom.stream import read_wrapping
from recist.errors import DicomError
from recist.guarded import call_guarded

# In a segmentation, and one within the other in a structure set (PS3.3, C.7.6.16.2.12 and C.8.8.5).
SEQUENCES = ("ReferencedSeriesSequence",)
NESTED = ("ReferencedFrameOfReferenceSequence", "RTReferencedStudySequence", "RTReferencedSeriesSequence")
TAGS = [Tag(SEQUENCES[0]), Tag(NESTED[0])]


def find_named_series(path: Path) -> str:
    """Find the one series that a mask names, in a guarded child; empty where it names none, several, or is no mask."""
    try:
        memory_mib, seconds = limits_of(path)
        named = call_guarded(read_named_series, str(path), memory_mib=memory_mib, seconds=seconds)
    except DicomError:
        return ""
    return named[0] if len(named) == 1 else ""


def read_named_series(name: str) -> list[str]:
    """Read which series a file names, each once."""
    path = Path(name)
    with path.open("rb") as stream:
        wrapping = read_wrapping(stream)
        if wrapping is None:
            raise DicomError("it is not a DICOM file")
        stream.seek(0)
        if wrapping.is_deflated:
            dataset = read_object(path)
        else:
            forced = not wrapping.has_preamble
            dataset = pydicom.dcmread(stream, stop_before_pixels=True, specific_tags=TAGS, force=forced)
    found: dict[str, None] = {}
    for sequences in (SEQUENCES, NESTED):
        items = [dataset]
        for sequence in sequences:
            items = [inner for item in items for inner in item.get(sequence) or ()]
        found |= dict.fromkeys(elements.text(item, "SeriesInstanceUID") for item in items)
    return [uid for uid in found if uid]
