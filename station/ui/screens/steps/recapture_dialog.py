"""Somebody of the list has come again: is it the same person? A finger tells, or a document with a reason.

Or they come no more, and are taken off the list. Must not know what is captured then.
"""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QDialog, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from station.desk import inviting, vouchers
from station.desk.inviting import Invited, Visitor
from station.desk.office import Office
from station.domain.biometrics import Capture
from station.domain.draft import Draft
from station.domain.errors import AccessError, DeviceError, RuleError, StationError
from station.domain.ports import Order
from station.domain.recapture import MAX_REASON, KnownBy
from station.i18n import _
from station.ui import theme, words
from station.ui.device_thread import DeviceThread
from station.ui.form.date_entry import shown_date
from station.ui.form.note_line import ReasonEntry
from station.ui.part_names import in_sentence, listed, part_name
from station.ui.screens.steps.looking import Looking
from station.ui.screens.steps.officer_box import OfficerBox
from station.ui.screens.steps.session import Session
from station.ui.widgets.button import button
from station.ui.widgets.card import label
from station.ui.widgets.field_label import FieldLabel
from station.ui.widgets.preview import PreviewView

_BY_DOCUMENT, _OFF = "document", "off"


class RecaptureDialog(QDialog):
    """Space compares a finger. Accepted once the record is open again; `taken_off` once the list is shorter."""

    taken_off = Signal()
    look_wanted = Signal(str)  # record id

    def __init__(self, session: Session, lane: DeviceThread | None, invited: Invited, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("recapture")
        self.setWindowTitle(_("Came again"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setMinimumWidth(theme.px(600))
        self._session, self._invited = session, invited
        self._visitor: Visitor | None = None
        self._turn = 0  # a finger that does not match: the next try is of the other hand
        self._way = ""
        self._over = self._asking = self._receiving = False
        self._order = Order(())
        self._looking = Looking(lane, self)
        self.preview = PreviewView()
        self.preview.setObjectName("recapture.preview")
        self.preview.setMinimumHeight(min(theme.px(200), 280))
        self._asked = label("", "strong", wrap=True, name="recapture.asked")
        self._state = label("", "small", wrap=True, name="recapture.state")
        self._state.setMinimumHeight(theme.px(20))
        self._reason = ReasonEntry()  # Enter goes on to the button and presses nothing
        self._reason.setObjectName("recapture.reason")
        self._reason.setMaxLength(MAX_REASON)
        self._field = FieldLabel(_("Reason"), self._reason)
        self._field.hide()
        told = _(
            "Nobody here may confirm it for you: neither you nor an officer whom you added yourself. "
            "A finger tells who it is, or they come when another officer is here."
        )
        self._officer = OfficerBox(session, "recapture", parent=self, nobody=told)
        self._officer.hide()
        self._off = button("recapture.off", _("Take off the list…"), lambda: self._choose(_OFF))
        self._document = button("recapture.document", _("By document…"), lambda: self._choose(_BY_DOCUMENT))
        self._look = button("recapture.look", _("Look at the record"), self._look_at_it, "link")
        self._go = button("recapture.go", _("Compare · Space"), self._on, "primary")
        self._close = button("recapture.close", _("Close"), self.reject)
        for way in (self._off, self._document, self._look, self._go, self._close):
            way.setAutoDefault(False)
        self._lay_out()
        self._connect()
        self._receive()

    def _lay_out(self) -> None:
        invited = self._invited
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 20, 24, 20)
        column.setSpacing(10)
        head = QHBoxLayout()
        head.addWidget(label(invited.name or invited.registration_no, "h2", wrap=True, name="recapture.name"), 1)
        head.addWidget(self._look)
        column.addLayout(head)
        told = _("{number} · still to be captured: {parts} · from {day}")
        due = told.format(
            number=invited.registration_no,
            parts=in_sentence(listed(invited.parts)),
            day=shown_date(invited.on.isoformat()),
        )
        column.addWidget(label(due, "muted", wrap=True, name="recapture.due"))
        column.addWidget(self._asked)
        column.addWidget(self.preview, 1)
        column.addWidget(self._state)
        column.addWidget(self._field)
        column.addWidget(self._officer)
        foot = QHBoxLayout()
        foot.setSpacing(8)
        foot.addWidget(self._off)
        foot.addWidget(self._document)
        foot.addStretch(1)
        foot.addWidget(self._close)
        foot.addWidget(self._go)
        column.addLayout(foot)

    def _connect(self) -> None:
        looking = self._looking
        looking.frame.connect(self._show_frame)
        looking.captured.connect(self._captured)
        looking.failed.connect(self._failed)
        looking.lost.connect(self._failed)
        self.finished.connect(self._ended)
        self._reason.given.connect(lambda _reason: self._after_reason())
        self._reason.dropped.connect(self.reject)
        self._officer.entered.connect(self._on)
        self._officer.staffed.connect(self._staffed)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        focused = self.focusWidget()
        if event.key() == Qt.Key.Key_Space and not event.isAutoRepeat() and not self._way:
            self._compare()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and isinstance(focused, QPushButton):
            focused.click()
        else:
            super().keyPressEvent(event)

    def reject(self) -> None:
        """Not while the desk is asked: what it opens is opened."""
        if not self._asking:
            super().reject()

    def _ended(self, _result: int) -> None:
        self._over = True
        self._looking.stop()

    # ------------------------------------------------------------------------------------------------- the same person

    def _receive(self) -> None:
        if self._receiving:
            return
        self._receiving, record_id = True, self._invited.record_id
        self._session.ask(lambda office: inviting.receive(office, record_id), self._received, self._failed)

    def _received(self, visitor: Visitor) -> None:
        self._visitor, self._receiving = visitor, False
        if self._over or self._way:
            return
        self._say("")
        if visitor.fingers and not self._looking.missing:
            self.preview.setFocus(Qt.FocusReason.OtherFocusReason)
            self._watch()
            return
        self._choose(_BY_DOCUMENT)
        if visitor.fingers:
            self._say(str(words.of_error(DeviceError("device.missing"))), "bad")
        else:
            self._say(_("None of the recorded fingers can be compared. A document tells who this is."))

    def _watch(self) -> None:
        """Live, with the finger that is asked for in words."""
        assert self._visitor is not None
        finger = self._visitor.fingers[self._turn % len(self._visitor.fingers)]
        self._order = Order((finger,), subject=self._invited.record_id)
        self._asked.setText(_("Is it the same person? Place: {name}").format(name=in_sentence(part_name(finger))))
        self._looking.watch(self._order)

    def _compare(self) -> None:
        if self._visitor is None and not self._asking:
            self._receive()  # nobody could look at the kept fingers; perhaps somebody can now
            return
        if self._visitor is None or not self._visitor.fingers or self._asking or self._looking.capturing:
            return
        if self._looking.missing:
            self._failed(DeviceError("device.missing"))
            return
        self._say("")
        self._looking.capture(self._order)
        self.preview.show_hint(_("Scanning…"), "brand")

    def _show_frame(self) -> None:
        frame = self._looking.take_frame()
        if frame is not None:
            self.preview.show_frame(frame, words.hint(frame.hint), "warn" if frame.hint else "off")

    def _captured(self, captures: tuple[Capture, ...]) -> None:
        self.preview.show_still(None)
        self._say(_("Comparing…"))
        self._asking = True
        record_id = self._invited.record_id
        self._session.come_again(
            lambda office: inviting.recapture(office, record_id, captures), self.accept, self._failed
        )

    # ------------------------------------------------------------------------------------------------------ other ways

    def _choose(self, way: str) -> None:
        """A reason is asked for: why a document has to do, or why nobody comes any more."""
        self._looking.stop()
        for widget in (self.preview, self._asked):
            widget.hide()
        self._say("")
        self._way = way
        off = way == _OFF
        asked = _("Why do they come no more?") if off else _("Which document was seen, and why no finger?")
        self._field.label.setText(asked)
        self._reason.setAccessibleName(asked)
        self._go.setText(_("Take off the list") if off else _("It is the same person"))
        self._go.setProperty("look", "danger" if off else "primary")
        theme.restyle(self._go)
        self._field.say("")
        self._field.show()
        self._officer.setVisible(not off)
        if off:
            self._go.setEnabled(True)
        else:
            self._officer.load()
        self._reason.setFocus(Qt.FocusReason.OtherFocusReason)
        self.adjustSize()

    def _on(self) -> None:
        """What the button says: compare, go on by document, or take off the list."""
        record_id, reason = self._invited.record_id, self._reason.text()
        if not self._way:
            self._compare()
            return
        if self._asking:
            return
        if not reason.strip():
            self._failed(RuleError("recapture.no_reason"))
            return
        self._go.setEnabled(False)
        self._asking = True
        if self._way == _BY_DOCUMENT:
            self._session.come_again(self._by_document(reason), self.accept, self._failed)
        else:
            self._session.ask(
                lambda office: inviting.uninvite(office, record_id, reason), lambda _none: self._gone(), self._failed
            )

    def _by_document(self, reason: str) -> Callable[[Office], Draft]:
        """Two officers have seen it: the one who asks, and the one who types a password."""
        invited = self._visitor.invited if self._visitor else self._invited
        officer_id, password = self._officer.officer_id, self._officer.password.text()

        def recapture(office: Office) -> Draft:
            voucher = vouchers.vouch(office, officer_id, password, invited.record_id, invited.parts, KnownBy.DOCUMENT)
            return inviting.recapture(office, invited.record_id, reason=reason, voucher=voucher)

        return recapture

    def _after_reason(self) -> None:
        if self._way != _BY_DOCUMENT or not self._officer.take_keyboard():
            self._go.setFocus(Qt.FocusReason.OtherFocusReason)

    def _staffed(self, staffed: bool) -> None:
        """Nobody who may confirm it: then a document is not enough."""
        self._field.say("")
        self._officer.password_field.say("")
        if self._way == _BY_DOCUMENT:
            self._go.setEnabled(staffed)
            self.adjustSize()

    def _gone(self) -> None:
        self.taken_off.emit()
        self.accept()

    def _look_at_it(self) -> None:
        self.reject()
        self.look_wanted.emit(self._invited.record_id)

    def _failed(self, error: StationError) -> None:
        self._asking = self._receiving = False
        if self._over:
            return
        self._go.setEnabled(True)
        self._field.say("")
        self._officer.password_field.say("")
        said = str(words.of_error(error))
        if isinstance(error, AccessError):
            self._officer.say(said)
            return
        if error.code == "recapture.no_reason":
            self._field.say(said)
            self._reason.setFocus(Qt.FocusReason.OtherFocusReason)
            return
        self.preview.show_still(None)
        self._say(said, "bad")
        if error.code == "recapture.no_match":
            self._turn += 1
        if self._visitor is not None and self._visitor.fingers and not self._way and not self._looking.missing:
            self._watch()

    def _say(self, text: str, tone: str | None = None) -> None:
        self._state.setText(text)
        self._state.setProperty("tone", tone)
        theme.restyle(self._state)
