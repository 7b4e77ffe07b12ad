"""Index a folder: what every file is, what every series is, and what was left out and why."""

from __future__ import annotations

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from recist.dicom.collecting import seldom_collected
from recist.dicom.duplicates import (
    DISPLACED,
    find_conflicts,
    find_copies,
    find_displaced,
    reason_for_conflict,
    reason_for_copy,
)
from recist.dicom.entries import FileEntry, FolderIndex, SeriesEntry, Verdict
from recist.dicom.faults import Refused, attempt, notes_of_pydicom
from recist.dicom.grouping import group_series, mark_lost
from recist.dicom.header import ImageHeader
from recist.dicom.hounsfield import HuRange, join_ranges, range_hu
from recist.dicom.pixels import read_stored
from recist.dicom.scan import require_folder, scan_folder
from recist.dicom.volume import N_THREADS
from recist.progress import no_progress

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from recist.dicom.grouping import Stack
    from recist.dicom.scan import Found
    from recist.progress import Progress

__all__ = ["FileEntry", "FolderIndex", "SeriesEntry", "Verdict", "index_folder"]

Ranges = dict[str, HuRange | Refused]


@seldom_collected()
def index_folder(folder: Path | str, *, with_pixels: bool = True, progress: Progress = no_progress) -> FolderIndex:
    """Account for every file below a folder and classify every CT series in it.

    Parameters
    ----------
    folder : path
    with_pixels : bool
        Decode every CT image, to find its range of HU and to reject what cannot be decoded. Without, only headers are
        read.
    progress : Progress

    Raises
    ------
    DicomError
        When `folder` is not a folder. Faults of files are no exceptions but verdicts.
    """
    root = Path(folder)
    require_folder(root)
    found = scan_folder(root, _part(progress, 0, 2 if with_pixels else 1))
    headers = [each.content for each in found if isinstance(each.content, ImageHeader)]
    copies = find_copies(headers)
    singles = [header for header in headers if header.name not in copies]
    ranges = _read_ranges(singles, _part(progress, 1, 2)) if with_pixels else {}
    usable = [header for header in singles if not isinstance(ranges.get(header.name), Refused)]
    conflicts = find_conflicts(usable)
    lost = _count_lost(found, singles, usable, ranges)
    displaced = find_displaced(usable, conflicts)
    grouped = group_series(header for header in usable if header.name not in conflicts)
    lost.update(displaced)
    stacks = [mark_lost(stack, lost[stack.first.series_uid]) for stack in grouped]
    keys = {each.header.name: stack.key for stack in stacks for each in stack.slices}
    doubts = {later: _tell_conflict(later, first, ranges) for later, first in conflicts.items()}
    files = tuple(_file_entry(each, keys, copies, doubts, ranges) for each in found)
    series = tuple(_series_entry(stack, ranges, displaced) for stack in stacks)
    return FolderIndex(folder=root, files=files, series=series)


def _count_lost(
    found: Sequence[Found], singles: Sequence[ImageHeader], usable: Sequence[ImageHeader], ranges: Ranges
) -> Counter[str]:
    """Count the images of each series that cannot be read and of which there is no other version."""
    whole = {header.sop_instance_uid for header in usable}
    undecoded = [header for header in singles if isinstance(ranges.get(header.name), Refused)]
    lost = [each.content for each in found if isinstance(each.content, Refused)]
    named = [(each.series_uid, each.sop_instance_uid) for each in lost]
    named += [(header.series_uid, header.sop_instance_uid) for header in undecoded]
    return Counter(series_uid for series_uid, sop_uid in named if sop_uid not in whole)


def _part(progress: Progress, number: int, n_parts: int) -> Progress:
    """Report one of several passes over the files as its share of the whole."""

    def report(done: int, total: int) -> None:
        progress((number * total + done) // n_parts, total)

    return report


def _read_ranges(headers: Sequence[ImageHeader], progress: Progress) -> Ranges:
    """Decode every image for its range of HU."""

    def read(header: ImageHeader) -> HuRange | Refused:
        return attempt(lambda: _range_of_image(header), otherwise="its pixels cannot be read")

    ranges: Ranges = {}
    with notes_of_pydicom(), ThreadPoolExecutor(N_THREADS) as threads:
        for header, outcome in zip(headers, threads.map(read, headers), strict=True):
            ranges[header.name] = outcome
            progress(len(ranges), len(headers))
    return ranges


def _range_of_image(header: ImageHeader) -> HuRange:
    frames = zip(header.frames, read_stored(header), strict=True)
    return join_ranges([range_hu(stored, frame, header.layout.padding) for frame, stored in frames])


def _tell_conflict(later: str, first: str, ranges: Ranges) -> str:
    reason = reason_for_conflict(first)
    one, other = ranges.get(later), ranges.get(first)
    if one is None or other is None:
        return reason
    return f"{reason} (the range and mean of the values are {'the same' if one == other else 'different'})"


def _file_entry(
    found: Found, keys: Mapping[str, str], copies: Mapping[str, str], doubts: Mapping[str, str], ranges: Ranges
) -> FileEntry:
    """Give the verdict on one file."""
    content, name = found.content, found.name
    if not isinstance(content, ImageHeader):
        verdict = Verdict.REJECTED if isinstance(content, Refused) else Verdict.IGNORED
        return FileEntry(path=name, verdict=verdict, reason=_as_sentence(content.reason))
    outcome = ranges.get(name)
    if outcome is None and name in keys:
        told = _tell_image(len(content.frames), content.notes)
        return FileEntry(name, Verdict.ACCEPTED, told, keys[name], content.lossy)
    if name in copies:
        verdict, reason = Verdict.IGNORED, reason_for_copy(copies[name])
    elif isinstance(outcome, Refused):
        verdict, reason = Verdict.REJECTED, outcome.reason
    elif name in doubts:
        verdict, reason = Verdict.REJECTED, doubts[name]
    else:
        verdict, reason = Verdict.ACCEPTED, _tell_image(len(content.frames), content.notes)
    return FileEntry(
        path=name,
        verdict=verdict,
        reason=reason if verdict is Verdict.ACCEPTED else _as_sentence(reason),
        series=keys.get(name, content.series_uid),
        lossy=content.lossy,
        range_hu=outcome if isinstance(outcome, HuRange) else None,
    )


@lru_cache
def _tell_image(n_frames: int, notes: tuple[str, ...]) -> str:
    frames = f" of {n_frames} frames" if n_frames > 1 else ""
    return _as_sentence("; ".join((f"a CT image{frames}", *notes)))


def _as_sentence(reason: str) -> str:
    return f"{reason[0].upper()}{reason[1:]}."


def _series_entry(stack: Stack, ranges: Ranges, displaced: Counter[str]) -> SeriesEntry:
    first, layout, geometry = stack.first, stack.first.layout, stack.geometry
    headers = stack.headers
    doubts = [DISPLACED] if displaced[first.series_uid] else []
    known = [found for header in headers if isinstance(found := ranges.get(header.name), HuRange)]
    return SeriesEntry(
        series=stack.key,
        series_uid=first.series_uid,
        study_uid=first.study_uid,
        frame_of_reference_uid=first.frame_of_reference_uid,
        subject=first.subject,
        description=first.description,
        classes=geometry.classes,
        n_slices=len(stack.slices),
        rows=layout.rows,
        columns=layout.columns,
        slice_spacing_mm=geometry.slice_spacing_mm,
        pixel_spacing_mm=stack.pixel_spacing_mm,
        slice_thickness_mm=stack.thickness_mm,
        usual_step_mm=geometry.step_mm,
        missing_slices=geometry.missing_slices,
        tilt_degrees=geometry.tilt_degrees,
        range_hu=join_ranges(known) if known else None,
        date=first.date,
        modality=first.modality,
        kernel=stack.kernel,
        contrast=first.contrast,
        contrast_phase=stack.contrast_phase,
        lossy=any(header.lossy for header in headers),
        notes=tuple(dict.fromkeys([*doubts, *(note for header in headers for note in header.notes)])),
        locations=tuple(header.location for header in headers),
        names=tuple(header.name for header in headers),
    )
