"""The link: only a verified hello makes it good, waits are monotonic, and a restart is no outage."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from station.domain.delivery import Link, LinkState
from station.domain.errors import StoreError
from station.domain.lane import Condition, LaneName, LaneState
from station.domain.outcome import Later, Note, Trouble
from station.store.depot import Depot
from station.store.memory import Memory
from station.sync.backoff import HALT_S, LONG_OUTAGE_S
from station.sync.link import PORTAL_MEMORY_S, LinkMonitor
from tests.support import TODAY, HandClock

OFFLINE = Later(Note(Trouble.OFFLINE))
AWAY = Later(Note(Trouble.TIMEOUT))
DAY_S = 86400.0
PORTAL = Later(Note(Trouble.PORTAL))
CERTIFICATE = Later(Note(Trouble.CERTIFICATE))
BLOCKED = LaneState(
    LaneName.MANIFESTS,
    Condition.HALTED,
    TODAY,
    note=Note(Trouble.BLOCKED, detail="audit"),
    tries=1,
    next_at=TODAY + timedelta(seconds=HALT_S),
    until=TODAY + timedelta(hours=1),
)
IDLE = LaneState(LaneName.MANIFESTS, Condition.IDLE, TODAY)


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
        (Trouble.NAME, LinkState.NAME),
        (Trouble.REFUSED, LinkState.PORT),
        (Trouble.PROXY, LinkState.PROXY),
        (Trouble.CERTIFICATE, LinkState.CERTIFICATE),
        (Trouble.MAINTENANCE, LinkState.MAINTENANCE),
        (Trouble.BUSY, LinkState.BUSY),
        (Trouble.TIMEOUT, LinkState.CENTRAL_DOWN),
        (Trouble.RESET, LinkState.CENTRAL_DOWN),
        (Trouble.SERVER_ERROR, LinkState.CENTRAL_DOWN),
        (Trouble.TOO_OLD, LinkState.CENTRAL_DOWN),
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


def fail_for(monitor: LinkMonitor, clock: HandClock, seconds: float, outcome: Later) -> float:
    """Central stays away for so long; the wait that is planned then."""
    monitor.failed(outcome)
    clock.pass_time(seconds)
    for _ in range(9):
        clock.pass_time(monitor.due_in_s())
        monitor.failed(outcome)
    return monitor.due_in_s()


def test_a_central_that_is_away_for_a_day_is_asked_every_quarter_to_half_an_hour(
    monitor: LinkMonitor, clock: HandClock
) -> None:
    monitor.verified()
    assert 750 <= fail_for(monitor, clock, DAY_S, AWAY) <= 1500
    assert monitor.link.next_try_at is not None, "and the window says when"


@pytest.mark.parametrize("trouble", [Trouble.OFFLINE, Trouble.NAME, Trouble.PROXY])
def test_an_own_line_that_is_down_for_a_day_is_looked_for_every_few_minutes(
    monitor: LinkMonitor, clock: HandClock, trouble: Trouble
) -> None:
    monitor.verified()
    assert fail_for(monitor, clock, DAY_S, Later(Note(trouble))) <= 300


def test_after_a_day_without_central_another_network_and_a_person_look_at_once(
    monitor: LinkMonitor, clock: HandClock
) -> None:
    monitor.verified()
    fail_for(monitor, clock, DAY_S, AWAY)
    for ask in (monitor.network_changed, monitor.person_asked):
        monitor.failed(AWAY)
        ask()
        assert monitor.due_in_s() == 0
        monitor.failed(AWAY)
        assert monitor.due_in_s() <= 5


def test_nights_in_between_count_when_central_was_away_in_the_evening(memory: Memory, clock: HandClock) -> None:
    evening = LinkMonitor(memory, clock, lambda: None)
    evening.verified()
    fail_for(evening, clock, 1800, AWAY)
    clock.pass_time(DAY_S)
    morning = LinkMonitor(memory, clock, lambda: None)
    assert fail_for(morning, clock, 7200, AWAY) >= 750


def test_a_night_switched_off_is_no_time_that_central_was_away(memory: Memory, clock: HandClock) -> None:
    LinkMonitor(memory, clock, lambda: None).verified()
    clock.pass_time(3 * DAY_S)
    morning = LinkMonitor(memory, clock, lambda: None)
    assert fail_for(morning, clock, 7200, AWAY) <= 300


@pytest.mark.parametrize(("uploads", "shown"), [(Condition.WORKING, LinkState.GOOD), (Condition.IDLE, LinkState.BUSY)])
def test_waiting_for_the_next_turn_is_no_trouble_while_packets_go_up(
    monitor: LinkMonitor, uploads: Condition, shown: LinkState
) -> None:
    monitor.verified()
    next_at = TODAY + timedelta(minutes=37)
    waits = LaneState(LaneName.MANIFESTS, Condition.RESTING, TODAY, note=Note(Trouble.BUSY), tries=1, next_at=next_at)
    monitor.show_rests([waits, LaneState(LaneName.UPLOADS, uploads, TODAY)])
    assert monitor.link.state is shown
    assert monitor.link.next_try_at == (next_at if shown is LinkState.BUSY else None)


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


# ------------------------------------------------------------------------------------------------- what wakes a probe


@pytest.mark.parametrize("floor_s", [0, 5000])
def test_a_person_who_asks_probes_at_once_whatever_was_asked_of_us(monitor: LinkMonitor, floor_s: float) -> None:
    monitor.failed(Later(Note(Trouble.BUSY), floor_s=floor_s))
    monitor.person_asked()
    assert monitor.due_in_s() == 0


def test_another_network_is_looked_at_at_once_and_its_waits_start_small(monitor: LinkMonitor) -> None:
    for _ in range(20):
        monitor.failed(OFFLINE)
    monitor.network_changed()
    assert monitor.due_in_s() == 0
    monitor.failed(OFFLINE)
    assert monitor.due_in_s() <= 5


def test_another_network_does_not_shorten_what_central_asked_for(monitor: LinkMonitor, clock: HandClock) -> None:
    monitor.failed(Later(Note(Trouble.BUSY), floor_s=5000))
    monitor.network_changed()
    assert monitor.due_in_s() >= 5000
    clock.pass_time(7000)
    assert monitor.due_in_s() == 0


# ----------------------------------------------------------------------------------------------------------- outages


def test_the_first_contact_is_no_return_from_an_outage(monitor: LinkMonitor, clock: HandClock) -> None:
    clock.pass_time(10 * LONG_OUTAGE_S)
    assert not monitor.verified().long
    assert monitor.good


@pytest.mark.parametrize(("down_s", "long"), [(LONG_OUTAGE_S - 1, False), (LONG_OUTAGE_S + 1, True)])
def test_only_a_long_outage_asks_for_a_gradual_return(
    monitor: LinkMonitor, clock: HandClock, down_s: float, long: bool
) -> None:
    monitor.verified()
    monitor.failed(OFFLINE)
    clock.pass_time(down_s)
    monitor.failed(Later(Note(Trouble.REFUSED)))
    back = monitor.verified()
    assert (back.back, back.long) == (True, long)
    again = monitor.verified()
    assert (again.back, again.long) == (False, False)


def test_a_central_that_was_there_for_nobody_asks_for_a_gradual_return_however_short(monitor: LinkMonitor) -> None:
    monitor.verified()
    monitor.failed(Later(Note(Trouble.BUSY, http_status=503)))
    monitor.failed(Later(Note(Trouble.REFUSED)))
    assert monitor.verified().long
    monitor.failed(Later(Note(Trouble.PROXY, http_status=503)))
    assert not monitor.verified().long, "that was not central"


def test_an_outage_counts_across_restarts_and_changes_of_its_reason(memory: Memory, clock: HandClock) -> None:
    first = LinkMonitor(memory, clock, lambda: None)
    first.verified()
    for trouble in (Trouble.OFFLINE, Trouble.PORTAL, Trouble.REFUSED):
        first.failed(Later(Note(trouble)))
        clock.pass_time(LONG_OUTAGE_S / 3 + 1)
    assert LinkMonitor(memory, clock, lambda: None).verified().long


def test_a_restart_while_all_was_well_is_no_outage(memory: Memory, clock: HandClock) -> None:
    first = LinkMonitor(memory, clock, lambda: None)
    for _ in range(60):
        first.verified()
        clock.pass_time(600)
    assert not LinkMonitor(memory, clock, lambda: None).verified().long


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
    assert not monitor.verified().long


def test_a_clock_set_back_over_a_restart_is_no_negative_outage(memory: Memory, clock: HandClock) -> None:
    LinkMonitor(memory, clock, lambda: None).failed(OFFLINE)
    clock.wall -= timedelta(days=3)
    assert not LinkMonitor(memory, clock, lambda: None).verified().long


# ----------------------------------------------------------------------------------------------------------- portals


def test_a_portal_is_asked_every_half_minute_however_long_it_lasts(monitor: LinkMonitor, clock: HandClock) -> None:
    waits = []
    for _ in range(200):
        monitor.failed(PORTAL)
        waits.append(monitor.due_in_s())
        clock.pass_time(monitor.due_in_s())
    assert min(waits) >= 22 and max(waits) <= 38
    assert max(waits) - min(waits) > 8, "not in step with the station beside it"


def test_a_strangers_certificate_right_after_a_sign_in_page_is_that_page_again(
    monitor: LinkMonitor, clock: HandClock
) -> None:
    monitor.failed(PORTAL)
    clock.pass_time(40)
    monitor.failed(CERTIFICATE)
    assert (monitor.link.state, monitor.link.reason) == (LinkState.PORTAL, Trouble.PORTAL)
    clock.pass_time(PORTAL_MEMORY_S)
    monitor.failed(CERTIFICATE)
    assert monitor.link.state is LinkState.CERTIFICATE, "but not for ever"


def test_a_strangers_certificate_without_a_portal_is_said_as_it_is(monitor: LinkMonitor) -> None:
    monitor.failed(CERTIFICATE)
    assert monitor.link.state is LinkState.CERTIFICATE


# ------------------------------------------------------------------------------------------------- slow, and resting


@pytest.mark.parametrize(
    ("seconds", "rate_bps", "state"),
    [
        (1.9, 0.0, LinkState.GOOD),
        (2.1, 0.0, LinkState.SLOW),
        (0.1, 1999.0, LinkState.SLOW),
        (0.1, 2001.0, LinkState.GOOD),
    ],
)
def test_a_line_that_is_slow_is_shown_as_slow_and_holds_nothing_up(
    monitor: LinkMonitor, seconds: float, rate_bps: float, state: LinkState
) -> None:
    monitor.verified(seconds=seconds, rate_bps=rate_bps)
    assert (monitor.link.state, monitor.good, monitor.link.up) == (state, True, True)
    monitor.verified(seconds=0.1)
    assert monitor.link.state is LinkState.GOOD


def test_a_block_is_shown_with_its_end_and_its_reason(monitor: LinkMonitor) -> None:
    monitor.verified()
    monitor.show_rests([IDLE, BLOCKED])
    link = monitor.link
    assert (link.state, link.reason, link.until, link.message) == (
        LinkState.BLOCKED, Trouble.BLOCKED, BLOCKED.until, "audit",
    )  # fmt: skip
    assert link.next_try_at == BLOCKED.next_at
    assert monitor.good, "the way to central is fine"


def test_a_hello_while_the_station_is_blocked_does_not_hide_the_block(monitor: LinkMonitor, clock: HandClock) -> None:
    monitor.verified()
    monitor.show_rests([BLOCKED])
    clock.pass_time(HALT_S - 1)
    monitor.verified([BLOCKED])
    assert (monitor.link.state, monitor.link.message, monitor.link.since) == (LinkState.BLOCKED, "audit", TODAY)
    assert monitor.link.last_good_at == clock.now()
    monitor.show_rests([IDLE])
    assert monitor.link.state is LinkState.GOOD


@pytest.mark.parametrize(
    ("lane", "trouble", "state"),
    [
        (LaneName.MANIFESTS, Trouble.BUSY, LinkState.BUSY),
        (LaneName.UPLOADS, Trouble.NO_SPACE, LinkState.BUSY),
        (LaneName.CHANGES, Trouble.BUSY, LinkState.GOOD),
        (LaneName.CHANGES, Trouble.MAINTENANCE, LinkState.MAINTENANCE),
        (LaneName.HEARTBEAT, Trouble.MAINTENANCE, LinkState.GOOD),
        (LaneName.UPLOADS, Trouble.TIMEOUT, LinkState.GOOD),
    ],
)
def test_what_a_lane_rests_for_is_shown_of_the_link_only_when_it_is_worth_a_word(
    monitor: LinkMonitor, lane: LaneName, trouble: Trouble, state: LinkState
) -> None:
    resting = LaneState(lane, Condition.RESTING, TODAY, note=Note(trouble), next_at=TODAY)
    monitor.verified([resting])
    assert monitor.link.state is state


def test_of_two_lanes_that_rest_the_graver_is_shown(monitor: LinkMonitor) -> None:
    busy = LaneState(LaneName.UPLOADS, Condition.RESTING, TODAY, note=Note(Trouble.BUSY))
    monitor.verified([busy, BLOCKED])
    assert monitor.link.state is LinkState.BLOCKED


def test_what_lanes_rest_for_is_no_news_while_there_is_no_link(monitor: LinkMonitor) -> None:
    monitor.failed(OFFLINE)
    monitor.show_rests([BLOCKED])
    assert monitor.link.state is LinkState.OFFLINE


# ------------------------------------------------------------------------------------------------------ over restarts


def test_a_link_survives_a_restart(memory: Memory, clock: HandClock) -> None:
    first = LinkMonitor(memory, clock, lambda: None)
    first.failed(Later(Note(Trouble.MAINTENANCE, detail="disk"), floor_s=60))
    again = LinkMonitor(memory, clock, lambda: None)
    assert again.link == first.link
    assert again.due_in_s() == 0, "but a restart looks at once"


@pytest.mark.parametrize("state", LinkState)
def test_every_state_can_be_kept(memory: Memory, state: LinkState) -> None:
    memory.set_link(Link(state, since=TODAY))
    assert memory.link == Link(state, since=TODAY)


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


def test_a_disk_that_is_full_keeps_no_link_from_being_good(
    monitor: LinkMonitor, memory: Memory, monkeypatch: pytest.MonkeyPatch, said: list[str]
) -> None:
    def full(*_: object) -> None:
        raise StoreError("store.disk_full")

    monkeypatch.setattr(Memory, "set_link", full)
    monitor.verified()
    assert monitor.good
    assert said == ["ERROR station.sync.link: the state of the link was not written down: store.disk_full"]
