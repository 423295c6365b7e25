"""Disk full: whoever sits in front of the devices is finished, the next is refused with the reason, and what is over
after its thirty days makes room.

A real small disk; the people act at the real window. Central is real, on the same clock.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from station.desk import recording, sealing
from station.domain.biometrics import Part
from station.domain.delivery import Stage
from station.domain.record import RecordKey, State
from station.domain.steps import Step
from station.store import records
from station.training.people import PEOPLE, Person
from station.ui.words import sentence
from tests.end2end.window import ForwardClock, Operator, window_of
from tests.mounts import small_disk
from tests.support import APPROVED, a_capture, captured, filled, good_answers, running_central

pytestmark = pytest.mark.usefixtures("qapp")

DISK = 256 * 1024 * 1024
DAY_S = 24 * 3600.0
OLD = 6
PICTURE = 120_000
"""Bytes of each capture of those recorded a month ago."""
SHORT = 4 * 1024 * 1024
"""So much is missing from the reserve: more than a log of the databases gives back, less than what is over."""
PRINT_READY = "PRINT_READY_RECORD"
CURRENT, NEXT = PEOPLE[0], PEOPLE[3]


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of its own."""
    place = tmp_path / "disk"
    place.mkdir()
    with small_disk(place, DISK):
        yield place


def test_on_a_full_disk_the_current_one_is_finished_the_next_refused_and_thirty_days_after_print_ready_it_goes_on(
    disk: Path, tmp_path: Path
) -> None:
    clock = ForwardClock()
    with (
        running_central(tmp_path / "central", clock) as server,
        window_of(disk, central=(server.url, server.central.new_code()), clock=clock) as operator,
    ):
        operator.sign_in()
        old = _a_few_are_recorded_and_print_ready(operator)
        _days_pass(operator, clock, 29.5)
        current = _somebody_is_captured(operator)
        ballast = _the_disk_fills_up_to_the_reserve(operator, disk)
        _the_current_one_is_captured_to_the_end_and_sealed(operator, current)
        _the_next_one_is_refused_with_the_reason(operator, NEXT)
        assert old <= set(operator.depot.packets.all_keys()), "nothing is deleted to make room before its time"

        _days_pass(operator, clock, 1)
        _the_next_one_is_refused_with_the_reason(operator, NEXT)
        _what_is_over_is_deleted(operator, old)
        assert ballast.exists(), "nobody has tidied up"
        _the_next_one_is_begun(operator, NEXT)
        assert set(operator.depot.packets.all_keys()) == {current}


def _a_few_are_recorded_and_print_ready(operator: Operator) -> set[RecordKey]:
    office, keys = operator.office, set()
    for serial in range(11, 11 + OLD):
        record_id = recording.start(office).record.record_id
        filled(office, record_id, good_answers(serial))
        captured(office, record_id, f"orang {serial}", size=PICTURE)
        recording.approve(office, record_id, APPROVED, a_capture(Part.SIGNATURE))
        keys.add(sealing.seal(office, record_id).record.key)
    operator.player.wait_until(
        lambda: all((item.stage, item.central_code) == (Stage.RECEIPTED, PRINT_READY) for item in operator.packets()),
        "central has said that all of them can be printed",
    )
    return keys


def _days_pass(operator: Operator, clock: ForwardClock, days: float) -> None:
    """The computer is off meanwhile; in the morning central says what time it is."""
    operator.leave()
    clock.pass_time(days * DAY_S)
    operator.come_back()
    operator.sign_in()
    check = operator.depot.clocks
    operator.player.wait_until(
        lambda: check.check is not None and (clock.now() - check.check.at).total_seconds() < DAY_S / 2, "a hello"
    )


def _look_after(operator: Operator) -> None:
    """What the window does by itself a while after sign-in, and every hour."""
    looked: list[object] = []
    operator.app.caretaker.looked.connect(looked.append)
    operator.app.caretaker.look()
    operator.player.wait_until(lambda: bool(looked), "disk and retention were looked after")


def _somebody_is_captured(operator: Operator) -> RecordKey:
    """At the window, as far as the photo."""
    operator.begin(CURRENT)
    operator._fill_in(CURRENT, shown=False)
    operator.go_on(Step.PHOTO)
    operator._capture(Step.PHOTO)
    return operator.draft.record.key


def _the_disk_fills_up_to_the_reserve(operator: Operator, disk: Path) -> Path:
    _look_after(operator)
    forecast = operator.depot.disk.forecast(operator.office.now())
    assert forecast.room.free > forecast.reserve, "there was room this morning"
    ballast = disk / "ballast"
    with ballast.open("wb") as file:
        os.posix_fallocate(file.fileno(), 0, forecast.room.free - forecast.reserve + SHORT)
    return ballast


def _the_current_one_is_captured_to_the_end_and_sealed(operator: Operator, current: RecordKey) -> None:
    for step in (Step.FINGERS, Step.IRISES):
        operator.go_on(step)
        operator._capture(step)
    operator.go_on(Step.SIGNATURE)
    operator._sign(CURRENT)
    for step in (Step.DOCUMENTS, Step.REVIEW):
        operator.go_on(step)
    operator.seal()
    with operator.office.applicants.read() as connection:
        stored = records.get(connection, current.record_id)
    assert stored is not None
    assert stored.record.state in (State.SEALED, State.ACCEPTED)


def _the_next_one_is_refused_with_the_reason(operator: Operator, person: Person) -> None:
    """Enter on the NIK says how full it is and what to do; nothing was begun."""
    forecast = operator.depot.disk.forecast(operator.office.now())
    assert forecast.room.free < forecast.reserve
    operator.player.type(person.nik, into="applicant.nik")
    operator.player.enter()
    needed_mb = -(-forecast.reserve // (1024 * 1024))
    operator.await_text("toast", f" {needed_mb} MB", sentence("store.reserve").todo)
    assert recording.open_drafts(operator.office) == ()
    operator.restart()
    operator.sign_in()


def _what_is_over_is_deleted(operator: Operator, old: set[RecordKey]) -> None:
    """Thirty days after central's word, announced a day before; nobody presses anything."""
    for _ in range(OLD):
        _look_after(operator)
    assert not old & set(operator.depot.packets.all_keys())
    assert {item.key for item in operator.packets()} >= old, "what became of them stays"


def _the_next_one_is_begun(operator: Operator, person: Person) -> None:
    operator.begin(person)
    assert operator.draft.record.nik == person.nik
