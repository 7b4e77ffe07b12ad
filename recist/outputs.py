"""Output folders and files that appear whole or not at all."""

from __future__ import annotations

import os
import shutil
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from recist.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence


def require_folder_to_write(folder: Path) -> None:
    """Refuse a place where no folder of results can be made, before the work that would be lost.

    Raises
    ------
    UsageError
        When `folder` is a file.
    """
    if folder.exists() and not folder.is_dir():
        raise UsageError(f"{folder} is a file; name a folder for the results")


def say_folder(folder: Path) -> str:
    """Say what becomes of the files that a folder for results holds already; empty where there are none.

    One rule for all results: files of the same name are replaced, all others stay.
    """
    if not folder.is_dir() or not any(folder.iterdir()):
        return ""
    return f"{folder} is not empty: files of the same name are replaced, all others stay as they are"


def require_own_files(folder: Path, names: Sequence[str], *, mark: tuple[str, str]) -> None:
    """Refuse to replace files that another program, or a person, put where the results belong.

    Parameters
    ----------
    folder : pathlib.Path
    names : sequence of str
        What would be replaced.
    mark : (str, str)
        The file that results of ours hold, and the text by which it is known.

    Raises
    ------
    UsageError
        When such files are there without the mark.
    """
    name, text = mark
    marked = folder / name
    if marked.is_file() and text in marked.read_text(encoding="utf-8", errors="replace"):
        return
    foreign = [one for one in names if (folder / one).is_file()]
    if foreign:
        raise UsageError(
            f"{folder} holds {', '.join(foreign)}, which no earlier run of this command wrote; nothing was changed. "
            "Name another folder, or move these away"
        )


@contextmanager
def whole_folder(folder: Path) -> Iterator[Path]:
    """Write a set of files so that a fault leaves nothing half-written.

    Yields a staging folder beside `folder`. When the block ends well its files are moved into `folder`, replacing
    files of the same name and keeping all others; when it raises, the staging folder is removed and `folder` is as
    it was.

    Parameters
    ----------
    folder : pathlib.Path
        Where the files shall appear; made when missing.
    """
    folder.parent.mkdir(parents=True, exist_ok=True)
    staging = Path(tempfile.mkdtemp(prefix=f".{folder.name}.partial-", dir=folder.parent))
    try:
        yield staging
        for path in sorted(staging.rglob("*")):
            if path.is_file():
                target = folder / path.relative_to(staging)
                target.parent.mkdir(parents=True, exist_ok=True)
                os.replace(path, target)
        folder.mkdir(exist_ok=True)
    finally:
        shutil.rmtree(staging, ignore_errors=True)


@contextmanager
def whole_file(path: Path) -> Iterator[Path]:
    """Write one file so that a fault leaves the old one, or none.

    Yields a temporary path in the same folder with the same ending; it replaces `path` when the block ends well.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(prefix=f".{path.stem}.partial-", suffix=path.suffix, dir=path.parent)
    os.close(handle)
    temporary = Path(name)
    temporary.chmod(0o644)
    try:
        yield temporary
        os.replace(temporary, path)
    finally:
        temporary.unlink(missing_ok=True)
