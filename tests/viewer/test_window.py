"""The reader at the screen: napari under a virtual display, with real mouse and key events."""

import math

import numpy as np
import pytest
from qtpy.QtCore import QPoint, Qt
from qtpy.QtTest import QTest
from qtpy.QtWidgets import QPushButton

from viewer.panel import ReadingPanel
from viewer.session import Session

WAIT_MS = 20  # vispy drops moves that come closer than 10 ms


class Reader:
    """Drives the window as a hand would."""

    def __init__(self, qtbot, napari_viewer, panel):
        self.qtbot, self.viewer, self.panel = qtbot, napari_viewer, panel
        self.session, self.canvas = panel.session, panel.room.canvas
        self._qt_viewer = napari_viewer.window._qt_viewer
        self.native = self._qt_viewer.canvas.native

    def wait_for_series(self):
        self.qtbot.waitUntil(lambda: self.session.state.series is not None, timeout=20_000)
        self.qtbot.waitUntil(lambda: not self.panel.room.loader.is_busy, timeout=20_000)
        self.settle()

    def settle(self):
        """Let the picture be painted: only then does the canvas know where a point of the image is."""
        self.qtbot.wait(100)
        self.native.repaint()
        self.qtbot.wait(WAIT_MS)

    def point(self, row, column):
        world = self.canvas.image.data_to_world((self.canvas.slice_index, row, column))
        canvas = self._qt_viewer.canvas
        x, y = (canvas.view.transform * canvas.view.scene.transform).map([world[2], world[1]])[:2]
        return QPoint(round(x), round(y))

    def drag(self, start, end, button=Qt.MouseButton.LeftButton, steps=4):
        first, last = self.point(*start), self.point(*end)
        QTest.mousePress(self.native, button, Qt.KeyboardModifier.NoModifier, first)
        self.qtbot.wait(WAIT_MS)
        for step in range(1, steps + 1):
            QTest.mouseMove(self.native, first + (last - first) * step / steps)
            self.qtbot.wait(WAIT_MS)
        QTest.mouseRelease(self.native, button, Qt.KeyboardModifier.NoModifier, last)
        self.qtbot.wait(WAIT_MS)

    def key(self, key, modifier=Qt.KeyboardModifier.NoModifier):
        QTest.keyClick(self.native, key, modifier)
        self.qtbot.wait(1)

    def measure(self, lesion, site):
        """Draw a lesion: go to its slice, drag the long axis, correct the ends of the short one, say where it is."""
        self.canvas.go_to_slice(lesion.slice_index)
        self.settle()
        self.drag(*lesion.long_ends)
        start = self.session.state.draft.caliper.short_start
        near, far = sorted(lesion.short_ends, key=lambda end: math.dist(end, start))
        self.drag(start, near)
        self.drag(self.session.state.draft.caliper.short_end, far)
        self.session.choose_site(site)


@pytest.fixture
def make_reader(make_napari_viewer, qtbot):
    def make(**options):
        napari_viewer = make_napari_viewer(show=True)
        napari_viewer.window.resize(1100, 700)
        panel = ReadingPanel(napari_viewer, Session(reader="anna"))
        napari_viewer.window.add_dock_widget(panel, area="right", name="RECIST reading")
        napari_viewer.window._qt_window.activateWindow()
        return Reader(qtbot, napari_viewer, panel)

    return make


def read_baseline(reader, lesions):
    """Measure both lesions of baseline with the mouse and accept them by key."""
    for lesion, site in zip(lesions["baseline"], ("liver", "lymph node"), strict=True):
        reader.measure(lesion, site)
        assert reader.session.state.draft.slice_index == lesion.slice_index
        reader.key(Qt.Key.Key_Return)
    return reader.session.state.reading


def check_diameters(reader, reading, lesions):
    """Real drags find the known diameters within a pixel of the screen and of the image."""
    one_pixel_mm = max(0.9, 2 / reader.viewer.scene.camera.zoom)
    for name, lesion in zip(("T1", "T2"), lesions["baseline"], strict=True):
        found = reading.finding(name, "baseline")
        assert found.long_axis_mm == pytest.approx(lesion.long_mm, abs=one_pixel_mm)
        assert found.short_axis_mm == pytest.approx(lesion.short_mm, abs=one_pixel_mm)
        ends = np.array([found.caliper.long_start, found.caliper.long_end])
        assert np.abs(ends - np.array(lesion.long_ends)).max() < 1


def check_picture(reader, reading):
    """The layer draws two lines a lesion on its slice; the panel shows the engine's sum."""
    axes, image = reader.viewer.layers["RECIST axes"], reader.canvas.image
    assert [line[0, 0] for line in axes.data] == [2, 2, 3, 3]
    assert tuple(axes.scale) == tuple(image.scale) == (5.0, 0.7, 0.9)
    assert {str(unit) for unit in image.units} == {"millimeter"}
    first, second = (reading.finding(name, "baseline") for name in ("T1", "T2"))
    total = float(reader.panel.table.item(2, 1).text())
    assert total == pytest.approx(first.long_axis_mm + second.short_axis_mm, abs=0.06)


def check_keys(reader):
    """Keys reach the session though the picture has the focus, and no key of a layer deletes anything."""
    axes = reader.viewer.layers["RECIST axes"]
    reader.viewer.layers.selection.active = axes
    reader.key(Qt.Key.Key_3)
    assert len(axes.data) == 4
    reader.key(Qt.Key.Key_F3)
    assert tuple(reader.canvas.image.contrast_limits) == (-1350, 150)
    assert reader.panel.findChild(QPushButton, "window_lung").isChecked()
    reader.key(Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert [one.lesion for one in reader.session.state.reading.findings] == ["T1"]
    assert len(axes.data) == 2
    reader.key(Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier)
    assert len(axes.data) == 4


def check_dragging_again(reader):
    """An accepted end can be dragged; the drag is one change that can be undone."""
    before = reader.session.state.reading
    end = before.finding("T1", "baseline").caliper.long_end
    reader.drag(end, (end[0] + 4, end[1] + 6))
    assert reader.session.state.reading != before
    reader.session.undo()
    assert reader.session.state.reading == before


def test_a_reader_opens_a_folder_measures_two_lesions_and_finds_them_again(make_reader, own_study, lesions):
    folder, table = own_study
    reader = make_reader()
    reader.panel.room.open_folder(folder, table)
    reader.wait_for_series()
    assert reader.panel.series.rowCount() == 5
    reading = read_baseline(reader, lesions)
    check_diameters(reader, reading, lesions)
    assert table.exists()
    check_picture(reader, reading)
    check_keys(reader)
    reader.canvas.go_to_slice(0)
    reader.panel.table.cellClicked.emit(0, 1)  # a click on a cell goes to the lesion's slice
    assert reader.canvas.slice_index == 2
    check_dragging_again(reader)
    reader.viewer.dims.order = (1, 0, 2)  # no drawing when the slices are not seen as they were scanned
    reader.qtbot.wait(WAIT_MS)
    reader.drag((60, 60), (70, 70))
    assert "2-D view" in reader.panel.message.text()
    assert reader.session.state.draft is None


def test_follow_up_opens_by_its_cell_and_shows_the_response(make_reader, own_study, session, draw, lesions):
    folder, _ = own_study
    for lesion, site in zip(lesions["baseline"], ("liver", "lymph node"), strict=True):
        draw(session, lesion, site=site)
    reader = make_reader()
    reader.panel.room.open_folder(folder, session.state.table)
    reader.wait_for_series()
    assert len(reader.viewer.layers["RECIST axes"].data) == 4  # reopened in place
    reader.panel.table.cellClicked.emit(0, 2)
    assert not reader.canvas.image.visible  # nobody reads the wrong visit while the right one is loading
    reader.wait_for_series()
    assert reader.session.state.timepoint == "followup-1"
    assert len(reader.viewer.layers["RECIST axes"].data) == 0
    for lesion in lesions["followup-1"]:
        draw(reader.session, lesion)
    texts = {reader.panel.table.item(row, 0).text(): row for row in range(reader.panel.table.rowCount())}
    assert reader.panel.table.item(texts["response"], 2).text() == "SD"
    # back to baseline by its cell: its axes are drawn again
    reader.panel.table.cellClicked.emit(1, 1)
    reader.wait_for_series()
    assert reader.canvas.slice_index == 3


def test_a_table_with_faults_shows_them_all_and_closes_the_form(make_reader, own_study):
    folder, table = own_study
    rows = "".join(f"P01,baseline,2024-13-{number:02d},T{number},target\n" for number in range(1, 60))
    table.write_text(f"subject,timepoint,date,lesion,role\n{rows}")
    reader = make_reader()
    reader.panel.room.open_folder(folder, table)
    reader.wait_for_series()
    box = reader.panel.faults.faults
    lines = box.toPlainText().splitlines()
    assert {f"row {number}" for number in range(2, 61)} <= {line.split(", ")[1].split(":")[0] for line in lines}
    assert box.verticalScrollBar().maximum() > 0
    assert not reader.panel.form.isEnabled()
    assert not reader.panel.windows.drawing.isEnabled()
    reader.session.save_as(table.with_name("fresh.csv"))
    assert reader.panel.form.isEnabled()
    assert box.isHidden() or reader.panel.faults.isHidden()


def test_the_mouse_moves_the_image_and_sets_the_window(make_reader, own_study):
    folder, table = own_study
    reader = make_reader()
    reader.panel.room.open_folder(folder, table)
    reader.wait_for_series()
    reader.drag((50, 50), (60, 80), button=Qt.MouseButton.RightButton)
    assert reader.session.state.preset.name == "by hand"
    assert tuple(reader.canvas.image.contrast_limits) == reader.session.state.preset.limits_hu
    centre = np.array(reader.viewer.scene.camera.center)
    reader.drag((50, 50), (60, 80), button=Qt.MouseButton.MiddleButton)
    assert not np.allclose(reader.viewer.scene.camera.center, centre)
    assert reader.session.state.draft is None
    reader.key(Qt.Key.Key_V)
    reader.drag((50, 50), (60, 80))
    assert reader.session.state.draft is None
    reader.key(Qt.Key.Key_PageUp)
    assert reader.canvas.slice_index == 4


def test_the_plugin_reads_a_folder_and_the_panel_takes_it_over(make_napari_viewer, study_folder, qtbot):
    napari_viewer = make_napari_viewer(show=True)
    layers = napari_viewer.open(str(study_folder), plugin="recist-toolkit")
    assert tuple(layers[0].scale) == (5.0, 0.7, 0.9)
    assert tuple(layers[0].contrast_limits) == (-160, 240)
    assert layers[0].metadata["series"].hu.shape == (6, 160, 150)
    panel = napari_viewer.window._qt_window.findChild(ReadingPanel, "recist_panel")
    assert panel.session.state.item.description == "portal venous"
    assert panel.room.canvas.image is not None
    assert sum("portal" in layer.name for layer in napari_viewer.layers) == 1


def test_the_manifest_declares_reader_sample_and_panel():
    from npe2 import PluginManager

    manifest = PluginManager.instance().get_manifest("recist-toolkit")
    contributed = manifest.contributions
    assert [widget.display_name for widget in contributed.widgets] == ["RECIST reading"]
    assert contributed.readers[0].accepts_directories
    assert contributed.sample_data[0].key == "sample-study"
    for command in contributed.commands:
        module, name = command.python_name.split(":")
        assert callable(getattr(__import__(module, fromlist=[name]), name))


def test_the_reader_leaves_what_is_not_dicom_to_others(tmp_path):
    from viewer.reader import get_reader

    (tmp_path / "notes.txt").write_text("no image")
    assert get_reader(str(tmp_path)) is None
    assert get_reader(str(tmp_path / "notes.txt")) is None
