"""A camera as a capture device: live pictures with one hint at a time, and the best of a few for the portrait.

It must not know how a face is measured nor how the camera works. A picture with something wrong is taken with its
remarks; only one without a face, or with two, is refused, and that only until the tries of the policy are used up.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Lock, Timer
from time import monotonic

from PySide6.QtCore import QBuffer, QIODevice
from PySide6.QtGui import QImage

from station.capture.camera.gauge import Gauge, Shot
from station.capture.camera.newest import Newest
from station.capture.camera.source import SHOWN_HEIGHT, CameraSource, Look, no_higher, pixels, upright
from station.capture.camera.steady import Steady
from station.capture.lab import Lab
from station.capture.tasks import faces
from station.domain.biometrics import Capture, DeviceInfo, Part
from station.domain.errors import DeviceError
from station.domain.ports import Clock, Order, Preview, SystemClock

STILL_HEIGHT = 2000
WAIT_S = 5.0
"""A camera that has shown nothing by then will not."""
SHOTS = 5
AROUND_S = 0.4
"""Pictures measured this long before the press may be the portrait: nobody blinks on purpose."""
REST_S = 2.0
"""A camera goes off this long after it was last needed, so that taking a photo does not wait for it to start."""
_SMALLEST = 480  # rows of the upright part
_BLACK = 8  # of 255: the cap is on, or the shutter is closed
_JPEG_QUALITY = 90


class CameraDevice:
    """One camera, as CaptureDevice. `cancel` and `close` may come from any thread."""

    def __init__(self, info: DeviceInfo, source: CameraSource, lab: Lab, *, clock: Clock | None = None) -> None:
        self._info = info
        self._source = source
        self._lab = lab
        self._clock: Clock = clock or SystemClock()
        self._newest = Newest()
        self._power = Lock()
        self._on = False
        self._rest: Timer | None = None
        self._is_open = False
        self._last: tuple[str, Shot] | None = None
        """What was measured last, and of whom."""

    @property
    def info(self) -> DeviceInfo:
        return self._info

    def open(self) -> None:
        self._is_open = True

    def cancel(self) -> None:
        self._newest.stop()

    def close(self) -> None:
        self.cancel()
        self._is_open = False
        self._switch_off()

    def watch(self, order: Order, on_preview: Callable[[Preview], None]) -> None:
        """Show what the camera sees until `cancel`. DeviceError when it is not there, or goes."""
        with self._looking(order), self._gauge(order) as gauge:
            steady, hint, ready = Steady(), "", False
            try:
                while True:
                    frame = self._newest.take(WAIT_S)
                    if order.still:
                        on_preview(_preview(no_higher(frame.image(), SHOWN_HEIGHT), frame.at))
                        continue
                    look = Look.at_person(frame)
                    shot = gauge.offer(look)
                    if shot is not None:
                        self._last = order.subject, shot
                        hint = steady.say(shot.report.hint, monotonic())
                        ready = not hint
                    on_preview(_preview(look.small, look.at, hint, ready=ready))
            except DeviceError as stopped:
                if stopped.code != "device.cancelled":
                    raise

    def capture(self, order: Order, on_preview: Callable[[Preview], None]) -> tuple[Capture, ...]:
        """One picture. DeviceError: `face.none` or `face.many` until the last try, or trouble of the camera."""
        if not order.targets or any(part is not Part.FACE for part in order.targets):
            raise DeviceError("device.wrong_part", serial=self._info.serial)
        with self._looking(order):
            return ((self._still() if order.still else self._portrait(order, on_preview)),)

    def self_test(self) -> None:
        """A frame comes, it is large enough for a portrait and not black. DeviceError says what is not so."""
        with self._looking(Order((Part.FACE,))):
            image = upright(self._newest.take(WAIT_S).image())
        if image.height() < _SMALLEST:
            raise DeviceError("camera.coarse", width=image.width(), height=image.height())
        grey = no_higher(image, 16).convertToFormat(QImage.Format.Format_Grayscale8)
        if max(bytes(grey.constBits())) < _BLACK:
            raise DeviceError("camera.black")

    # ------------------------------------------------------------------------------------------------------ taking

    def _portrait(self, order: Order, on_preview: Callable[[Preview], None]) -> Capture:
        best = self._best(order, on_preview)
        full = best.look.full
        taken = faces.crop_frame(self._lab, pixels(full), full.width(), full.height(), order.background)
        report = taken.report
        if report.no_portrait and order.attempt < order.policy.tries:
            raise DeviceError(report.no_portrait)
        self._last = None  # the next photo is another one
        return Capture(
            Part.FACE,
            taken.jpeg,
            taken.width,
            taken.height,
            report.quality,
            self._info,
            order.attempt,
            self._clock.now(),
            remarks=report.findings,
        )

    def _best(self, order: Order, on_preview: Callable[[Preview], None]) -> Shot:
        """Of the last one seen before the press and a few after it; the first that has nothing wrong will do."""
        last, self._last = self._last, None
        shots = []
        if last is not None and last[0] == order.subject and monotonic() - last[1].look.at < AROUND_S:
            shots.append(last[1])  # of somebody else it would be a stranger's photo
        with self._gauge(order) as gauge:
            while len(shots) < SHOTS and not any(not shot.report.findings for shot in shots):
                shot = gauge.measured(Look.at_person(self._newest.take(WAIT_S)))
                shots.append(shot)
                hint = shot.report.hint
                on_preview(_preview(shot.look.small, shot.look.at, hint, ready=not hint))
        return max(shots, key=lambda shot: shot.worth)

    def _still(self) -> Capture:
        """The whole picture: nothing is looked for in it."""
        image = no_higher(self._newest.take(WAIT_S).image(), STILL_HEIGHT)
        buffer = QBuffer()
        buffer.open(QIODevice.OpenModeFlag.WriteOnly)
        image.save(buffer, "JPEG", _JPEG_QUALITY)  # type: ignore[call-overload]
        data = bytes(buffer.data().data())
        return Capture(Part.FACE, data, image.width(), image.height(), 0, self._info, 1, self._clock.now())

    # ------------------------------------------------------------------------------------------------------- power

    @contextmanager
    def _looking(self, order: Order) -> Iterator[None]:
        """The camera is on meanwhile, and for a moment longer."""
        if not self._is_open:
            raise DeviceError("device.not_open", serial=self._info.serial)
        self._newest.go_on()
        self._switch_on()
        try:
            yield
        except DeviceError as trouble:
            if trouble.code.startswith(("device.", "camera.")) and trouble.code != "device.cancelled":
                self._switch_off()  # it is started anew next time
            raise
        finally:
            self._rest_soon()

    @contextmanager
    def _gauge(self, order: Order) -> Iterator[Gauge]:
        gauge = Gauge(self._lab, order.background)
        try:
            yield gauge
        finally:
            gauge.close()

    def _switch_on(self) -> None:
        with self._power:
            if self._rest is not None:
                self._rest.cancel()
                self._rest = None
            if not self._on:
                self._on = True
                self._newest.clear()
                self._source.start(self._newest.put, self._newest.fail)

    def _switch_off(self) -> None:
        with self._power:
            if self._rest is not None:
                self._rest.cancel()
                self._rest = None
            if self._on:
                self._on = False
                self._last = None
                self._source.stop()

    def _rest_soon(self) -> None:
        with self._power:
            if self._on and self._rest is None:
                self._rest = Timer(REST_S, self._switch_off)
                self._rest.daemon = True
                self._rest.start()


def _preview(small: QImage, at: float, hint: str = "", *, ready: bool = False) -> Preview:
    return Preview(pixels(small), small.width(), small.height(), 3, hint, at, ready)
