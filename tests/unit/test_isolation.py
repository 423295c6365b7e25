"""Weeks without central: warned of at seven, fourteen and thirty days, and at no other time."""

from __future__ import annotations

from datetime import timedelta

import pytest

from station.domain.delivery import Counts, Link, LinkState
from station.domain.isolation import days_alone, warned_at
from station.ui import delivery_words
from tests.support import TODAY


@pytest.mark.parametrize(
    ("days", "mark", "tone"),
    [(0, 0, ""), (6, 0, ""), (7, 7, "warn"), (13, 7, "warn"), (14, 14, "warn"), (30, 30, "bad"), (400, 30, "bad")],
)
def test_the_longer_the_louder(days: int, mark: int, tone: str) -> None:
    link = Link(LinkState.OFFLINE, TODAY, last_good_at=TODAY)
    found = days_alone(link, None, TODAY + timedelta(days=days, hours=5))
    fact = delivery_words.alone_fact(found)
    assert (found, warned_at(found)) == (days, mark)
    assert (fact.tone, str(days) in fact.text) == ((tone, True) if mark else ("off", False))


def test_a_station_that_never_reached_central_counts_from_its_first_packet() -> None:
    never = Link(LinkState.OFFLINE, TODAY)
    assert days_alone(never, TODAY - timedelta(days=9), TODAY) == 9
    assert days_alone(never, None, TODAY) == 0


def test_whoever_reaches_central_is_not_alone_and_a_clock_that_was_set_back_counts_nothing() -> None:
    long_ago = TODAY - timedelta(days=90)
    assert days_alone(Link(LinkState.GOOD, TODAY, last_good_at=long_ago), long_ago, TODAY) == 0
    assert days_alone(Link(LinkState.OFFLINE, TODAY, last_good_at=TODAY + timedelta(days=3)), None, TODAY) == 0


def test_the_remedy_names_the_stick_only_when_something_waits() -> None:
    assert "stick" in delivery_words.alone_remedy(Counts(queued=3))
    assert "stick" not in delivery_words.alone_remedy(Counts())
