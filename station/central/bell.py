"""Wakes the long polls of a station the moment there is news. Knows nothing of the news."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager


class Bell:
    """`ring` may be called from any thread; `listening` is used inside an event loop."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._listeners: dict[asyncio.Event, tuple[str, asyncio.AbstractEventLoop]] = {}
        self._silenced = False

    @property
    def listeners(self) -> int:
        """Long polls waiting now."""
        return len(self._listeners)

    @contextmanager
    def listening(self, station_id: str) -> Iterator[asyncio.Event]:
        """An event that is set by the next ring. Start listening before looking, or a ring in between is missed."""
        rung = asyncio.Event()
        with self._lock:
            self._listeners[rung] = (station_id, asyncio.get_running_loop())
            if self._silenced:
                rung.set()
        try:
            yield rung
        finally:
            with self._lock:
                del self._listeners[rung]

    def ring(self, station_id: str) -> None:
        """There is news for this station."""
        with self._lock:
            for rung, (listener, loop) in self._listeners.items():
                if listener == station_id:
                    loop.call_soon_threadsafe(rung.set)

    def silence(self) -> None:
        """Central is going down: nobody waits any more."""
        with self._lock:
            self._silenced = True
            for rung, (_, loop) in self._listeners.items():
                loop.call_soon_threadsafe(rung.set)
