"""Speed rules: which cap holds when, when records may go again, and what is kept of them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, time
from pathlib import Path
from typing import Any

import pytest

from station.domain.speed import Metered, SpeedRules, Window
from station.store.depot import Depot
from station.store.memory import MOST_NETWORKS
from station.store.speed import MOST_WINDOWS, plain_speed, read_speed

OFFICE = Window(time(8), time(16), 64)
SHUT = Window(time(8), time(16), 0)
NIGHT = Window(time(20), time(5), None)
DAY = datetime(2026, 11, 21)


@pytest.fixture
def depot(tmp_path: Path) -> Iterator[Depot]:
    depot = Depot(tmp_path / "station")
    yield depot
    depot.close()


@pytest.mark.parametrize(
    ("at", "kbps"),
    [
        ("07:59", 128),
        ("08:00", 64),
        ("15:59", 64),
        ("16:00", 128),
        ("20:00", None),
        ("00:00", None),
        ("04:59", None),
        ("05:00", 128),
    ],
)
def test_the_first_window_that_holds_says_the_cap(at: str, kbps: int | None) -> None:
    assert SpeedRules(128, (OFFICE, NIGHT)).cap_kbps(time.fromisoformat(at)) == kbps


@pytest.mark.parametrize(
    ("rules", "now", "opens"),
    [
        (SpeedRules(), "12:00", "12:00"),
        (SpeedRules(windows=(SHUT,)), "07:00", "07:00"),
        (SpeedRules(windows=(SHUT,)), "08:00", "16:00"),
        (SpeedRules(windows=(Window(time(20), time(5), 0),)), "23:00", "05:00 tomorrow"),
        (SpeedRules(windows=(Window(time(20), time(5), 0),)), "04:00", "05:00"),
        (SpeedRules(0, (NIGHT,)), "12:00", "20:00"),
        (SpeedRules(0, (NIGHT, SHUT)), "06:00", "20:00"),
        (SpeedRules(windows=(SHUT, Window(time(16), time(18), 0))), "09:00", "18:00"),
        (SpeedRules(windows=(Window(time(12), time(13), 64), SHUT)), "09:00", "12:00"),
        (SpeedRules(0), "12:00", None),
        (SpeedRules(0, (SHUT,)), "12:00", None),
    ],
)
def test_when_records_may_go_is_known_or_it_is_never_by_itself(rules: SpeedRules, now: str, opens: str | None) -> None:
    found = rules.opens_at(datetime.combine(DAY, time.fromisoformat(now)))
    if opens is None:
        assert found is None
        return
    clock, _, later = opens.partition(" ")
    assert found == datetime.combine(DAY.replace(day=22) if later else DAY, time.fromisoformat(clock))


def test_what_a_person_chose_is_kept_over_a_restart(depot: Depot) -> None:
    assert depot.memory.speed == SpeedRules()
    chosen = SpeedRules(512, (OFFICE, NIGHT), Metered.YES, records_over_metered=True)
    depot.memory.speed = chosen
    root = depot.folder.root
    depot.close()
    again = Depot(root)
    assert again.memory.speed == chosen
    again.close()


GOOD = plain_speed(SpeedRules(512, (OFFICE,), Metered.NO, records_over_metered=True))


@pytest.mark.parametrize(
    "spoilt",
    [
        None,
        [],
        "fast",
        {},
        GOOD | {"kbps": -1},
        GOOD | {"kbps": 1.5},
        GOOD | {"kbps": True},
        GOOD | {"kbps": "64"},
        GOOD | {"metered": "perhaps"},
        GOOD | {"windows": [{"start": "25:00", "end": "05:00", "kbps": 1}]},
        GOOD | {"windows": [{"start": "20:00+07:00", "end": "05:00", "kbps": 1}]},
        GOOD | {"windows": [{"start": "20:00", "end": 5, "kbps": 1}]},
        GOOD | {"windows": [{"start": "20:00", "kbps": 1}]},
        GOOD | {"windows": "all day"},
        GOOD | {"windows": GOOD["windows"] * (MOST_WINDOWS + 1)},
    ],
)
def test_rules_that_cannot_be_read_are_those_of_a_new_station(spoilt: Any) -> None:
    assert read_speed(GOOD) != SpeedRules()
    assert read_speed(spoilt) == SpeedRules()


def test_only_a_plain_yes_lets_records_over_a_line_that_costs() -> None:
    assert not read_speed(GOOD | {"records_over_metered": "no"}).records_over_metered


def test_of_twenty_networks_the_ones_used_last_are_remembered(depot: Depot) -> None:
    for number in range(MOST_NETWORKS + 5):
        depot.memory.note_chunk_size(f"network {number}", number)
    depot.memory.note_chunk_size("network 5", 5)
    kept = list(depot.memory.chunk_sizes)
    assert len(kept) == MOST_NETWORKS
    assert kept[-1] == "network 5"
    assert "network 4" not in kept
