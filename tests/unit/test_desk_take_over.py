"""What one officer has left out and nobody may approve for them: another one looks at it and takes it over."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from PIL import Image

from station.capture.lab import Lab
from station.desk import exceptions, officers, recording, sealing, signin, vouchers
from station.desk.office import Office, Operator
from station.domain.biometrics import ExceptionCode, Part
from station.domain.errors import RuleError
from station.domain.role import Role
from station.store import audit
from tests.support import PASSWORD, Workplace

SECRET = "sandi-rekan-1"
PARTS, CODE = (Part.FINGER_09, Part.FINGER_10), ExceptionCode.ABSENT


@pytest.fixture
def place(place: Workplace, lab: Lab) -> Workplace:
    place.lab = lab
    return place


@pytest.fixture
def colleague(place: Workplace) -> Operator:
    """The usual small station: whoever leads it has let the only other one in."""
    return officers.add(place.office, PASSWORD, "Budi P.", Role.OPERATOR, SECRET)


def waiting(place: Workplace) -> str:
    """A draft that lacks nothing but a second officer's word."""
    picture = io.BytesIO()
    Image.effect_noise((200, 150), 90).convert("RGB").save(picture, "JPEG")
    record_id = place.draft()
    exceptions.grant(place.office, record_id, PARTS, CODE, "tidak ada", None, None, picture.getvalue())
    return record_id


@contextmanager
def signed_in(place: Workplace, who: Operator) -> Iterator[Office]:
    place.close()
    place.__post_init__()
    office = signin.sign_in(place.depot, who.operator_id, SECRET, place.clock, place.lab)
    try:
        yield office
    finally:
        signin.sign_out(office)


def test_the_one_who_was_let_in_takes_it_over_and_the_one_who_let_them_in_approves(
    place: Workplace, colleague: Operator
) -> None:
    record_id, chief = waiting(place), place.office.operator
    way_out = vouchers.approvers(place.office)
    assert (way_out.officers, way_out.takers, way_out.add) == ((), (colleague,), False)
    assert (way_out.own, way_out.take_over) == (True, False)
    with signed_in(place, colleague) as office:
        way_out = vouchers.approvers(office, chief.operator_id)
        assert (way_out.officers, way_out.own, way_out.take_over) == ((), False, True)
        before = recording.resume(office, record_id).exceptions
        after = exceptions.take_over(office, record_id, PARTS).exceptions
        assert {item.entered_by for item in before} == {chief.operator_id}
        assert {(item.entered_by, item.approved_by) for item in after} == {(colleague.operator_id, "")}
        assert [item.evidence for item in after] == [item.evidence for item in before]
        with office.applicants.read() as connection:
            (line,) = [one for one in audit.lines_of(connection, record_id) if one.action == "exception_take_over"]
        assert line.operator_id == colleague.operator_id
        assert vouchers.may_vouch(office) == (chief,)
        word = vouchers.vouch(office, chief.operator_id, PASSWORD, record_id, PARTS, CODE, colleague.operator_id)
        assert exceptions.approve(office, record_id, PARTS, word).ready
        sealing.seal(office, record_id)


def test_the_audit_tells_whose_it_was_and_of_how_many_parts_and_nothing_of_a_body(
    place: Workplace, colleague: Operator
) -> None:
    record_id, chief = waiting(place), place.office.operator
    with signed_in(place, colleague) as office:
        exceptions.take_over(office, record_id, PARTS)
        with office.applicants.read() as connection:
            detail = connection.exec_driver_sql(
                "SELECT detail FROM audit WHERE action = 'exception_take_over'"
            ).scalar_one()
    assert json.loads(detail) == {"parts": 2, "entered_by": chief.operator_id}


def test_nobody_takes_over_their_own_or_what_is_approved_or_not_there(place: Workplace, colleague: Operator) -> None:
    record_id, chief = waiting(place), place.office.operator
    with pytest.raises(RuleError, match=r"exception\.unknown"):
        exceptions.take_over(place.office, record_id, PARTS)
    with signed_in(place, colleague) as office:
        for parts in ((), (Part.FINGER_01,), (*PARTS, Part.FINGER_01)):
            with pytest.raises(RuleError, match=r"exception\.unknown"):
                exceptions.take_over(office, record_id, parts)
        exceptions.take_over(office, record_id, PARTS[:1])
        with pytest.raises(RuleError, match=r"exception\.unknown"):
            exceptions.take_over(office, record_id, PARTS)  # one of them is their own by now
        word = vouchers.vouch(office, chief.operator_id, PASSWORD, record_id, PARTS[:1], CODE)
        exceptions.approve(office, record_id, PARTS[:1], word)
        with pytest.raises(RuleError, match=r"exception\.unknown"):
            exceptions.take_over(office, record_id, PARTS[:1])


def test_alone_the_way_out_begins_with_letting_somebody_in(place: Workplace) -> None:
    way_out = vouchers.approvers(place.office)
    assert (way_out.officers, way_out.takers, way_out.add, way_out.take_over) == ((), (), True, False)


def test_another_supervisor_may_let_in_somebody_who_can_approve(place: Workplace) -> None:
    chief = officers.add(place.office, PASSWORD, "Kepala", Role.SUPERVISOR, SECRET)
    way_out = vouchers.approvers(place.office)
    assert (way_out.officers, way_out.takers, way_out.add) == ((), (chief,), True)
    third = officers.add(place.office, SECRET, "Wati", Role.OPERATOR, SECRET, by=chief.operator_id)
    assert vouchers.approvers(place.office).officers == (third,)
