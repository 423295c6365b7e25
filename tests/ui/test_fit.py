"""A dialog is as tall as its words need at the width it has."""

from __future__ import annotations

from PySide6.QtWidgets import QDialog, QPushButton, QVBoxLayout
from pytestqt.qtbot import QtBot

from station.ui.widgets.card import label
from station.ui.widgets.fit import fit_height


def test_a_dialog_that_may_not_grow_wider_is_tall_enough_for_its_own_width(qtbot: QtBot) -> None:
    dialog = QDialog()
    qtbot.addWidget(dialog)
    dialog.setFixedWidth(320)
    column = QVBoxLayout(dialog)
    wide = QPushButton("x" * 20)
    wide.setMinimumWidth(280)
    wide.sizeHint = lambda: wide.minimumSize() * 3  # type: ignore[method-assign]
    for widget in (label("Lima kata yang cukup panjang. " * 12, wrap=True), wide):
        column.addWidget(widget)
    dialog.show()
    assert column.sizeHint().width() > dialog.width(), "otherwise this asks nothing"
    fit_height(dialog)
    wanted = column.totalHeightForWidth(320)
    qtbot.waitUntil(lambda: dialog.height() == wanted)
