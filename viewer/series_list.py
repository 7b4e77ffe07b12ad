"""The list of a subject's series."""

from __future__ import annotations

from qtpy.QtCore import Qt
from qtpy.QtGui import QColor
from qtpy.QtWidgets import QAbstractItemView, QHeaderView, QTableWidget, QTableWidgetItem, QWidget

from viewer.qt import Signal
from viewer.view_state import SERIES_HEADER, SeriesRow

SHOWN_ROWS = 4
REFUSED_COLOUR = "#8a8f98"
STRETCHED_COLUMNS = (1, 4)


class SeriesList(QTableWidget):
    """Shows the series; one that can be shown opens by a click. Emits its key.

    Signals
    -------
    series_chosen : str
    """

    series_chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(0, len(SERIES_HEADER), parent)
        self.setObjectName("series_list")
        self._rows: tuple[SeriesRow, ...] = ()
        self.setHorizontalHeaderLabels(list(SERIES_HEADER))
        self.verticalHeader().hide()
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        header = self.horizontalHeader()
        header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        for column in STRETCHED_COLUMNS:
            header.setSectionResizeMode(column, QHeaderView.ResizeMode.Stretch)
        self.verticalHeader().setDefaultSectionSize(24)
        self.setFixedHeight((SHOWN_ROWS + 1) * 25 + 6)
        self.setWordWrap(False)
        self.cellClicked.connect(self._on_cell_clicked)

    def show_rows(self, rows: tuple[SeriesRow, ...]) -> None:
        """Show the series."""
        if rows == self._rows:
            return
        self._rows = rows
        self.setRowCount(len(rows))
        for number, row in enumerate(rows):
            for column, text in enumerate(row.cells):
                self.setItem(number, column, _make_item(row, text))
        current = next((number for number, row in enumerate(rows) if row.is_current), -1)
        self.setCurrentCell(current, 0)
        self.scrollTo(self.model().index(max(current, 0), 0))

    def _on_cell_clicked(self, row: int, _column: int) -> None:
        if self._rows[row].can_open:
            self.series_chosen.emit(self._rows[row].key)


def _make_item(row: SeriesRow, text: str) -> QTableWidgetItem:
    item = QTableWidgetItem(text)
    item.setToolTip(row.tooltip or text)
    item.setFlags(Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable)
    if not row.can_open:
        item.setForeground(QColor(REFUSED_COLOUR))
    return item
