"""Best of three in the window: each try is kept the moment it comes, a worse one is told, nothing is held in memory."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QPushButton
from pytestqt.qtbot import QtBot

from station import i18n
from station.desk import recording
from station.domain.biometrics import FINGERS, RIGHT_FOUR, THUMBS, Part
from station.domain.steps import Step
from station.store import captures
from station.ui.screens.steps.obstacles import obstacles
from tests.support import a_capture
from tests.ui.capture_seat import Seat

INDEX = Part.FINGER_02


@pytest.fixture
def seat(lasting_seat: Seat, qtbot: QtBot) -> Seat:
    """Somebody new at the fingers."""
    i18n.use("en")
    lasting_seat.qtbot = qtbot
    lasting_seat.screen.activateWindow()
    lasting_seat.newcomer(Step.FINGERS)
    return lasting_seat


def told(seat: Seat) -> tuple[str, str]:
    side = seat.screen.bench.side.problem
    todo = side.findChild(QLabel, "capture.problem.todo")
    assert isinstance(todo, QLabel)
    return side.title, todo.text()


def attempt(seat: Seat) -> str:
    return seat.find(QLabel, "step.fingers.attempt").text()


def test_a_weak_finger_is_kept_at_once_and_asked_for_again_alone(seat: Seat) -> None:
    seat.finger.quality = {INDEX: 30}
    seat.space()
    assert set(seat.draft.captures) == set(RIGHT_FOUR)  # it is safe before anybody presses anything
    assert told(seat)[0] == "Right index finger is not good enough yet"
    assert attempt(seat).startswith("Try 2 of 3")
    seat.finger.quality = {INDEX: 55}
    seat.space()
    assert seat.finger.captured[-1].targets == (INDEX,)
    card = seat.draft.captures[INDEX]
    assert (card.quality, card.attempts) == (55, 2)
    assert seat.problem == ""


def test_a_worse_try_is_told_and_the_better_one_stays(seat: Seat) -> None:
    seat.finger.quality = {INDEX: 30}
    seat.space()
    seat.finger.quality = {INDEX: 12}
    seat.space()
    title, todo = told(seat)
    assert title == "Right index finger is not good enough yet"
    assert "The earlier try was better and stays: quality 30, now 12." in todo
    assert "Try 3 of 3" in todo
    assert (seat.draft.captures[INDEX].quality, seat.draft.captures[INDEX].attempts) == (30, 2)


def test_another_step_and_another_program_go_on_with_the_same_try(seat: Seat) -> None:
    """What used to be held in the page's memory was lost with it."""
    seat.finger.quality = {INDEX: 30}
    seat.space()
    seat.space()
    record_id = seat.draft.record.record_id
    seat.step(Step.BIODATA)
    seat.newcomer(Step.FINGERS)
    assert attempt(seat).startswith("Try 1 of 3")
    seat.screen.resume(record_id)
    seat.until(lambda: seat.draft.record.record_id == record_id)
    seat.step(Step.FINGERS)
    seat.until(lambda: attempt(seat).startswith("Try 3 of 3"))
    assert told(seat)[0] == "Right index finger is not good enough yet"
    seat.finger.person = "somebody else"  # the device is plugged in for the newcomer: any finger that is no twin
    seat.finger.quality = {INDEX: 20}
    seat.space()
    card = seat.draft.captures[INDEX]
    assert (card.quality, card.attempts) == (30, 3)
    assert not seat.draft.weak


def test_when_the_earlier_try_was_another_finger_it_can_be_deleted_and_the_right_one_comes(seat: Seat) -> None:
    person = seat.finger.person
    seat.finger.whose = {INDEX: f"{person} {Part.FINGER_07.value}"}
    seat.finger.quality = {INDEX: 80}
    seat.space()
    assert seat.draft.captures[INDEX].quality == 80
    seat.finger.whose, seat.finger.quality = {}, {INDEX: 60}
    seat.click(f"step.fingers.ring.{INDEX.value}")
    seat.space()
    seat.until(lambda: bool(seat.problem))
    assert seat.problem == "Right index finger is not the finger that was captured before."
    assert seat.draft.captures[INDEX].quality == 80, "nobody has said yet which of the two is right"
    delete = seat.find(QPushButton, "capture.problem.other")
    assert delete.text() == "Delete the earlier"
    delete.click()
    seat.until(lambda: INDEX not in seat.draft.captures)
    assert seat.problem == ""
    seat.space()
    seat.until(lambda: INDEX in seat.draft.captures)
    assert seat.draft.captures[INDEX].quality == 60


def test_a_worse_repetition_of_a_good_finger_can_take_its_place_after_all(seat: Seat) -> None:
    seat.finger.quality = {INDEX: 80}
    seat.space()
    seat.click(f"step.fingers.ring.{INDEX.value}")
    seat.finger.quality = {INDEX: 50}
    seat.space()
    title, todo = told(seat)
    assert title == "Right index finger: nothing changed"
    assert "quality 80, now 50" in todo
    assert seat.draft.captures[INDEX].quality == 80
    seat.find(QPushButton, "capture.problem.other").click()
    seat.idle()
    assert INDEX not in seat.draft.captures
    seat.until(lambda: seat.finger.watching)
    seat.space()
    assert seat.finger.captured[-1].targets == (INDEX,)
    assert (seat.draft.captures[INDEX].quality, seat.draft.captures[INDEX].attempts) == (50, 1)
    assert seat.problem == ""


def test_a_reason_in_the_review_ends_the_asking(seat: Seat) -> None:
    seat.finger.quality = {INDEX: 30}
    seat.space()
    record_id = seat.draft.record.record_id
    recording.confirm(seat.place.office, record_id, f"capture.{INDEX.value}", "capture.weak", "kulit aus")
    seat.screen.resume(record_id)
    seat.until(lambda: not seat.draft.weak)
    assert seat.problem == ""


def dry(seat: Seat) -> None:
    """All ten fingers are so dry that nothing could be read in them."""
    record_id = seat.draft.record.record_id
    with seat.place.office.applicants.write() as connection:
        for part in FINGERS:
            captures.put(connection, record_id, a_capture(part), kept_on=seat.place.office.context.today)
    seat.screen.resume(record_id)
    seat.until(lambda: len(seat.draft.captures) == len(FINGERS))


def test_fingers_that_cannot_be_compared_are_one_line_of_the_review_and_one_reason(seat: Seat) -> None:
    dry(seat)
    seat.step(Step.REVIEW)
    assert not seat.screen.bench.review.verify.isVisible()
    lines = [item for item in obstacles(seat.draft) if item.code]
    assert [item.text for item in lines] == [
        "Right index finger: No finger of this hand can be verified.",
        "Left index finger: No finger of this hand can be verified.",
        "Right thumb, right index finger, right middle finger …: Nothing to compare can be read.",
    ]
    assert all(item.step is Step.FINGERS for item in lines)
    seat.screen.bench.review.obstacles._give(lines[-1], "petani, garis jari aus")
    seat.idle()
    assert [item.code for item in seat.draft.open_captures] == ["verify.not_comparable"] * 2
    seat.until(lambda: seat.sees("review.go.1"))
    seat.find(QPushButton, "review.go.1").click()
    seat.idle()
    assert seat.screen.step is Step.FINGERS


def test_thumbs_that_can_be_read_are_verified_in_place_of_dry_index_fingers(seat: Seat) -> None:
    dry(seat)
    seat.click("step.fingers.slap.3")
    seat.space()
    assert seat.draft.to_verify == THUMBS
    seat.step(Step.REVIEW)
    seat.press(Qt.Key.Key_Space)
    seat.until(lambda: not seat.screen.bench.review.verify.busy)
    assert [item.matched for item in seat.draft.verification.values()] == [True, True]
