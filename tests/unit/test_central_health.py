"""What a Dinas learns of its stations: which devices are broken where, for how long, and who is silent."""

from __future__ import annotations

import json
from argparse import Namespace
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from station import i18n
from station.central.central import Central
from station.central.health_command import run_health
from station.central.options import CentralOptions
from station.central.stations import KnownStation
from station.cli import main
from station.seal.jws import SigningKey
from station.wire import Backlog, DeviceHealth, Disk, EnrolRequest, Heartbeat
from tests.support import HandClock

NOW = datetime.now(UTC)
DAY = timedelta(days=1)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "data" / "central"


@pytest.fixture
def central(folder: Path) -> Iterator[Central]:
    folder.parent.mkdir()
    central = Central(folder, CentralOptions(training=True), clock=HandClock(NOW))
    yield central
    central.close()


def enrol(central: Central) -> KnownStation:
    request = EnrolRequest(
        code=central.new_code(),
        public_key=SigningKey.generate("x").public,
        name="Meja",
        office="99.01.01",
        app_version="9",
    )
    return central.stations.enrol(request)


def beat(central: Central, station: KnownStation, *devices: DeviceHealth, ago: timedelta = timedelta()) -> None:
    told = Heartbeat(
        version="1",
        backlog=Backlog(count=0, bytes=0),
        disk=Disk(free_bytes=1, total_bytes=2),
        devices=devices,
    )
    central.heartbeats.take(station.station_id, told, NOW - ago)


def scanner(days: int | None, state: str = "reported", **more: Any) -> DeviceHealth:
    return DeviceHealth(kind="finger", serial="FP-1", state=state, ticket_age_d=days, **more)


def asked(folder: Path, kind: str = "", over_days: int | None = None) -> tuple[bool, str]:
    """What a person reads."""
    i18n.use("en")
    said = list[str]()
    options = Namespace(kind=kind, over_days=over_days, silent_days=3.0, json=False)
    well = run_health(folder, options, said.append)
    return well, "\n".join(said)


def scripted(folder: Path, capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, Any]:
    """What a script reads, from the command itself."""
    status = main(["--data", str(folder.parent), "central", "health", "--json", *words])
    i18n.use("en")
    return status, json.loads(capsys.readouterr().out)


def test_how_many_stations_have_a_broken_scanner_and_for_how_long(
    central: Central, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for days in (3, 12, 40, 95):
        beat(central, enrol(central), scanner(days, fault="dead"))
    beat(central, enrol(central), scanner(None, "ready"), DeviceHealth(kind="iris", serial="I", state="trouble"))
    status, found = scripted(folder, capsys)
    assert status == 1
    assert found["kinds"]["finger"] == {"stations": 4, "over_7_days": 3, "over_30_days": 2, "over_90_days": 1}
    assert found["kinds"]["iris"]["stations"] == 1
    assert [item["days"] for item in found["broken"]] == [95, 40, 12, 3, None]
    assert (found["stations"], found["broken_stations"]) == (5, 5)


def test_a_fault_ages_on_while_its_station_is_silent(
    central: Central, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    quiet, never = enrol(central), enrol(central)
    beat(central, quiet, scanner(20), ago=14 * DAY)
    _status, found = scripted(folder, capsys)
    assert found["broken"][0]["days"] == 34
    assert {item["station"] for item in found["silent"]} == {quiet.station_id, never.station_id}


def test_a_person_asks_for_one_kind_that_is_broken_for_long(
    central: Central, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    late, fresh = enrol(central), enrol(central)
    beat(central, late, scanner(31, fault="cable", model="Pemindai", captures=50, failures=20))
    beat(central, fresh, scanner(2), DeviceHealth(kind="face", serial="C", state="reported", ticket_age_d=80))
    assert scripted(folder, capsys, "--kind", "finger", "--over-days", "30")[1]["broken_stations"] == 1
    well, told = asked(folder, "finger", 30)
    assert not well
    assert "Fingerprint scanner: 1 station · > 7 days: 1 · > 30 days: 1" in told
    assert (
        f"99.01.01-01 · Meja · {late.station_id}  Pemindai FP-1  reported 31 days ago (cable) · 20 of 50 failed" in told
    )
    assert fresh.station_id not in told
    assert "Camera" not in told


def test_nothing_broken_and_nobody_silent_is_said_and_is_success(central: Central, folder: Path) -> None:
    beat(central, enrol(central), scanner(None, "ready"))
    well, told = asked(folder)
    assert well
    assert "No station says that anything is broken." in told


def test_what_a_device_calls_itself_does_not_steer_a_terminal(central: Central, folder: Path) -> None:
    beat(central, enrol(central), scanner(1, model="\x1b[2J\nSemua baik"))
    told = asked(folder)[1]
    assert "\x1b" not in told
    assert len(told.splitlines()) == 3
