"""After sealing: a calm page that says it is safe, which number it has and what happens by itself."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from station.domain.rows import RecordRow
from station.i18n import _
from station.ui import icons, theme
from station.ui.widgets.card import Card, label
from station.ui.widgets.chip import Chip


class SealedPage(QWidget):
    """Enter goes on to the next person."""

    next_person = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._sign = QLabel()
        self._name = label("", "strong", name="sealed.name")
        self._number = label("", "display", name="sealed.number")
        self._number.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.next_button = QPushButton(_("Next recording · Enter"))
        self.next_button.setObjectName("sealed.next")
        self.next_button.setProperty("look", "primary")
        self.next_button.setProperty("bulk", "tall")
        self.next_button.clicked.connect(self.next_person)
        self._lay_out()

    def _lay_out(self) -> None:
        card = Card(spacing=10)
        middle = Qt.AlignmentFlag.AlignHCenter
        title = label(_("Saved. Sealed at this station."), "title", name="sealed.title")
        after = label(_("It is sent by itself as soon as there is a network. Nothing more to do."), "muted", wrap=True)
        after.setAlignment(middle)
        after.setFixedWidth(theme.px(440))
        for widget in (self._sign, title, self._name):
            card.body.addWidget(widget, 0, middle)
        card.body.addSpacing(10)
        card.body.addWidget(label(_("Registration number"), "label"), 0, middle)
        card.body.addWidget(self._number, 0, middle)
        card.body.addSpacing(10)
        card.body.addWidget(after, 0, middle)
        card.body.addWidget(Chip(_("FREE of charge"), "ok"), 0, middle)
        card.body.addSpacing(18)
        row = QHBoxLayout()
        row.addStretch(1)
        row.addWidget(self.next_button)
        row.addStretch(1)
        card.body.addLayout(row)
        card.body.insertStretch(0, 1)
        card.body.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(card)

    def show_row(self, row: RecordRow) -> None:
        self._sign.setPixmap(icons.pixmap("mdi6.shield-check", 64, theme.tokens().ok))
        self._name.setText(row.record.name)
        self._number.setText(row.record.registration_no)
        self.setAccessibleName(_("Saved. Sealed at this station.") + f" {row.record.registration_no}")

    def entered(self) -> None:
        self.next_button.setFocus(Qt.FocusReason.OtherFocusReason)
