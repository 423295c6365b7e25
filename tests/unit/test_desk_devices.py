"""The devices of the station as the desk sees them: states, tickets that open by themselves, and nothing personal."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from station.capture.rack import Rack
from station.desk import device_faults, devices, recording, trail
from station.desk.devices import State
from station.domain.biometrics import DeviceInfo, Modality, Part
from station.domain.device import MISSED_DAYS, Use, device_id
from station.domain.errors import DeviceError
from station.domain.fault import Fault, Remedy, Ticket
from station.store import audit
from station.store.database import Database
from station.store.tables import device, device_ticket, device_use, state
from tests.fakes.devices import PlainDevice, Shelf, info
from tests.support import PASSWORD, HandClock, Workplace, a_capture, good_answers

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
    """Five captures a week of a second each, and of another length one on each of the last five days."""
    now = place.clock.now()
    for week in (3, 2, 1):
        for number in range(5):
            devices.note_use(place.depot, Use(SCANNER, 1000), now - timedelta(weeks=week, hours=number + 1))
    for number in range(5):
        devices.note_use(place.depot, Use(SCANNER, this_week_ms), now - timedelta(days=4 - number))


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
        ("failing", State.REPORTED),
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
    device_faults.report(place.depot, SCANNER, Fault.GONE, now)
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


def test_a_capture_that_is_written_late_takes_nothing_back_that_was_found_after_it(place: Workplace) -> None:
    now = place.clock.now()
    devices.note_test(place.depot, SCANNER, DeviceError("device.unplugged"), now)
    devices.note_use(place.depot, Use(SCANNER, 1000), now - timedelta(seconds=1))
    ticket = ticket_of(place)
    assert ticket is not None
    assert ticket.fault is Fault.FAILED_TEST
    devices.note_use(place.depot, Use(SCANNER, 1000), now + timedelta(seconds=1))
    assert ticket_of(place) is None


def test_after_a_clock_that_was_ahead_a_device_is_judged_by_today_again(place: Workplace) -> None:
    now, ahead = place.clock.now(), place.clock.now() + timedelta(days=300)
    devices.note_use(place.depot, Use(SCANNER, 1000), ahead)
    devices.note_test(place.depot, SCANNER, DeviceError("device.unplugged"), ahead)
    devices.note_use(place.depot, Use(SCANNER, 1000), now)
    assert ticket_of(place) is None
    health = place.depot.devices.health_of(SCANNER, now=now)
    assert health is not None
    assert health.good_at == now


def test_the_weeks_of_a_device_are_looked_at_once_a_day(place: Workplace) -> None:
    now = place.clock.now()
    for week in (3, 2, 1):
        for number in range(5):
            devices.note_use(place.depot, Use(SCANNER, 1000), now - timedelta(weeks=week, hours=number + 1))
    for number in range(5):
        devices.note_use(place.depot, Use(SCANNER, 3000), now + timedelta(seconds=number))
    assert ticket_of(place) is None
    later(place, 24 * 3600)
    capture(place, "device.timeout")
    assert ticket_of(place) is None, "a capture that failed says nothing about how long one takes"
    devices.note_use(place.depot, Use(SCANNER, 3000), place.clock.now())
    ticket = ticket_of(place)
    assert ticket is not None
    assert ticket.fault is Fault.SLOW


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
    device_faults.close(place.depot, health.ticket.number, Remedy.CLEANED, now)
    tomorrow = now + timedelta(days=1)
    devices.note_use(place.depot, Use(SCANNER, 3000), tomorrow)
    health = place.depot.devices.health_of(SCANNER, now=tomorrow)
    assert health is not None
    assert health.is_wearing_out
    assert health.ticket is None
    assert card(place, rack(place, PlainDevice(SCANNER))).state is State.WORN


def ticket_of(place: Workplace, scanner: DeviceInfo = SCANNER) -> Ticket | None:
    health = place.depot.devices.health_of(scanner, now=place.clock.now())
    return health.ticket if health is not None else None


def later(place: Workplace, seconds: float) -> None:
    assert isinstance(place.clock, HandClock)
    place.clock.pass_time(seconds)


def capture(place: Workplace, *outcomes: str) -> None:
    """Captures a second apart, the last of them now."""
    now = place.clock.now()
    for before, outcome in zip(reversed(range(len(outcomes))), outcomes, strict=True):
        devices.note_use(place.depot, Use(SCANNER, 1000, outcome), now - timedelta(seconds=before))


def test_a_device_that_begins_to_fail_reports_itself_after_the_use_that_showed_it(place: Workplace) -> None:
    capture(place, *[""] * 8, "device.timeout")
    assert ticket_of(place) is None
    capture(place, "device.timeout")
    ticket = ticket_of(place)
    assert ticket is not None
    assert (ticket.fault, ticket.by_trend) == (Fault.OFTEN_FAILS, True)


def test_it_reports_itself_again_only_when_it_fails_again_after_the_repair(place: Workplace) -> None:
    capture(place, *["device.timeout"] * 10)
    first = ticket_of(place)
    assert first is not None
    later(place, 60)
    device_faults.close(place.depot, first.number, Remedy.CABLE, place.clock.now())
    later(place, 60)
    capture(place, *["device.timeout"] * 9)
    assert ticket_of(place) is None
    later(place, 60)
    capture(place, "device.timeout")
    assert ticket_of(place) is not None
    assert [old.remedy for old in device_faults.earlier(place.depot, SCANNER)] == [Remedy.CABLE]


def test_a_test_that_fails_is_reported_and_taken_back_by_a_good_one(place: Workplace) -> None:
    now = place.clock.now()
    devices.note_test(place.depot, SCANNER, DeviceError("device.unplugged"), now)
    ticket = ticket_of(place)
    assert ticket is not None
    assert (ticket.fault, ticket.by_trend) == (Fault.FAILED_TEST, True)
    devices.note_test(place.depot, SCANNER, None, now)
    assert ticket_of(place) is None
    assert [old.remedy for old in device_faults.earlier(place.depot, SCANNER)] == [Remedy.BY_ITSELF]


def test_what_a_person_reported_is_never_taken_back_by_the_program(place: Workplace) -> None:
    device_faults.report(place.depot, SCANNER, Fault.POOR_PICTURE, place.clock.now())
    devices.note_test(place.depot, SCANNER, None, place.clock.now())
    capture(place, "")
    assert ticket_of(place) is not None


def work_for(place: Workplace, days: int, *here: PlainDevice) -> None:
    """So many days on which somebody starts the program and it looks for devices."""
    for _ in range(days):
        later(place, 86400)
        devices.note_seen(place.depot, rack(place, *here), place.clock.now())


def test_a_scanner_that_served_and_is_gone_for_a_week_of_work_is_missed(place: Workplace) -> None:
    capture(place, "")
    camera = PlainDevice(info(Modality.FACE, "C-3"))
    work_for(place, MISSED_DAYS - 1, camera)
    assert ticket_of(place) is None
    later(place, 20 * 86400)  # the office was closed: nobody was here to miss it
    assert ticket_of(place) is None
    work_for(place, 1, camera)
    ticket = ticket_of(place)
    assert ticket is not None
    assert (ticket.fault, ticket.by_trend) == (Fault.NOT_SEEN, True)
    work_for(place, 1, camera, PlainDevice(SCANNER))
    assert ticket_of(place) is None, "it is back"


def test_a_device_that_never_served_or_is_known_to_be_gone_is_not_missed(place: Workplace) -> None:
    place.depot.devices.seen(SPARE, at=place.clock.now())
    capture(place, "")
    ticket = device_faults.report(place.depot, SCANNER, Fault.GONE, place.clock.now())
    later(place, 60)
    device_faults.close(place.depot, ticket.number, Remedy.NOT_HERE, place.clock.now())
    work_for(place, 2 * MISSED_DAYS)
    assert ticket_of(place) is None
    assert ticket_of(place, SPARE) is None


def test_a_fault_of_a_device_that_another_one_replaced_is_not_forgotten(place: Workplace) -> None:
    device_faults.report(place.depot, SCANNER, Fault.DEAD, place.clock.now())
    found = card(place, rack(place, PlainDevice(SPARE)))
    assert [item.info for item in found.others] == [SCANNER]


def test_a_simulator_leaves_no_trace_in_the_history_of_a_real_station(place: Workplace) -> None:
    now, depot = place.clock.now(), place.depot
    assert depot.enrolment is not None
    depot.enrolment = depot.enrolment.model_copy(update={"training": False})
    devices.note_use(depot, Use(SIMULATOR, 900), now)
    devices.note_test(depot, SIMULATOR, DeviceError("device.unplugged"), now)
    devices.note_seen(depot, rack(place, PlainDevice(SIMULATOR)), now)
    assert depot.devices.health(now=now) == ()


def test_what_is_lent_serves_until_it_is_taken_back_and_is_remembered_nowhere(place: Workplace) -> None:
    made = rack(place, PlainDevice(SCANNER), PlainDevice(SPARE))
    made.choose(FINGER, device_id(SPARE))
    chosen, shelf = place.depot.memory.chosen_devices, Shelf(PlainDevice(SIMULATOR))
    made.lend(shelf, shelf.look())
    tried = card(place, made)
    assert tried.state is State.TRIED
    assert tried.serving is not None
    assert tried.serving.info == SIMULATOR
    first = made.device(FINGER)
    made.look()
    assert made.device(FINGER) is first
    made.take_back()
    back = made.serving(FINGER)
    assert back is not None
    assert back.info == SPARE
    assert place.depot.memory.chosen_devices == chosen


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
    device_faults.report(depot, SCANNER, Fault.CABLE, now)
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
