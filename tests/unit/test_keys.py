"""Changing passwords and the database key: what opens the station before, meanwhile and after."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from station.desk import keys, officers, signin, staff
from station.domain.errors import AccessError, RuleError, StoreError
from station.domain.role import Role
from station.failpoint import armed
from station.seal.vault import unwrap
from station.store import audit, rekey, snapshot
from station.store.database import Database
from station.store.keyring import load_keyring, save_keyring
from tests.support import OPERATOR, PASSWORD, SECOND_PASSWORD, HandClock, Workplace

NEW = "sandi-yang-baru"
Opener = Callable[[Path], Workplace]


@pytest.fixture
def led(place: Workplace) -> Workplace:
    """A station with an admin signed in: the first officer lets one in, who takes over the seat."""
    officers.add(place.office, PASSWORD, "Admin A.", Role.ADMIN, SECOND_PASSWORD)
    signin.sign_out(place.office)
    admin = id_of(place, "Admin A.")
    place._office = signin.sign_in(place.depot, admin, SECOND_PASSWORD, place.clock)
    return place


def id_of(place: Workplace, name: str) -> str:
    return next(who.operator_id for who in signin.operators(place.depot) if who.name == name)


def opens(place: Workplace, name: str, password: str) -> bool:
    try:
        office = signin.sign_in(place.depot, id_of(place, name), password, place.clock)
    except AccessError:
        return False
    signin.sign_out(office)
    return True


def actions(place: Workplace) -> list[str]:
    with place.office.applicants.read() as connection:
        return [line.action for line in audit.each(connection, audit.Wanted())]


def rotate(place: Workplace, told: list[int] | None = None) -> bool:
    return keys.rotate_database_key(
        place.office, SECOND_PASSWORD, (told if told is not None else []).append, lambda: False
    )


# ------------------------------------------------------------------------------------------------------ passwords


def test_a_changed_password_opens_the_station_and_the_old_one_does_not(place: Workplace) -> None:
    keys.change_password(place.office, PASSWORD, NEW)
    assert opens(place, OPERATOR, NEW)
    assert not opens(place, OPERATOR, PASSWORD)
    assert "password_change" in actions(place)


def test_changing_a_password_encrypts_nothing_anew(place: Workplace) -> None:
    key = place.office.applicants._gate.key
    keys.change_password(place.office, PASSWORD, NEW)
    holder = load_keyring(place.depot.folder.keyring).holder(id_of(place, OPERATOR))
    assert holder is not None and unwrap(holder.wrapped, NEW, label=holder.operator_id) == key


@pytest.mark.parametrize(("new", "code"), [("pendek", "password.too_short"), (PASSWORD, "password.same")])
def test_a_short_or_the_same_password_is_refused(place: Workplace, new: str, code: str) -> None:
    with pytest.raises(RuleError) as problem:
        keys.change_password(place.office, PASSWORD, new)
    assert problem.value.code == code


def test_without_the_old_password_none_is_changed(place: Workplace) -> None:
    with pytest.raises(AccessError):
        keys.change_password(place.office, "bukan ini", NEW)
    assert opens(place, OPERATOR, PASSWORD)


def test_an_admin_gives_a_colleague_a_new_password_and_forgives_what_was_mistyped(led: Workplace) -> None:
    for _ in range(signin.FREE_TRIES):
        assert not opens(led, OPERATOR, "salah")
    keys.give_password(led.office, SECOND_PASSWORD, id_of(led, OPERATOR), NEW)
    assert opens(led, OPERATOR, NEW)
    assert "password_give" in actions(led)


def test_a_supervisor_gives_no_admin_a_password(led: Workplace) -> None:
    chief = signin.sign_in(led.depot, id_of(led, OPERATOR), PASSWORD, led.clock)
    with pytest.raises(AccessError) as problem:
        keys.give_password(chief, PASSWORD, id_of(led, "Admin A."), NEW)
    assert problem.value.code == "access.role"
    signin.sign_out(chief)
    assert opens(led, "Admin A.", SECOND_PASSWORD)


def test_new_recovery_words_take_the_place_of_the_old_ones(led: Workplace) -> None:
    first = keys.new_recovery_words(led.office, SECOND_PASSWORD)
    second = keys.new_recovery_words(led.office, SECOND_PASSWORD)
    with pytest.raises(AccessError):
        signin.open_key(led.depot, staff.RECOVERY, first, led.clock.now())
    assert signin.open_key(led.depot, staff.RECOVERY, second, led.clock.now())[1] == led.office.applicants._gate.key


# --------------------------------------------------------------------------------------------- the database key


def test_a_new_database_key_leaves_every_password_and_the_recovery_words_working(led: Workplace) -> None:
    words, told = keys.new_recovery_words(led.office, SECOND_PASSWORD), list[int]()
    before = led.office.applicants._gate.key
    assert rotate(led, told)
    after = led.office.applicants._gate.key
    assert before != after and told[-1] == 100
    assert "database_key" in actions(led), "the open office goes on with the new key"
    with pytest.raises(StoreError):
        Database(led.depot.folder.applicants_db, before)
    assert signin.open_key(led.depot, staff.RECOVERY, words, led.clock.now())[1] == after
    assert opens(led, OPERATOR, PASSWORD) and opens(led, "Admin A.", SECOND_PASSWORD)


def test_the_old_key_leads_nowhere_once_everybody_has_signed_in(led: Workplace) -> None:
    keys.new_recovery_words(led.office, SECOND_PASSWORD)
    assert rotate(led) and rotate(led)
    assert len(load_keyring(led.depot.folder.keyring).links) == 2
    assert opens(led, OPERATOR, PASSWORD)
    keys.new_recovery_words(led.office, SECOND_PASSWORD)
    assert load_keyring(led.depot.folder.keyring).links == ()
    assert opens(led, OPERATOR, PASSWORD)


def test_at_every_moment_of_a_change_of_key_a_killed_station_opens_again(
    led: Workplace, tmp_path: Path, open_place: Opener, said: list[str]
) -> None:
    before = led.office.applicants._gate.key
    places: list[str] = []

    def cut(name: str) -> None:
        """What the disk shows at this moment is what a killed process leaves."""
        if name.startswith("rekey."):
            places.append(name)
            shutil.copytree(led.root, tmp_path / name, ignore=shutil.ignore_patterns("*.lock"))

    with armed(cut):
        assert rotate(led)
    after = led.office.applicants._gate.key
    assert places == ["rekey.linked", "rekey.copied", "rekey.closed", "rekey.switched", "rekey.settled"]
    for name in places:
        left = open_place(tmp_path / name)
        found = left.office.applicants._gate.key
        assert found == (after if name in ("rekey.switched", "rekey.settled") else before), name
        assert not rekey.copy_of(left.depot.folder.applicants_db).exists(), name
        assert opens(left, "Admin A.", SECOND_PASSWORD), name
        assert [item.settled for item in load_keyring(left.depot.folder.keyring).links] in ([], [True]), name
        assert ("database_key" in actions(left)) is (name == "rekey.switched"), name
    assert len(said) == 4, said


def test_a_stopped_change_of_key_changes_nothing(led: Workplace) -> None:
    before = load_keyring(led.depot.folder.keyring)
    assert not keys.rotate_database_key(led.office, SECOND_PASSWORD, lambda _percent: None, lambda: True)
    assert load_keyring(led.depot.folder.keyring) == before
    assert not rekey.copy_of(led.depot.folder.applicants_db).exists()
    assert "database_key" not in actions(led)


def test_without_room_for_a_copy_nothing_is_begun(led: Workplace, monkeypatch: pytest.MonkeyPatch) -> None:
    before = load_keyring(led.depot.folder.keyring)
    monkeypatch.setattr(rekey, "_ROOM", 1 << 60)
    with pytest.raises(StoreError) as problem:
        rotate(led)
    assert problem.value.code == "store.disk_full"
    assert load_keyring(led.depot.folder.keyring) == before


def test_only_an_admin_changes_the_database_key(place: Workplace) -> None:
    with pytest.raises(AccessError) as problem:
        keys.rotate_database_key(place.office, PASSWORD, lambda _percent: None, lambda: False)
    assert problem.value.code == "access.role"


def test_a_second_opening_of_the_same_file_goes_on_with_the_new_key(led: Workplace) -> None:
    other = led.office.applicants.again()
    with other.read() as connection:
        number = audit.count(connection)
    assert rotate(led)
    with other.read() as connection:
        assert audit.count(connection) > number
    other.close()


def test_a_station_from_before_keys_had_names_changes_its_key_too(led: Workplace) -> None:
    path = led.depot.folder.keyring
    ring = load_keyring(path)
    nameless = tuple(item.model_copy(update={"key": ""}) for item in ring.holders)
    save_keyring(path, ring.model_copy(update={"holders": nameless, "resets": ()}))
    assert rotate(led)
    assert opens(led, OPERATOR, PASSWORD) and opens(led, OPERATOR, PASSWORD)


def test_where_snapshots_are_kept_there_is_one_under_the_new_key_at_once(led: Workplace) -> None:
    snapshot.make(led.depot, led.office.applicants, led.office.now())
    assert isinstance(led.clock, HandClock)
    led.clock.pass_time(60)
    assert rotate(led)
    newest = snapshot.snapshots_in(led.depot.folder.snapshots)[0]
    led.office.applicants.again(newest.folder / snapshot.APPLICANTS, read_only=True).close()
