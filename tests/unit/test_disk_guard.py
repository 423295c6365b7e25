"""The disk guard: measured, honest while it is not known, and what has begun can always be finished."""

from __future__ import annotations

import os
import shutil
from collections import namedtuple
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from station.desk import delivery, disk_guard, recording, sealing
from station.domain.disk import MIB, Aside, DayUse, Forecast, Room, Tone, daily_use, reserve_of
from station.domain.errors import AccessError, StoreError
from station.domain.record import State
from station.store import disk as store_disk
from station.store import records
from station.store.database import Connection
from tests.support import TODAY, Workplace, an_item, good_answers, seal

GB = 1000**3
Usage = namedtuple("Usage", "total used free")


@pytest.fixture
def full(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Says how full the disk is."""

    def fill(free: int, total: int = 500 * GB) -> None:
        monkeypatch.setattr(shutil, "disk_usage", lambda _path: Usage(total, total - free, free))

    return fill


def worked(*sizes: int) -> list[DayUse]:
    return [DayUse(date(2026, 11, 1) + timedelta(days=number), size) for number, size in enumerate(sizes)]


def forecast(free: int, per_day: float | None) -> Forecast:
    return Forecast(Room(500 * GB, free), 2 * GB, 14, per_day)


# ------------------------------------------------------------------------------------------------------------- rules


def test_with_fewer_than_three_working_days_nothing_is_foretold() -> None:
    assert daily_use(worked(100, 100), 0, {}) is None
    assert daily_use(worked(100, 100, 100), 0, {}) == 100


def test_use_is_what_was_sealed_less_what_retention_took_and_what_databases_grew() -> None:
    days = worked(300, 300, 300)
    sizes = {date(2026, 11, 1): 1000, date(2026, 11, 3): 1080}
    assert daily_use(days, 150, sizes) == pytest.approx(300 - 50 + 40)
    assert daily_use(days, 5000, {}) == 0


@pytest.mark.parametrize(
    ("days", "tone"), [(14.1, Tone.CALM), (14, Tone.AMBER), (3.1, Tone.AMBER), (3, Tone.RED), (0.5, Tone.RED)]
)
def test_amber_from_fourteen_days_and_red_from_three(days: float, tone: Tone) -> None:
    assert forecast(2 * GB + round(days * GB), GB).tone is tone


def test_below_the_reserve_it_is_red_whatever_the_measure() -> None:
    for per_day in (None, 0.0, 1.0):
        found = forecast(2 * GB - 1, per_day)
        assert (found.stopped, found.days, found.tone) == (True, 0.0, Tone.RED)


def test_a_disk_that_does_not_fill_up_or_is_not_known_yet_lasts_no_number_of_days() -> None:
    assert forecast(90 * GB, 0.0).days is None
    assert forecast(90 * GB, None).tone is Tone.CALM


def test_two_gibibytes_stay_free_and_of_a_small_disk_a_twentieth() -> None:
    assert reserve_of(500 * GB, 2048 * MIB) == 2048 * MIB
    assert reserve_of(16 * GB, 2048 * MIB) == 16 * GB // 20


# --------------------------------------------------------------------------------------------------------- measuring


def test_the_forecast_is_made_of_this_stations_own_days(place: Workplace, full: Any) -> None:
    full(52 * GB)
    assert delivery.delivery(place.depot).disk_days is None
    for number in range(6):
        at = TODAY - timedelta(days=number)
        place.depot.outbox.add(an_item(number + 1, sealed_at=at, size=GB))
    place.reopen()
    found = place.depot.disk.forecast(TODAY)
    assert (found.measured_days, found.per_day) == (5, GB)  # today is not over
    assert found.days == pytest.approx((52 * GB - 2048 * MIB) / GB)


def test_days_of_long_ago_say_nothing(place: Workplace) -> None:
    for number in range(5):
        place.depot.outbox.add(an_item(number + 1, sealed_at=TODAY - timedelta(days=100 + number)))
    assert place.depot.disk.forecast(TODAY).per_day is None


def test_what_takes_the_room_is_told_apart(place: Workplace) -> None:
    sealed = place.seal(1).packet
    (place.root / "outbox.db.broken-20260101T000000").write_bytes(bytes(5000))
    found = place.depot.disk.takes()
    assert sealed is not None
    assert (found.unsent, found.received, found.aside, found.last) == (sealed.size, 0, 5000, 0)
    assert found.databases > 0


# --------------------------------------------------------------------------------------------------- nobody new, but


def test_below_the_reserve_nobody_new_is_begun_and_the_refusal_says_how_much_is_free(
    place: Workplace, full: Any
) -> None:
    full(1500 * MIB)
    with pytest.raises(StoreError) as refused:
        recording.start(place.office)
    assert refused.value.code == "store.reserve"
    assert refused.value.data == {"free_mb": 1500, "needed_mb": 2048}
    full(3000 * MIB)
    assert recording.start(place.office).record.state is State.DRAFT


def test_who_has_begun_is_finished_below_the_reserve(place: Workplace, full: Any) -> None:
    record_id = recording.start(place.office).record.record_id
    other = place.draft(2)
    full(30 * MIB)
    recording.answer(place.office, record_id, "name", good_answers()["name"])
    assert seal(place.office, other).record.state is State.SEALED


def test_a_disk_that_does_not_answer_stops_nobody(
    place: Workplace, monkeypatch: pytest.MonkeyPatch, said: list[str]
) -> None:
    def silent(_path: Path) -> None:
        raise OSError(5, "no answer")

    monkeypatch.setattr(shutil, "disk_usage", silent)
    disk_guard.require_room(place.office)
    assert any("does not say" in line for line in said)


def test_what_was_put_by_is_let_go_when_sealing_needs_it_and_put_by_again_later(
    place: Workplace, full: Any, said: list[str]
) -> None:
    record_id = place.draft()
    assert place.depot.disk.keep_last()
    assert (place.root / "reserve.bin").stat().st_size == store_disk.LAST_BYTES
    if hasattr(os, "posix_fallocate"):
        assert (place.root / "reserve.bin").stat().st_blocks * 512 >= store_disk.LAST_BYTES
    full(disk_guard.needed_bytes(place.office, record_id) - 1)
    with pytest.raises(StoreError) as refused:  # the pretended disk stays full
        sealing.seal(place.office, record_id)
    assert refused.value.code == "store.disk_full"
    assert not (place.root / "reserve.bin").exists()
    full(3000 * MIB)
    assert sealing.seal(place.office, record_id).record.state is State.SEALED
    assert place.depot.disk.keep_last()
    assert said


def test_what_was_put_by_is_let_go_for_an_answer_of_the_person_at_hand(
    place: Workplace, monkeypatch: pytest.MonkeyPatch, said: list[str]
) -> None:
    record_id, reserve = place.draft(), place.root / "reserve.bin"
    assert place.depot.disk.keep_last()
    save = records.save

    def full_until_let_go(connection: Connection, stored: Any) -> None:
        if reserve.exists():
            raise StoreError("store.disk_full")
        save(connection, stored)

    monkeypatch.setattr(records, "save", full_until_let_go)
    assert recording.answer(place.office, record_id, "name", "ORANG BARU").answers["name"] == "ORANG BARU"
    assert not reserve.exists()
    assert said


def test_nothing_is_put_by_where_there_is_no_plenty(place: Workplace, full: Any) -> None:
    full(100 * MIB)
    assert not place.depot.disk.keep_last()
    assert not (place.root / "reserve.bin").exists()


# ------------------------------------------------------------------------------------------------------- put aside


def test_old_copies_go_only_by_a_technician_and_only_those_that_were_put_aside(
    place: Workplace, monkeypatch: pytest.MonkeyPatch
) -> None:
    copy = place.root / "applicants.db.broken-20260101T000000"
    copy.write_bytes(bytes(100))
    (item,) = place.depot.disk.aside()
    assert (item.path, item.size) == (copy, 100)
    operator = place.office.operator
    monkeypatch.setattr(place.office, "operator", operator.__class__("op-8", "Loket", "counter"))
    with pytest.raises(AccessError):
        disk_guard.remove_aside(place.office, item)
    monkeypatch.setattr(place.office, "operator", operator.__class__("op-9", "Teknisi", "technician"))
    forged = Aside(place.root / "applicants.db", 1, item.at)
    place.depot.disk.remove_aside(forged)
    assert (place.root / "applicants.db").exists()
    disk_guard.remove_aside(place.office, item)
    assert not copy.exists()
