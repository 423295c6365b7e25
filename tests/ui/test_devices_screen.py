"""Perangkat: what is there and how it does, another device without a restart, the morning's test, faults that age."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QPushButton
from pytestqt.qtbot import QtBot

from station import i18n
from station.capture.rack import Rack
from station.desk import devices, recording
from station.desk.devices import State
from station.domain.biometrics import FINGERS, DeviceInfo, Modality, Part
from station.domain.device import Use, device_id
from station.domain.fault import Fault
from station.domain.steps import Step
from station.store import captures
from station.ui import checkup, theme
from station.ui.bridge import Bridge
from station.ui.context import Context
from station.ui.main_window import MainWindow
from station.ui.print_room import PrintRoom
from station.ui.screen import Screen
from station.ui.screens.capture import CaptureScreen
from station.ui.screens.devices import device_words
from station.ui.screens.devices.device_model import LINE_ROLE
from station.ui.screens.devices.screen import DevicesScreen
from station.ui.screens.devices.ticket_box import TicketBanner
from station.ui.screens.steps.device_page import DevicePage
from station.ui.tasks import Tasks
from tests.fakes import scanimage
from tests.fakes.devices import PlainDevice, Shelf, info
from tests.fakes.printer import FakePrinter
from tests.support import Workplace, a_capture, filled, good_answers

FINGER, FACE, IRIS = Modality.FINGER, Modality.FACE, Modality.IRIS
DAY = timedelta(days=1)
KINDS = [FACE, FINGER, IRIS]


class Room:
    """The window of a station whose devices a test plugs in and pulls out."""

    def __init__(self, place: Workplace, qtbot: QtBot, *screens: type[Screen]) -> None:
        self.place, self.qtbot = place, qtbot
        self.first, self.second = PlainDevice(info(FINGER, "A-1")), PlainDevice(info(FINGER, "B-2"))
        self.simulator = PlainDevice(DeviceInfo(FINGER, "SIM-1", "CONTOH", "Simulasi", "simulated"))
        self.camera, self.iris = PlainDevice(info(FACE, "C-3")), PlainDevice(info(IRIS, "D-4"))
        self.shelf = Shelf(self.first, self.second, self.simulator, self.camera, self.iris)
        self.rack = Rack([self.shelf])
        self.printer = FakePrinter(known=())
        self.context = Context(
            place.depot,
            Tasks(),
            Bridge(),
            place.clock,
            training=False,
            rack=self.rack,
            printer=PrintRoom(self.printer),
        )
        self.rack.on_change.append(self.context.bridge.devices_changed.emit)
        self.context.look_for_devices = self.look_at_once
        self.window = MainWindow(self.context, screens)
        qtbot.addWidget(self.window)
        self.window.show()
        self.window.activateWindow()
        qtbot.waitUntil(self.window.isActiveWindow)
        self.window.open_office(place.office)
        self.settle()

    def close(self) -> None:
        self.context.bridge.signed_out.emit()
        for device in self.shelf.devices:
            device.released.set()
        self.context.lanes.close()
        self.context.tasks.stop()
        self.context.printer.stop()
        self.context.librarian.close()

    def settle(self) -> None:
        self.until(lambda: True)

    def until(self, true: Callable[[], bool]) -> None:
        self.qtbot.waitUntil(lambda: true() and self.context.tasks.idle, timeout=10_000)

    @property
    def screen(self) -> DevicesScreen:
        found = self.window.findChild(DevicesScreen)
        assert isinstance(found, DevicesScreen)
        return found

    def look_at_once(self) -> None:
        self.rack.look()

    def look(self) -> None:
        self.look_at_once()
        self.settle()

    def open(self) -> DevicesScreen:
        self.window.open_screen("devices")
        self.until(lambda: len(self.screen.model.lines) == 6 and bool(self.screen.pane.isVisible()))
        return self.screen

    def choose_row(self, kind: Modality) -> None:
        self.screen.list.setCurrentIndex(self.screen.model.index(KINDS.index(kind)))

    def state(self, kind: Modality) -> str:
        return self.screen.model.lines[KINDS.index(kind)].state.text

    def awaits(self, kind: Modality, state: State) -> None:
        wanted = device_words.state(devices.Card(kind, state)).text
        self.until(lambda: self.state(kind) == wanted)

    def click(self, name: str) -> None:
        found = self.window.findChild(QPushButton, name)
        assert isinstance(found, QPushButton), name
        QTest.mouseClick(found, Qt.MouseButton.LeftButton)
        self.settle()

    def at_fingers(self) -> CaptureScreen:
        """Somebody is to give their fingerprints."""
        office = self.place.office
        record_id = recording.start(office).record.record_id
        filled(office, record_id, good_answers())
        recording.keep(office, record_id, [a_capture(Part.FACE)])
        recording.go_to(office, record_id, Step.FINGERS)
        self.window.resume(record_id)
        found = self.window.findChild(CaptureScreen)
        assert isinstance(found, CaptureScreen)
        self.until(lambda: found.step is Step.FINGERS)
        return found

    def space(self, screen: CaptureScreen) -> None:
        page = screen.page
        assert isinstance(page, DevicePage)
        page.setFocus()
        page.capture()
        self.until(lambda: not page.busy)


@pytest.fixture(autouse=True)
def look(qapp: QApplication) -> None:
    theme.apply(qapp)
    i18n.use("en")


@pytest.fixture
def room(place: Workplace, qtbot: QtBot) -> Iterator[Room]:
    """The screen of devices alone."""
    made = Room(place, qtbot, DevicesScreen)
    yield made
    made.close()


@pytest.fixture
def booth(place: Workplace, qtbot: QtBot) -> Iterator[Room]:
    """The screen of devices beside the recording."""
    made = Room(place, qtbot, CaptureScreen, DevicesScreen)
    yield made
    made.close()


# ------------------------------------------------------------------------------------------------------ what is there


def test_the_window_is_there_before_anybody_has_looked_for_devices(room: Room) -> None:
    room.open()
    assert [room.state(kind) for kind in KINDS] == ["Looking…"] * 3
    room.look()
    room.awaits(FINGER, State.UNTESTED)


def test_every_line_says_state_model_history_and_what_is_reported(room: Room) -> None:
    now, store = room.place.clock.now(), room.place.depot.devices
    room.look()
    for number in range(9):
        store.used(Use(room.first.info, 4100, quality=60), at=now - DAY - timedelta(minutes=number))
    store.used(Use(room.first.info, 15_000, "device.timeout"), at=now - timedelta(hours=1))
    room.place.depot.device_tickets.open(device_id(room.first.info), Fault.CABLE, at=now - 95 * DAY)
    screen = room.open()
    line = screen.model.index(KINDS.index(FINGER)).data(LINE_ROLE)
    assert line.who == "Model A-1 · A-1"
    assert "1 of 10 failed" in line.facts
    assert "usually 4.1 s" in line.facts
    assert line.ticket is not None
    assert (line.ticket.text, line.ticket.tone) == ("Reported 95 days ago", "black")
    room.choose_row(FINGER)
    assert screen.pane.tickets.mine.title == "Reported 95 days ago: Cable or plug is damaged"
    said = {item.text() for item in screen.pane.findChildren(QLabel)}
    assert any("Nothing was captured in time" in text for text in said)


def test_a_device_that_is_pulled_out_is_missing_and_found_again_when_it_is_back(room: Room) -> None:
    room.look()
    room.open()
    room.awaits(FACE, State.UNTESTED)
    room.shelf.devices.remove(room.camera)
    room.look()
    room.awaits(FACE, State.MISSING)
    room.choose_row(FACE)
    assert "not found" in room.screen.pane.advice.title
    room.shelf.devices.append(room.camera)
    room.click("devices.look")
    room.awaits(FACE, State.UNTESTED)


# ----------------------------------------------------------------------------------------------------------- changing


def test_capture_with_one_device_change_it_and_capture_with_the_other_without_a_restart(booth: Room) -> None:
    booth.look()
    capture = booth.at_fingers()
    booth.space(capture)
    first = set(_devices(booth, capture))
    assert first == {"A-1"}
    booth.open()
    booth.choose_row(FINGER)
    chosen = next(action for action in booth.screen.pane.choices if "B-2" in action.text())
    chosen.trigger()
    booth.until(lambda: booth.context.lanes.get(FINGER).device is booth.second)
    assert "B-2" in booth.screen.said.title
    booth.window.open_screen("capture")
    booth.settle()
    booth.space(capture)
    assert set(_devices(booth, capture)) == {"A-1", "B-2"}
    assert booth.first.closed == 1, "the device that serves no more was let go of"


def test_a_device_plugged_in_during_the_recording_serves_at_once(booth: Room) -> None:
    booth.shelf.devices[:] = [booth.camera]
    booth.look()
    capture = booth.at_fingers()
    page = capture.page
    assert isinstance(page, DevicePage)
    booth.space(capture)
    problem = page.problem()
    assert problem is not None
    assert problem.title == "The device was not found."
    booth.shelf.devices.append(booth.second)
    booth.look()
    booth.until(lambda: booth.context.lanes.get(FINGER).device is not None)
    booth.space(capture)
    assert set(_devices(booth, capture)) == {"B-2"}


def test_a_driver_that_hangs_is_left_behind_when_another_device_is_chosen(booth: Room) -> None:
    booth.look()
    capture = booth.at_fingers()
    page = capture.page
    assert isinstance(page, DevicePage)
    booth.first.hangs = True
    page.capture()
    booth.rack.choose(FINGER, device_id(booth.second.info))
    booth.until(lambda: booth.context.lanes.get(FINGER).device is booth.second)
    booth.space(capture)
    assert set(_devices(booth, capture)) == {"B-2"}


def test_the_simulator_is_offered_on_a_real_station_for_trying_only(room: Room) -> None:
    room.look()
    room.open()
    room.choose_row(FINGER)
    offered = [action.text() for action in room.screen.pane.choices]
    assert [("practising" in text) for text in offered] == [False, False, True]
    room.screen.pane.choices[2].trigger()
    room.awaits(FINGER, State.PRACTICE)
    assert "simulator" in room.screen.pane.advice.title


# ------------------------------------------------------------------------------------------------------------ testing


def test_the_morning_test_is_one_key_away_until_it_was_done_today(booth: Room) -> None:
    booth.look()
    start = booth.window.findChild(CaptureScreen)
    assert isinstance(start, CaptureScreen)
    booth.until(start.morning.isVisible)
    focused = QApplication.focusWidget()
    assert focused is not None
    QTest.keyClick(focused, Qt.Key.Key_T, Qt.KeyboardModifier.ControlModifier)
    booth.until(lambda: booth.camera.tests == 1 and booth.iris.tests == 1 and booth.first.tests == 1)
    booth.until(lambda: not booth.screen.testing.running)
    assert booth.screen.said.title == "All devices are well."
    booth.awaits(FINGER, State.READY)
    booth.window.open_screen("capture")
    booth.settle()
    assert not start.morning.isVisible()


def test_a_test_tells_in_plain_words_what_is_wrong_and_what_to_do(room: Room) -> None:
    room.iris.test = "device.unplugged"
    room.look()
    screen = room.open()
    screen.start_test()
    room.until(lambda: not screen.testing.running)
    assert screen.said.title == "1 device needs attention."
    told = " ".join(item.text() for item in screen.said.findChildren(QLabel))
    assert "Iris camera: The device stopped answering. Unplug the device and plug it in again." in told
    room.awaits(IRIS, State.TROUBLE)
    room.awaits(FACE, State.READY)


def test_a_device_that_hangs_in_its_test_does_not_hold_up_the_others(
    room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(checkup, "ALTOGETHER_S", 0.6)
    room.first.hangs = True
    room.look()
    screen = room.open()
    screen.start_test()
    room.until(lambda: not screen.testing.running)
    assert room.iris.tests == 1
    room.awaits(FINGER, State.TROUBLE)
    room.first.hangs = False
    room.choose_row(FINGER)
    room.click("devices.test")
    room.until(lambda: not screen.testing.running)
    room.awaits(FINGER, State.READY)


def test_the_morning_test_asks_scanner_and_printer_too(
    room: Room, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sane = scanimage.install(tmp_path / "bin", b"", monkeypatch)
    room.printer.known = ("Printer Bu Siti",)
    room.look()
    screen = room.open()
    room.until(lambda: rows(room, Modality.PRINTER)[0] == rows(room, Modality.DOCUMENT)[0] == "Ready")
    sane.plan(gone=True)
    room.printer.fault = "printer.not_ready"
    screen.start_test()
    room.until(lambda: not screen.testing.running)
    assert screen.said.title == "2 devices need attention."
    told = " ".join(item.text() for item in screen.said.findChildren(QLabel))
    assert "Document scanner:" in told and "Printer:" in told
    room.until(lambda: rows(room, Modality.PRINTER)[0] == rows(room, Modality.DOCUMENT)[0] == "Trouble")
    sane.plan(gone=False)
    room.printer.fault = ""
    screen.start_test()
    room.until(lambda: not screen.testing.running)
    assert screen.said.title == "All devices are well."


def test_what_there_was_no_time_to_test_is_said_and_the_test_ends(room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checkup, "ALTOGETHER_S", 1)
    room.printer.known = ("Printer Bu Siti",)
    room.printer.slow.clear()  # the spooler has not even said which printer it has
    room.look()
    screen = room.open()
    screen.start_test()
    room.until(lambda: not screen.testing.running)
    assert screen.said.title == "What was tested is well."
    told = " ".join(item.text() for item in screen.said.findChildren(QLabel))
    assert "no time left to test: Printer." in told
    room.printer.slow.set()


def test_a_printer_that_hangs_in_its_test_is_not_well(room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checkup, "ALTOGETHER_S", 1)
    room.printer.known = ("Printer Bu Siti",)
    room.look()
    screen = room.open()
    room.until(lambda: rows(room, Modality.PRINTER)[0] == "Ready")
    room.printer.slow.clear()
    screen.start_test()
    room.until(lambda: not screen.testing.running)
    assert screen.said.title == "1 device needs attention."
    room.until(lambda: rows(room, Modality.PRINTER)[0] == "Trouble")
    room.printer.slow.set()
    room.settle()
    assert screen.said.title == "1 device needs attention.", "an answer that comes too late changes nothing"


# ------------------------------------------------------------------------------------------------- history and faults


def test_what_every_capture_came_to_is_remembered_without_a_word_of_whom(booth: Room) -> None:
    booth.look()
    capture = booth.at_fingers()
    booth.space(capture)
    booth.first.trouble = "device.timeout"
    booth.space(capture)
    booth.context.uses.settle()
    booth.settle()
    health = booth.place.depot.devices.health_of(booth.first.info, now=booth.place.clock.now())
    assert health is not None
    assert (health.uses, health.failures) == (2, 1)


def test_a_fault_is_reported_ages_and_is_closed(room: Room) -> None:
    room.look()
    room.open()
    room.choose_row(FINGER)
    next(action for action in room.screen.pane.faults if "slow" in action.text()).trigger()
    room.until(lambda: room.screen.pane.tickets.mine.title == "Reported today: Has become slow")
    line = room.screen.model.lines[KINDS.index(FINGER)]
    assert line.ticket is not None
    next(action for action in room.screen.pane.tickets.mine.remedies if "Cleaned" in action.text()).trigger()
    room.until(lambda: room.screen.model.lines[KINDS.index(FINGER)].ticket is None)
    said = {item.text() for item in room.screen.pane.findChildren(QLabel)}
    assert any("Has become slow → Cleaned" in text for text in said), "what was done is kept"


def test_a_fault_of_a_device_that_was_replaced_stays_in_sight_and_can_be_closed(room: Room) -> None:
    gone, now = info(FINGER, "OLD-9"), room.place.clock.now()
    room.place.depot.devices.used(Use(gone, 1000), at=now - 100 * DAY)
    room.place.depot.device_tickets.open(device_id(gone), Fault.DEAD, at=now - 95 * DAY)
    room.look()
    room.open()
    room.awaits(FINGER, State.UNTESTED)
    room.choose_row(FINGER)
    room.until(lambda: any(item.isVisible() for item in room.screen.pane.findChildren(TicketBanner)))
    (other,) = [item for item in room.screen.pane.findChildren(TicketBanner) if item.isVisible()]
    assert other.title == "Model OLD-9 · OLD-9: Reported 95 days ago: Does not switch on"
    assert room.screen.model.lines[KINDS.index(FINGER)].ticket is not None
    next(action for action in other.remedies if "No longer" in action.text()).trigger()
    room.until(lambda: room.screen.model.lines[KINDS.index(FINGER)].ticket is None)


# ------------------------------------------------------------------------------------------ what stands beside them


def rows(room: Room, kind: Modality) -> tuple[str, str]:
    """The state and the device of what has no driver."""
    line = room.screen.model.lines[[*KINDS, *devices.BESIDE].index(kind)]
    return line.state.text, line.who


def test_a_document_scanner_is_tested_and_its_test_is_remembered(
    room: Room, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sane = scanimage.install(tmp_path / "bin", b"", monkeypatch)
    room.look()
    screen = room.open()
    room.until(lambda: rows(room, Modality.DOCUMENT) == ("Ready", "Epson Contoh V39"))
    screen.list.setCurrentIndex(screen.model.index(4))
    sane.plan(gone=True)
    room.click("devices.test")
    room.until(lambda: rows(room, Modality.DOCUMENT)[0] == "Trouble")
    assert "Document scanner" in screen.said.accessibleName()
    sane.plan(gone=False)
    room.click("devices.test")
    room.until(lambda: rows(room, Modality.DOCUMENT)[0] == "Ready")


def test_a_printer_that_is_stopped_says_so_and_nobody_learns_how_it_is_called_here(room: Room) -> None:
    printer = room.printer
    printer.known = ("Printer Bu Siti",)
    room.look()
    screen = room.open()
    room.until(lambda: rows(room, Modality.PRINTER) == ("Ready", "Pabrik P-1"))
    printer.fault = "printer.not_ready"
    screen.list.setCurrentIndex(screen.model.index(5))
    room.click("devices.test")
    room.until(lambda: rows(room, Modality.PRINTER)[0] == "Trouble")
    known = room.place.depot.devices.health(now=room.place.clock.now())
    assert [item.info.model for item in known if item.info.kind is Modality.PRINTER] == ["Pabrik P-1"]


def test_people_can_sign_with_whatever_is_there(room: Room) -> None:
    room.look()
    screen = room.open()
    assert rows(room, Modality.SIGNATURE)[0] == "Ready"
    screen.list.setCurrentIndex(screen.model.index(3))
    room.click("devices.test")
    room.until(lambda: screen.said.title == "The device is well.")


def test_signing_out_in_the_middle_of_a_test_ends_it(room: Room) -> None:
    room.first.hangs = True
    room.look()
    screen = room.open()
    screen.start_test()
    room.window.sign_out()
    assert not screen.testing.running
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    room.context.lanes.get(FINGER).used.emit(Use(room.first.info, 1000))  # the lanes outlive the screen
    room.settle()


def _devices(booth: Room, capture: CaptureScreen) -> list[str]:
    """The serials of the devices that took the fingers kept so far."""
    draft = capture.session.draft
    assert draft is not None
    with booth.place.office.applicants.read() as connection:
        kept = captures.all_of(connection, draft.record.record_id)
    return [item.device.serial for item in kept if item.part in FINGERS]
