"""What happens next with one record: who must act now in bold, what to do below. Colour, icon and words together."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from station.i18n import _
from station.ui import icons, theme
from station.ui.next_words import NextWords
from station.ui.widgets.card import label

_ICONS = {
    "ok": "mdi6.check-circle-outline",
    "off": "mdi6.clock-outline",
    "brand": "mdi6.arrow-right-circle-outline",
    "warn": "mdi6.alert-outline",
    "bad": "mdi6.alert-circle-outline",
}


class NextCard(QFrame):
    """`say` replaces everything."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("records.pane.next")
        self.setProperty("banner", True)
        self._sign = QLabel()
        self._sign.setFixedWidth(theme.px(20))
        self._sign.setAlignment(Qt.AlignmentFlag.AlignTop)
        self._who, self._todo = label(role="strong", wrap=True), label(wrap=True)
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(label(_("What happens next"), "label"))
        for widget in (self._who, self._todo):
            widget.setTextFormat(Qt.TextFormat.PlainText)
            words.addWidget(widget)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(16, 12, 16, 12)
        layout.setSpacing(12)
        layout.addWidget(self._sign)
        layout.addLayout(words, 1)

    def say(self, said: NextWords) -> None:
        self._who.setText(said.who)
        self._todo.setText(said.todo)
        self.setAccessibleName(f"{_('What happens next')}: {said.who}. {said.todo}")
        self._sign.setPixmap(icons.pixmap(_ICONS[said.tone], 20, theme.tokens().tone(said.tone)[0]))
        for widget in (self, self._who):
            widget.setProperty("tone", said.tone)
            theme.restyle(widget)
