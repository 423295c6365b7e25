"""Disk and retention on the screen of the guard: shown before it happens, and only by whom it may be done."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtWidgets import QCheckBox, QDialog, QLabel, QLineEdit, QListWidget, QPushButton, QTableView
from pytestqt.qtbot import QtBot

from station import i18n
from station.desk import recording, retention
from station.desk.retention import Outlook, Run
from station.domain.disk import Forecast, Room
from station.domain.record import RecordKey, State
from station.domain.retention import Hold
from station.store import records
from station.ui import caretaker, keeping_words
from station.ui.caretaker import Caretaker
from station.ui.context import Context
from station.ui.screens.guard.card import GuardCard
from station.ui.screens.guard.disk_card import DiskCard
from station.ui.screens.guard.retention_card import RetentionCard
from tests.retaining import believe, days, finished, hear
from tests.support import Workplace

GB = 1000**3


@pytest.fixture
def signed(context: Context, place: Workplace) -> Iterator[Context]:
    """Somebody is signed in, in English."""
    i18n.use("en")
    believe(place)
    hear(place)
    context.office = place.office
    yield context


def as_(context: Context, role: str) -> None:
    operator = context.desk.operator
    context.desk.operator = operator.__class__("op-9", "Ani", role)


def opened(kind: type[GuardCard], context: Context, qtbot: QtBot) -> GuardCard:
    card = kind(context)
    qtbot.addWidget(card)
    card.opened()
    qtbot.waitUntil(lambda: context.tasks.idle)
    card.show()
    return card


def text(card: GuardCard, name: str) -> str:
    label = card.findChild(QLabel, f"guard.{name}")
    assert label is not None
    return label.text()


def dialog_of(card: GuardCard, button: str, context: Context, qtbot: QtBot) -> QDialog:
    found = card.findChild(QPushButton, f"guard.{button}")
    assert found is not None
    found.click()
    qtbot.waitUntil(lambda: context.tasks.idle)
    dialog = card.findChild(QDialog)
    assert dialog is not None
    return dialog


def press(dialog: QDialog, name: str) -> None:
    button = dialog.findChild(QPushButton, name)
    assert button is not None
    button.click()


def test_a_new_station_says_honestly_that_nobody_knows_yet(signed: Context, qtbot: QtBot) -> None:
    card = opened(DiskCard, signed, qtbot)
    assert "not known yet" in text(card, "disk.forecast")
    assert "free" in text(card, "disk.room")


@pytest.mark.parametrize(
    ("free", "per_day", "said"),
    [(90, 2.0 * GB, "about 44 working days"), (1, None, "nobody new is begun"), (90, 0.0, "does not fill up")],
)
def test_the_forecast_is_a_sentence(free: int, per_day: float | None, said: str) -> None:
    i18n.use("en")
    assert said in keeping_words.forecast_line(Forecast(Room(500 * GB, free * GB), 2 * GB, 14, per_day)).text


def test_old_copies_are_taken_away_by_a_technician_who_says_that_they_were_exported(
    signed: Context, place: Workplace, qtbot: QtBot
) -> None:
    copy = place.root / "outbox.db.broken-20260101T000000"
    copy.write_bytes(bytes(100))
    as_(signed, "technician")
    card = opened(DiskCard, signed, qtbot)
    dialog = dialog_of(card, "disk.aside", signed, qtbot)
    remove, listed, sure = (dialog.findChild(kind) for kind in (QPushButton, QListWidget, QCheckBox))
    remove = dialog.findChild(QPushButton, "aside.remove")
    assert remove is not None
    assert isinstance(listed, QListWidget)
    assert isinstance(sure, QCheckBox)
    listed.selectAll()
    assert not remove.isEnabled()
    sure.setChecked(True)
    remove.click()
    qtbot.waitUntil(lambda: not copy.exists())


def test_what_goes_is_shown_day_by_day_and_let_go_by_who_may(signed: Context, place: Workplace, qtbot: QtBot) -> None:
    key = finished(place)
    days(place, 20)
    retention.announce(place.office)
    card = opened(RetentionCard, signed, qtbot)
    assert "after 30 days" in text(card, "retention.rule")
    assert text(card, "retention.coming").endswith(": 1 packet")
    days(place, 11)
    as_(signed, "archivist")
    card.opened()
    qtbot.waitUntil(lambda: signed.tasks.idle)
    dialog = dialog_of(card, "retention.all", signed, qtbot)
    table = dialog.findChild(QTableView)
    assert table is not None
    shown = [str(table.model().index(0, column).data()) for column in range(4)]
    with place.office.applicants.read() as connection:
        stored = records.get(connection, key.record_id)
    assert stored is not None
    assert shown[1] == stored.record.registration_no
    assert stored.record.nik not in shown
    assert "•" in shown[2]
    press(dialog, "retention.now")
    qtbot.waitUntil(lambda: signed.tasks.idle and not place.depot.packets.path(key).exists())
    said = dialog.findChild(QLabel, "retention.said")
    assert said is not None
    qtbot.waitUntil(lambda: said.text().startswith("1 packet was deleted"))


def test_whoever_may_not_sees_the_button_and_cannot_press_it(signed: Context, place: Workplace, qtbot: QtBot) -> None:
    finished(place)
    days(place, 31)
    card = opened(RetentionCard, signed, qtbot)
    button = dialog_of(card, "retention.all", signed, qtbot).findChild(QPushButton, "retention.now")
    assert button is not None
    assert not button.isEnabled()


def test_a_draft_that_was_left_is_wiped_with_a_reason(signed: Context, place: Workplace, qtbot: QtBot) -> None:
    record_id = recording.start(place.office).record.record_id
    days(place, 15)
    as_(signed, "supervisor")
    card = opened(RetentionCard, signed, qtbot)
    dialog = dialog_of(card, "retention.look", signed, qtbot)
    wipe, reason = dialog.findChild(QPushButton, "drafts.wipe"), dialog.findChild(QLineEdit, "drafts.reason")
    assert wipe is not None
    assert reason is not None
    assert not wipe.isEnabled()
    reason.setText("tidak datang lagi")
    wipe.click()
    qtbot.waitUntil(lambda: signed.tasks.idle)
    with place.office.applicants.read() as connection:
        stored = records.get(connection, record_id)
    assert stored is not None
    assert stored.record.state is State.WITHDRAWN


def test_the_caretaker_announces_and_lets_go_a_few_at_a_time(
    signed: Context, place: Workplace, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    keys = [finished(place, serial) for serial in (1, 2)]
    monkeypatch.setattr(caretaker, "AT_ONCE", 1)
    monkeypatch.setattr(caretaker, "NEXT_MS", 0)
    care = Caretaker(signed.bridge, signed.tasks)
    seen: list[Run] = []
    care.looked.connect(seen.append)
    signed.bridge.signed_in.emit(place.office)
    days(place, 30)
    care.look()
    qtbot.waitUntil(lambda: len(seen) == 1)
    assert seen[0].gone == 0
    days(place, 1)
    care.look()
    qtbot.waitUntil(lambda: sum(run.gone for run in seen) == len(keys))
    signed.bridge.signed_out.emit()
    care.look()
    assert signed.tasks.idle


def test_what_stays_is_told_with_the_reason() -> None:
    i18n.use("en")
    done = Run(1, 1000, ((RecordKey("x", 1), Hold.RECEIPT),))
    assert "does not prove" in keeping_words.held_line(done)
    assert keeping_words.held_line(Run()) == ""
    assert "has not told" in keeping_words.nothing_line(Outlook((), None, 30))


def test_what_the_disk_holds_is_nobodys_after_sign_out(signed: Context, qtbot: QtBot) -> None:
    card = DiskCard(signed)
    qtbot.addWidget(card)
    card.opened()
    signed.office = None  # while it was read
    with qtbot.captureExceptions() as raised:
        qtbot.waitUntil(lambda: signed.tasks.idle)
    assert raised == []
    assert text(card, "disk.room") == ""
