"""The pane beside the list: what happens next, the journey in plain words, and what people see of others' texts."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QPushButton, QScrollArea, QWidget
from pytestqt.qtbot import QtBot

from station.desk import healing
from station.domain.actor import Actor
from station.domain.central_codes import STATUSES
from station.domain.delivery import Stage
from station.domain.next_step import Situation
from station.domain.outcome import Accepted, Note, Reason, Trouble
from station.domain.record import Record, RecordKey, State
from station.domain.rows import Happening, Moment, RecordRow, Timeline
from station.domain.steps import Step
from station.store import audit
from station.ui import labels, next_words
from station.ui.models.records import NEWS
from station.ui.moment_words import entry
from station.ui.screens.records import RecordsScreen
from station.ui.widgets.record_pane import RecordPane
from station.wire import Event
from tests.support import TODAY, HandClock, Workplace, an_item
from tests.ui.conftest import Hands

EVIL = "<b>EVIL</b><img src='x'>"


def a_row(state: State = State.ACCEPTED, name: str = "SITI AMINAH CONTOH", **packet: Any) -> RecordRow:
    record = Record("id", 1, state, "R-990101-01-20261121-0001-7", "9901016104880001", name, "", TODAY, None, TODAY)
    return RecordRow(record, Step.FINGERS, an_item(**packet) if packet else None)


def shown(widget: QWidget) -> list[str]:
    return [label.text() for label in widget.findChildren(QLabel) if label.isVisible() and label.text()]


@pytest.fixture
def pane(look: None, qtbot: QtBot) -> RecordPane:
    made = RecordPane()
    qtbot.addWidget(made)
    made.resize(324, 580)
    made.show()
    return made


def test_the_card_names_who_must_act_and_what_to_do(pane: RecordPane) -> None:
    row = a_row(stage=Stage.RECEIPTED, received_at=TODAY, central_code="DUPLICATE_RECORD", central_at=TODAY)
    pane.show_timeline(Timeline(row, (), (), None), {}, "SUKAMAJU", TODAY)
    card = pane.findChild(QWidget, "records.pane.next")
    assert card is not None
    assert "Dinas" in " ".join(shown(card))
    assert card.accessibleName().count(".") >= 2


def test_every_situation_and_everybody_who_acts_has_words() -> None:
    assert set(next_words._WHO) == set(Actor)
    own = {Situation.STATUS, Situation.STATUS_LONG, Situation.ON_HOLD}
    assert set(next_words._TODO) == set(Situation) - own


@pytest.mark.parametrize("code", [*STATUSES, "FOO_BAR"])
def test_each_status_is_told_with_its_age_its_code_and_its_meaning(code: str, look: None) -> None:
    told = entry(Moment(Happening.CENTRAL, TODAY - timedelta(days=3), code), {}, TODAY)
    assert told.title
    assert code in told.detail
    assert "3" in told.detail
    assert told.more


def test_a_status_that_stands_too_long_is_told_in_another_tone(look: None) -> None:
    moment = Moment(Happening.CENTRAL, TODAY - timedelta(days=20), "SENT_FOR_ENROLLMENT", late=True)
    assert entry(moment, {}, TODAY).tone == "warn"


def test_what_is_missing_of_somebody_stands_in_a_line_of_its_own_that_wraps(pane: RecordPane) -> None:
    row = replace(a_row(State.DRAFT), missing=(Step.IRISES, Step.SIGNATURE))
    pane.show_timeline(Timeline(row, (), (), None), {}, "SUKAMAJU", TODAY)
    assert "Belum lengkap" in shown(pane), "the chip holds no steps: large text has no room for them"
    line = pane.findChild(QLabel, "records.pane.missing")
    assert line is not None
    assert line.isVisible()
    assert line.wordWrap()
    assert line.text().endswith(", ".join(map(labels.step, row.missing)))
    pane.show_timeline(Timeline(a_row(State.DRAFT), (), (), None), {}, "SUKAMAJU", TODAY)
    assert not line.isVisible()


def test_words_of_strangers_are_text_and_not_markup(pane: RecordPane) -> None:
    row = a_row(name=EVIL, stage=Stage.RECEIPTED, received_at=TODAY, central_code=EVIL, central_at=TODAY)
    moments = (Moment(Happening.CENTRAL, TODAY, EVIL, note=EVIL), Moment(Happening.SEALED, TODAY, EVIL))
    timeline = Timeline(row, moments, (Reason("x.y", "name", EVIL),), None)
    pane.show_timeline(timeline, {}, EVIL, TODAY)
    for widget in pane.findChildren(QLabel):
        if "EVIL" in widget.text():
            assert widget.textFormat() is Qt.TextFormat.PlainText, widget.text()


def test_long_codes_and_long_names_do_not_make_the_pane_wider(pane: RecordPane) -> None:
    long_name = "MAXIMILIAN ALEXANDER VON UND ZU SCHWARZENBERG HOHENLOHE CTH"
    code = "X" * 200
    row = a_row(name=long_name, stage=Stage.RECEIPTED, received_at=TODAY, central_code=code, central_at=TODAY)
    pane.show_timeline(Timeline(row, (Moment(Happening.CENTRAL, TODAY, code),), (), None), {}, "", TODAY)
    story = pane.findChild(QScrollArea, "records.pane.story")
    assert story is not None
    inside = story.widget()
    assert inside is not None
    inside.ensurePolished()
    assert inside.minimumSizeHint().width() <= story.viewport().width()


# ---------------------------------------------------------------------------------------------------- in the window


@pytest.fixture
def told(signed_in: Hands, place: Workplace) -> SimpleNamespace:
    """Three records central has, one of them with an unknown code, one on hold; the list is open."""
    keys = [
        place.seal(number, name=name).record.key for number, name in enumerate(["SITI AB", "BUDI AB", "WAYAN AB"], 1)
    ]
    for key in keys[:2]:
        place.depot.outbox.settle(key, Accepted("a.b.c", "C-7", TODAY))
    event = Event(kind="record.status", record_id=keys[0].record_id, revision=1, code="FOO_BAR", at=TODAY, note=EVIL)
    place.depot.changes.apply("1", [event], at=TODAY)
    place.depot.outbox.park(keys[2], Note(Trouble.KEY_CONFLICT), at=TODAY)
    healing.catch_up(place.office)
    screen = signed_in.window.open_screen("records")
    assert isinstance(screen, RecordsScreen)
    signed_in.until(lambda: len(screen.model.rows) == 3)
    return SimpleNamespace(screen=screen, hands=signed_in, keys=keys, place=place)


def choose(told: SimpleNamespace, key: RecordKey) -> None:
    told.screen.table.choose(told.screen.model.row_of(key.record_id))
    told.hands.until(lambda: told.screen.pane.record_id == key.record_id)


def looks(told: SimpleNamespace, key: RecordKey) -> int:
    with told.place.office.applicants.read() as connection:
        return sum(line.action == "view" for line in audit.lines_of(connection, key.record_id))


def test_unknown_code_foo_bar_is_shown_in_the_list_and_in_the_journey(told: SimpleNamespace) -> None:
    """Acceptance scenario 9, central status drift."""
    choose(told, told.keys[0])
    row = told.screen.model.row_of(told.keys[0].record_id)
    assert told.screen.model.index(row, 5).data() == "FOO_BAR"
    said = shown(told.screen.pane)
    assert said.count("FOO_BAR") == 2  # the chip and the journey
    assert any(EVIL in text for text in said)


def test_opening_a_record_is_one_look_however_often_it_is_refreshed(told: SimpleNamespace) -> None:
    first, other = told.keys[0], told.keys[1]
    choose(told, other)
    before = looks(told, first)
    choose(told, first)
    assert looks(told, first) == before + 1
    for _ in range(3):
        told.hands.context.bridge.records_changed.emit()
        told.hands.until(lambda: not told.screen._news.isActive())
        told.hands.settle()
    assert looks(told, first) == before + 1
    choose(told, other)
    choose(told, first)
    assert looks(told, first) == before + 2


def test_rows_passed_over_with_the_arrow_keys_are_not_looked_at(told: SimpleNamespace) -> None:
    table, model = told.screen.table, told.screen.model
    choose(told, model.rows[0].record.key)
    passed = looks(told, model.rows[1].record.key)
    QTest.keyClick(table, Qt.Key.Key_Down)
    QTest.keyClick(table, Qt.Key.Key_Down)
    told.hands.until(lambda: told.screen.pane.record_id == model.rows[2].record.record_id)
    assert looks(told, model.rows[1].record.key) == passed


def test_enter_on_a_received_record_goes_into_its_story(told: SimpleNamespace) -> None:
    choose(told, told.keys[1])
    told.screen.table.setFocus()
    QTest.keyClick(told.screen.table, Qt.Key.Key_Return)
    assert told.hands.window.focusWidget() is told.hands.find(QScrollArea, "records.pane.story")


def test_what_is_late_stands_under_its_chip_and_is_counted(told: SimpleNamespace) -> None:
    clock = told.place.clock
    assert isinstance(clock, HandClock)
    clock.pass_time(15 * 86_400)
    told.screen.read()
    chip = told.hands.find(QPushButton, "records.filter.quiet")
    told.hands.until(lambda: chip.text().endswith(" 2"))
    chip.click()
    told.hands.until(lambda: len(told.screen.model.rows) == 2)
    assert {told.screen.model.index(row, NEWS).data() for row in range(2)} == {"15 hari"}
