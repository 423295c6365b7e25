"""Signing in: five mistakes, then a wait that neither a restart nor a clock shortens."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from station.desk.office import station_card
from station.desk.signin import FREE_TRIES, LONGEST_WAIT, check_password, open_key, operators, sign_in, sign_out
from station.desk.staff import RECOVERY
from station.domain.errors import AccessError, SetupError, StoreError
from station.domain.outcome import Reason
from station.domain.permission import Permission
from station.seal.vault import wrap
from station.store import audit
from station.store.depot import Depot
from station.store.keyring import KeyHolder, load_keyring, save_keyring
from tests.support import PASSWORD, HandClock, Workplace, files_below

WRONG = "kata-sandi-salah"


def operator_of(place: Workplace) -> str:
    return operators(place.depot)[0].operator_id


def mistype(place: Workplace, times: int = 1) -> AccessError:
    for _ in range(times):
        with pytest.raises(AccessError) as problem:
            sign_in(place.depot, operator_of(place), WRONG, place.clock)
    return problem.value


def pass_time(place: Workplace, delta: timedelta) -> None:
    assert isinstance(place.clock, HandClock)
    place.clock.wall += delta


def let_in(place: Workplace) -> None:
    assert place.office.operator.operator_id == operator_of(place)


def test_the_right_password_opens_the_office(place: Workplace) -> None:
    office = place.office
    assert (office.operator.name, office.operator.role) == ("Siti R.", "supervisor")
    assert (office.station.name, office.station.office, office.station.training) == ("Stasiun Uji 02", "99.01.01", True)
    office.require(Permission.STORE_RECORD)
    with pytest.raises(AccessError) as problem:
        office.require(Permission.CHANGE_KEYS)
    assert problem.value.code == "access.role"


def test_the_recovery_key_is_no_operator(place: Workplace) -> None:
    assert [operator.name for operator in operators(place.depot)] == ["Siti R."]
    assert len(load_keyring(place.depot.folder.keyring).holders) == 2


def test_an_operator_nobody_knows_is_refused(place: Workplace) -> None:
    with pytest.raises(AccessError) as problem:
        sign_in(place.depot, "op-nobody", PASSWORD, place.clock)
    assert problem.value.code == "signin.unknown_operator"


def test_the_recovery_key_opens_no_office(place: Workplace) -> None:
    path = place.depot.folder.keyring
    own, key = open_key(place.depot, operators(place.depot)[0].operator_id, PASSWORD, place.clock.now())
    spare = KeyHolder(
        operator_id=RECOVERY,
        name="",
        role=RECOVERY,
        wrapped=wrap(key, "kunci pemulihan", label=RECOVERY, cost=own.wrapped.cost),
    )
    save_keyring(path, load_keyring(path).with_holder(spare))
    with pytest.raises(AccessError) as problem:
        sign_in(place.depot, RECOVERY, "kunci pemulihan", place.clock)
    assert problem.value.code == "signin.unknown_operator"


def test_after_each_mistake_the_tries_left_are_told_and_after_five_a_wait(place: Workplace) -> None:
    left = []
    for _ in range(FREE_TRIES - 1):
        problem = mistype(place)
        assert problem.code == "signin.wrong_password"
        left.append(problem.data["tries_left"])
    assert left == [4, 3, 2, 1]
    problem = mistype(place)
    assert (problem.code, problem.data) == ("signin.wait", {"seconds": 60})


def test_during_the_wait_even_the_right_password_must_wait(place: Workplace) -> None:
    mistype(place, 5)
    pass_time(place, timedelta(seconds=20))
    with pytest.raises(AccessError) as problem:
        sign_in(place.depot, operator_of(place), PASSWORD, place.clock)
    assert (problem.value.code, problem.value.data) == ("signin.wait", {"seconds": 41})
    pass_time(place, timedelta(seconds=40))
    let_in(place)


def test_each_further_mistake_doubles_the_wait_up_to_half_an_hour(place: Workplace) -> None:
    mistype(place, 4)
    waits = []
    for _ in range(8):
        problem = mistype(place)
        waits.append(problem.data["seconds"])
        pass_time(place, LONGEST_WAIT)
    assert waits == [60, 120, 240, 480, 960, 1800, 1800, 1800]


def test_even_the_thousandth_mistake_is_only_a_wait(place: Workplace) -> None:
    ring = load_keyring(place.depot.folder.keyring)
    holder = ring.holder(operator_of(place))
    assert holder is not None
    save_keyring(place.depot.folder.keyring, ring.with_holder(holder.model_copy(update={"failures": 1000})))
    assert mistype(place).data == {"seconds": 1800}


def test_a_restart_gives_no_new_tries(place: Workplace) -> None:
    mistype(place, 3)
    place.reopen()
    assert mistype(place).data == {"tries_left": 1}
    mistype(place)
    place.reopen()
    assert mistype(place).code == "signin.wait"
    pass_time(place, timedelta(seconds=61))
    let_in(place)


@pytest.mark.parametrize("back", [timedelta(minutes=5), timedelta(hours=2), timedelta(days=400)])
def test_setting_the_clock_back_neither_ends_the_wait_nor_makes_it_endless(place: Workplace, back: timedelta) -> None:
    mistype(place, 5)
    pass_time(place, -back)
    for password in (PASSWORD, WRONG, PASSWORD):
        with pytest.raises(AccessError) as problem:
            sign_in(place.depot, operator_of(place), password, place.clock)
        assert problem.value.code == "signin.wait"
        seconds = problem.value.data["seconds"]
        assert isinstance(seconds, int)
        assert 0 < seconds <= LONGEST_WAIT.total_seconds() + 1
    place.reopen()
    pass_time(place, LONGEST_WAIT + timedelta(seconds=1))
    let_in(place)


def test_the_right_password_ends_the_counting(place: Workplace) -> None:
    mistype(place, 4)
    let_in(place)
    place.reopen()
    assert mistype(place).data == {"tries_left": 4}


def test_unlocking_the_screen_counts_like_signing_in(place: Workplace) -> None:
    check_password(place.depot, operator_of(place), PASSWORD, place.clock)
    for _ in range(5):
        with pytest.raises(AccessError):
            check_password(place.depot, operator_of(place), WRONG, place.clock)
    assert mistype(place).code == "signin.wait"


def test_a_wrong_password_makes_no_file_and_opens_no_database(folder_copy: Path) -> None:
    (folder_copy / "applicants.db").unlink()
    depot = Depot(folder_copy)
    before = {path.name for path in files_below(folder_copy)}
    with pytest.raises(AccessError):
        sign_in(depot, operators(depot)[0].operator_id, WRONG, HandClock())
    assert {path.name for path in files_below(folder_copy)} == before
    depot.close()


def test_neither_password_nor_keys_are_in_any_file_in_clear(place: Workplace) -> None:
    place.seal(1)
    place.draft(2)
    key = place.office.applicants._gate.key
    assert key is not None
    secrets = [PASSWORD.encode(), key, key.hex().encode(), key.hex().upper().encode(), WRONG.encode()]
    mistype(place)
    for path in files_below(place.root):
        content = path.read_bytes()
        assert not [secret for secret in secrets if secret in content], path.name


def test_signing_in_and_out_is_in_the_audit_trail(place: Workplace) -> None:
    office = place.office
    sign_out(office)
    place._office = None
    with place.office.applicants.read() as connection:
        actions = connection.exec_driver_sql("SELECT action FROM audit ORDER BY number").scalars().all()
        assert actions[-3:] == ["sign_in", "sign_out", "sign_in"]
        assert audit.first_broken(connection) is None


def test_a_database_that_does_not_fit_the_key_is_kept_aside_and_a_whole_one_takes_its_place(
    place: Workplace, said: list[str]
) -> None:
    (place.root / "applicants.db").write_bytes(b"garbage" * 3000)
    sign_out(sign_in(place.depot, operator_of(place), PASSWORD, place.clock))
    (aside,) = place.root.glob("applicants.db.broken-*")
    assert aside.read_bytes() == b"garbage" * 3000


def test_a_database_of_a_newer_program_is_refused_with_its_own_reason(place: Workplace) -> None:
    with place.office.applicants.write() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    place.reopen()
    with pytest.raises(StoreError) as problem:
        sign_in(place.depot, operator_of(place), PASSWORD, place.clock)
    assert problem.value.code == "store.too_new"


def test_a_lost_database_costs_drafts_and_never_a_sealed_packet(place: Workplace, said: list[str]) -> None:
    key = place.seal(1).record.key
    place.close()
    (place.root / "applicants.db").unlink()
    place.reopen()
    let_in(place)
    assert place.depot.outbox.keys() == {key}
    place.depot.outbox.reject(key, [Reason("nik.day", "nik")], at=place.clock.now())
    assert place.seal(2).packet is not None


def test_a_station_nobody_enrolled_has_nobody_who_may_sign_in(tmp_path: Path) -> None:
    depot = Depot(tmp_path / "new")
    assert operators(depot) == ()
    with pytest.raises(SetupError):
        station_card(depot)
    depot.close()


@pytest.mark.parametrize("searches", [0, 3])
def test_signing_out_closes_everything_although_the_audit_trail_cannot_be_written(
    place: Workplace, searches: int
) -> None:
    office = place.office
    office.searches.counted = searches
    with office.applicants.write() as connection:
        connection.exec_driver_sql("DROP TABLE audit")
    with pytest.raises(StoreError):
        sign_out(office)
    assert office.rosters.closed
    with pytest.raises(StoreError) as problem, office.applicants.read():
        pass
    assert problem.value.code == "store.closed"
