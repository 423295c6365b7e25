"""The small form for somebody without a NIK. It makes a request number and a slip, never a NIK."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QComboBox, QDialog, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from station.domain.errors import RuleError, StationError
from station.domain.referral import Asked, Cause, Referral
from station.i18n import _
from station.ui import theme
from station.ui.form.date_entry import DateEntry
from station.ui.form.entry import Entry, UpperEntry
from station.ui.form.village_entry import VillageEntry, VillageSource
from station.ui.screens.steps.referral_words import CAUSES
from station.ui.widgets.button import button
from station.ui.widgets.card import label
from station.ui.widgets.field_label import FieldLabel
from station.ui.words import of_error

Send = Callable[[Asked, Callable[[Referral], None], Callable[[StationError], None]], None]


class ReferralDialog(QDialog):
    """`made` carries the referral once it is kept. Closing the form keeps nothing."""

    made = Signal(object)  # Referral

    def __init__(self, villages: VillageSource, send: Send, typed: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("referral")
        self.setWindowTitle(_("No NIK yet"))
        self.setMinimumWidth(theme.px(520))
        self._send = send
        self._entries: dict[str, Entry] = {
            "name": UpperEntry(),
            "birth_date": DateEntry(),
            "village": VillageEntry(villages),
            "phone": Entry(),
        }
        self._entries["name"].show_value(typed)
        self._entries["birth_date"].setPlaceholderText(_("dd-mm-yyyy"))
        texts = (_("Full name"), _("Date of birth"), _("Village"), _("Telephone (optional)"))
        self._fields = {
            key: FieldLabel(text, entry) for (key, entry), text in zip(self._entries.items(), texts, strict=True)
        }
        for key, entry in self._entries.items():
            entry.setObjectName(f"referral.{key}")
        self._cause = QComboBox()
        self._cause.setObjectName("referral.cause")
        for cause, text in CAUSES.items():
            self._cause.addItem(_(text), cause.value)
        self._yes = button("referral.confirm", _("Make the slip"), self._confirm, "primary")
        self._lay_out()
        self._lead_on()

    def _lay_out(self) -> None:
        no = QPushButton(_("Close"))
        no.setObjectName("referral.close")
        no.setAutoDefault(False)
        no.clicked.connect(self.reject)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 20, 24, 20)
        column.setSpacing(12)
        column.addWidget(label(_("Send to the Dinas for a NIK"), "h2"))
        told = _("A NIK is given by the Dinas only. The applicant gets a request number and a slip to take there.")
        column.addWidget(label(told, "muted", wrap=True))
        for key in ("name", "birth_date", "village"):
            column.addWidget(self._fields[key])
        column.addWidget(FieldLabel(_("Why is there no NIK?"), self._cause))
        column.addWidget(self._fields["phone"])
        row = QHBoxLayout()
        row.addStretch(1)
        row.addWidget(no)
        row.addWidget(self._yes)
        column.addLayout(row)

    def _lead_on(self) -> None:
        """Enter goes from line to line and ends at the button."""
        order: list[QWidget] = [
            self._entries["name"],
            self._entries["birth_date"],
            self._entries["village"],
            self._cause,
            self._entries["phone"],
            self._yes,
        ]
        for here, after in pairwise(order):
            QWidget.setTabOrder(here, after)
            if isinstance(here, Entry):
                here.entered.connect(self._leader(after))
        order[0].setFocus()

    def _leader(self, after: QWidget) -> Callable[[bool], None]:
        def lead(back: bool) -> None:
            if not back:
                after.setFocus(Qt.FocusReason.OtherFocusReason)

        return lead

    def _confirm(self) -> None:
        for field in self._fields.values():
            field.say("")
        entries = self._entries
        for entry in entries.values():
            entry.settle()
        asked = Asked(
            name=entries["name"].value(),
            birth_date=entries["birth_date"].value(),
            village=entries["village"].value(),
            cause=Cause(self._cause.currentData()),
            phone=entries["phone"].value(),
        )
        self._yes.setEnabled(False)  # a second Enter makes no second referral
        self._send(asked, self._done, self._wrong)

    def _done(self, referral: Referral) -> None:
        self.made.emit(referral)
        self.accept()

    def _wrong(self, error: StationError) -> None:
        self._yes.setEnabled(True)
        key = error.field if isinstance(error, RuleError) and error.field in self._fields else "name"
        self._fields[key or "name"].say(str(of_error(error)), "bad")
        self._fields[key or "name"].control.setFocus(Qt.FocusReason.OtherFocusReason)
