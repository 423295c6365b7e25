"""The locked screen: covers everything, keeps everything. Only the password of who is signed in opens it again."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from station.desk import second_factor, signin
from station.desk.second_factor import Asked
from station.i18n import _
from station.ui import labels, theme
from station.ui.context import Context
from station.ui.screens.finger_proof import FingerProof
from station.ui.widgets.banner import Banner
from station.ui.widgets.button import button
from station.ui.widgets.card import Card, label
from station.ui.widgets.emblem import Emblem
from station.ui.widgets.password import PasswordEntry


class Lock(QWidget):
    """An overlay over `parent`. Nothing below it is closed, so nothing typed is lost."""

    unlocked = Signal()
    left = Signal()

    def __init__(self, context: Context, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("lock")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._context = context
        self._who = label(role="muted", name="lock.operator")
        self.password = PasswordEntry("lock", _("Unlock · Enter"))
        self.password.entered.connect(self._try)
        self._why = Banner()
        self._why.setObjectName("lock.why")
        leave = button("lock.leave", _("Sign out"), self.left.emit)
        card = Card(margin=24, spacing=16)
        card.setFixedWidth(theme.px(420))
        card.body.addWidget(Emblem(40))
        card.body.addLayout(_stacked(label(_("Screen locked"), "display"), self._who))
        card.body.addWidget(self._why)
        card.body.addWidget(self.password)
        card.body.addWidget(leave)
        card.body.addWidget(label(_("Nothing you entered is lost."), "small", wrap=True))
        layout = QVBoxLayout(self)
        layout.addWidget(card, 0, Qt.AlignmentFlag.AlignCenter)
        parent.installEventFilter(self)
        self.hide()

    def say(self, title: str, todo: str) -> None:
        """Why it was locked, when nobody did it."""
        self._why.say(title, todo, "warn")

    def close_over(self) -> None:
        """Cover the window now."""
        self._why.clear()
        operator = self._context.desk.operator
        self._who.setText(f"{operator.name} · {labels.role(operator.role)}")
        self.password.clear()
        self._cover()
        self.show()
        self.raise_()
        self.password.entry.setFocus()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize and self.isVisible():
            self._cover()
        return super().eventFilter(watched, event)

    def _cover(self) -> None:
        below = self.parentWidget()
        if below is not None:
            self.setGeometry(below.rect())

    def _try(self, password: str) -> None:
        office = self._context.desk
        self.password.busy()

        def check() -> Asked | None:
            signin.unlock(office, password)
            return second_factor.asked(office)

        self._context.tasks.run(check, self._right, self.password.refuse)

    def _right(self, asked: Asked | None) -> None:
        """The password was. A finger is asked for only where one can be shown: somebody stood in at the sign-in."""
        if asked is None:
            self._open()
            return
        proof = FingerProof(self._context, self._context.desk, asked, self)
        if proof.possible:
            proof.accepted.connect(self._open)
            proof.rejected.connect(self.password.clear)
            proof.open()
        else:
            proof.deleteLater()
            self._open()

    def _open(self) -> None:
        self.password.clear()
        self.hide()
        self.unlocked.emit()


def _stacked(*widgets: QWidget) -> QVBoxLayout:
    rows = QVBoxLayout()
    rows.setSpacing(4)
    for widget in widgets:
        rows.addWidget(widget)
    return rows
