"""The devices of the station as the desk sees them: states, tickets that open by themselves, and nothing personal."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from station.capture.rack import Rack
from station.desk import devices, recording, trail
from station.desk.devices import State
from station.domain.biometrics import Modality, Part
from station.domain.device import Fault, Use, device_id
from station.domain.errors import DeviceError
from station.store import audit
from station.store.database import Database
from station.store.tables import device, device_ticket, device_use, state
from tests.fakes.devices import PlainDevice, Shelf, info
from tests.support import PASSWORD, Workplace, a_capture, good_answers

FINGER = Modality.FINGER
SCANNER = info(FINGER, "A-1")
SPARE = info(FINGER, "B-2")
SIMULATOR = info(FINGER, "SIM-1", driver="simulated")


def rack(place: Workplace, *scanners: PlainDevice, training: bool = False) -> Rack:
    made = devices.rack_of(place.depot, [Shelf(*scanners)], training=training)
    made.look()
    return made


def card(place: Workplace, found: Rack, *, training: bool = False) -> devices.Card:
    cards = devices.cards(place.depot, found, place.clock.now(), training=training)
    return next(item for item in cards if item.kind is FINGER)


def weeks_of_use(place: Workplace, this_week_ms: int) -> None:
    """Five captures a week of a second each, and five this week of another length."""
    now = place.clock.now()
    for week in (3, 2, 1):
        for number in range(5):
            devices.note_use(place.depot, Use(SCANNER, 1000), now - timedelta(weeks=week, hours=number + 1))
    for number in range(5):
        devices.note_use(place.depot, Use(SCANNER, this_week_ms), now - timedelta(minutes=10 - number))


def test_a_choice_stands_after_a_restart(place: Workplace) -> None:
    rack(place, PlainDevice(SCANNER), PlainDevice(SPARE)).choose(FINGER, device_id(SPARE))
    place.reopen()
    found = rack(place, PlainDevice(SCANNER), PlainDevice(SPARE)).serving(FINGER)
    assert found is not None
    assert found.info == SPARE


def test_a_choice_of_a_kind_that_this_program_does_not_know_is_passed_over(place: Workplace) -> None:
    place.depot.memory.chosen_devices = {"nose": "x", "finger": device_id(SPARE)}
    assert rack(place, PlainDevice(SPARE)).serving(FINGER) is not None


@pytest.mark.parametrize(
    ("prepare", "state"),
    [
        ("nothing", State.UNTESTED),
        ("tested", State.READY),
        ("failed", State.TROUBLE),
        ("proven", State.READY),
        ("failing", State.WORN),
    ],
)
def test_the_state_is_what_was_last_found_out(place: Workplace, prepare: str, state: State) -> None:
    now, depot = place.clock.now(), place.depot
    if prepare == "tested":
        devices.note_test(depot, SCANNER, None, now)
    if prepare in ("failed", "proven"):
        devices.note_test(depot, SCANNER, DeviceError("device.unplugged"), now - timedelta(hours=1))
    if prepare == "proven":
        devices.note_use(depot, Use(SCANNER, 1000), now)
    if prepare == "failing":
        for number in range(10):
            outcome = "device.timeout" if number < 3 else ""
            devices.note_use(depot, Use(SCANNER, 1000, outcome), now + timedelta(seconds=number))
    found = card(place, rack(place, PlainDevice(SCANNER)))
    assert found.state is state
    assert found.trouble == ("device.unplugged" if prepare == "failed" else "")


def test_a_simulator_is_for_practice_on_a_real_station_only(place: Workplace) -> None:
    made = rack(place, PlainDevice(SIMULATOR))
    assert card(place, made).state is State.MISSING
    made.choose(FINGER, device_id(SIMULATOR))
    assert card(place, made).state is State.PRACTICE
    training = rack(place, PlainDevice(SIMULATOR), training=True)
    assert card(place, training, training=True).state is State.UNTESTED


def test_a_device_that_is_away_keeps_its_history_and_its_ticket(place: Workplace) -> None:
    now = place.clock.now()
    devices.note_use(place.depot, Use(SCANNER, 1000), now)
    devices.report_fault(place.depot, SCANNER, Fault.GONE, now)
    found = card(place, rack(place))
    assert found.state is State.MISSING
    assert found.health is not None
    assert found.health.info == SCANNER
    assert found.health.ticket is not None


def test_a_device_that_became_twice_as_slow_within_a_week_reports_itself(place: Workplace) -> None:
    weeks_of_use(place, 2000)
    health = place.depot.devices.health_of(SCANNER, now=place.clock.now())
    assert health is not None
    assert health.ticket is not None
    assert (health.ticket.fault, health.ticket.by_trend) == (Fault.SLOW, True)


def test_a_device_that_is_a_little_slower_does_not(place: Workplace) -> None:
    weeks_of_use(place, 1900)
    health = place.depot.devices.health_of(SCANNER, now=place.clock.now())
    assert health is not None
    assert health.ticket is None


def test_what_somebody_closed_does_not_open_again_by_itself_the_same_week(place: Workplace) -> None:
    weeks_of_use(place, 3000)
    now = place.clock.now()
    health = place.depot.devices.health_of(SCANNER, now=now)
    assert health is not None
    assert health.ticket is not None
    devices.close_ticket(place.depot, health.ticket.number, now)
    devices.note_use(place.depot, Use(SCANNER, 3000), now)
    health = place.depot.devices.health_of(SCANNER, now=now)
    assert health is not None
    assert health.ticket is None


def test_the_head_of_the_trail_is_told_where_the_engine_reads_it(place: Workplace) -> None:
    place.draft()
    trail.tell_head(place.office)
    with place.office.applicants.read() as connection:
        assert place.depot.memory.audit_head == audit.head(connection)
        assert place.depot.memory.audit_head[0] == audit.count(connection)


def test_the_history_of_devices_holds_nothing_of_a_person(place: Workplace) -> None:
    answers, scanner = good_answers(), PlainDevice(SCANNER)
    record_id = place.draft()
    recording.keep(place.office, record_id, [replace(a_capture(Part.FINGER_02), device=SCANNER)])
    now, depot = place.clock.now(), place.depot
    devices.note_seen(depot, rack(place, scanner), now)
    devices.note_use(depot, Use(SCANNER, 900, quality=61), now)
    devices.note_use(depot, Use(SCANNER, 900, f"{answers['name']} {answers['nik']}"), now)
    devices.note_test(depot, SCANNER, DeviceError("device.unplugged", person=answers["name"]), now)
    devices.report_fault(depot, SCANNER, Fault.CABLE, now)
    rack(place, scanner).choose(FINGER, device_id(SCANNER))
    database = Database(depot.folder.outbox_db)
    with database.read() as connection:
        rows = [row._asdict() for table in (device, device_use, device_ticket, state)
                for row in connection.execute(select(table))]  # fmt: skip
    database.close()
    written = json.dumps(rows, default=str).casefold()
    assert scanner.info.serial.casefold() in written
    personal = [*answers.values(), record_id, PASSWORD, place.office.operator.name, place.office.operator.operator_id]
    found = [text for text in personal if len(text) > 3 and text.casefold() in written]
    assert found == []
