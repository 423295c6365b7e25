"""The head of the panel: its title and what a person can do to delivery as a whole.

What does not fit beside each other on a narrow window or at large text folds into a menu; nothing is cut.
"""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QSize, Signal
from PySide6.QtGui import QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QMenu, QPushButton, QWidget

from station.i18n import _, ngettext
from station.ui.widgets.button import button
from station.ui.widgets.card import label
from station.ui.widgets.plain_tip import plain_tip

SEND_KEYS = ("Ctrl+Return", "Ctrl+Enter")
"""Enter beside the letters and beside the numbers."""


class SyncHead(QWidget):
    """Intentions only; who makes it connects them."""

    pause = Signal()
    send = Signal()
    speed = Signal()
    export = Signal()
    take_in = Signal()
    diagnosis = Signal()
    notices = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._pause = button("sync.pause", _("Pause"), self.pause.emit)
        self._speed = button("sync.speed.open", _("Speed and hours…"), self.speed.emit)
        self._diagnosis = button("sync.diagnosis", _("Diagnosis bundle…"), self.diagnosis.emit)
        self._notices = button("sync.notices.open", "", self.notices.emit, "link")
        self._notices.hide()
        self._send = button("sync.send_now", _("Send now"), self.send.emit, "primary")
        self._send.setToolTip(plain_tip(SEND_KEYS[0]))
        for keys in SEND_KEYS:
            QShortcut(QKeySequence(keys), self).activated.connect(self._send.click)
        self._stick = self._with_menu("sync.stick", _("Stick"), self._stick_actions())
        self._more = self._with_menu(
            "sync.more",
            _("More"),
            [
                ("sync.more.speed", _("Speed and hours…"), self.speed.emit),
                *self._stick_actions(),
                ("sync.more.diagnosis", _("Diagnosis bundle…"), self.diagnosis.emit),
            ],
        )
        self._more.hide()
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(12)
        self._row.addWidget(label(_("Synchronisation"), "title"))
        self._row.addWidget(self._notices)
        self._row.addStretch(1)
        for widget in (self._pause, self._speed, self._stick, self._diagnosis, self._more, self._send):
            self._row.addWidget(widget)

    def show_paused(self, paused: bool) -> None:
        """Pause or resume, whichever can be done."""
        text = _("Resume") if paused else _("Pause")
        if self._pause.text() != text:
            self._pause.setText(text)
            self._pause.setAccessibleName(text)
        self._send.setEnabled(not paused)

    def show_notices(self, count: int) -> None:
        """A way back to what was read already."""
        self._notices.setText(ngettext("{n} notice of central", "{n} notices of central", count).format(n=count))
        self._notices.setVisible(count > 0)
        self._fold()

    def minimumSizeHint(self) -> QSize:
        return QSize(0, super().minimumSizeHint().height())  # what does not fit folds, so it never widens the window

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fold()

    def _fold(self) -> None:
        """As many buttons as there is room for."""
        for folded in (False, True):
            for widget in (self._speed, self._stick, self._diagnosis):
                widget.setVisible(not folded)
            self._more.setVisible(folded)
            self._row.invalidate()
            if self._row.minimumSize().width() <= self.width():
                break

    def _stick_actions(self) -> list[tuple[str, str, Callable[[], object]]]:
        return [
            ("sync.stick.export", _("Export to a stick or folder…"), self.export.emit),
            ("sync.stick.import", _("Take in from a stick or folder…"), self.take_in.emit),
        ]

    def _with_menu(self, name: str, text: str, actions: list[tuple[str, str, Callable[[], object]]]) -> QPushButton:
        made = button(name, f"{text} ▾")
        made.setAccessibleName(text)
        menu = QMenu(made)
        for action_name, said, action in actions:
            menu.addAction(said, action).setObjectName(action_name)
        made.clicked.connect(lambda _checked=False: menu.exec(made.mapToGlobal(made.rect().bottomLeft())))
        return made
