"""Drawing series in processes of their own, so that two cores share the work.

A worker is `python -m sample_dicom.worker FOLDER SEED`: it reads one JSON line a visit and answers with lines,
`"slice"` after each slice and the visit's table rows at its end. Unlike a process pool this never imports the caller's
script again, so the study can be made from a script, a notebook or a running viewer alike.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from queue import Empty
from threading import Thread
from typing import TYPE_CHECKING

from recist.errors import EnvironmentFault
from sample_dicom.series import find_visit, write_visit
from sample_dicom.truth import Row

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from queue import SimpleQueue

    from sample_dicom.plan import Visit

Rows = tuple[list[Row], list[Row]]


def serve(folder: Path, seed: int) -> None:
    """Write the visits asked for on standard input until it ends."""
    for line in sys.stdin:
        subject, timepoint = json.loads(line)
        _answer(write_visit(folder, find_visit(subject, timepoint), seed, lambda: _answer("slice")))


def _answer(message: object) -> None:
    sys.stdout.write(json.dumps(message) + "\n")
    sys.stdout.flush()


def draw_in_processes(
    folder: Path, visits: list[Visit], seed: int, n_workers: int, on_slice: Callable[[], None]
) -> dict[tuple[str, str], Rows]:
    """Write visits below a folder with several processes; return each visit's rows by subject and time point."""
    from queue import SimpleQueue

    to_do: SimpleQueue[Visit] = SimpleQueue()
    for visit in visits:
        to_do.put(visit)
    news: SimpleQueue[object] = SimpleQueue()
    workers = [Thread(target=_drive, args=(folder, seed, to_do, news), daemon=True) for _ in range(n_workers)]
    for worker in workers:
        worker.start()
    return dict(_collect(news, len(visits), on_slice))


def _collect(
    news: SimpleQueue[object], n_visits: int, on_slice: Callable[[], None]
) -> Iterator[tuple[tuple[str, str], Rows]]:
    while n_visits:
        message = news.get()
        if isinstance(message, Exception):
            raise message
        if message == "slice":
            on_slice()
        elif isinstance(message, tuple):
            n_visits -= 1
            yield message


def _drive(folder: Path, seed: int, to_do: SimpleQueue[Visit], news: SimpleQueue[object]) -> None:
    """Keep one process busy while there are visits to do."""
    command = [sys.executable, "-m", "sample_dicom.worker", str(folder), str(seed)]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, encoding="utf-8", env=_environment()
    ) as process:
        while True:
            try:
                visit = to_do.get_nowait()
            except Empty:
                break
            if not _ask(process, visit, news):
                news.put(EnvironmentFault("A process that draws the sample study ended early; see its message above."))
                break
        if process.stdin is not None:
            process.stdin.close()


def _ask(process: subprocess.Popen[str], visit: Visit, news: SimpleQueue[object]) -> bool:
    """Have one visit written and pass its news on; say whether the process reached the end."""
    if process.stdin is None or process.stdout is None:
        return False
    process.stdin.write(json.dumps([visit.subject, visit.timepoint]) + "\n")
    process.stdin.flush()
    for line in process.stdout:
        message = json.loads(line)
        if message != "slice":
            manifest, truth = message
            news.put(((visit.subject, visit.timepoint), (manifest, truth)))
            return True
        news.put(message)
    return False


def _environment() -> dict[str, str]:
    """Return the environment in which the process finds this very package, with one thread a process."""
    here = str(Path(__file__).parent.parent)
    paths = [here, *filter(None, [os.environ.get("PYTHONPATH")])]
    return os.environ | {"PYTHONPATH": os.pathsep.join(paths), "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}


if __name__ == "__main__":
    serve(Path(sys.argv[1]), int(sys.argv[2]))
