"""The capture screen with scripted devices, and the hands of an operator; everything below it is real."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import TypeVar

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from station.capture.lab import Lab
from station.capture.rack import Rack
from station.desk import recording
from station.domain.biometrics import FINGERS, Modality
from station.domain.draft import Draft
from station.domain.ports import SystemClock
from station.domain.steps import Step
from station.ui import theme
from station.ui.bridge import Bridge
from station.ui.context import Context
from station.ui.screens.capture import CaptureScreen
from station.ui.screens.steps.device_page import DevicePage
from station.ui.tasks import Tasks
from tests.fakes.scripted_device import ScriptedDevice
from tests.support import Workplace, filled, good_answers

W = TypeVar("W", bound=QWidget)
LONG = 20_000
_SERIALS = count(101)
KINDS = (Modality.FACE, Modality.FINGER, Modality.IRIS)


@contextmanager
def seat_at(enrolled: Path, folder: Path, lab: Lab, kinds: tuple[Modality, ...] = KINDS) -> Iterator[Seat]:
    """A seat at a station of its own: a copy of an `enrolled` folder, with the real clock."""
    place = Workplace(Path(shutil.copytree(enrolled, folder / "station")), "http://127.0.0.1:9", SystemClock())
    place.lab = lab
    seat = Seat(place, kinds)
    yield seat
    seat.close()
    place.close()


class Seat:
    """One screen for many people, one after the other. `qtbot` is the one of the test that runs."""

    def __init__(self, place: Workplace, kinds: tuple[Modality, ...] = KINDS) -> None:
        self.place = place
        self.qtbot: QtBot
        self.devices = {kind: ScriptedDevice(kind) for kind in kinds}
        context = Context(place.depot, Tasks(), Bridge(), SystemClock(), training=True, rack=Rack.of(self.devices))
        context.office = place.office
        self.context = context
        with theme.undressed():  # as the window makes it
            self.screen = CaptureScreen(context)
        self.screen.resize(1158, 712)
        self.screen.show()

    def close(self) -> None:
        self.screen.stop()
        self.context.tasks.stop()
        self.context.lanes.close()
        self.screen.deleteLater()

    @property
    def finger(self) -> ScriptedDevice:
        return self.devices[Modality.FINGER]

    @property
    def iris(self) -> ScriptedDevice:
        return self.devices[Modality.IRIS]

    def newcomer(self, step: Step, *, fingers: bool = False) -> Draft:
        """Somebody new sits down, with every answer given, at `step`; the devices are well.

        With `fingers` all ten have been captured before.
        """
        serial = next(_SERIALS)
        for kind, device in self.devices.items():
            fresh = ScriptedDevice(kind, person=f"person {serial}")
            keep = ("watching", "_stop", "_opened")
            device.__dict__.update({key: value for key, value in fresh.__dict__.items() if key not in keep})
        office = self.place.office
        record_id = recording.start(office).record.record_id
        filled(office, record_id, good_answers(serial))
        if fingers:
            recording.keep(office, record_id, [self.finger._taken(part, 1) for part in FINGERS])
        recording.go_to(office, record_id, step)
        self.screen.resume(record_id)
        self.until(lambda: self.screen.session.draft is not None and self.draft.record.record_id == record_id)
        self.until(lambda: self.screen.step is step)
        return self.draft

    # ------------------------------------------------------------------------------------------------------- looking

    @property
    def draft(self) -> Draft:
        assert self.screen.session.draft is not None
        return self.screen.session.draft

    @property
    def page(self) -> DevicePage:
        page = self.screen.page
        assert isinstance(page, DevicePage)
        return page

    @property
    def problem(self) -> str:
        return self.screen.bench.side.problem.title

    @property
    def focus(self) -> QWidget:
        if QApplication.focusWidget() is None:  # a dialog has just closed
            self.screen.activateWindow()
            self.qtbot.waitUntil(lambda: QApplication.focusWidget() is not None, timeout=LONG)
        found = QApplication.focusWidget()
        assert found is not None
        return found

    def find(self, kind: type[W], name: str) -> W:
        found = [item for item in self.screen.findChildren(kind, name) if item.isVisible()]
        assert found, f"there is no {name}"
        return found[-1]

    def sees(self, name: str) -> bool:
        return any(item.isVisible() for item in self.screen.findChildren(QWidget, name))

    # --------------------------------------------------------------------------------------------------------- doing

    def until(self, true: Callable[[], bool]) -> None:
        self.qtbot.waitUntil(true, timeout=LONG)
        self.idle()

    def idle(self) -> None:
        self.qtbot.waitUntil(lambda: self.context.tasks.idle, timeout=LONG)

    def press(self, key: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        QTest.keyClick(self.focus, key, modifier)
        self.idle()

    def type(self, text: str) -> None:
        QTest.keyClicks(self.focus, text)
        self.idle()

    def click(self, name: str) -> None:
        QTest.mouseClick(self.find(QWidget, name), Qt.MouseButton.LeftButton)
        self.idle()

    def space(self) -> None:
        """Capture, and wait until the device has answered and the desk has stored."""
        page = self.page
        QTest.keyClick(self.focus, Qt.Key.Key_Space)
        self.until(lambda: not page.busy)

    def step(self, step: Step) -> None:
        number = list(Step).index(step) + 1
        self.press(Qt.Key(Qt.Key.Key_0.value + number), Qt.KeyboardModifier.AltModifier)
        assert self.screen.step is step
