"""The same image twice in a folder: identical copies count once, different ones under one name are told."""

from __future__ import annotations

import hashlib
import math
from collections import Counter, defaultdict
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from recist.dicom.header import Frame, ImageHeader

# Two places, directions and spacings closer than this, in mm or as cosines, are the same.
NEAR = 1e-3
DISPLACED = (
    "an image at another place has the SOPInstanceUID of an image of this series and is left out; which of the two "
    "belongs here cannot be known, so the series counts as one with missing slices"
)


def _by_sop_instance(headers: Sequence[ImageHeader]) -> Iterable[list[ImageHeader]]:
    if len({header.sop_instance_uid for header in headers}) == len(headers):
        return ()
    groups: dict[str, list[ImageHeader]] = defaultdict(list)
    for header in headers:
        groups[header.sop_instance_uid].append(header)
    return (group for group in groups.values() if len(group) > 1)


def find_copies(headers: Sequence[ImageHeader]) -> dict[str, str]:
    """Find files that equal an earlier file byte for byte.

    Returns
    -------
    dict
        Name of the copy → name of the first.
    """
    copies: dict[str, str] = {}
    for group in _by_sop_instance(headers):
        first: dict[bytes, str] = {}
        for header in group:
            original = first.setdefault(_digest(header), header.name)
            if original != header.name:
                copies[header.name] = original
    return copies


def find_conflicts(headers: Sequence[ImageHeader]) -> dict[str, str]:
    """Find files that carry the SOPInstanceUID of another file; call it on files without byte-equal copies.

    The first file is kept, the first without loss where some were compressed with it.

    Returns
    -------
    dict
        Name of each further file → name of the one that is kept.
    """
    conflicts: dict[str, str] = {}
    for group in _by_sop_instance(headers):
        kept, *others = sorted(group, key=lambda header: header.lossy)
        conflicts.update({other.name: kept.name for other in others})
    return conflicts


def find_displaced(headers: Iterable[ImageHeader], conflicts: Mapping[str, str]) -> Counter[str]:
    """Count the images of each series that are left out for their SOPInstanceUID and lie where the one kept does not.

    Which of the two belongs to the series cannot be known, so neither their series is whole.

    Parameters
    ----------
    headers : iterable of ImageHeader
    conflicts : dict
        From `find_conflicts`.

    Returns
    -------
    Counter
        SeriesInstanceUID → images.
    """
    named = {header.name: header for header in headers} if conflicts else {}
    displaced: Counter[str] = Counter()
    for later, kept in conflicts.items():
        if not _lie_together(named[later], named[kept]):
            displaced.update({named[later].series_uid, named[kept].series_uid})
    return displaced


def _lie_together(one: ImageHeader, other: ImageHeader) -> bool:
    places = [[_place(frame) for frame in header.frames] for header in (one, other)]
    if one.frame_of_reference_uid != other.frame_of_reference_uid or len(places[0]) != len(places[1]):
        return False
    apart = np.abs(np.asarray(places[0]) - np.asarray(places[1]))
    return bool(np.all((apart <= NEAR) | (np.isnan(places[0]) & np.isnan(places[1]))))


def _place(frame: Frame) -> tuple[float, ...]:
    """Give position, orientation and spacing, NaN where there are none."""
    nowhere = (math.nan,) * 6
    position, orientation = frame.position_lps or nowhere[:3], frame.orientation or nowhere
    return (*position, *orientation, *(frame.pixel_spacing_mm or nowhere[:2]))


def _digest(header: ImageHeader) -> bytes:
    with header.path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").digest()


def reason_for_copy(original: str) -> str:
    """Say why a copy is set aside."""
    return f"an identical copy of {original}"


def reason_for_conflict(kept: str) -> str:
    """Say why a second version is rejected."""
    return f"it shares its SOPInstanceUID with {kept}, which was kept, but its content differs"
