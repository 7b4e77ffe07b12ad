"""Stamps of input files: their names, sizes and times of change, to see on resuming that a file is another one."""

from __future__ import annotations

import hashlib
import os
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from itertools import islice
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from recist.batch.task import Task

STAMP_LENGTH = 16
TASKS_AT_ONCE = 1000
LOOKERS = 8  # threads: asking a network file system is waiting


def stamp_inputs(task: Task) -> str:
    """Stamp the files and folders that a task reads; the contents are not read."""
    return _join(map(_stamp, task.inputs))


def stamp_many(tasks: Iterable[Task]) -> Iterator[str]:
    """Stamp the inputs of many tasks, in their order; what several share is looked at once."""
    stamp = cache(_stamp)
    coming = iter(tasks)
    with ThreadPoolExecutor(LOOKERS) as threads:
        while some := list(islice(coming, TASKS_AT_ONCE)):
            yield from threads.map(lambda task: _join(map(stamp, task.inputs)), some)


def _join(stamps: Iterable[str]) -> str:
    return hashlib.sha256("|".join(stamps).encode()).hexdigest()[:STAMP_LENGTH]


def _stamp(path: Path) -> str:
    digest = hashlib.sha256()
    for line in sorted(_describe(str(path), "")):
        digest.update(line)
    return digest.hexdigest()


def _describe(place: str, name: str) -> Iterator[bytes]:
    """Describe a file, or every file of a folder; links to folders are not followed."""
    try:
        if os.path.isdir(place) and not (name and os.path.islink(place)):  # noqa: PTH112, PTH114  # many thousand files
            yield from _describe_folder(place, name)
            return
        found = os.stat(place)  # noqa: PTH116
    except OSError:
        yield f"{name}\0gone".encode(errors="surrogateescape")
        return
    yield f"{name}\0{found.st_size}\0{found.st_mtime_ns}".encode(errors="surrogateescape")


def _describe_folder(place: str, name: str) -> Iterator[bytes]:
    with os.scandir(place) as entries:
        for entry in entries:
            inner = f"{name}/{entry.name}"
            if entry.is_dir(follow_symlinks=False):
                yield from _describe_folder(entry.path, inner)
                continue
            yield from _describe(entry.path, inner)
