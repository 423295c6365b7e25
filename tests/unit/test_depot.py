"""Opening a station without a password: what a power cut or a technician left is put right or put aside."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from station.domain.delivery import Stage
from station.domain.errors import SetupError, StoreError
from station.domain.outcome import Note, Trouble
from station.seal.jws import SigningKey
from station.store.database import Database
from station.store.depot import Depot
from station.store.enrolment import load_enrolment, save_enrolment
from station.store.folder import Folder
from station.store.packets import MAX_PACKET_BYTES
from station.wire import Hello
from tests.support import TODAY, Workplace, files_below


@pytest.fixture
def sealed(two_sealed: Path, tmp_path: Path, open_place: Callable[[Path], Workplace]) -> Workplace:
    """A station with two sealed records, closed."""
    place = open_place(Path(shutil.copytree(two_sealed / "station", tmp_path / "station")))
    place.close()
    return place


def opened(place: Workplace) -> Depot:
    place.reopen()
    return place.depot


def test_a_folder_nobody_enrolled_opens_and_says_so(tmp_path: Path) -> None:
    depot = Depot(tmp_path / "new")
    assert depot.enrolment is None
    with pytest.raises(SetupError) as problem:
        depot.enrolled()
    assert problem.value.code == "station.not_enrolled"
    depot.close()


def test_what_enrolment_left_is_read_again(sealed: Workplace) -> None:
    depot = opened(sealed)
    enrolment, key = depot.enrolled()
    assert (enrolment.station_name, enrolment.office, key.kid) == ("Stasiun Uji 02", "99.01.01", enrolment.station_id)
    assert len(depot.outbox.keys()) == 2


def test_opening_again_adds_nothing(sealed: Workplace) -> None:
    before = opened(sealed).outbox.page(list(Stage), offset=0, limit=10)
    assert opened(sealed).outbox.page(list(Stage), offset=0, limit=10) == before


def test_leftovers_of_a_power_cut_go(sealed: Workplace) -> None:
    leftover = next(sealed.root.glob("packets/*")) / "01a1fc0b-e380-71fd-afd0-1bb720aff3dd.1.tmp"
    leftover.write_bytes(b"half a packet")
    opened(sealed)
    assert not leftover.exists()


def test_a_look_from_outside_leaves_everything_as_it_is(sealed: Workplace) -> None:
    leftover = next(sealed.root.glob("packets/*")) / "01a1fc0b-e380-71fd-afd0-1bb720aff3dd.1.tmp"
    leftover.write_bytes(b"being written by another program")
    Depot(sealed.root, heal=False).close()
    assert leftover.exists()


def test_a_packet_without_a_row_gets_one(sealed: Workplace, said: list[str]) -> None:
    depot = opened(sealed)
    items = {item.key: item for item in depot.outbox.page(list(Stage), offset=0, limit=10)}
    with depot.outbox.database.write() as connection:
        connection.exec_driver_sql("DELETE FROM packet")
    assert {item.key: item for item in opened(sealed).outbox.page(list(Stage), offset=0, limit=10)} == items
    assert said == ["WARNING station.store.depot: 2 packets had no row in the outbox and were added"]


DAMAGE: dict[str, Callable[[Path], object]] = {
    "empty": lambda path: os.truncate(path, 0),
    "cut": lambda path: os.truncate(path, 700),
    "edited": lambda path: path.write_bytes(path.read_bytes()[:-200] + b"x" + path.read_bytes()[-199:]),
    "garbage": lambda path: path.write_bytes(b"garbage"),
}


@pytest.mark.parametrize("damage", DAMAGE.values(), ids=DAMAGE.keys())
def test_a_file_that_is_not_what_was_sealed_is_parked_and_the_others_go_on(
    sealed: Workplace, damage: Callable[[Path], object], said: list[str]
) -> None:
    first, second = sorted(sealed.root.glob("packets/*/*.packet"))
    damage(first)
    (sealed.root / "outbox.db").unlink()
    depot = opened(sealed)
    stages = {item.key: item for item in depot.outbox.page(list(Stage), offset=0, limit=10)}
    by_path = {depot.packets.path(key): item for key, item in stages.items()}
    assert by_path[first].stage is Stage.PARKED
    assert by_path[first].last_note == Note(Trouble.FILE_CHANGED)
    assert by_path[second].stage is Stage.QUEUED
    assert first.exists()


def test_another_records_packet_under_this_name_is_parked(sealed: Workplace, said: list[str]) -> None:
    first, second = sorted(sealed.root.glob("packets/*/*.packet"))
    shutil.copy(first, second)
    (sealed.root / "outbox.db").unlink()
    depot = opened(sealed)
    found = {depot.packets.path(item.key): item.stage for item in depot.outbox.page(list(Stage), offset=0, limit=10)}
    assert found == {first: Stage.QUEUED, second: Stage.PARKED}


def test_another_stations_packet_is_parked(sealed: Workplace, said: list[str]) -> None:
    (sealed.root / "outbox.db").unlink()
    (sealed.root / "station.key").write_bytes(SigningKey.generate("x").pem())
    assert opened(sealed).outbox.counts(day_start=TODAY).parked == 2


def too_large(path: Path) -> None:
    os.truncate(path, MAX_PACKET_BYTES + 1)


def a_folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


def elsewhere(path: Path) -> None:
    (path.parent.parent / "zz").mkdir()
    path.rename(path.parent.parent / "zz" / path.name)


def odd_name(path: Path) -> None:
    path.rename(path.with_name(path.name.replace(".1.packet", ".0001.packet")))


@pytest.mark.parametrize("change", [too_large, a_folder, elsewhere, odd_name])
def test_one_file_that_cannot_be_read_does_not_keep_the_station_closed(
    sealed: Workplace, change: Callable[[Path], object], said: list[str]
) -> None:
    change(sorted(sealed.root.glob("packets/*/*.packet"))[0])
    (sealed.root / "outbox.db").unlink()
    depot = opened(sealed)
    assert depot.outbox.counts(day_start=TODAY).queued == 1
    assert any(line.startswith("ERROR station.store.depot: ") for line in said)


# ------------------------------------------------------------------------------------------------ a broken outbox


def rewritten(path: Path, *statements: str) -> None:
    database = Database(path)
    with database.write() as connection:
        for statement in statements:
            connection.exec_driver_sql(statement)
    database.close()


def flip_page_of(table: str) -> Callable[[Path], object]:
    """Damage the first page of one table, wherever the file keeps it."""

    def flip(path: Path) -> None:
        database = Database(path)
        with database.read() as connection:
            query = "SELECT rootpage FROM sqlite_master WHERE name = ?"
            page = int(connection.exec_driver_sql(query, (table,)).scalar_one())
        database.close()
        data = bytearray(path.read_bytes())
        data[(page - 1) * 4096 : (page - 1) * 4096 + 64] = b"\xff" * 64
        path.write_bytes(data)

    return flip


BROKEN: dict[str, Callable[[Path], object]] = {
    "deleted": lambda path: path.unlink(),
    "garbage": lambda path: path.write_bytes(b"garbage" * 3000),
    "empty": lambda path: os.truncate(path, 0),
    "cut": lambda path: os.truncate(path, 5000),
    "a damaged page of packets": flip_page_of("packet"),
    "a damaged page of news": flip_page_of("event"),
    "a text file": lambda path: path.write_text("not a database"),
    "no table": lambda path: rewritten(path, "DROP TABLE packet"),
    "no version": lambda path: rewritten(path, "DROP TABLE alembic_version"),
    "another program's tables": lambda path: rewritten(
        path, "DROP TABLE packet", "CREATE TABLE packet (id INTEGER)", "DELETE FROM alembic_version"
    ),
    "a table without a column": lambda path: rewritten(path, "ALTER TABLE packet DROP COLUMN detail"),
    "no state": lambda path: rewritten(path, "DROP TABLE state"),
}


@pytest.mark.parametrize("broken", BROKEN.values(), ids=BROKEN.keys())
def test_a_lost_or_broken_outbox_is_rebuilt_from_the_packets(
    sealed: Workplace, broken: Callable[[Path], object], said: list[str]
) -> None:
    before = {item.key: item for item in opened(sealed).outbox.page(list(Stage), offset=0, limit=10)}
    sealed.close()
    broken(sealed.root / "outbox.db")
    depot = opened(sealed)
    assert {item.key: item for item in depot.outbox.page(list(Stage), offset=0, limit=10)} == before
    assert depot.memory.paused is False
    depot.memory.paused = True
    assert said


def test_a_broken_outbox_is_put_aside_for_the_technician(sealed: Workplace, said: list[str]) -> None:
    (sealed.root / "outbox.db").write_bytes(b"garbage" * 3000)
    opened(sealed)
    aside = [path for path in files_below(sealed.root) if ".broken-" in path.name]
    assert [path.read_bytes() for path in aside] == [b"garbage" * 3000]


def test_an_outbox_of_a_newer_program_is_refused_and_left_alone(sealed: Workplace) -> None:
    rewritten(sealed.root / "outbox.db", "UPDATE alembic_version SET version_num = '9999'")
    before = (sealed.root / "outbox.db").read_bytes()
    with pytest.raises(StoreError) as problem:
        Depot(sealed.root)
    assert problem.value.code == "store.too_new"
    assert (sealed.root / "outbox.db").read_bytes() == before


# ------------------------------------------------------------------------------------------------------- enrolment


@pytest.mark.parametrize("content", [b"", b"{}", b"[", b"\xff"])
def test_a_damaged_enrolment_stops_the_start_with_its_own_reason(sealed: Workplace, content: bytes) -> None:
    (sealed.root / "enrolment.json").write_bytes(content)
    (sealed.root / "enrolment.json.bak").write_bytes(content)
    with pytest.raises(SetupError) as problem:
        Depot(sealed.root)
    assert problem.value.code == "enrolment.unreadable"


@pytest.mark.parametrize("content", [None, b"", b"garbage"])
def test_without_a_station_key_the_start_goes_on_and_only_what_must_be_signed_has_its_own_reason(
    sealed: Workplace, content: bytes | None
) -> None:
    (sealed.root / "station.key").unlink()
    if content is not None:
        (sealed.root / "station.key").write_bytes(content)
    depot = Depot(sealed.root)
    try:
        assert depot.enrolment is not None and depot.key is None
        with pytest.raises(SetupError) as problem:
            depot.enrolled()
        assert problem.value.code == "station_key.unreadable"
    finally:
        depot.close()


def test_the_station_key_is_readable_by_its_owner_only(sealed: Workplace) -> None:
    assert (sealed.root / "station.key").stat().st_mode & 0o777 == 0o600


def test_keys_roll_over_into_the_enrolment_file(sealed: Workplace) -> None:
    folder = Folder(sealed.root)
    before = load_enrolment(folder)
    assert before is not None
    new = SigningKey.generate("c2").public
    hello = Hello(
        central_id=before.central_id,
        name="Nama Baru",
        time=TODAY,
        protocol=(1,),
        signing_keys=(new,),
        sealing_recipients=("age1" + "q" * 58,),
    )
    save_enrolment(folder, before.rolled_over(hello))
    after = load_enrolment(folder)
    assert after is not None
    assert (after.signing_keys, after.sealing_recipients, after.central_name) == (
        (new,),
        ("age1" + "q" * 58,),
        "Nama Baru",
    )
    assert after.retired_keys == before.signing_keys
    assert set(after.receipt_keys) == {new, *before.signing_keys}
    assert after.rolled_over(hello).retired_keys == after.retired_keys
    assert (after.station_id, after.central_id, after.central_url) == (
        before.station_id,
        before.central_id,
        before.central_url,
    )
