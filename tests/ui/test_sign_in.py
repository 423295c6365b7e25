"""Signing in, locking, unlocking and the first start, through the window."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QComboBox, QLabel, QLineEdit, QPushButton
from pytestqt.qtbot import QtBot

from station import i18n
from station.desk import backup
from station.desk.signin import FREE_TRIES
from station.ui import format as shown
from station.ui.context import Context
from station.ui.screens.sign_in import SignIn
from station.ui.screens.sign_in_page import Typed
from station.ui.widgets.banner import Banner
from tests.support import PASSWORD
from tests.ui.conftest import Hands


def _enter(hands: Hands, password: str, screen: str = "signin") -> None:
    entry = hands.find(QLineEdit, f"{screen}.password")
    entry.setText(password)
    QTest.keyClick(entry, Qt.Key.Key_Return)
    hands.settle()


def test_the_operator_is_offered_and_the_password_has_the_focus(hands: Hands) -> None:
    assert hands.find(QComboBox, "signin.operator").currentText() == "Siti R. · Penyelia"
    assert hands.window.focusWidget() is hands.find(QLineEdit, "signin.password")
    assert "Stasiun Uji 02" in hands.find(QLabel, "signin.station").text()


def test_enter_signs_in(hands: Hands) -> None:
    _enter(hands, PASSWORD)
    assert hands.window.frame is not None
    assert hands.context.desk.operator.name == "Siti R."


def test_a_password_typed_before_the_list_is_there_is_used_once_it_is(context: Context, qtbot: QtBot) -> None:
    screen = SignIn(context)
    qtbot.addWidget(screen)
    screen.show()
    screen.password.entry.setText(PASSWORD)
    QTest.keyClick(screen.password.entry, Qt.Key.Key_Return)
    assert screen.who.count() == 0
    with qtbot.waitSignal(screen.signed_in, timeout=10_000) as told:
        screen.opened()
    assert told.args is not None
    context.office = told.args[0]
    assert context.desk.operator.name == "Siti R."


def test_a_wrong_password_says_how_many_tries_are_left(hands: Hands) -> None:
    _enter(hands, "salah")
    said = hands.find(QLabel, "signin.error").text()
    assert said.startswith("Kata sandi salah.")
    assert f"Sisa {FREE_TRIES - 1} kali" in said
    assert hands.window.frame is None
    assert hands.find(QLineEdit, "signin.password").text() == ""


def test_what_was_typed_is_not_told_by_what_carries_it() -> None:
    assert PASSWORD not in repr(Typed("op-1", PASSWORD, entered=True))


def test_an_empty_password_is_not_a_try(hands: Hands) -> None:
    _enter(hands, "")
    assert hands.find(QLabel, "signin.error").text() == "Ketik kata sandi Anda."


def test_after_too_many_tries_the_wait_is_counted_down(hands: Hands) -> None:
    for _ in range(FREE_TRIES):
        _enter(hands, "salah")
    assert hands.find(QLineEdit, "signin.password").isReadOnly()
    assert hands.window.focusWidget() is hands.find(QLineEdit, "signin.password"), "the keyboard goes nowhere else"
    assert not hands.find(QPushButton, "signin.enter").isEnabled()
    assert shown.countdown(timedelta(seconds=60)) in hands.find(QLabel, "signin.error").text()


def test_the_training_password_is_shown_in_training_only(hands: Hands, context: Context) -> None:
    assert PASSWORD in hands.find(QLabel, "signin.training").text()
    context.training = False
    hands.window.show_sign_in()
    hands.settle()
    QTest.qWait(0)
    assert not [label for label in hands.window.findChildren(QLabel, "signin.training") if label.isVisible()]


def test_the_language_changes_at_once_and_is_told(hands: Hands, qtbot: QtBot) -> None:
    with qtbot.waitSignal(hands.context.bridge.language_chosen) as told:
        hands.find(QPushButton, "signin.language.en").click()
    assert told.args == ["en"]
    assert i18n.language() == "en"
    hands.settle()
    QTest.qWait(0)
    assert hands.find(QPushButton, "signin.enter").text() == "Sign in · Enter"


def test_a_lock_covers_everything_and_loses_nothing(signed_in: Hands) -> None:
    search = signed_in.find(QLineEdit, "records.search")
    search.setFocus()
    search.setText("SITI AM")
    QTest.keyClick(signed_in.window, Qt.Key.Key_L, Qt.KeyboardModifier.ControlModifier)
    assert signed_in.window.lock.isVisible()
    assert signed_in.window.lock.size() == signed_in.window.size()
    assert signed_in.window.frame is not None
    assert not signed_in.window.frame.isEnabled()
    _enter(signed_in, "salah", "lock")
    assert signed_in.window.lock.isVisible()
    _enter(signed_in, PASSWORD, "lock")
    assert not signed_in.window.lock.isVisible()
    assert search.text() == "SITI AM"
    assert signed_in.window.focusWidget() is search


def test_nobody_at_the_keyboard_locks_the_screen(hands: Hands, context: Context) -> None:
    hands.window._idle._timer.setInterval(20)
    _enter(hands, PASSWORD)
    hands.until(hands.window.lock.isVisible)
    assert hands.window.lock.size() == hands.window.size()
    assert hands.window.frame is not None
    assert not hands.window.frame.isEnabled()


def test_signing_out_from_the_lock_returns_to_sign_in(signed_in: Hands) -> None:
    signed_in.window.lock_screen()
    signed_in.find(QPushButton, "lock.leave").click()
    signed_in.settle()
    assert signed_in.context.office is None
    assert not signed_in.window.lock.isVisible()
    assert signed_in.find(QLineEdit, "signin.password").isVisible()


def test_a_backup_medium_that_is_away_is_asked_for_and_going_on_takes_a_second_step(
    hands: Hands, context: Context, tmp_path: Path, said: list[str]
) -> None:
    stick = tmp_path / "stick"
    stick.mkdir()
    backup.use(context.depot, stick, context.clock.now())
    stick.rename(tmp_path / "drawer")
    context.depot.folder.applicants_db.write_bytes(b"")
    _enter(hands, PASSWORD)
    told = hands.find(Banner, "signin.away")
    assert str(stick) in told.title and told.isVisible()
    assert hands.find(QLineEdit, "signin.password").text() == ""
    go_on = hands.find(QPushButton, "signin.without_backup")
    _enter(hands, PASSWORD)
    assert hands.window.frame is None, "typing the password again is no wish to go on"
    QTest.keyClick(go_on, Qt.Key.Key_Space)
    assert hands.window.frame is None and not go_on.isVisible()
    assert hands.window.focusWidget() is hands.find(QLineEdit, "signin.password")
    _enter(hands, PASSWORD)
    assert hands.window.frame is not None
    assert context.desk.recovered is not None and context.desk.recovered.away
    assert said
