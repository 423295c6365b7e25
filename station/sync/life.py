"""Signs of life of a sync engine: a step that ended, a byte that moved. Without any for minutes it hangs.

Every wait of delivery has a limit, and so only a bug can keep an engine silent for so long; then a new process is the
cure, for all that matters is on the disk.
"""

from __future__ import annotations

from collections.abc import Callable
from threading import Lock
from time import monotonic
from typing import Any

import httpcore

from station.sync.engine import Engine
from station.sync.network import Network

HUNG_S = 240.0
"""Twice as long as any single request may stay without a byte, with room for a slow disk."""


class Life:
    """When the engine last gave a sign. Between two steps it may sleep as long as it likes."""

    def __init__(self, now: Callable[[], float] = monotonic) -> None:
        self._now = now
        self._lock = Lock()
        self._busy = False
        self._sign_at = now()

    def begin(self) -> None:
        self._sign(busy=True)

    def end(self) -> None:
        self._sign(busy=False)

    def sign(self) -> None:
        """Something moved."""
        with self._lock:
            self._sign_at = self._now()

    @property
    def hangs(self) -> bool:
        with self._lock:
            return self._busy and self._now() - self._sign_at > HUNG_S

    def _sign(self, *, busy: bool) -> None:
        with self._lock:
            self._busy, self._sign_at = busy, self._now()


class WatchedEngine(Engine):
    """An engine that gives a sign before and after each step."""

    def __init__(self, life: Life, *given: Any, **named: Any) -> None:
        super().__init__(*given, network=WatchedNetwork(life), **named)
        self._life = life

    def step(self) -> float:
        self._life.begin()
        try:
            return super().step()
        finally:
            self._life.end()


class WatchedNetwork(Network):
    """Connections whose every read and write is a sign."""

    def __init__(self, life: Life) -> None:
        super().__init__()
        self._life = life

    def connect(self, *given: Any, **named: Any) -> httpcore.NetworkStream:
        return _WatchedStream(super().connect(*given, **named), self._life)


class _WatchedStream(httpcore.NetworkStream):
    def __init__(self, stream: httpcore.NetworkStream, life: Life) -> None:
        self._stream, self._life = stream, life

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        found = self._stream.read(max_bytes, timeout)
        self._life.sign()
        return found

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._stream.write(buffer, timeout)
        self._life.sign()

    def close(self) -> None:
        self._stream.close()

    def start_tls(self, *given: Any, **named: Any) -> httpcore.NetworkStream:
        return _WatchedStream(self._stream.start_tls(*given, **named), self._life)

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)
