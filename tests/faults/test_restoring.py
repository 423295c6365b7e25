"""A station on another computer: everything is verified, one rename makes it count, every record reaches central."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from station import failpoint
from station.central.packets import all_packets
from station.central.server import CentralServer
from station.central.twins import stations_with_twins
from station.desk import backup, restoring
from station.desk.copying import Copying
from station.domain.delivery import Stage
from station.domain.errors import RuleError, SetupError, TrustError
from station.domain.record import State
from station.failpoint import PowerCut
from station.seal.packet import read_packet
from station.store import records, seals
from station.store.depot import Depot
from station.store.enrolment import load_enrolment
from station.store.folder import Folder
from station.store.medium import FOLDER
from station.store.restored import note_of
from tests.support import HandClock, Workplace


@pytest.fixture(autouse=True)
def _told(said: list[str]) -> None:
    """Restoring is told in the log, every time."""


def back_up(place: Workplace, stick: Path) -> None:
    """One hour's round."""
    stick.mkdir(exist_ok=True)
    backup.choose(place.office, stick)
    copying = Copying(place.depot, key_holder=place.office.applicants.again())
    copying.snap(place.clock.now(), at_once=True)
    copying.copy(place.clock.now())
    assert copying.key_holder is not None
    copying.key_holder.close()


def state_of(place: Workplace, record_id: str) -> State | None:
    with place.office.applicants.read() as connection:
        stored = records.get(connection, record_id)
    return stored.record.state if stored else None


Open = Callable[[Path], Workplace]


def test_a_restored_station_signs_in_has_everything_and_delivers_what_was_sealed_after_the_snapshot(
    sender: Workplace, central_here: CentralServer, tmp_path: Path
) -> None:
    back_up(sender, tmp_path / "stick")
    draft = sender.draft(3)
    late = sender.seal(4).record.key
    Copying(sender.depot).copy(sender.clock.now())  # the packet is on the medium, the snapshot is older
    sender.close()
    found = restoring.look(tmp_path / "stick")
    assert (found.packets, found.records, found.complete) == (3, 2, True)
    told: list[tuple[int, int]] = []
    new = Folder(tmp_path / "new")
    done = restoring.restore(new, tmp_path / "stick", progress=lambda part, whole: told.append((part, whole)))
    assert (done.complete, done.damaged, done.packets) == (True, 0, 3)
    assert told[-1][0] == told[-1][1] > 0 and told == sorted(told)
    place = Workplace(new.root, central_here.url, HandClock())
    assert not new.station_key.exists() and place.depot.key is None  # nothing is sent before somebody has signed in
    recovered = place.office.recovered
    assert recovered is not None and (recovered.what, recovered.replayed) == (("restored",), 1)
    assert state_of(place, late.record_id) is State.SEALED
    assert state_of(place, draft) is None
    place.drain()
    assert {place.stage(key) for key in list(place.depot.outbox.keys())} == {Stage.RECEIPTED}
    with central_here.central.database.read() as rows:
        assert len(all_packets(rows)) == 3
    place.close()


def test_after_a_restore_the_chain_goes_on_with_numbers_that_nobody_else_uses(
    two_sealed: Path, tmp_path: Path, open_place: Open
) -> None:
    old = open_place(Path(shutil.copytree(two_sealed / "station", tmp_path / "station")))
    back_up(old, tmp_path / "stick")
    new = Folder(tmp_path / "new")
    restoring.restore(new, tmp_path / "stick")
    place = open_place(new.root)
    mine, theirs = place.seal(5).record.key, old.seal(6).record.key  # the old computer still lives
    one = read_packet(place.depot.packets.read(mine)).manifest
    other = read_packet(old.depot.packets.read(theirs)).manifest
    assert other.sequence == 3 and one.sequence > 1000
    assert one.previous_sha256 == other.previous_sha256
    assert not note_of(new.root).exists()
    place.reopen()
    with place.office.applicants.read() as connection:
        newest = seals.head(connection)
    assert newest is not None and newest.sequence == one.sequence
    assert place.office.recovered is None


def test_central_notices_that_the_old_computer_still_works_and_tells_the_station(
    sender: Workplace, central_here: CentralServer, tmp_path: Path
) -> None:
    back_up(sender, tmp_path / "stick")
    lost = sender.seal(5)  # sealed and delivered before, not on the medium: no sign of a second computer
    sender.drain()
    restoring.restore(Folder(tmp_path / "new"), tmp_path / "stick")
    place = Workplace(tmp_path / "new", central_here.url, HandClock())
    assert isinstance(sender.clock, HandClock) and isinstance(place.clock, HandClock)
    place.clock.wall = sender.clock.wall
    place.clock.pass_time(60)
    place.seal(6)
    place.drain()
    place.engine.step()
    with central_here.central.database.read() as rows:
        assert stations_with_twins(rows) == {}
    sender.clock.pass_time(600)
    sender.seal(7)
    sender.drain()
    with central_here.central.database.read() as rows:
        assert set(stations_with_twins(rows)) == {place.depot.enrolled()[0].station_id}
        assert len(all_packets(rows)) == 5  # nobody is turned away for it
    place.clock.pass_time(3600)
    for _step in range(40):
        place.engine.step()
    assert [one.notice_id for one in place.depot.notices.current(place.clock.now())] == [
        f"twin-{place.depot.enrolled()[0].station_id}"
    ]
    assert place.depot.outbox.get(lost.record.key) is None
    place.close()


def registration_numbers(place: Workplace) -> set[str]:
    with place.office.applicants.read() as connection:
        return {item.record.registration_no for item in records.with_states(connection, list(State))}


def test_registration_numbers_that_may_be_on_papers_are_not_given_again(
    two_sealed: Path, tmp_path: Path, open_place: Open
) -> None:
    old = open_place(Path(shutil.copytree(two_sealed / "station", tmp_path / "station")))
    back_up(old, tmp_path / "stick")
    old.draft(3)
    restoring.restore(Folder(tmp_path / "new"), tmp_path / "stick")
    place = open_place(tmp_path / "new")
    known = registration_numbers(place)
    place.draft(4)
    assert not (registration_numbers(place) - known) & registration_numbers(old)


@pytest.mark.parametrize("where", ["restore.verified", "restore.committed", "restore.settling"])
def test_a_power_cut_while_restoring_leaves_nothing_or_the_whole(
    two_sealed: Path, tmp_path: Path, open_place: Open, where: str
) -> None:
    old = open_place(Path(shutil.copytree(two_sealed / "station", tmp_path / "station")))
    back_up(old, tmp_path / "stick")
    old.close()
    new = Folder(tmp_path / "new")

    def cut(name: str) -> None:
        if name == where:
            raise PowerCut

    with pytest.raises(PowerCut), failpoint.armed(cut):
        restoring.restore(new, tmp_path / "stick")
        Depot(new.root)
    if where == "restore.verified":
        depot = Depot(new.root)
        assert depot.enrolment is None and depot.outbox.keys() == frozenset()
        depot.close()
        restoring.restore(new, tmp_path / "stick")
    place = open_place(new.root)
    assert len(place.depot.outbox.keys()) == 2
    assert place.office.recovered is not None
    assert not (new.root / "restored").exists() and not (new.root / "restored.part").exists()


def test_a_folder_with_a_station_in_it_is_not_restored_over(sender: Workplace, tmp_path: Path) -> None:
    back_up(sender, tmp_path / "stick")
    with pytest.raises(SetupError) as problem:
        restoring.restore(sender.depot.folder, tmp_path / "stick")
    assert problem.value.code == "restore.not_empty"


def test_who_stops_it_leaves_nothing_behind(sender: Workplace, tmp_path: Path) -> None:
    back_up(sender, tmp_path / "stick")
    new = Folder(tmp_path / "new")
    with pytest.raises(RuleError) as problem:
        restoring.restore(new, tmp_path / "stick", stopped=lambda: True)
    assert problem.value.code == "restore.stopped"
    assert load_enrolment(new) is None and not (new.root / "restored.part").exists()


def test_a_folder_without_a_backup_is_told(tmp_path: Path) -> None:
    with pytest.raises(TrustError) as problem:
        restoring.look(tmp_path)
    assert problem.value.code == "backup.none"


def test_a_damaged_packet_stays_on_the_medium_and_a_damaged_snapshot_gives_way_to_an_older_one(
    sender: Workplace, tmp_path: Path, said: list[str]
) -> None:
    back_up(sender, tmp_path / "stick")
    assert isinstance(sender.clock, HandClock)
    sender.clock.pass_time(4000)
    sender.draft(3)
    back_up(sender, tmp_path / "stick")
    _older, newer = sorted((tmp_path / "stick" / FOLDER / "snapshots").iterdir())
    spoil(newer / "applicants.db")
    spoil(next((tmp_path / "stick" / FOLDER / "packets").glob("??/*.packet")))
    found = restoring.restore(Folder(tmp_path / "new"), tmp_path / "stick")
    assert (found.older, found.damaged, found.complete) == (True, 1, False)


def spoil(path: Path) -> None:
    """Other bytes in the middle of a file of the same length."""
    data = bytearray(path.read_bytes())
    middle = len(data) // 2
    data[middle : middle + 8] = bytes(byte ^ 255 for byte in data[middle : middle + 8])
    path.write_bytes(bytes(data))


def edit_central(root: Path) -> None:
    """Another central's address in the backup, with all hashes made to fit: what somebody with the stick could do."""
    from station.store.snapshot_facts import FileFact, fact_of, read_facts

    (folder,) = (root / FOLDER / "snapshots").iterdir()
    path = folder / "enrolment.json"
    path.write_text(path.read_text().replace("127.0.0.1", "192.0.2.9"))
    facts = read_facts(folder)
    files: dict[str, FileFact] = {**facts.files, "enrolment.json": fact_of(path)}
    (folder / "facts.json").write_text(facts.model_copy(update={"files": files}).model_dump_json())


def test_a_backup_that_somebody_edited_opens_for_nobody_and_sends_nothing(
    sender: Workplace, tmp_path: Path, open_place: Open, said: list[str]
) -> None:
    back_up(sender, tmp_path / "stick")
    edit_central(tmp_path / "stick")
    restoring.restore(Folder(tmp_path / "new"), tmp_path / "stick")
    place = open_place(tmp_path / "new")
    for _again in range(2):
        with pytest.raises(TrustError) as problem:
            assert place.office
        assert problem.value.code == "backup.forged"
    place.reopen()
    assert place.depot.key is None


def test_a_name_that_leads_out_of_the_folder_is_not_followed(
    sender: Workplace, tmp_path: Path, said: list[str]
) -> None:
    back_up(sender, tmp_path / "stick")
    (folder,) = (tmp_path / "stick" / FOLDER / "snapshots").iterdir()
    facts = folder / "facts.json"
    facts.write_text(facts.read_text().replace('"keyring.json"', '"cards/../../../evil.json"'))
    (folder / "cards").mkdir(exist_ok=True)
    shutil.copy(folder / "keyring.json", tmp_path / "stick" / FOLDER / "evil.json")  # what the name leads to is whole
    with pytest.raises(TrustError) as problem:
        restoring.restore(Folder(tmp_path / "new"), tmp_path / "stick")
    assert problem.value.code == "backup.damaged"
    assert not (tmp_path / "evil.json").exists()
