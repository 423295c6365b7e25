"""A clock that jumps: it is noticed, kept, told in the packets that were open meanwhile, and stops nothing."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from station.desk import clock_guard, recording, sealing
from station.desk.clock_guard import ClockWatch
from station.desk.reopening import sealed_body
from station.domain.clock_jump import Jump, jump_while_off
from station.domain.clocks import Check
from station.domain.errors import AccessError
from station.domain.power import Saving
from station.store import audit
from tests.support import TODAY, HandClock, Workplace

HOUR = timedelta(hours=1)


class Steady:
    """Time that nobody can set."""

    def __init__(self, clock: HandClock) -> None:
        self.clock, self.seconds = clock, 0.0

    def __call__(self) -> float:
        return self.seconds

    def pass_time(self, seconds: float, jump: timedelta = timedelta()) -> None:
        self.seconds += seconds
        self.clock.wall += timedelta(seconds=seconds) + jump


@pytest.fixture
def steady() -> Steady:
    return Steady(HandClock())


@pytest.mark.parametrize("by", [3 * HOUR, -3 * HOUR, timedelta(days=3650), -timedelta(days=3650)])
def test_a_clock_that_is_set_is_noticed_with_how_far_it_went(steady: Steady, by: timedelta) -> None:
    watch = ClockWatch(steady.clock, steady)
    steady.pass_time(10, by)
    assert watch.look() == Jump(steady.clock.now(), by)
    steady.pass_time(10)
    assert watch.look() is None, "once"


def test_a_computer_that_slept_and_a_clock_that_is_put_right_a_little_are_no_jumps(steady: Steady) -> None:
    watch = ClockWatch(steady.clock, steady)
    steady.pass_time(9 * 3600)
    assert watch.look() is None
    steady.pass_time(10, timedelta(seconds=59))
    assert watch.look() is None


def test_a_clock_that_went_back_while_the_computer_was_off_is_noticed_at_the_next_sign_in(place: Workplace) -> None:
    office = place.office
    assert clock_guard.note_start(office) is None
    assert isinstance(place.clock, HandClock)
    place.clock.wall -= 30 * HOUR
    found = clock_guard.note_start(office)
    assert found == Jump(place.clock.now(), -30 * HOUR, off=True)
    assert clock_guard.note_start(office) is None, "once"
    with office.applicants.read() as connection:
        assert audit.first_broken(connection) is None


def test_whether_it_went_forward_while_off_nobody_can_know() -> None:
    assert jump_while_off(TODAY, TODAY + timedelta(days=300)) is None
    assert jump_while_off(None, TODAY) is None


def test_a_packet_tells_of_the_jumps_while_it_was_open_and_of_central_s_word(place: Workplace) -> None:
    office = place.office
    clock_guard.note(office, Jump(office.now() - HOUR, HOUR))  # before this person came
    record_id = place.draft()
    place.depot.clocks.check = Check(timedelta(seconds=-7), office.now())
    clock_guard.note(office, Jump(office.now() - 2 * HOUR, -2 * HOUR))  # back over the moment they came
    key = sealing.seal(office, record_id).record.key
    told = sealed_body(office, key).record["clock"]
    assert [item["by_s"] for item in told["jumps"]] == [-7200]
    assert (told["central_offset_s"], told["checked_at"]) == (-7.0, office.now().isoformat())


def test_what_is_told_of_the_clock_is_no_part_of_what_a_draft_is(place: Workplace) -> None:
    """A power cut after the packet was written: the draft is the same, whatever the clock did since."""
    record_id = place.draft()
    draft = recording.resume(place.office, record_id)
    assert clock_guard.told(place.office, draft.record.started_at) == {"jumps": []}


def test_only_so_many_jumps_are_kept(place: Workplace) -> None:
    for number in range(60):
        place.depot.clocks.note_jump(Jump(TODAY + timedelta(minutes=number), HOUR))
    assert len(place.depot.clocks.jumps) == 50
    assert place.depot.clocks.jumps[0].at == TODAY + timedelta(minutes=59)


def test_what_is_known_outlives_the_program(folder_copy: Path, open_place: Callable[[Path], Workplace]) -> None:
    place = open_place(folder_copy)
    place.depot.clocks.note_jump(Jump(TODAY, -HOUR, off=True))
    place.reopen()
    assert place.depot.clocks.jumps == (Jump(TODAY, -HOUR, off=True),)
    assert place.depot.clocks.newest_seen == TODAY


def test_who_may_not_change_delivery_does_not_choose_how_power_is_saved(place: Workplace) -> None:
    office = place.office
    clock_guard.save_power(office, Saving.NEVER)
    assert clock_guard.picture(office).saving is Saving.NEVER
    office.operator = type(office.operator)(office.operator.operator_id, "Kepala", "head")
    with pytest.raises(AccessError):
        clock_guard.save_power(office, Saving.ALWAYS)
    assert clock_guard.picture(office).saving is Saving.NEVER
