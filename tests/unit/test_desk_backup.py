"""The second copy: within a round everything sealed is on the medium, snapshots are proved, and nothing can be read."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from station.desk import backup
from station.desk.copying import Copying
from station.domain.backup import Standing
from station.domain.errors import RuleError, SetupError, StoreError, TrustError
from station.store import snapshot
from station.store.backup_book import load_book
from station.store.medium import FOLDER, MARK, write_on
from station.store.packets import PacketFolder
from station.store.snapshot_facts import check_signature
from tests.support import HandClock, Workplace, files_below, good_answers


@pytest.fixture
def stick(tmp_path: Path) -> Path:
    place = tmp_path / "stick"
    place.mkdir()
    return place


@pytest.fixture
def copying(place: Workplace) -> Iterator[Copying]:
    found = Copying(place.depot, key_holder=place.office.applicants.again())
    yield found
    assert found.key_holder is not None
    found.key_holder.close()


def clock_of(place: Workplace) -> HandClock:
    assert isinstance(place.clock, HandClock)
    return place.clock


def test_after_one_round_every_sealed_packet_and_a_proved_snapshot_are_on_the_medium(
    place: Workplace, stick: Path, copying: Copying
) -> None:
    backup.choose(place.office, stick)
    keys = {place.seal(1).record.key, place.seal(2).record.key}
    draft = place.draft(3)
    copying.snap(place.clock.now(), at_once=True)
    facts = copying.copy(place.clock.now())
    packets = PacketFolder(stick / FOLDER / "packets")
    assert set(packets.all_keys()) == keys
    assert all(packets.read(key) == place.depot.packets.read(key) for key in keys)
    assert (facts.only_here, facts.packets, facts.snapshot_at) == (0, 2, place.clock.now())
    (found,) = snapshot.snapshots_in(stick / FOLDER / "snapshots")
    assert (found.facts.records, found.facts.drafts, found.facts.sequence) == (3, 1, 2)
    check_signature(found.folder, place.depot.enrolled()[1].public)
    assert not (found.folder / "station.key").exists()
    assert draft


def test_nothing_of_a_person_can_be_read_on_the_medium(place: Workplace, stick: Path, copying: Copying) -> None:
    backup.choose(place.office, stick)
    place.seal(1)
    place.draft(2)
    copying.snap(place.clock.now(), at_once=True)
    copying.copy(place.clock.now())
    told = [good_answers(serial)[field].encode() for serial in (1, 2) for field in ("nik", "name", "phone")]
    files = files_below(stick)
    assert len(files) > 5
    for path in files:
        data = path.read_bytes()
        assert not any(text in data for text in told), path.name
        assert path.stat().st_mode & 0o077 == 0, path.name


def test_the_same_disk_is_told(place: Workplace, stick: Path, copying: Copying) -> None:
    assert backup.choose(place.office, stick) is True
    assert copying.copy(place.clock.now()).standing is Standing.SAME_DISK


def test_a_medium_that_is_gone_is_told_with_since_when_and_how_many_have_one_copy(
    place: Workplace, stick: Path, copying: Copying
) -> None:
    backup.choose(place.office, stick)
    place.seal(1)
    seen = place.clock.now()
    copying.copy(seen)
    stick.rename(stick.with_name("pulled"))
    clock_of(place).pass_time(600)
    place.seal(2)
    facts = copying.copy(place.clock.now())
    assert (facts.standing, facts.since, facts.only_here) == (Standing.ABSENT, seen, 1)
    again = Copying(place.depot).copy(place.clock.now())  # after a restart it is still known
    assert (again.standing, again.only_here) == (Standing.ABSENT, 1)
    stick.with_name("pulled").rename(stick)
    assert copying.copy(place.clock.now()).only_here == 0


def test_a_medium_is_found_again_under_another_mount_point(
    place: Workplace, stick: Path, copying: Copying, monkeypatch: pytest.MonkeyPatch
) -> None:
    backup.choose(place.office, stick / ".")
    book = load_book(place.depot.folder.backup)
    moved = stick.parent / "elsewhere" / book.media[0].tail
    moved.parent.mkdir(parents=True)
    stick.rename(moved)
    monkeypatch.setattr("station.store.medium._mounts", lambda: [stick.parent / "elsewhere"])
    place.seal(1)
    assert copying.copy(place.clock.now()).only_here == 0
    assert load_book(place.depot.folder.backup).media[0].path == str(moved)


def test_a_medium_of_another_station_is_refused_and_stays_as_it_is(place: Workplace, stick: Path) -> None:
    backup.choose(place.office, stick)
    mark = stick / FOLDER / MARK
    other = mark.read_text().replace(place.depot.enrolled()[0].station_id, "station-99")
    mark.write_text(other)
    with pytest.raises(RuleError) as problem:
        backup.choose(place.office, stick)
    assert problem.value.code == "backup.other_station"
    assert mark.read_text() == other


def test_a_folder_that_is_not_there_cannot_be_chosen(place: Workplace, stick: Path) -> None:
    with pytest.raises(SetupError) as problem:
        backup.choose(place.office, stick / "nothing")
    assert problem.value.code == "backup.no_folder"
    assert load_book(place.depot.folder.backup).media == ()


@pytest.mark.parametrize(
    ("code", "standing"),
    [("stick.full", Standing.FULL), ("stick.read_only", Standing.READ_ONLY), ("stick.unproven", Standing.FAILING)],
)
def test_trouble_of_the_medium_is_told_and_the_next_round_goes_on_where_it_stopped(
    place: Workplace, stick: Path, copying: Copying, said: list[str], code: str, standing: Standing,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    backup.choose(place.office, stick)
    keys = {place.seal(serial).record.key for serial in (1, 2, 3)}
    written: list[Path] = []

    def failing(path: Path, data: bytes) -> None:
        if len(written) == 1:
            raise StoreError(code)
        written.append(path)
        write_on(path, data)

    monkeypatch.setattr("station.store.second_copy.write_on", failing)
    facts = copying.copy(place.clock.now())
    assert (facts.standing, facts.only_here) == (standing, 2)
    monkeypatch.setattr("station.store.second_copy.write_on", write_on)
    assert copying.copy(place.clock.now()).only_here == 0
    assert set(PacketFolder(stick / FOLDER / "packets").all_keys()) == keys


def test_two_media_take_turns(place: Workplace, tmp_path: Path, copying: Copying) -> None:
    sticks = [tmp_path / "one", tmp_path / "two"]
    for place_of in sticks:
        place_of.mkdir()
        backup.choose(place.office, place_of)
    place.seal(1)
    assert copying.copy(place.clock.now()).media == 2
    sticks[1].rename(tmp_path / "away")
    place.seal(2)
    assert copying.copy(place.clock.now()).only_here == 0
    assert len(list(PacketFolder(sticks[0] / FOLDER / "packets").all_keys())) == 2


def test_a_snapshot_is_made_once_an_hour_and_only_when_something_was_entered(
    place: Workplace, copying: Copying
) -> None:
    place.draft(1)
    first = copying.snap(place.clock.now(), at_once=False)
    assert first is not None
    place.draft(2)
    clock_of(place).pass_time(1800)
    assert copying.snap(place.clock.now(), at_once=False) is None
    clock_of(place).pass_time(1801)
    second = copying.snap(place.clock.now(), at_once=False)
    assert second is not None and second.facts.drafts == 2
    clock_of(place).pass_time(7200)
    assert copying.snap(place.clock.now(), at_once=True) is None
    assert [item.folder for item in snapshot.snapshots_in(place.root / "snapshots")] == [second.folder]


def test_a_database_that_knows_less_does_not_replace_the_snapshot(
    place: Workplace, copying: Copying, said: list[str]
) -> None:
    place.seal(1)
    first = copying.snap(place.clock.now(), at_once=True)
    assert first is not None
    with place.office.applicants.write() as connection:
        connection.exec_driver_sql("UPDATE seal SET sequence = NULL")
    clock_of(place).pass_time(4000)
    place.draft(2)
    with pytest.raises(StoreError) as problem:
        copying.snap(place.clock.now(), at_once=True)
    assert problem.value.code == "backup.older"
    assert [item.folder for item in snapshot.snapshots_in(place.root / "snapshots")] == [first.folder]


def test_packets_that_were_lost_here_come_back_from_the_medium(
    place: Workplace, stick: Path, copying: Copying, said: list[str]
) -> None:
    backup.choose(place.office, stick)
    keys = {place.seal(1).record.key, place.seal(2).record.key}
    copying.copy(place.clock.now())
    for key in keys:
        place.depot.packets.path(key).unlink()
    copying.copy(place.clock.now())
    assert set(PacketFolder(stick / FOLDER / "packets").all_keys()) == keys
    assert set(place.depot.packets.all_keys()) == keys


def test_a_packet_that_is_damaged_here_is_not_copied_over(
    place: Workplace, stick: Path, copying: Copying, said: list[str]
) -> None:
    backup.choose(place.office, stick)
    key = place.seal(1).record.key
    path = place.depot.packets.path(key)
    path.write_bytes(path.read_bytes()[:-1] + b"?")
    assert copying.copy(place.clock.now()).only_here == 1
    assert list(PacketFolder(stick / FOLDER / "packets").all_keys()) == []


def test_facts_that_somebody_edited_are_not_believed(place: Workplace, copying: Copying) -> None:
    place.seal(1)
    made = copying.snap(place.clock.now(), at_once=True)
    assert made is not None
    facts = made.folder / "facts.json"
    facts.write_text(facts.read_text().replace('"records": 1', '"records": 2'))
    with pytest.raises(TrustError):
        check_signature(made.folder, place.depot.enrolled()[1].public)


def test_a_quiet_round_writes_nothing(place: Workplace, stick: Path, copying: Copying) -> None:
    backup.choose(place.office, stick)
    place.seal(1)
    copying.copy(place.clock.now())
    before = place.depot.folder.backup.stat().st_mtime_ns
    clock_of(place).wall += timedelta(seconds=20)
    copying.copy(place.clock.now())
    assert place.depot.folder.backup.stat().st_mtime_ns == before
