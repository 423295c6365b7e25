"""What central lets a station accept: bounded figures, believed only when central signed them for this station."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from station import failpoint
from station.domain.biometrics import Modality, Part
from station.domain.errors import RuleError, TrustError
from station.domain.outcome import Trouble
from station.domain.policy import BOUNDS, STANDARD, Policy, policy_from
from station.failpoint import PowerCut
from station.seal.jws import SigningKey
from station.seal.policy import EVERY_STATION, check_policy, sign_policy
from station.store.enrolment import load_enrolment, save_enrolment
from station.sync.lanes import Did
from station.sync.news import NewsLane
from station.wire import Policy as EnrolledPolicy
from station.wire import rfc3339
from tests.sending import STATION, Sender, sending

EVERY_S = 20.0
NOON = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
STRICT = Policy(finger_quality=55, iris_quality=70, tries=4)
NO_FIGURES: list[Any] = [0, 19, 71, 101, -1, 40.0, "40", None, True, [40], {}, 10**30]


# ------------------------------------------------------------------------------------------------------------ figures


def test_until_central_says_otherwise_fingers_are_taken_from_40_eyes_from_60_and_the_third_try_is_the_last() -> None:
    captures = {"finger_quality": 40, "iris_quality": 60, "tries": 3}
    assert STANDARD.figures == {**captures, "retention_days": 30, "audit_years": 5}
    assert STANDARD.issued_at is None


@pytest.mark.parametrize("part", [Part.FACE, Part.FINGER_03, Part.IRIS_LEFT, Part.SIGNATURE])
def test_a_quality_equal_to_the_floor_is_good_enough_and_one_below_is_not(part: Part) -> None:
    floor = STRICT.floor(part.modality)
    assert STRICT.good_enough(part, floor)
    assert not STRICT.good_enough(part, floor - 1)


def test_a_photo_and_a_signature_have_no_floor() -> None:
    assert (STRICT.floor(Modality.FACE), STRICT.floor(Modality.SIGNATURE)) == (0, 0)


@pytest.mark.parametrize("value", NO_FIGURES)
def test_a_figure_that_makes_no_sense_is_refused_whatever_it_is(value: Any) -> None:
    with pytest.raises(RuleError) as refused:
        policy_from({"finger_quality": value}, NOON)
    assert refused.value.code == "policy.bounds"
    assert refused.value.data["figure"] == "finger_quality"


@given(st.sampled_from(sorted(BOUNDS)), st.integers())
def test_no_figure_ever_leaves_its_bounds(name: str, value: int) -> None:
    least, most = BOUNDS[name]
    try:
        policy = policy_from({name: value}, NOON)
    except RuleError:
        assert not least <= value <= most
    else:
        assert least <= policy.figures[name] <= most


def test_what_nobody_knows_is_left_out_and_what_is_not_named_is_the_standard() -> None:
    policy = policy_from({"tries": 2, "retention_dys": 99, "finger_qualty": 0}, NOON)
    assert policy == Policy(tries=2, issued_at=NOON)


# ---------------------------------------------------------------------------------------------------------- signature


KEY = SigningKey.generate("c1")


def signed(policy: Policy = STRICT, *, key: SigningKey = KEY, audience: str = EVERY_STATION, hours: float = 0) -> str:
    at = NOON + timedelta(hours=hours)
    return sign_policy(key, policy, central_id="central-fake", issued_at=at, audience=audience)


def refusal(token: object) -> str:
    with pytest.raises((TrustError, RuleError)) as refused:
        check_policy(token, [KEY.public], station_id=STATION, central_id="central-fake")
    return refused.value.code


def written(**members: object) -> str:
    """Signed by central with these members, whatever they are."""
    head = {"central_id": "central-fake", "audience": "*", "issued_at": rfc3339(NOON)}
    return KEY.sign(head | members)


@pytest.mark.parametrize("audience", [EVERY_STATION, STATION])
def test_a_policy_for_all_or_for_this_station_is_believed(audience: str) -> None:
    found = check_policy(signed(audience=audience), [KEY.public], station_id=STATION, central_id="central-fake")
    assert found == Policy(55, 70, 4, NOON)


@pytest.mark.parametrize(
    ("token", "code"),
    [
        (signed(key=SigningKey.generate("c1")), "policy.signature"),
        (signed()[:-4] + "AAAA", "policy.signature"),
        ("", "policy.signature"),
        (None, "policy.unreadable"),
        ({"finger_quality": 50}, "policy.unreadable"),
        ("a" * 17_000, "policy.unreadable"),
        (signed(audience="station-lain"), "policy.other_station"),
        (written(central_id="central-lain"), "policy.other_central"),
        (written(issued_at="kemarin"), "policy.unreadable"),
        (written(issued_at="2026-11-21T12:00:00"), "policy.unreadable"),  # of which zone?
        (KEY.sign({"finger_quality": 50}), "policy.unreadable"),  # something else that central signed
        (written(finger_quality=0), "policy.bounds"),
        (written(iris_quality="60"), "policy.bounds"),
        (written(tries=None), "policy.bounds"),
    ],
)
def test_a_policy_that_is_not_what_it_should_be_is_refused_by_name(token: object, code: str) -> None:
    assert refusal(token) == code


# ------------------------------------------------------------------------------------------------- over the change feed


@pytest.fixture
def sender(tmp_path: Path) -> Iterator[Sender]:
    with sending(tmp_path) as sender:
        yield sender


def tell(sender: Sender, token: object) -> None:
    sender.central.tell(STATION, "policy", jws=token)


def by_central(sender: Sender, policy: Policy = STRICT, *, hours: float = 0, audience: str = EVERY_STATION) -> str:
    return signed(policy, key=sender.central.key, hours=hours, audience=audience)


def listen(sender: Sender) -> object:
    shared = sender.shared()
    try:
        return NewsLane(shared, EVERY_S).step()
    finally:
        shared.client.close()


def notes(sender: Sender) -> list[tuple[Trouble, str]]:
    """What the technician reads, oldest first."""
    lines = reversed(sender.depot.technical_log.lines(50))
    return [(line.note.trouble, line.note.detail) for line in lines for _ in range(line.times)]


def test_a_new_policy_holds_from_then_on_and_over_a_restart(sender: Sender) -> None:
    tell(sender, by_central(sender))
    assert sender.depot.policy == STANDARD
    listen(sender)
    assert sender.depot.policy == Policy(55, 70, 4, NOON)
    sender.restart()
    assert sender.depot.policy == Policy(55, 70, 4, NOON)
    ((trouble, detail),) = notes(sender)
    assert trouble is Trouble.POLICY_APPLIED
    assert detail.endswith("finger_quality=55 iris_quality=70 tries=4 retention_days=30 audit_years=5")
    assert f"{NOON.astimezone():%d-%m-%Y %H.%M}" in detail


@pytest.mark.parametrize("value", [0, 101, "40", None])
def test_a_figure_out_of_bounds_changes_nothing_and_the_technician_can_read_which(sender: Sender, value: Any) -> None:
    tell(sender, by_central(sender))
    head = {"central_id": sender.central.central_id, "audience": "*", "issued_at": rfc3339(NOON + timedelta(hours=1))}
    tell(sender, sender.central.key.sign(head | {"finger_quality": value, "tries": 5}))
    listen(sender)
    assert sender.depot.policy == Policy(55, 70, 4, NOON)
    assert notes(sender)[1] == (Trouble.POLICY_REFUSED, "policy.bounds finger_quality")


def test_forged_foreign_misdirected_and_older_ones_change_nothing_and_hold_up_nothing(sender: Sender) -> None:
    key = sender.packet()
    tell(sender, by_central(sender))
    tell(sender, signed(key=SigningKey.generate("c1"), hours=1))
    tell(sender, by_central(sender, Policy(20, 30, 2), hours=1, audience="station-lain"))
    tell(sender, by_central(sender, Policy(20, 30, 2), hours=-1))
    tell(sender, by_central(sender, Policy(20, 30, 2)))  # of the same moment, and another
    tell(sender, "bukan jws")
    sender.central.tell(STATION, "policy")
    sender.central.tell(STATION, "policy", jws={"finger_quality": 20})
    sender.central.tell(STATION, "policy", jws="a.b.c", at="kemarin")  # the event itself cannot be read
    sender.central.tell(STATION, "record.status", record_id=key.record_id, revision=1, code="LATER")
    listen(sender)
    assert sender.depot.policy == Policy(55, 70, 4, NOON)
    assert [detail for trouble, detail in notes(sender) if trouble is Trouble.POLICY_REFUSED] == [
        "policy.signature",
        "policy.other_station",
        "policy.older",
        "policy.older",
        "policy.signature",
        "policy.unreadable",
        "policy.unreadable",
        "policy.unreadable",
    ]
    assert sender.row(key).central_code == "LATER"


def test_of_several_at_once_the_newest_holds_whatever_their_order(sender: Sender) -> None:
    for hours in (1, 3, 2):
        tell(sender, by_central(sender, Policy(tries=2 + hours % 3), hours=hours))
    listen(sender)
    assert sender.depot.policy == Policy(tries=2, issued_at=NOON + timedelta(hours=3))
    assert [trouble for trouble, _ in notes(sender)] == [
        Trouble.POLICY_APPLIED,
        Trouble.POLICY_APPLIED,
        Trouble.POLICY_REFUSED,
    ]


def test_the_same_policy_told_again_is_nothing_to_write_about(sender: Sender) -> None:
    token = by_central(sender)
    tell(sender, token)
    tell(sender, token)
    listen(sender)
    tell(sender, token)
    listen(sender)
    assert len(notes(sender)) == 1


def test_a_policy_of_nearly_a_megabyte_is_refused_and_what_comes_behind_it_is_not_lost(sender: Sender) -> None:
    tell(sender, by_central(sender))
    tell(sender, "a" * 900_000)
    tell(sender, by_central(sender, Policy(tries=2), hours=1))
    listen(sender)
    assert sender.depot.policy == Policy(tries=2, issued_at=NOON + timedelta(hours=1))
    assert (Trouble.POLICY_REFUSED, "policy.unreadable") in notes(sender)


def test_a_policy_of_two_megabytes_is_not_even_read_and_the_station_stays_as_it_was(sender: Sender) -> None:
    tell(sender, by_central(sender))
    listen(sender)
    tell(sender, "a" * 2_000_000)
    assert isinstance(listen(sender), Did)
    assert sender.depot.policy == Policy(55, 70, 4, NOON)
    assert len(sender.central.asked_for("changes")) == 2, "fewer are asked for next, see the news"


@pytest.mark.parametrize("place", ["changes.before_commit", "changes.committed"])
def test_after_a_power_cut_it_holds_with_its_cursor_and_is_noted_once(sender: Sender, place: str) -> None:
    tell(sender, by_central(sender))

    def cut(name: str) -> None:
        if name == place:
            raise PowerCut(name)

    with failpoint.armed(cut), pytest.raises(PowerCut):
        listen(sender)
    sender.restart()
    committed = place == "changes.committed"
    assert (sender.depot.policy == STANDARD, sender.depot.memory.cursor == "") == (not committed, not committed)
    listen(sender)
    assert sender.depot.policy == Policy(55, 70, 4, NOON)
    assert len(notes(sender)) == 1


def test_a_policy_signed_with_a_key_that_central_has_retired_is_not_believed(sender: Sender) -> None:
    old, new = sender.central.key, SigningKey.generate("c2")
    _with(sender, signing_keys=(new.public,), retired_keys=(old.public,))
    tell(sender, signed(key=old))
    tell(sender, signed(Policy(tries=5), key=new))
    listen(sender)
    assert sender.depot.policy == Policy(tries=5, issued_at=NOON)
    assert notes(sender)[0] == (Trouble.POLICY_REFUSED, "policy.signature")


def test_what_was_accepted_stays_when_its_key_is_retired_later(sender: Sender) -> None:
    tell(sender, by_central(sender))
    listen(sender)
    new = SigningKey.generate("c2")
    _with(sender, signing_keys=(new.public,), retired_keys=(sender.central.key.public,))
    assert sender.depot.policy == Policy(55, 70, 4, NOON)


def test_a_policy_that_somebody_wrote_into_the_file_at_this_computer_is_not_believed(
    sender: Sender, said: list[str]
) -> None:
    tell(sender, by_central(sender))
    listen(sender)
    sender.depot.memory._set("policy", signed(Policy(20, 30, 2), key=SigningKey.generate("c1"), hours=5))
    assert sender.depot.policy == STANDARD
    assert any("policy.signature" in line for line in said)


# ---------------------------------------------------------------------------------------------------------- enrolment


def _with(sender: Sender, **changed: Any) -> None:
    folder = sender.depot.folder
    enrolment = load_enrolment(folder)
    assert enrolment is not None
    save_enrolment(folder, enrolment.model_copy(update=changed))
    sender.depot.load_enrolment()


def enrolled_with(sender: Sender, **members: object) -> None:
    _with(sender, policy=EnrolledPolicy.model_validate({"station_number": 7, **members}))


def test_what_central_said_at_enrolment_holds_until_a_newer_signed_one_comes(sender: Sender) -> None:
    enrolled_with(sender, finger_quality=50, issued_at=rfc3339(NOON), retention_days=30)
    assert sender.depot.policy == Policy(50, issued_at=NOON)
    tell(sender, by_central(sender, Policy(20), hours=-1))
    listen(sender)
    assert sender.depot.policy == Policy(50, issued_at=NOON)
    tell(sender, by_central(sender, Policy(45), hours=1))
    listen(sender)
    assert sender.depot.policy == Policy(45, issued_at=NOON + timedelta(hours=1))


@pytest.mark.parametrize("bad", [{"finger_quality": 0}, {"tries": "3"}, {"issued_at": "kemarin"}])
def test_a_policy_of_the_enrolment_that_makes_no_sense_is_the_standard_one(
    sender: Sender, bad: dict[str, object], said: list[str]
) -> None:
    enrolled_with(sender, **bad)
    assert sender.depot.policy == STANDARD
    assert said
