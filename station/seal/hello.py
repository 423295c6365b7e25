"""Central's signed hello: the only proof that central is really there, and how its keys roll over."""

from __future__ import annotations

from collections.abc import Iterable

from pydantic import ValidationError

from station.domain.errors import TrustError
from station.seal.jws import SigningKey, read_unverified, verify
from station.wire import PROTOCOL_VERSION, Hello, PublicKey


def sign_hello(key: SigningKey, hello: Hello) -> str:
    """The signed form of `hello`."""
    return key.sign(hello.model_dump(mode="json"), typ="hello+jwt")


def check_hello(token: str, pinned: Iterable[PublicKey]) -> Hello:
    """The hello in `token`, signed by a pinned key; TrustError otherwise."""
    return _read(verify(token, pinned).payload)


def first_hello(token: str) -> Hello:
    """The hello of enrolment: its own keys must have signed it. Trust comes from TLS and the one-time code."""
    hello = _read(read_unverified(token))
    verify(token, hello.signing_keys)
    return hello


def told_keys(token: str) -> tuple[str, ...]:
    """The changes of keys that a hello tells of, oldest first. Nothing is verified; () when it cannot be read."""
    try:
        return _read(read_unverified(token)).keys
    except TrustError:
        return ()


def _read(payload: dict[str, object]) -> Hello:
    try:
        hello = Hello.model_validate(payload)
    except ValidationError as problem:
        raise TrustError("hello.unreadable") from problem
    if PROTOCOL_VERSION not in hello.protocol:
        raise TrustError("hello.protocol")
    return hello
