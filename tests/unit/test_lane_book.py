"""What each lane was doing last is on the disk, word for word; what cannot be read is left out, loudly."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from station.domain.lane import Condition, LaneName, LaneState
from station.domain.outcome import Note, Trouble
from station.store.depot import Depot
from station.store.tables import lane as lane_table
from station.sync.slate import DONE_EVERY, Slate
from tests.support import TODAY, HandClock

STATE = LaneState(
    LaneName.UPLOADS,
    Condition.RESTING,
    TODAY,
    note=Note(Trouble.BUSY, "req-1", 503, "x"),
    tries=3,
    next_at=TODAY + timedelta(minutes=5),
    until=TODAY + timedelta(minutes=4),
    done_at=TODAY - timedelta(hours=1),
)


@pytest.fixture
def depot(tmp_path: Path) -> Iterator[Depot]:
    depot = Depot(tmp_path)
    yield depot
    depot.close()


def test_a_state_is_kept_word_for_word_and_the_newest_holds(depot: Depot) -> None:
    assert depot.lane_book.states() == {}
    idle = LaneState(LaneName.MANIFESTS, Condition.IDLE, TODAY)
    for state in (replace(STATE, tries=1), idle, STATE):
        depot.lane_book.put(state)
    assert list(depot.lane_book.states().items()) == [(LaneName.MANIFESTS, idle), (LaneName.UPLOADS, STATE)]


def test_words_of_another_version_of_this_program_are_left_out(depot: Depot, said: list[str]) -> None:
    depot.lane_book.put(STATE)
    with depot.outbox.database.write() as connection:
        connection.execute(lane_table.update().values(condition="dancing"))
    assert depot.lane_book.states() == {}
    assert "cannot be read: uploads" in said[0]


def test_only_what_somebody_would_notice_is_written_and_told(depot: Depot) -> None:
    told: list[Condition] = []
    clock = HandClock()
    slate = Slate(LaneName.CHANGES, depot.lane_book, clock, lambda: told.append(slate.state.condition))
    for _ in range(10):
        clock.pass_time(20)
        slate.show(Condition.IDLE, done_at=clock.now())
    assert len(told) == 1
    clock.pass_time(DONE_EVERY.total_seconds())
    slate.show(Condition.IDLE, done_at=clock.now())
    slate.show(Condition.RESTING, note=Note(Trouble.TIMEOUT), tries=1, next_at=clock.now())
    assert told == [Condition.IDLE, Condition.IDLE, Condition.RESTING]
    assert depot.lane_book.states()[LaneName.CHANGES] == slate.state


def test_since_is_when_the_lane_began_to_do_this(depot: Depot) -> None:
    clock = HandClock()
    slate = Slate(LaneName.CHANGES, depot.lane_book, clock, lambda: None)
    for tries in (1, 2, 3):
        clock.pass_time(60)
        slate.show(Condition.RESTING, note=Note(Trouble.TIMEOUT), tries=tries)
    assert slate.state.since == TODAY + timedelta(seconds=60)
