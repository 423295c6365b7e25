"""What central lets the station accept as the pages show and use it, and a wrong clock told once and remembered."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QPushButton
from pytestqt.qtbot import QtBot

from station import i18n
from station.capture.lab import Lab
from station.central.keys import load_keys
from station.central.options import CentralOptions
from station.desk import clocks, recording
from station.domain.biometrics import FINGERS, IRISES, RIGHT_FOUR
from station.domain.clocks import SKEWED, Check
from station.domain.device import device_id
from station.domain.policy import Policy
from station.domain.steps import Step
from station.seal.policy import EVERY_STATION, sign_policy
from station.ui import theme
from tests.ui.capture_seat import Seat, seat_at

CENTRAL = CentralOptions().central_id


@pytest.fixture(scope="module")
def one_seat(enrolled_folder: Path, tmp_path_factory: pytest.TempPathFactory, lab: Lab, qapp: object) -> Iterator[Seat]:
    theme.apply(qapp)  # type: ignore[arg-type]  # pytest-qt's application
    i18n.use("en")
    with seat_at(enrolled_folder, tmp_path_factory.mktemp("policy"), lab) as seat:
        yield seat


@pytest.fixture
def seat(one_seat: Seat, qtbot: QtBot) -> Iterator[Seat]:
    i18n.use("en")
    one_seat.qtbot = qtbot
    yield one_seat
    for device in one_seat.devices.values():
        device.remarks, device.quality = (), {}


def from_central(seat: Seat, enrolled: Path, policy: Policy) -> None:
    """A policy that central has signed just now, as the change feed leaves it."""
    key, now = load_keys(enrolled.parent / "central", CENTRAL).signing, seat.context.clock.now()
    token = sign_policy(key, policy, central_id=CENTRAL, issued_at=now, audience=EVERY_STATION)
    seat.place.depot.changes.apply(token[-20:], [], at=now, policy=token)


def reads(seat: Seat, name: str) -> str:
    return seat.find(QLabel, name).text()


# ------------------------------------------------------------------------------------------------------------- policy


def test_the_next_person_is_judged_by_the_new_floor_and_tries_and_who_sits_there_by_the_old(
    seat: Seat, enrolled_folder: Path
) -> None:
    seat.newcomer(Step.FINGERS)
    assert reads(seat, "step.fingers.attempt") == "Try 1 of 3 · quality floor NFIQ 2 ≥ 40"
    from_central(seat, enrolled_folder, Policy(finger_quality=65, iris_quality=75, tries=2))
    seat.finger.quality = dict.fromkeys(FINGERS, 60)
    seat.space()
    assert set(RIGHT_FOUR) <= set(seat.draft.captures)
    assert "≥ 40" in reads(seat, "step.fingers.attempt")

    seat.newcomer(Step.FINGERS)
    assert reads(seat, "step.fingers.attempt") == "Try 1 of 2 · quality floor NFIQ 2 ≥ 65"
    seat.finger.quality = dict.fromkeys(FINGERS, 60)
    seat.space()
    assert seat.problem == "4 fingers are not good enough yet"
    assert reads(seat, "step.fingers.attempt").startswith("Try 2 of 2")
    seat.space()
    assert {seat.draft.captures[part].attempts for part in RIGHT_FOUR} == {2}
    assert seat.finger.captured[-1].policy.finger_quality == 65
    seat.step(Step.IRISES)
    assert reads(seat, "step.irises.attempt") == "Try 1 of 2 · quality floor 75"
    seat.iris.quality = dict.fromkeys(IRISES, 74)
    seat.space()
    assert seat.problem.startswith("Not good enough yet")


# -------------------------------------------------------------------------------------------------------------- clocks


def test_a_wrong_clock_is_told_beside_the_capture_once_and_stays_with_the_device_until_it_is_right(seat: Seat) -> None:
    seat.newcomer(Step.FINGERS)
    seat.finger.remarks = (SKEWED,)
    seat.space()
    seat.until(lambda: "clock" in seat.problem)
    assert seat.problem == "The clocks of the device and this computer differ."
    assert set(RIGHT_FOUR) <= set(seat.draft.captures)
    assert seat.screen.bench.side.problem.property("tone") == "warn"
    QTest.mouseClick(seat.find(QPushButton, "capture.problem.action"), Qt.MouseButton.LeftButton)
    assert seat.problem == ""
    assert seat.page.preview.hasFocus()  # Space goes to the device again
    seat.space()
    assert seat.problem == ""
    seat.newcomer(Step.FINGERS)
    seat.finger.remarks = (SKEWED,)
    seat.space()
    assert seat.problem == ""  # not for every person, either
    assert not [item for item in seat.draft.findings if item.code == SKEWED]
    depot, info, now = seat.place.depot, seat.finger.info, seat.context.clock.now()
    seat.context.uses.settle()
    seat.idle()
    assert clocks.skew_of(depot, info, now) is not None
    seat.finger.remarks = ()
    seat.space()
    seat.context.uses.settle()
    seat.idle()
    assert clocks.skew_of(depot, info, now) is None


def test_what_is_wrong_with_the_fingers_comes_first_and_the_clock_after_it(seat: Seat) -> None:
    seat.place.depot.clocks.note_told(device_id(seat.finger.info), "another day")  # as if nobody was told today
    seat.newcomer(Step.FINGERS)
    seat.finger.remarks, seat.finger.quality = (SKEWED,), dict.fromkeys(FINGERS, 10)
    seat.space()
    seat.idle()
    assert "not good enough" in seat.problem
    seat.finger.quality = {}
    seat.space()
    assert "clock" in seat.problem


def test_when_central_says_so_it_is_this_computers_clock(seat: Seat) -> None:
    seat.place.depot.clocks.check = Check(timedelta(minutes=-17), seat.context.clock.now())
    seat.newcomer(Step.IRISES)
    seat.iris.remarks, seat.iris.quality = (SKEWED,), dict.fromkeys(IRISES, 90)
    seat.space()
    seat.until(lambda: "clock" in seat.problem)
    assert seat.problem == "The clock of this computer is 17 minutes fast."
    seat.newcomer(Step.IRISES)
    assert seat.problem == ""  # of the person before
    assert recording.resume(seat.place.office, seat.draft.record.record_id).findings == seat.draft.findings
