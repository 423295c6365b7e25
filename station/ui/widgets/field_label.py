"""A labelled control: the label above, the control, and below it what is wrong or what it is for."""

from __future__ import annotations

from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from station.ui import theme
from station.ui.widgets.card import label


class FieldLabel(QWidget):
    """Wraps `control`; the label names it for the keyboard and for screen readers."""

    def __init__(self, text: str, control: QWidget, hint: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.control = control
        self._hint = hint
        self.label = label(text, "label")
        self.label.setBuddy(control)
        control.setAccessibleName(text)
        self.below: QLabel = label(hint, "small", wrap=True)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        layout.addWidget(self.label)
        layout.addWidget(control)
        layout.addWidget(self.below)
        # Only now that it has a parent: a widget without one would flash up as a window of its own.
        self.below.setVisible(bool(hint))

    def say(self, text: str, tone: str = "bad") -> None:
        """Say what is wrong below the control; an empty text brings the hint back."""
        self.below.setText(text or self._hint)
        self.below.setVisible(bool(text or self._hint))
        self.control.setAccessibleDescription(text or self._hint)
        self.control.setProperty("tone", tone if text else "")
        self.below.setProperty("tone", tone if text else "")
        theme.restyle(self.control)
        theme.restyle(self.below)
