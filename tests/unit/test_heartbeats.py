"""The heartbeat: central learns how a station is, at most every five minutes, and no packet ever waits for it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from station import __version__
from station.domain.biometrics import DeviceInfo, Modality
from station.domain.device import Use, device_id
from station.domain.fault import Fault
from station.domain.policy import Policy
from station.domain.power import Charge
from station.seal.policy import EVERY_STATION, sign_policy
from station.store.depot import Depot
from station.sync.backoff import HALT_S
from station.sync.battery import read_battery
from station.wire import HEARTBEAT_DEVICES, Problem
from tests.fakes import central_faults as faults
from tests.fakes.central_faults import Fault as Trouble
from tests.fakes.central_socket import Asked
from tests.sending import STATION, Sender, sending

SCANNER = DeviceInfo(Modality.FINGER, "FP-1", "Pabrik", "Pemindai", "sbi")


@pytest.fixture
def sender(tmp_path: Path) -> Iterator[Sender]:
    with sending(tmp_path) as sender:
        yield sender


def as_real(depot: Depot) -> None:
    """A station that records people of the country."""
    assert depot.enrolment is not None
    depot.enrolment = depot.enrolment.model_copy(update={"training": False})


def beats(sender: Sender) -> int:
    return len(sender.central.asked_for("heartbeats"))


def test_it_says_how_the_station_is(sender: Sender) -> None:
    now, depot = sender.clock.now(), sender.depot
    depot.devices.used(Use(SCANNER, 9000, "device.timeout"), at=now)
    depot.devices.used(Use(SCANNER, 4000, quality=60), at=now)
    depot.device_tickets.open(device_id(SCANNER), Fault.CABLE, at=now - timedelta(days=12))
    depot.memory.audit_head = (7, "ab" * 32)
    sender.central.script(lambda asked: faults.problem(Problem.BUSY, 503) if asked.route == "manifests" else None)
    sender.packet()
    sender.live(5)
    heard = sender.central.heartbeats[STATION]
    assert heard.version == __version__
    assert (heard.backlog.count, heard.backlog.oldest is not None) == (1, True)
    assert 0 < heard.disk.free_bytes < heard.disk.total_bytes
    assert [(item.kind, item.serial, item.state, item.ticket_age_d) for item in heard.devices] == [
        ("finger", "FP-1", "reported", 12)
    ]
    assert heard.devices[0].last_good == now
    told = heard.devices[0]
    assert (told.model, told.fault, told.captures, told.failures, told.median_ms) == ("Pemindai", "cable", 2, 1, 4000)
    assert heard.policy is None
    assert heard.audit is not None
    assert (heard.audit.number, heard.audit.hash) == (7, "ab" * 32)


def test_it_says_which_policy_holds(sender: Sender) -> None:
    at = sender.clock.now() - timedelta(days=3)
    central = sender.central
    token = sign_policy(central.key, Policy(), central_id=central.central_id, issued_at=at, audience=EVERY_STATION)
    sender.depot.changes.apply("1", [], at=at, policy=token)
    sender.live(5)
    assert central.heartbeats[STATION].policy == at.replace(microsecond=at.microsecond // 1000 * 1000)


def test_a_broken_device_is_told_of_however_many_others_were_seen_since(sender: Sender) -> None:
    now, depot = sender.clock.now(), sender.depot
    depot.devices.seen(SCANNER, at=now - timedelta(days=60))
    depot.device_tickets.open(device_id(SCANNER), Fault.NOT_SEEN, at=now - timedelta(days=50))
    for number in range(HEARTBEAT_DEVICES):
        depot.devices.seen(DeviceInfo(Modality.FACE, f"C-{number}", "Pabrik", "Kamera", "sbi"), at=now)
    sender.live(5)
    heard = sender.central.heartbeats[STATION]
    assert len(heard.devices) == HEARTBEAT_DEVICES
    assert (heard.devices[0].serial, heard.devices[0].ticket_age_d) == ("FP-1", 50)


def test_a_simulator_is_nothing_a_station_tells_of(sender: Sender) -> None:
    as_real(sender.depot)
    drawn = DeviceInfo(Modality.FINGER, "SIM-1", "CONTOH", "Simulasi", "sbi")
    sender.depot.devices.seen(drawn, at=sender.clock.now())
    sender.live(5)
    assert sender.central.heartbeats[STATION].devices == ()


def test_it_beats_every_five_minutes_and_a_restart_does_not_hurry_it(sender: Sender) -> None:
    sender.live(1490, nap_s=20)
    assert beats(sender) == 5
    sender.restart()
    sender.live(5)
    assert beats(sender) == 5


def test_packets_go_first(sender: Sender) -> None:
    key = sender.packet()
    sender.deliver(key)
    routes = [asked.route for asked in sender.central.asked]
    assert "heartbeats" not in routes[: routes.index("patch") + 1]


@pytest.mark.parametrize(
    "fault",
    [
        faults.problem(Problem.STATION_BLOCKED, 403),
        faults.problem(Problem.BUSY, 503, retry_after="3600"),
        faults.problem(Problem.MAINTENANCE, 503),
        faults.answer(404),
        faults.answer(500),
        faults.portal(),
    ],
)
def test_a_heartbeat_that_fails_stops_no_packet_and_does_not_spin(sender: Sender, fault: Trouble) -> None:
    def script(asked: Asked) -> Trouble | None:
        return fault if asked.route == "heartbeats" else None

    sender.central.script(script)
    sender.live(30)
    assert beats(sender) == 1
    good = sender.link
    key = sender.packet()
    sender.deliver(key)
    assert sender.link is good
    sender.live(3000, nap_s=20)
    assert beats(sender) <= 2 + 3000 / HALT_S


def test_a_clock_that_was_put_back_does_not_silence_it_for_ever(sender: Sender) -> None:
    sender.depot.memory.heartbeat_at = sender.clock.now() + timedelta(days=400)
    sender.live(5)
    assert beats(sender) == 1


@pytest.mark.parametrize(
    ("files", "charge"),
    [
        ({"type": "Battery", "capacity": "80", "status": "Discharging"}, Charge(80, plugged=False)),
        ({"type": "Battery", "capacity": "100", "status": "Full"}, Charge(100, plugged=True)),
        ({"type": "Battery", "scope": "Device", "capacity": "30", "status": "Discharging"}, None),
        ({"type": "Mains", "online": "1"}, None),
        ({"type": "Battery", "capacity": "viele"}, None),
    ],
)
def test_the_battery_is_that_of_the_computer(tmp_path: Path, files: dict[str, str], charge: Charge | None) -> None:
    supply = tmp_path / "power" / "BAT0"
    supply.mkdir(parents=True)
    for name, text in files.items():
        (supply / name).write_text(f"{text}\n")
    assert read_battery(tmp_path / "power") == charge
    assert read_battery(tmp_path / "nothing") is None
