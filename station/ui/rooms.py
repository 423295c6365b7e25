"""The screens of the office in the order of the rail, and what they ask of each other.

The largest part of the program: whoever imports it waits. The window does so a little at a time while the password is
typed, so nothing that is needed before may import it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from PySide6.QtCore import QObject

from station.ui.screen import Screen
from station.ui.screens.capture import CaptureScreen
from station.ui.screens.devices.screen import DevicesScreen
from station.ui.screens.guard.screen import GuardScreen
from station.ui.screens.records import RecordsScreen
from station.ui.screens.rosters.screen import RostersScreen
from station.ui.screens.sync.screen import SyncScreen
from station.ui.screens.trips.screen import TripsScreen
from station.ui.widgets.packet_tabs import Tab

SCREENS: tuple[type[Screen], ...] = (
    CaptureScreen,
    RecordsScreen,
    TripsScreen,
    RostersScreen,
    SyncScreen,
    DevicesScreen,
    GuardScreen,
)
"""The left rail, in order. A new screen is a file and an entry here."""


class Corridor(Protocol):
    """The way from one screen to another: the window."""

    def open_screen(self, key: str) -> Screen: ...
    def resume(self, record_id: str) -> None: ...
    def record_person(self, nik: str) -> None: ...
    def show_record(self, record_id: str) -> None: ...


def connect(screen: Screen, corridor: Corridor) -> None:
    """What a screen that was just made may ask of another one."""
    if isinstance(screen, RecordsScreen):
        screen.repair_requested.connect(corridor.resume)
        screen.start_requested.connect(lambda: corridor.open_screen(CaptureScreen.key))
    if isinstance(screen, SyncScreen | CaptureScreen):
        screen.record_requested.connect(corridor.show_record)
    if isinstance(screen, SyncScreen):
        screen.draft_requested.connect(corridor.resume)
    if isinstance(screen, TripsScreen):
        screen.record_wanted.connect(corridor.record_person)
        screen.draft_wanted.connect(corridor.resume)
        screen.look_wanted.connect(corridor.show_record)


def booths(window: QObject) -> Sequence[CaptureScreen]:
    """The screens of `window` on which people are captured."""
    return window.findChildren(CaptureScreen)


def resume(screen: Screen, record_id: str) -> None:
    if isinstance(screen, CaptureScreen):
        screen.resume(record_id)


def begin(screen: Screen, nik: str) -> None:
    if isinstance(screen, CaptureScreen):
        screen.begin(nik)


def show_record(screen: Screen, record_id: str) -> None:
    if isinstance(screen, RecordsScreen):
        screen.show_record(record_id)


def test_devices(screen: Screen) -> None:
    if isinstance(screen, DevicesScreen):
        screen.start_test()


def show_repair(screen: Screen) -> None:
    if isinstance(screen, SyncScreen):
        screen.tabs.turn(Tab.REPAIR)
