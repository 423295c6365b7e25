"""An exception: why, by whom and until when, and the way to capture the part after all.

Where the second officer's word is missing, it is given here.
"""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QHBoxLayout, QVBoxLayout, QWidget

from station.desk import exceptions, signin, vouchers
from station.desk.office import Office, Operator
from station.domain.biometrics import BiometricException
from station.domain.draft import Draft
from station.domain.errors import StationError
from station.i18n import _
from station.ui import exception_words, theme, words
from station.ui.part_names import in_sentence, listed, part_name
from station.ui.screens.steps.officer_box import OfficerBox
from station.ui.screens.steps.session import Session
from station.ui.widgets.button import button
from station.ui.widgets.card import label


class ExceptionView(QDialog):
    """Closing it changes nothing."""

    def __init__(self, session: Session, granted: BiometricException, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("exception.view")
        self.setWindowTitle(_("Exception"))
        self.setMinimumWidth(theme.px(440))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._session, self._granted = session, granted
        self._people = label("", "muted", wrap=True, name="exception.view.people")
        self._trouble = label("", "error", wrap=True, name="exception.view.trouble")
        self._trouble.hide()
        self._waits = not granted.approved_by
        self._asking = False
        draft = session.draft
        together = draft.unapproved if draft and self._waits else (granted,)
        kind = (granted.code, granted.entered_by, granted.evidence)
        self._alike = tuple(item.part for item in together if (item.code, item.entered_by, item.evidence) == kind)
        self._officer = OfficerBox(session, "exception.view", granted.entered_by)
        self._approve = button("exception.view.approve", _("Approve the exception"), self._ask_second, "primary")
        self._approve.setAutoDefault(False)
        self._officer.entered.connect(self._ask_second)
        self._officer.staffed.connect(self._staffed)
        self._revoke = button("exception.revoke", _("Capture it after all"), self._take_back)
        self._revoke.setAutoDefault(False)
        close = button("exception.view.close", _("Close"), self.reject, "" if self._waits else "primary")
        close.setDefault(not self._waits)  # Enter behind the password approves
        close.setAutoDefault(not self._waits)
        title = _("{part} cannot be captured").format(part=part_name(granted.part))
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 20, 24, 20)
        column.setSpacing(10)
        column.addWidget(label(title, "h2", wrap=True))
        column.addWidget(label(exception_words.told(granted), "strong", wrap=True, name="exception.view.cause"))
        column.addWidget(label(granted.reason, wrap=True, name="exception.view.reason"))
        column.addWidget(self._people)
        column.addWidget(self._officer)
        column.addWidget(self._trouble)
        row = QHBoxLayout()
        row.addWidget(self._revoke)
        row.addStretch(1)
        row.addWidget(close)
        row.addWidget(self._approve)
        column.addLayout(row)
        for widget in (self._officer, self._approve):
            widget.setVisible(self._waits)
        if self._waits:
            self._officer.load()
        session.ask(lambda office: signin.operators(office.depot), self._name_people)

    def _name_people(self, known: tuple[Operator, ...]) -> None:
        names = {item.operator_id: item.name for item in known}
        told = _("Entered by {who}, seen and approved by {second}.")
        if self._waits:
            told = _("{who} has entered it. A second officer has to see it and approve it.")
        unknown = _("somebody who no longer works here")
        entered, approved = names.get(self._granted.entered_by), names.get(self._granted.approved_by)
        lines = [told.format(who=entered or unknown, second=approved or unknown)]
        if len(self._alike) > 1:
            lines.append(_("Approved together: {parts}.").format(parts=in_sentence(listed(self._alike))))
        self._people.setText("\n".join(lines))

    def _staffed(self, somebody: bool) -> None:
        self._approve.setVisible(somebody)
        self._officer.take_keyboard()

    def _ask_second(self) -> None:
        """One word for everything that was left out together: with the same cause and photo."""
        alike, one = self._alike, self._granted
        officer_id, password = self._officer.officer_id, self._officer.password.text()
        if not password:
            self._officer.say(_("The second officer types their own password."))
            return
        self._approve.setEnabled(False)
        self._asking = True

        def approve(office: Office, record_id: str) -> Draft:
            voucher = vouchers.vouch(office, officer_id, password, record_id, alike, one.code, one.entered_by)
            return exceptions.approve(office, record_id, alike, voucher)

        self._session.change(approve, self.accept, self._not_approved)

    def reject(self) -> None:
        """Not while the desk is asked: its answer is for this dialog."""
        if not self._asking:
            super().reject()

    def _not_approved(self, error: StationError) -> None:
        self._asking = False
        self._approve.setEnabled(True)
        self._officer.say(str(words.of_error(error)))

    def _take_back(self) -> None:
        part = self._granted.part
        self._asking = True
        self._revoke.setEnabled(False)
        self._session.change(
            lambda office, record_id: exceptions.revoke(office, record_id, part), self.accept, self._wrong
        )

    def _wrong(self, error: StationError) -> None:
        self._asking = False
        self._revoke.setEnabled(True)
        self._trouble.setText(str(words.of_error(error)))
        self._trouble.show()
