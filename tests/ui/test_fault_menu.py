"""The trainer's menu of faults: every fault of the simulator is in it, one is on at a time, and none at the end."""

from __future__ import annotations

import pytest
from PySide6.QtGui import QAction
from pytestqt.qtbot import QtBot

from station import i18n
from station.training.simulator.faults import Fault
from station.ui.widgets.fault_menu import FaultMenu


class Told:
    """Remembers what was chosen."""

    names = tuple(fault.value for fault in Fault)

    def __init__(self) -> None:
        self.chosen: list[str] = []

    def choose(self, name: str) -> None:
        self.chosen.append(name)


@pytest.fixture(autouse=True)
def english() -> None:
    i18n.use("en")


def choose(menu: FaultMenu, name: str) -> None:
    action = menu.menu().findChild(QAction, f"training.fault.{name}")
    assert isinstance(action, QAction), name
    action.trigger()


def test_every_fault_of_the_simulator_can_be_chosen_in_words(qtbot: QtBot) -> None:
    told = Told()
    menu = FaultMenu(told)
    qtbot.addWidget(menu)
    for fault in Fault:
        choose(menu, fault.value)
    assert told.chosen == [fault.value for fault in Fault]
    shown = [action.text() for action in menu.menu().actions() if action.text()]
    assert len(set(shown)) == len(Fault) + 1


def test_the_button_says_that_something_is_wrong_but_not_what(qtbot: QtBot) -> None:
    menu = FaultMenu(Told())
    qtbot.addWidget(menu)
    assert menu.text() == "Practise a fault"
    choose(menu, Fault.WRONG_HAND.value)
    assert menu.text() == "A fault is on"
    assert "The other hand" in menu.accessibleName()
    choose(menu, "")
    assert menu.text() == "Practise a fault"
