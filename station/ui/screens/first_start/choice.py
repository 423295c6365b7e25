"""A few ways, one of which is taken: each with a line on what it is for. Arrow keys choose."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QButtonGroup, QFrame, QRadioButton, QVBoxLayout, QWidget

from station.ui import theme
from station.ui.widgets.card import label


class Choice(QWidget):
    """`chosen` tells the key of another way. `options` are (key, what it is, what it is for)."""

    chosen = Signal(str)

    def __init__(self, name: str, options: Sequence[tuple[str, str, str]], now: str) -> None:
        super().__init__()
        self.buttons: dict[str, QRadioButton] = {}
        self._cards: dict[QObject, QRadioButton] = {}
        self._group = QButtonGroup(self)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(12)
        for key, text, told in options:
            layout.addWidget(self._card(f"{name}.{key}", key, text, told, checked=key == now))

    @property
    def now(self) -> str:
        return next(key for key, button in self.buttons.items() if button.isChecked())

    @property
    def button(self) -> QRadioButton:
        """The one that is chosen."""
        return self.buttons[self.now]

    def _card(self, name: str, key: str, text: str, told: str, *, checked: bool) -> QFrame:
        card = QFrame()
        card.setProperty("card", True)
        card.setProperty("tone", "brand" if checked else "")
        button = QRadioButton(text)
        button.setObjectName(name)
        button.setAccessibleDescription(told)
        button.setChecked(checked)
        button.toggled.connect(lambda on: self._toggled(key, card, on))
        self._group.addButton(button)
        self.buttons[key] = button
        column = QVBoxLayout(card)
        column.setContentsMargins(16, 12, 16, 12)
        column.setSpacing(4)
        column.addWidget(button)
        if told:
            below = label(told, "small", wrap=True)
            below.setContentsMargins(28, 0, 0, 0)
            column.addWidget(below)
        card.setCursor(Qt.CursorShape.PointingHandCursor)
        card.installEventFilter(self)
        self._cards[card] = button
        return card

    def _toggled(self, key: str, card: QFrame, on: bool) -> None:
        card.setProperty("tone", "brand" if on else "")
        theme.restyle(card)
        if on:
            self.chosen.emit(key)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """A click anywhere on the card chooses it."""
        button = self._cards.get(watched)
        if button is not None and isinstance(event, QMouseEvent) and event.type() is QEvent.Type.MouseButtonRelease:
            button.setChecked(True)
            button.setFocus()
        return super().eventFilter(watched, event)
