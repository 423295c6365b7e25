"""Signatures: only the one algorithm, only the keys that are trusted, and no token that can raise anything else."""

from __future__ import annotations

import base64
import json
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, load_pem_private_key
from hypothesis import given
from hypothesis import strategies as st
from joserfc import jws
from joserfc.jwk import OctKey

from station.domain.errors import TrustError
from station.seal.jws import SigningKey, kid_of, read_unverified, verify

KEY = SigningKey.generate("c1")
OTHER = SigningKey.generate("c1")
TOKEN = KEY.sign({"a": 1, "name": "Café"})
NESTED = b"[" * 100_000


def b64(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def token_of(header: Any, payload: bytes = b"{}", signature: bytes = b"\0" * 64) -> str:
    raw = header if isinstance(header, bytes) else json.dumps(header).encode()
    return f"{b64(raw)}.{b64(payload)}.{b64(signature)}"


def refused(token: str) -> str:
    with pytest.raises(TrustError) as problem:
        verify(token, [KEY.public])
    return problem.value.code


def test_what_was_signed_is_read_back_with_the_name_of_its_key() -> None:
    found = verify(TOKEN, [OTHER.public, KEY.public])
    assert (found.kid, found.payload) == ("c1", {"a": 1, "name": "Café"})
    header = json.loads(base64.urlsafe_b64decode(TOKEN.split(".")[0] + "=="))
    assert header == {"alg": "EdDSA", "kid": "c1", "typ": "JWT"}


def test_a_key_survives_its_file() -> None:
    again = SigningKey.from_pem(KEY.pem(), "c1")
    assert again.public == KEY.public
    assert verify(again.sign({}), [KEY.public]).payload == {}


def test_another_key_of_the_same_name_is_not_believed() -> None:
    assert refused(OTHER.sign({"a": 1})) == "signature.invalid"


def test_a_trusted_key_is_not_tried_under_another_name() -> None:
    renamed = SigningKey.from_pem(KEY.pem(), "c2")
    assert refused(renamed.sign({"a": 1})) == "signature.invalid"


def test_without_any_trusted_key_nothing_is_believed() -> None:
    with pytest.raises(TrustError):
        verify(TOKEN, [])


@pytest.mark.parametrize("place", range(0, len(TOKEN), 7))
def test_a_token_changed_anywhere_is_not_believed(place: int) -> None:
    # Another symbol that differs in its highest bit: the last symbol's low bits carry nothing.
    symbol = "A" if TOKEN[place] not in "ABCDEFGHIJKLMNOP" else "z"
    assert refused(TOKEN[:place] + symbol + TOKEN[place + 1 :]) in ("signature.invalid", "signature.unreadable")


def test_what_a_header_says_about_the_algorithm_is_never_obeyed() -> None:
    raw = base64.urlsafe_b64decode(KEY.public.x + "=")
    secret = OctKey.import_key(raw)
    by_public_key = jws.serialize_compact({"alg": "HS256", "kid": "c1"}, b"{}", secret)
    assert refused(by_public_key) == "signature.invalid"
    for name in ("none", "HS256", "ES256", "RS256", "Ed448", "", None, 7, ["EdDSA"]):
        assert refused(token_of({"alg": name, "kid": "c1"})) == "signature.invalid"
        assert refused(token_of({"alg": name, "kid": "c1"}, signature=b"")) == "signature.invalid"


def test_both_names_of_the_same_signature_are_read() -> None:
    assert verify(signed(b'{"a":1}', "Ed25519"), [KEY.public]).payload == {"a": 1}


def signed(payload: bytes, alg: str = "EdDSA") -> str:
    """A token of KEY made by hand."""
    private: Any = load_pem_private_key(KEY.pem(), password=None)
    text = f"{b64(json.dumps({'alg': alg, 'kid': 'c1'}).encode())}.{b64(payload)}"
    return f"{text}.{b64(private.sign(text.encode()))}"


@pytest.mark.parametrize(
    "payload", [b"", b"[]", b"7", b"null", b"\xff", b"{", b'"text"', b'{"a":' + b"9" * 5000 + b"}", NESTED[:40_000]]
)
def test_a_signed_payload_that_is_no_object_is_unreadable(payload: bytes) -> None:
    with pytest.raises(TrustError) as problem:
        verify(signed(payload), [KEY.public])
    assert problem.value.code == "signature.unreadable"


HOSTILE = [
    "",
    ".",
    "..",
    "a.b",
    "a.b.c.d",
    "€.€.€",
    "\ud800.a.b",
    token_of([]),
    token_of("text"),
    token_of(None),
    token_of({"alg": "EdDSA"}),
    token_of({"alg": "EdDSA", "kid": {"a": 1}}),
    token_of({"alg": "EdDSA", "crit": ["b64"], "b64": False}),
    token_of({"alg": "EdDSA", "jwk": {"kty": "OKP", "crv": "Ed25519", "x": KEY.public.x}}),
    token_of(NESTED),
    token_of(b"\xff\xfe"),
    token_of({"alg": "EdDSA"}, NESTED),
]


@pytest.mark.parametrize("token", HOSTILE, ids=range(len(HOSTILE)))
def test_a_hostile_token_is_refused_and_raises_nothing_else(token: str) -> None:
    assert refused(token) in ("signature.invalid", "signature.unreadable")
    assert isinstance(kid_of(token), str)


@pytest.mark.parametrize("token", ["", "a.b", "€.€.€", token_of({"alg": "EdDSA"}, NESTED), token_of(NESTED)])
def test_an_unreadable_token_has_no_payload_even_unverified(token: str) -> None:
    with pytest.raises(TrustError) as problem:
        read_unverified(token)
    assert problem.value.code == "signature.unreadable"


@given(st.text(max_size=60) | st.tuples(st.binary(), st.binary(), st.binary()).map(lambda p: ".".join(map(b64, p))))
def test_no_text_at_all_raises_anything_but_mistrust(token: str) -> None:
    refused(token)
    kid_of(token)


def test_a_key_file_that_holds_another_kind_of_key_or_none_is_unreadable() -> None:
    rsa = generate_private_key(65537, 1024).private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    for pem in (rsa, b"", b"-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n", KEY.pem()[:60]):
        with pytest.raises(TrustError) as problem:
            SigningKey.from_pem(pem, "c1")
        assert problem.value.code == "key.unreadable"
