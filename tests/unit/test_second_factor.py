"""A finger after the password: whose it is, who stands in where there is none, and that nobody is ever locked out."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from station.capture.lab import Lab
from station.desk import appointments, officers, recording, second_factor, signin
from station.desk.office import Office
from station.domain.biometrics import Part
from station.domain.errors import AccessError, RuleError, StationError
from station.domain.role import Role
from station.store import known_prints
from tests.support import PASSWORD, SECOND_PASSWORD, HandClock, Workplace, a_capture

FINGERS = (Part.FINGER_02, Part.FINGER_07)
SECRET = "sandi-orang-lain-1"
SIMULATED = "simulator"


@pytest.fixture
def place(folder_copy: Path, lab: Lab) -> Iterator[Workplace]:
    """A station whose supervisor has let in an operator."""
    made = Workplace(folder_copy, "http://127.0.0.1:9", HandClock(), lab=lab)
    officers.add(made.office, PASSWORD, "Budi P.", Role.OPERATOR, SECRET)
    yield made
    made.close()


@contextmanager
def signed_in(place: Workplace, name: str = "Budi P.", password: str = SECRET) -> Iterator[Office]:
    who = next(item for item in signin.operators(place.depot) if item.name == name)
    office = signin.sign_in(place.depot, who.operator_id, password, place.clock, place.lab)
    try:
        yield office
    finally:
        signin.sign_out(office)


def keep_fingers(office: Office, whose: str) -> None:
    with office.applicants.write() as connection:
        owner = known_prints.operator(office.operator.operator_id)
        known = {part: a_capture(part, whose=whose).template for part in FINGERS}
        known_prints.replace(connection, owner, known, office.now())


def refusal(deed: Callable[[], object]) -> str:
    with pytest.raises(StationError) as problem:
        deed()
    return problem.value.code


def test_nobody_is_asked_until_somebody_chose_it(place: Workplace) -> None:
    with signed_in(place) as office:
        assert not office.unproved
        assert second_factor.asked(office) is None


def test_nothing_is_done_before_the_finger_was_shown_and_everything_after_it(place: Workplace) -> None:
    second_factor.ask_all(place.office, True)
    with signed_in(place) as office:
        keep_fingers(office, "budi")
    with signed_in(place) as office:
        asked = second_factor.asked(office)
        assert asked is not None
        assert (asked.fingers, asked.finger) == (FINGERS, Part.FINGER_02)
        assert refusal(lambda: recording.start(office)) == "access.unproved"
        strange = a_capture(Part.FINGER_02, whose="orang lain")
        assert refusal(lambda: second_factor.prove(office, [strange])) == "factor.no_match"
        assert refusal(lambda: second_factor.prove(office, [a_capture(Part.FINGER_02)])) == "verify.no_minutiae"
        assert office.unproved
        second_factor.prove(office, [a_capture(Part.FINGER_02, whose="budi")])
        assert recording.start(office).record.record_id


def test_a_drawn_finger_proves_nobody_at_a_real_station(place: Workplace) -> None:
    second_factor.ask_all(place.office, True)
    with signed_in(place) as office:
        keep_fingers(office, "budi")
        office.station = replace(office.station, training=False)
        finger = a_capture(Part.FINGER_02, whose="budi")
        drawn = replace(finger, device=replace(finger.device, driver=SIMULATED))
        assert refusal(lambda: second_factor.prove(office, [drawn])) == "capture.simulated"
        assert office.unproved


def test_a_supervisor_stands_in_where_no_finger_can_be_shown(place: Workplace) -> None:
    second_factor.ask_all(place.office, True)
    chief = place.office.operator.operator_id
    with signed_in(place) as office:
        asked = second_factor.asked(office)
        assert asked is not None
        assert (asked.finger, [item.operator_id for item in asked.stand_ins]) == (None, [chief])
        me = office.operator.operator_id
        assert refusal(lambda: second_factor.stand_in(office, me, SECRET)) == "factor.stand_in"
        assert refusal(lambda: second_factor.stand_in(office, chief, SECRET)) == "signin.wrong_password"
        assert office.unproved
        second_factor.stand_in(office, chief, PASSWORD)
        assert not office.unproved


def test_where_nobody_could_stand_in_the_finger_is_not_asked_for(place: Workplace) -> None:
    """The only supervisor: a scanner that breaks would lock the whole office out."""
    second_factor.ask_all(place.office, True)
    with signed_in(place, "Siti R.", PASSWORD) as office:
        assert not office.unproved
    officers.add(place.office, PASSWORD, "Ani K.", Role.SUPERVISOR, SECOND_PASSWORD)
    with signed_in(place, "Siti R.", PASSWORD) as office:
        assert office.unproved


def test_it_may_be_asked_of_one_officer_only(place: Workplace) -> None:
    officers.add(place.office, PASSWORD, "Wati", Role.OPERATOR, SECOND_PASSWORD)
    ids = {item.name: item.operator_id for item in signin.operators(place.depot)}
    second_factor.ask_one(place.office, ids["Budi P."], True)
    with signed_in(place) as office:
        assert office.unproved
    with signed_in(place, "Wati", SECOND_PASSWORD) as office:
        assert not office.unproved
        with pytest.raises(AccessError):
            second_factor.ask_one(office, ids["Budi P."], False)
    second_factor.ask_one(place.office, ids["Budi P."], False)
    with signed_in(place) as office:
        assert not office.unproved


def test_whoever_has_left_is_asked_for_nothing_any_more(place: Workplace) -> None:
    who = next(item.operator_id for item in signin.operators(place.depot) if item.name == "Budi P.")
    appointments.end_now(place.office, who)
    with pytest.raises(RuleError) as problem:
        second_factor.ask_one(place.office, who, True)
    assert problem.value.code == "officer.gone"
