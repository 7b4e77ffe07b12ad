"""Walk a folder and read the header of every file in it, once."""

from __future__ import annotations

import os
import stat
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from recist.dicom.faults import Refused, attempt
from recist.dicom.parse import SetAside, read_header
from recist.errors import DicomError
from recist.progress import no_progress

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from recist.dicom.header import ImageHeader
    from recist.progress import Progress

PROGRESS_EVERY = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """One file that was come upon.

    Attributes
    ----------
    path : pathlib.Path
    name : str
        Relative to the folder, with forward slashes; letters that are none are written as escapes.
    content : ImageHeader, SetAside or Refused
    """

    path: Path
    name: str
    content: ImageHeader | SetAside | Refused


def require_folder(folder: Path) -> None:
    """Refuse what is not a folder.

    Raises
    ------
    DicomError
        With one sentence.
    """
    if not folder.exists():
        raise DicomError(f"There is no folder {folder}.")
    if not folder.is_dir():
        raise DicomError(f"{folder} is a file; name the folder that holds the DICOM files.")


def scan_folder(folder: Path, progress: Progress = no_progress) -> list[Found]:
    """Find every file below a folder and read its header.

    Parameters
    ----------
    folder : pathlib.Path
    progress : Progress
        Told of each file.

    Returns
    -------
    list of Found
        In the order of their names.
    """
    asides: list[Found] = []
    paths = sorted(_walk(folder, asides))
    found = scan_files(paths, folder, progress)
    return sorted([*found, *asides], key=lambda each: each.name)


def scan_files(paths: Sequence[Path], folder: Path | None, progress: Progress = no_progress) -> list[Found]:
    """Read the headers of the named files; names are relative to `folder`, or bare without one."""
    found = []
    for done, path in enumerate(paths, start=1):
        name = _name(path, folder)
        found.append(Found(path=path, name=name, content=_read(path, name)))
        if done % PROGRESS_EVERY == 0 or done == len(paths):
            progress(done, len(paths))
    return found


def _read(path: Path, name: str) -> ImageHeader | SetAside | Refused:
    def read() -> ImageHeader | SetAside:
        if not stat.S_ISREG(path.stat().st_mode):
            return SetAside(reason="it is not a file but a device or a pipe")
        return read_header(path, name)

    return attempt(read, otherwise="its header cannot be read")


def _walk(folder: Path, asides: list[Found]) -> Iterator[Path]:
    """Give every file once, also through links, and never in circles; folders not entered go to `asides`."""

    def set_aside(path: Path, content: SetAside | Refused) -> None:
        asides.append(Found(path=path, name=_name(path, folder), content=content))

    def on_error(fault: OSError) -> None:
        set_aside(Path(fault.filename), Refused(reason="the folder may not be opened"))

    seen = {_identity(folder)}
    for root, names, files in os.walk(folder, followlinks=True, onerror=on_error):
        for name in sorted(names):
            path = Path(root, name)
            identity = _identity(path)
            if identity in seen:
                names.remove(name)
                set_aside(path, SetAside(reason="a link to a folder that is read already"))
            seen.add(identity)
        yield from (Path(root, name) for name in files)


def _identity(folder: Path) -> tuple[int, int]:
    status = folder.stat()
    return status.st_dev, status.st_ino


def _name(path: Path, folder: Path | None) -> str:
    relative = path.name if folder is None else path.relative_to(folder).as_posix()
    return relative.encode("utf-8", "backslashreplace").decode()
