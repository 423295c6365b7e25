"""A dialog as tall as its words need at its width. Qt alone takes the height that wrapped words had before."""

from __future__ import annotations

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QDialog


def fit_height(dialog: QDialog) -> None:
    """Take the height that everything needs, once all of it is shown: wrapped lines know theirs only at a width."""
    QTimer.singleShot(0, dialog, lambda: _fit(dialog))


def _fit(dialog: QDialog) -> None:
    layout = dialog.layout()
    if layout is None:
        return
    layout.activate()
    width = min(max(dialog.width(), layout.sizeHint().width()), dialog.maximumWidth())
    dialog.resize(width, layout.totalHeightForWidth(width))
