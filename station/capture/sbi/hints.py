"""Hints about live frames, measured beside the showing of them: a frame never waits for its hint.

It must not know how measuring works. Never more than one frame is being measured; what comes meanwhile is not.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace
from time import monotonic

from station.capture.camera.steady import Steady
from station.domain.errors import DeviceError
from station.domain.ports import Preview

LEAST_S = 0.09
"""Eleven hints a second are more than anybody reads; the other frames leave the processor to the picture."""


class Hints:
    """For one watching. `close` it: a measurement that runs is left to end by itself."""

    def __init__(self, measure: Callable[[bytes], Preview]) -> None:
        self._measure = measure
        self._pool = ThreadPoolExecutor(max_workers=1, thread_name_prefix="sbi-hint")
        self._running: Future[Preview] | None = None
        self._next_at = 0.0
        self._steady = Steady()
        self._said = ("", False)

    def told(self, preview: Preview, jpeg: bytes) -> Preview:
        """`preview` with what was last measured; `jpeg` is measured next, unless another one is."""
        now = monotonic()
        if self._running is not None and self._running.done():
            self._hear(self._running, now)
            self._running = None
        if self._running is None and now >= self._next_at:
            self._next_at = now + LEAST_S
            self._running = self._pool.submit(self._measure, jpeg)
        hint, ready = self._said
        return replace(preview, hint=hint, ready=ready)

    def close(self) -> None:
        self._pool.shutdown(wait=False, cancel_futures=True)

    def _hear(self, done: Future[Preview], now: float) -> None:
        try:
            found = done.result()
        except DeviceError:
            return  # a child of the lab died or was slow: the next frame has another
        hint = self._steady.say(found.hint, now)
        self._said = hint, found.ready and not hint
