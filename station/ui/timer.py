"""A QTimer in one line."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer


def timer(parent: QObject, after_ms: int, action: Callable[[], object], *, repeat: bool = False) -> QTimer:
    """Calls `action` after `after_ms` once started: once, or again and again."""
    made = QTimer(parent)
    made.setSingleShot(not repeat)
    made.setInterval(after_ms)
    made.timeout.connect(action)
    return made
