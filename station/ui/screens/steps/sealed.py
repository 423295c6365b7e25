"""After sealing: a calm page that says it is safe, which number it has and what happens by itself."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from station.domain.draft import Draft
from station.domain.paper import PaperSize
from station.domain.rows import RecordRow
from station.i18n import _
from station.ui import icons, theme
from station.ui.printing import print_paper
from station.ui.screens.steps.receipt import receipt, receipt_title
from station.ui.screens.steps.session import Session
from station.ui.widgets.button import button
from station.ui.widgets.card import Card, label
from station.ui.widgets.chip import Chip

PRINT_KEY = "Ctrl+P"


class SealedPage(QWidget):
    """Enter goes on to the next person; a proof of the recording may be printed, and need not be."""

    next_person = Signal()

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._draft: Draft | None = None
        self._row: RecordRow | None = None
        self._sign = QLabel()
        self._name = label("", "strong", name="sealed.name")
        self._number = label("", "display", name="sealed.number")
        self._number.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.next_button = QPushButton(_("Next recording · Enter"))
        self.next_button.setObjectName("sealed.next")
        self.next_button.setProperty("look", "primary")
        self.next_button.setProperty("bulk", "tall")
        self.next_button.clicked.connect(self.next_person)
        text = _("Print the proof · {key}").format(key=PRINT_KEY)
        self.print_button = button("sealed.print", text, self.print_receipt)
        self.print_button.setProperty("bulk", "tall")
        QShortcut(QKeySequence(PRINT_KEY), self).activated.connect(self.print_receipt)
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
        row.setSpacing(12)
        row.addWidget(self.next_button)
        row.addWidget(self.print_button)
        row.addStretch(1)
        card.body.addLayout(row)
        card.body.insertStretch(0, 1)
        card.body.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(card)

    def show_draft(self, draft: Draft) -> None:
        """What is about to be sealed: afterwards only the packet holds it, and the proof says what was recorded."""
        self._draft = draft

    def show_row(self, row: RecordRow) -> None:
        self._row = row
        known = self._draft is not None and self._draft.record.record_id == row.record.record_id
        self.print_button.setVisible(known)
        self._sign.setPixmap(icons.pixmap("mdi6.shield-check", 64, theme.tokens().ok))
        self._name.setText(row.record.name)
        self._number.setText(row.record.registration_no)
        self.setAccessibleName(_("Saved. Sealed at this station.") + f" {row.record.registration_no}")

    def print_receipt(self) -> None:
        """The proof of recording, on a sheet the person keeps."""
        row, draft, session = self._row, self._draft, self._session
        if row is None or draft is None or not self.print_button.isVisible():
            return
        html = receipt(session.station, row, draft, session.clock.now())
        dialog = print_paper(self, receipt_title(), html, session.printer, size=PaperSize.A5)
        dialog.went_out.connect(lambda way: session.printed(row.record.record_id, "receipt", way))

    def entered(self) -> None:
        self.next_button.setFocus(Qt.FocusReason.OtherFocusReason)
