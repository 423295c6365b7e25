"""The last 24 hours of the link: without gaps, oldest first, whatever the clock did."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from station.domain.delivery import LinkState
from station.domain.link_day import DAY, Way, stretches, time_of, way_of

NOW = datetime(2026, 11, 21, 10, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)


def test_what_was_before_the_first_try_is_not_known() -> None:
    day = stretches([(NOW - HOUR, LinkState.GOOD)], NOW)
    assert [(stretch.way, stretch.length) for stretch in day] == [(Way.UNKNOWN, 23 * HOUR), (Way.CONNECTED, HOUR)]


def test_the_state_of_days_ago_still_holds() -> None:
    (whole,) = stretches([(NOW - 90 * HOUR, LinkState.OFFLINE), (NOW - 99 * HOUR, LinkState.GOOD)], NOW)
    assert (whole.way, whole.start, whole.end) == (Way.CUT, NOW - DAY, NOW)


def test_two_ways_of_being_cut_are_one_stretch() -> None:
    history = [(NOW - HOUR, LinkState.PORTAL), (NOW - 2 * HOUR, LinkState.OFFLINE), (NOW - 30 * HOUR, LinkState.SLOW)]
    assert [stretch.way for stretch in stretches(history, NOW)] == [Way.SLOW, Way.CUT]
    assert time_of(stretches(history, NOW), Way.CUT) == 2 * HOUR


def test_only_a_link_that_takes_bytes_is_connected_or_slow() -> None:
    moving = {state for state in LinkState if way_of(state) in (Way.CONNECTED, Way.SLOW)}
    assert moving == {LinkState.GOOD, LinkState.SLOW, LinkState.BUSY}


@given(st.lists(st.tuples(st.integers(-4000, 600), st.sampled_from(LinkState)), max_size=20))
def test_every_history_gives_a_whole_day(changes: list[tuple[int, LinkState]]) -> None:
    history = [(NOW + timedelta(minutes=at), state) for at, state in changes]
    day = stretches(history, NOW)
    assert (day[0].start, day[-1].end) == (NOW - DAY, NOW)
    assert all(one.end == other.start and one.way is not other.way for one, other in pairwise(day))
    assert all(stretch.length > timedelta() for stretch in day)
