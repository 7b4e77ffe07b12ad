"""The same image twice in a folder: identical copies count once, different ones under one name are told."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from recist.dicom.header import ImageHeader


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


def _digest(header: ImageHeader) -> bytes:
    with header.path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").digest()


def reason_for_copy(original: str) -> str:
    """Say why a copy is set aside."""
    return f"an identical copy of {original}"


def reason_for_conflict(kept: str) -> str:
    """Say why a second version is rejected."""
    return f"it shares its SOPInstanceUID with {kept}, which was kept, but its content differs"
