"""A toast: good news, or an error that has no field, at the bottom of the window for a few seconds."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt, QTimer
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from station.ui import icons, theme
from station.ui.widgets.card import label

SHOWN_MS = 6000
_GAP = 24
_PADDING = 12


class Toast(QFrame):
    """One at a time; a later message replaces the one before."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._above = parent
        self.setObjectName("toast")
        self.setProperty("toast", True)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._sign = QLabel()
        self._sign.setFixedWidth(theme.px(20))
        self._title = label(role="strong", wrap=True)
        self._todo = label(wrap=True)
        words = QVBoxLayout()
        words.setSpacing(4)
        words.addWidget(self._title)
        words.addWidget(self._todo)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(16, _PADDING, 16, _PADDING)
        layout.setSpacing(12)
        layout.addWidget(self._sign, 0, Qt.AlignmentFlag.AlignTop)
        layout.addLayout(words, 1)
        self._beside = 16 + theme.px(20) + 12 + 16
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self.hide)
        parent.installEventFilter(self)
        self.hide()

    def say(self, title: str, todo: str = "", *, good: bool = True) -> None:
        """Show it for a few seconds; bad news stays twice as long."""
        self._title.setText(title)
        self._todo.setText(todo)
        self._todo.setVisible(bool(todo))
        for label_ in (self._title, self._todo):
            label_.ensurePolished()  # its height is asked for before it was ever shown
        self.setAccessibleName(f"{title} {todo}".strip())
        name = "mdi6.check-circle" if good else "mdi6.alert-circle"
        self._sign.setPixmap(icons.pixmap(name, 20, "#5BD68A" if good else "#FFB4A8"))
        self._place()
        self.show()
        self.raise_()
        self._timer.start(SHOWN_MS if good else SHOWN_MS * 2)

    @property
    def text(self) -> str:
        return self._title.text() if self.isVisible() else ""

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize and self.isVisible():
            self._place()
        return super().eventFilter(watched, event)

    def _place(self) -> None:
        above = self._above
        width = min(theme.px(460), above.width() - 2 * _GAP)
        room = width - self._beside
        height = sum(words.heightForWidth(room) + 4 for words in (self._title, self._todo) if words.text())
        self.setFixedSize(width, height + 2 * _PADDING)
        self.move(above.width() - width - _GAP, above.height() - self.height() - _GAP)
