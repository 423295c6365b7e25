"""An officer's own ten fingers: asked for once at each sign-in, in three slaps, held to the floor of everybody."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QWidget
from pytestqt.qtbot import QtBot

from station.central.keys import load_keys
from station.central.options import CentralOptions
from station.desk import officers
from station.domain.biometrics import FINGERS, LEFT_FOUR, RIGHT_FOUR, Part
from station.domain.policy import Policy
from station.domain.steps import Step
from station.seal.policy import EVERY_STATION, sign_policy
from station.store import known_prints
from station.ui.screens.own_prints import OwnPrints
from station.ui.screens.prints_reminder import PrintsReminder
from station.ui.widgets.banner import Banner
from tests.ui.capture_seat import Seat


@pytest.fixture
def seat(lasting_seat: Seat, qtbot: QtBot) -> Iterator[Seat]:
    """Nobody's fingers are known."""
    office = lasting_seat.place.office
    with office.applicants.write() as connection:
        owner = known_prints.operator(office.operator.operator_id)
        known_prints.replace(connection, owner, {}, office.now())
        known_prints.leave_out(connection, owner, (), office.now())
    lasting_seat.qtbot = qtbot
    lasting_seat.screen.activateWindow()
    lasting_seat.finger.person = "petugas"
    lasting_seat.finger.quality = {}
    yield lasting_seat
    lasting_seat.screen.session.put_aside()
    for dialog in lasting_seat.screen.window().findChildren(OwnPrints):
        dialog.reject()


def opened(seat: Seat) -> OwnPrints:
    dialog = OwnPrints(seat.context, seat.screen)
    dialog.open()
    seat.until(lambda: dialog.preview.live)
    return dialog


def space(seat: Seat, dialog: OwnPrints) -> None:
    taken = len(seat.finger.captured)
    QTest.keyClick(dialog, Qt.Key.Key_Space)
    seat.until(lambda: len(seat.finger.captured) == taken + 1 and not dialog._looking.capturing)


def kept(seat: Seat) -> tuple[Part, ...]:
    return officers.prints_kept(seat.place.office)


def said(seat: Seat) -> str:
    return seat.find(QLabel, "own_prints.state").text()


def test_three_times_space_and_all_ten_fingers_are_known(seat: Seat) -> None:
    dialog = opened(seat)
    for _ in range(3):
        space(seat, dialog)
    seat.until(lambda: set(kept(seat)) == set(FINGERS))
    assert said(seat) == "All ten fingers are known at this station."
    assert [len(order.targets) for order in seat.finger.captured[-3:]] == [4, 4, 2]
    QTest.keyClick(dialog, Qt.Key.Key_Return)
    seat.until(lambda: not seat.sees("own_prints"))


def test_a_weak_finger_is_not_known_and_asked_for_alone_or_left_out(seat: Seat) -> None:
    seat.finger.quality = {Part.FINGER_04: 25}
    dialog = opened(seat)
    space(seat, dialog)
    seat.until(lambda: "right ring finger" in said(seat))
    assert set(kept(seat)) == set(RIGHT_FOUR) - {Part.FINGER_04}
    space(seat, dialog)
    assert seat.finger.captured[-1].targets == (Part.FINGER_04,)
    seat.until(lambda: "None of these fingers is clear enough" in said(seat))
    QTest.keyClick(dialog, Qt.Key.Key_Return)
    space(seat, dialog)
    assert seat.finger.captured[-1].targets == LEFT_FOUR
    seat.until(lambda: len(kept(seat)) == 7)
    seat.finger.quality = {}
    dialog.slaps[0].click()
    space(seat, dialog)
    seat.until(lambda: Part.FINGER_04 in kept(seat))


def test_the_reader_and_the_desk_hold_them_to_what_central_says_now(seat: Seat, enrolled_folder: Path) -> None:
    central, now = CentralOptions().central_id, seat.context.clock.now()
    key = load_keys(enrolled_folder.parent / "central", central).signing
    strict = sign_policy(key, Policy(45), central_id=central, issued_at=now, audience=EVERY_STATION)
    seat.place.depot.changes.apply(strict[-20:], [], at=now, policy=strict)
    seat.finger.quality = {Part.FINGER_04: 42}
    dialog = opened(seat)
    space(seat, dialog)
    assert seat.finger.captured[-1].policy.finger_quality == 45
    seat.until(lambda: "right ring finger" in said(seat))
    assert set(kept(seat)) == set(RIGHT_FOUR) - {Part.FINGER_04}


def test_who_is_not_known_is_reminded_once_and_led_there(seat: Seat, qtbot: QtBot) -> None:
    screen = seat.screen
    fresh = screen.reminder
    screen.opened()
    seat.until(screen.morning.isVisible)
    assert not fresh.isVisible(), "one line at a time: first the devices"
    seat.context.bridge.devices_tested.emit()
    seat.until(fresh.isVisible)
    seat.click("capture.prints.record")
    seat.until(lambda: seat.sees("own_prints"))
    assert not fresh.isVisible()
    seat.find(OwnPrints, "own_prints").reject()
    screen.opened()
    seat.idle()
    assert not fresh.isVisible(), "once at each sign-in"


def reminded(seat: Seat) -> str:
    """What the line on the start page says right after a sign-in; '' when it does not come."""
    line = PrintsReminder(seat.context, QWidget(), seat.screen.opened, seat.screen)
    line.offer(True)
    line.read()
    seat.idle()
    banner = line.findChild(Banner)
    shown = banner.title if banner is not None and line.isVisible() else ""
    line.hide()
    line.deleteLater()
    return shown


def test_who_was_known_by_two_fingers_only_is_asked_for_the_others_until_they_are_known_or_left_out(
    seat: Seat,
) -> None:
    office = seat.place.office
    with office.applicants.write() as connection:
        owner = known_prints.operator(office.operator.operator_id)
        both = dict.fromkeys((Part.FINGER_02, Part.FINGER_07), b"as older versions kept them")
        known_prints.replace(connection, owner, both, office.now())
    assert "8 of your own fingers" in reminded(seat)
    assert reminded(seat), "closing it is no answer: at the next sign-in it comes again"
    seat.finger.quality = {Part.FINGER_04: 25}
    dialog = opened(seat)
    space(seat, dialog)
    seat.until(lambda: "right ring finger" in said(seat))
    QTest.keyClick(dialog, Qt.Key.Key_Return)
    for _ in range(2):
        space(seat, dialog)
    seat.until(lambda: len(kept(seat)) == 9)
    dialog.slaps[2].click()
    QTest.keyClick(dialog, Qt.Key.Key_Return)
    seat.until(lambda: not seat.sees("own_prints"))
    assert officers.prints_wanted(office) == (), "the ring finger was left out on purpose"
    assert reminded(seat) == ""
    assert set(kept(seat)) == set(FINGERS) - {Part.FINGER_04}


def test_the_reminder_gives_way_to_recording_and_to_a_known_officer(seat: Seat) -> None:
    screen, nothing_urgent = seat.screen, QWidget()
    for begin in (True, False):
        line = PrintsReminder(seat.context, nothing_urgent, screen.opened, screen)
        line._know(FINGERS if begin else ())
        line.offer(True)
        assert line.isVisible() is begin
        line.offer(False)
        line.offer(True)
        assert not line.isVisible(), "whoever goes on recording has seen it"
        line.deleteLater()
    seat.newcomer(Step.FINGERS)
