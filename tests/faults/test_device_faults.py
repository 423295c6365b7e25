"""Each fault of a device, on the real window with the simulator: the right words, and what was captured stays."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from station import i18n
from station.capture.lab import Lab
from station.capture.rack import Rack
from station.desk import recording
from station.domain.biometrics import LEFT_FOUR, RIGHT_FOUR, THUMBS, Modality, Part
from station.domain.ports import SystemClock
from station.domain.steps import Step
from station.training.people import PEOPLE
from station.training.simulator.faults import Fault
from station.training.simulator.process import Simulator
from station.ui import theme
from station.ui.bridge import Bridge
from station.ui.context import Context
from station.ui.screens.capture import CaptureScreen
from station.ui.screens.steps.device_page import DevicePage
from station.ui.tasks import Tasks
from tests.simulated import devices
from tests.support import HandClock, Workplace

SITI = PEOPLE[1]
LONG = 20_000
PATIENCE_S = 1.5

SAID: list[tuple[Fault, str]] = [
    (Fault.UNPLUG, "The device stopped answering."),
    (Fault.BUSY, "The device is busy."),
    (Fault.BAD_SIGNATURE, "The signature of the device is not right."),
    (Fault.EXPIRED_CERTIFICATE, "The certificate of the device has expired."),
    (Fault.UNKNOWN_AUTHORITY, "This station does not know the maker of the device."),
    (Fault.THREE_OF_FOUR, "Not everything was captured. Missing: left middle finger."),
    (Fault.WRONG_HAND, "This is the other hand, which is captured already."),
    (Fault.SAME_FINGER, "is the same as the left "),
    (Fault.LOW_QUALITY, "not good enough yet"),
]


class Counter:
    """Somebody at the fingers step whose right hand is captured. `qtbot` is the one of the test that runs."""

    def __init__(self, place: Workplace, lab: Lab, simulator: Simulator, qtbot: QtBot) -> None:
        self.place, self.qtbot = place, qtbot
        looked = devices(lab, simulator)
        looked[Modality.IRIS] = devices(lab, simulator, capture_s=PATIENCE_S)[Modality.IRIS]
        self.context = Context(place.depot, Tasks(), Bridge(), SystemClock(), training=True, rack=Rack.of(looked))
        self.context.office = place.office
        self.record_id = recording.start(place.office, SITI.nik).record.record_id
        for key, value in SITI.answers.items():
            recording.answer(place.office, self.record_id, key, value)
        recording.go_to(place.office, self.record_id, Step.FINGERS)
        self.screen = CaptureScreen(self.context)
        self.screen.resize(1158, 712)
        self.screen.show()
        self.screen.resume(self.record_id)
        qtbot.waitUntil(lambda: self.screen.step is Step.FINGERS, timeout=LONG)
        self.space()
        assert set(self.kept) == set(RIGHT_FOUR)

    def close(self) -> None:
        self.screen.stop()
        self.context.tasks.stop()
        self.context.lanes.close()
        self.screen.deleteLater()

    @property
    def kept(self) -> dict[object, int]:
        """What is on the disk: each part with its quality."""
        found = recording.resume(self.place.office, self.record_id).captures
        return {part: card.quality for part, card in found.items()}

    @property
    def said(self) -> str:
        return self.screen.bench.side.problem.title

    def space(self) -> None:
        """Capture, and wait until the device has answered and the desk has stored."""
        page = self.screen.page
        assert isinstance(page, DevicePage)
        focus = QApplication.focusWidget() or page
        QTest.keyClick(focus, Qt.Key.Key_Space)
        self.qtbot.waitUntil(lambda: not page.busy, timeout=LONG)
        self.qtbot.waitUntil(lambda: self.context.tasks.idle, timeout=LONG)

    def ready(self) -> None:
        """Look through the device again: after trouble, Space does that before it captures."""
        page = self.screen.page
        assert isinstance(page, DevicePage)
        self.qtbot.waitUntil(lambda: page.looking.watching or page._lost, timeout=LONG)
        if page._lost:
            QTest.keyClick(QApplication.focusWidget() or page, Qt.Key.Key_Space)
        self.qtbot.waitUntil(lambda: page.looking.watching, timeout=LONG)

    def step(self, number: int) -> None:
        key = Qt.Key(Qt.Key.Key_0.value + number)
        QTest.keyClick(QApplication.focusWidget() or self.screen, key, Qt.KeyboardModifier.AltModifier)
        self.qtbot.waitUntil(lambda: self.context.tasks.idle, timeout=LONG)


@pytest.fixture(scope="module")
def station(enrolled_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workplace]:
    folder = shutil.copytree(enrolled_folder, tmp_path_factory.mktemp("faults") / "station")
    made = Workplace(Path(folder), "http://127.0.0.1:9", HandClock())
    yield made
    made.close()


@pytest.fixture(scope="module")
def counters() -> Iterator[list[Counter]]:
    """The one of this file, made by its first test."""
    made: list[Counter] = []
    yield made
    for counter in made:
        counter.close()


@pytest.fixture
def counter(
    counters: list[Counter], station: Workplace, qtbot: QtBot, qapp: QApplication, lab: Lab, simulator: Simulator
) -> Counter:
    if not counters:
        theme.apply(qapp)
        i18n.use("en")
        simulator.seat(SITI)
        counters.append(Counter(station, lab, simulator, qtbot))
    counters[0].qtbot = qtbot
    counters[0].ready()
    return counters[0]


@pytest.mark.parametrize(("fault", "title"), SAID, ids=[fault.value for fault, _ in SAID])
def test_the_operator_is_told_and_the_right_hand_stays(
    counter: Counter, simulator: Simulator, fault: Fault, title: str
) -> None:
    before = counter.kept
    simulator.fault(fault, None if fault is Fault.BUSY else 1, type="Finger")
    counter.space()
    assert title in counter.said
    assert counter.kept == before


def test_a_device_that_hangs_is_told_in_time_and_everything_stays(counter: Counter, simulator: Simulator) -> None:
    before = counter.kept
    counter.step(5)
    simulator.fault(Fault.HANG, 1, type="Iris")
    counter.space()
    assert counter.said == "The device does not answer."
    assert counter.kept == before
    counter.step(4)


@pytest.mark.parametrize(("fault", "parts"), [(Fault.CLOCK_SKEW, LEFT_FOUR), (Fault.WHOLE_SLAP, THUMBS)])
def test_what_spoils_no_picture_stops_nobody(
    counter: Counter, simulator: Simulator, fault: Fault, parts: tuple[Part, ...]
) -> None:
    before = counter.kept
    simulator.fault(fault, 1, type="Finger")
    counter.space()
    assert counter.kept.keys() - before.keys() == set(parts)
