"""One look through a device: frames come in on one thread, are read on another, and the newest is shown.

It must not know how the device is found or which half of it is meant.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from threading import Thread
from time import monotonic

from station.capture.sbi.client import STALL_S
from station.capture.sbi.hints import Hints
from station.capture.sbi.latest import Latest
from station.capture.sbi.line import Line
from station.capture.sbi.reader import Reader
from station.capture.sbi.troubles import STREAM_OVER
from station.domain.biometrics import Modality
from station.domain.errors import DeviceError
from station.domain.ports import Order, Preview

BAD_FRAMES = 12
AGAIN_S = 0.3
Stream = Callable[[Callable[[bytes], None]], None]
"""Hands on every frame until its end."""


class Watching:
    """Lasts until the line is cut, or until the device ends it at once."""

    def __init__(self, line: Line, stream: Stream, reader: Reader, kind: Modality) -> None:
        self._line = line
        self._stream = stream
        self._reader = reader
        self._kind = kind
        self._latest = Latest()

    def show(self, order: Order, on_preview: Callable[[Preview], None]) -> None:
        """Until the end. DeviceError when there is nothing to show."""
        ears = Thread(target=self._listen, name="sbi-stream", daemon=True)
        ears.start()
        try:
            if not self._show(order, on_preview) and not self._line.is_cut:
                raise DeviceError("sbi.stalled")
        except DeviceError as problem:
            if problem.code != "device.cancelled":
                raise
        finally:
            self._line.cut()
            ears.join()

    def _listen(self) -> None:
        """On a thread of its own: frames must be taken off the line while the lab reads the one before."""
        why: DeviceError | None = None
        try:
            while self._listened() > STALL_S:
                self._line.wait(AGAIN_S)  # devices end a stream after minutes: somebody still looks
        except DeviceError as problem:
            why = problem
        finally:
            self._latest.end(why)

    def _listened(self) -> float:
        """Hand on the frames of one stream; the seconds it lasted."""
        began = monotonic()
        try:
            self._stream(self._latest.put)
        except DeviceError as problem:
            if problem.data.get("sbi") != STREAM_OVER:
                raise
        return monotonic() - began

    def _show(self, order: Order, on_preview: Callable[[Preview], None]) -> bool:
        """True when at least one frame was shown."""
        reader, kind, bad, shown = self._reader, self._kind, 0, False
        with closing(Hints(lambda jpeg: reader.measured(kind, jpeg, order))) as hints:
            while (frame := self._latest.take()) is not None and not self._line.is_cut:
                jpeg, came = frame
                try:
                    preview = reader.preview(kind, jpeg, order)
                except DeviceError as problem:
                    bad += 1
                    if bad > BAD_FRAMES or problem.code == "lab.closed":
                        raise
                    continue
                bad, shown = 0, True
                on_preview(replace(hints.told(preview, jpeg), received_at=came))
        return shown
