"""The box that says what is wrong in a table of measurements, every fault on a line of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qtpy.QtWidgets import QLabel, QPlainTextEdit, QVBoxLayout, QWidget

if TYPE_CHECKING:
    from viewer.view_state import ViewState

REFUSAL_STYLE = "color: #ff5d5d; font-weight: bold;"
LEAST_HEIGHT = 140


class FaultBox(QWidget):
    """Stands in place of the lesion table while the table has faults; scrolls where they are many."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("fault_box")
        self.refusal = QLabel()
        self.refusal.setObjectName("refusal")
        self.refusal.setWordWrap(True)
        self.refusal.setStyleSheet(REFUSAL_STYLE)
        self.faults = QPlainTextEdit()
        self.faults.setObjectName("table_faults")
        self.faults.setReadOnly(True)
        self.faults.setMinimumHeight(LEAST_HEIGHT)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(self.refusal)
        whole.addWidget(self.faults, 1)
        self.hide()

    def show_view(self, view: ViewState) -> None:
        """Show why the table is refused, and all its faults from the first."""
        self.setVisible(bool(view.table_faults))
        self.refusal.setText(view.refusal)
        text = "\n".join(view.table_faults)
        if text != self.faults.toPlainText():
            self.faults.setPlainText(text)
