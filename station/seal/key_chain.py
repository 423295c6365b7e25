"""From an older database key to the newer one: a box that the older one opens, made when the key is changed.

Whoever has not signed in since then still holds the older key under their password. Knows no file and nobody.
"""

from __future__ import annotations

import base64
import hashlib
import secrets
from collections.abc import Iterable
from datetime import datetime

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from pydantic import AwareDatetime, BaseModel, ConfigDict

from station.domain.errors import StoreError


class KeyLink(BaseModel):
    """The key named `to` under the key named `of` (AES-256-GCM). Not `settled`: the file may still have the old one."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    of: str
    to: str
    nonce: str
    box: str
    made_at: AwareDatetime
    settled: bool = False


def name_of(key: bytes) -> str:
    """A name that tells keys apart and gives nothing of them away: they are 256 random bits."""
    return hashlib.sha256(b"station database key" + key).hexdigest()[:16]


def link(old: bytes, new: bytes, at: datetime) -> KeyLink:
    """`new` for whoever has `old`."""
    nonce = secrets.token_bytes(12)
    box = AESGCM(old).encrypt(nonce, new, _label(name_of(old), name_of(new)))
    return KeyLink(of=name_of(old), to=name_of(new), nonce=nonce.hex(), box=base64.b64encode(box).decode(), made_at=at)


def newest(key: bytes, links: Iterable[KeyLink]) -> bytes:
    """The last key that `key` leads to over `links`; itself when it leads nowhere. StoreError `keyring.chain`."""
    known = {item.of: item for item in links}
    seen: set[str] = set()
    while (step := known.get(name_of(key))) is not None and step.of not in seen:
        seen.add(step.of)
        key = _open(step, key)
    return key


def _open(step: KeyLink, key: bytes) -> bytes:
    try:
        return AESGCM(key).decrypt(bytes.fromhex(step.nonce), base64.b64decode(step.box), _label(step.of, step.to))
    except (InvalidTag, ValueError) as problem:
        raise StoreError("keyring.chain") from problem


def _label(of: str, to: str) -> bytes:
    return f"database key {of} {to}".encode()
