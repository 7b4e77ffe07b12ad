"""Read one CT series from a folder or from files."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from recist.dicom.ct_series import CTSeries
from recist.dicom.duplicates import DISPLACED, find_conflicts, find_copies, find_displaced, reason_for_conflict
from recist.dicom.faults import Refused, notes_of_pydicom
from recist.dicom.grouping import Stack, group_series, mark_lost
from recist.dicom.header import ImageHeader
from recist.dicom.scan import scan_files, scan_folder, shown_name
from recist.dicom.volume import Volume, read_volume
from recist.errors import DicomError, UsageError
from recist.progress import no_progress

if TYPE_CHECKING:
    from collections.abc import Sequence

    from recist.dicom.scan import Found
    from recist.progress import Progress

LONGEST_KEY = 80

__all__ = ["CTSeries", "read_series"]


def read_series(
    path: Path | str | Sequence[Path], *, series_uid: str | None = None, progress: Progress = no_progress
) -> CTSeries:
    """Read one CT series in Hounsfield units, with its geometry.

    Parameters
    ----------
    path : path or sequence of paths
        A folder, with all folders in it, a file, or files.
    series_uid : str, optional
        SeriesInstanceUID, or the key that `index_folder` gives. It may be left out where there is only one series
        besides localizers.
    progress : Progress

    Raises
    ------
    UsageError
        When there are several series and none was named, or the named one is not there.
    DicomError
        When there is no CT image, or none that can be read.
    """
    found = _scan(path)
    headers = [each.content for each in found if isinstance(each.content, ImageHeader)]
    copies = find_copies(headers)
    headers = [header for header in headers if header.name not in copies]
    conflicts = find_conflicts(headers)
    displaced = find_displaced(headers, conflicts)
    headers = [header for header in headers if header.name not in conflicts]
    if series_uid is not None:
        uid = series_uid.partition("/")[0]
        headers = [header for header in headers if header.series_uid == uid]
    stack = _choose(group_series(headers), series_uid, found)
    with notes_of_pydicom() as decoder_notes:
        volume = read_volume(stack, progress)
    n_displaced = displaced[stack.first.series_uid]
    doubts = [DISPLACED] * bool(n_displaced)
    doubts += [f"{later}: {reason_for_conflict(first)}" for later, first in conflicts.items()]
    unread = {each.name: each.content for each in found if isinstance(each.content, Refused)}
    refused = [f"{name}: {fault.reason}" for name, fault in unread.items()]
    lost = _count_lost(stack, list(unread.values())) + len(volume.notes) + n_displaced
    return series_of(replace(volume, stack=mark_lost(volume.stack, lost)), [*doubts, *refused, *decoder_notes])


def _count_lost(stack: Stack, unread: list[Refused]) -> int:
    """Count the images of the series that cannot be read and of which there is no other version."""
    whole = {header.sop_instance_uid for header in stack.headers}
    return sum(each.series_uid == stack.first.series_uid and each.sop_instance_uid not in whole for each in unread)


def _scan(path: Path | str | Sequence[Path]) -> list[Found]:
    if not isinstance(path, (str, Path)):
        return scan_files(path, None)
    place = Path(path)
    if place.is_dir():
        return scan_folder(place)
    if not place.exists():
        raise DicomError(f"There is no file or folder {place}.")
    return scan_files([place], place.parent)


def _choose(stacks: list[Stack], series_uid: str | None, found: list[Found]) -> Stack:
    """Find the one stack that is meant."""
    if series_uid is not None:
        exact = [stack for stack in stacks if stack.key == series_uid]
        stacks = exact or [stack for stack in stacks if stack.first.series_uid == series_uid]
    # localizers are offered only when there is nothing else
    meant = [stack for stack in stacks if not stack.is_localizer] or stacks
    if len(meant) == 1:
        return meant[0]
    if meant:
        listed = "\n".join(
            f"  {shown_name(stack.key[:LONGEST_KEY])}  {', '.join(stack.geometry.classes)}, {len(stack.slices)}"
            for stack in meant
        )
        raise UsageError(f"There are {len(meant)} series; name one by series_uid (class, number of slices):\n{listed}")
    if series_uid is not None:
        raise UsageError(f"There is no CT series {shown_name(series_uid[:LONGEST_KEY])} here.")
    refused = [f"{each.name}: {each.content.reason}" for each in found if isinstance(each.content, Refused)]
    raise DicomError("\n".join(["There is no CT image that can be read here.", *refused]))


def series_of(volume: Volume, notes: list[str]) -> CTSeries:
    """Join the voxels of a stack with what its headers say of all its images."""
    stack, geometry = volume.stack, volume.stack.geometry
    first, orientations = stack.first, stack.orientations
    header_notes = [note for header in stack.headers for note in header.notes]
    return CTSeries(
        series_uid=first.series_uid,
        study_uid=first.study_uid,
        frame_of_reference_uid=first.frame_of_reference_uid,
        subject=first.subject,
        description=first.description,
        date=first.date,
        classes=geometry.classes,
        hu=volume.hu,
        padding=volume.padding,
        sop_instance_uids=tuple(each.header.sop_instance_uid for each in stack.slices),
        positions_lps=stack.positions_lps,
        orientation=orientations[0],
        pixel_spacing_mm=stack.pixel_spacing_mm,
        slice_spacing_mm=geometry.slice_spacing_mm,
        slice_thickness_mm=stack.thickness_mm,
        kernel=stack.kernel,
        contrast=first.contrast,
        contrast_phase=stack.contrast_phase,
        lossy=any(header.lossy for header in stack.headers),
        frame_numbers=tuple(each.frame.number for each in stack.slices),
        orientations=None if (orientations == orientations[0]).all() else orientations,
        usual_step_mm=geometry.step_mm,
        missing_slices=geometry.missing_slices,
        notes=tuple(dict.fromkeys([*header_notes, *volume.notes, *notes])),
    )
