"""The simulator on a real station: begun from Perangkat, marked, of no consequence, and over by itself."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from threading import Event

import pytest
from PySide6.QtWidgets import QApplication, QPushButton
from pytestqt.qtbot import QtBot

from station import i18n
from station.capture.rack import Rack
from station.desk import devices, recording
from station.desk.devices import State
from station.domain.biometrics import DeviceInfo, Modality, Part
from station.domain.device import device_id
from station.domain.errors import SetupError
from station.domain.ports import Driver, Found
from station.domain.steps import Step
from station.ui import theme
from station.ui.bridge import Bridge
from station.ui.context import Context
from station.ui.main_window import MainWindow
from station.ui.screen import Screen
from station.ui.screens.capture import CaptureScreen
from station.ui.screens.devices import try_out
from station.ui.screens.devices.screen import DevicesScreen
from station.ui.screens.steps.device_page import DevicePage
from station.ui.screens.sync.screen import SyncScreen
from station.ui.tasks import Tasks
from tests.fakes.devices import PlainDevice, Shelf, info
from tests.support import Workplace, a_capture, filled, good_answers

FINGER = Modality.FINGER
SIMULATED = DeviceInfo(FINGER, "SIM-1", "CONTOH", "Pemindai (simulasi)", "simulator")


class PretendTrial:
    """A simulator that is there as soon as `ready`; `trouble` keeps it from starting."""

    def __init__(self) -> None:
        self.device = PlainDevice(SIMULATED)
        self.ready, self.trouble = Event(), ""
        self.ready.set()
        self.begun = self.ended = 0

    def begin(self) -> tuple[Driver, Sequence[Found]]:
        self.ready.wait(20)
        if self.trouble:
            raise SetupError(self.trouble)
        self.begun += 1
        shelf = Shelf(self.device)
        return shelf, shelf.look()

    def end(self) -> None:
        self.ended += 1


class Room:
    """A real station with a scanner, and a spare one that was chosen."""

    def __init__(self, place: Workplace, qtbot: QtBot, *screens: type[Screen]) -> None:
        self.place, self.qtbot, self.trial = place, qtbot, PretendTrial()
        self.first, self.chosen = PlainDevice(info(FINGER, "A-1")), PlainDevice(info(FINGER, "B-2"))
        self.rack = devices.rack_of(place.depot, [Shelf(self.first, self.chosen)], training=False)
        self.rack.look()
        self.rack.choose(FINGER, device_id(self.chosen.info))
        self.context = Context(
            place.depot, Tasks(), Bridge(), place.clock, training=False, rack=self.rack, trial=self.trial
        )
        self.rack.on_change.append(self.context.bridge.devices_changed.emit)
        self.window = MainWindow(self.context, screens)
        qtbot.addWidget(self.window)
        self.window.show()
        self.window.open_office(place.office)
        self.until(lambda: True)

    def close(self) -> None:
        self.trial.ready.set()
        self.context.bridge.signed_out.emit()
        self.context.lanes.close()
        self.context.tasks.stop()
        self.context.printer.stop()
        self.context.librarian.close()

    def until(self, true: Callable[[], bool]) -> None:
        self.qtbot.waitUntil(lambda: true() and self.context.tasks.idle, timeout=10_000)

    @property
    def screen(self) -> DevicesScreen:
        found = self.window.findChild(DevicesScreen)
        assert isinstance(found, DevicesScreen)
        return found

    @property
    def serving(self) -> DeviceInfo | None:
        device = self.context.lanes.get(FINGER).device
        return device.info if device is not None else None

    def open(self) -> None:
        self.window.open_screen("devices")
        self.until(lambda: len(self.screen.model.lines) == 6)
        self.screen.list.setCurrentIndex(self.screen.model.index(1))

    def click(self, name: str) -> None:
        found = self.window.findChild(QPushButton, name)
        assert isinstance(found, QPushButton), name
        assert found.isVisible()
        found.click()

    def begin(self) -> None:
        self.open()
        self.click("devices.try_out")
        self.until(lambda: self.screen.try_out.running and self.screen.pane.trial.isVisible())


@pytest.fixture(autouse=True)
def look(qapp: QApplication) -> None:
    theme.apply(qapp)
    i18n.use("en")


@pytest.fixture
def room(place: Workplace, qtbot: QtBot) -> Iterator[Room]:
    assert place.depot.enrolment is not None
    place.depot.enrolment = place.depot.enrolment.model_copy(update={"training": False})
    made = Room(place, qtbot, SyncScreen, DevicesScreen)
    yield made
    made.close()


@pytest.fixture
def booth(place: Workplace, qtbot: QtBot) -> Iterator[Room]:
    """The same with the recording beside it."""
    assert place.depot.enrolment is not None
    place.depot.enrolment = place.depot.enrolment.model_copy(update={"training": False})
    made = Room(place, qtbot, CaptureScreen, DevicesScreen)
    yield made
    made.close()


def test_a_shot_with_the_simulator_says_whose_fault_it_is_and_leaves_nothing_behind(room: Room) -> None:
    room.begin()
    assert room.serving == SIMULATED
    line = room.screen.model.lines[1]
    assert line.state.text == "SIMULATION"
    assert "no device of this station serves" in room.screen.said.title
    room.click("devices.trial.take")
    room.until(lambda: room.screen.pane.trial.said.isVisible())
    assert "It works: 4 pictures" in room.screen.pane.trial.said.title
    now = room.place.clock.now()
    assert room.place.depot.devices.health_of(SIMULATED, now=now) is None
    with room.place.office.applicants.read() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM capture").scalar() == 0


def test_a_shot_that_fails_points_at_the_program_and_not_at_the_cable(room: Room) -> None:
    room.trial.device.trouble = "lab.crashed"
    room.begin()
    room.click("devices.trial.take")
    room.until(lambda: room.screen.pane.trial.said.isVisible())
    assert "needs no cable" in room.screen.pane.trial.said.accessibleName()


def test_leaving_the_screen_brings_the_chosen_device_back_without_a_restart(room: Room) -> None:
    room.begin()
    room.window.open_screen("sync")
    room.until(lambda: room.serving == room.chosen.info)
    room.qtbot.waitUntil(lambda: room.trial.ended == 1)
    assert room.place.depot.memory.chosen_devices == {"finger": device_id(room.chosen.info)}


def test_it_ends_by_itself(room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(try_out, "LASTS_S", 0.05)
    room.open()
    room.click("devices.try_out")
    room.qtbot.waitUntil(lambda: room.trial.begun == 1 and not room.screen.try_out.running)
    room.until(lambda: room.serving == room.chosen.info)
    room.qtbot.waitUntil(lambda: room.trial.ended == 1)


def test_leaving_while_it_starts_ends_it_as_soon_as_it_has_begun(room: Room) -> None:
    room.trial.ready.clear()
    room.open()
    room.click("devices.try_out")
    assert room.screen.try_out.starting
    room.window.open_screen("sync")
    room.trial.ready.set()
    room.qtbot.waitUntil(lambda: room.trial.ended == 1)
    room.until(lambda: room.serving == room.chosen.info)


def test_a_simulator_that_does_not_start_is_said_and_changes_nothing(room: Room) -> None:
    room.trial.trouble = "simulator.start"
    room.open()
    room.click("devices.try_out")
    room.until(lambda: "could not be started" in room.screen.said.title)
    assert room.serving == room.chosen.info


def test_no_morning_test_is_done_with_a_simulator(room: Room) -> None:
    room.begin()
    room.screen.start_test()
    assert not room.screen.testing.running
    assert not room.screen.test_all.isEnabled()


def test_whoever_records_with_it_all_the_same_keeps_nothing(booth: Room) -> None:
    """The last line of defence: the window is made to capture with what is lent."""
    office = booth.place.office
    record_id = recording.start(office).record.record_id
    filled(office, record_id, good_answers())
    recording.keep(office, record_id, [replace(a_capture(Part.FACE), device=info(Modality.FACE, "C-3"))])
    recording.go_to(office, record_id, Step.FINGERS)
    booth.window.resume(record_id)
    capture = booth.window.findChild(CaptureScreen)
    assert isinstance(capture, CaptureScreen)
    booth.until(lambda: capture.step is Step.FINGERS)
    found = Shelf(booth.trial.device)
    booth.rack.lend(found, found.look())
    page = capture.page
    assert isinstance(page, DevicePage)
    page.capture()
    booth.until(lambda: not page.busy)
    problem = page.problem()
    assert problem is not None
    assert "drawn people" in problem.title
    assert set(recording.resume(office, record_id).captures) == {Part.FACE}


def test_training_has_nothing_else_and_offers_no_trial(place: Workplace, qtbot: QtBot) -> None:
    context = Context(place.depot, Tasks(), Bridge(), place.clock, training=True, rack=Rack(()))
    screen = DevicesScreen(context)
    qtbot.addWidget(screen)
    screen.show()
    screen.opened()
    qtbot.waitUntil(lambda: len(screen.model.lines) == 6 and context.tasks.idle)
    assert not screen.pane.try_out.isVisible()
    context.bridge.signed_out.emit()
    context.lanes.close()
    context.tasks.stop()
    context.printer.stop()


def test_the_device_of_a_kind_the_simulator_lacks_is_shown_as_it_is(room: Room) -> None:
    room.begin()
    states = [card.state for card in devices.cards(
        room.place.depot, room.rack, room.place.clock.now(), training=False
    )]  # fmt: skip
    assert states == [State.MISSING, State.TRIED, State.MISSING]
