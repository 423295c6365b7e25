"""The tables of the panel: finding among thousands, packets of other stations, history by day, notes with their record.

The tables are tried on real databases without the frame around them.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QPushButton
from pytestqt.qtbot import QtBot
from sqlalchemy import insert, update

from station.desk import delivery, panel
from station.domain.delivery import LogLine, OutboxItem, Progress, Stage
from station.domain.lane import Condition, LaneName, LaneState
from station.domain.outcome import Note, Trouble
from station.domain.rows import RecordRow
from station.i18n import _
from station.store.tables import packet
from station.ui.context import Context
from station.ui.models.packets import HISTORY, QUEUE, PacketsModel
from station.ui.models.technical import TechnicalModel
from station.ui.packet_words import short_key
from station.ui.screens.sync.board import Board
from station.ui.widgets.packet_tabs import PAGE, Tab
from tests.support import TODAY, Workplace, an_item

REQUEST = "0193a7c1-2222-7bbb-8ccc-1234567890ab"
MANY = 10_000


@pytest.fixture
def sealed(place: Workplace) -> RecordRow:
    return place.seal(1, name="ORANG SATU CONTOH")


@pytest.fixture
def board(context: Context, place: Workplace, sealed: RecordRow, qtbot: QtBot) -> Iterator[Board]:
    context.office = place.office
    made = Board(context)
    made.resize(780, 420)
    qtbot.addWidget(made)
    made.show()
    made.read()
    settle(made, qtbot)
    yield made
    made.hide()


def settle(board: Board, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: board._context.tasks.idle)


def shown(board: Board) -> list[str]:
    model = board.tabs.table.model()
    return [str(model.index(row, 0).data()) for row in range(model.rowCount())]


def look_for(board: Board, qtbot: QtBot, text: str) -> list[str]:
    board.search.text.setText(text)
    QTest.keyClick(board.search.text, Qt.Key.Key_Return)
    settle(board, qtbot)
    return shown(board)


def put(place: Workplace, number: int, **columns: object) -> OutboxItem:
    """A packet of nobody here, changed afterwards as other parts of the program would."""
    item = an_item(number)
    place.depot.outbox.add(item)
    if not columns:
        return item
    with place.depot.outbox.database.write() as connection:
        connection.execute(update(packet).where(packet.c.record_id == item.key.record_id).values(**columns))
    return item


def test_a_packet_is_found_by_name_by_record_and_by_receipt(
    board: Board, place: Workplace, sealed: RecordRow, qtbot: QtBot
) -> None:
    other = put(place, 7)
    mine = short_key(sealed.record.key)
    assert look_for(board, qtbot, "") == [mine, short_key(other.key)]
    assert look_for(board, qtbot, "satu cont") == [mine]
    assert look_for(board, qtbot, mine) == [mine]
    assert look_for(board, qtbot, other.key.record_id) == [short_key(other.key)]
    assert look_for(board, qtbot, "%") == []
    put(place, 8, stage="receipted", receipt_no="pusat-00000042", received_at=TODAY)
    board.tabs.turn(Tab.HISTORY)
    assert look_for(board, qtbot, "00042") == [short_key(an_item(8).key)]


def test_ten_thousand_packets_come_a_page_at_a_time(board: Board, place: Workplace, qtbot: QtBot) -> None:
    rows = [
        {"record_id": an_item(number).key.record_id, "revision": 1, "sealed_at": TODAY + timedelta(seconds=number)}
        for number in range(1000, 1000 + MANY)
    ]
    same = {"origin": "", "sha256": "0" * 64, "size": 1000, "kind": "", "priority": 0, "stage": "queued"}
    same |= {"acknowledged": 0, "restarts": 0, "attempts": 0, "receipt_no": "", "reasons": "[]", "central_code": ""}
    same |= {"changed": 1, "carried": False, "came_by": "", "resends": 0, "void_reason": ""}
    with place.depot.outbox.database.write() as connection:
        connection.execute(insert(packet), [{**same, **row} for row in rows])
    board.read()
    settle(board, qtbot)
    model, table = board.tabs.packets[Tab.QUEUE], board.tabs.table
    assert model.rowCount() == PAGE
    table.scrollToBottom()
    qtbot.waitUntil(lambda: model.rowCount() == 2 * PAGE)
    assert len({item.key for item in model.rows}) == 2 * PAGE
    last = an_item(999 + MANY).key
    assert look_for(board, qtbot, last.record_id[-6:]) == [short_key(last)]


def test_a_packet_of_another_station_is_marked_and_stands_below_our_own_without_a_name(
    board: Board, place: Workplace, sealed: RecordRow, qtbot: QtBot
) -> None:
    put(place, 7, carried=True, origin="station-of-others", sealed_at=TODAY - timedelta(days=9))
    board.read()
    settle(board, qtbot)
    assert shown(board) == [short_key(sealed.record.key), short_key(an_item(7).key)]
    assert board.tabs.table.model().index(1, 1).data().endswith("…others")
    board.tabs.table.selectRow(1)
    assert not board.findChild(QPushButton, "sync.open_record").isVisible()  # type: ignore[union-attr]


def test_history_is_newest_first_and_can_be_narrowed_to_a_day(board: Board, place: Workplace, qtbot: QtBot) -> None:
    now = place.clock.now()
    for number, ago in ((7, 1), (8, 0), (9, 40)):
        received = now - timedelta(hours=ago)
        put(place, number, stage="receipted", receipt_no=f"pusat-{number:08d}", received_at=received)
    board.tabs.turn(Tab.HISTORY)
    settle(board, qtbot)
    assert shown(board) == [short_key(an_item(number).key) for number in (8, 7, 9)]
    day = (now - timedelta(hours=40)).astimezone().date()
    board.search.day.setCurrentIndex(board.search.day.findData(day.isoformat()))
    settle(board, qtbot)
    assert shown(board) == [short_key(an_item(9).key)]
    board.tabs.turn(Tab.QUEUE)
    settle(board, qtbot)
    assert len(shown(board)) == 1, "the day of a receipt says nothing about packets that wait"


def test_a_search_that_finds_nothing_does_not_claim_that_nothing_is_there(board: Board, qtbot: QtBot) -> None:
    assert look_for(board, qtbot, "NOBODY") == []
    said = [label.text() for label in board.tabs.findChildren(QLabel) if label.isVisible()]
    assert _("Nothing like that here") in said
    assert _("Nothing is waiting") not in said
    look_for(board, qtbot, "")
    assert board.tabs.table.isVisible()


def test_notes_are_found_by_request_and_lead_to_their_record(
    board: Board, place: Workplace, sealed: RecordRow, qtbot: QtBot
) -> None:
    log = place.depot.technical_log
    log.add(at=TODAY, lane="uploads", key=sealed.record.key, note=Note(Trouble.TIMEOUT, REQUEST))
    log.add(at=TODAY, lane="changes", key=None, note=Note(Trouble.NEWS_UNKNOWN, detail="record.celebrated ×2"))
    board.tabs.turn(Tab.NOTES)
    settle(board, qtbot)
    told = board.tabs.notes.index(0, 3).data()
    assert "record.celebrated" in told, "news of an unknown kind are not shown"
    look_for(board, qtbot, REQUEST[-6:])
    board.tabs.table.selectRow(0)
    with qtbot.waitSignal(board.record_requested) as asked:
        board.findChild(QPushButton, "sync.open_record").click()  # type: ignore[union-attr]
    assert asked.args == [sealed.record.record_id]
    board.tabs.table.copy()
    copied = QGuiApplication.clipboard().text()
    assert REQUEST in copied
    assert f"{sealed.record.record_id}.1" in copied


def test_every_lane_is_listed_with_its_reason(board: Board, place: Workplace, qtbot: QtBot) -> None:
    for name in LaneName:
        place.depot.lane_book.put(LaneState(name, Condition.IDLE, TODAY))
    note = Note(Trouble.TIMEOUT, REQUEST)
    later = place.clock.now() + timedelta(minutes=3)
    place.depot.lane_book.put(LaneState(LaneName.BUNDLES, Condition.RESTING, TODAY, note, 2, later))
    counts = delivery.delivery(place.depot).counts
    board.tabs.turn(Tab.LANES)
    board.show_panel(panel.panel(place.depot, counts, place.clock.now()))
    rows = [[str(board.tabs.lanes.index(row, column).data()) for column in range(4)] for row in range(6)]
    table = board.tabs.table
    assert table.isVisible()
    at = list(LaneName).index(LaneName.BUNDLES)
    assert f"{later.astimezone():%H.%M}" in rows[at][2], "until when"
    room = table.columnWidth(2) - 24
    if table.fontMetrics().horizontalAdvance(rows[at][2]) > room:
        assert table.rowHeight(at) >= 2 * table.fontMetrics().lineSpacing(), "the sentence is cut"


# ----------------------------------------------------------------------------------------- models, without a database


def a_model(*items: OutboxItem) -> PacketsModel:
    model = PacketsModel(QUEUE, PAGE)
    model.replace(items, {}, TODAY, False)
    return model


def test_rows_that_stay_are_not_built_anew_while_others_go(look: None, qtbot: QtBot) -> None:
    items = [an_item(number) for number in range(1, 6)]
    model = a_model(*items)
    with qtbot.assertNotEmitted(model.modelReset):
        model.replace([items[3], *items[1:3], an_item(9)], {}, TODAY, False)
    assert [item.key for item in model.rows] == [item.key for item in (items[3], *items[1:3], an_item(9))]


def test_only_what_changed_is_drawn_again(look: None) -> None:
    items = [an_item(number) for number in range(1, 6)]
    model, drawn = a_model(*items), list[tuple[int, int]]()
    model.dataChanged.connect(lambda first, last: drawn.append((first.row(), last.row())))
    model.replace([*items[:2], an_item(3, attempts=1), *items[3:]], {}, TODAY, False)
    assert drawn == [(2, 2)]


def test_a_read_that_is_older_than_the_progress_does_not_push_the_bar_back(look: None) -> None:
    item = an_item(1)
    model = a_model(item)
    model.show_progress(Progress(item.key, 620, 1000, 100.0))
    model.replace([item], {}, TODAY, False)
    assert model.rows[0].offset == 620


def test_the_queue_says_in_words_where_a_packet_is(look: None) -> None:
    soon = TODAY + timedelta(minutes=12)
    model = a_model(
        an_item(1, stage=Stage.SENDING, offset=620),
        an_item(2),
        an_item(3, next_attempt_at=soon, attempts=2),
        an_item(4, stage=Stage.SENDING, offset=620, handed_at=TODAY, handed_to="station-abcdef"),
    )
    state = [column.title for column in QUEUE].index("State")
    said = [str(model.index(row, state).data()) for row in range(4)]
    assert said[0] == "Lanjut dari 62 %"
    assert "12 menit" in said[2]
    assert "abcdef" in said[3]
    assert len(set(said)) == 4


def test_names_are_asked_for_once(look: None) -> None:
    item = an_item(1)
    model = PacketsModel(HISTORY, PAGE)
    model.replace([item], {item.key: "ORANG SATU CONTOH"}, TODAY, False)
    assert item.key in model.named


def test_a_note_keeps_its_whole_request_id_for_the_clipboard_only(look: None) -> None:
    model = TechnicalModel()
    model.replace([LogLine(TODAY, "uploads", None, Note(Trouble.TIMEOUT, REQUEST))], TODAY)
    assert model.index(0, 5).data() == f"…{REQUEST[-12:]}"


def test_what_was_sealed_within_the_minute_waits_just_now(look: None) -> None:
    model = a_model(an_item(1, sealed_at=TODAY), an_item(2, sealed_at=TODAY - timedelta(minutes=2)))
    age = [column.title for column in QUEUE].index("Waits for")
    assert [model.index(row, age).data() for row in range(2)] == [_("just now"), _("{n} min").format(n=2)]


def test_a_repeated_note_says_first_how_often_it_came_and_when_last() -> None:
    model = TechnicalModel()
    for last, said in (
        (timedelta(minutes=62), "12 times, last {:%H.%M} · "),
        (timedelta(days=2), "12 times, last {:%d-%m %H.%M} · "),
    ):
        note, last_at = Note(Trouble.TIMEOUT, detail="x"), TODAY + last
        model.replace([LogLine(TODAY, "uploads", None, note, times=12, last_at=last_at)], TODAY)
        shown = model.index(0, 3).data()
        assert shown.startswith(said.format(last_at.astimezone()))
        assert shown.endswith(" · x")
