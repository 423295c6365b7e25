"""Central's signed hello: believed by a pinned key only, and how keys roll over."""

from __future__ import annotations

from typing import Any

import pytest

from station.domain.errors import TrustError
from station.seal.hello import check_hello, first_hello, sign_hello
from station.seal.jws import SigningKey
from station.wire import Hello
from tests.support import TODAY

OLD, NEW = SigningKey.generate("c1"), SigningKey.generate("c2")


def hello(*keys: SigningKey, **changed: Any) -> Hello:
    members = {
        "central_id": "central-3325",
        "name": "Disdukcapil Kab. Contoh",
        "time": TODAY,
        "protocol": (1,),
        "signing_keys": tuple(key.public for key in keys),
        "sealing_recipients": ("age1" + "q" * 58,),
    }
    return Hello.model_validate({**members, **changed})


def test_a_hello_of_a_pinned_key_is_believed() -> None:
    said = hello(OLD)
    assert check_hello(sign_hello(OLD, said), [OLD.public]) == said


def test_a_pinned_key_may_introduce_the_next_one() -> None:
    both = check_hello(sign_hello(OLD, hello(OLD, NEW)), [OLD.public])
    after = hello(NEW)
    assert check_hello(sign_hello(NEW, after), both.signing_keys) == after


def test_a_key_that_introduces_itself_is_not_believed_later() -> None:
    with pytest.raises(TrustError) as problem:
        check_hello(sign_hello(NEW, hello(NEW)), [OLD.public])
    assert problem.value.code == "signature.invalid"


def test_the_first_hello_must_be_signed_by_a_key_it_brings() -> None:
    assert first_hello(sign_hello(OLD, hello(OLD, NEW))) == hello(OLD, NEW)
    with pytest.raises(TrustError) as problem:
        first_hello(sign_hello(OLD, hello(NEW)))
    assert problem.value.code == "signature.invalid"


def test_a_central_of_another_protocol_is_named_as_such() -> None:
    with pytest.raises(TrustError) as problem:
        check_hello(sign_hello(OLD, hello(OLD, protocol=(2, 3))), [OLD.public])
    assert problem.value.code == "hello.protocol"
    assert check_hello(sign_hello(OLD, hello(OLD, protocol=(1, 2))), [OLD.public]).protocol == (1, 2)


@pytest.mark.parametrize("payload", [{}, {"central_id": "x"}, {"protocol": "1"}])
def test_a_signed_hello_without_its_members_is_unreadable(payload: dict[str, Any]) -> None:
    for read in (first_hello, lambda token: check_hello(token, [OLD.public])):
        with pytest.raises(TrustError) as problem:
            read(OLD.sign(payload))
        assert problem.value.code == "hello.unreadable"


@pytest.mark.parametrize("token", ["", "<html>", "a.b.c"])
def test_what_is_no_token_is_no_hello(token: str) -> None:
    for read in (first_hello, lambda text: check_hello(text, [OLD.public])):
        with pytest.raises(TrustError):
            read(token)
