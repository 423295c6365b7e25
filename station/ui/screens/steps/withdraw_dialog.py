"""Asks why a draft is given up: the one thing here that cannot be undone. Closing it gives nothing up."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QDialog, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from station.i18n import _
from station.ui.form.note_line import ReasonEntry
from station.ui.widgets.card import label
from station.ui.widgets.field_label import FieldLabel


class WithdrawDialog(QDialog):
    """`confirmed` carries the reason."""

    confirmed = Signal(str)

    def __init__(self, who: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("withdraw")
        self.setWindowTitle(_("Cancel this recording"))
        self.setMinimumWidth(420)
        self._reason = ReasonEntry()  # Enter goes on to the buttons: it must neither close this nor withdraw at once
        self._reason.setObjectName("withdraw.reason")
        self._reason.setMaxLength(200)
        self._yes = QPushButton(_("Cancel the recording"))
        self._yes.setObjectName("withdraw.confirm")
        self._yes.setProperty("look", "danger")
        self._yes.setEnabled(False)
        no = QPushButton(_("Go on recording"))
        no.setObjectName("withdraw.keep")
        no.setDefault(True)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 20, 24, 20)
        column.setSpacing(12)
        column.addWidget(label(_("Cancel the recording of {who}?").format(who=who), "h2", wrap=True))
        told = _("Photo, prints, irises and signature are deleted. This cannot be undone.")
        column.addWidget(label(told, "muted", wrap=True))
        column.addWidget(FieldLabel(_("Reason"), self._reason))
        row = QHBoxLayout()
        row.addStretch(1)
        row.addWidget(no)
        row.addWidget(self._yes)
        column.addLayout(row)
        self._reason.textChanged.connect(lambda text: self._yes.setEnabled(bool(text.strip())))
        self._reason.given.connect(lambda _reason: self._yes.setFocus(Qt.FocusReason.OtherFocusReason))
        self._reason.dropped.connect(self.reject)
        self._yes.clicked.connect(self._confirm)
        no.clicked.connect(self.reject)

    def _confirm(self) -> None:
        self.confirmed.emit(self._reason.text().strip())
        self.accept()
