"""Saying hello: only what central signed is believed, and what it says is kept."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from station.domain.outcome import Halted, Later, Trouble
from station.seal.hello import check_hello, sign_hello
from station.seal.jws import SigningKey
from station.sync.lanes import Shared
from station.sync.probe import say_hello
from station.wire import Hello, Limits, Pacing, Problem
from tests.fakes import central_faults as faults
from tests.fakes.central_faults import Fault
from tests.sending import Sender, sending


@pytest.fixture
def sender(tmp_path: Path) -> Iterator[Sender]:
    with sending(tmp_path, Limits(manifest_batch=7, chunk_bytes=2048)) as sender:
        yield sender


@pytest.fixture
def shared(sender: Sender) -> Iterator[Shared]:
    shared = sender.shared()
    yield shared
    shared.client.close()


def hello(sender: Sender, key: SigningKey | None = None, **changes: object) -> Fault:
    true = check_hello(sender.central.hello_token(), [sender.central.key.public])
    said = Hello.model_validate({**true.model_dump(), **changes})
    return faults.answer(200, sign_hello(key or sender.central.key, said).encode(), Content_Type="application/jose")


def test_a_verified_hello_tells_limits_and_pacing(sender: Sender, shared: Shared) -> None:
    sender.central.queue("hello", hello(sender, pacing={"spread_s": 30, "manifest_spread_s": 5}))
    assert isinstance(say_hello(shared), Hello)
    assert shared.limits.manifest_batch == 7
    assert sender.depot.memory.pacing == Pacing(spread_s=30, manifest_spread_s=5)


def test_a_hello_is_not_signed_by_us(sender: Sender, shared: Shared) -> None:
    say_hello(shared)
    assert "authorization" not in sender.central.asked_for("hello")[0].headers


@pytest.mark.parametrize("body", [b"", b"<html>", "é".encode("latin-1"), b"a.b.c", b"{}"])
def test_what_is_not_signed_is_a_portal(sender: Sender, shared: Shared, body: bytes) -> None:
    sender.central.queue("hello", faults.answer(200, body))
    found = say_hello(shared)
    assert isinstance(found, Later)
    assert found.note.trouble is Trouble.PORTAL


def test_another_key_or_another_central_is_a_portal(sender: Sender, shared: Shared) -> None:
    sender.central.queue("hello", hello(sender, SigningKey.generate("f1")), hello(sender, central_id="central-9999"))
    for _ in range(2):
        found = say_hello(shared)
        assert isinstance(found, Later)
        assert found.note.trouble is Trouble.PORTAL


@pytest.mark.parametrize(
    ("fault", "trouble"),
    [
        (faults.portal(), Trouble.PORTAL),
        (faults.redirect(), Trouble.PORTAL),
        (faults.answer(500), Trouble.SERVER_ERROR),
        (faults.problem(Problem.BUSY, 503), Trouble.BUSY),
    ],
)
def test_a_hello_that_is_none_says_why(sender: Sender, shared: Shared, fault: Fault, trouble: Trouble) -> None:
    sender.central.queue("hello", fault)
    found = say_hello(shared)
    assert isinstance(found, Later)
    assert found.note.trouble is trouble


@pytest.mark.parametrize(
    "location",
    ["javascript:void(0)", "http://xn--/", "http://[::1", "http://a:b:c/", "http://a:99999/", "\x7f", "//", "\xff", ""],
)
def test_a_redirect_to_what_is_no_address_is_a_portal_and_no_bug(sender: Sender, shared: Shared, location: str) -> None:
    sender.central.queue("hello", faults.redirect(location))
    found = say_hello(shared)
    assert isinstance(found, Later)
    assert found.note.trouble is Trouble.PORTAL


def test_a_hello_may_even_halt(sender: Sender, shared: Shared) -> None:
    sender.central.queue("hello", faults.problem(Problem.CLIENT_TOO_OLD, 426))
    assert isinstance(say_hello(shared), Halted)


def test_nobody_there_is_trouble_of_the_link(sender: Sender, shared: Shared) -> None:
    sender.central.stop()
    found = say_hello(shared)
    assert isinstance(found, Later)
    assert found.note.trouble is Trouble.REFUSED


def test_a_new_key_signed_in_by_the_pinned_one_is_believed_also_after_a_restart(sender: Sender, shared: Shared) -> None:
    newer = SigningKey.generate("f2")
    keys = [sender.central.key.public.model_dump(), newer.public.model_dump()]
    sender.central.queue("hello", hello(sender, signing_keys=keys), hello(sender, newer, signing_keys=keys[1:]))
    assert isinstance(say_hello(shared), Hello)
    assert isinstance(say_hello(shared), Hello)
    assert [key.kid for key in sender.depot.enrolled()[0].signing_keys] == ["f2"]
    sender.restart()
    assert [key.kid for key in sender.depot.enrolled()[0].signing_keys] == ["f2"]
