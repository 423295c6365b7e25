"""Choosing a village by typing: with the keyboard only, among places of the same name, with the longest names."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from station import i18n
from station.domain.regions import Village
from station.store.villages import VillageTable
from station.ui import theme
from station.ui.form.choice_list import ChoiceList
from station.ui.form.village_entry import VillageEntry

COUNTRY = VillageTable(training=False)
OFFICE = "33.25.07"
LONGEST = "KAMPUANG TANJUANG KOTO MAMBANG SUNGAI DURIAN"


class Desk:
    """Answers from the country's table a moment later; while `busy` it keeps its answers back."""

    def __init__(self) -> None:
        self.busy = False
        self.waiting: list[Callable[[], None]] = []

    def find_villages(self, typed: str, done: Callable[[tuple[Village, ...]], None]) -> None:
        self._answer(lambda: done(COUNTRY.find(typed, 20, OFFICE)))

    def village(self, code: str, done: Callable[[Village | None], None]) -> None:
        self._answer(lambda: done(COUNTRY.get(code)))

    def answer_now(self) -> None:
        self.busy = False
        for answer in self.waiting:
            answer()
        self.waiting.clear()

    def _answer(self, answer: Callable[[], None]) -> None:
        if self.busy:
            self.waiting.append(answer)
        else:
            QTimer.singleShot(0, answer)


@pytest.fixture(autouse=True)
def look(qapp: QApplication) -> Iterator[None]:
    theme.apply(qapp)
    i18n.use("en")
    yield


@pytest.fixture
def desk() -> Desk:
    return Desk()


@pytest.fixture
def entry(qtbot: QtBot, desk: Desk) -> Iterator[VillageEntry]:
    window = QWidget()
    made, other = VillageEntry(desk), QLineEdit()
    made.setObjectName("form.village")
    column = QVBoxLayout(window)
    for line in (made, other):
        column.addWidget(line)
    column.addStretch(1)
    qtbot.addWidget(window)
    window.resize(820, 600)
    window.show()
    qtbot.waitExposed(window)
    window.activateWindow()
    made.setFocus()
    qtbot.waitUntil(made.hasFocus)
    yield made
    window.close()


def list_of(entry: VillageEntry) -> ChoiceList:
    found = entry.window().findChild(ChoiceList, "form.village.list")
    assert isinstance(found, ChoiceList)
    return found


def lines(entry: VillageEntry) -> list[str]:
    model = list_of(entry).model()
    return [str(model.index(row, 0).data()) for row in range(model.rowCount())]


def type_and_wait(qtbot: QtBot, entry: VillageEntry, text: str) -> None:
    QTest.keyClicks(entry, text)
    qtbot.waitUntil(lambda: entry.list_open)


def test_two_villages_of_one_name_are_listed_with_what_tells_them_apart(qtbot: QtBot, entry: VillageEntry) -> None:
    type_and_wait(qtbot, entry, "lebo")
    assert lines(entry)[:2] == [
        "LEBO\t33.25.07.2015\nDESA · KECAMATAN GRINGSING · KABUPATEN BATANG · JAWA TENGAH",
        "LEBO\t33.25.12.2015\nDESA · KECAMATAN WARUNGASEM · KABUPATEN BATANG · JAWA TENGAH",
    ]


def test_the_second_one_is_chosen_with_the_keyboard_alone(qtbot: QtBot, entry: VillageEntry) -> None:
    type_and_wait(qtbot, entry, "lebo")
    QTest.keyClick(entry, Qt.Key.Key_Down)
    with qtbot.waitSignal(entry.entered):
        QTest.keyClick(entry, Qt.Key.Key_Return)
    assert entry.value() == "33.25.12.2015"
    assert entry.text() == "LEBO"
    assert entry.trailing == "WARUNGASEM · KABUPATEN BATANG · 33.25.12.2015"
    assert not entry.list_open


def test_esc_closes_the_list_and_keeps_what_was_typed_and_down_opens_it_again(
    qtbot: QtBot, entry: VillageEntry
) -> None:
    type_and_wait(qtbot, entry, "lebo")
    QTest.keyClick(entry, Qt.Key.Key_Escape)
    assert not list_of(entry).isVisible()
    assert entry.text() == "LEBO"
    assert entry.hasFocus()
    QTest.keyClick(entry, Qt.Key.Key_Down)
    qtbot.waitUntil(lambda: entry.list_open)
    assert len(lines(entry)) == 20


def test_too_few_letters_and_nothing_found_say_what_to_do(qtbot: QtBot, entry: VillageEntry) -> None:
    QTest.keyClicks(entry, "le")
    assert lines(entry) == ["Type three letters or more."]
    assert not entry.list_open
    QTest.keyClicks(entry, "xqz")
    qtbot.waitUntil(lambda: "No village found" in lines(entry)[0])
    assert list_of(entry).isVisible()
    with qtbot.waitSignal(entry.entered):
        QTest.keyClick(entry, Qt.Key.Key_Return)
    assert entry.value() == "LEXQZ"


def test_a_remark_cannot_be_chosen_and_goes_away_with_esc_and_with_the_text(qtbot: QtBot, entry: VillageEntry) -> None:
    QTest.keyClicks(entry, "le")
    QTest.keyClick(entry, Qt.Key.Key_Down)
    assert entry.value() == "LE"
    QTest.keyClick(entry, Qt.Key.Key_Escape)
    assert not list_of(entry).isVisible()
    QTest.keyClicks(entry, "b")
    qtbot.waitUntil(lambda: entry.list_open)
    entry.selectAll()
    QTest.keyClick(entry, Qt.Key.Key_Delete)
    assert not list_of(entry).isVisible()


def test_an_answer_to_what_was_typed_before_is_not_shown(qtbot: QtBot, entry: VillageEntry, desk: Desk) -> None:
    desk.busy = True
    QTest.keyClicks(entry, "lebo gringsing")
    answers = list(desk.waiting)
    answers[0]()
    assert not entry.list_open
    desk.answer_now()
    assert [line.partition("\t")[0] for line in lines(entry)] == ["LEBO"]


def test_enter_waits_for_the_answer_and_takes_the_only_village(qtbot: QtBot, entry: VillageEntry, desk: Desk) -> None:
    desk.busy = True
    QTest.keyClicks(entry, "lebo gringsing")
    with qtbot.assertNotEmitted(entry.entered):
        QTest.keyClick(entry, Qt.Key.Key_Return)
    with qtbot.waitSignal(entry.entered) as going:
        desk.answer_now()
    assert going.args == [False]
    assert entry.value() == "33.25.07.2015"


def test_enter_never_chooses_among_several_villages_that_were_not_seen(
    qtbot: QtBot, entry: VillageEntry, desk: Desk
) -> None:
    desk.busy = True
    QTest.keyClicks(entry, "lebo")
    QTest.keyClick(entry, Qt.Key.Key_Return)
    with qtbot.assertNotEmitted(entry.entered):
        desk.answer_now()
    assert entry.list_open
    assert entry.value() == "LEBO"


def test_a_desk_that_never_answers_does_not_hold_the_operator(qtbot: QtBot, entry: VillageEntry, desk: Desk) -> None:
    desk.busy = True
    QTest.keyClicks(entry, "lebo")
    QTest.keyClick(entry, Qt.Key.Key_Return)
    with qtbot.waitSignal(entry.entered):
        QTest.keyClick(entry, Qt.Key.Key_Return)
    assert entry.value() == "LEBO"


def test_a_code_typed_in_full_is_taken_as_it_is_and_one_without_dots_is_offered(
    qtbot: QtBot, entry: VillageEntry
) -> None:
    type_and_wait(qtbot, entry, "3325072015")
    with qtbot.waitSignal(entry.entered):
        QTest.keyClick(entry, Qt.Key.Key_Return)
    assert entry.value() == "33.25.07.2015"
    entry.selectAll()
    QTest.keyClicks(entry, "33.25.12.2015")
    assert not entry.list_open
    assert entry.value() == "33.25.12.2015"


def test_an_ended_village_is_shown_as_such_and_not_lost(qtbot: QtBot, entry: VillageEntry) -> None:
    entry.show_value("91.01.01.1002")
    qtbot.waitUntil(lambda: entry.text() == "SAMKAI")
    assert entry.trailing == "(old code) MERAUKE · KABUPATEN MERAUKE · 91.01.01.1002"
    assert entry.value() == "91.01.01.1002"
    entry.show_value("33.25.07.2999")
    assert entry.value() == entry.text() == "33.25.07.2999"


def test_the_longest_names_stand_beside_their_parents(qtbot: QtBot, entry: VillageEntry) -> None:
    longest = COUNTRY.find(LONGEST, 1)[0]
    assert len(longest.name) == 44
    entry.show_value(longest.code)
    qtbot.waitUntil(lambda: entry.text() == LONGEST)
    name = entry.fontMetrics().horizontalAdvance(entry.text())
    assert name <= entry.width() - entry.textMargins().right() - 16
    assert entry.trailing.startswith(longest.parents)


@pytest.mark.parametrize("room_above", [0, 480])
def test_the_list_stays_inside_the_window(qtbot: QtBot, entry: VillageEntry, room_above: int) -> None:
    column = entry.window().layout()
    assert isinstance(column, QVBoxLayout)
    column.insertSpacing(0, room_above)
    column.activate()
    type_and_wait(qtbot, entry, "sukamaju")
    assert entry.window().rect().contains(list_of(entry).geometry())
