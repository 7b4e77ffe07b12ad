"""``recist annotate``: what it says when it cannot start, and that it starts."""

import itertools
import os
import subprocess
import sys

import pytest
from qtpy.QtWidgets import QDockWidget

from recist.cli.annotate import _tell_table
from viewer.amounts import progress_text
from viewer.loading import in_steps
from viewer.window_layout import panel_width_px


def annotate(*arguments, without="", display=":9"):
    """Run the command in its own process, as a user would, optionally without a package."""
    hide = f"sys.modules[{without!r}] = None; " if without else ""
    start = "sys.argv = ['recist', 'annotate', *sys.argv[1:]]; from recist.cli.main import run; run()"
    program = f"import sys; {hide}{start}"
    environment = {key: value for key, value in os.environ.items() if key not in {"DISPLAY", "QT_QPA_PLATFORM"}}
    return subprocess.run(
        [sys.executable, "-c", program, *map(str, arguments)],
        capture_output=True,
        text=True,
        check=False,
        env=environment | ({"DISPLAY": display} if display else {}),
    )


@pytest.fixture
def no_ct(tmp_path):
    (tmp_path / "notes.txt").write_text("no image")
    return tmp_path


def last_line(done):
    assert "Traceback" not in done.stderr
    return done.stderr.strip().splitlines()[-1]


def test_a_missing_folder_is_told_in_one_sentence(tmp_path):
    done = annotate(tmp_path / "nowhere")
    assert done.returncode == 1
    assert "There is no folder" in last_line(done)


def test_a_folder_without_ct_is_told_in_one_sentence(no_ct):
    done = annotate(no_ct)
    assert done.returncode == 1
    assert "There is no CT series" in last_line(done)


def test_a_missing_extra_is_told_by_its_name(study_folder):
    done = annotate(study_folder, without="napari")
    assert done.returncode == 3
    assert 'pip install ".[viewer]"' in last_line(done)


def test_a_missing_screen_is_told_in_one_sentence(study_folder):
    done = annotate(study_folder, display="")
    assert done.returncode == 3
    assert "no screen" in last_line(done)


def test_the_window_opens_with_the_first_series_and_the_reader(
    study_folder, tmp_path, make_napari_viewer, qtbot, monkeypatch
):
    from recist.dicom.index import index_folder
    from viewer import app

    monkeypatch.setattr(app.napari, "Viewer", make_napari_viewer)
    table = tmp_path / "measurements.csv"
    napari_viewer, panel = app.open_window(index_folder(study_folder, with_pixels=False), table=table, reader="ben")
    qtbot.waitUntil(lambda: panel.session.state.series is not None, timeout=20_000)
    qtbot.waitUntil(lambda: not panel.room.loader.is_busy, timeout=20_000)
    assert (panel.session.state.reader, panel.session.state.timepoint) == ("ben", "baseline")
    assert panel.session.state.table == table
    check_shares(panel, qtbot)
    check_fit(napari_viewer, panel, qtbot)


def check_shares(panel, qtbot):
    """The picture has the larger part; napari's layers are hidden until the button brings them back."""
    window = panel.window()
    window.resize(1200, 800)
    qtbot.waitUntil(lambda: window.width() == 1200, timeout=20_000)
    qtbot.waitUntil(lambda: panel.width() < 600, timeout=20_000)
    layers = window.findChild(QDockWidget, "layer list")
    assert layers.isHidden()
    panel.footer.layers.click()
    assert not layers.isHidden()
    panel.footer.layers.click()
    assert layers.isHidden()


def filled(napari_viewer):
    """Give the share of the picture that the slice (112 mm high, 135 mm wide) fills, on the side where it is fuller."""
    height, width = napari_viewer.canvas.size
    return napari_viewer.scene.camera.zoom * max(112 / height, 135 / width)


def check_fit(napari_viewer, panel, qtbot):
    """The slice stays fitted while the window changes, until the reader zooms."""
    qtbot.waitUntil(lambda: filled(napari_viewer) == pytest.approx(0.95, abs=0.01), timeout=20_000)
    panel.window().resize(1400, 700)
    qtbot.waitUntil(lambda: napari_viewer.canvas.size[1] > 800, timeout=20_000)
    qtbot.waitUntil(lambda: filled(napari_viewer) == pytest.approx(0.95, abs=0.01), timeout=20_000)
    napari_viewer.scene.camera.zoom *= 2
    panel.window().resize(1300, 700)
    qtbot.wait(200)
    assert filled(napari_viewer) > 1.5
    panel.room.jump("T1", "followup-1")
    qtbot.waitUntil(lambda: panel.session.state.timepoint == "followup-1" and not panel.room.loader.is_busy)
    assert filled(napari_viewer) > 1.5  # a series of the same size keeps the zoom, for comparing
    panel.room.canvas.fit()
    assert filled(napari_viewer) == pytest.approx(0.95, abs=0.01)


def test_the_picture_gets_the_larger_part_of_every_window_from_1200_pixels():
    assert all(panel_width_px(width) < width / 2 for width in range(1200, 4000, 10))


def test_progress_is_told_with_its_figures_and_not_for_every_image():
    assert progress_text("Reading DICOM", 300, 600) == "Reading DICOM: 300 of 600"
    told, seconds = [], itertools.count(0, 0.1)
    report = in_steps(lambda done, total: told.append(done), clock=lambda: next(seconds))
    for done in range(1, 21):
        report(done, 20)
    assert told[-1] == 20
    assert 3 <= len(told) <= 8


def test_a_table_with_faults_is_told_on_the_console_as_left_untouched(tmp_path, capsys):
    table = tmp_path / "bad.csv"
    table.write_text("subject,timepoint,date,lesion,role\nP01,baseline,10.01.2024,T1,target\n")
    _tell_table(table, "anna")
    told = capsys.readouterr()
    assert "bad.csv has" in told.out
    assert "left untouched" in told.out
    assert "are saved in" not in told.out
    assert "row 2" in told.err
