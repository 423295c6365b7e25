"""The keyboard-only operator in the whole window: where the keyboard is, what Enter and Esc do, what stands first."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from station.domain.steps import Step
from station.ui.context import Context
from station.ui.house import LEAST_SIZE
from station.ui.main_window import MainWindow
from station.ui.screens.capture import CaptureScreen
from station.ui.screens.records import RecordsScreen
from station.ui.screens.steps.practice_list import People
from station.ui.widgets.toast import Toast
from tests.support import Workplace, good_answers
from tests.ui.conftest import Hands

BUDI = ("9901011708850001", "BUDI SANTOSO CONTOH")
SITI = ("9901016104880001", "SITI AMINAH CONTOH")


def _open(context: Context, place: Workplace, qtbot: QtBot) -> Hands:
    window = MainWindow(context)
    qtbot.addWidget(window)
    window.show()
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    window.open_office(place.office)
    made = Hands(window, context, qtbot)
    made.settle()
    return made


@pytest.fixture
def hands(context: Context, place: Workplace, qtbot: QtBot) -> Hands:
    """The whole window with somebody signed in; no device is connected."""
    return _open(context, place, qtbot)


def _press(hands: Hands, key: Qt.Key) -> None:
    QTest.keyClick(_focus(), key)
    hands.settle()


def _focus() -> QWidget:
    found = QApplication.focusWidget()
    assert found is not None
    return found


def _capture(hands: Hands) -> CaptureScreen:
    found = hands.window.findChild(CaptureScreen)
    assert isinstance(found, CaptureScreen)
    return found


def test_somebody_to_practise_with_fills_the_nik(context: Context, place: Workplace, qtbot: QtBot) -> None:
    hands = _open(replace(context, practice=(BUDI, SITI)), place, qtbot)
    people = hands.find(People, "applicant.practice")
    people.setFocus(Qt.FocusReason.TabFocusReason)
    _press(hands, Qt.Key.Key_Down)
    _press(hands, Qt.Key.Key_Return)
    nik = hands.find(QLineEdit, "applicant.nik")
    assert nik.text() == "9901 0161 0488 0001"
    assert _focus() is nik
    _press(hands, Qt.Key.Key_Return)
    draft = _capture(hands).session.draft
    assert draft is not None
    assert draft.answers["nik"] == SITI[0]
    assert not people.isVisible()


def test_nobody_to_practise_with_at_a_real_station(hands: Hands) -> None:
    assert hands.window.findChild(People) is None


def test_enter_on_a_nik_that_is_here_leads_to_its_record(hands: Hands, place: Workplace) -> None:
    row = place.seal(1)
    QTest.keyClicks(_focus(), row.record.nik)
    hands.settle()
    _press(hands, Qt.Key.Key_Return)
    assert _focus().objectName() == "applicant.look"
    _press(hands, Qt.Key.Key_Return)
    records = hands.window.findChild(RecordsScreen)
    assert isinstance(records, RecordsScreen)
    hands.until(lambda: records.pane.record_id == row.record.record_id)
    assert records.isVisible()


def test_the_problem_beside_the_form_is_that_of_the_field_with_the_cursor(hands: Hands) -> None:
    QTest.keyClicks(_focus(), SITI[0])
    _press(hands, Qt.Key.Key_Return)
    for key, typed in (("kk", "99"), ("name", "SITI4")):
        editor = hands.find(QLineEdit, f"form.{key}")
        editor.setFocus(Qt.FocusReason.TabFocusReason)
        QTest.keyClicks(editor, typed)
        _press(hands, Qt.Key.Key_Return)
    problem = _capture(hands).bench.side.problem
    assert problem.title.startswith("Nomor KK:")
    hands.find(QLineEdit, "form.name").setFocus(Qt.FocusReason.TabFocusReason)
    assert problem.title.startswith("Nama lengkap:")
    assert "angka" in hands.find(QLineEdit, "form.name").accessibleDescription()


def test_what_is_missing_comes_before_the_way_on(hands: Hands) -> None:
    QTest.keyClicks(_focus(), good_answers()["nik"])
    _press(hands, Qt.Key.Key_Return)
    _capture(hands).go(Step.REVIEW)
    hands.settle()
    assert _focus().objectName() == "review.page"
    _press(hands, Qt.Key.Key_Tab)
    assert _focus().objectName() == "review.go.1"


def test_enter_in_the_reason_for_giving_up_neither_closes_nor_gives_up(hands: Hands) -> None:
    QTest.keyClicks(_focus(), good_answers()["nik"])
    _press(hands, Qt.Key.Key_Return)
    screen = _capture(hands)
    screen.bench.heading.ask_withdraw()
    dialog, reason = hands.find(QWidget, "withdraw"), hands.find(QLineEdit, "withdraw.reason")
    reason.setFocus()
    QTest.keyClicks(reason, "salah orang")
    QTest.keyClick(reason, Qt.Key.Key_Return)
    assert dialog.isVisible()
    assert dialog.focusWidget() is hands.find(QPushButton, "withdraw.confirm")
    QTest.keyClick(reason, Qt.Key.Key_Escape)
    assert screen.session.draft is not None


def test_pages_do_not_push_their_size_to_the_window(hands: Hands) -> None:
    for key in ("records", "sync", "capture"):
        hands.window.open_screen(key)
        hands.settle()
        assert (hands.window.minimumWidth(), hands.window.minimumHeight()) == LEAST_SIZE


def test_a_long_toast_is_shown_whole(hands: Hands) -> None:
    hands.window.toast.say("Disk penuh.", "Kosongkan ruang disk, lalu simpan lagi. " * 3, good=False)
    toast = hands.window.findChild(Toast)
    assert isinstance(toast, Toast)
    hands.settle()
    assert [words.text() for words in (toast._title, toast._todo) if words.height() < _needed(words)] == []


def _needed(words: QLabel) -> int:
    return words.heightForWidth(words.width())
