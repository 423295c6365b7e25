"""Power, clock and weeks of silence at the window: the screen is locked in time, and everybody is told why."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from PySide6.QtWidgets import QComboBox, QLabel, QPushButton
from pytestqt.qtbot import QtBot

from station.domain.delivery import Link, LinkState
from station.domain.power import Charge, Saving
from station.ui.context import Context
from station.ui.power_guard import PowerGuard
from station.ui.screens.guard.power_card import PowerCard
from station.ui.screens.low_power_dialog import LowPowerDialog
from station.ui.watchman import Watchman
from station.ui.widgets.banner import Banner
from tests.support import HandClock, Workplace
from tests.ui.conftest import Hands
from tests.ui.test_frame import OFFLINE

MAINS, HALF, LITTLE = Charge(90, True), Charge(50, False, 80), Charge(18, False, 12)


class Socket:
    """What the computer runs on."""

    def __init__(self) -> None:
        self.charge: Charge | None = MAINS

    def __call__(self) -> Charge | None:
        return self.charge


class Desk:
    """A booth at which a capture goes on until the test ends it."""

    def __init__(self) -> None:
        self.busy, self.stored = True, 0

    def store(self) -> None:
        self.stored += 1


@pytest.fixture
def socket(context: Context) -> Socket:
    made = Socket()
    context.power = PowerGuard(made)
    return made


@pytest.fixture
def at_work(socket: Socket, signed_in: Hands) -> Hands:
    return signed_in


def test_little_power_locks_the_screen_once_and_says_why(at_work: Hands, socket: Socket) -> None:
    window, power = at_work.window, at_work.context.power
    socket.charge = LITTLE
    power.look()
    assert window.lock.isVisible()
    assert "18 %" in at_work.find(Banner, "lock.why").accessibleName()
    window.lock.hide()
    socket.charge = replace(LITTLE, percent=15)
    power.look()
    assert not window.lock.isVisible(), "somebody decided to go on"
    assert at_work.find(QPushButton, "strip.battery").text() == "Baterai 15 %"


def test_on_mains_nothing_is_said_of_power(at_work: Hands, socket: Socket) -> None:
    assert not at_work.find(QPushButton, "strip.battery").isVisible()
    socket.charge = HALF
    at_work.context.power.look()
    assert at_work.find(QPushButton, "strip.battery").isVisible()
    socket.charge = MAINS
    at_work.context.power.look()
    assert not at_work.find(QPushButton, "strip.battery").isVisible()
    assert not at_work.window.lock.isVisible()


def test_what_is_being_captured_ends_before_the_screen_is_locked(
    context: Context, socket: Socket, place: Workplace, qtbot: QtBot
) -> None:
    desk, context.office, locked = Desk(), place.office, []
    watchman = Watchman(context, lambda: [desk], context.bridge)
    watchman.lock_wanted.connect(lambda title, todo: locked.append(desk.stored))
    socket.charge = LITTLE
    context.power.look()
    assert (locked, desk.stored) == ([], 0)
    desk.busy = False
    qtbot.waitUntil(lambda: bool(locked))
    assert locked == [1], "stored first"
    context.office = None
    watchman.stop()


def test_power_that_comes_back_meanwhile_locks_nothing(context: Context, socket: Socket, place: Workplace) -> None:
    desk, context.office, locked = Desk(), place.office, []
    watchman = Watchman(context, lambda: [desk], context.bridge)
    watchman.lock_wanted.connect(lambda title, todo: locked.append(title))
    socket.charge = LITTLE
    context.power.look()
    socket.charge = MAINS
    context.power.look()
    desk.busy = False
    watchman._save()
    assert (locked, desk.stored) == ([], 0)
    context.office = None
    watchman.stop()


def test_somebody_new_is_begun_on_little_power_only_when_a_person_insists(qtbot: QtBot, signed_in: Hands) -> None:
    begun: list[int] = []
    for button, expected in (("low_power.wait", []), ("low_power.begin", [1])):
        dialog = LowPowerDialog(LITTLE, lambda: begun.append(1), signed_in.window)
        dialog.open()
        assert signed_in.find(QPushButton, "low_power.wait").isDefault()
        signed_in.find(QPushButton, button).click()
        dialog.setParent(None)
        assert begun == expected


@pytest.fixture
def hand(place: Workplace) -> HandClock:
    assert isinstance(place.clock, HandClock)
    return place.clock


def test_a_clock_that_jumps_is_told_at_once_and_kept(signed_in: Hands, hand: HandClock, place: Workplace) -> None:
    watchman = signed_in.window.findChild(Watchman)
    assert isinstance(watchman, Watchman)
    keeper = watchman._clock
    keeper.look()
    hand.wall -= timedelta(hours=3)
    keeper.look()
    signed_in.settle()
    assert "mundur" in signed_in.window.toast.text
    (kept,) = place.depot.clocks.jumps
    assert round(kept.by.total_seconds()) == -3 * 3600


def test_weeks_without_central_are_told_in_the_strip(signed_in: Hands, hand: HandClock) -> None:
    alone = replace(OFFLINE, link=Link(LinkState.OFFLINE, hand.now(), last_good_at=hand.now() - timedelta(days=31)))
    signed_in.context.bridge.delivery_changed.emit(alone)
    chip = signed_in.find(QPushButton, "strip.alone")
    assert chip.isVisible() and "31 hari" in chip.text()
    chip.click()
    assert signed_in.window.frame is not None and signed_in.window.frame.current.key == "sync"


def test_how_power_is_saved_is_chosen_on_the_card_and_kept(signed_in: Hands, place: Workplace, qtbot: QtBot) -> None:
    card = PowerCard(signed_in.context)
    qtbot.addWidget(card)
    card.opened()
    signed_in.settle()
    box, said = card.findChild(QComboBox, "guard.power.saving"), card.findChild(QLabel, "guard.power.state")
    assert isinstance(box, QComboBox) and isinstance(said, QLabel)
    assert box.currentData() == Saving.ON_BATTERY
    box.setCurrentIndex(box.findData(Saving.NEVER))
    box.activated.emit(box.currentIndex())
    signed_in.settle()
    assert place.depot.power.saving is Saving.NEVER
    assert "UPS" in said.text()
