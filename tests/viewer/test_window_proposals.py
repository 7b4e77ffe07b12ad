"""Clicks and marks at the screen: napari under a virtual display, with real mouse and key events."""

import dataclasses

import numpy as np
import pytest
from qtpy.QtCore import QPoint, Qt
from qtpy.QtTest import QTest

from viewer import guide
from viewer.expecting import Alignment
from viewer.overlays import EXPECTED_LAYER, OUTLINE_LAYER
from viewer.panel import ReadingPanel
from viewer.session import Session

WAIT_MS = 20


def blob(series):
    """Draw a lesion of 36 x 24 mm through all slices, with noise."""
    down, right = np.indices(series.hu.shape[1:])
    inside = ((down - 75) * 0.7 / 12) ** 2 + ((right - 70) * 0.9 / 18) ** 2 <= 1
    noise = np.random.default_rng(2).normal(0, 8, series.hu.shape)
    return dataclasses.replace(series, hu=(np.where(inside, 60, 110) + noise).astype(np.int16))


@pytest.fixture
def panel(make_napari_viewer, qtbot, study, read_item, tmp_path, monkeypatch):  # noqa: PLR0917
    """The panel on a lesion that can be clicked; series come from memory, the engine is ready."""
    monkeypatch.setattr(guide.Aligner, "warm_up", lambda self: None)
    napari_viewer = make_napari_viewer(show=True)
    napari_viewer.window.resize(1100, 700)
    panel = ReadingPanel(napari_viewer, Session(reader="anna"))
    napari_viewer.window.add_dock_widget(panel, area="right", name="RECIST reading")
    napari_viewer.window._qt_window.activateWindow()
    panel.session.open_study(study, tmp_path / "measurements.csv")
    for visit in panel.session.state.visits:
        item = visit.default_series()
        panel.room.loader._kept[item.key] = blob(read_item(day=item.date)[0])
    panel.room.open_series(panel.session.state.visits[0].default_series())
    qtbot.wait(150)
    return panel


def click(panel, qtbot, row, column):
    """Press and release the left button on a pixel of the image."""
    qt_viewer = panel.room.canvas._viewer.window._qt_viewer
    qtbot.wait(300)  # the layout has to settle: a picture that moves under the mouse makes a drag of a click
    world = panel.room.canvas.image.data_to_world((panel.room.canvas.slice_index, row, column))
    qt_viewer.canvas.native.repaint()
    x, y = (qt_viewer.canvas.view.transform * qt_viewer.canvas.view.scene.transform).map([world[2], world[1]])[:2]
    at = QPoint(round(x), round(y))
    for event in (QTest.mousePress, QTest.mouseRelease):
        event(qt_viewer.canvas.native, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, at)
        qtbot.wait(WAIT_MS)


def press(panel, qtbot, key, modifier=Qt.KeyboardModifier.NoModifier):
    QTest.keyClick(panel.room.canvas._viewer.window._qt_viewer.canvas.native, key, modifier)
    qtbot.wait(1)


class Straight:
    """A registration that finds every point where it was."""

    def locate(self, points_lps, *, radius_mm=0.0):
        from recist.register import Prediction

        (x, y, z), place = points_lps[0], (3.0, 80.0, 60.0)
        return (
            Prediction(point_lps=(x, y, z), point_px=place, residual_mm=6.0, confidence=0.9, is_sure=True, reason=""),
        )


def test_a_click_is_outlined_resized_accepted_and_looked_for_at_the_next_visit(panel, qtbot, monkeypatch):
    layers, session = panel.room.canvas._viewer.layers, panel.session
    press(panel, qtbot, Qt.Key.Key_C)
    assert panel.windows.clicking.isChecked()
    click(panel, qtbot, 75, 70)
    if session.state.draft is None:
        press(panel, qtbot, Qt.Key.Key_D)
    assert len(layers[OUTLINE_LAYER].data) >= 1
    first = session.state.draft.proposal.segmentation.mask.sum()
    press(panel, qtbot, Qt.Key.Key_BracketRight)
    assert session.state.draft.proposal.segmentation.mask.sum() > first
    press(panel, qtbot, Qt.Key.Key_Minus)
    assert session.state.draft.proposal.segmentation.mask.sum() == first
    assert session.state.reading.findings == ()
    press(panel, qtbot, Qt.Key.Key_Return, Qt.KeyboardModifier.ShiftModifier)
    assert [one.lesion for one in session.state.reading.findings] == ["T1"]
    assert len(layers[OUTLINE_LAYER].data) == 0
    check_next_visit(panel, qtbot, monkeypatch)


def check_next_visit(panel, qtbot, monkeypatch):
    """The mark appears on the expected slice while nothing is measured; J comes back to it."""

    def align(source, target, progress):
        return Alignment(source=dataclasses.replace(source, hu=source.hu[:0]), registration=Straight())

    monkeypatch.setattr("viewer.aligning.align_series", align)
    panel.table.cellClicked.emit(0, 2)
    qtbot.waitUntil(lambda: panel.session.state.expected is not None, timeout=20_000)
    qtbot.waitUntil(lambda: not panel.room.guide.aligner.is_busy, timeout=20_000)
    canvas = panel.room.canvas
    assert canvas.slice_index == 3
    mark = canvas._viewer.layers[EXPECTED_LAYER]
    assert len(mark.data) == 3 + 4  # a ring on each of three slices that 6 mm reach, four ticks
    assert "T1 is expected on slice 3" in panel.message.text()
    assert [one.timepoint for one in panel.session.state.reading.findings] == ["baseline"]
    canvas.go_to_slice(0)
    press(panel, qtbot, Qt.Key.Key_J)
    assert canvas.slice_index == 3
