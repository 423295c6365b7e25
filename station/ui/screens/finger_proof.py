"""After the password a finger: placed on the scanner, or a supervisor stands in with their password.

Must not know what is done once it is proved.
"""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QHideEvent, QKeyEvent
from PySide6.QtWidgets import QComboBox, QDialog, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from station.desk import second_factor
from station.desk.office import Office
from station.desk.second_factor import Asked
from station.domain.biometrics import Capture, Modality
from station.domain.errors import DeviceError, StationError
from station.domain.ports import Order
from station.i18n import _
from station.ui import labels, theme, words
from station.ui.context import Context
from station.ui.part_names import in_sentence, part_name
from station.ui.screens.steps.looking import Looking
from station.ui.widgets.button import button
from station.ui.widgets.card import label, rule
from station.ui.widgets.field_label import FieldLabel
from station.ui.widgets.fit import fit_height
from station.ui.widgets.preview import PreviewView


class FingerProof(QDialog):
    """Accepted when it is proved who this is. Space captures, Esc gives up."""

    def __init__(self, context: Context, office: Office, asked: Asked, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("proof")
        self.setWindowTitle(_("Your finger"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setMinimumWidth(theme.px(520))
        self._context, self._office, self._asked = context, office, asked
        self._looking = Looking(context.lanes.get(Modality.FINGER), self)
        self.preview = PreviewView()
        self.preview.setObjectName("proof.preview")
        self.preview.setMinimumHeight(min(theme.px(180), 240))
        self._told = label("", "muted", wrap=True, name="proof.told")
        self._state = label("", "small", wrap=True, name="proof.state")
        self._take = button("proof.capture", _("Capture · Space"), self._capture, "primary")
        self.who = QComboBox()
        self.who.setObjectName("proof.officer")
        for officer in asked.stand_ins:
            self.who.addItem(f"{officer.name} · {labels.role(officer.role)}", officer.operator_id)
        self.password = QLineEdit()
        self.password.setObjectName("proof.password")
        self.password.setEchoMode(QLineEdit.EchoMode.Password)
        self.password.setMaxLength(200)
        self.password.setPlaceholderText(context.training_officer_password)
        self.password.returnPressed.connect(self._stand_in)
        self._password_field = FieldLabel(_("Their password"), self.password)
        self._answer = button("proof.stand_in", _("Stand in"), self._stand_in)
        self._close = button("proof.close", _("Cancel"), self.reject)
        for way in (self._take, self._answer, self._close):
            way.setAutoDefault(False)
        self._lay_out()
        self._looking.frame.connect(self._show_frame)
        self._looking.captured.connect(self._captured)
        self._looking.failed.connect(self._failed)
        self._looking.lost.connect(self._failed)
        self._looking.changed.connect(self._begin)
        self.finished.connect(lambda _result: self._looking.stop())
        self.finished.connect(lambda _result: context.bridge.officer_sits.emit(""))
        context.bridge.officer_sits.emit(office.operator.operator_id)
        self._begin()

    @property
    def possible(self) -> bool:
        """A scanner is there, and a finger it could be compared with."""
        return self._asked.finger is not None and not self._looking.missing

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Space and not event.isAutoRepeat():
            self._capture()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            focused = self.focusWidget()
            (focused if focused in (self._close, self._answer) else self._take).click()
        else:
            super().keyPressEvent(event)

    def hideEvent(self, event: QHideEvent) -> None:
        self.password.clear()
        super().hideEvent(event)

    def _begin(self) -> None:
        """Watch the scanner; without one, or without a known finger, only somebody else's word is left."""
        for widget in (self.preview, self._take):
            widget.setVisible(self.possible)
        finger = self._asked.finger
        if finger is None:
            self._told.setText(_("None of your fingers is known at this station: a supervisor stands in for you."))
        elif self._looking.missing:
            self._told.setText(_("There is no fingerprint scanner now: a supervisor stands in for you."))
        else:
            name = in_sentence(part_name(finger))
            self._told.setText(_("Place your {name} on the scanner.").format(name=name))
            self._looking.watch(self._order)
        (self.preview if self.possible else self.password).setFocus(Qt.FocusReason.OtherFocusReason)
        fit_height(self)

    @property
    def _order(self) -> Order:
        assert self._asked.finger is not None, "nothing is watched without a finger"
        return Order((self._asked.finger,), policy=self._office.policy)

    def _capture(self) -> None:
        if self.possible and not self._looking.capturing:
            self._say("")
            self._looking.capture(self._order)
            self.preview.show_hint(_("Scanning…"), "brand")

    def _captured(self, captures: tuple[Capture, ...]) -> None:
        office = self._office
        self._take.setEnabled(False)
        self._context.tasks.run(lambda: second_factor.prove(office, captures), self._proved, self._failed)

    def _stand_in(self) -> None:
        office, who, password = self._office, str(self.who.currentData() or ""), self.password.text()
        self.password.clear()
        if not password:
            self._password_field.say(_("The supervisor types their own password."))
            self.password.setFocus()
            return
        self._answer.setEnabled(False)
        self._context.tasks.run(lambda: second_factor.stand_in(office, who, password), self._proved, self._not_stood_in)

    def _proved(self, _nothing: None) -> None:
        self.accept()

    def _not_stood_in(self, error: StationError) -> None:
        self._answer.setEnabled(True)
        self._password_field.say(str(words.of_error(error)))
        self.password.setFocus()
        fit_height(self)

    def _failed(self, error: StationError) -> None:
        self._take.setEnabled(True)
        self.preview.show_still(None)
        self._say(str(words.of_error(error)), "bad")
        if self.possible and not isinstance(error, DeviceError):
            self._looking.watch(self._order)

    def _show_frame(self) -> None:
        frame = self._looking.take_frame()
        if frame is not None:
            self.preview.show_frame(frame, words.hint(frame.hint), "warn" if frame.hint else "off")

    def _say(self, text: str, tone: str | None = None) -> None:
        self._state.setText(text)
        self._state.setVisible(bool(text))
        self._state.setProperty("tone", tone)
        theme.restyle(self._state)
        fit_height(self)

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 20, 24, 20)
        column.setSpacing(12)
        column.addWidget(label(_("Your finger"), "h2"))
        column.addWidget(self._told)
        column.addWidget(self.preview, 1)
        column.addWidget(self._state)
        self._state.hide()
        first = QHBoxLayout()
        first.addStretch(1)
        first.addWidget(self._take)
        column.addLayout(first)
        column.addWidget(rule())
        row = QHBoxLayout()
        row.setSpacing(12)
        row.addWidget(FieldLabel(_("Or a supervisor stands in"), self.who), 1, Qt.AlignmentFlag.AlignTop)
        row.addWidget(self._password_field, 1, Qt.AlignmentFlag.AlignTop)
        column.addLayout(row)
        foot = QHBoxLayout()
        foot.setSpacing(8)
        foot.addWidget(self._close)
        foot.addStretch(1)
        foot.addWidget(self._answer)
        column.addLayout(foot)
