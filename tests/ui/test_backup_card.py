"""The card of the second copy: what it says goes when it is over. And the steps when a laptop is gone."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime

import pytest
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from station import cli
from station.domain.backup import BackupFacts, Standing
from station.domain.errors import StoreError
from station.ui.context import Context
from station.ui.screens.guard.backup_card import BackupCard
from station.ui.screens.guard.lost_card import COMMAND, LostCard
from tests.support import Workplace

AWAY = BackupFacts(standing=Standing.ABSENT, where="/media/a")


@dataclass
class Still:
    """A thread of the second copy that does nothing."""

    facts: BackupFacts = AWAY
    asked: list[str] = field(default_factory=list)

    def now(self) -> None:
        self.asked.append("now")


@pytest.fixture
def card(place: Workplace, context: Context, qtbot: QtBot) -> BackupCard:
    context.office = place.office
    context.backup = Still()  # type: ignore[assignment]
    made = BackupCard(context)
    qtbot.addWidget(made)
    made.opened()
    made.show()
    return made


def said(card: BackupCard) -> str:
    found = card.findChild(QLabel, "guard.backup.said")
    assert isinstance(found, QLabel)
    return found.text() if not found.isHidden() else ""


def tell(card: BackupCard, facts: BackupFacts) -> None:
    card.context.bridge.backup_changed.emit(facts)


def test_that_a_backup_is_being_made_is_said_until_it_was_made(card: BackupCard) -> None:
    card.now_button.click()
    assert said(card)
    tell(card, BackupFacts(standing=Standing.ABSENT, where="/media/a", busy=True))
    assert said(card), "it is still being made"
    tell(card, AWAY)
    assert not said(card)


def test_a_backup_that_was_too_quick_to_be_seen_is_over_too(card: BackupCard) -> None:
    card.now_button.click()
    made_at = datetime(2026, 11, 22, 8, 0, tzinfo=UTC)
    tell(card, BackupFacts(standing=Standing.ABSENT, where="/media/a", snapshot_at=made_at))
    assert not said(card)


def test_a_refusal_goes_when_the_medium_stands_otherwise_and_not_before(card: BackupCard) -> None:
    card._refused(StoreError("store.disk_full"))
    tell(card, BackupFacts(standing=Standing.ABSENT, where="/media/a", busy=True))
    tell(card, AWAY)
    assert said(card), "nothing has changed"
    tell(card, BackupFacts(standing=Standing.FINE, where="/media/a"))
    assert not said(card)


def test_good_news_outlive_the_change_they_tell_of(card: BackupCard) -> None:
    card._chosen(False)
    tell(card, BackupFacts(standing=Standing.FINE, where="/media/b"))
    assert said(card)


def test_the_steps_name_the_command_that_makes_the_list(place: Workplace, context: Context, qtbot: QtBot) -> None:
    context.office = place.office
    card = LostCard(context)
    qtbot.addWidget(card)
    step = card.findChild(QLabel, "guard.lost.step.3")
    assert isinstance(step, QLabel)
    assert COMMAND in step.text()
    words = COMMAND.split()[1:]
    assert cli._parser().parse_args(words).backup
