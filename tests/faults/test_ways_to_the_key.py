"""The way from every password to today's database key, and the station's own key: neither is lost by a half-done write,
by damage, or by what somebody else left in the folder.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from station.cli import main
from station.desk import appointments, backup, database_key, forgotten, keys, officers, restoring, signin
from station.desk.copying import Copying
from station.domain.errors import AccessError, SetupError, StoreError
from station.domain.role import Role
from station.failpoint import armed
from station.seal.jws import SigningKey
from station.store.depot import Depot
from station.store.folder import Folder
from station.store.keyring import load_keyring
from station.store.secrets import STATION_KEY, secret_of
from station.store.station_key import load_station_key, save_station_key
from tests.support import OPERATOR, PASSWORD, SECOND_PASSWORD, HandClock, Workplace

Opener = Callable[[Path], Workplace]


@pytest.fixture
def led(place: Workplace) -> Workplace:
    """A station with an admin signed in."""
    officers.add(place.office, PASSWORD, "Admin A.", Role.ADMIN, SECOND_PASSWORD)
    signin.sign_out(place.office)
    place._office = signin.sign_in(place.depot, id_of(place, "Admin A."), SECOND_PASSWORD, place.clock)
    return place


def id_of(place: Workplace, name: str) -> str:
    return next(who.operator_id for who in signin.operators(place.depot) if who.name == name)


def rotate(place: Workplace, stop: bool = False) -> bool:
    return keys.rotate_database_key(place.office, SECOND_PASSWORD, lambda _percent: None, lambda: stop)


def full_at(place: str) -> Callable[[str], None]:
    """The disk is full from this moment of a change of key on."""

    def reach(name: str) -> None:
        if name == place:
            raise StoreError("store.disk_full")

    return reach


# --------------------------------------------------------------------------------------------- the database key


def test_a_change_of_key_that_was_not_settled_survives_the_next_one_being_stopped(
    led: Workplace, open_place: Opener, said: list[str]
) -> None:
    with armed(full_at("rekey.switched")), pytest.raises(StoreError):
        rotate(led)
    assert not rotate(led, stop=True)
    key = led.office.applicants.raw_key
    led.close()
    again = open_place(led.root)
    assert again.office.operator.name == OPERATOR, "by the password that still leads to the first key"
    assert again.office.applicants.raw_key == key
    assert again.office.recovered is None
    assert not list(led.root.glob("*.broken-*"))


def test_two_changes_of_key_one_after_the_other_are_two_steps_of_one_way(
    led: Workplace, open_place: Opener, said: list[str]
) -> None:
    with armed(full_at("rekey.switched")), pytest.raises(StoreError):
        rotate(led)
    assert rotate(led)
    key = led.office.applicants.raw_key
    led.close()
    assert open_place(led.root).office.applicants.raw_key == key


def test_one_wrong_digit_in_the_keyring_is_mended_from_its_spare(
    led: Workplace, open_place: Opener, said: list[str]
) -> None:
    words = keys.new_recovery_words(led.office, SECOND_PASSWORD)
    assert rotate(led)
    led.close()
    path = led.depot.folder.keyring
    kept = json.loads(path.read_text())
    kept["links"][0]["nonce"] = kept["links"][0]["nonce"][::-1]
    path.write_text(json.dumps(kept))
    with pytest.raises(SetupError) as problem:
        load_keyring(path)
    assert problem.value.code == "keyring.unreadable"
    again = open_place(led.root)
    forgotten.set_password_by_words(again.depot, words, id_of(again, OPERATOR), PASSWORD, again.clock)
    assert again.office.recovered is not None and again.office.recovered.what == ("keyring",)


def test_a_link_without_a_digest_is_not_believed(led: Workplace) -> None:
    assert rotate(led)
    path = led.depot.folder.keyring
    kept = json.loads(path.read_text())
    del kept["digest"]
    path.write_text(json.dumps(kept))
    with pytest.raises(SetupError):
        load_keyring(path)


def test_a_backup_beside_the_window_neither_ends_nor_undoes_a_change_of_key(led: Workplace) -> None:
    """It is opened at the moment when a link is begun, and is gone again before the files are switched."""
    held = led.depot.folder.lock("desk")

    def look(name: str) -> None:
        if name == "rekey.linked":
            beside = Depot(led.root, heal=False)
            database_key.open_beside(beside, led.office.applicants.raw_key).close()
            assert [item.settled for item in load_keyring(beside.folder.keyring).links] == [False]
            beside.close()

    with armed(look):
        assert rotate(led)
    assert [item.settled for item in load_keyring(led.depot.folder.keyring).links] == [True]
    held.release()


def test_a_backup_at_the_command_line_leaves_a_change_of_key_to_the_window_that_is_at_it(
    led: Workplace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("STATION_OPERATOR_PASSWORD", SECOND_PASSWORD)
    (tmp_path / "stick").mkdir()
    database_key.begin_link(led.depot, led.office.applicants.raw_key, bytes(32), led.clock.now())
    before = load_keyring(led.depot.folder.keyring)
    held = led.depot.folder.lock("desk")
    assert main(["--data", str(led.root), "backup", "--own", "Admin A.", "--to", str(tmp_path / "stick")]) == 0
    assert load_keyring(led.depot.folder.keyring) == before
    held.release()


def test_a_backup_beside_the_window_updates_no_tables(led: Workplace) -> None:
    with led.office.applicants.write() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '0004'")
    with pytest.raises(SetupError) as problem:
        database_key.open_beside(led.depot, led.office.applicants.raw_key)
    assert problem.value.code == "folder.in_use"


def test_a_backup_at_the_command_line_is_for_those_who_may_make_one_and_still_work_here(
    led: Workplace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    stick = tmp_path / "stick"
    stick.mkdir()
    chief = signin.sign_in(led.depot, id_of(led, OPERATOR), PASSWORD, led.clock)
    officers.add(chief, PASSWORD, "Loket L.", Role.COUNTER, SECOND_PASSWORD)
    gone = officers.add(chief, PASSWORD, "Teknisi T.", Role.TECHNICIAN, SECOND_PASSWORD).operator_id
    appointments.end_now(chief, gone)
    signin.sign_out(chief)
    with pytest.raises(AccessError) as problem:
        backup.check_right(led.depot, led.office.applicants, gone, led.clock.now())
    assert problem.value.code == "officer.ended"
    led.close()
    monkeypatch.setenv("STATION_LANGUAGE", "en")
    monkeypatch.setenv("STATION_OPERATOR_PASSWORD", SECOND_PASSWORD)
    assert main(["--data", str(led.root), "backup", "--own", "Loket L.", "--to", str(stick)]) == 1
    assert list(stick.iterdir()) == []
    monkeypatch.setenv("STATION_OPERATOR_PASSWORD", PASSWORD)
    assert main(["--data", str(led.root), "backup", "--own", OPERATOR, "--to", str(stick)]) == 0


# ---------------------------------------------------------------------------------------------- the station key


def kept_in(place: Workplace) -> str | None:
    with place.office.applicants.read() as connection:
        return secret_of(connection, STATION_KEY)


@pytest.mark.parametrize("with_card", [True, False])
def test_another_key_in_the_folder_never_takes_the_place_of_the_stations_own(
    place: Workplace, open_place: Opener, said: list[str], with_card: bool
) -> None:
    good, station_id = kept_in(place), place.depot.enrolled()[0].station_id
    place.close()
    if not with_card:
        path = place.depot.folder.enrolment
        path.write_text(json.dumps({**json.loads(path.read_text()), "card": ""}))
    save_station_key(place.depot.folder, SigningKey.generate(station_id))
    again = open_place(place.root)
    assert kept_in(again) == good
    assert again.depot.enrolled()[1].pem().decode() == good
    assert load_station_key(place.depot.folder, station_id).pem().decode() == good
    assert any("not the key of this station" in line for line in said)


def test_a_key_that_is_not_the_cards_signs_nothing_when_the_true_one_is_lost(
    place: Workplace, open_place: Opener, said: list[str]
) -> None:
    station_id = place.depot.enrolled()[0].station_id
    with place.office.applicants.write() as connection:
        connection.exec_driver_sql("DELETE FROM secret")
    place.close()
    save_station_key(place.depot.folder, SigningKey.generate(station_id))
    again = open_place(place.root)
    assert kept_in(again) is None
    with pytest.raises(SetupError) as problem:
        again.depot.enrolled()
    assert problem.value.code == "station_key.unreadable"


def test_a_restored_station_takes_no_key_that_another_left_in_the_folder(
    two_sealed: Path, tmp_path: Path, open_place: Opener, said: list[str]
) -> None:
    old = open_place(shutil.copytree(two_sealed / "station", tmp_path / "old"))
    stick = tmp_path / "stick"
    stick.mkdir()
    backup.use(old.depot, stick, old.clock.now())
    copying = Copying(old.depot, key_holder=old.office.applicants.again())
    copying.snap(old.clock.now(), at_once=True)
    copying.copy(old.clock.now())
    assert copying.key_holder is not None
    copying.key_holder.close()
    good = kept_in(old)
    old.close()

    new = Folder(tmp_path / "new")
    save_station_key(new, SigningKey.generate("orang-lain"))
    (new.root / "keyring.json.bak").write_text("{}")
    restoring.restore(new, stick)
    place = open_place(new.root)
    assert isinstance(place.clock, HandClock)
    place.clock.pass_time(timedelta(hours=1).total_seconds())
    assert kept_in(place) == good
    assert place.depot.enrolled()[1].pem().decode() == good
    aside = {path.name for path in new.root.glob("*.before-restore-*")}
    assert aside == {"station.key.before-restore-1", "safe.before-restore-1", "keyring.json.bak.before-restore-1"}
