"""Central changes its keys while stations work, and while they are away: nobody is enrolled anew, nothing is lost."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from station.central.central import Central
from station.central.key_command import run_roll_key
from station.central.options import CentralOptions
from station.central.server import CentralServer
from station.domain.delivery import Stage
from station.domain.record import RecordKey
from station.seal.body import open_body, recipient_of
from station.seal.packet import verify_packet
from station.sync.recheck import recheck
from tests.support import HandClock, Workplace, running_central, workplace

DAY_S = 86_400


@pytest.fixture
def clock() -> HandClock:
    return HandClock()


@pytest.fixture
def server(tmp_path: Path, clock: HandClock) -> Iterator[CentralServer]:
    with running_central(tmp_path / "central", clock) as server:
        yield server


@pytest.fixture
def place(tmp_path: Path, server: CentralServer, clock: HandClock) -> Iterator[Workplace]:
    with workplace(tmp_path / "station", server, clock) as place:
        yield place


def work(place: Workplace, clock: HandClock, seconds: float = 60) -> None:
    end = clock.seconds + seconds
    while clock.seconds < end:
        clock.pass_time(place.engine.step())


def kids(place: Workplace) -> list[str]:
    return [key.kid for key in place.depot.enrolled()[0].signing_keys]


def proven(place: Workplace) -> int:
    """Packets here for which central's word verifies."""
    return sum(1 for proof in recheck(place.depot, place.engine._shared.client) if proof.receipt_no)


def test_a_working_station_hears_of_the_new_key_and_old_receipts_stay_receipts(
    server: CentralServer, place: Workplace, clock: HandClock
) -> None:
    first = place.seal(1).record.key
    place.drain()
    assert server.central.key_roll.roll() == "c2"
    second = place.seal(2).record.key
    place.drain()
    work(place, clock)
    assert kids(place) == ["c2"]
    assert {place.stage(key) for key in (first, second)} == {Stage.RECEIPTED}
    assert proven(place) == 2
    assert place.depot.technical_log.lines(50)[0].note.trouble.value != "keys-refused"


def test_who_was_away_for_45_days_and_three_changes_comes_back_by_itself(
    server: CentralServer, place: Workplace, clock: HandClock
) -> None:
    work(place, clock)
    sealed_before = place.seal(1).record.key
    for sealing in (False, True, True):
        clock.pass_time(15 * DAY_S)
        server.central.key_roll.roll(sealing=sealing)
    place.drain()
    work(place, clock)
    assert kids(place) == ["c4"]
    sealed_after = place.seal(2).record.key
    place.drain()
    assert server.central.packet_count() == 2
    newest, _, oldest = server.central.keys.identities
    assert place.depot.enrolled()[0].sealing_recipients == (recipient_of(newest),)
    assert _opens(place, sealed_after, newest)
    assert _opens(place, sealed_before, oldest)
    assert proven(place) == 2


def test_one_command_changes_the_key_beside_a_running_central(
    server: CentralServer, place: Workplace, clock: HandClock, tmp_path: Path
) -> None:
    place.drain()
    server.central.policies.set(tries=3)
    work(place, clock)
    said: list[str] = []
    assert run_roll_key(tmp_path / "central", said.append, sealing=False) == 0
    assert "c2" in said[0]
    work(place, clock, 700)
    assert kids(place) == ["c2"]
    assert place.depot.policy.tries == 3
    key = place.seal().record.key
    place.drain()
    assert place.stage(key) is Stage.RECEIPTED


def test_a_new_station_and_a_central_that_was_restarted_know_the_new_key_only(
    server: CentralServer, tmp_path: Path, clock: HandClock
) -> None:
    server.central.key_roll.roll(sealing=True)
    server.stop()
    server.start()
    with workplace(tmp_path / "late", server, clock) as late:
        assert kids(late) == ["c2"]
        key = late.seal().record.key
        late.drain()
        assert late.stage(key) is Stage.RECEIPTED


def test_keys_of_an_older_central_are_read_as_they_were(tmp_path: Path) -> None:
    options = CentralOptions(training=True)
    central = Central(tmp_path / "central", options)
    before, hidden = central.keys.secrets, central.keys.hide_nik("1")
    central.close()
    path = tmp_path / "central" / "keys.json"
    kept = json.loads(path.read_text())
    old = ("central_id", "kid", "signing_pem", "age_identity", "nik_key")
    path.write_text(json.dumps({name: kept[name] for name in old}))
    central = Central(tmp_path / "central", options)
    assert central.keys.secrets.identities == before.identities
    assert central.keys.hide_nik("1") == hidden
    central.close()


def _opens(place: Workplace, key: RecordKey, identity: str) -> bool:
    _, station_key = place.depot.enrolled()
    packet = verify_packet(place.depot.packets.read(key), [station_key.public])
    return bool(open_body(packet.body, identity).record)
