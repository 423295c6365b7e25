"""What happens next with a record, and who must act: every state, place and age has one answer."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from station.domain.actor import Actor
from station.domain.delivery import Stage
from station.domain.next_step import NextStep, Situation, is_late, next_step
from station.domain.record import Record, State
from station.domain.rows import RecordRow
from station.domain.steps import Step
from tests.support import TODAY, an_item

NOW = TODAY + timedelta(minutes=10)
"""A Saturday: working days are counted from here."""


def a_row(state: State, revision: int = 1, **packet: Any) -> RecordRow:
    record = Record("id", revision, state, "R-1", "", "A", "", TODAY, None, TODAY)
    return RecordRow(record, Step.FINGERS, an_item(**packet) if packet else None)


def received(code: str, days: float) -> RecordRow:
    at = NOW - timedelta(days=days)
    central_at = at if code else None
    return a_row(State.ACCEPTED, stage=Stage.RECEIPTED, received_at=at, central_code=code, central_at=central_at)


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        (a_row(State.DRAFT), (Actor.OPERATOR, Situation.UNFINISHED)),
        (a_row(State.DRAFT, 2), (Actor.OPERATOR, Situation.BEING_CORRECTED)),
        (a_row(State.WITHDRAWN), (Actor.NOBODY, Situation.WITHDRAWN)),
        (a_row(State.REJECTED, stage=Stage.REJECTED), (Actor.OPERATOR, Situation.REFUSED)),
        (a_row(State.SEALED, stage=Stage.REJECTED), (Actor.OPERATOR, Situation.REFUSED)),
        (a_row(State.SEALED), (Actor.NOBODY, Situation.NOT_QUEUED)),
        (a_row(State.SEALED, stage=Stage.QUEUED), (Actor.NOBODY, Situation.ON_ITS_WAY)),
        (a_row(State.SEALED, stage=Stage.SENDING), (Actor.NOBODY, Situation.ON_ITS_WAY)),
        (a_row(State.SEALED, stage=Stage.PARKED), (Actor.TECHNICIAN, Situation.ON_HOLD)),
        (a_row(State.ACCEPTED, stage=Stage.PARKED), (Actor.TECHNICIAN, Situation.ON_HOLD)),
        (a_row(State.ACCEPTED, stage=Stage.QUEUED), (Actor.NOBODY, Situation.WANTED_AGAIN)),
        (received("", 1), (Actor.CENTRAL, Situation.NO_STATUS)),
        (received("", 15), (Actor.DINAS, Situation.NO_STATUS_LONG)),
        (received("SENT_FOR_ENROLLMENT", 1), (Actor.CENTRAL, Situation.STATUS)),
        (received("SENT_FOR_ENROLLMENT", 15), (Actor.OPERATOR, Situation.STATUS_LONG)),
        (received("BIO_CAPTURED", 1), (Actor.DINAS, Situation.STATUS)),
        (received("BIO_CAPTURED", 5), (Actor.OPERATOR, Situation.STATUS_LONG)),
        (received("PRINT_READY_RECORD", 400), (Actor.OPERATOR, Situation.STATUS)),
        (received("DUPLICATE_RECORD", 1), (Actor.DINAS, Situation.STATUS)),
        (received("FOO_BAR", 1), (Actor.DINAS, Situation.STATUS)),
        (received("FOO_BAR", 15), (Actor.OPERATOR, Situation.STATUS_LONG)),
    ],
)
def test_somebody_is_named_for_every_record(row: RecordRow, expected: tuple[Actor, Situation]) -> None:
    assert next_step(row, NOW) == NextStep(*expected)


def test_a_packet_that_waits_longer_than_a_working_day_is_worth_a_look() -> None:
    waiting = a_row(State.SEALED, stage=Stage.QUEUED)
    monday_noon = TODAY + timedelta(days=2, hours=2)
    assert next_step(waiting, monday_noon).situation is Situation.ON_ITS_WAY
    assert next_step(waiting, monday_noon + timedelta(days=1)) == NextStep(Actor.OPERATOR, Situation.WAITS_LONG)


def test_only_what_central_has_can_be_late() -> None:
    late = received("SENT_FOR_ENROLLMENT", 15)
    assert is_late(late, NOW)
    assert not is_late(received("SENT_FOR_ENROLLMENT", 14), NOW)
    assert not is_late(received("CARD_ISSUED", 400), NOW)
    assert late.packet is not None
    asked_again = replace(late, packet=replace(late.packet, stage=Stage.QUEUED))
    assert not is_late(asked_again, NOW)
    assert not is_late(a_row(State.DRAFT), NOW)


def test_a_clock_that_was_set_back_makes_nothing_late() -> None:
    assert not is_late(received("SENT_FOR_ENROLLMENT", -30), NOW)
