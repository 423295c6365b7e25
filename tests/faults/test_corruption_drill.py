"""The drill: a file of the station is damaged or gone. It opens, records again, and everything sealed is there."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from station.desk import recording
from station.desk.copying import Copying
from station.desk.recovering import GAP
from station.domain.delivery import Stage
from station.domain.errors import StoreError
from station.domain.record import State
from station.seal.packet import read_packet
from station.store import records
from station.store.aside import set_aside_before
from station.store.snapshot import APPLICANTS
from tests.support import HandClock, Workplace

Damage = Callable[[Path], None]


@pytest.fixture(autouse=True)
def _told(said: list[str]) -> None:
    """Damage is told in the log, every time."""


def header(path: Path) -> None:
    spoil(path, 40)


def middle(path: Path) -> None:
    spoil(path, path.stat().st_size // 2)


def empty(path: Path) -> None:
    path.write_bytes(b"")


def half(path: Path) -> None:
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def delete(path: Path) -> None:
    path.unlink()


def spoil(path: Path, at: int) -> None:
    """Sixty-four other bytes."""
    data = bytearray(path.read_bytes())
    data[at : at + 64] = bytes(byte ^ 255 for byte in data[at : at + 64])
    path.write_bytes(bytes(data))


@pytest.fixture(scope="module")
def cut_off(two_sealed: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder as a power cut leaves it: a snapshot with a draft, then another record sealed, another draft begun."""
    root = tmp_path_factory.mktemp("drill")
    place = Workplace(Path(shutil.copytree(two_sealed / "station", root / "before")), "http://127.0.0.1:9", HandClock())
    place.draft(3)
    copying = Copying(place.depot, key_holder=place.office.applicants.again())
    copying.snap(place.clock.now(), at_once=True)
    assert copying.key_holder is not None
    copying.key_holder.close()
    place.seal(4)
    recording.start(place.office)
    shutil.copytree(place.root, root / "cut")  # with the logs of both databases, as they are
    place.close()
    return root


@pytest.fixture
def station(cut_off: Path, tmp_path: Path) -> Path:
    """That folder, for this test only."""
    return Path(shutil.copytree(cut_off / "cut", tmp_path / "station"))


@pytest.fixture
def ended(cut_off: Path, tmp_path: Path) -> Path:
    """The same after a proper end: everything is in the databases themselves."""
    return Path(shutil.copytree(cut_off / "before", tmp_path / "station"))


Open = Callable[[Path], Workplace]


def opened(open_place: Open, root: Path) -> Workplace:
    """Somebody starts the program, signs in and seals the next person."""
    place = open_place(root)
    place.seal(9)
    assert len(place.depot.outbox.keys()) == 4
    assert set(place.depot.packets.all_keys()) == place.depot.outbox.keys()
    return place


def of_state(place: Workplace, state: State) -> int:
    with place.office.applicants.read() as connection:
        return len(records.with_states(connection, [state]))


@pytest.mark.parametrize("name", ["applicants.db", "outbox.db"])
@pytest.mark.parametrize("damage", [header, middle, empty, half, delete])
def test_a_damaged_database_is_put_aside_and_a_whole_one_takes_its_place(
    ended: Path, open_place: Open, name: str, damage: Damage
) -> None:
    station = ended
    damage(station / name)
    place = opened(open_place, station)
    recovered = place.office.recovered
    if name == APPLICANTS:
        assert recovered is not None
        assert (recovered.what, recovered.source, recovered.replayed) == (("applicants",), "local", 1)
        assert recovered.since is not None
        assert of_state(place, State.DRAFT) == 1  # the one of the snapshot; the one begun later is lost, and told
    elif damage is not empty and damage is not delete:
        assert recovered is not None and recovered.what == ("outbox",)
    if damage in (header, middle, half):
        assert set_aside_before(station / name)
    assert of_state(place, State.SEALED) == 4


@pytest.mark.parametrize("damage", [header, middle, half, delete, empty])
@pytest.mark.parametrize("name", ["applicants.db", "outbox.db"])
def test_a_damaged_log_of_a_database_costs_no_sealed_record(
    station: Path, open_place: Open, name: str, damage: Damage
) -> None:
    assert (station / f"{name}-wal").stat().st_size > 0
    damage(station / f"{name}-wal")
    (station / f"{name}-shm").unlink()
    place = opened(open_place, station)
    assert of_state(place, State.SEALED) == 4


@pytest.mark.parametrize("damage", [header, middle, empty, delete])
@pytest.mark.parametrize("name", ["keyring.json", "enrolment.json"])
def test_a_small_file_comes_back_from_its_spare(station: Path, open_place: Open, name: str, damage: Damage) -> None:
    damage(station / name)
    place = opened(open_place, station)
    assert place.office.recovered is not None
    assert place.office.recovered.what == (name.removesuffix(".json"),)
    assert of_state(place, State.DRAFT) == 2


@pytest.mark.parametrize("name", ["keyring.json", "enrolment.json"])
def test_a_small_file_and_its_spare_come_back_from_the_snapshot(station: Path, open_place: Open, name: str) -> None:
    (station / name).unlink()
    (station / f"{name}.bak").write_bytes(b"{")
    opened(open_place, station)


def test_the_station_key_comes_back_from_the_database(station: Path, open_place: Open) -> None:
    (station / "station.key").unlink()
    opened(open_place, station)


def test_without_any_copy_the_sealed_records_are_listed_again_and_the_chain_goes_on(
    ended: Path, open_place: Open
) -> None:
    shutil.rmtree(ended / "snapshots")
    spoil(ended / "applicants.db", 40)
    place = opened(open_place, ended)
    recovered = place.office.recovered
    assert recovered is not None
    assert (recovered.source, recovered.replayed, recovered.since) == ("packets", 3, None)
    assert place.office.operator.role == "operator"  # until recovery words or a code name who leads here
    folder = place.depot.packets
    assert sorted(read_packet(folder.read(key)).manifest.sequence for key in folder.all_keys()) == [1, 2, 3, 4 + GAP]


def test_a_copy_that_is_damaged_as_well_gives_way_to_the_next(ended: Path, open_place: Open) -> None:
    (snapshot,) = (ended / "snapshots").iterdir()
    spoil(snapshot / "applicants.db", 5000)
    spoil(ended / "applicants.db", 40)
    place = opened(open_place, ended)
    assert place.office.recovered is not None and place.office.recovered.source == "packets"


def test_a_disk_that_does_not_answer_changes_nothing(
    station: Path, open_place: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_parts: object) -> None:
        raise StoreError("store.io", reason="uji")

    monkeypatch.setattr("station.desk.recovering.open_database", broken)
    before = (station / "applicants.db").read_bytes()
    place = open_place(station)
    with pytest.raises(StoreError):
        assert place.office
    assert (station / "applicants.db").read_bytes() == before
    assert not set_aside_before(station / "applicants.db")


def test_everything_sealed_is_delivered_after_both_databases_were_lost(sender: Workplace) -> None:
    sender.close()
    for name in ("applicants.db", "outbox.db"):
        spoil(sender.root / name, 40)
    sender.reopen()
    sender.seal(7)
    sender.drain()
    assert len(sender.depot.outbox.keys()) == 3
    assert {sender.stage(key) for key in list(sender.depot.outbox.keys())} == {Stage.RECEIPTED}
