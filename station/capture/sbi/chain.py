"""The hash chain of SBI: every captured item names what came before it, so none can be left out or swapped.

It must not know what is captured, or for whom the chain is kept.
"""

from __future__ import annotations

import hmac
from hashlib import sha256

NOTHING = ""
"""What comes before the first item."""


def link(previous: str, record: bytes) -> str:
    """The hash of an item: HEX(SHA256(previous || SHA256(record))), where the first has SHA256("") before it.

    ValueError when `previous` is no SHA-256 in hexadecimal.
    """
    before = bytes.fromhex(previous) if previous else sha256(b"").digest()
    if len(before) != sha256().digest_size:
        raise ValueError("previous hash is no SHA-256")
    return sha256(before + sha256(record).digest()).hexdigest().upper()


def follows(claimed: str, previous: str, record: bytes) -> bool:
    """True when `claimed` is the hash of `record` after `previous`; upper or lower case."""
    return hmac.compare_digest(claimed.upper().encode(), link(previous, record).encode())
