"""Keys of central roll over without making old receipts worthless."""

from __future__ import annotations

from station.seal.jws import SigningKey
from station.store.enrolment import MOST_RETIRED, Enrolment
from station.wire import Hello, PublicKey
from tests.support import TODAY

RECIPIENT = "age1" + "q" * 58


def an_enrolment(*keys: PublicKey) -> Enrolment:
    return Enrolment(
        station_id="s", station_name="S", office="99.01.01", central_url="https://pusat.example", central_id="c",
        central_name="C", signing_keys=keys, sealing_recipients=(RECIPIENT,),
    )  # fmt: skip


def a_hello(*keys: PublicKey) -> Hello:
    return Hello(
        central_id="c", name="C", time=TODAY, protocol=(1,), signing_keys=keys, sealing_recipients=(RECIPIENT,)
    )


def key(name: str) -> PublicKey:
    return SigningKey.generate(name).public


def test_a_key_that_central_retires_still_proves_receipts_but_no_hello() -> None:
    old, new = key("c1"), key("c2")
    rolled = an_enrolment(old).rolled_over(a_hello(old, new)).rolled_over(a_hello(new))
    assert rolled.signing_keys == (new,)
    assert rolled.receipt_keys == (new, old)


def test_a_key_that_comes_back_is_not_kept_twice() -> None:
    old, new = key("c1"), key("c2")
    rolled = an_enrolment(old).rolled_over(a_hello(new)).rolled_over(a_hello(old))
    assert rolled.signing_keys == (old,)
    assert rolled.retired_keys == (new,)


def test_retired_keys_do_not_grow_without_bound() -> None:
    enrolment = an_enrolment(key("c0"))
    for number in range(MOST_RETIRED + 5):
        enrolment = enrolment.rolled_over(a_hello(key(f"c{number + 1}")))
    assert len(enrolment.retired_keys) == MOST_RETIRED
    assert enrolment.retired_keys[0].kid == f"c{MOST_RETIRED + 4}", "the newest are kept"
