"""A banner: a problem or a notice in the page itself, with what to do about it. Colour, icon and words together."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from station.ui import icons, theme
from station.ui.widgets.card import label

_ICONS = {
    "ok": "mdi6.check-circle-outline",
    "warn": "mdi6.alert-outline",
    "bad": "mdi6.alert-circle-outline",
    "off": "mdi6.information-outline",
    "brand": "mdi6.information-outline",
}


class Banner(QFrame):
    """Hidden until it has something to say."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("banner", True)
        self._said: tuple[str, str, str] | None = None
        self._sign = QLabel()
        self._sign.setFixedWidth(theme.px(20))
        self._sign.setAlignment(Qt.AlignmentFlag.AlignTop)
        self._title = label(role="strong", wrap=True)
        self._todo = label(role="small", wrap=True)
        self._words = words = QVBoxLayout()
        words.setSpacing(4)
        words.addWidget(self._title)
        words.addWidget(self._todo)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(16, 12, 16, 12)
        layout.setSpacing(12)
        layout.addWidget(self._sign)
        layout.addLayout(words, 1)
        self.hide()

    def say(self, title: str, todo: str = "", tone: str = "warn") -> None:
        """Show a message; an empty title hides the banner."""
        if (title, todo, tone) == self._said:  # said again with every answer: a new look costs
            self.setVisible(bool(title))
            return
        self._said = (title, todo, tone)
        self._title.setText(title)
        self._todo.setText(todo)
        self._todo.setVisible(bool(todo))
        self.setAccessibleName(f"{title} {todo}".strip())
        self._sign.setPixmap(icons.pixmap(_ICONS.get(tone, _ICONS["off"]), 20, theme.tokens().tone(tone)[0]))
        for widget in (self, self._title):
            widget.setProperty("tone", tone)
            theme.restyle(widget)
        self.setVisible(bool(title))

    def clear(self) -> None:
        if self._said is not None:  # the first icon costs: a banner that never spoke has none
            self.say("")

    def add_button(self, button: QPushButton) -> None:
        """A way out, below the words."""
        self._words.addWidget(button, 0, Qt.AlignmentFlag.AlignLeft)

    @property
    def title(self) -> str:
        return self._title.text()
