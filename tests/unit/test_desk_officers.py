"""Several officers at one station: each with a password of their own, and one standing for another's decision."""

from __future__ import annotations

import pytest

from station import cli
from station.commands import family
from station.desk import officers, signin
from station.desk.office import Operator
from station.desk.officers import SUPERVISOR, VOUCHER_S, Voucher
from station.domain.errors import AccessError, RuleError
from station.store import audit
from station.store.keyring import load_keyring
from tests.support import PASSWORD, HandClock, Workplace

SECRET = "sandi-rekan-1"
RECORD = "01a1fc0b-e380-71fd-afd0-1bb720aff3dd"


@pytest.fixture
def colleague(place: Workplace) -> Operator:
    return officers.add(place.office, PASSWORD, "  Budi   P. ", SUPERVISOR, SECRET)


def test_a_new_officer_signs_in_with_their_own_password_and_sees_the_same_records(
    place: Workplace, colleague: Operator
) -> None:
    record_id = place.draft()
    assert (colleague.name, colleague.role) == ("Budi P.", SUPERVISOR)
    assert [item.name for item in signin.operators(place.depot)] == ["Siti R.", "Budi P."]
    place.close()
    place.__post_init__()
    office = signin.sign_in(place.depot, colleague.operator_id, SECRET, place.clock)
    try:
        with office.applicants.read() as connection:
            lines = audit.lines_of(connection, record_id)
        assert lines[0].action == "start"
        assert [item.name for item in officers.others(office)] == ["Siti R."]
    finally:
        signin.sign_out(office)


def test_adding_somebody_takes_the_own_password_and_is_in_the_audit(place: Workplace) -> None:
    before = load_keyring(place.depot.folder.keyring)
    with pytest.raises(AccessError, match=r"signin\.wrong_password"):
        officers.add(place.office, "bukan ini", "Budi", SUPERVISOR, SECRET)
    assert len(load_keyring(place.depot.folder.keyring).holders) == len(before.holders)
    added = officers.add(place.office, PASSWORD, "Budi", SUPERVISOR, SECRET)
    with place.office.applicants.read() as connection:
        assert audit.first_broken(connection) is None
        told = connection.exec_driver_sql("SELECT detail FROM audit WHERE action = 'officer_add'").scalars().all()
    assert len(told) == 1
    assert added.operator_id in str(told[0])
    assert "Budi" not in str(told[0])


@pytest.mark.parametrize(
    ("name", "role", "password", "code"),
    [
        ("  ", SUPERVISOR, SECRET, "field.required"),
        ("SITI  r.", SUPERVISOR, SECRET, "officer.name_taken"),
        ("Budi", "recovery", SECRET, "officer.role"),
        ("Budi", "", SECRET, "officer.role"),
        ("Budi", SUPERVISOR, "pendek", "password.too_short"),
    ],
)
def test_nobody_is_added_half(place: Workplace, name: str, role: str, password: str, code: str) -> None:
    with pytest.raises(RuleError) as problem:
        officers.add(place.office, PASSWORD, name, role, password)
    assert problem.value.code == code
    assert officers.others(place.office) == ()


def test_a_colleague_vouches_with_their_password_for_one_record_once(place: Workplace, colleague: Operator) -> None:
    office = place.office
    voucher = officers.vouch(office, colleague.operator_id, SECRET, RECORD)
    officers.check_voucher(office, voucher, RECORD)
    with pytest.raises(AccessError, match=r"officer\.voucher"):
        officers.check_voucher(office, voucher, RECORD.replace("01a1", "01a2"))
    officers.spend(office, voucher)
    with pytest.raises(AccessError, match=r"officer\.voucher"):
        officers.check_voucher(office, voucher, RECORD)


def test_a_voucher_lasts_minutes_whatever_the_wall_clock_does(place: Workplace, colleague: Operator) -> None:
    office, clock = place.office, place.clock
    assert isinstance(clock, HandClock)
    voucher = officers.vouch(office, colleague.operator_id, SECRET, RECORD)
    clock.wall = clock.wall.replace(year=2030)
    clock.seconds += VOUCHER_S
    officers.check_voucher(office, voucher, RECORD)
    clock.seconds += 1
    with pytest.raises(AccessError, match=r"officer\.voucher"):
        officers.check_voucher(office, voucher, RECORD)


def test_a_voucher_that_nobody_gave_is_none(place: Workplace, colleague: Operator) -> None:
    made_up = Voucher("00" * 16, colleague, RECORD, place.clock.monotonic() + 60)
    with pytest.raises(AccessError, match=r"officer\.voucher"):
        officers.check_voucher(place.office, made_up, RECORD)


def test_nobody_vouches_for_themselves_nor_does_the_recovery_key(place: Workplace, colleague: Operator) -> None:
    own = place.office.operator.operator_id
    for who, password in ((own, PASSWORD), ("recovery", SECRET), ("op-nobody", SECRET)):
        with pytest.raises(AccessError, match=r"officer\.self"):
            officers.vouch(place.office, who, password, RECORD)


def test_guessing_a_colleagues_password_makes_wait_like_guessing_at_the_door(
    place: Workplace, colleague: Operator
) -> None:
    for left in range(signin.FREE_TRIES - 1, 0, -1):
        with pytest.raises(AccessError) as problem:
            officers.vouch(place.office, colleague.operator_id, "salah-sandi", RECORD)
        assert (problem.value.code, problem.value.data["tries_left"]) == ("signin.wrong_password", left)
    for password in ("salah-sandi", SECRET):  # now the right one has to wait as well, also at the door
        with pytest.raises(AccessError, match=r"signin\.wait"):
            officers.vouch(place.office, colleague.operator_id, password, RECORD)
    with pytest.raises(AccessError, match=r"signin\.wait"):
        signin.check_password(place.depot, colleague.operator_id, SECRET, place.clock)
    assert place.office.vouchers == set()


def test_the_command_lets_somebody_in_and_lists_who_may_work_here(
    place: Workplace, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    place.close()
    monkeypatch.setenv("STATION_LANGUAGE", "en")
    monkeypatch.setenv("STATION_OPERATOR_PASSWORD", PASSWORD)
    monkeypatch.setenv("STATION_NEW_PASSWORD", SECRET)
    root = str(place.root)
    assert cli.main(["officer", "--data", root, "--add", "Budi P.", "--role", SUPERVISOR]) == family.EXIT_OK
    assert capsys.readouterr().out.splitlines() == ["Siti R. · Operator", "Budi P. · Supervisor"]
    assert cli.main(["officer", "--data", root, "--add", "Wati", "--own", "Nobody"]) == family.EXIT_FAILED
    monkeypatch.setenv("STATION_OPERATOR_PASSWORD", "bukan-ini")
    assert cli.main(["officer", "--data", root, "--add", "Wati"]) == family.EXIT_FAILED
    assert "password is not right" in capsys.readouterr().err
    monkeypatch.setenv("STATION_OPERATOR_PASSWORD", SECRET)
    assert cli.main(["officer", "--data", root, "--add", "Wati", "--own", "Budi P."]) == family.EXIT_OK
    assert [item.name for item in signin.operators(place.depot)] == ["Siti R.", "Wati", "Budi P."]
