"""The policy while the station lies in a cupboard: what is put back or edited on its disk does not hold."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from station.central.keys import load_keys
from station.central.options import CentralOptions
from station.desk import officers, recording
from station.domain.biometrics import Part
from station.domain.errors import RuleError
from station.domain.policy import STANDARD, Policy
from station.seal.policy import EVERY_STATION, sign_policy
from station.store.enrolment import load_enrolment, save_enrolment
from station.store.folder import Folder
from station.store.policies import NEWEST, policy_in_force
from station.wire import Policy as EnrolledPolicy
from station.wire import rfc3339
from tests.support import Workplace, a_capture

NOON = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
CENTRAL = CentralOptions().central_id

Sign = Callable[[int, float], str]


@pytest.fixture
def sign(enrolled_folder: Path) -> Sign:
    """A policy with this floor, as central has signed it so many hours after noon."""
    key = load_keys(enrolled_folder.parent / "central", CENTRAL).signing

    def signed(floor: int, hours: float) -> str:
        at = NOON + timedelta(hours=hours)
        return sign_policy(key, Policy(floor), central_id=CENTRAL, issued_at=at, audience=EVERY_STATION)

    return signed


def heard(place: Workplace, token: str) -> None:
    place.depot.changes.apply(token[-20:], [], at=NOON, policy=token)


def next_morning(place: Workplace, on_the_disk: Callable[[], None]) -> Policy:
    """Somebody is at the disk in the night; what holds after the next sign-in, before anybody is recorded."""
    place.close()
    on_the_disk()
    place.__post_init__()
    return place.office.policy


def put_into_the_outbox(place: Workplace, token: str) -> None:
    place.__post_init__()
    place.depot.memory._set("policy", token)
    place.depot.close()


def edit_the_enrolment(place: Workplace, **members: object) -> None:
    folder = Folder(place.root)
    enrolment = load_enrolment(folder)
    assert enrolment is not None
    policy = EnrolledPolicy.model_validate({"station_number": 7, **members})
    save_enrolment(folder, enrolment.model_copy(update={"policy": policy}))


def test_an_older_one_that_is_put_back_is_refused_and_put_right(place: Workplace, sign: Sign, said: list[str]) -> None:
    heard(place, sign(55, 1))
    recording.start(place.office)
    newest = Policy(55, issued_at=NOON + timedelta(hours=1))
    assert place.office.policy == newest
    older = sign(20, 0)
    assert next_morning(place, lambda: put_into_the_outbox(place, older)) == newest
    assert place.depot.policy == newest, "and the heartbeat tells so"
    assert any("put back" in line for line in said)


@pytest.mark.parametrize("token", ["", "bukan.jws.lagi"])
def test_edited_figures_of_the_enrolment_never_hold_once_central_has_signed_any(
    place: Workplace, sign: Sign, token: str, said: list[str]
) -> None:
    heard(place, sign(55, 1))
    recording.start(place.office)

    def at_the_disk() -> None:
        edit_the_enrolment(place, finger_quality=20, issued_at=rfc3339(NOON + timedelta(days=9000)))
        put_into_the_outbox(place, token)

    assert next_morning(place, at_the_disk) == Policy(55, issued_at=NOON + timedelta(hours=1))
    assert place.depot.policy.finger_quality == 55
    assert any("put back" in line for line in said)


def test_where_a_signed_one_should_be_and_is_not_the_standard_holds_and_not_what_nobody_signed(
    place: Workplace, said: list[str]
) -> None:
    edit_the_enrolment(place, finger_quality=20)
    place.depot.load_enrolment()
    assert policy_in_force(place.depot.enrolment, "").finger_quality == 20
    assert policy_in_force(place.depot.enrolment, "bukan.jws.lagi") == STANDARD
    assert any("policy.signature" in line for line in said)


def test_a_newer_one_holds_and_is_remembered_in_its_place(place: Workplace, sign: Sign, said: list[str]) -> None:
    for floor, hours in ((55, 1), (45, 2)):
        heard(place, sign(floor, hours))
        recording.start(place.office)
        assert place.office.policy == Policy(floor, issued_at=NOON + timedelta(hours=hours))
    older = sign(55, 1)
    assert next_morning(place, lambda: put_into_the_outbox(place, older)).finger_quality == 45
    assert any("put back" in line for line in said)


def test_the_newest_of_both_holds_when_the_database_is_the_older_copy(place: Workplace, sign: Sign) -> None:
    heard(place, sign(55, 1))
    recording.start(place.office)
    older = _kept(place)
    heard(place, sign(45, 2))
    recording.start(place.office)
    with place.office.applicants.write() as connection:  # as it was yesterday
        connection.exec_driver_sql("UPDATE secret SET value = ? WHERE name = ?", (older, NEWEST))
    assert next_morning(place, lambda: None).finger_quality == 45
    assert '"finger_quality": 45' in _kept(place)


def test_a_newer_one_that_comes_while_the_older_is_put_right_stays(place: Workplace, sign: Sign) -> None:
    memory, older, newest = place.depot.memory, sign(20, 0), sign(55, 3)
    heard(place, newest)
    memory.put_policy_back(older, sign(45, 2))
    assert memory.policy == newest


def test_an_officers_own_fingers_are_held_to_what_central_says_now(place: Workplace, sign: Sign) -> None:
    taken = [replace(a_capture(Part.FINGER_02), quality=50, template=b"FMR")]
    assert place.office.policy == STANDARD, "somebody is signed in, and nobody was opened"
    heard(place, sign(60, 1))
    with pytest.raises(RuleError, match=r"officer\.weak_prints"):
        officers.keep_prints(place.office, taken)
    heard(place, sign(50, 2))
    assert officers.keep_prints(place.office, taken) == (Part.FINGER_02,)


def _kept(place: Workplace) -> str:
    with place.office.applicants.read() as connection:
        return str(connection.exec_driver_sql("SELECT value FROM secret WHERE name = ?", (NEWEST,)).scalar_one())
