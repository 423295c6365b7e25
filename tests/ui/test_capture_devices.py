"""Live devices from the operator's side: watched, captured, told in words; nothing is kept by mistake, nothing lost."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLabel, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from station import i18n
from station.capture.lab import Lab
from station.desk import officers
from station.domain.biometrics import FINGERS, LEFT_FOUR, RIGHT_FOUR, THUMBS, Modality, Part
from station.domain.errors import DeviceError
from station.domain.steps import Step
from station.ui import theme
from station.ui.screens.own_prints import OwnPrints
from tests.ui.capture_seat import Seat, seat_at


@pytest.fixture
def seat(lasting_seat: Seat, qtbot: QtBot) -> Seat:
    theme.apply(QApplication.instance())  # type: ignore[arg-type]
    i18n.use("en")
    lasting_seat.qtbot = qtbot
    lasting_seat.screen.activateWindow()
    return lasting_seat


def live(seat: Seat, kind: Modality = Modality.FINGER) -> None:
    device = seat.devices[kind]
    seat.until(lambda: device.watching and seat.page.preview.live)


# -------------------------------------------------------------------------------------------------------- watching


def test_the_device_is_watched_from_the_moment_the_page_opens_until_it_is_left(seat: Seat) -> None:
    seat.newcomer(Step.BIODATA)
    assert not seat.finger.watching
    seat.step(Step.FINGERS)
    live(seat)
    assert seat.finger.watched[-1].targets == RIGHT_FOUR
    assert seat.finger.watched[-1].subject == seat.draft.record.record_id
    assert not seat.page.busy
    assert not seat.draft.captures
    seat.step(Step.BIODATA)
    seat.until(lambda: not seat.finger.watching)


def test_space_captures_and_the_next_slap_is_watched(seat: Seat) -> None:
    seat.newcomer(Step.FINGERS)
    live(seat)
    for wanted, after in ((RIGHT_FOUR, LEFT_FOUR), (LEFT_FOUR, THUMBS)):
        seat.space()
        assert seat.finger.captured[-1].targets == wanted
        seat.until(lambda after=after: seat.finger.watched[-1].targets == after)  # type: ignore[misc]
        live(seat)
    seat.space()
    assert set(FINGERS) <= set(seat.draft.captures)
    assert not seat.page.preview.live, "a print that was captured does not stay on the screen"
    assert not seat.finger.watching


def test_the_frame_stands_and_says_so_while_the_device_captures(seat: Seat) -> None:
    seat.newcomer(Step.FINGERS)
    live(seat)
    seat.finger.gate.clear()
    seat.press(Qt.Key.Key_Space)
    assert seat.page.busy
    assert seat.page.preview.live
    assert seat.page.preview.hint == "Scanning…"
    seat.finger.gate.set()
    seat.until(lambda: not seat.page.busy)


def test_what_the_device_says_of_the_finger_is_shown_while_it_looks(seat: Seat) -> None:
    seat.newcomer(Step.FINGERS)
    live(seat)
    assert seat.page.preview.hint == ""
    seat.finger.hint = "finger.dry"
    seat.until(lambda: seat.page.preview.hint != "")
    assert seat.page.preview.hint == "Dry finger: moisten it a little"
    seat.finger.hint = ""
    seat.until(lambda: seat.page.preview.hint == "")


def test_somebody_who_needs_time_gets_it_from_the_device_and_is_not_counted(seat: Seat) -> None:
    seat.newcomer(Step.FINGERS)
    assert "Try 1 of 3" in seat.find(QLabel, "step.fingers.attempt").text()
    seat.click("capture.assist")
    assert seat.draft.assisted
    assert "No hurry" in seat.find(QLabel, "step.fingers.attempt").text()
    seat.space()
    assert seat.finger.captured[-1].patient


@pytest.mark.parametrize("step", [Step.FINGERS, Step.IRISES])
def test_what_is_weak_is_asked_for_again_without_counting_when_somebody_needs_time(seat: Seat, step: Step) -> None:
    seat.newcomer(step)
    device = seat.finger if step is Step.FINGERS else seat.iris
    device.quality = dict.fromkeys(Part, 10)
    seat.space()
    assert "Try 2 of 3. The best result is kept." in seat.find(QLabel, "capture.problem.todo").text()
    seat.click("capture.assist")
    seat.space()
    told = seat.find(QLabel, "capture.problem.todo").text()
    assert told.endswith("The best result is kept.")
    assert "Try" not in told


def test_weak_fingers_say_what_was_wrong_with_each(seat: Seat) -> None:
    seat.newcomer(Step.FINGERS)
    seat.finger.quality, seat.finger.remarks = {Part.FINGER_03: 10}, ("finger.wet",)
    seat.space()
    assert seat.problem == "Right middle finger is not good enough yet"
    told = seat.find(QLabel, "capture.problem.todo").text()
    assert told.startswith("Wet finger: dry it, press more lightly. Only what is missing is repeated.")
    assert "Wet finger" in seat.find(QWidget, "step.fingers.ring.finger-03").accessibleName()


# --------------------------------------------------------------------------------------------------------- trouble


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")  # a driver that breaks is loud
@pytest.mark.parametrize(
    ("fault", "said"), [("unplugged", "The device stopped answering."), ("crashes", "The device has a fault.")]
)
def test_what_was_captured_stays_when_the_device_fails_and_space_tries_again(seat: Seat, fault: str, said: str) -> None:
    seat.newcomer(Step.FINGERS)
    live(seat)
    seat.space()
    live(seat)
    setattr(seat.finger, fault, True)
    seat.qtbot.waitUntil(lambda: fault != "unplugged" or seat.problem == said)
    seat.space()
    seat.until(lambda: seat.problem == said)
    assert set(seat.draft.captures) == set(RIGHT_FOUR)
    setattr(seat.finger, fault, False)
    while not set(LEFT_FOUR) <= set(seat.draft.captures):
        seat.space()
        seat.until(lambda: set(LEFT_FOUR) <= set(seat.draft.captures) or seat.finger.watching)
    assert seat.problem == ""
    assert seat.screen.isEnabled()


def test_a_driver_that_hangs_costs_nothing_that_was_captured(seat: Seat, request: pytest.FixtureRequest) -> None:
    seat.newcomer(Step.FINGERS)
    live(seat)
    seat.space()
    patience = seat.page.looking._patience
    request.addfinalizer(partial(patience.setInterval, patience.interval()))  # the page serves the other tests too
    patience.setInterval(50)
    seat.finger.gate.clear()
    asked = len(seat.finger.captured)
    seat.press(Qt.Key.Key_Space)
    seat.until(lambda: len(seat.finger.captured) > asked)
    seat.press(Qt.Key.Key_Escape)
    assert not seat.page.busy
    seat.until(lambda: seat.problem == "The device stopped answering.")
    assert set(seat.draft.captures) == set(RIGHT_FOUR)
    seat.step(Step.IRISES)
    seat.space()
    assert Part.IRIS_LEFT in seat.draft.captures, "the other steps go on"
    seat.finger.gate.set()
    seat.step(Step.FINGERS)
    live(seat)
    seat.space()
    assert set(LEFT_FOUR) <= set(seat.draft.captures)


def test_a_missing_device_says_so_at_once_and_the_other_steps_go_on(
    qtbot: QtBot, enrolled_folder: Path, tmp_path: Path, lab: Lab
) -> None:
    with seat_at(enrolled_folder, tmp_path, lab, (Modality.IRIS,)) as seat:
        seat.qtbot = qtbot
        seat.newcomer(Step.FINGERS)
        assert seat.problem == "The device was not found."
        seat.step(Step.IRISES)
        assert seat.problem == ""
        seat.space()
        assert Part.IRIS_LEFT in seat.draft.captures


def test_three_of_four_fingers_are_never_taken_silently(seat: Seat) -> None:
    seat.newcomer(Step.FINGERS)
    live(seat)
    seat.finger.trouble = DeviceError("finger.count", seen=3, wanted=4)
    seat.space()
    assert seat.problem == "Right four fingers: 3 of 4 fingers seen"
    assert not seat.draft.captures
    live(seat)
    assert seat.find(QPushButton, "capture.problem.other").text() == "Exception…"
    seat.finger.trouble = None
    seat.space()
    assert set(seat.draft.captures) == set(RIGHT_FOUR)


# ------------------------------------------------------------------------------------------------------------ rules


def test_the_same_finger_twice_is_named_and_nothing_of_the_slap_is_kept(seat: Seat) -> None:
    seat.newcomer(Step.FINGERS)
    seat.space()
    seat.finger.whose = {Part.FINGER_07: f"{seat.finger.person} finger-03"}
    seat.space()
    seat.until(lambda: bool(seat.problem))
    assert seat.problem == "Left index finger is the same as the right middle finger, which is captured already."
    assert set(seat.draft.captures) == set(RIGHT_FOUR)
    ring = seat.find(QWidget, "step.fingers.ring.finger-07")
    assert "not captured yet" in ring.accessibleName()
    live(seat)
    assert seat.finger.watched[-1].targets == LEFT_FOUR, "back at the slap that was refused"
    seat.finger.whose = {}
    seat.space()
    seat.until(lambda: set(LEFT_FOUR) <= set(seat.draft.captures))
    assert seat.problem == ""


def test_the_other_hand_is_noticed(seat: Seat) -> None:
    seat.newcomer(Step.FINGERS)
    seat.space()
    person = seat.finger.person
    seat.finger.whose = {
        left: f"{person} {right.value}" for left, right in zip(LEFT_FOUR, reversed(RIGHT_FOUR), strict=True)
    }
    seat.space()
    seat.until(lambda: bool(seat.problem))
    assert seat.problem == "This is the other hand, which is captured already."
    assert set(seat.draft.captures) == set(RIGHT_FOUR)


def test_when_it_was_the_earlier_capture_that_was_wrong_it_can_be_deleted(seat: Seat) -> None:
    seat.newcomer(Step.FINGERS)
    person = seat.finger.person
    seat.finger.whose = {right: f"{person} {left.value}" for right, left in zip(RIGHT_FOUR, LEFT_FOUR, strict=True)}
    seat.space()
    seat.finger.whose = {}
    seat.space()  # the left hand, which is there already under the name of the right one
    seat.until(lambda: bool(seat.problem))
    seat.find(QPushButton, "capture.problem.other").click()
    seat.until(lambda: not seat.draft.captures)
    assert seat.problem == ""
    seat.space()
    seat.until(lambda: set(seat.draft.captures) == set(LEFT_FOUR))
    seat.space()
    seat.until(lambda: set(seat.draft.captures) == {*LEFT_FOUR, *RIGHT_FOUR})


def test_a_refused_try_does_not_count_as_one(seat: Seat) -> None:
    seat.newcomer(Step.FINGERS)
    seat.space()
    seat.finger.whose = {Part.FINGER_07: f"{seat.finger.person} finger-03"}
    for _ in range(2):
        seat.space()
        seat.until(lambda: bool(seat.problem))
    seat.finger.whose, seat.finger.quality = {}, dict.fromkeys(FINGERS, 20)
    seat.space()
    tries = {seat.draft.captures[part].attempts for part in LEFT_FOUR}
    assert (tries, seat.draft.weak) == ({1}, LEFT_FOUR), "a weak first try is repeated"


def test_an_officers_own_finger_is_never_taken_for_the_applicants(seat: Seat, qtbot: QtBot) -> None:
    seat.newcomer(Step.FINGERS)
    seat.finger.whose = {part: f"officer {part.value}" for part in FINGERS}
    dialog = OwnPrints(seat.context, seat.screen)
    dialog.open()
    qtbot.waitUntil(lambda: dialog.preview.live)
    dialog._capture()
    seat.until(lambda: officers.prints_kept(seat.place.office) == RIGHT_FOUR)
    dialog.close()
    seat.screen.opened()
    live(seat)
    seat.space()
    seat.until(lambda: bool(seat.problem))
    assert seat.problem == "Right index finger is a finger of an officer, not of the applicant."
    assert not seat.draft.captures


# ------------------------------------------------------------------------------------------------------------- keys


def test_rings_are_reached_by_arrows_and_one_is_captured_alone(seat: Seat) -> None:
    seat.newcomer(Step.FINGERS)
    live(seat)
    seat.press(Qt.Key.Key_Down)
    assert seat.focus.objectName() == "step.fingers.ring.finger-02"
    seat.press(Qt.Key.Key_Down)
    assert seat.focus.objectName() == "step.fingers.ring.finger-07"
    seat.press(Qt.Key.Key_Right)
    assert seat.focus.objectName() == "step.fingers.ring.finger-08"
    seat.press(Qt.Key.Key_Space)
    assert seat.focus is seat.page.preview
    seat.until(lambda: seat.finger.watched[-1].targets == (Part.FINGER_08,))
    seat.space()
    assert set(seat.draft.captures) == {Part.FINGER_08}


def test_p_on_a_ring_opens_the_exceptions_with_that_finger(seat: Seat) -> None:
    seat.newcomer(Step.FINGERS)
    seat.press(Qt.Key.Key_Down)
    seat.press(Qt.Key.Key_P)
    key = seat.find(QPushButton, "exception.part.finger-02")
    assert key.isChecked()
    seat.press(Qt.Key.Key_Escape)


def test_weak_eyes_say_what_was_weakest(seat: Seat) -> None:
    seat.newcomer(Step.IRISES)
    seat.iris.quality, seat.iris.remarks = {Part.IRIS_LEFT: 41}, ("iris.visible",)
    seat.space()
    assert seat.problem == "Not good enough yet: left eye"
    assert "Open the eyes wider" in seat.find(QWidget, "step.irises.ring.iris-left").accessibleName()
    assert seat.find(QLabel, "capture.problem.todo").text().startswith("Open the eyes wider.")


def test_behind_the_lock_no_device_goes_on_looking(seat: Seat) -> None:
    seat.newcomer(Step.FINGERS)
    live(seat)
    looked = len(seat.finger.watched)
    seat.screen.setEnabled(False)
    seat.until(lambda: not seat.finger.watching)
    assert not seat.page.preview.live, "the hand could still be seen"
    assert len(seat.finger.watched) == looked
    seat.screen.setEnabled(True)
    live(seat)
    assert len(seat.finger.watched) == looked + 1
