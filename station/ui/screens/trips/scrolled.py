"""A card that may be longer than the screen: at large text its column is scrolled to, and nothing is cut."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QScrollArea

from station.ui.widgets.card import Card


def scrolled(card: Card, *, with_keys: bool = False) -> QScrollArea:
    """`card` in a column of its own; `with_keys` for one without controls that the keyboard could go to."""
    area = QScrollArea()
    area.setWidgetResizable(True)
    area.setFrameShape(QFrame.Shape.NoFrame)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    if with_keys:
        area.setProperty("ring", True)
    else:
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    area.setWidget(card)
    return area
