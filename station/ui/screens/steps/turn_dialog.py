"""Asks why somebody is called before others who wait. Closing it calls nobody.

The desk decides what is a reason; a try without one is refused there, and said here.
"""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QComboBox, QDialog, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from station.domain.errors import StationError
from station.domain.turn import MAX_WORDS, Because, Turn, Why
from station.i18n import _
from station.ui import queue_words, theme, words
from station.ui.widgets.banner import Banner
from station.ui.widgets.button import button
from station.ui.widgets.card import label
from station.ui.widgets.field_label import FieldLabel
from station.ui.widgets.fit import fit_height


class TurnDialog(QDialog):
    """`confirmed` carries what was given as a Because, and the dialog stays until `accept` or `refuse` is called."""

    confirmed = Signal(object)

    def __init__(self, turn: Turn, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("turn")
        self.setWindowTitle(_("Before others"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setFixedWidth(theme.px(520))
        self._why = QComboBox()
        self._why.setObjectName("turn.why")
        self._why.addItem(_("Choose a reason…"), None)
        for reason in Why:
            self._why.addItem(queue_words.why(reason), reason.value)
        self._words = QLineEdit()
        self._words.setObjectName("turn.words")
        self._words.setMaxLength(MAX_WORDS)
        self._own = FieldLabel(_("Reason in your own words"), self._words)
        self._own.hide()
        self._said = Banner()
        self._said.setObjectName("turn.said")
        self._call = button("turn.call", _("Call now"), self._confirm, "primary")
        self._keep = button("turn.keep", _("Keep the order"), self.reject)
        self._lay_out(turn)
        self._why.currentIndexChanged.connect(lambda _at: self._fit())
        self._why.setFocus(Qt.FocusReason.OtherFocusReason)

    def _lay_out(self, turn: Turn) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 20, 24, 20)
        column.setSpacing(12)
        column.addWidget(label(queue_words.question(turn), "h2", wrap=True, name="turn.question"))
        column.addWidget(label(queue_words.consequence(turn), "muted", wrap=True, name="turn.consequence"))
        column.addWidget(FieldLabel(_("Why this person first"), self._why))
        column.addWidget(self._own)
        column.addWidget(self._said)
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addStretch(1)
        self._keep.setDefault(True)
        row.addWidget(self._keep)
        row.addWidget(self._call)
        column.addLayout(row)

    def refuse(self, error: StationError) -> None:
        """The desk did not call them: what is missing, and the way to give it."""
        said = words.of_error(error)
        self._said.say(said.title, said.todo, "bad")
        self.wait_again()
        fit_height(self)
        (self._words if self._own.isVisible() else self._why).setFocus(Qt.FocusReason.OtherFocusReason)

    def wait_again(self) -> None:
        """Nothing was asked of the desk after all."""
        self._call.setEnabled(True)

    def _confirm(self) -> None:
        chosen = self._why.currentData()
        self._call.setEnabled(False)
        self.confirmed.emit(Because(Why(chosen) if chosen else None, self._words.text().strip()))

    def _fit(self) -> None:
        self._own.setVisible(self._why.currentData() == Why.OTHER.value)
        # Enter does what was just chosen; while nothing is, it keeps the order.
        (self._call if self._why.currentData() else self._keep).setDefault(True)
        self._said.clear()
        fit_height(self)
