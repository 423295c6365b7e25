"""Measures live pictures one at a time beside the showing of them: never more than one is with the lab, old ones drop.

It must not know how measuring works, nor where pictures come from.
"""

from __future__ import annotations

from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass

from station.capture.camera.source import Look, pixels
from station.capture.face.report import FaceReport
from station.capture.lab import Lab
from station.capture.tasks import faces
from station.domain.eligibility import Background
from station.domain.errors import DeviceError

LEAST_S = 0.06
"""Sixteen hints a second are more than anybody reads; the rest of the processor is for the picture."""


@dataclass(frozen=True)
class Shot:
    """A look with what was measured of it."""

    look: Look
    report: FaceReport

    @property
    def worth(self) -> tuple[bool, int, int]:
        """The larger the better."""
        return not self.report.no_portrait, -len(self.report.findings), self.report.quality


class Gauge:
    """For one look at one person. `close` it: a measurement that runs is left to end by itself."""

    def __init__(self, lab: Lab, background: Background | None) -> None:
        self._lab = lab
        self._background = background
        self._pool = ThreadPoolExecutor(max_workers=1, thread_name_prefix="gauge")
        self._running: Future[Shot] | None = None
        self._next_at = 0.0

    def offer(self, look: Look) -> Shot | None:
        """Measure this look unless one is being measured; what was measured since the last time, if anything."""
        done = None
        if self._running is not None and self._running.done():
            done, self._running = self._running, None
        if self._running is None and look.at >= self._next_at:
            self._next_at = look.at + LEAST_S
            self._running = self._pool.submit(self.measured, look)
        return _result(done)

    def measured(self, look: Look) -> Shot:
        """Measure it now, however long it takes. DeviceError `lab.*`."""
        small = look.small
        return Shot(look, faces.measure(self._lab, pixels(small), small.width(), small.height(), self._background))

    def close(self) -> None:
        self._pool.shutdown(wait=False, cancel_futures=True)


def _result(done: Future[Shot] | None) -> Shot | None:
    if done is None:
        return None
    try:
        return done.result()
    except DeviceError:
        return None  # a child of the lab died or was slow: the next frame has another
