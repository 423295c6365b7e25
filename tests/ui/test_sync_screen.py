"""The synchronisation screen: why, how much, what is stuck, and what can be done about it."""

from __future__ import annotations

import shutil
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QPushButton
from pytestqt.qtbot import QtBot

from station.desk import delivery, records
from station.domain.delivery import Link, LinkState, OutboxItem, Progress, Stage
from station.domain.lane import Condition, LaneName, LaneState
from station.domain.outcome import Note, Trouble
from station.domain.rows import Filter, RecordRow
from station.i18n import _
from station.ui import format as shown
from station.ui import words
from station.ui.packet_words import short_key
from station.ui.screens.letters.letter_dialog import LetterDialog
from station.ui.screens.sync.screen import REFRESH_MS, SyncScreen
from station.ui.widgets.chip_delegate import PART_ROLE
from station.ui.widgets.packet_tabs import Tab
from tests.support import TODAY, HandClock, Workplace
from tests.ui.conftest import Hands

REQUEST = "0193a7c1-2222-7bbb-8ccc-1234567890ab"


@pytest.fixture(scope="module")
def three_sealed(enrolled_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A station that has sealed three records, closed. For copying only."""
    root = Path(shutil.copytree(enrolled_folder, tmp_path_factory.mktemp("three") / "station"))
    place = Workplace(root, "http://127.0.0.1:9", HandClock())
    for number, name in enumerate(("SATU", "DUA", "TIGA"), start=1):
        place.seal(number, name=f"ORANG {name} CONTOH")
    place.close()
    return root


@pytest.fixture
def folder_copy(three_sealed: Path, tmp_path: Path) -> Path:
    """Every `place` of this file has them."""
    return Path(shutil.copytree(three_sealed, tmp_path / "station"))


@pytest.fixture
def sealed(place: Workplace) -> list[RecordRow]:
    """Two packets that wait and one on hold."""
    found = records.search(place.office, "", Filter.ALL, 0, 10).rows
    rows = sorted(found, key=lambda row: row.record.registration_no)
    note = Note(Trouble.KEY_CONFLICT, REQUEST, 409)
    place.depot.outbox.park(rows[2].record.key, note, at=TODAY)
    place.depot.technical_log.add(at=TODAY, lane="uploads", key=rows[2].record.key, note=note)
    place.depot.memory.set_link(
        Link(LinkState.OFFLINE, TODAY, Trouble.OFFLINE, tries=6, next_try_at=TODAY + timedelta(seconds=47))
    )
    return rows


@pytest.fixture
def screen(sealed: list[RecordRow], signed_in: Hands) -> SyncScreen:
    opened = signed_in.window.open_screen("sync")
    assert isinstance(opened, SyncScreen)
    signed_in.until(lambda: opened.tabs.packets[Tab.QUEUE].rowCount() == 2)
    signed_in.until(lambda: _text(opened, "sync.sentence") != "")
    return opened


def _text(screen: SyncScreen, name: str) -> str:
    found = screen.findChild(QLabel, name)
    assert isinstance(found, QLabel)
    return found.text()


def _column(screen: SyncScreen, tab: Tab, column: int) -> list[str]:
    model = screen.tabs.packets[tab]
    return [str(model.index(row, column).data()) for row in range(model.rowCount())]


def _turn(screen: SyncScreen, hands: Hands, tab: Tab) -> None:
    screen.tabs.turn(tab)
    hands.settle()


def test_one_sentence_says_why_nothing_moves(screen: SyncScreen) -> None:
    said = _text(screen, "sync.sentence")
    assert said == "Sekarang tidak ada jaringan. Perekaman tetap berjalan; 2 rekaman aman di stasiun ini."
    assert "47 detik" in _text(screen, "sync.detail")


def test_counters_count(screen: SyncScreen) -> None:
    assert _text(screen, "sync.count.queued.number") == "2"
    assert _text(screen, "sync.count.repair.number") == "1"
    assert _text(screen, "sync.count.repair.remark") == "1 ditahan"
    assert _text(screen, "sync.count.print_ready.number") == "0"


def test_the_queue_shows_who_how_big_and_how_long(screen: SyncScreen, sealed: list[RecordRow]) -> None:
    assert set(_column(screen, Tab.QUEUE, 0)) == {short_key(row.record.key) for row in sealed[:2]}
    assert set(_column(screen, Tab.QUEUE, 1)) == {"ORANG SATU CONTOH", "ORANG DUA CONTOH"}


def test_progress_moves_the_bar_within_a_packet(screen: SyncScreen, sealed: list[RecordRow], signed_in: Hands) -> None:
    key, packet = sealed[0].record.key, sealed[0].packet
    assert packet is not None
    signed_in.context.bridge.progress_changed.emit(Progress(key, packet.size // 2, packet.size, rate_bps=100.0))
    model = screen.tabs.packets[Tab.QUEUE]
    signed_in.until(lambda: any(item.offset for item in model.rows))
    assert {item.stage for item in model.rows} == {Stage.QUEUED, Stage.SENDING}
    row = [item.key for item in model.rows].index(key)
    bar = model.index(row, [column.bar for column in model.columns].index(True))
    assert bar.data(PART_ROLE) == pytest.approx(0.5, abs=0.01)


def test_the_end_is_estimated_from_what_was_measured_and_not_before(
    screen: SyncScreen, place: Workplace, signed_in: Hands
) -> None:
    assert _text(screen, "sync.estimate") == "–"
    place.depot.throughput.add(place.clock.now(), 60_000, 1, 600.0)
    signed_in.context.bridge.delivery_changed.emit(delivery.delivery(place.depot))
    waiting = delivery.delivery(place.depot).counts.waiting_bytes
    minutes = round(waiting / 100 / 60)
    signed_in.until(lambda: _text(screen, "sync.estimate") != "–")
    assert _text(screen, "sync.estimate").startswith(f"≈ {minutes} ")
    assert "100 B/" in _text(screen, "sync.estimate_of")


def test_a_parked_packet_says_why_and_can_be_tried_again(
    screen: SyncScreen, place: Workplace, signed_in: Hands, qtbot: QtBot
) -> None:
    _turn(screen, signed_in, Tab.REPAIR)
    reason = [column.title for column in screen.tabs.packets[Tab.REPAIR].columns].index("Reason")
    assert _column(screen, Tab.REPAIR, reason) == ["Pusat menyimpan isi lain untuk rekaman ini · HTTP 409"]
    retry = signed_in.find(QPushButton, "sync.retry")
    assert not retry.isVisible()
    screen.tabs.table.selectRow(0)
    assert retry.isVisible()
    with qtbot.waitSignal(signed_in.context.bridge.send_now):
        retry.click()
    signed_in.settle()
    assert delivery.delivery(place.depot).counts.parked == 0


def test_enter_on_a_stopped_packet_opens_what_can_be_done(screen: SyncScreen, signed_in: Hands) -> None:
    _turn(screen, signed_in, Tab.REPAIR)
    screen.tabs.table.selectRow(0)
    QTest.keyClick(screen.tabs.table, Qt.Key.Key_Return)
    signed_in.settle()
    letter = signed_in.find(LetterDialog, "letter")
    assert letter.isVisible()
    letter.reject()


def test_technical_notes_can_be_copied(screen: SyncScreen, signed_in: Hands) -> None:
    _turn(screen, signed_in, Tab.NOTES)
    screen.tabs.table.selectRow(0)
    signed_in.find(QPushButton, "sync.copy").click()
    copied = QGuiApplication.clipboard().text()
    assert REQUEST in copied
    assert "key-conflict" in copied


def test_a_chosen_packet_leads_to_its_record(screen: SyncScreen, sealed: list[RecordRow], signed_in: Hands) -> None:
    _turn(screen, signed_in, Tab.REPAIR)
    screen.tabs.table.selectRow(0)
    signed_in.find(QPushButton, "sync.open_record").click()
    signed_in.settle()
    signed_in.settle()
    assert signed_in.window.frame is not None
    assert signed_in.window.frame.current.key == "records"
    assert signed_in.find(QLabel, "records.pane.name").text() == "ORANG TIGA CONTOH"


def test_pause_and_send_now_are_intentions(screen: SyncScreen, signed_in: Hands, qtbot: QtBot) -> None:
    with qtbot.waitSignal(signed_in.context.bridge.send_now):
        signed_in.find(QPushButton, "sync.send_now").click()
    with qtbot.waitSignal(signed_in.context.bridge.pause) as asked:
        signed_in.find(QPushButton, "sync.pause").click()
    assert asked.args == [True]


def test_a_paused_station_offers_to_resume(screen: SyncScreen, place: Workplace, signed_in: Hands) -> None:
    delivery.set_paused(place.depot, True)
    signed_in.context.bridge.delivery_changed.emit(delivery.delivery(place.depot))
    button = signed_in.find(QPushButton, "sync.pause")
    signed_in.until(lambda: button.text() == "Lanjutkan")
    assert not signed_in.find(QPushButton, "sync.send_now").isEnabled()


def test_news_are_read_at_most_five_times_a_second(
    screen: SyncScreen, place: Workplace, signed_in: Hands, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    reads: list[object] = []
    page = place.depot.outbox.page

    def counted(*stages: Any, **how: Any) -> tuple[OutboxItem, ...]:
        reads.append(how)
        return page(*stages, **how)

    monkeypatch.setattr(place.depot.outbox, "page", counted)
    news = delivery.delivery(place.depot)
    for _number in range(500):
        signed_in.context.bridge.delivery_changed.emit(news)
    signed_in.until(lambda: bool(reads))
    qtbot.wait(REFRESH_MS // 2)
    assert len(reads) == 1


def test_only_the_packet_that_moves_is_being_sent(screen: SyncScreen, sealed: list[RecordRow]) -> None:
    model = screen.tabs.packets[Tab.QUEUE]
    first = model.rows[0]
    model.show_progress(Progress(first.key, first.size // 2, first.size, 41_000.0))
    state = [column.title for column in model.columns].index("State")
    assert [text.startswith("Dikirim · ") for text in _column(screen, Tab.QUEUE, state)] == [True, False]
    model.show_progress(Progress())
    assert not any(text.startswith("Dikirim · ") for text in _column(screen, Tab.QUEUE, state))


def test_no_speed_is_shown_when_nothing_is_being_sent(screen: SyncScreen, signed_in: Hands) -> None:
    item = screen.tabs.packets[Tab.QUEUE].rows[0]
    signed_in.context.bridge.progress_changed.emit(Progress(item.key, 10, item.size, 41_000.0))
    signed_in.qtbot.wait(REFRESH_MS + 100)
    assert _text(screen, "sync.count.sending.number") == "0"
    assert _text(screen, "sync.count.sending.remark") == "–"


def test_send_now_and_the_tabs_have_keys(screen: SyncScreen, signed_in: Hands, qtbot: QtBot) -> None:
    for number, tab in reversed(list(enumerate(Tab))):
        QTest.keyClick(screen.tabs.table, Qt.Key(Qt.Key.Key_1 + number), Qt.KeyboardModifier.ControlModifier)
        assert screen.tabs.tab is tab
    screen.tabs.table.selectRow(0)
    with qtbot.waitSignal(signed_in.context.bridge.send_now):
        QTest.keyClick(screen.tabs.table, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert signed_in.window.frame is not None
    assert signed_in.window.frame.current.key == "sync", "Enter with Ctrl opens no record"


def test_a_blocked_station_is_told_until_when_and_what_to_do(
    screen: SyncScreen, place: Workplace, signed_in: Hands
) -> None:
    until = place.clock.now() + timedelta(hours=2)
    link = Link(LinkState.BLOCKED, TODAY, Trouble.BLOCKED, until=until, message="Alat hilang")
    place.depot.memory.set_link(link)
    signed_in.context.bridge.delivery_changed.emit(delivery.delivery(place.depot))
    signed_in.until(lambda: "Alat hilang" in _text(screen, "sync.detail"))
    said = _text(screen, "sync.detail")
    assert words.of_trouble(Trouble.BLOCKED).todo in said
    assert _("blocked until {time}").format(time=shown.when(until, place.clock.now())).lower() in said.lower()


def test_the_number_behind_http_stands_where_the_remedy_speaks_of_it(
    screen: SyncScreen, place: Workplace, signed_in: Hands
) -> None:
    note = Note(Trouble.PROXY, "", 407)
    place.depot.lane_book.put(LaneState(LaneName.UPLOADS, Condition.RESTING, TODAY, note, 1))
    place.depot.memory.set_link(Link(LinkState.PROXY, TODAY, Trouble.PROXY))
    signed_in.context.bridge.delivery_changed.emit(delivery.delivery(place.depot))
    signed_in.until(lambda: "HTTP 407" in _text(screen, "sync.detail"))


def test_the_chart_follows_the_link_and_not_every_piece_of_news(
    screen: SyncScreen, place: Workplace, signed_in: Hands
) -> None:
    news = delivery.delivery(place.depot)
    signed_in.context.bridge.delivery_changed.emit(news)
    assert not screen._day_due.isActive()
    signed_in.context.bridge.delivery_changed.emit(replace(news, link=Link(LinkState.GOOD, TODAY)))
    assert screen._day_due.isActive()
    before = screen.side.day._day
    screen._day_due.timeout.emit()
    signed_in.until(lambda: screen.side.day._day is not before)
