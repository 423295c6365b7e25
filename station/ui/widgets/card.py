"""A card: a white surface with a thin line, a heading when it needs one, and its content below each other."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QLabel, QVBoxLayout, QWidget


class Card(QFrame):
    """Add content to `body`."""

    def __init__(self, heading: str = "", parent: QWidget | None = None, *, margin: int = 16, spacing: int = 8) -> None:
        super().__init__(parent)
        self.setProperty("card", True)
        self.body = QVBoxLayout(self)
        self.body.setContentsMargins(margin, margin, margin, margin)
        self.body.setSpacing(spacing)
        self.heading = label(heading, "h2") if heading else None
        if self.heading is not None:
            self.body.addWidget(self.heading)


def label(text: str = "", role: str = "", *, wrap: bool = False, name: str = "") -> QLabel:
    """A QLabel in one of the text looks of the theme. What it says is never markup, whoever said it."""
    made = QLabel(text)
    made.setTextFormat(Qt.TextFormat.PlainText)
    if role:
        made.setProperty("role", role)
    made.setWordWrap(wrap)
    if name:
        made.setObjectName(name)
    return made


def rule() -> QFrame:
    """A thin horizontal line."""
    made = QFrame()
    made.setProperty("line", True)
    return made
