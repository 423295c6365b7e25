"""An exception that was approved: why, by whom, until when, and the way to capture the part after all."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QHBoxLayout, QVBoxLayout, QWidget

from station.desk import exceptions, signin
from station.desk.office import Operator
from station.domain.biometrics import BiometricException
from station.domain.errors import StationError
from station.i18n import _
from station.ui import exception_words, theme, words
from station.ui.part_names import part_name
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
        self._revoke = button("exception.revoke", _("Capture it after all"), self._take_back)
        close = button("exception.view.close", _("Close"), self.reject, "primary")
        close.setDefault(True)
        title = _("{part} cannot be captured").format(part=part_name(granted.part))
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 20, 24, 20)
        column.setSpacing(10)
        column.addWidget(label(title, "h2", wrap=True))
        column.addWidget(label(exception_words.told(granted), "strong", wrap=True, name="exception.view.cause"))
        column.addWidget(label(granted.reason, wrap=True, name="exception.view.reason"))
        column.addWidget(self._people)
        column.addWidget(self._trouble)
        row = QHBoxLayout()
        row.addWidget(self._revoke)
        row.addStretch(1)
        row.addWidget(close)
        column.addLayout(row)
        session.ask(lambda office: signin.operators(office.depot), self._name_people)

    def _name_people(self, known: tuple[Operator, ...]) -> None:
        names = {item.operator_id: item.name for item in known}
        told = _("Entered by {who}, seen and approved by {second}.")
        unknown = _("somebody who no longer works here")
        entered, approved = names.get(self._granted.entered_by), names.get(self._granted.approved_by)
        self._people.setText(told.format(who=entered or unknown, second=approved or unknown))

    def _take_back(self) -> None:
        part = self._granted.part
        self._revoke.setEnabled(False)
        self._session.change(
            lambda office, record_id: exceptions.revoke(office, record_id, part), self.accept, self._wrong
        )

    def _wrong(self, error: StationError) -> None:
        self._revoke.setEnabled(True)
        self._trouble.setText(str(words.of_error(error)))
        self._trouble.show()
