"""An empty state: that there is nothing, and what to do about it, with a button when something can be done."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QPushButton, QVBoxLayout, QWidget

from station.ui import icons, theme
from station.ui.widgets.card import label


class Empty(QWidget):
    """Centred in the space it is given."""

    def __init__(self, icon: str, button: QPushButton | None = None, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        sign = QLabel()
        sign.setPixmap(icons.pixmap(icon, 40, theme.tokens().ink_3))
        sign.setAlignment(Qt.AlignmentFlag.AlignCenter)
        sign.setFixedHeight(theme.px(44))
        self._title, self._todo = label(role="h2", wrap=True), label(role="muted", wrap=True)
        self.button = button
        layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 24, 24, 24)
        layout.setSpacing(8)
        layout.addStretch(1)
        layout.addWidget(sign)
        for words in (self._title, self._todo):
            words.setAlignment(Qt.AlignmentFlag.AlignCenter)
            layout.addWidget(words)
        if button is not None:
            layout.addSpacing(8)
            layout.addWidget(button, 0, Qt.AlignmentFlag.AlignCenter)
        layout.addStretch(1)

    def say(self, title: str, todo: str = "") -> None:
        self._title.setText(title)
        self._todo.setText(todo)
        self._todo.setVisible(bool(todo))
