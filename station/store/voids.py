"""A word of the station, beside a copy of a packet, that it was given up: an empty file could be anybody's.

Must not know which packets were.
"""

from __future__ import annotations

from pathlib import Path

from station.domain.errors import StoreError, TrustError
from station.domain.record import RecordKey
from station.seal.jws import SigningKey, verify
from station.store.folder import read_bounded
from station.wire import PublicKey

_MOST_BYTES = 16 * 1024
_TYPE = "void+jwt"


def void_word(key: RecordKey, station: SigningKey) -> bytes:
    """What is written: signed, about this packet and no other."""
    return station.sign(_said(key), typ=_TYPE).encode()


def read_void(path: Path, key: RecordKey, station: PublicKey) -> bool:
    """Whether the station of this key has said so of this packet."""
    try:
        return verify(read_bounded(path, _MOST_BYTES).decode("ascii"), [station]).payload == _said(key)
    except (StoreError, TrustError, UnicodeDecodeError):
        return False


def _said(key: RecordKey) -> dict[str, object]:
    return {"void": {"record_id": key.record_id, "revision": key.revision}}
