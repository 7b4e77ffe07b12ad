"""Whether two files hold the same object, although an archive wrote one of them anew.

By DIMSE an object travels without its file: the archive encodes the data set again, and may write sequences with other
lengths, drop group lengths and padding, or deflate otherwise. What counts is what the elements hold.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from recist.dicom.faults import notes_of_pydicom
from recist.errors import DicomError
from recist.guarded import call_guarded
from recist.pacs.identity import digest_of

if TYPE_CHECKING:
    from pathlib import Path

    from pydicom import Dataset

    from recist.pacs.identity import Identity

PADDING = 0xFFFCFFFC
MOST_MIB, MOST_SECONDS = 600, 30.0
GUARDED_IMPORTS = ("pydicom",)


def is_same_object(first: Path, identity: Identity, second: Path, other: Identity) -> bool | None:
    """Compare two files; None where that cannot be done."""
    if identity.transfer_syntax != other.transfer_syntax:
        return None
    if digest_of(first, identity) == digest_of(second, other):
        return True
    try:
        return call_guarded(have_same_elements, first, second, memory_mib=MOST_MIB, seconds=MOST_SECONDS)
    except DicomError:
        return None


def have_same_elements(first: Path, second: Path) -> bool:
    """Compare two data sets element by element, to the bottom of every sequence."""
    import pydicom

    with notes_of_pydicom():
        one, other = (_without_encoding(pydicom.dcmread(path)) for path in (first, second))
        return bool(one == other)


def _without_encoding(dataset: Dataset) -> Dataset:
    """Drop the elements that only tell how the others are encoded."""
    for tag in [tag for tag in dataset.keys() if tag.element == 0 or tag == PADDING]:  # noqa: SIM118
        del dataset[tag]
    for element in dataset:
        if element.VR == "SQ":
            for item in element.value:
                _without_encoding(item)
    return dataset
