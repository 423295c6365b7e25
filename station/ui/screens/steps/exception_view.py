"""An exception: why, by whom and until when, and the way to capture the part after all.

Where the second officer's word is missing, it is given here; where nobody may give it, who is signed in takes the
exception over.
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
from station.ui.screens.steps.exception_evidence import Evidence
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
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._session = session
        self._people = label("", "muted", wrap=True, name="exception.view.people")
        self._trouble = label("", "error", wrap=True, name="exception.view.trouble")
        self._trouble.hide()
        self._waits = not granted.approved_by
        self._asking = False
        self._look_at(granted)
        self._officer = OfficerBox(session, "exception.view", granted.entered_by)
        self._approve = button("exception.view.approve", _("Approve the exception"), self._ask_second, "primary")
        self._approve.setAutoDefault(False)
        self._take = button("exception.view.take_over", _("Take the exception over"), self._take_over, "primary")
        self.photo = Evidence(session, granted.evidence)
        for way in (self._approve, self._take):  # nobody answers for what they have not seen
            way.setEnabled(granted.evidence is None)
            self.photo.arrived.connect(way.setEnabled)
        self._officer.entered.connect(self._approve.click)
        self._officer.staffed.connect(self._staffed)
        self._revoke = button("exception.revoke", _("Capture it after all"), self._take_back)
        self._revoke.setAutoDefault(False)
        self._close = button("exception.view.close", _("Close"), self.reject, "" if self._waits else "primary")
        self._close.setDefault(not self._waits)  # Enter behind the password approves
        self._close.setAutoDefault(not self._waits)
        title = _("{part} cannot be captured").format(part=part_name(granted.part))
        sides = QHBoxLayout(self)
        sides.setContentsMargins(24, 20, 24, 20)
        sides.setSpacing(24)
        sides.addWidget(self.photo, 1)
        column = QVBoxLayout()
        column.setSpacing(10)
        sides.addLayout(column, 1)
        column.addWidget(label(title, "h2", wrap=True))
        column.addWidget(label(exception_words.told(granted), "strong", wrap=True, name="exception.view.cause"))
        column.addWidget(label(granted.reason, wrap=True, name="exception.view.reason"))
        column.addWidget(self._people)
        column.addWidget(self._officer)
        column.addWidget(self._trouble)
        column.addStretch(1)
        row = QHBoxLayout()
        row.addWidget(self._revoke)
        row.addStretch(1)
        row.addWidget(self._close)
        row.addWidget(self._approve)
        row.addWidget(self._take)
        column.addLayout(row)
        self.setMinimumWidth(min(theme.px(440 if granted.evidence is None else 920), 1180))
        self._take.hide()
        for widget in (self._officer, self._approve):
            widget.setVisible(self._waits)
        if self._waits:
            self._officer.load()
        session.ask(lambda office: signin.operators(office.depot), self._name_people)

    def _look_at(self, granted: BiometricException) -> None:
        """This one, and what was left out together with it: with the same cause and photo."""
        self._granted, draft = granted, self._session.draft
        together = draft.unapproved if draft and self._waits else (granted,)
        kind = (granted.code, granted.entered_by, granted.evidence)
        self._alike = tuple(item.part for item in together if (item.code, item.entered_by, item.evidence) == kind)

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
        self._take.setVisible(self._officer.found.take_over)
        self._take.setAutoDefault(self._officer.found.take_over)  # Enter behind the password approves
        if self._officer.found.take_over and self._take.isEnabled():
            self._take.setFocus()
        elif not self._officer.take_keyboard():
            self._close.setFocus()

    def _ask_second(self) -> None:
        """One word for everything that was left out together."""
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

    def _take_over(self) -> None:
        """Everything that was left out together, for one word lets it pass."""
        alike = self._alike
        self._asking = True
        self._take.setEnabled(False)
        self._session.change(
            lambda office, record_id: exceptions.take_over(office, record_id, alike), self._taken_over, self._wrong
        )

    def _taken_over(self) -> None:
        """Now a second officer is asked, right here."""
        self._asking = False
        self._take.setEnabled(True)
        draft, part = self._session.draft, self._granted.part
        mine = next((item for item in draft.exceptions if item.part is part), None) if draft else None
        if mine is None:
            self.accept()
            return
        self._look_at(mine)
        self._officer.ask_for(mine.entered_by)
        self._session.ask(lambda office: signin.operators(office.depot), self._name_people)

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
        for key in (self._revoke, self._take):
            key.setEnabled(True)
        self._trouble.setText(str(words.of_error(error)))
        self._trouble.show()
