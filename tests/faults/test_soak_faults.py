"""The harnesses of faults: a short honest run finds nothing, and each way to break the program is found."""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path
from random import Random

import pytest
import sqlcipher3.dbapi2 as sqlite

from station import failpoint
from station.desk import records, sealing
from station.domain.errors import StoreError
from station.domain.record import RecordKey, State
from station.store import captures, seals
from tests.soak import broken_disk
from tests.soak.broken_disk import Fault
from tests.soak.harness import Broken, Budget, Harness
from tests.soak.harnesses.failing_disk import FailingDisk, _Sweep
from tests.soak.harnesses.lost_answers import LostAnswers
from tests.soak.harnesses.random_walk import RandomWalk
from tests.soak.land import Land
from tests.soak.sabotages import ANOTHERS_ANSWERS, EARLY_PURGE, EARLY_SETTLE, FRESH_KEY, NO_CAPTURES
from tests.soak.tally import Tally
from tests.soak.walking_country import Country
from tests.support import Workplace

LONG_S = 600.0
"""A slow computer is no reason to end early: what ends these runs is the number of cuts."""
no_strace = pytest.mark.skipif(bool(broken_disk.missing()), reason=broken_disk.missing() or "-")


@pytest.fixture(autouse=True)
def _told(said: list[str]) -> None:
    """What is hurt complains in the log."""


def run(harness: Harness, folder: Path, cuts: int, sabotage: str = "") -> Tally:
    return harness.run(folder, Budget.of(LONG_S, cuts), sabotage)


def the_packet_itself(fault: Fault) -> bool:
    return fault.call == "write" and fault.number == 1 and not fault.stays


def the_sync_of_the_commit(fault: Fault) -> bool:
    return fault.call == "fsync" and fault.number in (4, 5) and fault.error == "EIO" and fault.stays


@no_strace
def test_what_the_disk_refuses_loses_nothing_not_even_where_a_power_cut_brings_a_failed_commit_back(
    tmp_path: Path,
) -> None:
    tally = run(FailingDisk(lambda fault: the_packet_itself(fault) or the_sync_of_the_commit(fault)), tmp_path, 4)
    assert tally.clean, tally.findings
    assert tally.cuts == 4


@no_strace
def test_an_error_of_the_disk_that_is_taken_for_success_is_found(tmp_path: Path) -> None:
    tally = run(FailingDisk(), tmp_path, 1, "error taken for success")
    assert tally.acknowledged and "central does not have it" in tally.findings[0], "the judge says so"


@no_strace
def test_a_failed_sync_that_is_ignored_is_found(tmp_path: Path) -> None:
    tally = run(FailingDisk(), tmp_path, 3, "failed fsync ignored")
    assert tally.acknowledged and "central does not have it" in tally.findings[0], "the judge says so"


def test_a_sabotage_that_only_crashes_shows_nothing(tmp_path: Path) -> None:
    sweep = _Sweep(tmp_path, "", "error taken for success", Budget.of(LONG_S, 1), lambda _fault: True)
    with pytest.raises(Broken, match="shows nothing but TypeError"):
        sweep._told("0001", {"unexpected": "TypeError in sealing_desk.py:1"})


def test_answers_that_are_stolen_lose_and_double_nothing(tmp_path: Path) -> None:
    tally = run(LostAnswers(seed=2), tmp_path, 10)
    assert tally.clean, tally.findings
    assert tally.cuts >= 10
    assert tally.acknowledged >= tally.cuts / 10


def test_a_fresh_key_per_attempt_is_found_by_stolen_answers(tmp_path: Path) -> None:
    assert run(LostAnswers(seed=2), tmp_path, 200, FRESH_KEY).doubled


def test_what_is_settled_before_its_receipt_is_found_by_stolen_answers(tmp_path: Path) -> None:
    assert run(LostAnswers(seed=2), tmp_path, 200, EARLY_SETTLE).lost


def test_what_is_sealed_without_its_captures_is_found_by_stolen_answers(tmp_path: Path) -> None:
    assert "sealed without face" in run(LostAnswers(seed=2), tmp_path, 200, NO_CAPTURES).findings[0]


def test_who_is_sealed_with_the_answers_of_another_is_found_by_stolen_answers(tmp_path: Path) -> None:
    assert "sealed without answers" in run(LostAnswers(seed=2), tmp_path, 200, ANOTHERS_ANSWERS).findings[0]


def test_a_few_days_of_anything_lose_and_double_nothing(tmp_path: Path) -> None:
    tally = run(RandomWalk(seed=1), tmp_path, 5)
    assert tally.clean, tally.findings
    assert tally.cuts >= 5
    assert tally.acknowledged


def test_the_walk_finds_a_draft_that_is_gone_and_one_that_can_never_be_sealed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with ExitStack() as stack:
        land = Land(tmp_path, Random(1), stack)
        country, (one, other) = Country(land), land.stations
        with monkeypatch.context() as patch:
            patch.setattr(sealing, "seal", _full)
            for serial, station in enumerate(land.stations, 1):
                with station.asked():
                    station.record(serial)
        land.pass_time(86_400)
        (record_id,), (gone,) = one.complete(), other.complete()
        assert country.judged().clean
        assert f"{record_id}: can never be sealed" in country.judged(drained=True).findings
        one.finish_drafts()
        assert not one.complete() and country.judged().acknowledged == 1, "when nobody refuses it any more it is sealed"
        with other.place.office.applicants.write() as connection:
            captures.clear(connection, gone)
        assert f"{gone} face: was shown as kept" in country.judged().findings


def _full(*_given: object) -> None:
    raise StoreError("store.disk_full")


def test_a_fresh_key_per_attempt_is_found_by_the_walk(tmp_path: Path) -> None:
    assert run(RandomWalk(seed=2), tmp_path, 200, FRESH_KEY).doubled


def test_what_is_settled_before_its_receipt_is_found_by_the_walk(tmp_path: Path) -> None:
    assert run(RandomWalk(seed=1), tmp_path, 200, EARLY_SETTLE).lost


def test_what_is_destroyed_before_its_receipt_is_found_by_the_walk(tmp_path: Path) -> None:
    assert run(RandomWalk(seed=3), tmp_path, 200, EARLY_PURGE).lost


def test_what_is_sealed_without_its_captures_is_found_by_the_walk(tmp_path: Path) -> None:
    assert "sealed without face" in run(RandomWalk(seed=1), tmp_path, 200, NO_CAPTURES).findings[0]


def test_who_is_sealed_with_the_answers_of_another_is_found_by_the_walk(tmp_path: Path) -> None:
    assert "sealed without answers" in run(RandomWalk(seed=1), tmp_path, 200, ANOTHERS_ANSWERS).findings[0]


def test_a_packet_stays_until_something_was_written_over_the_commit_that_may_come_back(
    place: Workplace, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without strace: the log is whole, its sync failed, and then the disk takes nothing more."""

    def refuse(name: str) -> None:
        if name == "seal.before_commit":
            raise sqlite.OperationalError("disk I/O error")

    def nothing_more(_connection: object) -> None:
        raise StoreError("store.io")

    record_id = place.draft(1)
    path = place.depot.packets.path(RecordKey(record_id, 1))
    with failpoint.armed(refuse), pytest.raises(StoreError) as problem:
        sealing.seal(place.office, record_id)
    assert (problem.value.code, path.exists()) == ("store.io", False), "something could be written: it is a draft again"
    monkeypatch.setattr(seals, "give_up", nothing_more)
    with failpoint.armed(refuse), pytest.raises(StoreError) as problem:
        sealing.seal(place.office, record_id)
    assert (problem.value.code, path.exists()) == ("packet.left_behind", True)
    place.reopen()
    assert records.timeline(place.office, record_id).row.record.state is State.SEALED
