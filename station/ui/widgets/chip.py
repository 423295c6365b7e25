"""A chip: one small fact with a word and a colour. Clickable when it opens what explains it."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QPushButton, QSizePolicy, QWidget

from station.ui import theme
from station.ui.widgets.plain_tip import plain_tip


class Chip(QLabel):
    """A fact to read."""

    def __init__(self, text: str = "", tone: str = "off", parent: QWidget | None = None) -> None:
        super().__init__(text, parent)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        self.setProperty("look", "chip")
        self.setProperty("tone", tone)

    def show_fact(self, text: str, tone: str) -> None:
        """Another text and tone; nothing is drawn again when nothing changed."""
        self.setText(text)
        self.setAccessibleName(text)
        if self.property("tone") != tone:
            self.setProperty("tone", tone)
            theme.restyle(self)


class ChipButton(QPushButton):
    """A fact to read and to open."""

    def __init__(self, text: str = "", tone: str = "off", parent: QWidget | None = None) -> None:
        super().__init__(text, parent)
        self.setProperty("look", "chip")
        self.setProperty("tone", tone)
        self.setAutoDefault(True)
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    def show_fact(self, text: str, tone: str, explanation: str = "") -> None:
        """Another text and tone; `explanation` is the tooltip and what a screen reader adds."""
        if self.text() != text:
            self.setText(text)
            self.setAccessibleName(text)
        if plain_tip(explanation) != self.toolTip():
            self.setToolTip(plain_tip(explanation))
            self.setAccessibleDescription(explanation)
        if self.property("tone") != tone:
            self.setProperty("tone", tone)
            theme.restyle(self)
