"""De-identify a folder of DICOM files, file by file."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from recist.errors import DicomError, UsageError
from recist.progress import no_progress

if TYPE_CHECKING:
    from collections.abc import Iterator

    from recist.deidentify.key import StudyKey
    from recist.progress import Progress

GUARDED_IMPORTS = ("pydicom", "recist.deidentify.dataset")
MOST_FILE_BYTES = 4 * 2**30
MIB = 2**20
COPIES_IN_MEMORY = 4  # of a file: as read, as written, and what lies between
BYTES_A_SECOND = 10 * MIB  # slower than any disk


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What became of one file.

    Attributes
    ----------
    source : str
        Its path below the folder. It may name the patient: this list belongs with the key, not with the results.
    result : str
        The path of the cleaned file below the results; empty where the file was refused.
    reason : str
        Why it was refused.
    """

    source: str
    result: str = ""
    reason: str = ""


def deidentify_folder(
    folder: Path, out: Path, key: StudyKey, *, has_characteristics: bool = False, progress: Progress = no_progress
) -> tuple[Outcome, ...]:
    """De-identify every file below a folder; what cannot be made safe is left out, with the reason.

    Parameters
    ----------
    folder, out : pathlib.Path
        The cleaned files lie in `out` by pseudonym, series and image; their names tell nothing of the old ones.
    key : StudyKey
    has_characteristics : bool
        Keep age, sex, size and weight.
    progress : Progress

    Raises
    ------
    DicomError
        When `folder` is none.
    UsageError
        When one of the two folders lies in the other.
    """
    if not folder.is_dir():
        raise DicomError(f"there is no folder {folder}")
    if out.resolve().is_relative_to(folder.resolve()) or folder.resolve().is_relative_to(out.resolve()):
        raise UsageError(f"{out} and {folder} lie in each other; name a folder for the results that is apart")
    files = sorted(_walk(folder))
    outcomes = []
    for done, path in enumerate(files, start=1):
        outcomes.append(_outcome(path, folder, out, key, has_characteristics))
        progress(done, len(files))
    return tuple(outcomes)


def _walk(folder: Path) -> Iterator[Path]:
    """Give every file below a folder; links to folders are not followed."""
    for place, _, names in os.walk(folder):
        yield from (Path(place) / name for name in names)


def _outcome(path: Path, folder: Path, out: Path, key: StudyKey, has_characteristics: bool) -> Outcome:
    from recist.guarded import call_guarded

    source = path.relative_to(folder).as_posix()
    try:
        size = _size_of(path)
        result = call_guarded(
            deidentify_file,
            path,
            out,
            key,
            has_characteristics,
            memory_mib=300 + COPIES_IN_MEMORY * size // MIB,
            seconds=10 + size / BYTES_A_SECOND,
        )
    except DicomError as fault:
        return Outcome(source=source, reason=str(fault))
    except OSError:
        return Outcome(source=source, reason="it cannot be opened")
    return Outcome(source=source, result=result)


def _size_of(path: Path) -> int:
    if not path.is_file():
        raise DicomError("it is no regular file")
    size = path.stat().st_size
    if size > MOST_FILE_BYTES:
        raise DicomError("it is larger than 4 GiB")
    return size


def deidentify_file(path: Path, out: Path, key: StudyKey, has_characteristics: bool) -> str:
    """De-identify one file, and give the path of the cleaned one below `out`.

    Raises
    ------
    DicomError
        When it is refused; nothing is written then.
    """
    from pydicom import dcmread
    from pydicom.errors import InvalidDicomError

    from recist.deidentify.dataset import clean_file
    from recist.deidentify.refusal import require_safe
    from recist.deidentify.traces import empty_traces, find_identifiers, require_no_traces

    try:
        dataset = dcmread(path)
    except InvalidDicomError as fault:
        raise DicomError("it is not a DICOM file") from fault
    require_safe(dataset)
    identifiers = find_identifiers(dataset)
    clean_file(dataset, key, has_characteristics=has_characteristics)
    empty_traces(dataset, identifiers)
    require_no_traces(dataset, identifiers)
    result = Path(str(dataset.PatientID)) / str(dataset.SeriesInstanceUID) / f"{dataset.SOPInstanceUID}.dcm"
    _write(dataset, out / result)
    return result.as_posix()


def _write(dataset: object, path: Path) -> None:
    """Write a cleaned file whole or not at all; the same image may come twice, two images of one UID may not."""
    from filecmp import cmp

    from recist.outputs import whole_file

    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_suffix(".new")
    with whole_file(beside) as staging:
        dataset.save_as(staging, enforce_file_format=True)  # type: ignore[attr-defined]
    if path.exists() and not cmp(path, beside, shallow=False):
        beside.unlink()
        raise DicomError("another image with the same SOPInstanceUID is there already, and it is not the same")
    beside.replace(path)
