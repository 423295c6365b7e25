"""What the engine remembers over a restart."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from station.domain.delivery import Link, LinkState
from station.domain.outcome import Note, Trouble
from station.domain.record import RecordKey
from station.store import memory as memory_module
from station.store import technical_log as log_module
from station.store.changes import Changes
from station.store.database import Database
from station.store.memory import Memory, put_cursor
from station.store.migrate import migrate
from station.store.technical_log import TechnicalLog
from station.wire import BundleNotice, Event, Pacing
from tests.support import TODAY

LINK = Link(
    LinkState.CENTRAL_DOWN,
    since=TODAY,
    reason=Trouble.REFUSED,
    tries=3,
    next_try_at=TODAY + timedelta(seconds=40),
    until=TODAY + timedelta(hours=1),
    message="besok",
    last_good_at=TODAY - timedelta(days=1),
)


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    database = Database(tmp_path / "outbox.db")
    migrate(database, "outbox")
    yield database
    database.close()


def reopened(database: Database) -> Memory:
    database.close()
    return Memory(Database(database.path))


def test_a_new_station_remembers_nothing(database: Database) -> None:
    memory = Memory(database)
    assert (memory.paused, memory.cursor, memory.pacing, memory.link) == (False, "", Pacing(), None)
    assert (memory.clock_offset_s, memory.language) == (0.0, "")
    assert (memory.chosen_devices, memory.devices_tested_on) == ({}, "")
    assert (memory.audit_head, memory.heartbeat_at) == ((0, ""), None)
    assert memory.link_history(10) == ()


def test_everything_survives_a_restart(database: Database) -> None:
    memory = Memory(database)
    memory.paused = True
    memory.pacing = Pacing(spread_s=60, not_before=TODAY, max_kbps=128)
    memory.clock_offset_s = -86400.5
    memory.chosen_devices = {"finger": "sbi/finger/FP-1"}
    memory.devices_tested_on = "2026-11-22"
    memory.audit_head = (7, "ab" * 32)
    memory.heartbeat_at = TODAY
    memory.language = "en"
    memory.set_link(LINK)
    with database.write() as connection:
        put_cursor(connection, "42")
    again = reopened(database)
    assert (again.paused, again.cursor, again.clock_offset_s, again.link) == (True, "42", -86400.5, LINK)
    assert again.pacing == Pacing(spread_s=60, not_before=TODAY, max_kbps=128)
    assert again.language == "en"
    again.paused = False
    assert not again.paused


def test_a_link_without_any_detail_survives_too(database: Database) -> None:
    memory = Memory(database)
    memory.set_link(Link(LinkState.GOOD, since=TODAY))
    assert memory.link == Link(LinkState.GOOD, since=TODAY)


def test_the_links_history_has_a_line_per_change_of_state_or_reason(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    memory = Memory(database)
    good = Link(LinkState.GOOD, since=TODAY)
    for link in (LINK, LINK, good, Link(LinkState.GOOD, since=TODAY + timedelta(hours=1)), LINK):
        memory.set_link(link)
    states = [state for _, state in memory.link_history(10)]
    assert states == [LinkState.CENTRAL_DOWN, LinkState.GOOD, LinkState.CENTRAL_DOWN]
    assert len(memory.link_history(2)) == 2
    monkeypatch.setattr(memory_module, "LINK_HISTORY", 2)  # five thousand lines are too many for a test
    memory.set_link(good)
    assert len(memory.link_history(10)) == 2


def test_technical_notes_are_kept_newest_first_and_not_for_ever(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(log_module, "KEPT_LINES", 3)  # two thousand lines are too many for a test
    log = TechnicalLog(database)
    key = RecordKey("01a1fc0b-e380-71fd-afd0-1bb720aff3dd", 2)
    for number in range(5):
        note = Note(Trouble.SERVER_ERROR, f"req-{number}", 500, f"{number}" + "x" * 900)
        log.add(at=TODAY, lane="uploads", key=key if number == 4 else None, note=note)
    lines = log.lines(10)
    assert [line.note.request_id for line in lines] == ["req-4", "req-3", "req-2"]
    assert (lines[0].key, lines[1].key, lines[0].lane, lines[0].at) == (key, None, "uploads", TODAY)
    assert lines[0].note.detail == "4" + "x" * 499
    assert len(log.lines(1)) == 1


def test_news_and_their_cursor_become_durable_together_or_not_at_all(database: Database) -> None:
    changes, memory = Changes(database), Memory(database)
    known = "01a1fc0b-e380-71fd-afd0-1bb720aff3dd"
    events = [
        Event(kind="record.status", record_id=known, revision=1, code="SENT_FOR_ENROLLMENT", at=TODAY),
        Event.model_validate({"kind": "of.tomorrow", "record_id": known, "colour": "red"}),
        Event(kind="notice"),
    ]
    changes.apply("7", events, at=TODAY + timedelta(hours=1))
    assert memory.cursor == "7"
    found = changes.of_record(known)
    assert [members["kind"] for _, members in found] == ["record.status", "of.tomorrow"]
    assert found[1][1]["colour"] == "red"
    assert [at for at, _ in found] == [TODAY, TODAY + timedelta(hours=1)]

    class Broken(Event):
        def members(self) -> dict[str, object]:
            raise KeyError("a mistake")

    with pytest.raises(KeyError):
        changes.apply("8", [events[0], Broken(kind="x")], at=TODAY)
    assert memory.cursor == "7"
    assert len(changes.of_record(known)) == 2


def wanted(memory: Memory) -> list[tuple[int, int, bool]]:
    return [(item.version, item.size, item.whole) for item in memory.wanted_bundles]


@pytest.mark.parametrize("first", [0, 1])
def test_of_two_notices_the_newer_version_stays_and_the_whole_is_wanted_once_one_wants_it(
    database: Database, first: int
) -> None:
    memory = Memory(database)
    notices = (BundleNotice(name="roster:99.01", version=2, whole=True), BundleNotice(name="roster:99.01", version=3))
    memory.want_bundle(notices[first])
    memory.want_bundle(notices[1 - first])
    assert wanted(memory) == [(3, 0, True)]


def test_wanting_the_whole_of_what_is_wanted_already_keeps_its_size(database: Database) -> None:
    memory = Memory(database)
    memory.want_bundle(BundleNotice(name="roster:99.01", version=2, size=500))
    memory.want_bundle(BundleNotice(name="roster:99.01", version=2, whole=True))
    assert wanted(memory) == [(2, 500, True)]


def test_many_bundles_are_wanted_and_none_falls_out_in_silence(
    database: Database, monkeypatch: pytest.MonkeyPatch, said: list[str]
) -> None:
    memory = Memory(database)
    for number in range(60):
        memory.want_bundle(BundleNotice(name=f"roster:99.{number:02d}", version=1))
    assert len(memory.wanted_bundles) == 60
    assert said == []
    monkeypatch.setattr(memory_module, "MOST_WANTED", 60)
    memory.want_bundle(BundleNotice(name="roster:99.60", version=1))
    assert [item.name for item in memory.wanted_bundles] == [f"roster:99.{number:02d}" for number in range(1, 61)]
    assert len(said) == 1
    assert "roster:99.00" in said[0]
