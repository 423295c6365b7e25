"""After the receipt central goes on talking: duplicates, late refusals, wishes, and words nobody here knows yet."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from station import failpoint
from station.central.server import CentralServer
from station.desk import healing, records
from station.domain.delivery import OutboxItem, Stage
from station.domain.record import RecordKey, State
from station.domain.rows import Happening
from station.failpoint import PowerCut
from station.wire import RefusalReason
from tests.support import HandClock, Workplace, running_central, workplace


@pytest.fixture
def server(tmp_path: Path) -> Iterator[CentralServer]:
    with running_central(tmp_path / "central") as server:
        yield server


@pytest.fixture
def place(tmp_path: Path, server: CentralServer) -> Iterator[Workplace]:
    with workplace(tmp_path / "station", server) as place:
        yield place


def delivered(place: Workplace, serial: int = 1, **changed: str) -> RecordKey:
    key = place.seal(serial, **changed).record.key
    place.drain()
    hear(place)
    return key


def hear(place: Workplace, seconds: float = 25) -> None:
    """Let the engine ask for news, and the desk look."""
    clock = place.clock
    assert isinstance(clock, HandClock)
    end = clock.seconds + seconds
    while clock.seconds < end:
        clock.pass_time(place.engine.step())
    healing.catch_up(place.office)


def row(place: Workplace, key: RecordKey) -> OutboxItem:
    found = place.depot.outbox.get(key)
    assert found is not None
    return found


def state(place: Workplace, key: RecordKey) -> State:
    return records.timeline(place.office, key.record_id).row.record.state


def said(place: Workplace, key: RecordKey) -> list[str]:
    moments = records.timeline(place.office, key.record_id).moments
    return [moment.text for moment in moments if moment.what is Happening.CENTRAL]


def test_a_second_record_of_the_same_person_is_shown_as_a_duplicate(
    server: CentralServer, place: Workplace, tmp_path: Path
) -> None:
    first = delivered(place, 1)
    with workplace(tmp_path / "second station", server, HandClock()) as other:
        second = delivered(other, 1)  # one station alone would have refused to begin it
        assert row(other, second).central_code == "DUPLICATE_RECORD"
        assert state(other, second) is State.ACCEPTED, "a status never moves a record"
    assert row(place, first).central_code == "PRINT_READY_RECORD"


def test_a_word_nobody_knows_here_is_kept_and_shown_as_it_came(server: CentralServer, place: Workplace) -> None:
    key = delivered(place)
    server.central.say_status(key, "CARD_ON_THE_MOON", "x")
    server.central.tell(place.depot.enrolled()[0].station_id, "of-the-future", record_id=key.record_id, revision=1)
    hear(place)
    assert row(place, key).central_code == "CARD_ON_THE_MOON"
    assert "CARD_ON_THE_MOON" in said(place, key)


def test_a_refusal_after_the_receipt_sends_the_record_back_to_the_operator(
    server: CentralServer, place: Workplace
) -> None:
    key = delivered(place)
    assert state(place, key) is State.ACCEPTED
    server.central.refuse(key, [RefusalReason(code="name.wrong", field="name", detail="Nama")])
    hear(place)
    assert state(place, key) is State.REJECTED
    assert [reason.code for reason in records.timeline(place.office, key.record_id).reasons] == ["name.wrong"]
    draft = records.reopen(place.office, key.record_id)
    assert draft.record.revision == 2


def test_a_late_refusal_reaches_the_desk_that_signs_in_later(server: CentralServer, place: Workplace) -> None:
    key = delivered(place)
    server.central.refuse(key, [RefusalReason(code="name.wrong", field="name")])
    clock = place.clock
    assert isinstance(clock, HandClock)
    for _ in range(10):
        clock.pass_time(place.engine.step())
    place.reopen()
    assert state(place, key) is State.REJECTED


def test_what_central_wants_again_is_sent_again_and_gets_the_same_receipt(
    server: CentralServer, place: Workplace
) -> None:
    key = delivered(place)
    receipt = row(place, key).receipt
    server.central.ask_again(key)
    assert not server.central.packet_path(key).exists()
    hear(place, 60)
    place.drain()
    assert (row(place, key).stage, row(place, key).receipt) == (Stage.RECEIPTED, receipt)
    assert server.central.packet_path(key).read_bytes() == place.depot.packets.read(key)
    assert server.central.packet_count() == 1
    assert state(place, key) is State.ACCEPTED


@pytest.mark.parametrize("where", ["changes.before_commit", "changes.committed"])
def test_a_power_cut_while_listening_loses_and_doubles_nothing(
    server: CentralServer, place: Workplace, where: str
) -> None:
    key = delivered(place)
    for number in range(3):
        server.central.say_status(key, f"STEP_{number}")

    def cut(name: str) -> None:
        if name == where:
            raise PowerCut(name)

    with failpoint.armed(cut), pytest.raises(PowerCut):
        hear(place, 60)
    place.reopen()
    hear(place)
    assert [text for text in said(place, key) if text.startswith("STEP")] == ["STEP_2", "STEP_1", "STEP_0"]


@pytest.mark.parametrize("where", ["settle.before_commit", "settle.committed"])
def test_a_power_cut_while_settling_gets_the_same_receipt(server: CentralServer, place: Workplace, where: str) -> None:
    key = place.seal().record.key

    def cut(name: str) -> None:
        if name == where:
            raise PowerCut(name)

    with failpoint.armed(cut), pytest.raises(PowerCut):
        place.drain()
    place.reopen()
    place.drain()
    hear(place)
    (packet,) = server.central.packets()
    assert (row(place, key).stage, row(place, key).receipt) == (Stage.RECEIPTED, packet.receipt)
    assert state(place, key) is State.ACCEPTED


def test_a_lost_outbox_hears_everything_again_and_ends_the_same(server: CentralServer, place: Workplace) -> None:
    key, other = delivered(place, 1), delivered(place, 2)
    server.central.say_status(key, "CARD_SHIPPED")
    server.central.refuse(other, [RefusalReason(code="name.wrong", field="name")])
    hear(place)
    place.close()
    place.depot.folder.outbox_db.unlink()
    place.reopen()
    place.drain()
    hear(place)
    assert (row(place, key).stage, row(place, key).central_code) == (Stage.RECEIPTED, "CARD_SHIPPED")
    assert state(place, other) is State.REJECTED
    assert server.central.packet_count() == 2
