"""The table on the panel: lesions by time point, with the engine's sums and responses beneath."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qtpy.QtCore import Qt
from qtpy.QtGui import QBrush, QColor, QFont
from qtpy.QtWidgets import QAbstractItemView, QHeaderView, QTableWidget, QTableWidgetItem, QWidget

from viewer.qt import Signal
from viewer.view_state import ROLE_COLOURS

if TYPE_CHECKING:
    from viewer.lesion_table import Cell, LesionRow, ResultRow, TableView

CHOSEN_COLOUR = "#3d5a80"
MISSING_COLOUR = "#ffb347"
RESULT_COLOUR = "#2f333b"
RESPONSE_COLOURS = {"CR": "#2a9d5c", "PR": "#2a9d5c", "SD": "#a68a1f", "PD": "#c0392b"}
ROW_HEIGHT = 25
LEAST_ROWS = 6


class LesionGrid(QTableWidget):
    """Shows the reading; a click on a lesion at a time point asks for its slice.

    Signals
    -------
    cell_chosen : str, str
        Lesion id and time point.
    """

    cell_chosen = Signal(str, str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("lesion_table")
        self._view: TableView | None = None
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(ROW_HEIGHT)
        self.setWordWrap(False)
        self.setMinimumHeight(LEAST_ROWS * ROW_HEIGHT)
        self.cellClicked.connect(self._on_cell_clicked)

    def show_table(self, view: TableView) -> None:
        """Show the reading."""
        if view == self._view:
            return
        self._view = view
        self.setColumnCount(len(view.header) + 1)
        self.setRowCount(len(view.lesions) + len(view.results))
        self.setHorizontalHeaderLabels(["lesion", *view.header])
        header = self.horizontalHeader()
        header.setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.ResizeToContents)
        for number, row in enumerate(view.lesions):
            self._show_lesion(number, row)
        for number, result in enumerate(view.results, start=len(view.lesions)):
            self._show_result(number, result)
        self._mark_current(view.current)

    def _show_lesion(self, number: int, row: LesionRow) -> None:
        name = QTableWidgetItem(row.name)
        name.setForeground(QColor(ROLE_COLOURS[row.role]))
        self.setItem(number, 0, name)
        for column, cell in enumerate(row.cells, start=1):
            self.setItem(number, column, _make_cell(cell))

    def _show_result(self, number: int, result: ResultRow) -> None:
        self.setItem(number, 0, _make_result(result.name, result))
        for column, text in enumerate(result.texts, start=1):
            self.setItem(number, column, _make_result(text, result, is_value=True))

    def _mark_current(self, current: int) -> None:
        for column in range(1, self.columnCount()):
            item = self.horizontalHeaderItem(column)
            assert item is not None
            font = QFont()
            font.setBold(column == current + 1)
            item.setFont(font)

    def _on_cell_clicked(self, row: int, column: int) -> None:
        if self._view is None or row >= len(self._view.lesions):
            return
        lesion = self._view.lesions[row]
        current = max(self._view.current, 0)
        cell = lesion.cells[column - 1 if column else current]
        self.cell_chosen.emit(cell.lesion, cell.timepoint)


def _make_cell(cell: Cell) -> QTableWidgetItem:
    item = QTableWidgetItem(cell.text)
    item.setToolTip(cell.tooltip)
    item.setTextAlignment(Qt.AlignmentFlag.AlignCenter)
    if cell.is_missing:
        item.setForeground(QColor(MISSING_COLOUR))
    if cell.is_chosen:
        item.setBackground(QBrush(QColor(CHOSEN_COLOUR)))
    return item


def _make_result(text: str, result: ResultRow, *, is_value: bool = False) -> QTableWidgetItem:
    item = QTableWidgetItem(text)
    item.setBackground(QBrush(QColor(RESULT_COLOUR)))
    if is_value:
        item.setTextAlignment(Qt.AlignmentFlag.AlignCenter)
    if result.is_response:
        font = QFont()
        font.setBold(True)
        item.setFont(font)
        if text in RESPONSE_COLOURS:
            item.setBackground(QBrush(QColor(RESPONSE_COLOURS[text])))
            item.setForeground(QColor("white"))
    return item
