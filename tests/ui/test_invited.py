"""Who comes again is known by a finger or a document, captured where something was missing, and leaves the list."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QWidget
from pytestqt.qtbot import QtBot

from station import i18n
from station.capture.lab import Lab
from station.capture.tasks import fingers
from station.desk import exceptions, inviting, recording, sealing
from station.desk.inviting import Invited
from station.domain.biometrics import Capture, ExceptionCode, Part
from station.domain.recapture import KnownBy
from station.domain.steps import Step
from station.store import known_prints, records
from station.ui.screens.steps.invited_list import MOST, InvitedList
from tests.fakes.scripted_device import minutiae
from tests.support import SECOND_PASSWORD, a_capture
from tests.ui.capture_seat import _SERIALS, Seat
from tests.unit.test_desk_exceptions import PHOTO
from tests.unit.test_desk_reopening import drawn

INDEX, BANDAGED = Part.FINGER_02, Part.FINGER_09


@pytest.fixture(scope="module")
def prints(lab: Lab) -> tuple[Capture, bytes]:
    """An index finger as it is kept, and the minutiae of another impression of it."""
    first, second = (fingers.read(lab, drawn(number), (INDEX,))[0] for number in (1, 2))
    return replace(a_capture(INDEX), image=first.wsq, template=first.template), second.template


@pytest.fixture
def seat(lasting_seat: Seat, qtbot: QtBot) -> Iterator[Seat]:
    i18n.use("en")
    lasting_seat.qtbot = qtbot
    lasting_seat.screen.activateWindow()
    yield lasting_seat
    office = lasting_seat.place.office
    if lasting_seat.screen.session.draft is not None:
        lasting_seat.screen.session.put_aside()
    for draft in recording.open_drafts(office):
        recording.withdraw(office, draft.record.record_id, "selesai")
    for item in inviting.to_invite_again(office):
        inviting.uninvite(office, item.record_id, "selesai")


def sealed(seat: Seat, *kept: Capture) -> str:
    """Somebody whose bandage may come off within a week; on the start page they are on the list."""
    office, place = seat.place.office, seat.place
    with office.applicants.write() as connection:  # everybody here has the same index finger
        known_prints.drop_previous(connection, before=office.now() + timedelta(days=1))
    record_id = place.draft(next(_SERIALS))
    recording.discard(office, record_id, [item.part for item in kept])
    recording.keep(office, record_id, kept)
    code, day = ExceptionCode.BANDAGE, office.context.today + timedelta(days=3)
    voucher = place.vouched(record_id, [BANDAGED], code)
    exceptions.grant(office, record_id, [BANDAGED], code, "perban", voucher, day, PHOTO)
    for finding in recording.resume(office, record_id).open_warnings:
        recording.confirm(office, record_id, finding.field, finding.code, "alat rusak")
    sealing.seal(office, record_id)
    seat.screen.bench.applicant.show_start()
    seat.screen.opened()
    seat.until(lambda: seat.sees(f"applicant.invited.{record_id}"))
    return record_id


def say_number(seat: Seat, record_id: str) -> None:
    """They say their NIK, and are known to be invited."""
    with seat.place.office.applicants.read() as connection:
        stored = records.get(connection, record_id)
    assert stored is not None
    QTest.keyClicks(seat.focus, stored.record.nik)
    seat.until(lambda: seat.sees("applicant.again"))


def tab_to(seat: Seat, name: str) -> None:
    """Only with the keyboard."""
    for _ in range(60):
        if seat.focus.objectName() == name:
            return
        QTest.keyClick(seat.focus, Qt.Key.Key_Tab)
    raise AssertionError(f"Tab does not come to {name}")


def state(seat: Seat) -> str:
    return seat.find(QLabel, "recapture.state").text()


def test_by_keyboard_a_finger_tells_who_it_is_and_only_what_is_due_is_captured(
    seat: Seat, prints: tuple[Capture, bytes]
) -> None:
    kept, again = prints
    record_id = sealed(seat, kept)
    tab_to(seat, f"applicant.invited.{record_id}")
    seat.press(Qt.Key.Key_Return)
    seat.until(lambda: seat.finger.watching)
    assert "left ring finger" in seat.find(QLabel, "recapture.due").text()
    seat.finger.prints = {INDEX: again}
    QTest.keyClick(seat.focus, Qt.Key.Key_Space)
    seat.until(lambda: not seat.sees("recapture"))
    seat.until(lambda: seat.screen.step is Step.FINGERS)
    assert (seat.draft.record.record_id, seat.draft.record.revision) == (record_id, 2)
    assert seat.draft.missing == (BANDAGED,)
    assert seat.draft.recapture is not None
    assert seat.draft.recapture.known_by is KnownBy.FINGER
    seat.space()
    seat.until(lambda: not seat.draft.missing)
    assert seat.finger.captured[-1].targets == (BANDAGED,)
    for finding in seat.draft.open_warnings:
        recording.confirm(seat.place.office, record_id, finding.field, finding.code, "alat rusak")
    sealing.seal(seat.place.office, record_id)
    assert inviting.to_invite_again(seat.place.office) == ()


def test_another_persons_finger_opens_nothing_and_a_document_does_with_a_reason(
    seat: Seat, prints: tuple[Capture, bytes]
) -> None:
    record_id = sealed(seat, prints[0])
    seat.click(f"applicant.invited.{record_id}")
    seat.until(lambda: seat.finger.watching)
    seat.finger.prints = {INDEX: b""}
    QTest.keyClick(seat.focus, Qt.Key.Key_Space)
    seat.until(lambda: "Nothing to compare can be seen" in state(seat))
    seat.finger.prints = {INDEX: minutiae("orang lain")}
    seat.until(lambda: seat.finger.watching)
    QTest.keyClick(seat.focus, Qt.Key.Key_Space)
    seat.until(lambda: "is not the one that was recorded" in state(seat))
    assert seat.sees("recapture")
    assert seat.screen.session.draft is None
    seat.click("recapture.document")
    seat.until(lambda: seat.sees("recapture.password"))
    seat.click("recapture.go")
    assert seat.screen.session.draft is None, "a reason is asked for"
    assert "reason" in " ".join(item.text() for item in seat.screen.findChildren(QLabel) if item.isVisible())
    seat.find(QWidget, "recapture.reason").setFocus()
    QTest.keyClicks(seat.focus, "KTP lama, luka di telunjuk")
    seat.press(Qt.Key.Key_Return)
    seat.until(lambda: seat.focus.objectName() == "recapture.password")
    QTest.keyClicks(seat.focus, "bukan sandi rekan")
    seat.press(Qt.Key.Key_Return)
    seat.until(lambda: seat.focus.objectName() == "recapture.password" and not seat.focus.property("text"))
    assert seat.screen.session.draft is None, "a second officer types their own password"
    QTest.keyClicks(seat.focus, SECOND_PASSWORD)
    seat.press(Qt.Key.Key_Return)
    seat.until(lambda: seat.screen.session.draft is not None)
    assert seat.draft.recapture is not None
    assert (seat.draft.recapture.known_by, seat.draft.recapture.reason) == (
        KnownBy.DOCUMENT,
        "KTP lama, luka di telunjuk",
    )


def test_somebody_who_just_says_their_number_is_led_to_the_same_question(
    seat: Seat, prints: tuple[Capture, bytes]
) -> None:
    say_number(seat, sealed(seat, prints[0]))
    seat.press(Qt.Key.Key_Return)
    seat.until(lambda: seat.focus.objectName() == "applicant.again")
    seat.press(Qt.Key.Key_Return)
    seat.until(lambda: seat.sees("recapture"))
    assert "left ring finger" in seat.find(QLabel, "recapture.due").text()
    seat.until(lambda: seat.finger.watching)
    seat.press(Qt.Key.Key_Escape)
    seat.until(lambda: not seat.sees("recapture"))


def test_whoever_comes_no_more_is_taken_off_by_keyboard(seat: Seat, prints: tuple[Capture, bytes]) -> None:
    record_id = sealed(seat, prints[0])
    tab_to(seat, f"applicant.invited.{record_id}")
    seat.press(Qt.Key.Key_Return)
    seat.until(lambda: seat.sees("recapture.off"))
    tab_to(seat, "recapture.off")
    QTest.keyClick(seat.focus, Qt.Key.Key_Space)
    seat.until(lambda: seat.focus.objectName() == "recapture.reason")
    QTest.keyClicks(seat.focus, "pindah ke Kalimantan")
    seat.press(Qt.Key.Key_Return)
    assert seat.focus.objectName() == "recapture.go"
    seat.press(Qt.Key.Key_Return)
    seat.until(lambda: not seat.sees("recapture"))
    seat.until(lambda: not seat.sees(f"applicant.invited.{record_id}"))
    assert seat.screen.session.draft is None
    assert inviting.to_invite_again(seat.place.office) == ()


def test_whoever_was_taken_off_at_the_hurdle_is_looked_up_anew(seat: Seat, prints: tuple[Capture, bytes]) -> None:
    say_number(seat, sealed(seat, prints[0]))
    seat.click("applicant.again")
    seat.until(lambda: seat.sees("recapture.off"))
    seat.click("recapture.off")
    seat.until(lambda: seat.focus.objectName() == "recapture.reason")
    QTest.keyClicks(seat.focus, "pindah ke Kalimantan")
    seat.click("recapture.go")
    seat.until(lambda: not seat.sees("recapture"))
    seat.until(lambda: not seat.screen.bench.applicant._invited)
    seat.click("applicant.again")
    seat.until(lambda: not seat.sees("applicant.again"))


def test_who_comes_again_this_week_is_listed_without_saying_why(qtbot: QtBot) -> None:
    i18n.use("en")
    card = InvitedList()
    qtbot.addWidget(card)
    card.show_invited([])
    assert card.isHidden()
    day = date(2026, 12, 1)
    invited = [Invited(f"r-{number}", f"R-{number}", "ANI CONTOH", day, (BANDAGED,)) for number in range(5)]
    card.show_invited(invited)
    said = " ".join(item.text() for item in card.findChildren(QLabel))
    assert "To be invited again this week: 5" in said
    assert "from 01-12-2026" in said
    assert "finger" not in said
    assert len(card.buttons) == MOST + 1
    with qtbot.waitSignal(card.chosen) as chosen:
        card.buttons[1].click()
    assert chosen.args == [invited[1]]
    card.buttons[-1].click()
    assert len(card.buttons) == 5
    for button, person in zip(card.buttons, invited, strict=True):
        with qtbot.waitSignal(card.chosen) as chosen:
            button.click()
        assert chosen.args == [person], "all of them are shown, and each button is of its own person"
