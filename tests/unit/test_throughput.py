"""The throughput book: five minutes each, cheap to keep, forgotten after eight days."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from station.domain.throughput import BUCKET, Bucket, bucket_start
from station.store.depot import Depot
from station.store.throughput import KEPT, Throughput
from tests.support import TODAY

START = bucket_start(TODAY)


@pytest.fixture
def depot(tmp_path: Path) -> Iterator[Depot]:
    depot = Depot(tmp_path / "station")
    yield depot
    depot.close()


@pytest.fixture
def book(depot: Depot) -> Throughput:
    return depot.throughput


def test_an_empty_book_knows_nothing(book: Throughput) -> None:
    assert book.of_day(TODAY) == ()
    assert book.rate_bps(TODAY) == 0


def test_what_is_added_within_five_minutes_is_one_bucket(book: Throughput) -> None:
    book.add(START, 1000, 0, 2.0)
    book.add(START + timedelta(minutes=4, seconds=59), 500, 1, 1.0)
    book.add(START + BUCKET, 7, 0, 1.0)
    found = book.of_day(START + BUCKET)
    assert found == (Bucket(START, 1500, 1, 3.0), Bucket(START + BUCKET, 7, 0, 1.0))
    assert found[0].rate_bps == 500


def test_a_bucket_begins_on_the_clock_in_utc() -> None:
    local = datetime.fromisoformat("2026-11-21T10:07:59+07:00")
    assert bucket_start(local) == datetime(2026, 11, 21, 3, 5, tzinfo=UTC)
    assert Bucket(START, 5, 0, 0.0).rate_bps == 0


def test_many_additions_are_one_write(depot: Depot, book: Throughput) -> None:
    writes: list[bool] = []
    book._database.on_commit.append(lambda: writes.append(True))
    for second in range(30):
        book.add(START + timedelta(seconds=second), 100, 0, 0.5)
    assert writes == []
    assert book.of_day(START + BUCKET)[0].bytes == 3000, "and what is not written yet is told all the same"
    book.add(START + timedelta(seconds=30), 100, 0, 0.5)
    assert writes == [True]
    book.flush(START + timedelta(seconds=31))
    assert writes == [True], "nothing waits"


def test_it_is_the_same_after_a_restart(tmp_path: Path) -> None:
    for number in (1, 2):
        depot = Depot(tmp_path / "station")
        depot.throughput.add(START, 1000, 1, 2.0)
        depot.throughput.flush(START)
        assert depot.throughput.of_day(START) == (Bucket(START, 1000 * number, number, 2.0 * number),)
        depot.close()


def test_a_day_is_told_and_what_is_older_is_forgotten_after_eight(book: Throughput) -> None:
    for days in (0, 1, 2, 8, 9):
        book.add(START + timedelta(days=days), 10 + days, 0, 1.0)
    now = START + timedelta(days=9)
    book.flush(now)
    assert [bucket.bytes for bucket in book.of_day(now)] == [18, 19]
    assert book.of_day(START + timedelta(hours=12)) == (), "the first day is gone"
    assert book.of_day(START + KEPT - timedelta(days=6)) != ()


@pytest.mark.parametrize("jump", [timedelta(days=-400), timedelta(days=400)])
def test_a_clock_that_jumps_spoils_neither_book_nor_writing(book: Throughput, jump: timedelta) -> None:
    book.add(START + jump, 10**9, 0, 1.0)
    book.flush(START + jump)
    book.add(START, 100, 0, 1.0)
    book.add(START + timedelta(seconds=31), 100, 0, 1.0)
    book.flush(START + timedelta(minutes=1))
    assert [bucket.bytes for bucket in book.of_day(START + timedelta(minutes=1))] == [200]
    assert book.rate_bps(START + timedelta(minutes=1)) == 100


def test_the_rate_is_that_of_the_last_quarter_of_an_hour_of_sending_however_long_ago(book: Throughput) -> None:
    book.add(START, 10**9, 0, 300.0)
    for number in range(1, 4):
        book.add(START + number * BUCKET, 300_000, 1, 300.0)
    book.flush(START + 3 * BUCKET)
    assert book.rate_bps(START + timedelta(days=3)) == 1000
