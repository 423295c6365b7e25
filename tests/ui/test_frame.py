"""The frame: the strip says what matters, chips and keys lead to screens, and it all fits an old screen."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QComboBox, QLabel, QLineEdit, QPushButton
from pytestqt.qtbot import QtBot

from station.desk.delivery import Delivery
from station.domain.delivery import Counts, Link, LinkState
from station.domain.errors import StoreError
from station.ui import theme
from station.ui.context import Context
from station.ui.main_window import MainWindow
from station.ui.screens.records import RecordsScreen
from station.ui.screens.sync.screen import SyncScreen
from station.ui.tasks import Tasks
from station.ui.widgets.rail import Entry, Rail
from tests.support import TODAY, Workplace
from tests.ui.conftest import Hands

OFFLINE = Delivery(
    counts=Counts(queued=22, sending=1, rejected=2, waiting_bytes=6_400_000),
    link=Link(LinkState.OFFLINE, TODAY - timedelta(hours=2), next_try_at=TODAY + timedelta(seconds=47)),
    oldest_waiting_at=TODAY,
    last_receipt_at=None,
    disk_days=41.3,
    paused=False,
)


def _chip(hands: Hands, name: str) -> str:
    return hands.find(QPushButton, f"strip.{name}").text()


def test_the_strip_says_what_matters(signed_in: Hands) -> None:
    signed_in.context.bridge.delivery_changed.emit(OFFLINE)
    assert _chip(signed_in, "link").startswith("Tanpa jaringan · sejak ")
    assert "coba lagi dalam 47 detik" in _chip(signed_in, "link")
    assert _chip(signed_in, "waiting") == "23 menunggu kirim · 6,4 MB"
    assert _chip(signed_in, "repair") == "2 perlu perbaikan"
    assert _chip(signed_in, "disk") == "Disk cukup 41 hari"
    assert _chip(signed_in, "operator") == "Siti R. · Penyelia"
    assert signed_in.find(QLabel, "strip.training").text() == "MODE LATIHAN"


def test_only_the_window_itself_is_a_window(signed_in: Hands, qapp: QApplication) -> None:
    """A widget that is shown before it has a parent flashes up as a window and takes the keyboard away."""
    signed_in.context.bridge.delivery_changed.emit(OFFLINE)
    assert signed_in.window.isActiveWindow()
    assert [widget for widget in qapp.topLevelWidgets() if widget.isVisible()] == [signed_in.window]


def test_good_news_are_short(signed_in: Hands) -> None:
    good = replace(OFFLINE, counts=Counts(receipted=5), link=Link(LinkState.GOOD, TODAY), disk_days=None)
    signed_in.context.bridge.delivery_changed.emit(good)
    assert _chip(signed_in, "waiting") == "Tidak ada yang menunggu"
    assert not signed_in.find(QPushButton, "strip.repair").isVisible()
    assert not signed_in.find(QPushButton, "strip.disk").isVisible()


@pytest.mark.parametrize(("chip", "key"), [("link", "sync"), ("waiting", "sync"), ("repair", "sync")])
def test_each_chip_opens_the_screen_that_explains_it(signed_in: Hands, chip: str, key: str) -> None:
    signed_in.context.bridge.delivery_changed.emit(OFFLINE)
    signed_in.find(QPushButton, f"strip.{chip}").click()
    assert signed_in.window.frame is not None
    assert signed_in.window.frame.current.key == key


def test_the_disk_chip_asks_for_the_screen_of_the_guard(signed_in: Hands) -> None:
    signed_in.context.bridge.delivery_changed.emit(OFFLINE)
    frame, asked = signed_in.window.frame, list[str]()
    assert frame is not None
    frame.strip.wanted.connect(asked.append)
    signed_in.find(QPushButton, "strip.disk").click()
    assert asked == ["guard"]


def test_function_keys_switch_screens(signed_in: Hands) -> None:
    frame = signed_in.window.frame
    assert frame is not None
    QTest.keyClick(signed_in.window, Qt.Key.Key_F6)
    assert isinstance(frame.current, SyncScreen)
    assert signed_in.find(QPushButton, "rail.sync").isChecked()
    QTest.keyClick(signed_in.window, Qt.Key.Key_F3)
    assert isinstance(frame.current, RecordsScreen)


def test_enter_presses_the_focused_button(signed_in: Hands) -> None:
    button = signed_in.find(QPushButton, "rail.sync")
    button.setFocus()
    QTest.keyClick(button, Qt.Key.Key_Return)
    assert signed_in.window.frame is not None
    assert signed_in.window.frame.current.key == "sync"


def test_the_cable_can_be_pulled_in_training(signed_in: Hands) -> None:
    cable = signed_in.context.cable
    assert cable is not None
    assert signed_in.find(QLabel, "cable.state").text() == "Tersambung"
    signed_in.find(QPushButton, "cable.switch").click()
    assert cable.is_cut
    assert signed_in.find(QLabel, "cable.state").text() == "Terputus"
    signed_in.find(QPushButton, "cable.switch").click()
    assert not cable.is_cut


def test_an_error_without_a_field_is_shown_with_its_remedy(signed_in: Hands) -> None:
    signed_in.context.tasks.failed.emit(StoreError("store.disk_full"))
    assert signed_in.window.toast.text == "Disk penuh."


@pytest.mark.parametrize("key", ["records", "sync"])
def test_every_control_has_an_accessible_name_and_a_stable_one(signed_in: Hands, key: str) -> None:
    signed_in.window.open_screen(key)
    signed_in.context.bridge.delivery_changed.emit(OFFLINE)
    signed_in.settle()
    for kind in (QAbstractButton, QLineEdit, QComboBox):
        for control in signed_in.window.findChildren(kind):
            if control.isVisible() and control.focusPolicy() != Qt.FocusPolicy.NoFocus:
                assert control.accessibleName() or getattr(control, "text", str)(), control.objectName()
                assert control.objectName(), control


@pytest.mark.parametrize("scale", [1.0, 1.5])
def test_everything_fits_an_old_screen(
    place: Workplace, context: Context, qtbot: QtBot, qapp: QApplication, scale: float
) -> None:
    theme.apply(qapp, theme.LIGHT, scale)
    window = MainWindow(context, (RecordsScreen, SyncScreen))
    qtbot.addWidget(window)
    window.show()
    window.show_sign_in()
    qtbot.waitUntil(lambda: context.tasks.idle)
    assert window.minimumSizeHint().width() <= 1366
    window.open_office(place.office)
    for key in ("records", "sync"):
        window.open_screen(key)
        context.bridge.delivery_changed.emit(OFFLINE)
        qtbot.waitUntil(lambda: context.tasks.idle)
        hint = window.minimumSizeHint()
        assert (hint.width(), hint.height()) <= (1366, 768)
        assert window.size().width() == 1366
        assert window.size().height() == 768
    theme.apply(qapp)


@pytest.mark.parametrize("scale", [1.0, 1.5])
def test_no_shortcut_of_the_rail_lies_over_a_title(look: None, qtbot: QtBot, qapp: QApplication, scale: float) -> None:
    theme.apply(qapp, theme.LIGHT, scale)
    titles = ("Perekaman", "Daftar sasaran", "Daftar rekaman hari ini")
    rail = Rail([Entry(str(place), title, "mdi6.sync", "Ctrl+D") for place, title in enumerate(titles)])
    qtbot.addWidget(rail)
    rail.resize(rail.width(), 600)
    rail.show()
    qtbot.waitExposed(rail)
    for button in rail.findChildren(QPushButton):
        key = button.findChild(QLabel)
        assert isinstance(key, QLabel)
        assert button.rect().contains(key.geometry())
        title_ends = theme.px(18) + 16 + button.fontMetrics().horizontalAdvance(button.text())
        starts = key.geometry().right() - key.fontMetrics().horizontalAdvance(key.text())
        below = key.geometry().center().y() > button.height() / 2 + key.fontMetrics().height() / 3
        assert starts > title_ends or below, button.text()
    theme.apply(qapp)


# ---------------------------------------------------------------------------------------------------- the task runner


def test_answers_come_in_the_order_of_the_questions(qtbot: QtBot) -> None:
    tasks, heard = Tasks(), list[int]()
    for number in range(5):
        tasks.run(lambda number=number: number, heard.append)  # type: ignore[misc]
    qtbot.waitUntil(lambda: tasks.idle)
    assert heard == [0, 1, 2, 3, 4]
    tasks.stop()


def test_an_error_with_a_name_goes_to_who_asked(qtbot: QtBot) -> None:
    tasks, heard = Tasks(), list[str]()

    def broken() -> None:
        raise StoreError("store.io")

    tasks.run(broken, failed=lambda error: heard.append(error.code))
    with qtbot.waitSignal(tasks.failed) as told:
        tasks.run(broken)
    assert heard == ["store.io"]
    assert told.args is not None
    assert told.args[0].code == "store.io"
    tasks.stop()


def test_a_bug_is_loud_and_the_thread_goes_on(qtbot: QtBot, caplog: pytest.LogCaptureFixture) -> None:
    tasks, heard = Tasks(), list[str]()

    def bug() -> None:
        raise ZeroDivisionError

    tasks.run(bug, failed=lambda error: heard.append(error.code))
    tasks.run(lambda: "still here", heard.append)
    qtbot.waitUntil(lambda: tasks.idle)
    assert heard == ["program.unexpected", "still here"]
    assert [line.levelname for line in caplog.records] == ["CRITICAL"]
    tasks.stop()


def test_after_the_end_nobody_is_called_back(qtbot: QtBot) -> None:
    tasks, heard = Tasks(), list[int]()
    tasks.run(lambda: 1, heard.append)
    tasks.stop()
    tasks.run(lambda: 2, heard.append)
    qtbot.wait(20)
    assert heard == []
