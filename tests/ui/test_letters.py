"""Records on hold at the window: why, and what can be done by keyboard alone; asking central about quiet ones."""

from __future__ import annotations

from datetime import timedelta
from threading import Event

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QLineEdit, QPushButton, QWidget

from station import i18n
from station.desk import dead_letters, healing, records
from station.desk.office import Office
from station.domain.delivery import Stage
from station.domain.draft import Draft
from station.domain.outcome import Accepted, Note, Reason, Trouble
from station.domain.record import RecordKey, State
from station.domain.rows import Filter
from station.ui.screens.letters.letter_dialog import LetterDialog
from station.ui.screens.letters.void_dialog import VoidDialog
from station.ui.screens.records import RecordsScreen
from tests.support import SECOND_PASSWORD, TODAY, Workplace
from tests.ui.conftest import Hands

REQUEST = "0193a7c1-2222-7bbb-8ccc-1234567890ab"


@pytest.fixture(autouse=True)
def _english(signed_in: Hands) -> None:
    i18n.use("en")


@pytest.fixture
def key(place: Workplace) -> RecordKey:
    found = place.seal(name="SATU CONTOH").record.key
    place.depot.outbox.park(found, Note(Trouble.KEY_CONFLICT, REQUEST, 409), at=TODAY)
    return found


def opened(hands: Hands, key: RecordKey) -> LetterDialog:
    dialog = LetterDialog(hands.context, key, hands.window)
    dialog.open()
    hands.until(lambda: bool(text(dialog, "letter.title")))
    return dialog


def text(below: QWidget, name: str) -> str:
    found = below.findChild(QLabel, name)
    assert isinstance(found, QLabel)
    return found.text()


def shown(dialog: LetterDialog) -> list[str]:
    """The remedies that are offered, in their order."""
    buttons = [item for item in dialog.findChildren(QPushButton) if item.objectName().startswith("letter.")]
    others = {"letter.copy", "letter.look", "letter.close"}
    return [item.objectName() for item in buttons if item.isVisible() and item.objectName() not in others]


def said(below: QWidget) -> str:
    return "\n".join(item.text() for item in below.findChildren(QLabel) if item.isVisible())


def press(hands: Hands, widget: QWidget, which: Qt.Key = Qt.Key.Key_Return) -> None:
    widget.setFocus()
    QTest.keyClick(widget, which)


def test_it_tells_why_what_to_do_and_what_the_technician_asks_for(signed_in: Hands, key: RecordKey) -> None:
    dialog = opened(signed_in, key)
    assert shown(dialog) == ["letter.retry", "letter.correct", "letter.export", "letter.void"]
    told = said(dialog)
    for part in ("SATU CONTOH", "Central has another content", "urn:ktpel:problem:key-conflict · HTTP 409", REQUEST):
        assert part in told
    press(signed_in, signed_in.find(QPushButton, "letter.copy"))
    copied = QGuiApplication.clipboard().text()
    assert REQUEST in copied
    assert str(key) in copied
    assert "SATU" not in copied, "what is copied may be sent to anybody"
    dialog.reject()


@pytest.mark.parametrize(
    ("trouble", "first"),
    [
        (Trouble.KEY_CONFLICT, "letter.copy"),
        (Trouble.TOO_LARGE, "letter.copy"),
        (Trouble.FILE_CHANGED, "letter.retry"),  # and its file is whole again
        (None, "letter.correct"),
    ],
)
def test_the_first_choice_is_what_helps_and_only_one_has_its_colour(
    signed_in: Hands, place: Workplace, trouble: Trouble | None, first: str
) -> None:
    key = place.seal(2, name="DUA CONTOH").record.key
    if trouble is None:
        place.depot.outbox.reject(key, [Reason("x.y", "nik")], at=TODAY)
    else:
        place.depot.outbox.park(key, Note(trouble, REQUEST), at=TODAY)
    dialog = opened(signed_in, key)
    buttons = dialog.findChildren(QPushButton)
    assert [each.objectName() for each in buttons if each.property("look") == "primary"] == [first]
    assert dialog.focusWidget() is dialog.findChild(QPushButton, first)
    dialog.reject()


def test_enter_tries_it_again_at_once(signed_in: Hands, place: Workplace, key: RecordKey) -> None:
    dialog = opened(signed_in, key)
    assert signed_in.window.focusWidget() is not None
    with signed_in.qtbot.waitSignal(signed_in.context.bridge.send_now):
        press(signed_in, dialog.findChild(QPushButton, "letter.retry"))  # type: ignore[arg-type]
    assert place.stage(key) is Stage.QUEUED


def test_a_changed_file_offers_no_second_try_and_says_what_would_help(
    signed_in: Hands, place: Workplace, key: RecordKey
) -> None:
    key = place.seal(2, name="DUA CONTOH").record.key
    place.depot.outbox.park(key, Note(Trouble.FILE_CHANGED), at=TODAY)
    place.depot.packets.path(key).write_bytes(b"x")
    dialog = opened(signed_in, key)
    assert shown(dialog) == ["letter.void"]
    assert text(dialog, "letter.not_now").startswith("Not possible now: Try again · Correct as a new revision")
    assert dialog.focusWidget() is dialog.findChild(QPushButton, "letter.close"), "not on the one that cannot be undone"
    dialog.reject()


def test_what_central_wrote_is_never_markup(signed_in: Hands, place: Workplace, key: RecordKey) -> None:
    key = place.seal(2, name="DUA CONTOH").record.key
    place.depot.outbox.reject(key, [Reason("x.y", "nik", "<b>tebal</b>")], at=TODAY)
    dialog = opened(signed_in, key)
    assert "<b>tebal</b>" in said(dialog)
    assert all(
        item.textFormat() is Qt.TextFormat.PlainText for item in dialog.findChildren(QLabel) if "<b>" in item.text()
    )
    dialog.reject()


def test_esc_does_not_leave_a_letter_that_is_being_corrected(
    signed_in: Hands, key: RecordKey, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The draft would be there, and nobody would know of it."""
    go, correct = Event(), dead_letters.correct

    def slowly(office: Office, which: RecordKey) -> Draft:
        go.wait(30)
        return correct(office, which)

    monkeypatch.setattr(dead_letters, "correct", slowly)
    dialog = opened(signed_in, key)
    with signed_in.qtbot.waitSignal(dialog.corrected) as found:
        press(signed_in, dialog.findChild(QPushButton, "letter.correct"))  # type: ignore[arg-type]
        QTest.keyClick(dialog, Qt.Key.Key_Escape)
        go.set()
    assert found.args == [key.record_id]


def test_correcting_hands_the_draft_on(signed_in: Hands, place: Workplace, key: RecordKey) -> None:
    dialog = opened(signed_in, key)
    with signed_in.qtbot.waitSignal(dialog.corrected) as found:
        press(signed_in, dialog.findChild(QPushButton, "letter.correct"))  # type: ignore[arg-type]
    assert found.args == [key.record_id]
    assert place.stage(key) is Stage.REPLACED


def test_voiding_takes_a_reason_and_a_second_officer_and_the_keyboard_alone(
    signed_in: Hands, place: Workplace, key: RecordKey
) -> None:
    place.second_officer()
    dialog = opened(signed_in, key)
    press(signed_in, dialog.findChild(QPushButton, "letter.void"))  # type: ignore[arg-type]
    void = dialog.findChild(VoidDialog)
    assert isinstance(void, VoidDialog)
    signed_in.until(lambda: void.officer.who.count() > 0)
    reason, confirm = void.findChild(QLineEdit, "void.reason"), void.findChild(QPushButton, "void.confirm")
    assert isinstance(reason, QLineEdit)
    assert isinstance(confirm, QPushButton)
    void.officer.who.setCurrentText(next(name for name in _names(void) if "Budi" in name))
    QTest.keyClicks(reason, "pendek")
    QTest.keyClicks(void.officer.password, "wrong password")
    press(signed_in, confirm)
    assert "at least 10 characters" in said(void)
    QTest.keyClicks(reason, " sekali, direkam dua kali")
    press(signed_in, reason)
    assert void.focusWidget() is void.officer.password, "Enter goes on"
    press(signed_in, confirm)
    signed_in.settle()
    assert place.stage(key) is Stage.PARKED, "not with a wrong password"
    QTest.keyClicks(void.officer.password, SECOND_PASSWORD)
    with signed_in.qtbot.waitSignal(dialog.changed):
        press(signed_in, confirm)
    assert place.stage(key) is Stage.VOID
    assert records.timeline(place.office, key.record_id).row.record.state is State.WITHDRAWN


def _names(void: VoidDialog) -> list[str]:
    return [void.officer.who.itemText(at) for at in range(void.officer.who.count())]


def test_one_that_has_gone_on_meanwhile_is_said_and_nothing_is_offered(
    signed_in: Hands, place: Workplace, key: RecordKey
) -> None:
    place.depot.outbox.retry(key)
    dialog = opened(signed_in, key)
    assert shown(dialog) == []
    assert text(dialog, "letter.title") == "This record is not on hold any more."
    dialog.reject()


def test_quiet_records_are_sent_again_safely_and_the_answer_is_told(
    signed_in: Hands, place: Workplace, key: RecordKey
) -> None:
    outbox, long_ago = place.depot.outbox, place.clock.now() - timedelta(days=20)
    receipt = Accepted("a.b.c", "central-1", long_ago)
    outbox.settle(key, receipt)
    healing.catch_up(place.office)
    screen = signed_in.window.open_screen("records")
    assert isinstance(screen, RecordsScreen)
    signed_in.settle()
    assert not screen.quiet.isVisible()
    screen.filters._choose(Filter.QUIET)
    signed_in.until(screen.quiet.isVisible)
    assert text(screen, "quiet.told") == "1 record without news for more than 14 days"
    with signed_in.qtbot.waitSignal(signed_in.context.bridge.send_now):
        press(signed_in, signed_in.find(QPushButton, "quiet.chosen"))
    signed_in.until(lambda: text(screen, "quiet.told") == "1 record waits for the answer of central.")
    assert place.stage(key) is Stage.QUEUED
    outbox.settle(key, receipt, at=place.clock.now())
    signed_in.context.bridge.records_changed.emit()
    signed_in.until(lambda: "its receipt was confirmed again" in text(screen, "quiet.told"))
    press(signed_in, signed_in.find(QPushButton, "quiet.all"))
    signed_in.until(lambda: "within the last day already" in text(screen, "quiet.told"))
