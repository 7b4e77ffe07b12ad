"""``recist annotate``: what it says when it cannot start, and that it starts."""

import os
import subprocess
import sys

import pytest


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

    monkeypatch.setattr(app.napari, "Viewer", lambda title: make_napari_viewer(title=title, show=True))
    table = tmp_path / "measurements.csv"
    _, panel = app.open_window(index_folder(study_folder, with_pixels=False), table=table, reader="ben")
    qtbot.waitUntil(lambda: panel.session.state.series is not None, timeout=20_000)
    qtbot.waitUntil(lambda: not panel.room.loader.is_busy, timeout=20_000)
    assert (panel.session.state.reader, panel.session.state.timepoint) == ("ben", "baseline")
    assert panel.session.state.table == table
