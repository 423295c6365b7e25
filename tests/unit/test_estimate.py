"""When everything will have been sent: from a measured rate, under this station's own caps and hours."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta

from hypothesis import given
from hypothesis import strategies as st

from station.domain.estimate import estimate, time_to_send
from station.domain.speed import SpeedRules, Window

TEN = datetime(2026, 11, 21, 10, 0, tzinfo=UTC)
MEGABYTE = 1_000_000


def test_nothing_is_promised_before_anything_was_measured() -> None:
    found = estimate(5 * MEGABYTE, 0.0, SpeedRules(), TEN)
    assert not found.measured
    assert found.takes is None


def test_without_rules_it_is_bytes_over_rate() -> None:
    assert estimate(6 * MEGABYTE, 10_000.0, SpeedRules(), TEN).takes == timedelta(minutes=10)


def test_a_cap_below_the_measured_rate_counts_in_kilobits_of_a_thousand_bits() -> None:
    assert time_to_send(MEGABYTE, 1e9, SpeedRules(kbps=8), TEN) == timedelta(seconds=1000)


def test_hours_without_sending_are_waited_for() -> None:
    rules = SpeedRules(windows=(Window(time(9), time(16), 0),))
    assert time_to_send(36_000, 10.0, rules, TEN) == timedelta(hours=7)


def test_what_fits_before_the_hours_begin_is_sent_before_them() -> None:
    rules = SpeedRules(windows=(Window(time(11), time(16), 0),))
    assert time_to_send(36_000, 10.0, rules, TEN) == timedelta(hours=1)
    assert time_to_send(72_000, 10.0, rules, TEN) == timedelta(hours=7)


def test_hours_over_midnight_count_on_both_sides_of_it() -> None:
    rules = SpeedRules(windows=(Window(time(22), time(6), 0),))
    late = TEN.replace(hour=23)
    assert time_to_send(10, 10.0, rules, late) == timedelta(hours=7, seconds=1)


def test_hours_that_never_end_promise_nothing() -> None:
    rules = SpeedRules(windows=(Window(time(0), time(12), 0), Window(time(12), time(0), 0)))
    assert time_to_send(10, 10.0, rules, TEN) is None
    assert time_to_send(10, 10.0, SpeedRules(kbps=0), TEN) is None


def test_more_than_a_month_is_no_estimate() -> None:
    assert time_to_send(10**12, 1.0, SpeedRules(), TEN) is None


@given(
    st.integers(1, 10**8),
    st.floats(1.0, 1e6),
    st.lists(st.tuples(st.times(), st.times(), st.sampled_from([None, 0, 8, 256])), max_size=4),
)
def test_rules_never_make_it_faster(size: int, rate: float, hours: list[tuple[time, time, int | None]]) -> None:
    rules = SpeedRules(windows=tuple(Window(start, end, kbps) for start, end, kbps in hours))
    takes, free = time_to_send(size, rate, rules, TEN), time_to_send(size, rate, SpeedRules(), TEN)
    assert takes is None or (free is not None and takes >= free - timedelta(seconds=1))
