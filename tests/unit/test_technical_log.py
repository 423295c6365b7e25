"""What comes again and again is one line of the technical notes; what is new, or comes after a while, is another."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from station.domain.delivery import LogLine
from station.domain.outcome import Later, Note, Trouble
from station.domain.record import RecordKey
from station.store.depot import Depot
from station.store.technical_log import SAME_WITHIN, TechnicalLog
from station.sync.backoff import PROBE_LONGEST_S
from station.sync.treatment import treat
from tests.sending import Sender, sending
from tests.support import TODAY

KEY = RecordKey("01a1fc0b-e380-71fd-afd0-1bb720aff3dd", 1)
OTHER = RecordKey("01a1fc0b-e380-71fd-afd0-1bb720aff3de", 1)
NOTE = Note(Trouble.TIMEOUT, "req-1", 504, "no answer")
MINUTE = timedelta(minutes=1)


@pytest.fixture
def depot(tmp_path: Path) -> Iterator[Depot]:
    depot = Depot(tmp_path)
    yield depot
    depot.close()


@pytest.fixture
def log(depot: Depot) -> TechnicalLog:
    return depot.technical_log


@pytest.fixture
def sender(tmp_path: Path) -> Iterator[Sender]:
    with sending(tmp_path) as sender:
        yield sender


def tell(
    log: TechnicalLog, at: datetime, note: Note = NOTE, lane: str = "uploads", key: RecordKey | None = KEY
) -> None:
    log.add(at=at, lane=lane, key=key, note=note)


def test_the_same_again_is_counted_with_its_last_time_and_its_last_request(log: TechnicalLog) -> None:
    for number in range(4):
        tell(log, TODAY + number * MINUTE, replace(NOTE, request_id=f"req-{number}"))
    last = replace(NOTE, request_id="req-3")
    assert log.lines(10) == (LogLine(TODAY, "uploads", KEY, last, times=4, last_at=TODAY + 3 * MINUTE),)


def test_what_came_once_has_no_last_time(log: TechnicalLog) -> None:
    tell(log, TODAY)
    (line,) = log.lines(10)
    assert (line.times, line.last_at) == (1, None)


@pytest.mark.parametrize(
    ("note", "key"),
    [
        (replace(NOTE, trouble=Trouble.REFUSED), KEY),
        (replace(NOTE, http_status=502), KEY),
        (replace(NOTE, detail="another"), KEY),
        (NOTE, OTHER),
        (NOTE, RecordKey(KEY.record_id, 2)),
        (NOTE, None),
    ],
)
def test_whatever_differs_is_a_line_of_its_own(log: TechnicalLog, note: Note, key: RecordKey | None) -> None:
    tell(log, TODAY)
    tell(log, TODAY, note, key=key)
    tell(log, TODAY)
    assert [line.times for line in log.lines(10)] == [1, 1, 1]


def test_a_long_detail_is_compared_as_it_is_kept(log: TechnicalLog) -> None:
    for _ in range(2):
        tell(log, TODAY, replace(NOTE, detail="x" * 900))
    assert [line.times for line in log.lines(10)] == [2]


def test_lanes_do_not_break_each_others_count(log: TechnicalLog) -> None:
    for lane in ("uploads", "changes", "uploads", "changes"):
        tell(log, TODAY, lane=lane)
    assert [(line.lane, line.times) for line in log.lines(10)] == [("changes", 2), ("uploads", 2)]


@pytest.mark.parametrize("clock_goes", [1, -1])
def test_after_a_while_the_same_is_something_new(log: TechnicalLog, clock_goes: int) -> None:
    tell(log, TODAY)
    tell(log, TODAY + clock_goes * SAME_WITHIN)
    tell(log, TODAY + clock_goes * (2 * SAME_WITHIN + MINUTE))
    assert [line.times for line in log.lines(10)] == [1, 2]


def test_hours_without_central_are_one_line_and_one_write_a_probe(sender: Sender) -> None:
    sender.central.stop()
    tell(sender.depot.technical_log, TODAY, lane="changes")
    sender.live(60)
    (before, *_), written = sender.depot.technical_log.lines(10), list[int]()
    sender.depot.outbox.database.on_commit.append(lambda: written.append(1))
    sender.live(2 * 3600)
    hello, changes = sender.depot.technical_log.lines(10)
    assert (hello.lane, hello.note.trouble, changes.lane) == ("hello", Trouble.REFUSED, "changes")
    assert hello.times - before.times >= 2 * 3600 / PROBE_LONGEST_S
    assert len(written) == hello.times - before.times
    assert hello.last_at is not None
    assert sender.clock.now() - hello.last_at <= timedelta(seconds=PROBE_LONGEST_S)


@pytest.mark.parametrize("trouble", [Trouble.TIMEOUT, Trouble.BUSY])
def test_trouble_of_the_line_or_the_lane_is_not_noted_for_the_packet_too(sender: Sender, trouble: Trouble) -> None:
    key, shared = sender.packet(), sender.shared()
    outcome = Later(Note(trouble))
    assert treat(shared, "uploads", sender.row(key), outcome) is outcome
    assert sender.depot.technical_log.lines(10) == ()
    shared.client.close()
