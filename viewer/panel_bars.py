"""The small parts of the panel: opening, windows, messages, keys, and the footer with undo and save."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from qtpy.QtWidgets import (
    QComboBox,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QProgressBar,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from viewer.keys import all_keys
from viewer.qt import Signal
from viewer.windows import WINDOW_PRESETS

if TYPE_CHECKING:
    from viewer.view_state import ViewState

MESSAGE_STYLE = "color: #ff8c69;"
SAVED_STYLE = "color: #8fd694;"
FAULT_STYLE = "color: #ff5d5d; font-weight: bold;"
SHOWN_PROBLEMS = 3


def _button(text: str, name: str, tooltip: str = "") -> QPushButton:
    button = QPushButton(text)
    button.setObjectName(name)
    button.setToolTip(tooltip)
    return button


class OpenBar(QWidget):
    """Opens a folder or the sample, chooses the subject, shows the reader and how far reading is."""

    folder_wanted = Signal()
    sample_wanted = Signal()
    subject_chosen = Signal(str)
    reader_named = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("open_bar")
        self.folder = _button("Open folder…", "open_folder")
        self.sample = _button("Sample study", "open_sample")
        self.subject = QComboBox()
        self.subject.setObjectName("subject")
        self.reader = QLineEdit()
        self.reader.setObjectName("reader")
        self.reader.setToolTip("whose findings are shown and saved; those of other readers stay hidden")
        self.progress = QProgressBar()
        self.progress.setObjectName("progress")
        self.progress.hide()
        line = QHBoxLayout()
        for part in (self.folder, self.sample, QLabel("Subject"), self.subject, QLabel("Reader"), self.reader):
            line.addWidget(part)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addLayout(line)
        whole.addWidget(self.progress)
        self.folder.clicked.connect(self.folder_wanted)
        self.sample.clicked.connect(self.sample_wanted)
        self.subject.textActivated.connect(self.subject_chosen)
        self.reader.editingFinished.connect(self._on_reader_finished)

    def show_view(self, view: ViewState) -> None:
        """Show subjects and reader."""
        names = [self.subject.itemText(index) for index in range(self.subject.count())]
        if names != list(view.subjects):
            self.subject.clear()
            self.subject.addItems(list(view.subjects))
        self.subject.setCurrentText(view.subject)
        if not self.reader.hasFocus():
            self.reader.setText(view.reader)

    def _on_reader_finished(self) -> None:
        self.reader_named.emit(self.reader.text().strip())

    def show_progress(self, label: str, done: int, total: int) -> None:
        """Show how much of a folder or series is read; nothing when the total is 0."""
        self.progress.setFormat(f"{label}  %p %")
        self.progress.setVisible(total > 0)
        self.progress.setRange(0, total)
        self.progress.setValue(done)


class WindowBar(QWidget):
    """Chooses the window, and whether the left button draws."""

    window_chosen = Signal(str)
    drawing_toggled = Signal()
    clicking_toggled = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("window_bar")
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 0, 0, 0)
        self.drawing = _button("Draw  V", "draw", "left button: draw, or move the image")
        self.drawing.setCheckable(True)
        self.drawing.clicked.connect(self.drawing_toggled)
        line.addWidget(self.drawing)
        self.clicking = _button("Click  C", "click", "a click finds the lesion under it and proposes its axes")
        self.clicking.setCheckable(True)
        self.clicking.clicked.connect(self.clicking_toggled)
        line.addWidget(self.clicking)
        self.presets = {}
        for preset in WINDOW_PRESETS:
            tooltip = f"width {preset.width_hu}, centre {preset.centre_hu} HU; key {preset.key}"
            button = _button(f"{preset.name}  {preset.key}", f"window_{preset.name.replace(' ', '_')}", tooltip)
            button.setCheckable(True)
            button.clicked.connect(partial(self.window_chosen.emit, preset.name))
            self.presets[preset.name] = button
            line.addWidget(button)

    def show_view(self, view: ViewState) -> None:
        """Show the window in force."""
        self.drawing.setChecked(view.is_drawing and not view.refusal)
        self.drawing.setEnabled(not view.refusal)
        self.clicking.setChecked(view.is_clicking and not view.refusal)
        self.clicking.setEnabled(not view.refusal)
        for name, button in self.presets.items():
            button.setChecked(name == view.preset.name)


class MessageLabel(QLabel):
    """One sentence for the reader, and what the engine finds wrong with the reading."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("message")
        self.setWordWrap(True)
        self.setStyleSheet(MESSAGE_STYLE)

    def show_view(self, view: ViewState) -> None:
        """Show message, what is still to do, and problems."""
        more = len(view.problems) - SHOWN_PROBLEMS
        lines = [
            view.message,
            view.expectation,
            view.to_do,
            *view.problems[:SHOWN_PROBLEMS],
            f"… and {more} more" if more > 0 else "",
        ]
        text = "\n".join(filter(None, lines))
        self.setText(text)
        self.setVisible(bool(text))


class KeysLabel(QWidget):
    """All keys, hidden until asked for."""

    COLUMNS = 2

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("keys")
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        keys = all_keys()
        rows = -(-len(keys) // self.COLUMNS)
        for number, key in enumerate(keys):
            label = QLabel(f"<b>{key.key}</b>&nbsp; {key.meaning}")
            label.setWordWrap(True)
            grid.addWidget(label, number % rows, number // rows)
        self.hide()


class FooterBar(QWidget):
    """Undo, redo, save, keys, and whether everything is on disk."""

    undo_wanted = Signal()
    redo_wanted = Signal()
    save_wanted = Signal()
    keys_toggled = Signal(bool)
    layers_toggled = Signal(bool)

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("footer")
        self.undo = _button("Undo", "undo")
        self.redo = _button("Redo", "redo")
        self.save = _button("Save as…", "save", "every accepted change is saved by itself; this chooses another file")
        self.keys = _button("Keys", "show_keys")
        self.keys.setCheckable(True)
        self.layers = _button("Layers", "show_layers", "napari's own list of layers and their controls")
        self.layers.setCheckable(True)
        self.saved = QLabel()
        self.saved.setObjectName("saved")
        self.saved.setWordWrap(True)
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 0, 0, 0)
        for part in (self.undo, self.redo, self.save, self.keys, self.layers):
            line.addWidget(part)
        line.addWidget(self.saved, 1)
        self.undo.clicked.connect(self.undo_wanted)
        self.redo.clicked.connect(self.redo_wanted)
        self.save.clicked.connect(self.save_wanted)
        self.keys.toggled.connect(self.keys_toggled)
        self.layers.clicked.connect(self.layers_toggled)

    def show_view(self, view: ViewState) -> None:
        """Show what can be undone and where the reading is kept."""
        self.undo.setEnabled(bool(view.undo_label))
        self.undo.setToolTip(f"undo: {view.undo_label}")
        self.redo.setEnabled(bool(view.redo_label))
        self.redo.setToolTip(f"redo: {view.redo_label}")
        self.saved.setText(view.saved)
        self.saved.setStyleSheet(SAVED_STYLE if view.is_saved else FAULT_STYLE)
