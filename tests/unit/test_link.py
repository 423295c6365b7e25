"""The link: only a verified hello makes it good, waits are monotonic, and a restart is no outage."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from station.domain.delivery import Link, LinkState
from station.domain.outcome import Halted, Later, Note, Trouble
from station.store.depot import Depot
from station.store.memory import Memory
from station.sync.backoff import HALT_S, LONG_OUTAGE_S
from station.sync.link import LinkMonitor
from tests.support import TODAY, HandClock

OFFLINE = Later(Note(Trouble.OFFLINE))
BLOCKED = Halted(Note(Trouble.BLOCKED), until=TODAY + timedelta(hours=1), message="audit")


@pytest.fixture
def depot(tmp_path: Path) -> Iterator[Depot]:
    depot = Depot(tmp_path)
    yield depot
    depot.close()


@pytest.fixture
def memory(depot: Depot) -> Memory:
    return depot.memory


@pytest.fixture
def clock() -> HandClock:
    return HandClock()


@pytest.fixture
def monitor(memory: Memory, clock: HandClock) -> LinkMonitor:
    return LinkMonitor(memory, clock, lambda: None)


def test_at_the_start_nothing_is_known_and_a_probe_is_due(monitor: LinkMonitor) -> None:
    assert monitor.link.state is LinkState.UNKNOWN
    assert not monitor.good
    assert monitor.due_in_s() == 0


@pytest.mark.parametrize(
    ("trouble", "state"),
    [
        (Trouble.OFFLINE, LinkState.OFFLINE),
        (Trouble.PORTAL, LinkState.PORTAL),
        (Trouble.CERTIFICATE, LinkState.CERTIFICATE),
        (Trouble.MAINTENANCE, LinkState.MAINTENANCE),
        (Trouble.REFUSED, LinkState.CENTRAL_DOWN),
        (Trouble.TIMEOUT, LinkState.CENTRAL_DOWN),
        (Trouble.SERVER_ERROR, LinkState.CENTRAL_DOWN),
    ],
)
def test_every_trouble_has_a_state_a_reason_and_a_next_try(
    monitor: LinkMonitor, clock: HandClock, trouble: Trouble, state: LinkState
) -> None:
    monitor.failed(Later(Note(trouble)))
    link = monitor.link
    assert (link.state, link.reason, link.tries, link.since) == (state, trouble, 1, clock.now())
    assert link.next_try_at is not None
    assert 1 <= (link.next_try_at - clock.now()).total_seconds() <= 5
    assert monitor.due_in_s() == pytest.approx((link.next_try_at - clock.now()).total_seconds(), abs=0.001)
    assert not monitor.good


def test_waits_grow_while_it_stays_down_and_start_again_after_it_was_good(
    monitor: LinkMonitor, clock: HandClock
) -> None:
    longest = 0.0
    for _ in range(60):
        monitor.failed(OFFLINE)
        longest = max(longest, monitor.due_in_s())
        clock.pass_time(monitor.due_in_s())
    assert 100 < longest <= 300
    assert monitor.link.tries == 60
    monitor.verified()
    monitor.failed(OFFLINE)
    assert monitor.link.tries == 1
    assert monitor.due_in_s() <= 5


def test_the_moment_it_went_down_is_kept_while_the_state_stays(monitor: LinkMonitor, clock: HandClock) -> None:
    monitor.verified()
    clock.pass_time(10)
    monitor.failed(OFFLINE)
    down = clock.now()
    clock.pass_time(50)
    monitor.failed(OFFLINE)
    assert monitor.link.since == down
    assert monitor.link.last_good_at == TODAY


def test_a_floor_of_central_is_kept_and_shown(monitor: LinkMonitor, clock: HandClock) -> None:
    monitor.failed(Later(Note(Trouble.MAINTENANCE, detail="disk"), floor_s=1800))
    assert 1800 <= monitor.due_in_s() <= 2250
    assert monitor.link.until == clock.now() + timedelta(seconds=1800)
    assert monitor.link.message == "disk"


def test_details_of_other_trouble_are_not_shown_as_a_message(monitor: LinkMonitor) -> None:
    monitor.failed(Later(Note(Trouble.OFFLINE, detail="ConnectError")))
    assert monitor.link.message == ""
    assert monitor.link.until is None


def test_a_wish_probes_at_once(monitor: LinkMonitor) -> None:
    monitor.failed(Later(Note(Trouble.BUSY), floor_s=5000))
    monitor.wake()
    assert monitor.due_in_s() == 0


def test_the_first_contact_is_no_return_from_an_outage(monitor: LinkMonitor, clock: HandClock) -> None:
    clock.pass_time(10 * LONG_OUTAGE_S)
    assert not monitor.verified()
    assert monitor.good


@pytest.mark.parametrize(("down_s", "long"), [(LONG_OUTAGE_S - 1, False), (LONG_OUTAGE_S + 1, True)])
def test_only_a_long_outage_asks_for_a_gradual_return(
    monitor: LinkMonitor, clock: HandClock, down_s: float, long: bool
) -> None:
    monitor.verified()
    monitor.failed(OFFLINE)
    clock.pass_time(down_s)
    monitor.failed(Later(Note(Trouble.REFUSED)))
    assert monitor.verified() is long
    assert not monitor.verified()


def test_an_outage_counts_across_restarts_and_changes_of_its_reason(memory: Memory, clock: HandClock) -> None:
    first = LinkMonitor(memory, clock, lambda: None)
    first.verified()
    for trouble in (Trouble.OFFLINE, Trouble.PORTAL, Trouble.REFUSED):
        first.failed(Later(Note(trouble)))
        clock.pass_time(LONG_OUTAGE_S / 3 + 1)
    assert LinkMonitor(memory, clock, lambda: None).verified()


def test_a_restart_while_all_was_well_is_no_outage(memory: Memory, clock: HandClock) -> None:
    first = LinkMonitor(memory, clock, lambda: None)
    for _ in range(60):
        first.verified()
        clock.pass_time(600)
    assert not LinkMonitor(memory, clock, lambda: None).verified()


@pytest.mark.parametrize("days", [-4000, -2, 2, 4000])
def test_a_wall_clock_that_jumps_neither_makes_an_outage_nor_a_wait(
    monitor: LinkMonitor, clock: HandClock, days: int
) -> None:
    monitor.verified()
    monitor.failed(OFFLINE)
    wait_s = monitor.due_in_s()
    clock.wall += timedelta(days=days)
    assert monitor.due_in_s() == wait_s
    clock.pass_time(wait_s)
    assert monitor.due_in_s() == 0
    assert not monitor.verified()


def test_a_clock_set_back_over_a_restart_is_no_negative_outage(memory: Memory, clock: HandClock) -> None:
    LinkMonitor(memory, clock, lambda: None).failed(OFFLINE)
    clock.wall -= timedelta(days=3)
    assert not LinkMonitor(memory, clock, lambda: None).verified()


def test_a_block_is_shown_with_its_end_and_its_reason(monitor: LinkMonitor, clock: HandClock) -> None:
    monitor.verified()
    monitor.halted(BLOCKED, HALT_S)
    link = monitor.link
    assert (link.state, link.reason, link.until, link.message) == (
        LinkState.BLOCKED, Trouble.BLOCKED, BLOCKED.until, "audit",
    )  # fmt: skip
    assert link.next_try_at == clock.now() + timedelta(seconds=HALT_S)
    assert monitor.good, "the way to central is fine"


def test_a_hello_while_the_station_is_blocked_does_not_hide_the_block(monitor: LinkMonitor, clock: HandClock) -> None:
    monitor.verified()
    monitor.halted(BLOCKED, HALT_S)
    clock.pass_time(HALT_S - 1)
    monitor.verified()
    assert monitor.link.state is LinkState.BLOCKED
    assert monitor.link.message == "audit"
    assert monitor.link.last_good_at == clock.now()


@pytest.mark.parametrize("taken", [True, False])
def test_a_block_is_over_when_something_is_taken_or_its_rest_has_passed(
    monitor: LinkMonitor, clock: HandClock, taken: bool
) -> None:
    monitor.halted(BLOCKED, HALT_S)
    if taken:
        monitor.taken_again()
    else:
        clock.pass_time(HALT_S)
        monitor.verified()
    assert monitor.link.state is LinkState.GOOD


def test_a_link_survives_a_restart(memory: Memory, clock: HandClock) -> None:
    first = LinkMonitor(memory, clock, lambda: None)
    first.failed(Later(Note(Trouble.MAINTENANCE, detail="disk"), floor_s=60))
    again = LinkMonitor(memory, clock, lambda: None)
    assert again.link == first.link
    assert again.due_in_s() == 0, "but a restart looks at once"


def test_only_a_change_is_told_and_kept(memory: Memory, clock: HandClock) -> None:
    told: list[Link | None] = []
    link = LinkMonitor(memory, clock, lambda: told.append(memory.link))
    link.verified()
    link.verified()
    assert len(told) == 1
    clock.pass_time(1)
    link.verified()
    assert told[0] is not None
    assert told[1] == replace(told[0], last_good_at=clock.now())
    link.failed(OFFLINE)
    states = [state for _, state in memory.link_history(10)]
    assert states == [LinkState.OFFLINE, LinkState.GOOD]
