"""Ten days without central: recording goes on, nothing is parked, and everything arrives when it is back."""

from __future__ import annotations

from pathlib import Path

from station.desk import healing, records
from station.domain.delivery import LinkState
from station.domain.record import State
from station.domain.rows import Filter
from station.sync.backoff import AWAY_LONGEST_S
from tests.support import HandClock, running_central, workplace

DAYS = 10


def test_after_ten_days_without_central_everything_arrives_once_and_nobody_was_given_up(tmp_path: Path) -> None:
    clock = HandClock()
    with running_central(tmp_path / "central", clock) as server, workplace(tmp_path / "s", server, clock) as place:
        server.stop()
        sealed = {}
        for day in range(DAYS):
            row = place.seal(day + 1)
            assert row.packet is not None
            sealed[row.packet.key] = row.packet.sha256
            for _ in range(4):
                place.engine.wake()
                assert 0 < place.engine.step() <= AWAY_LONGEST_S
                clock.pass_time(6 * 3600)
            if day % 4 == 3:
                place.reopen()
        link = place.depot.memory.link
        assert link is not None
        assert link.state is LinkState.PORT
        counts = place.depot.outbox.counts(day_start=clock.now())
        assert (counts.waiting, counts.parked) == (DAYS, 0)
        server.start()
        place.drain(3000)
        assert {packet.key: packet.sha256 for packet in server.central.packets()} == sealed
        assert all(item.attempts == 0 for item in place.depot.outbox.of_records([k.record_id for k in sealed]).values())
        healing.catch_up(place.office)
        rows = records.search(place.office, "", Filter.ALL, 0, 100).rows
        assert {row.record.state for row in rows} == {State.ACCEPTED}
        assert len(rows) == DAYS
