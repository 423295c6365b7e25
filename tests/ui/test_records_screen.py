"""The record list: search, filters, pages, the journey of one record, repair, copy, and what an empty list says."""

from __future__ import annotations

from datetime import UTC, datetime
from types import SimpleNamespace

import pytest
from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QLineEdit, QPushButton
from pytestqt.qtbot import QtBot

from station.desk import healing, recording
from station.domain.outcome import Note, Reason, Trouble
from station.domain.record import Record, State
from station.domain.rows import Filter, Page, RecordRow
from station.domain.steps import Step
from station.ui.models.records import NAME, PAGE, Found, RecordsModel, short_number
from station.ui.screens.records import RecordsScreen
from tests.support import TODAY, Workplace
from tests.ui.conftest import Hands

NOW = datetime(2026, 11, 21, 3, 0, tzinfo=UTC)


def a_row(number: int, state: State = State.DRAFT) -> RecordRow:
    record = Record(
        f"id-{number}", 1, state, f"R-990101-01-20261121-{number:04d}-7", f"990101610488{number:04d}",
        f"ORANG {number}", "99.01.01.2001", NOW, None, NOW,
    )  # fmt: skip
    return RecordRow(record, Step.FINGERS, None)


@pytest.fixture
def filled(signed_in: Hands, place: Workplace) -> SimpleNamespace:
    """A draft, a waiting record and one that central refused, on the screen."""
    draft = place.draft(1, name="BUDI SANTOSO CONTOH")
    recording.go_to(place.office, draft, Step.FINGERS)
    waiting = place.seal(2, name="WAYAN CONTOH")
    refused = place.seal(3, name="MARIA GORETI CONTOH")
    place.depot.outbox.reject(refused.record.key, [Reason("kk.region_differs", "kk", "")], at=TODAY)
    healing.take_over(place.office, place.depot.outbox.of_records([refused.record.record_id]).values())
    screen = signed_in.window.open_screen("records")
    assert isinstance(screen, RecordsScreen)
    signed_in.until(lambda: len(screen.model.rows) == 3)
    return SimpleNamespace(
        screen=screen, draft=draft, waiting=waiting.record.record_id, refused=refused.record.record_id, hands=signed_in
    )


def _choose(filled: SimpleNamespace, record_id: str) -> None:
    filled.screen.table.selectRow(filled.screen.model.row_of(record_id))
    filled.hands.until(lambda: filled.screen.pane.record_id == record_id)


def _texts(screen: RecordsScreen, column: int) -> list[str]:
    return [str(screen.model.index(row, column).data()) for row in range(screen.model.rowCount())]


def test_rows_mask_the_nik_and_say_the_state_in_a_word(filled: SimpleNamespace) -> None:
    assert all("••••••••" in text for text in _texts(filled.screen, 2))
    assert set(_texts(filled.screen, 5)) == {"Draf · Sidik jari", "Menunggu kirim", "Perlu perbaikan"}
    assert "SUKAMAJU" in _texts(filled.screen, 3)[0]


def test_chips_count_and_filter(filled: SimpleNamespace) -> None:
    chip = filled.hands.find(QPushButton, "records.filter.draft")
    assert chip.text() == "Draf 1"
    chip.click()
    filled.hands.settle()
    assert _texts(filled.screen, 1) == ["BUDI SANTOSO CONTOH"]


def test_ctrl_f_searches_by_name(filled: SimpleNamespace) -> None:
    field = filled.hands.find(QLineEdit, "records.search")
    QTest.keyClick(filled.hands.window, Qt.Key.Key_F, Qt.KeyboardModifier.ControlModifier)
    assert filled.hands.window.focusWidget() is field
    QTest.keyClicks(field, "wayan")
    filled.hands.until(lambda: len(filled.screen.model.rows) == 1)
    assert _texts(filled.screen, 1) == ["WAYAN CONTOH"]


def test_nothing_found_says_what_to_do(filled: SimpleNamespace) -> None:
    filled.screen.search.setText("zzz")
    filled.hands.until(lambda: not filled.screen.model.rows)
    assert "Tidak ditemukan" in [label.text() for label in filled.screen.findChildren(QLabel) if label.isVisible()]


def test_enter_opens_a_draft(filled: SimpleNamespace, qtbot: QtBot) -> None:
    _choose(filled, filled.draft)
    with qtbot.waitSignal(filled.screen.repair_requested) as asked:
        QTest.keyClick(filled.screen.table, Qt.Key.Key_Return)
    assert asked.args == [filled.draft]


def test_a_refusal_explains_itself_and_repair_opens_a_draft_again(
    filled: SimpleNamespace, place: Workplace, qtbot: QtBot
) -> None:
    _choose(filled, filled.refused)
    said = " ".join(label.text() for label in filled.screen.pane.findChildren(QLabel) if label.isVisible())
    assert "Pusat meminta 1 perbaikan" in said
    assert "Wilayah KK berbeda dari alamat." in said
    with qtbot.waitSignal(filled.screen.repair_requested) as asked:
        filled.hands.find(QPushButton, "records.pane.repair").click()
    assert asked.args == [filled.refused]
    assert recording.resume(place.office, filled.refused).record.revision == 2


def test_the_journey_names_the_operator_and_the_moment(filled: SimpleNamespace) -> None:
    _choose(filled, filled.waiting)
    said = [label.text() for label in filled.screen.pane.findChildren(QLabel) if label.isVisible()]
    assert "Disegel di stasiun" in said
    assert any("Siti R." in text for text in said)
    assert not filled.hands.find(QPushButton, "records.pane.repair").isVisible()


def test_selected_rows_are_copied_as_text(filled: SimpleNamespace) -> None:
    filled.screen.table.selectAll()
    QTest.keyClick(filled.screen.table, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    lines = QGuiApplication.clipboard().text().split("\n")
    assert len(lines) == 3
    assert all(line.count("\t") == 5 for line in lines)
    assert all("••••••••" in line for line in lines)


def test_an_empty_station_asks_for_the_first_recording(signed_in: Hands, qtbot: QtBot) -> None:
    screen = signed_in.window.open_screen("records")
    assert isinstance(screen, RecordsScreen)
    signed_in.settle()
    begin = signed_in.find(QPushButton, "records.start")
    assert begin.isVisible()
    with qtbot.waitSignal(screen.start_requested):
        begin.click()


def test_news_keep_the_chosen_record(filled: SimpleNamespace) -> None:
    _choose(filled, filled.waiting)
    filled.hands.context.bridge.records_changed.emit()
    filled.hands.until(lambda: not filled.screen._news.isActive())
    filled.hands.settle()
    assert filled.screen.model.rows[filled.screen.table.rows()[0]].record.record_id == filled.waiting


# ---------------------------------------------------------------------------------------------------- the model


def test_more_rows_are_asked_for_once() -> None:
    model = RecordsModel()
    asked: list[int] = []
    model.more_wanted.connect(asked.append)
    model.replace(Found(Page(tuple(a_row(n) for n in range(PAGE)), 500, 0)), NOW)
    assert model.canFetchMore(QModelIndex())
    model.fetchMore(QModelIndex())
    assert not model.canFetchMore(QModelIndex())
    assert asked == [PAGE]
    model.append(Found(Page(tuple(a_row(n) for n in range(PAGE, 500)), 500, PAGE)))
    assert model.rowCount() == 500
    assert not model.canFetchMore(QModelIndex())


def test_a_page_that_comes_too_late_is_dropped() -> None:
    model = RecordsModel()
    model.replace(Found(Page((a_row(1),), 1, 0)), NOW)
    model.append(Found(Page((a_row(2),), 900, 200)))
    assert model.rowCount() == 1
    assert model.total == 1


def test_registration_numbers_are_short_in_the_list() -> None:
    assert short_number("R-990101-01-20261121-0042-7", NOW) == "0042-7"
    assert short_number("R-990101-01-20261120-0042-7", NOW) == "20-11 · 0042-7"
    assert short_number("R-990101-01-20251120-0042-7", NOW) == "20-11-2025 · 0042-7"
    assert short_number("sesuatu", NOW) == "sesuatu"


def test_the_first_record_is_chosen_when_nothing_else_is(filled: SimpleNamespace) -> None:
    screen = filled.screen
    filled.hands.until(lambda: screen.pane.record_id == screen.model.rows[0].record.record_id)
    assert screen.table.rows() == [0]
    screen.filters.choose(Filter.NEEDS_REPAIR)
    screen.read()
    filled.hands.until(lambda: screen.pane.record_id == filled.refused)
    assert screen.table.rows() == [0]


def test_what_is_chosen_stays_chosen_when_news_arrive(filled: SimpleNamespace) -> None:
    _choose(filled, filled.draft)
    filled.screen.read()
    filled.hands.settle()
    assert filled.screen.table.rows() == [filled.screen.model.row_of(filled.draft)]


def test_a_journey_that_comes_late_does_not_replace_the_one_that_is_chosen(filled: SimpleNamespace) -> None:
    _choose(filled, filled.draft)
    row = filled.screen.model.row_of
    filled.screen.table.selectRow(row(filled.waiting))
    filled.screen.table.selectRow(row(filled.draft))
    filled.hands.settle()
    assert filled.screen.pane.record_id == filled.draft


def test_a_record_on_hold_is_not_promised_to_go_by_itself(filled: SimpleNamespace, place: Workplace) -> None:
    note = Note(Trouble.KEY_CONFLICT, "", 409)
    key = next(row.record.key for row in filled.screen.model.rows if row.record.record_id == filled.waiting)
    place.depot.outbox.park(key, note, at=TODAY)
    _choose(filled, filled.draft)
    _choose(filled, filled.waiting)
    filled.hands.settle()
    said = [label.text() for label in filled.screen.pane.findChildren(QLabel) if label.isVisible()]
    assert "Menunggu teknisi" in said
    assert not any("Terkirim sendiri" in text for text in said)


def test_names_get_the_room_that_other_columns_do_not_need(filled: SimpleNamespace) -> None:
    table = filled.screen.table
    wanted = table.sizeHintForColumn(NAME)
    assert table.columnWidth(NAME) >= wanted
