"""The history of the devices: counted in SQL, bounded, and nothing in it about a person."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from station.domain.biometrics import DeviceInfo, Modality
from station.domain.device import GOOD, Health, Use, device_id
from station.domain.fault import Fault, Remedy
from station.store import devices as devices_module
from station.store.database import Database
from station.store.device_tickets import DeviceTickets
from station.store.devices import Devices
from station.store.migrate import migrate
from tests.support import TODAY

SCANNER = DeviceInfo(Modality.FINGER, "FP-0001", "Contoh", "Pemindai 4-4-2", "sbi")
SPARE = DeviceInfo(Modality.FINGER, "FP-0002", "Contoh", "Pemindai 4-4-2", "sbi")
NAME = device_id(SCANNER)
DAY = timedelta(days=1)


@pytest.fixture
def outbox(tmp_path: Path) -> Iterator[Database]:
    database = Database(tmp_path / "outbox.db")
    migrate(database, "outbox")
    yield database
    database.close()


@pytest.fixture
def devices(outbox: Database) -> Devices:
    return Devices(outbox)


@pytest.fixture
def tickets(outbox: Database) -> DeviceTickets:
    return DeviceTickets(outbox)


def health(devices: Devices) -> Health:
    found = devices.health_of(SCANNER, now=TODAY)
    assert found is not None
    return found


def uses(devices: Devices, *milliseconds: int, days_ago: float = 0) -> None:
    for number, took in enumerate(milliseconds):
        devices.used(Use(SCANNER, took, quality=60), at=TODAY - timedelta(days=days_ago, seconds=-number))


def test_a_device_that_was_never_here_has_no_history(devices: Devices) -> None:
    assert devices.health_of(SCANNER, now=TODAY) is None
    assert devices.recent(NAME) == ()


def test_a_device_is_known_from_the_moment_it_was_seen(devices: Devices) -> None:
    devices.seen(SCANNER, at=TODAY - DAY)
    devices.seen(SCANNER, at=TODAY)
    found = health(devices)
    assert (found.info, found.seen_at, found.good_at) == (SCANNER, TODAY, None)
    assert (found.uses, found.failures, found.median_ms, found.failures_of_100) == (0, 0, None, None)


def test_the_last_good_capture_and_the_failures_are_counted(devices: Devices) -> None:
    uses(devices, 900, 1000, 1100, days_ago=2)
    devices.used(Use(SCANNER, 15_000, "device.timeout"), at=TODAY)
    found = health(devices)
    assert found.good_at == TODAY - 2 * DAY + timedelta(seconds=2)
    assert (found.uses, found.failures, found.failures_of_100) == (4, 1, 25)
    assert found.median_ms == 1000, "a capture that failed says nothing about how long a good one takes"
    assert [line.outcome for line in devices.recent(NAME)] == ["device.timeout", GOOD, GOOD, GOOD]


def test_only_the_last_hundred_captures_are_blamed_on_a_device(devices: Devices) -> None:
    for number in range(30):
        devices.used(Use(SCANNER, 100, "device.broken"), at=TODAY - DAY + timedelta(seconds=number))
    uses(devices, *([1000] * 100))
    assert health(devices).failures == 0


def test_another_device_of_the_same_model_has_its_own_history(devices: Devices) -> None:
    uses(devices, 900)
    devices.seen(SPARE, at=TODAY)
    found = sorted(devices.health(now=TODAY), key=lambda item: item.info.serial)
    assert [(item.info, item.uses) for item in found] == [(SCANNER, 1), (SPARE, 0)]


def test_medians_are_told_week_by_week(devices: Devices) -> None:
    uses(devices, 3000, 1000, 2000, 5000, 4000, days_ago=10)
    uses(devices, 100, 200, days_ago=24)
    uses(devices, 6000, 6100, 6200, 6300, 6400, 6500, days_ago=1)
    found = health(devices)
    assert found.week_ms == (None, None, None, None, None, None, 3000, 6200)
    assert found.slower_times == pytest.approx(6200 / 3000)
    assert found.is_wearing_out


def test_a_week_of_few_captures_says_nothing(devices: Devices) -> None:
    uses(devices, 1000, 1000, 1000, 1000, 1000, days_ago=10)
    uses(devices, 9000, 9000, 9000, 9000, days_ago=1)
    found = health(devices)
    assert found.slower_times is None
    assert not found.is_wearing_out


def test_a_test_is_remembered_with_its_outcome(devices: Devices) -> None:
    devices.tested(SCANNER, "device.dirty", at=TODAY)
    assert (health(devices).tested_at, health(devices).test_outcome) == (TODAY, "device.dirty")
    devices.tested(SCANNER, GOOD, at=TODAY + DAY)
    assert health(devices).test_outcome == GOOD


def test_a_ticket_ages_from_the_first_report_until_it_is_closed_with_what_was_done(
    devices: Devices, tickets: DeviceTickets
) -> None:
    devices.seen(SCANNER, at=TODAY)
    first = tickets.open(NAME, Fault.CABLE, at=TODAY - 31 * DAY)
    again = tickets.open(NAME, Fault.DEAD, at=TODAY)
    assert again == first
    ticket = health(devices).ticket
    assert ticket is not None
    assert (ticket.days(TODAY), ticket.tone(TODAY), ticket.fault) == (31, "bad", Fault.CABLE)
    tickets.close(ticket.number, Remedy.CABLE, at=TODAY)
    tickets.close(ticket.number, Remedy.CLEANED, at=TODAY + DAY)
    assert health(devices).ticket is None
    assert tickets.closed_at(NAME) == TODAY
    (kept,) = tickets.closed(NAME)
    assert (kept.fault, kept.remedy, kept.days(TODAY + 90 * DAY)) == (Fault.CABLE, Remedy.CABLE, 31)


@pytest.mark.parametrize(("days", "tone"), [(0, "fresh"), (6, "fresh"), (7, "late"), (30, "bad"), (90, "black")])
def test_a_ticket_turns_amber_red_and_black(tickets: DeviceTickets, days: int, tone: str) -> None:
    assert tickets.open(NAME, Fault.DEAD, at=TODAY - days * DAY).tone(TODAY) == tone


def test_what_failed_before_a_repair_is_blamed_on_nobody_after_it(devices: Devices, tickets: DeviceTickets) -> None:
    for number in range(12):
        devices.used(Use(SCANNER, 100, "device.broken"), at=TODAY - DAY + timedelta(seconds=number))
    ticket = tickets.open(NAME, Fault.OFTEN_FAILS, at=TODAY - DAY)
    assert health(devices).often_fails
    tickets.close(ticket.number, Remedy.REPAIRED, at=TODAY - timedelta(hours=1))
    uses(devices, 900, 900)
    assert (health(devices).uses, health(devices).failures) == (2, 0)


def test_a_ticket_closed_by_a_program_that_did_not_ask_what_was_done_is_a_repair_too(
    devices: Devices, tickets: DeviceTickets, outbox: Database
) -> None:
    for number in range(12):
        devices.used(Use(SCANNER, 100, "device.broken"), at=TODAY - DAY + timedelta(seconds=number))
    ticket = tickets.open(NAME, Fault.OFTEN_FAILS, at=TODAY - DAY)
    tickets.close(ticket.number, Remedy.REPAIRED, at=TODAY - timedelta(hours=1))
    with outbox.write() as connection:
        connection.exec_driver_sql("UPDATE device_ticket SET remedy = NULL")
    uses(devices, 900, 900)
    assert (health(devices).uses, health(devices).failures) == (2, 0)


def test_old_uses_go(devices: Devices) -> None:
    uses(devices, 900, days_ago=91)
    uses(devices, 900, days_ago=89)
    devices.seen(SCANNER, at=TODAY)
    assert len(devices.recent(NAME)) == 1


def test_uses_and_devices_are_bounded(devices: Devices, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(devices_module, "KEPT_USES", 10)
    monkeypatch.setattr(devices_module, "KEPT_DEVICES", 3)
    uses(devices, *range(25))
    assert [line.took_ms for line in devices.recent(NAME, 100)] == list(reversed(range(15, 25)))
    for number in range(5):
        devices.seen(DeviceInfo(Modality.FACE, f"{number}", "", "", "camera"), at=TODAY + number * DAY)
    assert [item.info.serial for item in devices.health(now=TODAY)] == ["4", "3", SCANNER.serial]


def test_invented_devices_never_push_out_what_captures_or_was_reported(
    devices: Devices, tickets: DeviceTickets, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(devices_module, "KEPT_DEVICES", 5)
    uses(devices, 900, days_ago=30)
    devices.seen(SPARE, at=TODAY - 30 * DAY)
    tickets.open(device_id(SPARE), Fault.DEAD, at=TODAY - 30 * DAY)
    devices.seen(*(DeviceInfo(Modality.FINGER, f"X{number}", "", "", "sbi") for number in range(300)), at=TODAY)
    kept = {item.info.serial for item in devices.health(now=TODAY)}
    assert {SCANNER.serial, SPARE.serial} < kept and len(kept) == 5


def test_everything_that_is_connected_is_noted_in_one_transaction(devices: Devices, outbox: Database) -> None:
    commits: list[int] = []
    outbox.on_commit.append(lambda: commits.append(1))
    devices.seen(SCANNER, SPARE, at=TODAY)
    assert (len(commits), len(devices.health(now=TODAY))) == (1, 2)


@pytest.mark.parametrize("said", ["SITI AMINAH 3325071505890001", "3325071505890001", "kabel putus", "a." + "b" * 60])
def test_only_codes_are_kept_of_what_a_device_complains_about(devices: Devices, said: str) -> None:
    devices.used(Use(SCANNER, 10, said), at=TODAY)
    devices.tested(SCANNER, said, at=TODAY)
    assert devices.recent(NAME)[0].outcome == "device.broken"
    assert health(devices).test_outcome == "device.broken"
