"""Forgot password, on the sign-in screen; and the card of keys, through the window."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QComboBox, QDialog, QLabel, QLineEdit, QPlainTextEdit, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from station.desk import forgotten, keys, officers, reset_codes, signin
from station.desk.keys_state import keys_state
from station.domain.role import Role
from station.seal import recovery_words, reset_code
from station.seal.reset_code import Challenge
from station.seal.vault import new_recovery_key
from station.store.keyring import load_keyring
from station.ui import keys_words
from station.ui.context import Context
from station.ui.screens.guard.keys_card import KeysCard
from station.ui.screens.keys.new_key import NewKey
from tests.support import OPERATOR, PASSWORD, SECOND_PASSWORD, Workplace
from tests.ui.conftest import Hands

NEW = "sandi-yang-baru"


def type_into(inside: QWidget, name: str, text: str) -> None:
    entry = inside.findChild(QLineEdit, name)
    assert entry is not None
    entry.setText(text)


def press(inside: QWidget, name: str) -> None:
    found = inside.findChild(QPushButton, name)
    assert found is not None
    QTest.mouseClick(found, Qt.MouseButton.LeftButton)


def dialog_of(hands: Hands) -> QDialog:
    press(hands.window, "signin.forgotten")
    hands.settle()
    return hands.find(QDialog, "forgotten")


@pytest.fixture
def words(place: Workplace) -> str:
    """Recovery words that a test knows."""
    officers.add(place.office, PASSWORD, "Admin A.", Role.ADMIN, SECOND_PASSWORD)
    admin = next(who for who in signin.operators(place.depot) if who.role == Role.ADMIN)
    office = signin.sign_in(place.depot, admin.operator_id, SECOND_PASSWORD, place.clock)
    made = keys.in_words(keys.new_recovery_words(office, SECOND_PASSWORD))
    signin.sign_out(office)
    signin.sign_out(place.office)
    place._office = None
    return " ".join(made)


def test_recovery_words_set_a_new_password_and_the_officer_signs_in_with_it(words: str, hands: Hands) -> None:
    dialog = dialog_of(hands)
    who = dialog.findChild(QComboBox, "forgotten.who")
    assert who is not None
    who.setCurrentIndex(next(n for n in range(who.count()) if who.itemText(n).startswith(OPERATOR)))
    entry = dialog.findChild(QPlainTextEdit, "forgotten.words.entry")
    assert entry is not None
    entry.setPlainText(words.replace(" ", "\n"))
    type_into(dialog, "forgotten.new", NEW)
    type_into(dialog, "forgotten.again", NEW)
    press(dialog, "forgotten.confirm")
    hands.settle()
    hands.settle()
    assert hands.find(QComboBox, "signin.operator").currentText().startswith(OPERATOR)
    password = hands.find(QLineEdit, "signin.password")
    password.setText(NEW)
    QTest.keyClick(password, Qt.Key.Key_Return)
    hands.settle()
    assert hands.context.desk.operator.name == OPERATOR


def test_wrong_words_and_two_different_passwords_are_said_and_change_nothing(words: str, hands: Hands) -> None:
    dialog = dialog_of(hands)
    entry = dialog.findChild(QPlainTextEdit, "forgotten.words.entry")
    said = dialog.findChild(QWidget, "forgotten.said")
    assert entry is not None and said is not None
    entry.setPlainText(" ".join(recovery_words.spell(new_recovery_key())))
    type_into(dialog, "forgotten.new", NEW)
    type_into(dialog, "forgotten.again", NEW + "!")
    press(dialog, "forgotten.confirm")
    hands.settle()
    assert not said.isVisibleTo(dialog), "nothing was tried"
    layout = dialog.layout()
    assert layout is not None
    hands.until(lambda: dialog.height() >= layout.totalHeightForWidth(dialog.width()))
    type_into(dialog, "forgotten.again", NEW)
    press(dialog, "forgotten.confirm")
    hands.settle()
    assert said.isVisibleTo(dialog) and "4" in said.accessibleName(), said.accessibleName()
    assert dialog.isVisible()


def test_no_useless_challenge_is_shown_before_central_can_answer(hands: Hands) -> None:
    dialog = dialog_of(hands)
    press(dialog, "forgotten.phone")
    hands.settle()
    banner, challenge = dialog.findChild(QWidget, "forgotten.none"), dialog.findChild(QLabel, "forgotten.challenge")
    go = dialog.findChild(QPushButton, "forgotten.confirm")
    assert banner is not None and challenge is not None and go is not None
    assert banner.isVisibleTo(dialog) and not challenge.isVisibleTo(dialog) and not go.isEnabled()


def test_a_code_of_the_dinas_sets_a_new_password(place: Workplace, hands: Hands) -> None:
    seeds = _known_seed(place)
    dialog = dialog_of(hands)
    press(dialog, "forgotten.phone")
    hands.settle()
    shown = dialog.findChild(QLabel, "forgotten.challenge")
    assert shown is not None and shown.isVisibleTo(dialog)
    asked: Challenge = reset_code.read_challenge(shown.text().replace("–", " "))
    type_into(dialog, "forgotten.code", "ABC")
    type_into(dialog, "forgotten.new", NEW)
    type_into(dialog, "forgotten.again", NEW)
    press(dialog, "forgotten.confirm")
    hands.settle()
    assert dialog.isVisible(), "a mistyped code is said beside its field"
    type_into(dialog, "forgotten.code", reset_code.answer(seeds, asked).lower())
    press(dialog, "forgotten.confirm")
    hands.settle()
    hands.settle()
    who = next(item.operator_id for item in signin.operators(place.depot) if item.name == OPERATOR)
    signin.check_password(place.depot, who, NEW, place.clock)


def _known_seed(place: Workplace) -> bytes:
    """A batch whose seed the test knows, as if central had it."""
    seed, key = bytes(range(32)), place.office.applicants._gate.key
    assert key is not None
    cost = load_keyring(place.depot.folder.keyring).holders[0].wrapped.cost
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(reset_codes, "new_seed", lambda: seed)
        reset_codes.renew(place.depot, key, place.clock.now(), cost=cost)
    waiting = place.depot.resets.waiting
    assert waiting is not None
    place.depot.resets.confirm(waiting.batch)
    signin.sign_out(place.office)
    place._office = None
    assert forgotten.whom_to_help(place.depot)
    return seed


# ------------------------------------------------------------------------------------------------------- the card


@pytest.fixture
def admin(words: str, context: Context, place: Workplace) -> Iterator[Context]:
    who = next(item for item in signin.operators(place.depot) if item.role == Role.ADMIN)
    context.office = signin.sign_in(place.depot, who.operator_id, SECOND_PASSWORD, place.clock)
    yield context


def test_the_card_tells_where_each_key_is_and_offers_an_admin_what_may_be_done(admin: Context, qtbot: QtBot) -> None:
    card = KeysCard(admin)
    qtbot.addWidget(card)
    card.show()
    card.opened()
    qtbot.waitUntil(lambda: admin.tasks.idle)
    line = card.findChild(QLabel, "guard.keys.station.line")
    assert line is not None and line.text() == keys_words.safe_line(keys_state(admin.desk))
    assert card.findChild(QPushButton, "guard.keys.database") is not None


def test_a_new_database_key_is_made_in_the_window_and_the_card_says_who_is_behind(admin: Context, qtbot: QtBot) -> None:
    parent = QWidget()
    qtbot.addWidget(parent)
    dialog = NewKey(admin, parent)
    dialog.show()
    type_into(dialog, "new_key.own", "salah")
    press(dialog, "new_key.go")
    qtbot.waitUntil(lambda: admin.tasks.idle)
    assert dialog.isVisible()
    type_into(dialog, "new_key.own", SECOND_PASSWORD)
    with qtbot.waitSignal(dialog.accepted):
        press(dialog, "new_key.go")
    found = keys_state(admin.desk)
    assert found.key_made_at is not None and OPERATOR in found.behind
    assert OPERATOR in keys_words.database_line(found)


def test_whoever_looks_after_no_keys_is_offered_the_own_password_only(
    context: Context, place: Workplace, qtbot: QtBot
) -> None:
    context.office = place.office
    card = KeysCard(context)
    qtbot.addWidget(card)
    assert card.findChild(QPushButton, "guard.keys.password") is not None
    assert card.findChild(QPushButton, "guard.keys.database") is None
