"""Somebody at the keyboard or the mouse is noticed at the windows of the system; the application is left in peace."""

from __future__ import annotations

from PySide6.QtCore import QPoint, Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QDialog, QWidget
from pytestqt.qtbot import QtBot

from station.ui.idle import Idle

PATIENCE_S = 60


class Watched:
    """A window that is watched, and the clock of the watch."""

    def __init__(self, qtbot: QtBot) -> None:
        self.window = QWidget()
        qtbot.addWidget(self.window)
        self.window.show()
        qtbot.waitExposed(self.window)
        self.idle = Idle(PATIENCE_S, self.window)
        self.clock.setTimerType(Qt.TimerType.PreciseTimer)  # or it would round the moments that are compared here
        self.idle.start()

    @property
    def clock(self) -> QTimer:
        return self.idle._timer

    def run_down(self, qtbot: QtBot) -> int:
        """Let a moment pass; what is left then."""
        qtbot.waitUntil(lambda: self.clock.remainingTime() < PATIENCE_S * 1000 - 5)
        return self.clock.remainingTime()


def test_a_key_and_a_mouse_that_reach_the_window_are_signs_of_life(qtbot: QtBot) -> None:
    watched = Watched(qtbot)
    handle = watched.window.windowHandle()
    left = watched.run_down(qtbot)
    QTest.keyClick(handle, Qt.Key.Key_A)
    assert watched.clock.remainingTime() > left
    left = watched.run_down(qtbot)
    QTest.mouseMove(handle, QPoint(5, 5))
    QTest.mouseClick(handle, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, QPoint(6, 6))
    assert watched.clock.remainingTime() > left


def test_a_dialog_that_was_opened_later_counts_like_the_window(qtbot: QtBot) -> None:
    watched = Watched(qtbot)
    dialog = QDialog(watched.window)
    dialog.show()
    qtbot.waitExposed(dialog)
    watched.idle._look.timeout.emit()
    left = watched.run_down(qtbot)
    QTest.keyClick(dialog.windowHandle(), Qt.Key.Key_A)
    assert watched.clock.remainingTime() > left


def test_after_the_end_nobody_is_watched(qtbot: QtBot) -> None:
    watched = Watched(qtbot)
    watched.idle.stop()
    QTest.keyClick(watched.window.windowHandle(), Qt.Key.Key_A)
    assert not watched.clock.isActive()
