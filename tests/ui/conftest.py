"""Fixtures of the window's tests: the real window on a real station, offscreen, and a way to wait for the desk."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import pytest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from station import i18n
from station.capture.lab import Lab
from station.ui import theme
from station.ui.bridge import Bridge
from station.ui.context import Context
from station.ui.main_window import MainWindow
from station.ui.screens.records import RecordsScreen
from station.ui.screens.rosters.screen import RostersScreen
from station.ui.screens.sync.screen import SyncScreen
from station.ui.tasks import Tasks
from tests.support import PASSWORD, Workplace
from tests.ui.capture_seat import Seat, seat_at

W = TypeVar("W", bound=QWidget)


class PretendCable:
    """The cable of training mode, without a network behind it."""

    def __init__(self) -> None:
        self._cut = False

    def cut(self) -> None:
        self._cut = True

    def mend(self) -> None:
        self._cut = False

    @property
    def is_cut(self) -> bool:
        return self._cut


@dataclass
class Hands:
    """An operator at the window: finds things by name and waits until the desk has answered."""

    window: MainWindow
    context: Context
    qtbot: QtBot

    def find(self, kind: type[W], name: str) -> W:
        found = self.window.findChild(kind, name)
        assert isinstance(found, kind), f"there is no {name}"
        return found

    def settle(self) -> None:
        self.qtbot.waitUntil(lambda: self.context.tasks.idle and self.context.librarian.idle, timeout=10_000)

    def until(self, true: Callable[[], bool]) -> None:
        self.qtbot.waitUntil(true, timeout=10_000)
        self.settle()


@pytest.fixture(scope="module")
def lasting_seat(
    qapp: QApplication, enrolled_folder: Path, tmp_path_factory: pytest.TempPathFactory, lab: Lab
) -> Iterator[Seat]:
    """A seat at the capture screen for all tests of a file: making one takes longer than most of them."""
    theme.apply(qapp)
    i18n.use("en")
    with seat_at(enrolled_folder, tmp_path_factory.mktemp("seat"), lab) as made:
        yield made


@pytest.fixture
def look(qapp: QApplication) -> Iterator[None]:
    """The light theme and Indonesian, as a station starts."""
    theme.apply(qapp)
    i18n.use("id")
    yield
    i18n.use("en")


@pytest.fixture
def context(place: Workplace, look: None) -> Iterator[Context]:
    """A station nobody has signed in to yet."""
    made = Context(
        place.depot,
        Tasks(),
        Bridge(),
        place.clock,
        training=True,
        cable=PretendCable(),
        training_password=PASSWORD,
    )
    yield made
    made.tasks.stop()
    if made.office is not None:
        made.office.rosters.close()
    made.librarian.close()
    if made.office is not None:
        made.office.applicants.close()


@pytest.fixture
def hands(context: Context, qtbot: QtBot) -> Hands:
    """The window at sign-in. The capture screen has its own tests and needs devices, so it is left out here."""
    window = MainWindow(context, (RecordsScreen, RostersScreen, SyncScreen))
    qtbot.addWidget(window)
    window.start()
    window.show()
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    made = Hands(window, context, qtbot)
    made.settle()
    made.settle()
    return made


@pytest.fixture
def signed_in(hands: Hands, place: Workplace) -> Hands:
    """The window with somebody signed in."""
    hands.window.open_office(place.office)
    hands.settle()
    return hands
