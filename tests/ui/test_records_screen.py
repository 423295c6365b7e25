"""The record list: search, filters, pages, the journey of one record, repair, copy, and what an empty list says."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from threading import Event
from types import SimpleNamespace

import pytest
from PySide6.QtCore import QModelIndex, QPoint, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QMenu, QPushButton
from pytestqt.qtbot import QtBot

from station.desk import healing, recording, records
from station.desk.office import Office
from station.domain.draft import Draft
from station.domain.errors import StationError
from station.domain.outcome import Note, Reason, Trouble
from station.domain.record import Record, State
from station.domain.rows import Filter, Order, Page, RecordRow, View
from station.domain.steps import Step
from station.ui.models.records import NAME, PAGE, Found, RecordsModel, short_number
from station.ui.screens.records import RecordsScreen
from station.ui.widgets.table import WITHHELD
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
    filled.screen.table.choose(filled.screen.model.row_of(record_id))
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


@pytest.mark.parametrize("typed", ["/", "Ctrl+F"])
def test_the_search_is_one_key_away(filled: SimpleNamespace, typed: str) -> None:
    filled.screen.table.setFocus()
    key, held = (Qt.Key.Key_Slash, Qt.KeyboardModifier.NoModifier)
    if typed == "Ctrl+F":
        key, held = Qt.Key.Key_F, Qt.KeyboardModifier.ControlModifier
    QTest.keyClick(filled.screen.table, key, held)
    assert filled.hands.window.focusWidget() is filled.screen.search
    QTest.keyClicks(filled.screen.search, "1/2")
    assert filled.screen.search.text() == "1/2"


def test_a_number_with_a_wrong_digit_says_so_and_everything_can_be_shown_again(filled: SimpleNamespace) -> None:
    filled.hands.find(QPushButton, "records.filter.draft").click()
    number = filled.screen.model.rows[0].record.registration_no
    wrong = f"{number[:-1]}{(int(number[-1]) + 1) % 10}"
    filled.screen.search.setText(wrong)
    filled.hands.until(lambda: not filled.screen.model.rows)
    said = [label.text() for label in filled.screen.findChildren(QLabel) if label.isVisible()]
    assert "Ada satu angka yang salah" in said
    QTest.keyClick(filled.hands.find(QPushButton, "records.everything"), Qt.Key.Key_Return)
    filled.hands.until(lambda: len(filled.screen.model.rows) == 3)
    assert filled.screen.search.text() == ""
    assert filled.screen.filters.which is Filter.ALL


def test_a_click_on_a_heading_orders_by_it_and_another_turns_it_round(filled: SimpleNamespace) -> None:
    header = filled.screen.table.horizontalHeader()
    header.sectionClicked.emit(NAME)
    filled.hands.until(lambda: _texts(filled.screen, NAME)[0].startswith("BUDI"))
    assert _texts(filled.screen, NAME) == sorted(_texts(filled.screen, NAME))
    assert str(filled.screen.model.headerData(NAME, Qt.Orientation.Horizontal)).endswith("↑")
    header.sectionClicked.emit(NAME)
    filled.hands.until(lambda: _texts(filled.screen, NAME)[0].startswith("WAYAN"))
    assert str(filled.screen.model.headerData(NAME, Qt.Orientation.Horizontal)).endswith("↓")


def _press(menu: QMenu, *keys: Qt.Key) -> None:
    """Open the menu and go through it by keys; they go where the innermost open menu is."""
    menu.popup(QPoint(300, 100))
    for key in keys:
        QTest.keyClick(QApplication.activePopupWidget() or menu, key)


def test_the_menu_orders_and_narrows_with_keys_alone(filled: SimpleNamespace) -> None:
    view, menu = filled.screen.view, filled.screen.view.menu()
    down, right, enter = Qt.Key.Key_Down, Qt.Key.Key_Right, Qt.Key.Key_Return
    _press(menu, down, right, down, down, enter)  # sort by: last change, recorded, name
    filled.hands.until(lambda: _texts(filled.screen, NAME)[0].startswith("BUDI"))
    assert view.view == View(Order.NAME, descending=False)
    _press(menu, down, down, enter)  # the other way round
    filled.hands.until(lambda: _texts(filled.screen, NAME)[0].startswith("WAYAN"))
    _press(menu, down, down, down, right, down, down, enter)  # day: every day, today, yesterday
    filled.hands.until(lambda: not filled.screen.model.rows)
    assert view.view.narrows
    assert view.text().count("·") == 1
    _press(menu, Qt.Key.Key_Up, enter)  # show everything
    filled.hands.until(lambda: len(filled.screen.model.rows) == 3)
    assert view.view == View()


def test_nothing_found_says_what_to_do(filled: SimpleNamespace) -> None:
    filled.screen.search.setText("zzz")
    filled.hands.until(lambda: not filled.screen.model.rows)
    assert "Tidak ditemukan" in [label.text() for label in filled.screen.findChildren(QLabel) if label.isVisible()]


def test_enter_opens_a_draft(filled: SimpleNamespace, qtbot: QtBot) -> None:
    _choose(filled, filled.draft)
    with qtbot.waitSignal(filled.screen.repair_requested) as asked:
        QTest.keyClick(filled.screen.table, Qt.Key.Key_Return)
    assert asked.args == [filled.draft]


def test_repair_is_done_once_and_takes_nobody_from_other_work(
    filled: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It takes seconds: whoever went on with somebody else types into their form meanwhile."""
    asked: list[str] = []
    filled.screen.repair_requested.connect(asked.append)
    failed: list[StationError] = []
    filled.hands.context.tasks.failed.connect(failed.append)
    go, reopen = Event(), records.reopen

    def slowly(office: Office, record_id: str) -> Draft:
        go.wait(30)
        return reopen(office, record_id)

    monkeypatch.setattr(records, "reopen", slowly)
    row = filled.screen.model.row_of(filled.refused)
    filled.screen._open_row(row)
    filled.screen._open_row(row)
    filled.hands.window.open_screen("sync")
    go.set()
    filled.hands.settle()
    assert (asked, failed) == ([], [])
    assert not filled.screen.isVisible()


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
    assert all(line.count("\t") == 6 for line in lines)
    assert all("••••••••" in line for line in lines)
    assert all(line.split("\t")[1] == WITHHELD for line in lines), "any program may read a clipboard"


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


def test_a_record_that_moved_between_two_pages_is_not_shown_twice() -> None:
    model = RecordsModel()
    model.replace(Found(Page(tuple(a_row(n) for n in range(PAGE)), 300, 0)), NOW)
    model.fetchMore(QModelIndex())
    model.append(Found(Page(tuple(a_row(n) for n in range(PAGE - 1, 299)), 300, PAGE)))
    shown = [row.record.record_id for row in model.rows]
    assert len(shown) == len(set(shown)) == 299
    assert not model.canFetchMore(QModelIndex())


def test_the_same_records_again_keep_selection_and_scrolling(qtbot: QtBot) -> None:
    model = RecordsModel()
    model.replace(Found(Page((a_row(1), a_row(2)), 2, 0)), NOW)
    with qtbot.assertNotEmitted(model.modelReset), qtbot.waitSignal(model.dataChanged):
        model.replace(Found(Page((a_row(1, State.SEALED), a_row(2)), 2, 0)), NOW)
    assert model.rows[0].record.state is State.SEALED


def test_names_are_text_in_tooltips_whatever_they_look_like() -> None:
    model = RecordsModel()
    row = a_row(1)
    model.replace(Found(Page((replace(row, record=replace(row.record, name="<b>A</b>")),), 1, 0)), NOW)
    assert model.index(0, NAME).data(Qt.ItemDataRole.ToolTipRole) == "<span>&lt;b&gt;A&lt;/b&gt;</span>"


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
    filled.screen.table.choose(row(filled.waiting))
    filled.screen.table.choose(row(filled.draft))
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
    assert "Perlu tindakan teknisi" in said
    assert not any("Terkirim sendiri" in text for text in said)


def test_names_get_the_room_that_other_columns_do_not_need(filled: SimpleNamespace) -> None:
    table = filled.screen.table
    wanted = table.sizeHintForColumn(NAME)
    assert table.columnWidth(NAME) >= wanted


@pytest.mark.parametrize(("width", "rows"), [(1024, 2), (1700, 1)])
def test_no_chip_is_cut_where_they_do_not_fit_beside_each_other(filled: SimpleNamespace, width: int, rows: int) -> None:
    filled.hands.window.resize(width, 600)
    chips = filled.screen.filters.findChildren(QPushButton)
    assert len(chips) == len(Filter)
    filled.hands.until(lambda: len({chip.y() for chip in chips}) == rows)
    filled.hands.until(lambda: all(chip.width() >= chip.sizeHint().width() for chip in chips))


def test_a_list_that_comes_after_sign_out_is_nobodys(filled: SimpleNamespace) -> None:
    screen = filled.screen
    screen.context.office = None
    screen._show(Found(Page((), 0, 0), {}))  # fails where somebody must be signed in
    assert len(screen.model.rows) == 3


def test_a_row_that_was_chosen_just_before_sign_out_is_not_looked_at(filled: SimpleNamespace) -> None:
    screen = filled.screen
    asked = screen._asked
    screen._chosen(1)
    screen.context.office = None
    screen._looking.timeout.emit()  # fails where somebody must be signed in
    assert screen._asked == asked
