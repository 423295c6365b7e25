"""Forty-five days without central: somebody is recorded every day, is warned in time, and all arrives afterwards."""

from __future__ import annotations

from pathlib import Path

import pytest

from station.desk import delivery, records
from station.domain.delivery import Stage
from station.domain.isolation import days_alone, warned_at
from station.domain.rows import Filter
from station.ui import delivery_words
from tests.support import HandClock, Workplace, running_central, workplace

DAYS = 45
DAY_S = 24 * 3600.0


@pytest.mark.timeout(300)
def test_45_days_without_central_stop_nothing_and_are_warned_of_at_7_14_and_30(tmp_path: Path) -> None:
    clock = HandClock()
    with (
        running_central(tmp_path / "central", clock) as server,
        workplace(tmp_path / "station", server, clock) as place,
    ):
        keys = [place.seal(1).record.key]
        place.drain()
        warned: dict[int, str] = {}
        for day in range(1, DAYS + 1):
            place.network.cut()
            clock.pass_time(DAY_S)
            keys.append(place.seal(day + 1).record.key)  # signed in anew: yesterday evening it was switched off
            place.engine.step()
            fact = _fact(place)
            warned.setdefault(warned_at(_alone(place)), fact.partition(" ")[0])
            place.reopen()
        assert warned == {0: "", 7: "7", 14: "14", 30: "30"}
        assert place.depot.outbox.counts(day_start=clock.now()).waiting == DAYS
        assert records.search(place.office, "", Filter.ALL, 0, 100).total == DAYS + 1
        place.drain(steps=4000)
        assert {place.stage(key) for key in keys} == {Stage.RECEIPTED}
        assert _fact(place) == ""
        assert sorted(map(str, (packet.key for packet in server.central.packets()))) == sorted(map(str, keys))


def _alone(place: Workplace) -> int:
    picture = delivery.delivery(place.depot)
    return days_alone(picture.link, picture.oldest_waiting_at, place.clock.now())


def _fact(place: Workplace) -> str:
    return delivery_words.alone_fact(_alone(place)).text
