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
from viewer.view_state import DOUBT_COLOUR, ROLE_COLOURS, ViewState

if TYPE_CHECKING:
    from recist.criteria.codes import LesionRole

Control = TypeVar("Control", bound=QWidget)
CAUTION_STYLE = "color: #ffb347;"
MEASURE_STYLE = "font-size: 17pt; font-weight: bold; color: {colour};"
IDLE_STYLE = "font-size: 11pt; color: #9aa0a8;"
IDLE_TEXT, CLICK_TEXT = "Drag along the long axis", "Click the lesion, or drag along its long axis"
ACCEPT_TEXT, ACCEPT_DOUBTFUL_TEXT = "Accept  ⏎", "Accept doubtful  ⇧⏎"


class LesionForm(QWidget):
    """Shows and asks what the next finding belongs to; says nothing about what it means.

    Signals
    -------
    lesion_chosen, site_chosen, state_chosen : str
    role_chosen : object (LesionRole)
    nodal_chosen : bool
    accepted, doubt_accepted, discarded, outline_wanted, doubtful_wanted :
    resized : int
        1 for the next larger outline, -1 for the next smaller one.
    """

    lesion_chosen = Signal(str)
    role_chosen = Signal(object)
    site_chosen = Signal(str)
    nodal_chosen = Signal(bool)
    state_chosen = Signal(str)
    accepted = Signal()
    discarded = Signal()
    doubt_accepted = Signal()
    outline_wanted = Signal()
    doubtful_wanted = Signal()
    resized = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("lesion_form")
        self._choices: tuple[StateChoice, ...] = ()
        self._lesion = self._site = ""
        self._is_doubtful = False
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
        self.accept = _named(QPushButton(ACCEPT_TEXT), "accept")
        self.discard = _named(QPushButton("Discard  Esc"), "discard")
        self.outline = _named(QPushButton("Outline  S"), "outline")
        self.outline.setToolTip("find the outline along the long axis drawn")
        self.doubtful = _named(QPushButton("Doubtful  D"), "show_doubtful")
        self.doubtful.setToolTip("look at the outline that was too unsure to be proposed")
        self.smaller = _named(QPushButton("−  ["), "smaller")
        self.larger = _named(QPushButton("+  ]"), "larger")

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
        outline = QHBoxLayout()
        for button in (self.outline, self.smaller, self.larger, self.doubtful):
            outline.addWidget(button)
        self._states = QGridLayout()
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        for part in (who, where, what):
            whole.addLayout(part)
        whole.addLayout(outline)
        whole.addWidget(self.cautions)
        whole.addLayout(self._states)

    def _connect(self) -> None:
        self.lesion.activated.connect(self._on_lesion_finished)
        self.site.activated.connect(self._on_site_finished)
        self.site_text.editingFinished.connect(self._on_site_finished)
        self.lesion_text.editingFinished.connect(self._on_lesion_finished)
        self.nodal.clicked.connect(self.nodal_chosen.emit)
        self.accept.clicked.connect(self._on_accept_clicked)
        self.outline.clicked.connect(self.outline_wanted.emit)
        self.doubtful.clicked.connect(self.doubtful_wanted.emit)
        self.smaller.clicked.connect(partial(self.resized.emit, -1))
        self.larger.clicked.connect(partial(self.resized.emit, 1))
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
        idle = CLICK_TEXT if view.is_clicking else IDLE_TEXT
        self.measure.setText(view.measure or f"{view.form.lesion}: {idle.lower()}")
        self.cautions.setText("\n".join(view.cautions))
        self.cautions.setVisible(bool(view.cautions))
        self.accept.setEnabled(view.can_accept)
        self.discard.setEnabled(view.can_accept)
        self._show_outline(view)
        self._show_choices(view.choices)

    def _show_outline(self, view: ViewState) -> None:
        """Offer what can be done with an outline now."""
        self._is_doubtful = view.is_doubtful
        self.accept.setText(ACCEPT_DOUBTFUL_TEXT if view.is_doubtful else ACCEPT_TEXT)
        self.outline.setEnabled(view.can_outline)
        self.doubtful.setEnabled(view.has_doubtful)
        for button in (self.smaller, self.larger):
            button.setEnabled(view.outline is not None)

    def _on_accept_clicked(self) -> None:
        (self.doubt_accepted if self._is_doubtful else self.accepted).emit()

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
    colour = DOUBT_COLOUR if view.is_doubtful else ROLE_COLOURS[view.form.role]
    return MEASURE_STYLE.format(colour=colour) if view.measure else IDLE_STYLE


def _named(control: Control, name: str) -> Control:
    control.setObjectName(name)
    return control
