"""The locked screen: covers everything, keeps everything. Only the password of who is signed in opens it again."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from station.desk import signin
from station.i18n import _
from station.ui import labels, theme
from station.ui.context import Context
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
        leave = button("lock.leave", _("Sign out"), self.left.emit)
        card = Card(margin=24, spacing=16)
        card.setFixedWidth(theme.px(420))
        card.body.addWidget(Emblem(40))
        card.body.addLayout(_stacked(label(_("Screen locked"), "display"), self._who))
        card.body.addWidget(self.password)
        card.body.addWidget(leave)
        card.body.addWidget(label(_("Nothing you entered is lost."), "small", wrap=True))
        layout = QVBoxLayout(self)
        layout.addWidget(card, 0, Qt.AlignmentFlag.AlignCenter)
        parent.installEventFilter(self)
        self.hide()

    def close_over(self) -> None:
        """Cover the window now."""
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
        depot, clock = self._context.depot, self._context.clock
        who = self._context.desk.operator.operator_id
        self.password.busy()
        self._context.tasks.run(
            lambda: signin.check_password(depot, who, password, clock), self._open, self.password.refuse
        )

    def _open(self, _nothing: None) -> None:
        self.password.clear()
        self.hide()
        self.unlocked.emit()


def _stacked(*widgets: QWidget) -> QVBoxLayout:
    rows = QVBoxLayout()
    rows.setSpacing(4)
    for widget in widgets:
        rows.addWidget(widget)
    return rows
