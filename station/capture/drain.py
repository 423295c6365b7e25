"""What a program writes into a pipe, read while it runs: at most so much is kept. It must not know what it means."""

from __future__ import annotations

from contextlib import closing, suppress
from threading import Event, Thread
from typing import IO

_PIECE = 64 * 1024


class Drain:
    """Reads on a thread of its own, so that no program waits until somebody has read what it complains of."""

    def __init__(self, pipe: IO[bytes], most: int, *, stop_when_full: bool) -> None:
        """When more than `most` bytes come, either nothing more is read, or the rest is read and forgotten."""
        self._pipe = pipe
        self._most = most
        self._stop_when_full = stop_when_full
        self._kept = bytearray()
        self.overflowed = False
        self.done = Event()
        Thread(target=self._read, name="drain", daemon=True).start()

    @property
    def kept(self) -> bytes:
        return bytes(self._kept)

    def _read(self) -> None:
        try:
            with closing(self._pipe), suppress(OSError, ValueError):
                while more := self._pipe.read(_PIECE):
                    room = self._most - len(self._kept)
                    self._kept += more[:room]
                    self.overflowed = self.overflowed or len(more) > room
                    if self.overflowed and self._stop_when_full:
                        return
        finally:
            self.done.set()
