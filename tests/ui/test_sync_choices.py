"""What a person chooses on the panel: hours, neighbours, notices, sticks and the diagnosis bundle."""

from __future__ import annotations

from datetime import timedelta

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QCheckBox, QDialog, QLabel, QMenu, QPushButton
from pytestqt.qtbot import QtBot
from sqlalchemy import insert

from station.desk import delivery
from station.domain.comparison import Comparison
from station.domain.speed import SpeedRules, Window
from station.domain.stock import Batch, Stock
from station.store.memory import put_stock
from station.store.tables import notice
from station.ui.screens.sync.notices_dialog import NoticesDialog
from station.ui.screens.sync.screen import SyncScreen
from station.ui.screens.sync.speed_dialog import SpeedDialog
from station.ui.widgets.packet_tabs import Tab
from tests.support import Workplace
from tests.ui.conftest import Hands


@pytest.fixture
def screen(signed_in: Hands) -> SyncScreen:
    opened = signed_in.window.open_screen("sync")
    assert isinstance(opened, SyncScreen)
    signed_in.until(lambda: text(signed_in, "sync.sentence") != "")
    return opened


def text(hands: Hands, name: str) -> str:
    return hands.find(QLabel, name).text()


def tell(place: Workplace, hands: Hands, *titles: str) -> None:
    """Central has told of these, as the change feed keeps them."""
    with place.depot.outbox.database.write() as connection:
        for number, title in enumerate(titles):
            at = place.clock.now() - timedelta(minutes=number)
            row = {"notice_id": f"n{number}", "title": title, "body": "<b>Isi</b>", "audience": "", "told_at": at}
            connection.execute(insert(notice).values(**row))
    hands.context.bridge.delivery_changed.emit(delivery.delivery(place.depot))


def test_hours_that_were_chosen_are_kept_and_whoever_delivers_is_woken(
    screen: SyncScreen, place: Workplace, signed_in: Hands, qtbot: QtBot
) -> None:
    rules = SpeedRules(256, (Window(place.clock.now().time(), place.clock.now().time().replace(hour=23), 0),))
    signed_in.find(QPushButton, "sync.speed.open").click()
    signed_in.settle()
    with qtbot.waitSignal(signed_in.context.bridge.rules_changed):
        signed_in.find(SpeedDialog, "sync.speed").chosen.emit(rules)
    assert place.depot.memory.speed == rules
    signed_in.find(SpeedDialog, "sync.speed").reject()


def test_carrying_for_neighbours_is_off_until_somebody_switches_it_on(
    screen: SyncScreen, place: Workplace, signed_in: Hands, qtbot: QtBot
) -> None:
    screen.tabs.turn(Tab.LANES)
    signed_in.context.bridge.delivery_changed.emit(delivery.delivery(place.depot))
    signed_in.until(lambda: text(signed_in, "sync.relay.reason") != "")
    switch = signed_in.find(QCheckBox, "sync.relay")
    assert switch.isVisible()
    assert not switch.isChecked()
    before = text(signed_in, "sync.relay.reason")
    switch.setFocus()
    with qtbot.waitSignal(signed_in.context.bridge.rules_changed):
        QTest.keyClick(switch, Qt.Key.Key_Space)
    signed_in.until(lambda: text(signed_in, "sync.relay.reason") != before)
    assert switch.isChecked()
    assert place.depot.relay.choice is True


def test_a_notice_stands_at_the_top_and_on_the_strip_until_it_is_seen(
    screen: SyncScreen, place: Workplace, signed_in: Hands
) -> None:
    chip = signed_in.find(QPushButton, "strip.notice")
    assert not chip.isVisible()
    tell(place, signed_in, "Pemeliharaan", "Blanko")
    bar = screen._notices
    signed_in.until(bar.isVisible)
    assert "Pemeliharaan" in bar.title
    assert chip.isVisible()
    signed_in.find(QPushButton, "sync.notice.seen").click()
    signed_in.until(lambda: "Blanko" in bar.title)
    signed_in.find(QPushButton, "sync.notice.read").click()
    dialog = signed_in.find(NoticesDialog, "sync.notices")
    assert "<b>Isi</b>" in {label.text() for label in dialog.findChildren(QLabel)}
    dialog.accept()
    signed_in.until(lambda: not bar.isVisible())
    assert not chip.isVisible()
    assert signed_in.find(QPushButton, "sync.notices.open").isVisible(), "there is no way back to what was read"


def test_blanks_and_the_comparison_with_central_are_told(
    screen: SyncScreen, place: Workplace, signed_in: Hands
) -> None:
    place.depot.memory.reconciled = Comparison(place.clock.now(), days=3, packets=61)
    with place.depot.outbox.database.write() as connection:
        put_stock(connection, Stock((Batch("A", 50), Batch("B", 30)), place.clock.now()))
    assert not signed_in.find(QLabel, "sync.compared").isVisible()
    signed_in.context.bridge.delivery_changed.emit(delivery.delivery(place.depot))
    compared = signed_in.find(QLabel, "sync.compared")
    signed_in.until(compared.isVisible)
    assert f"{place.clock.now().astimezone():%H.%M}" in compared.text()
    assert "80" in text(signed_in, "sync.count.print_ready.remark")


def test_sticks_and_the_diagnosis_are_one_press_away(screen: SyncScreen, signed_in: Hands) -> None:
    signed_in.find(QPushButton, "sync.diagnosis").click()
    signed_in.find(QDialog, "diagnosis").reject()
    for menu in signed_in.find(QPushButton, "sync.stick").findChildren(QMenu):
        for action in menu.actions():
            action.trigger()
            signed_in.settle()
            dialog = signed_in.window.findChildren(QDialog)[-1]
            assert dialog.isVisible(), action.text()
            dialog.reject()


def test_everything_can_be_reached_when_the_buttons_fold(screen: SyncScreen, signed_in: Hands) -> None:
    head = screen._head
    wide = {action.text() for menu in head._stick.findChildren(QMenu) for action in menu.actions()}
    wide |= {head._speed.text(), head._diagnosis.text()}
    folded = {action.text() for menu in head._more.findChildren(QMenu) for action in menu.actions()}
    assert folded == wide
    assert not head._more.isVisible()
    signed_in.window.resize(1024, 600)
    signed_in.until(head._more.isVisible)
    assert not head._speed.isVisible()
    assert head.minimumSizeHint().width() == 0
