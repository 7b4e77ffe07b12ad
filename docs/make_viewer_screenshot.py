"""Draw docs/images/viewer.png: the sample study in the reading panel, read by hand with the mouse.

Run under a virtual display: xvfb-run -s "-screen 0 1600x1000x24" python docs/make_viewer_screenshot.py [STUDY]
"""

from __future__ import annotations

import math
import sys
import tempfile
from pathlib import Path

import numpy as np
import pandas as pd
from qtpy.QtCore import QEventLoop, QPoint, Qt, QTimer
from qtpy.QtTest import QTest

from recist.dicom.index import index_folder
from recist.dicom.seg import read_segmentation
from recist.measure.axes import axes_from_mask
from sample_dicom import cached_study
from viewer.app import open_window

OUT = Path(__file__).parent / "images" / "viewer.png"
SUBJECT, SHOWN, SHOWN_SLICE, BOTH = "S209", "followup-2", 32, ("T1", "T2")
ZOOM_PER_FIT = 1.6


def wait(milliseconds: int) -> None:
    loop = QEventLoop()
    QTimer.singleShot(milliseconds, loop.quit)
    loop.exec()


def wait_for(panel, timepoint: str) -> None:
    while panel.room.loader.is_busy or panel.session.state.timepoint != timepoint or panel.session.state.series is None:
        wait(50)
    wait(300)


class Hand:
    """Moves the mouse over the picture."""

    def __init__(self, napari_viewer, panel) -> None:
        self.qt_viewer, self.panel = napari_viewer.window._qt_viewer, panel  # noqa: SLF001

    def point(self, row: float, column: float) -> QPoint:
        canvas, image = self.qt_viewer.canvas, self.panel.room.canvas.image
        world = image.data_to_world((0, row, column))
        x, y = (canvas.view.transform * canvas.view.scene.transform).map([world[2], world[1]])[:2]
        return QPoint(round(x), round(y))

    def drag(self, start, end, *, let_go: bool = True) -> None:
        native, first, last = self.qt_viewer.canvas.native, self.point(*start), self.point(*end)
        QTest.mousePress(native, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, first)
        wait(40)
        for step in range(1, 7):
            QTest.mouseMove(native, first + (last - first) * step / 6)
            wait(40)
        if let_go:
            QTest.mouseRelease(native, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, last)
            wait(40)


def measure(hand: Hand, row: dict, *, accept: bool = True) -> None:
    """Measure a lesion along its true axes."""
    session, canvas = hand.panel.session, hand.panel.room.canvas
    canvas.go_to_slice(int(row["slice_index"]))
    wait(150)
    session.choose_lesion(row["lesion"])
    long_axis = (row["y1"], row["x1"]), (row["y2"], row["x2"])
    hand.drag(*long_axis)
    short_axis = (row["y3"], row["x3"]), (row["y4"], row["x4"])
    start = session.state.draft.caliper.short_start
    near, far = sorted(short_axis, key=lambda end: math.dist(end, start))
    hand.drag(start, near)
    hand.drag(session.state.draft.caliper.short_end, far)
    session.choose_site(row["site"])
    if accept:
        session.accept()


def section_axes(folder: Path, panel, slice_index: int) -> list[dict[str, object]]:
    """Give the axes of the liver lesions on one slice of the series on the screen, from their segmentation."""
    series = panel.session.state.series
    rows = []
    for segment in read_segmentation(folder / "dicom" / SUBJECT / SHOWN / "lesions.seg.dcm", series):
        first, row, column = segment.offset
        if segment.label not in BOTH:
            continue
        mask = segment.mask[slice_index - first][None]
        axes = axes_from_mask(mask, (math.nan, *series.pixel_spacing_mm))
        ends = axes.to_row()
        moved = {
            f"{axis}{k}": ends[f"{axis}{k}"] + shift for axis, shift in (("x", column), ("y", row)) for k in "1234"
        }
        rows.append({"lesion": segment.label, "site": "liver", "slice_index": slice_index, **moved})
    return rows


def read_visit(hand: Hand, folder: Path, truth: pd.DataFrame, timepoint: str) -> None:
    """Measure every lesion of a visit; the liver lesions of the visit that is shown on one slice."""
    rows = truth[truth["timepoint"] == timepoint].drop_duplicates("lesion").to_dict("records")
    if timepoint == SHOWN:
        drawn = section_axes(folder, hand.panel, SHOWN_SLICE)
        rows = [row for row in rows if row["lesion"] not in BOTH] + drawn
    for row in rows:
        measure(hand, row)


def main() -> None:
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else cached_study()
    truth = pd.read_csv(folder / "truth.csv")
    truth = truth[(truth["subject"] == SUBJECT) & (truth["state"] == "measured")]
    table = Path(tempfile.mkdtemp()) / "measurements.csv"
    index = index_folder(folder / "dicom", with_pixels=False)
    napari_viewer, panel = open_window(index, table=table, reader="anna")
    panel.room.choose_subject(SUBJECT)
    hand = Hand(napari_viewer, panel)
    for timepoint in ("baseline", "followup-1", "followup-2"):
        if timepoint != "baseline":
            panel.room.jump("T1", timepoint)
        wait_for(panel, timepoint)
        read_visit(hand, folder, truth, timepoint)
    panel.room.jump("T1", SHOWN)
    napari_viewer.scene.camera.zoom *= ZOOM_PER_FIT
    ends = [panel.session.state.reading.finding(lesion, SHOWN).caliper for lesion in BOTH]
    panel.room.canvas.centre_on(tuple(np.mean([point for one in ends for point in one.ends().values()], axis=0)))
    wait(500)
    panel.session.choose_lesion("T2")
    held = ends[1].short_end
    hand.drag(held, held, let_go=False)
    wait(500)
    napari_viewer.screenshot(str(OUT), canvas_only=False, flash=False)
    print(table.read_text())
    napari_viewer.close()


if __name__ == "__main__":
    main()
