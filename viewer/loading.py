"""Reading folders and series in the background, with progress; results arrive in Qt's own thread."""

from __future__ import annotations

from functools import cache, partial
from threading import Lock
from time import monotonic
from typing import TYPE_CHECKING, Any

import numpy as np
from napari.qt.threading import create_worker
from qtpy.QtCore import QObject

from recist.errors import RecistError
from viewer.qt import Signal
from viewer.study import Study, build_study

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from recist.dicom.series import CTSeries
    from recist.progress import Progress
    from viewer.study import SeriesItem

KEPT_SERIES = 6
TOLD_SECONDS = 0.3
READING_SERIES = "Reading DICOM"
_ONE_AT_A_TIME = Lock()


class Loader(QObject):
    """Reads one thing at a time in a worker thread; a later request replaces an earlier one's result.

    Signals
    -------
    study_read : Study
    series_read : SeriesItem, CTSeries
    failed : str
        One sentence.
    moved : str, int, int
        What is being read, steps done and the total; the total is 0 when nothing is being read.
    """

    study_read = Signal(object)
    series_read = Signal(object, object)
    failed = Signal(str)
    moved = Signal(str, int, int)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._kept: dict[str, CTSeries] = {}
        self._request = 0
        self._workers: dict[int, Any] = {}

    @property
    def is_busy(self) -> bool:
        """Whether something is being read."""
        return bool(self._workers)

    def read_study(self, folder: Path) -> None:
        """Index a folder."""
        self._kept = {}
        self._start("Reading the folder", lambda progress: read_study(folder, progress), self.study_read.emit)

    def read_sample(self) -> None:
        """Make the sample study, if it is not there yet, and index it."""
        self._start("Making the sample study", read_sample, self.study_read.emit)

    def read_series(self, item: SeriesItem) -> None:
        """Read a series, or give it at once when it was read before."""
        kept = self._kept.get(item.key)
        if kept is not None:
            self.series_read.emit(item, kept)
            return
        self._start(READING_SERIES, lambda progress: _read_item(item, progress), lambda one: self._keep(item, one))

    def kept(self, item: SeriesItem) -> CTSeries | None:
        """Give a series that was read before and is still at hand."""
        return self._kept.get(item.key)

    def forget(self, series: CTSeries) -> None:
        """Keep only `series`, which was read elsewhere, and use no result that is still to come."""
        self._kept = {series.series_uid: series}
        self._request += 1

    def _keep(self, item: SeriesItem, series: CTSeries) -> None:
        self._kept[item.key] = series
        for uid in list(self._kept)[:-KEPT_SERIES]:
            del self._kept[uid]
        self.series_read.emit(item, series)

    def _start(self, label: str, read: Callable[[Progress], Any], use: Callable[[Any], None]) -> None:
        self._request += 1
        request = self._request
        progress = in_steps(partial(self.moved.emit, label))
        worker: Any = create_worker(read, progress, _start_thread=False, _progress={"total": 0, "desc": label})
        worker.returned.connect(lambda result: self._on_returned(request, result, use))
        worker.errored.connect(lambda fault: self._on_errored(request, fault))
        worker.finished.connect(lambda: self._on_finished(request))
        self._workers[request] = worker
        self.moved.emit(label, 0, 1)
        worker.start()

    def _on_returned(self, request: int, result: Any, use: Callable[[Any], None]) -> None:
        if isinstance(result, RecistError):
            self.failed.emit(str(result))
        elif request == self._request:
            use(result)

    def _on_errored(self, request: int, fault: Exception) -> None:
        if request == self._request:
            self.failed.emit(f"This cannot be read ({type(fault).__name__}).")

    def _on_finished(self, request: int) -> None:
        self._workers.pop(request, None)
        if not self._workers:
            self.moved.emit("", 0, 0)


def in_steps(progress: Progress, clock: Callable[[], float] = monotonic) -> Progress:
    """Tell how far it is now and then, and the end: to paint it costs more than to read an image."""
    told = clock()

    def report(done: int, total: int) -> None:
        nonlocal told
        if done >= total or clock() - told >= TOLD_SECONDS:
            told = clock()
            progress(done, total)

    return report


def read_study(folder: Path, progress: Progress) -> Study | RecistError:
    """Index a folder for reading; a fault for the user comes back as a value."""
    from recist.dicom.index import index_folder

    try:
        return build_study(folder, index_folder(folder, with_pixels=False, progress=progress))
    except RecistError as fault:
        return fault


def read_sample(progress: Progress) -> Study | RecistError:
    """Index the sample study."""
    from sample_dicom import cached_study

    return read_study(cached_study(progress=progress), progress)


def _read_item(item: SeriesItem, progress: Progress) -> CTSeries | RecistError:
    from recist.dicom.series import read_series

    try:
        series = read_series(item.paths, series_uid=item.key, progress=progress)
    except RecistError as fault:
        return fault
    warm_up_layers()
    return series


def warm_up_layers() -> None:
    """Make a layer of each kind once, off the screen: the first ones load much, which would hold the window up."""
    with _ONE_AT_A_TIME:  # what they load cannot be loaded by two threads at once
        _make_layers()


@cache
def _make_layers() -> None:
    from napari.layers import Image, Points, Shapes

    Image(np.zeros((2, 2, 2)), interpolation2d="linear")
    Points(ndim=3)
    Shapes(ndim=3)
