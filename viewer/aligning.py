"""Aligning two series in the background, once a pair, with progress; the window stays free meanwhile."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from napari.qt.threading import create_worker
from qtpy.QtCore import QObject

from recist.errors import RecistError
from viewer.expecting import Alignment, align_series
from viewer.loading import in_steps
from viewer.proposal import warm_up_proposals
from viewer.qt import Signal

if TYPE_CHECKING:
    from recist.dicom.series import CTSeries
    from recist.progress import Progress
    from viewer.study import SeriesItem

Pair = tuple[str, str]
KEPT_PAIRS = 24


class Aligner(QObject):
    """Aligns pairs of series in worker threads and keeps what it found.

    Signals
    -------
    aligned : tuple of str
        Keys of the series of the earlier visit and of the one on the screen.
    failed : str
        One sentence.
    moved : str, int, int
        What is being aligned, steps done and the total; the total is 0 when nothing is.
    warming : bool
        Whether what the first click needs is being loaded.
    """

    aligned = Signal(object)
    failed = Signal(str)
    moved = Signal(str, int, int)
    warming = Signal(bool)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._kept: dict[Pair, Alignment] = {}
        self._workers: dict[Pair, Any] = {}
        self._warming: Any = None

    @property
    def is_busy(self) -> bool:
        """Whether something is being aligned."""
        return bool(self._workers)

    def found(self, pair: Pair) -> Alignment | None:
        """Give what is known of a pair, if it was aligned before."""
        return self._kept.get(pair)

    def forget(self) -> None:
        """Forget all pairs: another folder is read."""
        self._kept = {}

    def warm_up(self) -> None:
        """Load what the first click needs, in the background."""
        if self._warming is None:
            worker: Any = create_worker(warm_up_proposals, _start_thread=False)
            worker.started.connect(partial(self.warming.emit, True))
            worker.finished.connect(partial(self.warming.emit, False))
            self._warming = worker
            worker.start()

    def align(self, source: SeriesItem | CTSeries, pair: Pair, target: CTSeries, label: str) -> None:
        """Align a series with the one on the screen; `source` is read first where only its item is at hand."""
        if pair in self._workers or pair in self._kept:
            return
        progress = in_steps(partial(self.moved.emit, label))
        worker: Any = create_worker(_align, source, target, progress, _start_thread=False)
        worker.returned.connect(lambda result: self._on_returned(pair, result))
        worker.errored.connect(self._on_errored)
        worker.finished.connect(lambda: self._on_finished(pair))
        self._workers[pair] = worker
        self.moved.emit(label, 0, 1)
        worker.start()

    def _on_returned(self, pair: Pair, result: Alignment | RecistError) -> None:
        if isinstance(result, RecistError):
            self.failed.emit(str(result))
            return
        self._kept[pair] = result
        for old in list(self._kept)[:-KEPT_PAIRS]:
            del self._kept[old]
        self.aligned.emit(pair)

    def _on_errored(self, fault: Exception) -> None:
        self.failed.emit(f"The series cannot be aligned ({type(fault).__name__}).")

    def _on_finished(self, pair: Pair) -> None:
        self._workers.pop(pair, None)
        if not self._workers:
            self.moved.emit("", 0, 0)


def _align(source: SeriesItem | CTSeries, target: CTSeries, progress: Progress) -> Alignment | RecistError:
    from recist.dicom.series import CTSeries, read_series

    try:
        read = source if isinstance(source, CTSeries) else read_series(source.paths, series_uid=source.key)
    except RecistError as fault:
        return fault
    return align_series(read, target, progress)
