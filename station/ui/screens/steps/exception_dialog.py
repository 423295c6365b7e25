"""Asks for an exception: which parts, why, until when, the photo that shows it, and a second officer's word.

Esc closes it and keeps what was typed. Must not know the rules: the desk says what is missing.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import timedelta
from itertools import pairwise

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QDialog, QHBoxLayout, QVBoxLayout, QWidget

from station.desk import exceptions, vouchers
from station.desk.office import Office
from station.domain.biometric_exceptions import MAX_REASON, codes_for
from station.domain.biometrics import ExceptionCode, Part
from station.domain.draft import Draft
from station.domain.errors import AccessError, StationError
from station.domain.form import parse_date
from station.i18n import _
from station.ui import exception_words, theme, words
from station.ui.device_thread import DeviceThread
from station.ui.form.date_entry import DateEntry
from station.ui.form.entry import Entry
from station.ui.screens.steps.exception_parts import PartChooser
from station.ui.screens.steps.exception_photo import EvidencePhoto
from station.ui.screens.steps.officer_box import OfficerBox
from station.ui.screens.steps.session import Session
from station.ui.widgets.button import button
from station.ui.widgets.card import label, rule
from station.ui.widgets.field_label import FieldLabel

INVITE_AFTER = timedelta(days=30)


class ExceptionDialog(QDialog):
    """`begin` before it is shown; accepted once the exception is kept."""

    def __init__(
        self, session: Session, camera: DeviceThread | None, parts: Sequence[Part], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setObjectName("exception")
        self.setWindowTitle(_("Exception"))
        self._session = session
        self.parts = PartChooser(parts)
        self.cause = QComboBox()
        self.cause.setObjectName("exception.cause")
        self.reason = Entry()
        self.reason.setObjectName("exception.reason")
        self.reason.setMaxLength(MAX_REASON)
        self.day = DateEntry()
        self.day.setObjectName("exception.day")
        day = session.clock.now().astimezone().date() + INVITE_AFTER
        self.day.show_value(day.isoformat())
        self.photo = EvidencePhoto(camera, session.lab)
        self.officer = OfficerBox(session, "exception")
        self._cause_field = FieldLabel(_("Cause"), self.cause)
        seen = _("Seen by officers only, never on the receipt.")
        self._reason_field = FieldLabel(_("In a few words"), self.reason, seen)
        self._day_field = FieldLabel(_("Invite again"), self.day)
        self._parts_note = label("", "small", wrap=True, name="exception.parts.note")
        self.yes = button("exception.confirm", _("Approve the exception"), self._confirm, "primary")
        self.wait = button("exception.wait", _("Keep, approve later"), lambda: self._confirm(later=True))
        self.wait.setAutoDefault(False)
        self._lay_out()
        self._connect()

    def _lay_out(self) -> None:
        left = QVBoxLayout()
        left.setSpacing(10)
        for widget in (self.parts, self._parts_note, self._cause_field, self._reason_field, self._day_field):
            left.addWidget(widget)
        left.addStretch(1)
        body = QHBoxLayout()
        body.setSpacing(24)
        body.addLayout(left, 6)
        body.addWidget(self.photo, 5)
        close = button("exception.close", _("Close"), self.reject)
        close.setAutoDefault(False)
        foot = QHBoxLayout()
        foot.setSpacing(8)
        foot.addWidget(label(_("What is typed stays when this is closed."), "small"), 1)
        foot.addWidget(close)
        foot.addWidget(self.wait)
        foot.addWidget(self.yes)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 18, 24, 18)
        column.setSpacing(12)
        column.addWidget(label(_("What cannot be captured?"), "h2"))
        column.addLayout(body, 1)
        column.addWidget(rule())
        column.addWidget(self.officer)
        column.addLayout(foot)
        self.resize(min(theme.px(880), 1180), min(theme.px(600), 700))

    def _connect(self) -> None:
        self.parts.changed.connect(self._parts_changed)
        self.cause.currentIndexChanged.connect(lambda _index: self._cause_changed())
        self.reason.entered.connect(lambda _back: self._after_reason())
        self.day.entered.connect(lambda _back: self.photo.setFocus())
        self.day.left.connect(lambda: self.day.show_value(self.day.value()))
        self.photo.changed.connect(self._after_photo)
        self.officer.entered.connect(self.yes.setFocus)
        self.officer.staffed.connect(self.yes.setVisible)
        self._session.opened.connect(self._another_opened)
        order = (self.parts, self.cause, self.reason, self.day, self.photo, self.officer, self.wait, self.yes)
        for here, after in pairwise(order):
            QWidget.setTabOrder(here, after)

    # ------------------------------------------------------------------------------------------------------- asking

    def _another_opened(self, _draft: Draft) -> None:
        if self.isVisible():
            self.reject()

    def begin(self, free: Collection[Part], chosen: Collection[Part]) -> None:
        """Only `free` parts may be chosen; what was typed before is still there. It closes when a draft is opened."""
        self.parts.begin(free, chosen)
        self._say_nothing()
        self.officer.load()
        self.parts.take_keyboard()

    @property
    def code(self) -> ExceptionCode | None:
        found = self.cause.currentData()
        return ExceptionCode(found) if found else None

    def _parts_changed(self) -> None:
        """Only causes that fit every chosen part are offered."""
        self._parts_note.setText("")
        offered = codes_for(self.parts.chosen or tuple(self.parts.keys))
        if [self.cause.itemData(place) for place in range(self.cause.count())] == [code.value for code in offered]:
            return
        here = self.code
        self.cause.clear()
        for code in offered:
            self.cause.addItem(exception_words.code_name(code), code.value)
        self.cause.setCurrentIndex(self.cause.findData(here.value) if here in offered and here else -1)
        self.cause.setPlaceholderText(_("Choose"))

    def _cause_changed(self) -> None:
        code = self.code
        self._cause_field.say(exception_words.code_meaning(code) if code else "", "")
        self._day_field.setVisible(code is not None and code.temporary)

    def _after_reason(self) -> None:
        (self.day if not self._day_field.isHidden() else self.photo).setFocus(Qt.FocusReason.OtherFocusReason)

    def _after_photo(self) -> None:
        """Where nobody may approve it, it is kept for later."""
        if not self.officer.take_keyboard():
            self.wait.setFocus()

    def _confirm(self, *, later: bool = False) -> None:
        """Keep it: with the second officer's word, or waiting for it."""
        self._say_nothing()
        parts, code, reason = self.parts.chosen, self.code, self.reason.text()
        invite, evidence = parse_date(self.day.value()), self.photo.image
        camera = self.photo.taken_with
        officer_id, password = self.officer.officer_id, self.officer.password.text()
        if not self._complete(later=later) or code is None:
            return
        self.yes.setEnabled(False)
        self.wait.setEnabled(False)
        self.yes.setText(_("Checking…"))

        def grant(office: Office, record_id: str) -> Draft:
            voucher = None if later else vouchers.vouch(office, officer_id, password, record_id, parts, code)
            return exceptions.grant(office, record_id, parts, code, reason, voucher, invite, evidence, camera)

        self._session.change(grant, self.accept, self._refused)

    def _complete(self, *, later: bool) -> bool:
        """False when something was not entered at all; it has been said where."""
        if not self.parts.chosen:
            self._say_parts(_("Choose at least one."))
        elif self.code is None:
            self._say(self._cause_field, _("Choose the cause."))
        elif not self.reason.text().strip():
            self._say(self._reason_field, str(words.sentence("exception.no_reason")))
        elif not self.photo.image:
            self.photo.say(str(words.sentence("exception.no_photo")))
            self.photo.setFocus()
        elif not later and not self.officer.officer_id:
            self.officer.take_keyboard()
        elif not later and not self.officer.password.text():
            self.officer.say(_("The second officer types their own password."))
        else:
            return True
        return False

    # ------------------------------------------------------------------------------------------------------ telling

    def _say_nothing(self) -> None:
        for key in (self.yes, self.wait):
            key.setEnabled(True)
        self.yes.setText(_("Approve the exception"))
        for field in (self._reason_field, self._day_field, self.officer.password_field):
            field.say("")
        self._cause_changed()
        self.photo.say("")
        self._parts_note.setText("")

    def _refused(self, error: StationError) -> None:
        """What is missing, said where it is missing, and the keyboard there."""
        self._say_nothing()
        said = str(words.of_error(error))
        if error.code == "exception.part":
            self._say_parts(said)
        elif error.code == "exception.invite_again":
            self._say(self._day_field, said)
        elif error.code in ("exception.no_photo", "photo.unreadable") or error.code.startswith("lab."):
            self.photo.say(said)
            self.photo.setFocus()
        elif isinstance(error, AccessError):
            self.officer.say(said)
        else:
            self._say(self._cause_field if error.code == "exception.code" else self._reason_field, said)

    def _say(self, field: FieldLabel, text: str) -> None:
        field.say(text)
        field.control.setFocus()

    def _say_parts(self, text: str) -> None:
        self._parts_note.setText(text)
        self._parts_note.setProperty("tone", "bad")
        theme.restyle(self._parts_note)
        self.parts.take_keyboard()
