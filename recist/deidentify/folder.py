"""De-identify a folder of DICOM files, file by file."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from recist.deidentify.file import clean_to, place_file
from recist.errors import DicomError, UsageError
from recist.progress import no_progress

if TYPE_CHECKING:
    from collections.abc import Iterator

    from recist.deidentify.key import StudyKey
    from recist.progress import Progress

MOST_FILE_BYTES = 4 * 2**30
MIB = 2**20
LEAST_MIB = 128  # a codec is loaded only where one is needed
COPIES_IN_MEMORY = 8  # of a file: as read, unpacked, cleaned, as written, and what lies between
LEAST_SECONDS = 5
BYTES_A_SECOND = 10 * MIB  # slower than any disk
STAGING = ".partial-"


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
        raise DicomError("there is no such folder of DICOM files; check the path")
    if out.resolve().is_relative_to(folder.resolve()) or folder.resolve().is_relative_to(out.resolve()):
        raise UsageError("the folder of the images and that of the results lie in each other; name one that is apart")
    files = sorted(_walk(folder))
    out.mkdir(parents=True, exist_ok=True)
    outcomes: list[Outcome] = []
    with TemporaryDirectory(prefix=STAGING, dir=out) as staging, ThreadPoolExecutor(os.cpu_count() or 1) as threads:
        try:
            results = threads.map(
                lambda at: _clean(files[at], Path(staging) / f"{at}.dcm", key, has_characteristics), range(len(files))
            )
            for path, result in zip(files, results, strict=True):
                staged = Path(staging) / f"{len(outcomes)}.dcm"
                outcomes.append(_outcome(path.relative_to(folder).as_posix(), result, staged, out))
                progress(len(outcomes), len(files))
        except BaseException:
            threads.shutdown(wait=True, cancel_futures=True)
            raise
    return tuple(outcomes)


def _walk(folder: Path) -> Iterator[Path]:
    """Give every file below a folder; links to folders are not followed."""
    for place, _, names in os.walk(folder):
        yield from (Path(place) / name for name in names)


def _clean(path: Path, staged: Path, key: StudyKey, has_characteristics: bool) -> str | DicomError:
    """Clean one file in a child process; give the place it belongs to, or why it is refused."""
    from recist.guarded import call_guarded

    try:
        size = _size_of(path)
        return call_guarded(
            clean_to,
            path,
            staged,
            key,
            has_characteristics,
            memory_mib=LEAST_MIB + COPIES_IN_MEMORY * size // MIB,
            seconds=LEAST_SECONDS + size / BYTES_A_SECOND,
        )
    except DicomError as fault:
        return fault
    except OSError:
        return DicomError("it cannot be opened")


def _outcome(source: str, result: str | DicomError, staged: Path, out: Path) -> Outcome:
    """Put a cleaned file where it belongs. Only here, one file after the other: so the order is always the same."""
    try:
        if isinstance(result, DicomError):
            return Outcome(source=source, reason=str(result))
        place_file(staged, out / result)
    except DicomError as fault:
        return Outcome(source=source, reason=str(fault))
    finally:
        staged.unlink(missing_ok=True)
    return Outcome(source=source, result=result)


def _size_of(path: Path) -> int:
    if not path.is_file():
        raise DicomError("it is no regular file")
    size = path.stat().st_size
    if size > MOST_FILE_BYTES:
        raise DicomError("it is larger than 4 GiB")
    return size
