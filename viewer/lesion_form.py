"""The form of the lesion being read: id, role, site, the live axes, cautions and states."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, TypeVar

from qtpy.QtCore import QRegularExpression, Qt
from qtpy.QtWidgets import (
    QCheckBox,
    QComboBox,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from viewer.keys import ROLE_KEYS, StateChoice
from viewer.lesions import ROLE_NAMES
from viewer.qt import Signal
from viewer.sites import SITES
from viewer.view_state import ROLE_COLOURS, ViewState

if TYPE_CHECKING:
    from recist.criteria.codes import LesionRole

Control = TypeVar("Control", bound=QWidget)
CAUTION_STYLE = "color: #ffb347;"
MEASURE_STYLE = "font-size: 17pt; font-weight: bold; color: {colour};"
IDLE_STYLE = "font-size: 11pt; color: #9aa0a8;"
IDLE_TEXT = "Drag along the long axis"


class LesionForm(QWidget):
    """Shows and asks what the next finding belongs to; says nothing about what it means.

    Signals
    -------
    lesion_chosen, site_chosen, state_chosen : str
    role_chosen : object (LesionRole)
    nodal_chosen : bool
    accepted, discarded :
    """

    lesion_chosen = Signal(str)
    role_chosen = Signal(object)
    site_chosen = Signal(str)
    nodal_chosen = Signal(bool)
    state_chosen = Signal(str)
    accepted = Signal()
    discarded = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("lesion_form")
        self._choices: tuple[StateChoice, ...] = ()
        self._lesion = self._site = ""
        self._make_controls()
        self._lay_out()
        self._connect()

    def _make_controls(self) -> None:
        self.lesion = _named(QComboBox(), "lesion_id")
        self.lesion_text = _named(QLineEdit(), "lesion_id_text")
        self.lesion.setLineEdit(self.lesion_text)
        self.lesion.setFixedWidth(76)
        self.roles = {role: self._role_button(key, role) for key, role in ROLE_KEYS.items()}
        self.site = _named(QComboBox(), "site")
        self.site_text = _named(QLineEdit(), "site_text")
        self.site.setLineEdit(self.site_text)
        for site in SITES:
            self.site.addItem(f"{site.name}", site.name)
            self.site.setItemData(self.site.count() - 1, f"key {site.key}", Qt.ItemDataRole.ToolTipRole)
        self.nodal = _named(QCheckBox("node: short axis counts"), "nodal")
        self.measure = _named(QLabel(IDLE_TEXT), "measure")
        self.measure.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.cautions = _named(QLabel(), "cautions")
        self.cautions.setWordWrap(True)
        self.cautions.setStyleSheet(CAUTION_STYLE)
        self.accept = _named(QPushButton("Accept  ⏎"), "accept")
        self.discard = _named(QPushButton("Discard  Esc"), "discard")

    def _role_button(self, key: str, role: LesionRole) -> QPushButton:
        button = _named(QPushButton(f"{ROLE_NAMES[role]}  {key}"), f"role_{role.value}")
        button.setCheckable(True)
        button.clicked.connect(partial(self.role_chosen.emit, role))
        return button

    def _lay_out(self) -> None:
        who = QHBoxLayout()
        who.addWidget(self.lesion)
        for button in self.roles.values():
            who.addWidget(button, 1)
        where = QHBoxLayout()
        where.addWidget(QLabel("Site"))
        where.addWidget(self.site, 1)
        where.addWidget(self.nodal)
        what = QHBoxLayout()
        what.addWidget(self.measure, 1)
        what.addWidget(self.accept)
        what.addWidget(self.discard)
        self._states = QGridLayout()
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        for part in (who, where, what):
            whole.addLayout(part)
        whole.addWidget(self.cautions)
        whole.addLayout(self._states)

    def _connect(self) -> None:
        self.lesion.activated.connect(self._on_lesion_finished)
        self.site.activated.connect(self._on_site_finished)
        self.site_text.editingFinished.connect(self._on_site_finished)
        self.lesion_text.editingFinished.connect(self._on_lesion_finished)
        self.nodal.clicked.connect(self.nodal_chosen.emit)
        self.accept.clicked.connect(self.accepted.emit)
        self.discard.clicked.connect(self.discarded.emit)

    def show_view(self, view: ViewState) -> None:
        """Show the form of a view state; it is closed while findings are refused."""
        self.setEnabled(not view.refusal)
        self._show_lesions(view)
        for role, button in self.roles.items():
            button.setChecked(role is view.form.role)
        self._show_site(view.form.site)
        self.nodal.setChecked(view.form.nodal)
        self.measure.setStyleSheet(_measure_style(view))
        self.measure.setText(view.measure or f"{view.form.lesion}: {IDLE_TEXT.lower()}")
        self.cautions.setText("\n".join(view.cautions))
        self.cautions.setVisible(bool(view.cautions))
        self.accept.setEnabled(view.can_accept)
        self.discard.setEnabled(view.can_accept)
        self._show_choices(view.choices)

    def _show_lesions(self, view: ViewState) -> None:
        ids = [self.lesion.itemText(index) for index in range(self.lesion.count())]
        if ids != list(view.lesion_ids):
            self.lesion.clear()
            self.lesion.addItems(list(view.lesion_ids))
            self._lesion = ""
        if view.form.lesion != self._lesion:
            self._lesion = view.form.lesion
            self.lesion.setCurrentText(view.form.lesion)

    def _show_site(self, site: str) -> None:
        """Show the site, unless it is only being typed."""
        if site != self._site or not self.site_text.hasFocus():
            self._site = site
            self.site.setCurrentText(site)

    def _show_choices(self, choices: tuple[StateChoice, ...]) -> None:
        if choices == self._choices:
            return
        self._choices = choices
        for button in self.findChildren(QPushButton, QRegularExpression("^state_")):
            button.hide()
            button.setParent(None)
            button.deleteLater()
        for number, choice in enumerate(choices):
            button = _named(QPushButton(f"{choice.name}  {choice.key}"), f"state_{choice.state.value}")
            button.clicked.connect(partial(self.state_chosen.emit, choice.key))
            self._states.addWidget(button, number // 2, number % 2)

    def _on_lesion_finished(self) -> None:
        typed = self.lesion.currentText().strip()
        if typed and typed != self._lesion:
            self.lesion_chosen.emit(typed)

    def _on_site_finished(self) -> None:
        typed = self.site.currentText().strip()
        if typed != self._site:
            self.site_chosen.emit(typed)


def _measure_style(view: ViewState) -> str:
    return MEASURE_STYLE.format(colour=ROLE_COLOURS[view.form.role]) if view.measure else IDLE_STYLE


def _named(control: Control, name: str) -> Control:
    control.setObjectName(name)
    return control
