"""The database key and its wrappings: once per operator by password, once by the recovery key.

The key itself is 32 random bytes and is never derived from a password, so changing a password re-wraps and never
re-encrypts. Knows no file: the store keeps what is made here.
"""

from __future__ import annotations

import base64
import hashlib
import secrets

from argon2.low_level import Type, hash_secret_raw
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from pydantic import BaseModel, ConfigDict, Field

from station.domain.errors import AccessError

KEY_BYTES = 32
_BASE32 = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_MISREAD = str.maketrans("OIL", "011")


class Argon2Cost(BaseModel):
    """Cost of Argon2id (RFC 9106). The default takes about 0.15 s on a slow office PC's core."""

    model_config = ConfigDict(frozen=True)

    time: int = Field(default=3, ge=1, le=20)
    memory_kib: int = Field(default=64 * 1024, ge=8, le=1024 * 1024)
    lanes: int = Field(default=1, ge=1, le=8)


class Wrapped(BaseModel):
    """The database key under one secret: AES-256-GCM, the key-encryption key from Argon2id."""

    model_config = ConfigDict(frozen=True)

    salt: str
    nonce: str
    box: str
    cost: Argon2Cost


def new_database_key() -> bytes:
    """A fresh database key."""
    return secrets.token_bytes(KEY_BYTES)


def wrap(key: bytes, secret: str, *, label: str, cost: Argon2Cost | None = None) -> Wrapped:
    """`key` under `secret`. `label` (whose wrapping this is) is bound in, so wrappings cannot be swapped."""
    cost = cost or Argon2Cost()
    salt, nonce = secrets.token_bytes(16), secrets.token_bytes(12)
    box = AESGCM(_derive(secret, salt, cost)).encrypt(nonce, key, label.encode())
    return Wrapped(salt=salt.hex(), nonce=nonce.hex(), box=base64.b64encode(box).decode(), cost=cost)


def unwrap(wrapped: Wrapped, secret: str, *, label: str) -> bytes:
    """The key, or AccessError `signin.wrong_password`."""
    kek = _derive(secret, bytes.fromhex(wrapped.salt), wrapped.cost)
    try:
        return AESGCM(kek).decrypt(bytes.fromhex(wrapped.nonce), base64.b64decode(wrapped.box), label.encode())
    except InvalidTag:
        raise AccessError("signin.wrong_password") from None


def new_recovery_key() -> str:
    """A recovery key for paper: 128 random bits and a check, Crockford base 32, groups of four."""
    return recovery_key_of(secrets.token_bytes(16))


def recovery_key_of(raw: bytes) -> str:
    """The recovery key of 16 bytes, in its canonical form."""
    number = int.from_bytes(raw + hashlib.sha256(raw).digest()[:2], "big")
    symbols = "".join(_BASE32[(number >> (5 * place)) & 31] for place in reversed(range(29)))
    return "-".join(symbols[start : start + 4] for start in range(0, 29, 4))


def clean_recovery_key(typed: str) -> str:
    """A recovery key as typed, in its canonical form; AccessError `recovery.mistyped` when its check does not fit."""
    symbols = typed.upper().translate(_MISREAD).replace("-", "").replace(" ", "")
    if len(symbols) != 29 or any(symbol not in _BASE32 for symbol in symbols):
        raise AccessError("recovery.mistyped")
    number = 0
    for symbol in symbols:
        number = number << 5 | _BASE32.index(symbol)
    data = (number & ((1 << 144) - 1)).to_bytes(18, "big")
    if hashlib.sha256(data[:16]).digest()[:2] != data[16:] or number >> 144:
        raise AccessError("recovery.mistyped")
    return "-".join(symbols[start : start + 4] for start in range(0, 29, 4))


def _derive(secret: str, salt: bytes, cost: Argon2Cost) -> bytes:
    return hash_secret_raw(
        secret.encode(),
        salt,
        time_cost=cost.time,
        memory_cost=cost.memory_kib,
        parallelism=cost.lanes,
        hash_len=KEY_BYTES,
        type=Type.ID,
    )
