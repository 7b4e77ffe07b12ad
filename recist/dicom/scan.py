"""Walk a folder and read the header of every file in it, once."""

from __future__ import annotations

import os
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from recist.dicom.collecting import seldom_collected
from recist.dicom.faults import Refused, attempt
from recist.dicom.header_reader import HeaderReader
from recist.dicom.parse import SetAside
from recist.errors import DicomError
from recist.progress import no_progress

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from recist.dicom.header import ImageHeader
    from recist.progress import Progress

PROGRESS_EVERY = 20
UNREACHED = "it cannot be reached"


class Found(NamedTuple):
    """One file that was come upon.

    Attributes
    ----------
    location : str
        Where it is.
    name : str
        Relative to the folder, with forward slashes; what cannot be shown is written as escapes.
    content : ImageHeader, SetAside or Refused
    """

    location: str
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
    start = len(os.fspath(folder).rstrip(os.sep)) + 1
    locations = sorted(_walk(folder, asides))
    found = _read_all([(location, shown_name(location[start:])) for location in locations], progress)
    return sorted([*found, *asides], key=lambda each: each.name)


def scan_files(paths: Sequence[Path], folder: Path | None, progress: Progress = no_progress) -> list[Found]:
    """Read the headers of the named files, each once.

    Names are relative to `folder`; without one they are bare, or the whole paths where two files share a bare name.
    """
    paths = list(dict.fromkeys(paths))
    names = [path.name if folder is None else path.relative_to(folder).as_posix() for path in paths]
    if len(set(names)) < len(names):
        names = [path.as_posix() for path in paths]
    named = zip(paths, names, strict=True)
    return _read_all([(os.fspath(path), shown_name(name)) for path, name in named], progress)


@seldom_collected()
def _read_all(files: Sequence[tuple[str, str]], progress: Progress) -> list[Found]:
    """Read the headers of files, given as (location, name)."""
    reader = HeaderReader()
    found = []
    for done, (location, name) in enumerate(files, start=1):
        known = reader.cast(location, name)
        found.append(Found(location, name, _read(reader, location, name) if known is None else known))
        if done % PROGRESS_EVERY == 0 or done == len(files):
            progress(done, len(files))
    return found


def _read(reader: HeaderReader, location: str, name: str) -> ImageHeader | SetAside | Refused:
    return attempt(partial(reader.read_in_full, location, name), otherwise="its header cannot be read")


def _walk(folder: Path, asides: list[Found]) -> Iterator[str]:
    """Give every file once, also through links, and never in circles; what is not entered goes to `asides`."""
    start = len(os.fspath(folder).rstrip(os.sep)) + 1

    def set_aside(location: str, content: SetAside | Refused) -> None:
        name = shown_name(location[start:]) or "."
        asides.append(Found(location=location, name=name, content=content))

    status = folder.stat()
    seen = {(status.st_dev, status.st_ino)}
    waiting = [os.fspath(folder)]
    while waiting:
        place = waiting.pop()
        try:
            with os.scandir(place) as listed:
                entries = sorted(listed, key=lambda entry: entry.name)
        except OSError:
            set_aside(place, Refused(reason="the folder may not be opened"))
            continue
        for entry in entries:
            kind = None if _is_plainly_a_file(entry) else attempt(partial(_kind, entry, seen), otherwise=UNREACHED)
            if kind is None:
                yield entry.path
            elif isinstance(kind, Path):
                waiting.append(entry.path)
            else:
                set_aside(entry.path, kind)


def _is_plainly_a_file(entry: os.DirEntry[str]) -> bool:
    """Whether the folder itself says that it is a file, so that nothing has to be asked for it."""
    return entry.is_file(follow_symlinks=False)


def _kind(entry: os.DirEntry[str], seen: set[tuple[int, int]]) -> Path | SetAside | None:
    """Tell a file (None) from a folder to enter (its path) and from what is neither."""
    if entry.is_file():
        return None
    status = entry.stat()
    if not entry.is_dir():
        return SetAside(reason="it is not a file but a device or a pipe")
    identity = status.st_dev, status.st_ino
    if identity in seen:
        return SetAside(reason="a link to a folder that is read already")
    seen.add(identity)
    return Path(entry.path)


def shown_name(relative: str) -> str:
    r"""Give a name that can be printed: what is no letter of any script is written as an escape, and so is ``\``.

    Line ends, terminal sequences, letters that turn the direction of a line and bytes that are no text would otherwise
    reach the screen and the tables. Different files keep different names.

    >>> print(shown_name("a\nb"))
    a\nb
    """
    if os.sep != "/":
        relative = relative.replace(os.sep, "/")
    if relative.isprintable() and "\\" not in relative:
        return relative
    return "".join(_escaped(letter) for letter in relative)


def _escaped(letter: str) -> str:
    if letter.isprintable() and letter != "\\":
        return letter
    return letter.encode("unicode_escape").decode("ascii")
