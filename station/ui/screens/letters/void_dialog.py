"""Asks why a record shall never be sent, and a second officer for their word. Closing it changes nothing."""

from __future__ import annotations

from itertools import pairwise

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QDialog, QHBoxLayout, QVBoxLayout, QWidget

from station.desk import dead_letters
from station.desk.office import Office
from station.domain.errors import AccessError, StationError
from station.domain.record import RecordKey
from station.i18n import _
from station.ui import theme, words
from station.ui.context import Context
from station.ui.form.note_line import ReasonEntry
from station.ui.screens.steps.lookups import Lookups
from station.ui.screens.steps.officer_box import OfficerBox
from station.ui.widgets.button import button
from station.ui.widgets.card import label
from station.ui.widgets.field_label import FieldLabel
from station.ui.widgets.fit import fit_height


class VoidDialog(QDialog):
    """`voided` once it is done."""

    voided = Signal()

    def __init__(self, context: Context, key: RecordKey, who: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("void")
        self.setWindowTitle(_("Void this record"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setMinimumWidth(theme.px(560))
        self._key, self._asking = key, False
        self._session = Lookups(context, self)
        self._reason = ReasonEntry()  # Enter goes on: it must neither close this nor void at once
        self._reason.setObjectName("void.reason")
        self._reason.setMaxLength(dead_letters.MOST_REASON)
        hint = _("At least {n} characters. It is kept in the audit trail.").format(n=dead_letters.LEAST_REASON)
        self._field = FieldLabel(_("Why shall it never be sent?"), self._reason, hint)
        told = _("Nobody here may confirm it for you: neither you nor an officer whom you added yourself.")
        self.officer = OfficerBox(self._session, "void", parent=self, nobody=told)
        self._yes = button("void.confirm", _("Void it for good"), self._confirm, "danger")
        self._no = button("void.keep", _("Keep it"), self.reject)
        self._reason.given.connect(lambda _reason: self._after_reason())
        self._reason.dropped.connect(self.reject)
        self.officer.entered.connect(self._yes.setFocus)
        self.officer.staffed.connect(self._staffed)
        self._lay_out(who)
        self.officer.load()
        self._reason.setFocus()

    def reject(self) -> None:
        """Not while the desk is asked: what it does is done."""
        if not self._asking:
            super().reject()

    def _lay_out(self, who: str) -> None:
        told = _(
            "It is never sent, and the person has to be recorded again if they want a card. "
            "The sealed file stays on this disk. This cannot be undone."
        )
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 20, 24, 20)
        column.setSpacing(12)
        column.addWidget(label(_("Void this record?"), "h2", wrap=True))
        column.addWidget(label(who, "strong", wrap=True, name="void.who"))
        column.addWidget(label(told, "muted", wrap=True))
        column.addWidget(self._field)
        column.addWidget(self.officer)
        foot = QHBoxLayout()
        foot.setSpacing(8)
        foot.addStretch(1)
        foot.addWidget(self._no)
        foot.addWidget(self._yes)
        column.addLayout(foot)
        for each in (self._no, self._yes):
            each.setAutoDefault(True)
            each.setDefault(False)
        order = (self._reason, self.officer.who, self.officer.password, self.officer.add_button, self._no, self._yes)
        for here, after in pairwise(order):
            self.setTabOrder(here, after)

    def _staffed(self, staffed: bool) -> None:
        self._yes.setEnabled(staffed)
        fit_height(self)

    def _after_reason(self) -> None:
        if not self.officer.take_keyboard():
            self._no.setFocus(Qt.FocusReason.OtherFocusReason)

    def _confirm(self) -> None:
        reason, key = self._reason.text(), self._key
        officer_id, password = self.officer.officer_id, self.officer.password.text()
        self._say_nothing()
        if len(" ".join(reason.split())) < dead_letters.LEAST_REASON:
            self._say_reason(str(words.sentence("void.reason", {"least": dead_letters.LEAST_REASON})))
            return
        if not password:
            self.officer.say(_("The second officer types their own password."))
            fit_height(self)
            return
        self._asking = True
        self._yes.setEnabled(False)

        def give_up(office: Office) -> None:
            voucher = dead_letters.vouch_for_void(office, key, officer_id, password)
            dead_letters.void(office, key, reason, voucher)

        self._session.ask(give_up, lambda _none: self._done(), self._failed)

    def _done(self) -> None:
        self._asking = False
        self.accept()
        self.voided.emit()

    def _failed(self, error: StationError) -> None:
        self._asking = False
        self._yes.setEnabled(True)
        said = str(words.of_error(error))
        if isinstance(error, AccessError):
            self.officer.say(said)
        else:
            self._say_reason(said)
        fit_height(self)

    def _say_nothing(self) -> None:
        self._field.say("")
        self.officer.password_field.say("")

    def _say_reason(self, text: str) -> None:
        self._field.say(text)
        self._reason.setFocus()
        fit_height(self)
