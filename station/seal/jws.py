"""Compact JWS with Ed25519: the one signature of this program, on packets, receipts, hellos and requests.

The allowed algorithm is fixed here; what a token's header says about it is never obeyed.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from cryptography.exceptions import InvalidKey
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)
from joserfc import jws
from joserfc._rfc7515.model import JWSAlgModel  # the type of what the registry returns; nothing else exports it
from joserfc.errors import JoseError, UnsupportedAlgorithmError
from joserfc.jwk import OKPKey

from station.domain.errors import TrustError
from station.wire import PublicKey

_WRITE = "EdDSA"
_READ = ("EdDSA", "Ed25519")
"""RFC 8037 and RFC 9864 names of the same signature with these keys. The wire contract writes the first."""


class _Registry(jws.JWSRegistry):
    """Takes our two names only, and without the library's advice to rename what the wire contract fixes."""

    max_payload_length = 64 * 1024

    def get_alg(self, name: str) -> JWSAlgModel:
        if name not in _READ:
            raise UnsupportedAlgorithmError(f"algorithm {name!r} is not allowed")
        return self.algorithms[name]


class _LongRegistry(_Registry):
    """For the one kind of token that lists thousands of things."""

    max_payload_length = 2 * 1024 * 1024


_REGISTRY = _Registry()
_LONG_REGISTRY = _LongRegistry()


@dataclass(frozen=True)
class Verified:
    """A token whose signature was checked: who signed and what it says."""

    kid: str
    payload: dict[str, Any]


class SigningKey:
    """An Ed25519 key pair with the name (`kid`) it signs under."""

    def __init__(self, private: Ed25519PrivateKey, kid: str) -> None:
        self._private = private
        self.kid = kid
        pem = private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        self._jose = OKPKey.import_key(pem)

    @classmethod
    def generate(cls, kid: str) -> SigningKey:
        return cls(Ed25519PrivateKey.generate(), kid)

    @classmethod
    def from_pem(cls, pem: bytes, kid: str) -> SigningKey:
        """Read a PKCS#8 PEM; TrustError `key.unreadable` when it is not an Ed25519 key."""
        try:
            private = load_pem_private_key(pem, password=None)
        except (ValueError, TypeError, InvalidKey) as problem:
            raise TrustError("key.unreadable") from problem
        if not isinstance(private, Ed25519PrivateKey):
            raise TrustError("key.unreadable")
        return cls(private, kid)

    def pem(self) -> bytes:
        """PKCS#8 PEM, not encrypted: only for a file nobody else can read."""
        return self._private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())

    def closed_pem(self, password: str) -> bytes:
        """PKCS#8 PEM under a password."""
        closed = BestAvailableEncryption(password.encode())
        return self._private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, closed)

    def openssh(self) -> bytes:
        """The same key as OpenSSH writes it, not encrypted: age reads it in this form. Never for a file."""
        return self._private.private_bytes(Encoding.PEM, PrivateFormat.OpenSSH, NoEncryption())

    @property
    def public(self) -> PublicKey:
        raw = self._private.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
        return PublicKey(kid=self.kid, x=base64.urlsafe_b64encode(raw).rstrip(b"=").decode())

    def sign(self, payload: dict[str, Any], *, typ: str = "JWT") -> str:
        """Compact JWS of `payload` as JSON."""
        header = {"alg": _WRITE, "kid": self.kid, "typ": typ}
        body = json.dumps(payload, separators=(",", ":"), ensure_ascii=False).encode()
        return jws.serialize_compact(header, body, self._jose, registry=_REGISTRY)


def kid_of(token: str, *, long: bool = False) -> str:
    """The key name a token claims, not yet verified; '' when there is none."""
    try:
        found = jws.extract_compact(token.encode(), registry=_LONG_REGISTRY if long else None)
        return str(found.headers().get("kid", ""))
    except (JoseError, ValueError, TypeError):
        return ""


def read_unverified(token: str, *, long: bool = False) -> dict[str, Any]:
    """The payload without checking the signature: only to learn which keys a first hello brings."""
    try:
        return _payload(jws.extract_compact(token.encode(), registry=_LONG_REGISTRY if long else None).payload)
    except (JoseError, ValueError, TypeError) as problem:
        raise TrustError("signature.unreadable") from problem


def verify(token: str, keys: Iterable[PublicKey], *, long: bool = False) -> Verified:
    """Check `token` against trusted keys; TrustError when none of them signed it. `long`: up to 2 MiB of payload."""
    registry = _LONG_REGISTRY if long else _REGISTRY
    kid = kid_of(token, long=long)
    candidates = [key for key in keys if not kid or not key.kid or key.kid == kid]
    for key in candidates:
        jose = OKPKey.import_key({"kty": key.kty, "crv": key.crv, "x": key.x})
        try:
            found = jws.deserialize_compact(token, jose, registry=registry)
        except (JoseError, ValueError, TypeError):
            continue
        return Verified(kid=key.kid or kid, payload=_payload(found.payload))
    raise TrustError("signature.invalid", kid=kid[:40])


def _payload(raw: bytes) -> dict[str, Any]:
    try:
        payload = json.loads(raw)
    except (ValueError, RecursionError) as problem:
        raise TrustError("signature.unreadable") from problem
    if not isinstance(payload, dict):
        raise TrustError("signature.unreadable")
    return payload
