"""The one line beneath a field: what is wrong or doubtful, and the way to let a doubt stand.

Must not know the form or the desk.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QLineEdit, QMenu, QPushButton, QSizePolicy, QWidget

from station.i18n import _
from station.ui import theme
from station.ui.form.reasons import REASONS
from station.ui.widgets.mark import Mark
from station.ui.widgets.plain_tip import plain_tip

HEIGHT = 19


class ElidedLabel(QLabel):
    """One line that ends in … when there is no room; the whole sentence is in its tooltip."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)

    def minimumSizeHint(self) -> QSize:
        return QSize(20, super().minimumSizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        room = self.width()
        shown = self.fontMetrics().elidedText(self.text(), Qt.TextElideMode.ElideRight, room)
        if shown == self.text():
            super().paintEvent(event)
            return
        painter = QPainter(self)
        painter.setPen(self.palette().windowText().color())
        painter.drawText(self.rect(), Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, shown)
        painter.end()


class ReasonButton(QPushButton):
    """`Reason…`: Enter, Space or a click opens the list."""

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.click()
            return
        super().keyPressEvent(event)


class ReasonEntry(QLineEdit):
    """A reason in own words. Enter takes it; Esc goes back to the list without losing the field's answer."""

    given = Signal(str)
    dropped = Signal()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            if self.text().strip():
                self.given.emit(" ".join(self.text().split()))
        elif event.key() == Qt.Key.Key_Escape:
            self.dropped.emit()
        else:
            super().keyPressEvent(event)


class NoteLine(QWidget):
    """Keeps its height when empty, so that the form never jumps."""

    reason_given = Signal(str)
    settled = Signal()  # the last doubt went while the keyboard was here

    def __init__(self, name: str, parent: QWidget | None = None, *, reasons: Sequence[str] = REASONS) -> None:
        super().__init__(parent)
        self._reasons = reasons
        self._mark = Mark("warn", 13)
        self._text = ElidedLabel()
        self._text.setProperty("role", "small")
        self._text.setObjectName(f"{name}.note")
        self._button = ReasonButton(_("Reason…"))
        self._button.setProperty("look", "link")
        self._button.setProperty("slim", True)
        self._button.setObjectName(f"{name}.reason")
        self._own = ReasonEntry()
        self._own.setObjectName(f"{name}.own_reason")
        self._own.setPlaceholderText(_("Reason in your own words, then Enter"))
        self._own.setAccessibleName(_("Reason in your own words, then Enter"))
        self._own.setProperty("slim", True)
        self._lay_out()
        self._button.clicked.connect(self._open_menu)
        self._own.given.connect(self._give)
        self._own.dropped.connect(self._drop)
        self.say("", "off")

    def _lay_out(self) -> None:
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(5)
        row.addWidget(self._mark)
        row.addWidget(self._text, 1)
        row.addWidget(self._own, 2)
        row.addWidget(self._button)
        self.setFixedHeight(theme.px(HEIGHT))
        self._own.setFixedHeight(theme.px(HEIGHT))

    @property
    def text(self) -> str:
        return self._text.text()

    def say(self, sentence: str, tone: str, *, may_stand: bool = False) -> None:
        """Show `sentence` in `tone`; `may_stand` offers a reason for letting it stand."""
        here = self._button.hasFocus() or self._own.hasFocus()
        changed = sentence != self._text.text()
        self._text.setText(sentence)
        self._text.setToolTip(plain_tip(sentence))
        look = tone if tone != "off" else None
        if self._text.property("tone") != look:  # asked for every field at every answer: a new look costs
            self._text.setProperty("tone", look)
            theme.restyle(self._text)
        self._mark.show_tone(tone)
        self._mark.setVisible(bool(sentence))
        self._button.setVisible(may_stand)
        if changed or not may_stand:
            self._own.hide()
            self._own.clear()
        if here and not may_stand:
            self.settled.emit()
        elif here and self._own.isHidden():
            self._button.setFocus(Qt.FocusReason.OtherFocusReason)

    def ask(self) -> None:
        """Open the list of reasons."""
        self._open_menu()

    def _open_menu(self) -> None:
        menu = QMenu(self)
        menu.setObjectName(f"{self._button.objectName()}.menu")
        for reason in self._reasons:
            menu.addAction(_(reason)).triggered.connect(self._giver(_(reason)))
        menu.addSeparator()
        menu.addAction(_("In your own words…")).triggered.connect(self._ask_own)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(self._button.mapToGlobal(self._button.rect().bottomLeft()))
        menu.setActiveAction(menu.actions()[0])

    def _giver(self, reason: str) -> Callable[[], None]:
        return lambda: self._give(reason)

    def _ask_own(self) -> None:
        self._own.show()
        self._own.setFocus(Qt.FocusReason.OtherFocusReason)

    def _drop(self) -> None:
        """Away from the own words, which stay for another look."""
        self._button.setFocus(Qt.FocusReason.OtherFocusReason)
        self._own.hide()

    def _give(self, reason: str) -> None:
        self._button.setFocus(Qt.FocusReason.OtherFocusReason)
        self._own.hide()
        self.reason_given.emit(reason)
