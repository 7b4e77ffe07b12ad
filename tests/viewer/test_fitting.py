"""The slice stays fitted while the layout settles, also when the series comes in the middle of it."""

from types import SimpleNamespace

from viewer.fitting import Fitting


class Picture:
    """Stands in for napari: a picture of some width into which a slice of 100 mm is fitted."""

    def __init__(self):
        self.width = 500
        self.on_size = []
        size = SimpleNamespace(connect=self.on_size.append, disconnect=self.on_size.remove)
        self.canvas = SimpleNamespace(events=SimpleNamespace(size=size))
        self.scene = SimpleNamespace(camera=SimpleNamespace(zoom=1.0, center=(0.0, 0.0, 0.0)))

    def fit_to_view(self):
        self.scene.camera.zoom = self.width / 100

    def resize(self, width):
        self.width = width
        for each in self.on_size:
            each()


def test_a_series_that_comes_while_the_layout_settles_is_fitted_to_the_last_size(qtbot):
    picture = Picture()
    fitting = Fitting(picture)
    picture.resize(600)  # before there is a series
    fitting.fit_new((100.0, 100.0))
    picture.resize(900)  # the layout has not settled yet
    qtbot.waitUntil(lambda: picture.scene.camera.zoom == 9.0, timeout=5_000)
    fitting.release()


def test_a_zoom_of_the_reader_is_kept_when_the_window_changes(qtbot):
    picture = Picture()
    fitting = Fitting(picture)
    fitting.fit_new((100.0, 100.0))
    picture.scene.camera.zoom = 20.0
    picture.resize(900)
    qtbot.wait(200)
    assert picture.scene.camera.zoom == 20.0
    fitting.release()
