"""Signing in, locking, unlocking and the first start, through the window."""

from __future__ import annotations

from datetime import timedelta

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QCheckBox, QComboBox, QLabel, QLineEdit, QPushButton
from pytestqt.qtbot import QtBot

from station import i18n
from station.desk.signin import FREE_TRIES
from station.domain.errors import RuleError, SetupError
from station.ui import format as shown
from station.ui.context import Context
from station.ui.screens.first_start import FirstStart
from station.ui.screens.sign_in import SignIn
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


# ---------------------------------------------------------------------------------------------------- first start


@pytest.fixture
def first(context: Context, qtbot: QtBot) -> FirstStart:
    screen = FirstStart(context)
    qtbot.addWidget(screen)
    screen.resize(1366, 768)
    screen.show()
    screen.opened()
    return screen


def _fill(first: FirstStart, **other: str) -> None:
    typed = {
        "central_url": "https://pusat.example",
        "code": "ABCD",
        "station_name": "Kec. Uji",
        "office": "99.01.01",
        "operator_name": "Siti R.",
        "password": "tiga kata saja",
        "again": "tiga kata saja",
    }
    for key, value in {**typed, **other}.items():
        entry = first.fields[key].control
        assert isinstance(entry, QLineEdit)
        entry.setText(value)


def test_an_empty_field_is_named_and_focused(first: FirstStart) -> None:
    _fill(first, office="")
    first.go.click()
    assert first.fields["office"].below.text() == "Isian ini masih kosong."
    assert first.focusWidget() is first.fields["office"].control


def test_two_different_passwords_are_noticed(first: FirstStart) -> None:
    _fill(first, again="lain")
    first.go.click()
    assert "berbeda" in first.fields["again"].below.text()


def test_errors_go_to_their_field_or_above_the_button(first: FirstStart) -> None:
    first._refused(RuleError("password.too_short", field="password", limit=8))
    assert "8" in first.fields["password"].below.text()
    first._refused(SetupError("enrolment.refused"))
    assert first.banner.isVisible()
    assert first.banner.title == "Pusat tidak menerima kode ini."


def test_an_enrolled_station_is_not_enrolled_again(first: FirstStart, context: Context, qtbot: QtBot) -> None:
    _fill(first)
    first.go.click()
    qtbot.waitUntil(lambda: context.tasks.idle)
    assert first.banner.title == "Stasiun ini sudah terdaftar."
    assert first.go.isEnabled()


def test_the_recovery_key_must_be_written_down_first(first: FirstStart, qtbot: QtBot) -> None:
    first._done("K7QF-2M9X")
    on = first.findChild(QPushButton, "first.continue")
    noted = first.findChild(QCheckBox, "first.noted")
    assert isinstance(on, QPushButton)
    assert isinstance(noted, QCheckBox)
    assert not on.isEnabled()
    noted.setChecked(True)
    with qtbot.waitSignal(first.enrolled):
        on.click()
