"""The Qt binding does not eat the interpreter's own objects (docs/decisions/0002)."""

from __future__ import annotations

import sys

import pytest
from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QLineEdit, QWidget
from pytestqt.qtbot import QtBot

CALLS = 300


class _Speaker(QObject):
    said = Signal(object)


def _references() -> tuple[int, int]:
    return sys.getrefcount(True), sys.getrefcount(None)


@pytest.mark.skipif(sys.version_info >= (3, 12), reason="True and None live for ever from Python 3.12 on")
def test_calls_into_qt_give_back_every_reference_they_take(qtbot: QtBot) -> None:
    speaker, line = _Speaker(), QLineEdit()
    qtbot.addWidget(line)
    speaker.said.connect(lambda _thing: None)
    spare = [True, None] * CALLS * 10  # so that a binding that is wrong fails here instead of ending the process
    before = _references()
    for _ in range(CALLS):
        speaker.said.emit(None)
        line.setText("x")
        line.setEnabled(True)
        line.findChild(QWidget, "nobody")
    after = _references()
    assert before[0] - after[0] < CALLS // 2, "emit() loses True"
    assert before[1] - after[1] < CALLS // 2, "setters lose None"
    assert len(spare) == CALLS * 20
