"""Several officers at one station: each with a password of their own, and one standing for another's decision."""

from __future__ import annotations

import pytest

from station import cli
from station.commands import family
from station.desk import officers, signin, staff, vouchers
from station.desk.office import Operator
from station.desk.vouchers import VOUCHER_S, Voucher
from station.domain.biometrics import ExceptionCode, Part
from station.domain.errors import AccessError, RuleError
from station.domain.role import Role
from station.store import audit
from station.store import officers as kept
from station.store.database import Connection
from station.store.keyring import load_keyring, save_keyring
from station.store.vouchers import tokens
from tests.support import PASSWORD, SECOND_PASSWORD, HandClock, Workplace

SECRET = "sandi-rekan-1"
RECORD = "01a1fc0b-e380-71fd-afd0-1bb720aff3dd"
PARTS, CODE = (Part.FINGER_02, Part.FINGER_03), ExceptionCode.ABSENT


@pytest.fixture
def colleague(place: Workplace) -> Operator:
    """Whom the operator has let in herself."""
    return officers.add(place.office, PASSWORD, "  Rina   W. ", Role.SUPERVISOR, SECRET)


@pytest.fixture
def second(place: Workplace) -> Operator:
    return place.second_officer()


def vouched(place: Workplace, who: Operator, password: str = SECOND_PASSWORD) -> Voucher:
    return vouchers.vouch(place.office, who.operator_id, password, RECORD, PARTS, CODE)


def use(place: Workplace, voucher: Voucher, record_id: str = RECORD) -> None:
    me = place.office.operator.operator_id
    with place.office.applicants.write() as connection:
        vouchers.use(place.office, connection, voucher, record_id, PARTS, CODE, me)


# ---------------------------------------------------------------------------------------------------- letting people in


def test_the_first_person_of_a_station_is_its_supervisor(place: Workplace) -> None:
    assert place.office.operator.role == Role.SUPERVISOR
    assert [item.name for item in officers.supervisors(place.office)] == ["Siti R."]


def test_a_new_officer_signs_in_with_their_own_password_and_sees_the_same_records(
    place: Workplace, colleague: Operator
) -> None:
    record_id = place.draft()
    assert (colleague.name, colleague.role) == ("Rina W.", Role.SUPERVISOR)
    place.close()
    place.__post_init__()
    office = signin.sign_in(place.depot, colleague.operator_id, SECRET, place.clock)
    try:
        with office.applicants.read() as connection:
            lines = audit.lines_of(connection, record_id)
        assert lines[0].action == "start"
        assert [item.name for item in vouchers.may_vouch(office)] == ["Siti R."]
    finally:
        signin.sign_out(office)


def test_adding_somebody_takes_a_supervisors_password_and_is_in_the_audit(place: Workplace) -> None:
    before = load_keyring(place.depot.folder.keyring)
    with pytest.raises(AccessError, match=r"signin\.wrong_password"):
        officers.add(place.office, "bukan ini", "Budi", Role.SUPERVISOR, SECRET)
    assert len(load_keyring(place.depot.folder.keyring).holders) == len(before.holders)
    added = officers.add(place.office, PASSWORD, "Budi", Role.SUPERVISOR, SECRET)
    with place.office.applicants.read() as connection:
        assert audit.first_broken(connection) is None
        told = connection.exec_driver_sql("SELECT detail FROM audit WHERE action = 'officer_add'").scalars().all()
        assert kept.all_of(connection)[added.operator_id].added_by == place.office.operator.operator_id
    assert len(told) == 1
    assert added.operator_id in str(told[0])
    assert "Budi" not in str(told[0])


def test_an_operator_lets_nobody_in_but_a_supervisor_may_type_their_password_there(
    place: Workplace, second: Operator
) -> None:
    assert second.role == Role.OPERATOR
    chief = place.office.operator
    place.close()
    place.__post_init__()
    office = signin.sign_in(place.depot, second.operator_id, SECOND_PASSWORD, place.clock)
    try:
        with pytest.raises(AccessError, match=r"officer\.supervisor"):
            officers.add(office, SECOND_PASSWORD, "Rekaan", Role.OPERATOR, SECRET)
        with pytest.raises(AccessError, match=r"officer\.supervisor"):
            officers.add(office, SECOND_PASSWORD, "Rekaan", Role.OPERATOR, SECRET, by=second.operator_id)
        with pytest.raises(AccessError, match=r"signin\.wrong_password"):
            officers.add(office, SECOND_PASSWORD, "Rekaan", Role.OPERATOR, SECRET, by=chief.operator_id)
        assert "Rekaan" not in {item.name for item in signin.operators(place.depot)}
        added = officers.add(office, PASSWORD, "Wati", Role.OPERATOR, SECRET, by=chief.operator_id)
        with office.applicants.read() as connection:
            assert kept.all_of(connection)[added.operator_id].added_by == chief.operator_id
    finally:
        signin.sign_out(office)


@pytest.mark.parametrize(
    ("name", "role", "password", "code"),
    [
        ("  ", Role.SUPERVISOR, SECRET, "field.required"),
        ("SITI  r.", Role.SUPERVISOR, SECRET, "officer.name_taken"),
        ("Budi", "recovery", SECRET, "officer.role"),
        ("Budi", "", SECRET, "officer.role"),
        ("Budi", Role.SUPERVISOR, "pendek", "password.too_short"),
    ],
)
def test_nobody_is_added_half(place: Workplace, name: str, role: str, password: str, code: str) -> None:
    with pytest.raises(RuleError) as problem:
        officers.add(place.office, PASSWORD, name, role, password)
    assert problem.value.code == code
    assert len(signin.operators(place.depot)) == 1
    with place.office.applicants.read() as connection:
        assert len(kept.all_of(connection)) == 1


# ----------------------------------------------------------------------------------------------------- what is believed


def test_a_role_written_into_the_keyring_by_hand_is_not_believed_and_put_right(
    place: Workplace, second: Operator
) -> None:
    path = place.depot.folder.keyring
    place.close()
    place.__post_init__()
    keyring = load_keyring(path)
    holder = keyring.holder(second.operator_id)
    assert holder is not None
    save_keyring(path, keyring.with_holder(holder.model_copy(update={"role": Role.SUPERVISOR})))
    office = signin.sign_in(place.depot, second.operator_id, SECOND_PASSWORD, place.clock)
    try:
        assert office.operator.role == Role.OPERATOR
        assert [item.name for item in officers.supervisors(office) if item.name == "Budi P."] == []
        assert {item.role for item in signin.operators(place.depot) if item.name == "Budi P."} == {Role.OPERATOR}
    finally:
        signin.sign_out(office)


def test_whoever_came_into_the_keyring_by_no_door_of_ours_stands_for_nobody(
    place: Workplace, second: Operator, said: list[str]
) -> None:
    with place.office.applicants.write() as connection:
        connection.exec_driver_sql("DELETE FROM officer WHERE operator_id = ?", (second.operator_id,))
    place.close()
    place.__post_init__()
    assert second.operator_id not in {item.operator_id for item in vouchers.may_vouch(place.office)}
    with place.office.applicants.read() as connection:
        assert kept.all_of(connection)[second.operator_id].added_by == kept.UNKNOWN
    with pytest.raises(AccessError, match=r"officer\.let_in"):
        vouched(place, second)
    assert ["let in by nobody" in line for line in said] == [True]


def test_whom_an_older_copy_of_the_database_does_not_know_a_supervisor_confirms(
    place: Workplace, second: Operator, said: list[str]
) -> None:
    me = place.office.operator.operator_id
    with place.office.applicants.write() as connection:
        connection.exec_driver_sql("DELETE FROM officer WHERE operator_id = ?", (second.operator_id,))
    place.close()
    place.__post_init__()
    with pytest.raises(AccessError, match=r"signin\.wrong_password"):
        officers.add(place.office, "bukan ini", second.name, Role.OPERATOR, SECRET)
    for role, password, code in (("recovery", SECRET, "officer.role"), (Role.OPERATOR, "pendek", "password.too_short")):
        with pytest.raises(RuleError) as problem:
            officers.add(place.office, PASSWORD, second.name, role, password)
        assert problem.value.code == code
    with place.office.applicants.read() as connection:
        assert kept.all_of(connection)[second.operator_id].added_by == kept.UNKNOWN
    names = [item.name for item in signin.operators(place.depot)]
    confirmed = officers.add(place.office, PASSWORD, f" {second.name.upper()} ", Role.SUPERVISOR, SECRET)
    assert confirmed.operator_id == second.operator_id, "their records and their fingers stay theirs"
    assert sorted(item.name for item in signin.operators(place.depot)) == sorted(names)
    with place.office.applicants.read() as connection:
        assert kept.all_of(connection)[second.operator_id] == kept.Officer(second.operator_id, Role.SUPERVISOR, me)
        told = connection.exec_driver_sql("SELECT detail FROM audit WHERE action = 'officer_confirm'").scalars().all()
    assert len(told) == len(said) == 1
    assert second.operator_id in str(told[0])
    with pytest.raises(RuleError, match=r"officer\.name_taken"):
        officers.add(place.office, PASSWORD, second.name, Role.OPERATOR, SECRET)
    place.close()
    place.__post_init__()
    office = signin.sign_in(place.depot, second.operator_id, SECRET, place.clock)
    try:
        assert office.operator.role == Role.SUPERVISOR
    finally:
        signin.sign_out(office)


def test_whoever_has_the_name_of_a_known_officer_is_not_confirmed(
    place: Workplace, second: Operator, said: list[str]
) -> None:
    path, me = place.depot.folder.keyring, place.office.operator
    keyring = load_keyring(path)
    holder = keyring.holder(second.operator_id)
    assert holder is not None
    save_keyring(path, keyring.with_holder(holder.model_copy(update={"operator_id": "op-zz", "name": me.name})))
    place.close()
    place.__post_init__()
    office = signin.sign_in(place.depot, me.operator_id, PASSWORD, place.clock)
    try:
        with pytest.raises(RuleError, match=r"officer\.name_taken"):
            officers.add(office, PASSWORD, me.name, Role.OPERATOR, SECRET)
    finally:
        signin.sign_out(office)
    assert any("let in by nobody" in line for line in said)


def as_before(place: Workplace, first_role: str) -> None:
    """The station as an older program has left it: roles in the keyring only."""
    path = place.depot.folder.keyring
    with place.office.applicants.write() as connection:
        connection.exec_driver_sql("DELETE FROM officer")
    keyring = load_keyring(path)
    for holder in keyring.holders:
        if holder.name == "Siti R.":
            save_keyring(path, keyring.with_holder(holder.model_copy(update={"role": first_role})))
    place.close()
    place.__post_init__()


def test_a_station_from_before_finds_its_supervisor_in_who_was_there_first(
    place: Workplace, colleague: Operator
) -> None:
    first = place.office.operator.operator_id
    as_before(place, Role.OPERATOR)
    assert place.office.operator.role == Role.SUPERVISOR
    with place.office.applicants.read() as connection:
        found = kept.all_of(connection)
    assert (found[first].added_by, found[colleague.operator_id].added_by) == (kept.NOBODY, first)
    assert vouchers.may_vouch(place.office) == (), "whom she let in before still cannot stand for her"


def test_where_a_supervisor_was_there_from_the_first_day_operators_stay_operators(place: Workplace) -> None:
    holders = load_keyring(place.depot.folder.keyring).holders
    chief = holders[0].model_copy(update={"operator_id": "op-chief", "role": Role.SUPERVISOR})
    first = holders[0].model_copy(update={"role": Role.OPERATOR})

    def settled(connection: Connection) -> dict[str, str]:
        connection.exec_driver_sql("DELETE FROM officer")
        return {key: item.role for key, item in staff.settle(connection, (first, chief), place.office.now()).items()}

    with place.office.applicants.write() as connection:
        assert settled(connection) == {"op-chief": Role.SUPERVISOR, first.operator_id: Role.OPERATOR}


# -------------------------------------------------------------------------------------------------- standing for others


def test_a_colleague_vouches_with_their_password_once(place: Workplace, second: Operator) -> None:
    voucher = vouched(place, second)
    with pytest.raises(AccessError, match=r"officer\.voucher"):
        use(place, voucher, RECORD.replace("01a1", "01a2"))
    use(place, voucher)
    with pytest.raises(AccessError, match=r"officer\.voucher"):
        use(place, voucher)


def test_somebody_let_in_by_oneself_does_not_vouch_for_oneself(place: Workplace, colleague: Operator) -> None:
    assert vouchers.may_vouch(place.office) == ()
    with pytest.raises(AccessError, match=r"officer\.let_in"):
        vouched(place, colleague, SECRET)
    with pytest.raises(AccessError, match=r"officer\.let_in"):
        vouched(place, colleague, "not asked for at all")
    with place.office.applicants.read() as connection:
        assert tokens(connection) == ()


def test_a_voucher_lasts_minutes_whatever_the_wall_clock_does(place: Workplace, second: Operator) -> None:
    clock = place.clock
    assert isinstance(clock, HandClock)
    late, in_time = vouched(place, second), vouched(place, second)
    clock.wall = clock.wall.replace(year=2030)
    clock.seconds += VOUCHER_S
    use(place, in_time)
    clock.seconds += 1
    clock.wall = clock.wall.replace(year=2026)
    with pytest.raises(AccessError, match=r"officer\.voucher"):
        use(place, late)


def test_a_voucher_that_nobody_gave_is_none_and_none_outlives_the_sign_in(place: Workplace, second: Operator) -> None:
    with pytest.raises(AccessError, match=r"officer\.voucher"):
        use(place, Voucher("00" * 16, second))
    given = vouched(place, second)
    place.close()
    place.__post_init__()
    with pytest.raises(AccessError, match=r"officer\.voucher"):
        use(place, given)


def test_a_voucher_is_for_the_officer_who_asked_and_of_the_one_who_gave_it(
    place: Workplace, second: Operator, colleague: Operator
) -> None:
    office, voucher = place.office, vouched(place, second)
    for changed, asked_by in ((voucher, colleague.operator_id), (Voucher(voucher.token, colleague), "")):
        with pytest.raises(AccessError, match=r"officer\.voucher"), office.applicants.write() as connection:
            me = asked_by or office.operator.operator_id
            vouchers.use(office, connection, changed, RECORD, PARTS, CODE, me)
    use(place, voucher)


def test_nobody_vouches_for_themselves_nor_does_the_recovery_key(place: Workplace, second: Operator) -> None:
    own = place.office.operator.operator_id
    for who, password in ((own, PASSWORD), ("recovery", SECRET), ("op-nobody", SECRET)):
        with pytest.raises(AccessError, match=r"officer\.self"):
            vouchers.vouch(place.office, who, password, RECORD, PARTS, CODE)


def test_guessing_a_colleagues_password_makes_wait_like_guessing_at_the_door(
    place: Workplace, second: Operator
) -> None:
    for left in range(signin.FREE_TRIES - 1, 0, -1):
        with pytest.raises(AccessError) as problem:
            vouched(place, second, "salah-sandi")
        assert (problem.value.code, problem.value.data["tries_left"]) == ("signin.wrong_password", left)
    for password in ("salah-sandi", SECOND_PASSWORD):  # now the right one has to wait as well, also at the door
        with pytest.raises(AccessError, match=r"signin\.wait"):
            vouched(place, second, password)
    with pytest.raises(AccessError, match=r"signin\.wait"):
        signin.check_password(place.depot, second.operator_id, SECOND_PASSWORD, place.clock)
    with place.office.applicants.read() as connection:
        assert tokens(connection) == ()


def test_the_command_lets_somebody_in_and_lists_who_may_work_here(
    place: Workplace, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    place.close()
    monkeypatch.setenv("STATION_LANGUAGE", "en")
    monkeypatch.setenv("STATION_OPERATOR_PASSWORD", PASSWORD)
    monkeypatch.setenv("STATION_NEW_PASSWORD", SECRET)
    root = str(place.root)
    assert cli.main(["officer", "--data", root, "--add", "Budi P."]) == family.EXIT_OK
    assert capsys.readouterr().out.splitlines() == ["Budi P. · Operator", "Siti R. · Supervisor"]
    assert cli.main(["officer", "--data", root, "--add", "Wati", "--own", "Nobody"]) == family.EXIT_FAILED
    monkeypatch.setenv("STATION_OPERATOR_PASSWORD", "bukan-ini")
    assert cli.main(["officer", "--data", root, "--add", "Wati"]) == family.EXIT_FAILED
    assert "password is not right" in capsys.readouterr().err
    monkeypatch.setenv("STATION_OPERATOR_PASSWORD", SECRET)
    assert cli.main(["officer", "--data", root, "--add", "Wati", "--own", "Budi P."]) == family.EXIT_FAILED
    assert "supervisor" in capsys.readouterr().err
    monkeypatch.setenv("STATION_OPERATOR_PASSWORD", PASSWORD)
    assert cli.main(["officer", "--data", root, "--add", "Wati", "--role", Role.SUPERVISOR]) == family.EXIT_OK
    assert [item.name for item in signin.operators(place.depot)] == ["Budi P.", "Siti R.", "Wati"]
