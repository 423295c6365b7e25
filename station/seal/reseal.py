"""Sealing a bundle's body for somebody else: central makes a list once and hands it to many stations.

Streams: neither the list nor its compressed lines are ever whole in memory, and nothing opened touches a disk.
"""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import BinaryIO, cast

import pyrage
from pyrage import ssh, x25519

from station.domain.errors import TrustError
from station.seal.opening import Opening


class _Hashed:
    """Writes on, and remembers how much of what it was."""

    def __init__(self, file: BinaryIO) -> None:
        self._file, self.sha256, self.size = file, hashlib.sha256(), 0

    def write(self, data: bytes) -> int:
        self.sha256.update(data)
        self.size += len(data)
        return self._file.write(data)

    def flush(self) -> None:
        self._file.flush()


def reseal(source: BinaryIO, sha256: str, identity: str, target: Path, recipient: str) -> tuple[str, int]:
    """Write `target` with the content of the age file `source`, for `recipient`; its sha256 and size.

    `sha256` is what `source` must have, `identity` opens it. TrustError as `Opening` raises them, or
    `packet.recipient`; then `target` is worth nothing.
    """
    try:
        key = (ssh if recipient.startswith("ssh-") else x25519).Recipient.from_str(recipient)
    except (pyrage.RecipientError, ValueError) as problem:
        raise TrustError("packet.recipient") from problem
    with target.open("wb") as file:
        sink = _Hashed(file)
        with Opening(source, [x25519.Identity.from_str(identity)], sha256) as plain:
            pyrage.encrypt_io(plain, cast(BinaryIO, sink), [key])
    return sink.sha256.hexdigest(), sink.size
