"""Central changes its keys: followed once, from a believed key only, and by who was away for weeks."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from station import failpoint
from station.domain.errors import TrustError
from station.domain.outcome import Trouble
from station.domain.policy import Policy
from station.failpoint import PowerCut
from station.seal.hello import check_hello, sign_hello
from station.seal.jws import SigningKey
from station.seal.key_change import sign_key_change
from station.seal.policy import EVERY_STATION, sign_policy
from station.store.enrolment import Enrolment, load_enrolment
from station.sync.key_changes import caught_up, changed
from station.sync.lanes import Did
from station.sync.news import NewsLane
from station.wire import Hello, SignedKeys
from tests.sending import STATION, Sender, sending
from tests.support import TODAY

OLD, NEW, NEWER, STRANGER = (SigningKey.generate(name) for name in ("c1", "c2", "c3", "c9"))
RECIPIENT, NEW_RECIPIENT = "age1" + "q" * 58, "age1" + "p" * 58
CENTRAL = "central-3325"


def word(by: SigningKey, *keys: SigningKey, hours: int = 0, **other: Any) -> str:
    members = {
        "central_id": CENTRAL,
        "audience": "*",
        "issued_at": TODAY + timedelta(hours=hours),
        "signing_keys": tuple(key.public for key in keys),
        "sealing_recipients": (NEW_RECIPIENT,),
    }
    return sign_key_change(by, SignedKeys.model_validate({**members, **other}))


def enrolment(*keys: SigningKey) -> Enrolment:
    return Enrolment(
        station_id=STATION, station_name="S", office="99.01.01", central_url="https://pusat.example",
        central_id=CENTRAL, central_name="C", signing_keys=tuple(key.public for key in keys),
        sealing_recipients=(RECIPIENT,),
    )  # fmt: skip


def hello(by: SigningKey, *changes: str) -> str:
    said = Hello(
        central_id=CENTRAL, name="C", time=TODAY, protocol=(1,), signing_keys=(by.public,),
        sealing_recipients=(NEW_RECIPIENT,), keys=changes,
    )  # fmt: skip
    return sign_hello(by, said)


def test_the_new_key_is_believed_the_old_one_proves_receipts_and_packets_are_sealed_for_the_new_recipient() -> None:
    after = changed(enrolment(OLD), word(OLD, NEW))
    assert after.signing_keys == (NEW.public,)
    assert after.receipt_keys == (NEW.public, OLD.public)
    assert after.sealing_recipients == (NEW_RECIPIENT,)


def test_a_change_that_was_followed_is_harmless_whenever_it_is_told_again() -> None:
    first, second = word(OLD, NEW), word(NEW, NEWER, hours=1)
    after = changed(changed(enrolment(OLD), first), second)
    assert changed(after, second) == after
    assert changed(after, first) == after, "signed by a key that is retired by now"


@pytest.mark.parametrize(
    ("token", "code"),
    [
        (word(STRANGER, STRANGER), "keys.signature"),
        (word(OLD, NEW, central_id="central-1"), "keys.other_central"),
        (word(OLD, NEW, audience="station-2"), "keys.other_station"),
        (OLD.sign({"central_id": CENTRAL, "audience": "*"}), "keys.unreadable"),
        ("x" * 20_000, "keys.unreadable"),
        ({"keys": 1}, "keys.unreadable"),
        (None, "keys.unreadable"),
    ],
)
def test_what_no_believed_key_signed_for_this_station_changes_nothing(token: object, code: str) -> None:
    with pytest.raises(TrustError) as problem:
        changed(enrolment(OLD), token)
    assert problem.value.code == code


def test_a_retired_key_brings_nobody_new() -> None:
    after = changed(enrolment(OLD), word(OLD, NEW))
    with pytest.raises(TrustError) as problem:
        changed(after, word(OLD, STRANGER, hours=5))
    assert problem.value.code == "keys.signature"


def test_an_older_change_of_a_believed_key_does_not_go_back() -> None:
    after = changed(enrolment(OLD), word(OLD, OLD, NEW, hours=2))
    with pytest.raises(TrustError) as problem:
        changed(after, word(OLD, STRANGER, hours=1))
    assert problem.value.code == "keys.older"


def test_who_was_away_for_two_changes_follows_the_chain_of_the_hello() -> None:
    token = hello(NEWER, word(OLD, NEW), word(NEW, NEWER, hours=1))
    after = caught_up(enrolment(OLD), token)
    assert after.signing_keys == (NEWER.public,)
    assert after.receipt_keys == (NEWER.public, NEW.public, OLD.public)
    joined_later = enrolment(NEW)
    assert caught_up(joined_later, token).signing_keys == (NEWER.public,)


def test_a_strangers_chain_brings_nobody_anywhere() -> None:
    before = enrolment(OLD)
    assert caught_up(before, hello(STRANGER, word(STRANGER, STRANGER))) == before
    assert caught_up(before, "no hello") == before


# ----------------------------------------------------------------------------------------------- by the change feed


@pytest.fixture
def sender(tmp_path: Path) -> Iterator[Sender]:
    with sending(tmp_path) as sender:
        yield sender


def listen(sender: Sender) -> None:
    shared = sender.shared()
    try:
        lane = NewsLane(shared, 20)
        while isinstance(lane.step(), Did):
            pass
    finally:
        shared.client.close()


def roll(sender: Sender, by: SigningKey) -> SigningKey:
    """Tell of a new key that `by` has signed."""
    new = SigningKey.generate("f2")
    sender.central.tell(STATION, "keys", jws=word(by, new, central_id=sender.central.central_id))
    return new


def notes(sender: Sender) -> list[Trouble]:
    return [line.note.trouble for line in sender.depot.technical_log.lines(20)]


def test_keys_of_a_stranger_in_the_feed_are_told_and_not_followed(sender: Sender) -> None:
    before = sender.depot.enrolment
    roll(sender, STRANGER)
    listen(sender)
    assert sender.depot.enrolment == before
    assert notes(sender) == [Trouble.KEYS_REFUSED]


@pytest.mark.parametrize("place", ["changes.before_commit", "changes.committed"])
def test_after_a_power_cut_the_keys_are_followed_exactly_once(sender: Sender, place: str) -> None:
    new = roll(sender, sender.central.key)

    def cut(name: str) -> None:
        if name == place:
            raise PowerCut(name)

    with failpoint.armed(cut), pytest.raises(PowerCut):
        listen(sender)
    sender.restart()
    listen(sender)
    kept = load_enrolment(sender.depot.folder)
    assert kept is not None
    assert kept.receipt_keys == (new.public, sender.central.key.public)
    assert kept == sender.depot.enrolment
    assert Trouble.KEYS_REFUSED not in notes(sender)


def test_keys_judge_the_policy_that_comes_behind_them_in_the_same_page(sender: Sender) -> None:
    new = roll(sender, sender.central.key)
    told = sign_policy(
        new, Policy(tries=2), central_id=sender.central.central_id, issued_at=TODAY, audience=EVERY_STATION
    )
    sender.central.tell(STATION, "policy", jws=told)
    listen(sender)
    assert sender.depot.policy.tries == 2


# ---------------------------------------------------------------------------------------------------- an older hello


def probed(before: Enrolment, token: str) -> Enrolment:
    """As the probe does it: the chain, then the hello itself."""
    believed = caught_up(before, token)
    return believed.rolled_over(check_hello(token, believed.signing_keys))


def test_a_recorded_hello_brings_no_withdrawn_key_back_and_locks_nobody_out() -> None:
    both, new_only = word(OLD, OLD, NEW, hours=1), word(NEW, NEW, hours=9)
    overlap = probed(enrolment(OLD), hello(NEW, both))
    assert {key.x for key in overlap.signing_keys} == {OLD.public.x, NEW.public.x}
    recorded = sign_hello(OLD, Hello(
        central_id=CENTRAL, name="C", time=TODAY - timedelta(days=9), protocol=(1,), signing_keys=(OLD.public,),
        sealing_recipients=(RECIPIENT,),
    ))  # fmt: skip
    replayed = probed(overlap, recorded)
    assert replayed.sealing_recipients == (NEW_RECIPIENT,)
    assert probed(replayed, hello(NEW, both, new_only)).signing_keys == (NEW.public,)


def test_before_any_signed_change_the_newest_hello_counts_and_no_older_one() -> None:
    def said(by: SigningKey, *keys: SigningKey, hours: int) -> str:
        return sign_hello(by, Hello(
            central_id=CENTRAL, name="C", time=TODAY + timedelta(hours=hours), protocol=(1,),
            signing_keys=tuple(key.public for key in keys), sealing_recipients=(NEW_RECIPIENT,),
        ))  # fmt: skip

    newest = probed(enrolment(OLD), said(OLD, OLD, NEW, hours=5))
    assert probed(newest, said(OLD, OLD, hours=1)).signing_keys == (OLD.public, NEW.public)
    assert probed(newest, said(NEW, NEW, hours=6)).signing_keys == (NEW.public,)
