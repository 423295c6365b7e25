"""What is on the second medium is what was sealed, newest by what it knows, and goes only when it is proved it may."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Thread

import pytest

from station import failpoint
from station.desk import backup, restoring, retention
from station.desk.copying import CHECK_EVERY, Copying
from station.domain.record import RecordKey
from station.store import second_copy, snapshot, snapshot_order, tombstones
from station.store.depot import Depot
from station.store.folder import Folder
from station.store.letters import void_keys
from station.store.medium import FOLDER, Medium, medium_at
from station.store.packets import PacketFolder
from station.store.snapshot_facts import SnapshotFacts
from tests import retaining
from tests.support import HandClock, Workplace


@dataclass
class Pair:
    """A station and its medium."""

    place: Workplace
    stick: Path
    copying: Copying

    @property
    def medium(self) -> Medium:
        found = medium_at(self.stick)
        assert found is not None
        return found

    @property
    def there(self) -> PacketFolder:
        return PacketFolder(self.stick / FOLDER / "packets")

    def round(self, at: datetime | None = None) -> snapshot.Snapshot | None:
        assert isinstance(self.place.clock, HandClock)
        self.place.clock.wall = at or self.place.clock.wall
        made = self.copying.snap(self.place.clock.now(), at_once=True)
        self.copying.copy(self.place.clock.now())
        return made

    def anew(self) -> None:
        """As after the next start."""
        self.copying = Copying(self.place.depot, key_holder=self.copying.key_holder)


@pytest.fixture
def pair(place: Workplace, tmp_path: Path, said: list[str]) -> Iterator[Pair]:
    stick = tmp_path / "stick"
    stick.mkdir()
    backup.choose(place.office, stick)
    found = Pair(place, stick, Copying(place.depot, key_holder=place.office.applicants.again()))
    yield found
    assert found.copying.key_holder is not None
    found.copying.key_holder.close()


def facts_of(place: str, *, lineage: str = "a", **known: int) -> SnapshotFacts:
    zero = {"records": 0, "drafts": 0, "packets": 0, "sequence": 0, "audit_number": 0}
    return SnapshotFacts.model_validate(
        {
            **zero, "station_id": place, "station_name": "", "office": "", "training": True, "head": "", "files": {},
            "fingerprint": "", "made_at": datetime(2026, 11, 1, tzinfo=UTC), "lineage": lineage, **known,
        }
    )  # fmt: skip


def test_a_clock_that_ran_ahead_once_hides_no_later_snapshot(pair: Pair) -> None:
    today = pair.place.clock.now()
    pair.round()
    pair.place.draft(5)
    assert pair.round(today.replace(year=2031)) is not None
    pair.place.draft(6)
    newest = pair.round(today + timedelta(days=1))
    assert newest is not None
    assert pair.copying.facts.snapshot_at == newest.facts.made_at
    assert pair.copying.facts.local_at == newest.facts.made_at
    assert restoring.look(pair.stick).drafts == 2


def test_snapshots_are_ordered_by_what_they_know_and_three_and_seven_days_are_kept() -> None:
    names = [f"202611{day:02d}T{hour:02d}0000000000Z" for day in range(1, 12) for hour in (8, 9, 10, 11)]
    found = {name: facts_of("s", audit_number=number) for number, name in enumerate(names)}
    ahead = "20310101T000000000000Z"
    left = snapshot_order.kept({**found, ahead: facts_of("s", audit_number=1)}, names[-1])
    assert {name[6:11] for name in left} == {f"{day:02d}T11" for day in range(5, 12)} | {"11T10", "11T09"}


def test_what_knows_most_of_every_database_there_was_is_kept() -> None:
    full = {f"2026110{day}T080000000000Z": facts_of("s", records=day, identities=day) for day in range(1, 4)}
    begun_anew = {
        f"202612{day:02d}T080000000000Z": facts_of("s", lineage="b", sequence=9, audit_number=day, records=day)
        for day in range(1, 15)
    }
    left = snapshot_order.kept({**full, **begun_anew}, "20261214T080000000000Z")
    assert left & set(full) == {"20261103T080000000000Z"}
    assert snapshot_order.knows_more(full["20261103T080000000000Z"], facts_of("s", lineage="b", records=9))


def test_a_database_begun_anew_takes_no_place_from_the_snapshot_that_knows_the_people(pair: Pair) -> None:
    pair.place.seal(1)
    known = pair.round()
    assert known is not None and known.facts.identities == 1
    with pair.place.office.applicants.write() as connection:
        connection.exec_driver_sql("UPDATE seal SET identity = NULL")
        connection.exec_driver_sql("DROP TRIGGER IF EXISTS audit_no_update")
        connection.exec_driver_sql("UPDATE audit SET hash = 'another' WHERE number = 1")
    for serial in range(2, 6):
        pair.place.draft(serial)
        pair.round(pair.place.clock.now() + timedelta(hours=1))
    assert known.folder.exists()
    assert (pair.medium.snapshots / known.folder.name).exists()
    assert len(snapshot.snapshots_in(pair.medium.snapshots)) == 4


def test_facts_that_this_station_did_not_sign_push_nothing_out(pair: Pair) -> None:
    pair.place.draft(1)
    first = pair.round()
    assert first is not None
    for day in range(1, 12):
        folder = pair.medium.snapshots / f"2031010{day % 10}T{day:02d}0000000000Z"
        folder.mkdir()
        forged = first.facts.model_copy(update={"sequence": 10**6, "records": 10**6, "lineage": "strange"})
        (folder / "facts.json").write_text(forged.model_dump_json())
    pair.place.draft(2)
    second = pair.round(pair.place.clock.now() + timedelta(hours=1))
    assert second is not None
    assert (pair.medium.snapshots / first.folder.name).exists()
    assert (pair.medium.snapshots / second.folder.name).exists()


def test_a_row_alone_deletes_no_copy_and_the_packet_comes_back(pair: Pair) -> None:
    key = pair.place.seal(1).record.key
    pair.round()
    pair.place.depot.packets.path(key).unlink()
    say_destroyed(pair.place, key)
    pair.anew()
    pair.round()
    assert set(pair.there.all_keys()) == {key}
    assert set(pair.place.depot.packets.all_keys()) == {key}
    item = pair.place.depot.outbox.get(key)
    assert item is not None and item.purged_at is None


def test_a_row_and_a_forged_tombstone_delete_no_copy(pair: Pair) -> None:
    key = pair.place.seal(1).record.key
    pair.round()
    pair.place.depot.packets.path(key).unlink()
    tombstones.path_of(pair.place.depot.packets, key).write_bytes(b"{}")
    say_destroyed(pair.place, key)
    pair.round()
    assert set(pair.there.all_keys()) == {key}


def say_destroyed(place: Workplace, key: RecordKey) -> None:
    with place.depot.outbox.database.write() as connection:
        connection.exec_driver_sql(
            "UPDATE packet SET purged_at = '2026-11-21T03:00:00.000000+00:00' WHERE record_id = ?", (key.record_id,)
        )


def test_what_retention_destroys_does_not_come_back_meanwhile_and_goes_from_the_medium(pair: Pair) -> None:
    retaining.believe(pair.place)
    key = retaining.finished(pair.place, 30)
    pair.round()
    retaining.days(pair.place, 400)
    retention.announce(pair.place.office)
    retaining.days(pair.place, 2)
    back: list[int] = []
    there = second_copy.packets_on(pair.medium)
    copier = Thread(target=lambda: back.append(second_copy.bring_back(pair.place.depot, pair.medium, there)))

    def meanwhile(name: str) -> None:
        if name == "purge.deleted":
            copier.start()

    with failpoint.armed(meanwhile):
        assert retention.run(pair.place.office).gone == 1
    copier.join(30)
    assert back == [0]
    assert not pair.place.depot.packets.path(key).exists()
    pair.round()
    assert list(pair.there.all_keys()) == []
    assert tombstones.keys(pair.there) == {key}


def test_a_copy_that_is_not_what_was_sealed_is_found_within_a_day_and_written_anew(pair: Pair) -> None:
    key, other = pair.place.seal(1).record.key, pair.place.seal(2).record.key
    pair.round()
    stale = pair.there.read(other)
    pair.there.path(key).write_bytes(stale)
    pair.copying.copy(pair.place.clock.now())
    assert pair.there.read(key) == stale, "today all copies were compared already"
    assert pair.copying.copy(pair.place.clock.now() + CHECK_EVERY).only_here == 0
    assert pair.there.read(key) == pair.place.depot.packets.read(key)


def test_copies_are_compared_some_at_a_time_until_all_are(pair: Pair, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(second_copy, "CHECK_AT_ONCE", 1)
    keys = [pair.place.seal(serial).record.key for serial in (1, 2)]
    pair.copying.copy(pair.place.clock.now())
    for key in keys:
        pair.there.path(key).write_bytes(b"?")
    pair.anew()
    for _round in range(3):
        pair.copying.copy(pair.place.clock.now(), quiet=True)
    assert all(pair.there.read(key) == pair.place.depot.packets.read(key) for key in keys)


def test_another_packet_of_the_same_name_does_not_come_back_for_the_one_that_is_gone(pair: Pair) -> None:
    key = pair.place.seal(1).record.key
    pair.round()
    pair.place.depot.packets.path(key).unlink()
    with pair.place.depot.outbox.database.write() as connection:
        connection.exec_driver_sql("UPDATE packet SET sha256 = ?", ("0" * 64,))
    pair.round()
    assert list(pair.place.depot.packets.all_keys()) == []


def test_a_file_that_may_still_be_taken_back_is_not_copied(pair: Pair) -> None:
    key = pair.place.seal(1).record.key
    pair.place.depot.outbox.forget_unoffered(key)
    pair.round()
    assert list(pair.there.all_keys()) == []
    pair.place.depot.adopt(key)
    pair.round()
    assert list(pair.there.all_keys()) == [key]


def test_what_is_taken_back_after_it_was_copied_is_not_restored(pair: Pair, tmp_path: Path) -> None:
    key = pair.place.seal(1).record.key
    pair.round()
    pair.place.depot.outbox.forget_unoffered(key)
    pair.place.depot.packets.set_aside(key)
    pair.round()
    assert list(pair.there.all_keys()) == []
    restoring.restore(Folder(tmp_path / "new"), pair.stick)
    depot = Depot(tmp_path / "new")
    assert key not in set(depot.packets.all_keys())
    depot.close()


def test_a_mark_that_anybody_could_write_stops_no_packet_of_a_restored_station(pair: Pair, tmp_path: Path) -> None:
    voided, forged = (pair.place.seal(serial).record.key for serial in (1, 2))
    pair.round()
    pair.place.depot.packets.mark_void(voided)  # after the snapshot: only its mark on the medium tells
    pair.copying.copy(pair.place.clock.now())
    signed = pair.there.path(voided).with_suffix(".void").read_bytes()
    assert signed
    pair.there.path(forged).with_suffix(".void").write_bytes(signed)
    restoring.restore(Folder(tmp_path / "new"), pair.stick)
    depot = Depot(tmp_path / "new")
    assert void_keys(depot.outbox.database) == (voided,)
    depot.close()


def test_a_copy_of_the_outbox_that_is_larger_than_its_facts_is_not_even_read(
    pair: Pair, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[Path] = []
    monkeypatch.setattr("station.store.depot.copy_in", lambda source, _target, _fact: read.append(source))
    pair.place.seal(1)
    made = pair.round()
    assert made is not None
    root, large = pair.place.root, 64 * 1024 * 1024
    pair.place.close()
    for copy in (made.folder, pair.medium.snapshots / made.folder.name):
        os.truncate(copy / "outbox.db", large)
    for name in ("outbox.db-wal", "outbox.db-shm"):
        (root / name).unlink(missing_ok=True)
    (root / "outbox.db").write_bytes(b"torn" * 4096)
    depot = Depot(root)
    assert depot.folder.outbox_db.stat().st_size < large
    assert "outbox" in depot.mended and read == []
    depot.close()
