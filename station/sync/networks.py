"""What served on the networks this station has been on: the size of a chunk is not learnt anew at every start."""

from __future__ import annotations

import hashlib

from station.store.memory import Memory
from station.sync.route import default_route
from station.sync.upload import ChunkSize

WORTH_WRITING = 1.25
"""A size that differs less from what is kept is not worth a write."""


class Networks:
    """The chunk size of the network at hand. What is kept names no network: only a hash of it."""

    def __init__(self, memory: Memory, central_url: str) -> None:
        self._memory = memory
        self._central_url = central_url
        self._address: str | None = None
        self._key = ""
        self.chunk = ChunkSize()

    def arrived(self, address: str) -> bool:
        """A connection from our own `address` is open; True when this is another network than before."""
        if address == self._address:
            return False
        self._address = address
        route = default_route()
        where = f"{route.device} {route.gateway}" if route.gateway else address
        key = hashlib.sha256(f"{where} {self._central_url}".encode()).hexdigest()[:16]
        if key == self._key:
            return False
        before, self._key = self._key, key
        self.chunk = ChunkSize(first=self._memory.chunk_sizes.get(key, self.chunk.bytes))
        return before != ""

    def remember(self) -> None:
        """Keep what has been learnt, if it is news."""
        kept = self._memory.chunk_sizes.get(self._key, 0)
        if self._key and not kept / WORTH_WRITING < self.chunk.bytes < kept * WORTH_WRITING:
            self._memory.note_chunk_size(self._key, self.chunk.bytes)
