"""napari's reader: CT becomes an image layer in true scale, and the reading panel opens with it."""

from __future__ import annotations

from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from recist.dicom.series import CTSeries
    from recist.progress import Progress
    from viewer.study import SeriesItem, Study

LayerData = tuple[Any, dict[str, Any], str]
PLUGIN, PANEL = "recist-toolkit", "RECIST reading"
STUDY_KEY, ITEM_KEY = "study", "item"
LOOKED_AT_FILES = 200
ACTIVITY_STEPS = 50
PREAMBLE_BYTES, MAGIC = 128, b"DICM"


def get_reader(path: str | Sequence[str]) -> Callable[[Any], list[LayerData]] | None:
    """Give napari a reader for `path`, or None when it holds no DICOM file."""
    paths = [Path(path)] if isinstance(path, str) else [Path(one) for one in path]
    return read_layers if all(_holds_dicom(one) for one in paths) else None


def read_layers(path: str | Sequence[str]) -> list[LayerData]:
    """Read the first subject's first readable series of a folder, or the one series of some files.

    Raises
    ------
    RecistError
        When nothing can be read; napari shows the sentence.
    """
    paths = [Path(path)] if isinstance(path, str) else [Path(one) for one in path]
    layer = read_folder_layer(paths[0]) if paths[0].is_dir() else read_files_layer(paths)
    open_panel()
    return [layer]


def read_folder_layer(folder: Path) -> LayerData:
    """Index a folder and read its default series."""
    from recist.dicom.index import index_folder
    from recist.errors import DicomError
    from viewer.study import build_study, derive_visits

    with activity("Reading the folder") as progress:
        study = build_study(folder, index_folder(folder, with_pixels=False, progress=progress))
    visits = [visit for subject in study.subjects for visit in derive_visits(study, subject, {})]
    item = next((item for visit in visits if (item := visit.default_series())), None)
    if item is None:
        reasons = sorted({one.refusal for one in study.series if one.refusal})
        raise DicomError("There is no CT series to show in this folder." + "".join(f" Refused: {r}." for r in reasons))
    return to_layer(_read(item.paths, item.key), study, item)


def read_files_layer(paths: Sequence[Path]) -> LayerData:
    """Read the series that some files hold."""
    from viewer.study import Study, item_of

    series = _read(paths)
    item = item_of(series, tuple(paths))
    return to_layer(series, Study(folder=paths[0].parent, series=(item,)), item)


def to_layer(series: CTSeries, study: Study, item: SeriesItem) -> LayerData:
    """Make a layer data tuple that the panel can take over."""
    from viewer.layers import display_hu, image_options
    from viewer.windows import WINDOW_PRESETS

    options = image_options(series, WINDOW_PRESETS[0])
    options["metadata"] |= {STUDY_KEY: study, ITEM_KEY: item}
    return display_hu(series), options, "image"


def open_panel() -> None:
    """Open the reading panel beside the picture, where there is a window."""
    import napari

    napari_viewer = napari.current_viewer()
    if napari_viewer is not None:
        napari_viewer.window.add_plugin_dock_widget(PLUGIN, PANEL)


@contextmanager
def activity(label: str) -> Iterator[Progress]:
    """Show in napari's activity dock how far reading is."""
    from napari.utils import progress

    with progress(total=ACTIVITY_STEPS, desc=label) as bar:

        def report(done: int, total: int) -> None:
            steps = done * ACTIVITY_STEPS // max(total, 1) - bar.n
            if steps > 0:
                bar.update(steps)

        yield report


def _read(paths: Sequence[Path], series_uid: str | None = None) -> CTSeries:
    from recist.dicom.series import read_series

    with activity("Reading DICOM") as progress:
        return read_series(list(paths), series_uid=series_uid, progress=progress)


def _holds_dicom(path: Path) -> bool:
    if path.is_file():
        return _is_dicom(path)
    files = (one for one in path.rglob("*") if one.is_file())
    return any(_is_dicom(one) for one in islice(files, LOOKED_AT_FILES))


def _is_dicom(path: Path) -> bool:
    try:
        with path.open("rb") as stream:
            return stream.read(PREAMBLE_BYTES + len(MAGIC))[PREAMBLE_BYTES:] == MAGIC
    except OSError:
        return False
