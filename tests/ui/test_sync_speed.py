"""The speed dialog by keyboard only: what was typed is kept, and what is wrong is said where it is."""

from __future__ import annotations

from datetime import time

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from station import i18n
from station.domain.speed import Metered, SpeedRules, Window
from station.ui import theme
from station.ui.screens.sync.speed_dialog import SpeedDialog
from tests.support import TODAY

KEPT = SpeedRules(512, (Window(time(8), time(16), 0),), Metered.YES, True)


@pytest.fixture
def around(qtbot: QtBot, qapp: QApplication) -> QWidget:
    theme.apply(qapp)
    i18n.use("en")
    made = QWidget()
    qtbot.addWidget(made)
    made.show()
    return made


def opened(rules: SpeedRules, around: QWidget, qtbot: QtBot) -> tuple[SpeedDialog, list[SpeedRules]]:
    dialog, chosen = SpeedDialog(rules, around), list[SpeedRules]()
    dialog.chosen.connect(chosen.append)
    dialog.open()
    dialog.activateWindow()
    qtbot.waitUntil(lambda: dialog.kbps.hasFocus())
    return dialog, chosen


def press(key: Qt.Key, times: int = 1) -> None:
    for _ in range(times):
        focused = QApplication.focusWidget()
        assert focused is not None
        QTest.keyClick(focused, key)


def write(text: str) -> None:
    focused = QApplication.focusWidget()
    assert focused is not None
    QTest.keyClicks(focused, text)


def test_what_was_kept_is_shown_and_kept_again(around: QWidget, qtbot: QtBot) -> None:
    dialog, chosen = opened(KEPT, around, qtbot)
    dialog._save.click()
    assert chosen == [KEPT]


def test_a_cap_and_hours_are_typed_without_a_mouse(around: QWidget, qtbot: QtBot) -> None:
    _dialog, chosen = opened(SpeedRules(), around, qtbot)
    write("256")
    press(Qt.Key.Key_Tab)  # to the button that adds hours
    press(Qt.Key.Key_Return)
    write("2200")
    press(Qt.Key.Key_Tab)
    QApplication.focusWidget().selectAll()  # type: ignore[union-attr]
    write("5")
    press(Qt.Key.Key_Tab)
    press(Qt.Key.Key_Up)  # no limit
    press(Qt.Key.Key_Return)
    assert chosen == [SpeedRules(256, (Window(time(22), time(5), None),))]


def test_what_is_wrong_is_said_and_the_keyboard_goes_there(around: QWidget, qtbot: QtBot) -> None:
    dialog, chosen = opened(SpeedRules(windows=(Window(time(8), time(9), 64),)), around, qtbot)
    dialog.rows[0].end.setText("8.00")
    dialog._save.click()
    assert chosen == []
    assert dialog._wrong.text() == "From and to are the same time."
    assert dialog.rows[0].end.hasFocus()
    assert dialog.rows[0].end.accessibleDescription() == dialog._wrong.text()
    dialog.rows[0].end.setText("9")
    dialog.kbps.setText("fast")
    dialog._save.click()
    assert not dialog._wrong.isVisible()
    assert dialog.kbps.hasFocus()
    dialog.kbps.clear()
    dialog._save.click()
    assert [rules.kbps for rules in chosen] == [None]


def test_hours_can_be_taken_away_again(around: QWidget, qtbot: QtBot) -> None:
    dialog, chosen = opened(KEPT, around, qtbot)
    dialog.rows[0].drop.click()
    dialog._save.click()
    assert chosen[0].windows == ()


def test_escape_changes_nothing(around: QWidget, qtbot: QtBot) -> None:
    dialog, chosen = opened(KEPT, around, qtbot)
    write("9")
    QTest.keyClick(dialog, Qt.Key.Key_Escape)
    assert chosen == []


def test_a_time_is_tidied_when_the_field_is_left(around: QWidget, qtbot: QtBot) -> None:
    dialog, _chosen = opened(KEPT, around, qtbot)
    dialog.rows[0].start.setFocus()
    dialog.rows[0].start.setText("730")
    press(Qt.Key.Key_Tab)
    assert dialog.rows[0].start.text() == "07.30"


def test_what_holds_now_is_told_beside_the_link() -> None:
    from station.ui.speed_words import cap_now

    i18n.use("en")
    now = TODAY.astimezone().replace(hour=9)
    assert cap_now(KEPT, now) == "no records are sent at this hour"
    assert cap_now(KEPT, now.replace(hour=17)) == "limited to 512 kbit/s"
    assert cap_now(SpeedRules(), now) == ""
