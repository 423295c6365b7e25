"""The waiting numbers: bounded, jittered also at the cap, and never shorter than central asked for."""

from __future__ import annotations

from threading import Event

import httpx
import pytest

from station.store.outbox import LONGEST_WAIT
from station.sync import backoff

DRAWS = 2000


def waits(draw: object, *arguments: float) -> list[float]:
    return [draw(*arguments) for _ in range(DRAWS)]  # type: ignore[operator]


def spread(values: list[float], low: float, high: float, parts: int = 10) -> list[int]:
    """How many values fall into each tenth of the range."""
    counts = [0] * parts
    for value in values:
        counts[min(int((value - low) / (high - low) * parts), parts - 1)] += 1
    return counts


@pytest.mark.parametrize(("tries", "cap"), [(0, 5), (1, 5), (2, 10), (3, 20), (6, 160), (7, 300), (8, 300), (500, 300)])
def test_probes_wait_at_most_five_seconds_doubling_to_five_minutes(tries: int, cap: float) -> None:
    values = waits(backoff.probe_wait_s, tries)
    assert min(values) >= 1 and max(values) <= cap
    assert max(values) > cap * 0.9


@pytest.mark.parametrize("tries", [7, 8, 40, 100_000])
def test_probes_keep_their_jitter_at_the_cap(tries: int) -> None:
    counts = spread(waits(backoff.probe_wait_s, tries), 1, 300)
    assert min(counts) > DRAWS / 10 / 2, "some tenth of the range is hardly ever drawn: stations come back in step"


HOUR, DAY = 3600.0, 86400.0


@pytest.mark.parametrize(
    ("away_s", "low", "high"),
    [(HOUR, 1, 300), (3 * HOUR, 1, 300), (6 * HOUR, 300, 600), (DAY, 750, 1500), (300 * DAY, 750, 1500)],
)
def test_a_central_that_is_away_for_long_is_asked_less_often(away_s: float, low: float, high: float) -> None:
    values = waits(backoff.away_wait_s, 50, away_s)
    assert low <= min(values) and max(values) <= high
    assert min(spread(values, low, high)) > DRAWS / 10 / 2, "stations would come back in step"


@pytest.mark.parametrize(("tries", "cap"), [(1, 5), (3, 20), (6, 160)])
def test_the_first_tries_are_soon_however_long_central_was_away(tries: int, cap: float) -> None:
    assert max(waits(backoff.away_wait_s, tries, 10 * DAY)) <= cap


def test_all_stations_of_the_country_ask_less_than_ten_times_a_second_after_days() -> None:
    values = waits(backoff.away_wait_s, 50, 10 * DAY)
    assert 7285 / (sum(values) / len(values)) < 7


@pytest.mark.parametrize(("attempts", "cap"), [(1, 30), (2, 120), (3, 480), (5, 7680), (6, 21600), (8, 21600)])
def test_items_wait_thirty_seconds_times_four_up_to_six_hours(attempts: int, cap: float) -> None:
    values = [wait.total_seconds() for wait in (backoff.item_wait(attempts, 0) for _ in range(DRAWS))]
    assert min(values) >= 1 and max(values) <= cap
    assert min(spread(values, 1, cap)) > DRAWS / 10 / 2


def test_an_item_never_waits_less_than_central_asked_for() -> None:
    values = [backoff.item_wait(1, 600).total_seconds() for _ in range(DRAWS)]
    assert min(values) >= 600
    assert max(values) <= 750


@pytest.mark.parametrize("floor_s", [1, 60, 3600, 10 * 3600])
def test_retry_after_is_a_floor_and_is_spread_by_a_quarter(floor_s: float) -> None:
    values = waits(backoff.floor_wait_s, floor_s)
    assert floor_s <= min(values) and max(values) <= 1.25 * floor_s
    assert min(spread(values, floor_s, 1.25 * floor_s)) > DRAWS / 10 / 2


@pytest.mark.parametrize("floor_s", [24 * 3600, 10 * 24 * 3600, 999_999_999])
def test_an_absurd_retry_after_ends_within_a_day_and_still_spread(floor_s: float) -> None:
    values = waits(backoff.floor_wait_s, floor_s)
    assert max(values) <= 24 * 3600
    assert min(values) >= 19 * 3600
    assert len(set(values)) > DRAWS / 2


def test_no_planned_wait_looks_like_a_clock_that_jumped() -> None:
    longest = max(backoff.item_wait(99, 999_999_999) for _ in range(DRAWS))
    assert longest <= LONGEST_WAIT


@pytest.mark.parametrize("floor_s", [0, -5])
def test_no_floor_is_no_wait(floor_s: float) -> None:
    assert backoff.floor_wait_s(floor_s) == 0


def test_the_spread_after_an_outage_is_uniform() -> None:
    values = waits(backoff.spread_wait_s, 900)
    assert min(values) >= 0 and max(values) <= 900
    assert min(spread(values, 0, 900)) > DRAWS / 10 / 2


def test_inside_an_attempt_three_tries_and_then_the_error_itself() -> None:
    tries: list[int] = []

    def fail() -> None:
        tries.append(1)
        raise httpx.ReadError("cut")

    with pytest.raises(httpx.ReadError):
        backoff.within_attempt((httpx.ReadError,), Event())(fail)
    assert len(tries) == 3


def test_inside_an_attempt_nothing_is_tried_again_once_we_stop() -> None:
    tries: list[int] = []
    stopping = Event()

    def fail() -> None:
        tries.append(1)
        stopping.set()
        raise httpx.ReadError("we hung up")

    with pytest.raises(httpx.ReadError):
        backoff.within_attempt((httpx.ReadError,), stopping)(fail)
    assert len(tries) == 1


def test_inside_an_attempt_another_error_is_not_tried_again() -> None:
    tries: list[int] = []

    def fail() -> None:
        tries.append(1)
        raise httpx.ConnectError("refused")

    with pytest.raises(httpx.ConnectError):
        backoff.within_attempt((httpx.ReadError,), Event())(fail)
    assert len(tries) == 1


def test_inside_an_attempt_success_after_a_stale_connection_is_success() -> None:
    stale = iter([httpx.ReadError("stale")])

    def work() -> str:
        for problem in stale:
            raise problem
        return "fine"

    assert backoff.within_attempt((httpx.ReadError,), Event())(work) == "fine"
