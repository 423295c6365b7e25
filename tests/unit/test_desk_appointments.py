"""Who may name whom, when rights end, and that a clock which was set back brings nobody back."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import select

from station import cli
from station.commands import family
from station.desk import appointments, officers, signin, staff
from station.desk.office import Office, Operator
from station.domain.appointment import end_of, last_day, roles_given_by
from station.domain.clocks import Check
from station.domain.errors import AccessError, RuleError, StationError
from station.domain.role import Role
from station.store import officers as kept
from station.store.database import Connection
from station.store.keyring import load_keyring, save_keyring
from station.store.settings import LATEST_MOMENT, read_setting
from station.store.tables import audit
from tests.support import CHIEF, CHIEF_PASSWORD, PASSWORD, TODAY, HandClock, Workplace

SECRET = "sandi-orang-lain-1"
LAST = TODAY.astimezone().date() + timedelta(days=9)


def let_in(place: Workplace, name: str, role: Role, *, until: date | None = None) -> Operator:
    return officers.add(place.office, PASSWORD, name, role, SECRET, last_day=until)


def ended_for(place: Workplace, who: Operator) -> StationError | None:
    """Why somebody cannot sign in; None when they can."""
    try:
        signin.sign_out(signin.sign_in(place.depot, who.operator_id, SECRET, place.clock))
    except StationError as problem:
        return problem
    return None


def pass_days(place: Workplace, days: float) -> None:
    assert isinstance(place.clock, HandClock)
    place.clock.wall += timedelta(days=days)


def as_role(place: Workplace, role: Role) -> Office:
    """The open office with an admin named, and whoever is signed in in this role."""
    let_in(place, "Admin", Role.ADMIN)
    office = place.office
    with office.applicants.write() as connection:
        me = kept.all_of(connection)[office.operator.operator_id]
        kept.keep(connection, kept.Officer(me.operator_id, role, me.added_by), office.now())
    office.operator = Operator(office.operator.operator_id, office.operator.name, role)
    return office


def audit_lines(connection: Connection, action: str) -> int:
    return len(connection.execute(select(audit).where(audit.c.action == action)).all())


# ------------------------------------------------------------------------------------------------------ who names whom


def test_nobody_gives_a_role_above_their_own() -> None:
    below = {Role.COUNTER, Role.OPERATOR, Role.ARCHIVIST, Role.TECHNICIAN}
    assert set(roles_given_by(Role.SUPERVISOR, admin_here=True)) == below
    assert set(roles_given_by(Role.ADMIN, admin_here=True)) == set(Role)
    others = set(Role) - {Role.SUPERVISOR, Role.ADMIN}
    assert all(roles_given_by(role, admin_here=here) == () for role in others for here in (True, False))


def test_a_station_from_before_names_its_first_admin_and_from_then_on_only_an_admin_names_supervisors(
    place: Workplace,
) -> None:
    assert set(officers.roles_to_give(place.office)) == set(Role)
    let_in(place, "Admin", Role.ADMIN)
    with pytest.raises(RuleError) as problem:
        let_in(place, "Kepala", Role.SUPERVISOR)
    assert problem.value.code == "officer.role_above"
    assert let_in(place, "Loket", Role.COUNTER).role == Role.COUNTER


def test_a_supervisor_decides_neither_about_an_admin_nor_about_themselves(place: Workplace) -> None:
    admin = let_in(place, "Admin", Role.ADMIN).operator_id
    me = place.office.operator.operator_id
    for who, code in ((admin, "officer.role_above"), (me, "officer.own"), ("op-nobody", "officer.gone")):
        with pytest.raises(RuleError) as ending:
            appointments.end_now(place.office, who)
        with pytest.raises(RuleError) as changing:
            appointments.change_role(place.office, who, Role.OPERATOR)
        with pytest.raises(RuleError) as dating:
            appointments.set_last_day(place.office, who, LAST)
        assert {ending.value.code, changing.value.code, dating.value.code} == {code}


def test_another_role_counts_from_the_next_sign_in_on(place: Workplace) -> None:
    who = let_in(place, "Budi P.", Role.COUNTER)
    appointments.change_role(place.office, who.operator_id, Role.TECHNICIAN)
    office = signin.sign_in(place.depot, who.operator_id, SECRET, place.clock)
    assert office.operator.role == Role.TECHNICIAN
    signin.sign_out(office)
    assert {item.name: item.role for item in signin.operators(place.depot)}["Budi P."] == Role.TECHNICIAN


@pytest.mark.parametrize("role", [Role.ADMIN, Role.SUPERVISOR])
def test_the_last_one_who_lets_others_in_cannot_be_ended(place: Workplace, role: Role) -> None:
    last = let_in(place, "Terakhir", role).operator_id
    office = place.office
    with office.applicants.write() as connection:  # whoever decides leaves soon themselves
        me = kept.all_of(connection)[office.operator.operator_id]
        kept.keep(connection, kept.Officer(me.operator_id, Role.ADMIN, "", end_of(LAST)), office.now())
    office.operator = Operator(me.operator_id, office.operator.name, Role.ADMIN)
    deeds: tuple[Callable[[], None], ...] = (
        lambda: appointments.end_now(office, last),
        lambda: appointments.set_last_day(office, last, LAST),
        lambda: appointments.change_role(office, last, Role.OPERATOR),
    )
    for deed in deeds:
        with pytest.raises(RuleError) as problem:
            deed()
        assert problem.value.code == "officer.last"
    with office.applicants.read() as connection:
        assert kept.all_of(connection)[last] == kept.Officer(last, role, me.operator_id), "nothing was kept"


# --------------------------------------------------------------------------------------------------------- ending them


def test_whoever_was_ended_has_no_key_any_more_and_stays_in_the_list_by_name(place: Workplace) -> None:
    who = let_in(place, "Budi P.", Role.OPERATOR)
    ring = load_keyring(place.depot.folder.keyring)
    appointments.end_now(place.office, who.operator_id)
    assert load_keyring(place.depot.folder.keyring).holder(who.operator_id) is None
    (left,) = [item for item in appointments.listed(place.office) if item.ended_at is not None]
    assert (left.name, left.mine) == ("Budi P.", False)
    # Somebody puts the old keyring back: the station believes what is behind the password.
    save_keyring(place.depot.folder.keyring, ring)
    problem = ended_for(place, who)
    assert problem is not None
    assert (problem.code, problem.data["day"]) == ("officer.ended", f"{TODAY.astimezone():%d-%m-%Y}")
    assert load_keyring(place.depot.folder.keyring).holder(who.operator_id) is None
    with place.office.applicants.read() as connection:
        assert audit_lines(connection, "sign_in_refused") == 1
    assert let_in(place, "Budi P.", Role.OPERATOR).operator_id != who.operator_id, "back by the front door only"


def test_rights_end_after_their_last_day_without_any_network(place: Workplace) -> None:
    who = let_in(place, "Budi P.", Role.OPERATOR, until=LAST)
    pass_days(place, 9)
    assert ended_for(place, who) is None, "the last day counts"
    pass_days(place, 1)
    problem = ended_for(place, who)
    assert problem is not None
    assert (problem.code, problem.data["day"]) == ("officer.over", f"{LAST:%d-%m-%Y}")
    appointments.set_last_day(place.office, who.operator_id, LAST + timedelta(days=30))
    assert ended_for(place, who) is None


def test_a_clock_that_was_set_back_revives_nobody(place: Workplace) -> None:
    who = let_in(place, "Budi P.", Role.OPERATOR, until=LAST)
    pass_days(place, 11)
    signin.check_still(place.office)  # the station has seen that day
    pass_days(place, -8)
    problem = ended_for(place, who)
    assert problem is not None
    assert problem.code == "officer.over"


def test_central_knows_how_late_it_is_where_this_clock_does_not(place: Workplace) -> None:
    who = let_in(place, "Budi P.", Role.OPERATOR, until=LAST)
    assert ended_for(place, who) is None
    place.depot.clocks.check = Check(timedelta(days=30), place.clock.now())
    problem = ended_for(place, who)
    assert problem is not None
    assert problem.code == "officer.over"


def test_a_clock_that_once_ran_years_ahead_is_put_right_by_a_supervisor(place: Workplace) -> None:
    who = let_in(place, "Budi P.", Role.OPERATOR, until=LAST)
    pass_days(place, 4000)
    signin.check_still(place.office)
    pass_days(place, -4000)
    assert ended_for(place, who) is not None
    appointments.set_last_day(place.office, who.operator_id, LAST + timedelta(days=1))
    assert ended_for(place, who) is None


def test_whoever_sets_the_clock_back_revives_nobody_by_naming_a_last_day(place: Workplace) -> None:
    who, other = (let_in(place, name, Role.OPERATOR, until=LAST) for name in ("Budi P.", "Rina S."))
    pass_days(place, 11)
    signin.sign_out(place.office)
    place._office = signin.sign_in(place.depot, place.office.operator.operator_id, PASSWORD, place.clock)
    pass_days(place, -8)
    appointments.set_last_day(place.office, other.operator_id, LAST + timedelta(days=30))
    problem = ended_for(place, who)
    assert problem is not None and problem.code == "officer.over"
    assert ended_for(place, other) is None


def test_central_has_said_how_late_it_is_and_nobody_here_says_otherwise(place: Workplace) -> None:
    who = let_in(place, "Budi P.", Role.OPERATOR, until=LAST)
    place.depot.clocks.check = Check(timedelta(), place.clock.now() + timedelta(days=11))
    appointments.set_last_day(place.office, who.operator_id, None)
    with place.office.applicants.read() as connection:
        seen = read_setting(connection, LATEST_MOMENT)
    assert datetime.fromisoformat(seen) == place.clock.now() + timedelta(days=11)


def test_rights_that_end_while_somebody_is_signed_in_end_there_too(place: Workplace) -> None:
    who = let_in(place, "Budi P.", Role.OPERATOR, until=LAST)
    office = signin.sign_in(place.depot, who.operator_id, SECRET, place.clock)
    signin.check_still(office)
    signin.unlock(office, SECRET)
    pass_days(place, 10)
    with pytest.raises(AccessError) as working:
        signin.check_still(office)
    with pytest.raises(AccessError) as unlocking:
        signin.unlock(office, SECRET)
    assert working.value.code == unlocking.value.code == "officer.over"
    signin.sign_out(office)


def test_whose_rights_have_ended_stands_for_nobody_and_lets_nobody_in(place: Workplace) -> None:
    chief = let_in(place, CHIEF, Role.SUPERVISOR, until=LAST)
    assert [item.name for item in officers.supervisors(place.office)] == ["Siti R.", CHIEF]
    pass_days(place, 11)
    assert [item.name for item in officers.supervisors(place.office)] == ["Siti R."]
    with pytest.raises(AccessError) as problem:
        officers.add(place.office, SECRET, "Wati", Role.OPERATOR, CHIEF_PASSWORD, by=chief.operator_id)
    assert problem.value.code == "officer.supervisor"


def test_a_day_that_is_over_is_no_last_day(place: Workplace) -> None:
    who = let_in(place, "Budi P.", Role.OPERATOR)
    yesterday = TODAY.astimezone().date() - timedelta(days=1)
    with pytest.raises(RuleError) as dating:
        appointments.set_last_day(place.office, who.operator_id, yesterday)
    with pytest.raises(RuleError) as adding:
        let_in(place, "Wati", Role.OPERATOR, until=yesterday)
    assert dating.value.code == adding.value.code == "officer.day_past"


def test_a_last_day_is_read_as_it_was_written() -> None:
    assert last_day(end_of(LAST)) == LAST


def test_the_list_says_who_may_be_decided_about_and_when_they_signed_in(place: Workplace) -> None:
    who = let_in(place, "Budi P.", Role.COUNTER, until=LAST)
    assert ended_for(place, who) is None
    found = {item.name: item for item in appointments.listed(place.office)}
    assert (found["Budi P."].mine, found["Budi P."].last_day, found["Budi P."].signed_in_at) == (True, LAST, TODAY)
    assert not found["Siti R."].mine


def test_only_who_lets_people_in_reads_the_list(place: Workplace) -> None:
    with pytest.raises(AccessError) as problem:
        appointments.listed(as_role(place, Role.OPERATOR))
    assert problem.value.code == "access.role"


def test_the_recovery_key_is_no_officer_that_could_be_ended(place: Workplace) -> None:
    with pytest.raises(RuleError) as problem:
        appointments.end_now(place.office, staff.RECOVERY)
    assert problem.value.code == "officer.gone"


def test_the_command_sets_a_last_day_another_role_and_the_end(
    place: Workplace, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    place.close()
    monkeypatch.setenv("STATION_LANGUAGE", "en")
    monkeypatch.setenv("STATION_OPERATOR_PASSWORD", PASSWORD)
    monkeypatch.setenv("STATION_NEW_PASSWORD", SECRET)

    def officer(*words: str) -> int:
        return cli.main(["officer", "--data", str(place.root), *words])

    assert officer("--add", "Ani", "--role", "counter", "--until", "31-12-2099") == family.EXIT_OK
    assert officer("--add", "Umi", "--until", "31/12") == family.EXIT_FAILED
    assert officer("--name", "Ani", "--role", "technician", "--until", "-") == family.EXIT_OK
    capsys.readouterr()
    assert officer("--end", "Ani") == family.EXIT_OK
    assert capsys.readouterr().out.splitlines() == ["Siti R. · Supervisor"]


def test_whoever_was_there_on_the_first_day_has_no_last_day_and_shows_no_finger(place: Workplace) -> None:
    with place.office.applicants.read() as connection:
        (officer,) = kept.all_of(connection).values()
    assert (officer.until, officer.ended_at, officer.finger) == (None, None, False)
