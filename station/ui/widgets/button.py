"""A push button with a stable name for scripts and an accessible name for people."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QPushButton


def button(name: str, text: str, action: Callable[[], object] | None = None, look: str = "") -> QPushButton:
    """`look` is one of the theme's; `action` is called without arguments."""
    made = QPushButton(text)
    made.setObjectName(name)
    made.setAccessibleName(text)
    made.setAutoDefault(True)  # Enter presses the focused button, in a plain window too
    if look:
        made.setProperty("look", look)
    if action is not None:
        made.clicked.connect(lambda _checked=False: action())
    return made
