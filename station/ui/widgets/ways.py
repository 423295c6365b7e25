"""A row of buttons; at large text they stand below each other, so that no word is cut."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QBoxLayout, QPushButton

from station.ui import theme

_LARGE = 1.2
_SCALED = 100


def ways(buttons: Sequence[QPushButton]) -> QBoxLayout:
    """The buttons, left aligned."""
    large = theme.px(_SCALED) > _SCALED * _LARGE
    layout = QBoxLayout(QBoxLayout.Direction.TopToBottom if large else QBoxLayout.Direction.LeftToRight)
    layout.setContentsMargins(0, 0, 0, 0)
    layout.setSpacing(8)
    for button in buttons:
        layout.addWidget(button, 0, Qt.AlignmentFlag.AlignLeft)
    layout.addStretch(1)
    return layout
