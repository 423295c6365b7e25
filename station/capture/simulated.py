"""A device that captures whoever its scene shows, with the faults of real devices at the turn of a switch.

It must not know who draws the scene. Encodings and qualities are real: only the sensor is missing.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from threading import Event

import numpy as np
from numpy.typing import NDArray

from station.capture import codecs, quality
from station.capture.previews import frames
from station.capture.scene import Sample, Scene
from station.domain.biometrics import MAX_BYTES, Capture, DeviceInfo, Modality, Part
from station.domain.errors import DeviceError
from station.domain.ports import Clock, Order, Preview, SystemClock

_MODELS: dict[Modality, tuple[str, str]] = {
    Modality.FINGER: ("SLAP", "Pemindai Sidik Jari 4-4-2 (simulasi)"),
    Modality.IRIS: ("IRIS", "Kamera Iris Dua Mata (simulasi)"),
    Modality.FACE: ("CAM", "Kamera Wajah (simulasi)"),
    Modality.SIGNATURE: ("SIGN", "Papan Tanda Tangan (simulasi)"),
}


@dataclass
class Faults:
    """The switches of the training window; they may be turned while a capture runs."""

    unplugged: bool = False
    hangs: bool = False
    poor_attempts: int = 0  # the first so many attempts are badly presented


@dataclass(frozen=True)
class Pace:
    """How fast the device seems to work. A frame time of 0 does not wait at all."""

    frames: int = 12
    frame_s: float = 0.07
    timeout_s: float = 15.0


AT_ONCE = Pace(frames=1, frame_s=0.0, timeout_s=0.0)


class SimulatedDevice:
    """One CaptureDevice of one modality. `cancel` may come from any thread and ends the capture that runs."""

    def __init__(
        self,
        modality: Modality,
        scene: Scene,
        *,
        pace: Pace | None = None,
        faults: Faults | None = None,
        clock: Clock | None = None,
        number: int = 1,
    ) -> None:
        kind, model = _MODELS[modality]
        self.faults = faults or Faults()
        self._info = DeviceInfo(modality, f"SIM-{kind}-{number:04d}", "CONTOH", model, "simulated")
        self._scene = scene
        self._pace = pace or Pace()
        self._clock: Clock = clock or SystemClock()
        self._stop = Event()
        self._is_open = False

    @property
    def info(self) -> DeviceInfo:
        return self._info

    def open(self) -> None:
        self._check_plug()
        self._is_open = True

    def close(self) -> None:
        self.cancel()
        self._is_open = False

    def cancel(self) -> None:
        self._stop.set()

    def watch(self, order: Order, on_preview: Callable[[Preview], None]) -> None:
        """Nothing to see before a capture."""

    def self_test(self) -> None:
        self._check_plug()

    def capture(self, order: Order, on_preview: Callable[[Preview], None]) -> tuple[Capture, ...]:
        """One Capture per target, in their order. Raises DeviceError:

        device.not_open, device.wrong_part, device.unplugged, device.timeout, device.cancelled, device.image_too_large.
        """
        targets, attempt = order.targets, order.attempt
        if not self._is_open:
            raise DeviceError("device.not_open", serial=self._info.serial)
        if not targets or any(part.modality is not self._info.kind for part in targets):
            raise DeviceError("device.wrong_part", serial=self._info.serial)
        self._stop.clear()
        self._check_plug()
        samples = self._wait_for(targets, attempt)
        for preview in frames(self._info.kind, samples, self._pace.frames):
            self._wait(self._pace.frame_s)
            on_preview(preview)
        pairs = zip(targets, samples, strict=True)
        return tuple(self._taken(part, sample, attempt) for part, sample in pairs)

    def _wait_for(self, targets: tuple[Part, ...], attempt: int) -> list[Sample]:
        """What the scene shows of every target; a part that is not there is waited for in vain."""
        samples: list[Sample] = []
        for part in targets:
            sample = self._scene.look(part, attempt, poor=attempt <= self.faults.poor_attempts)
            self._wait(0)
            if sample is None or self.faults.hangs:
                self._wait(self._pace.timeout_s)
                raise DeviceError("device.timeout", serial=self._info.serial, seconds=self._pace.timeout_s)
            samples.append(sample)
        return samples

    def _wait(self, seconds: float) -> None:
        if self._stop.wait(seconds):
            raise DeviceError("device.cancelled", serial=self._info.serial)
        self._check_plug()

    def _check_plug(self) -> None:
        if self.faults.unplugged:
            raise DeviceError("device.unplugged", serial=self._info.serial)

    def _taken(self, part: Part, sample: Sample, attempt: int) -> Capture:
        self._wait(0)
        image = _encoded(part.modality, sample.pixels)
        if len(image) > MAX_BYTES[part.modality]:
            raise DeviceError("device.image_too_large", part=part.value, size_bytes=len(image))
        height, width = sample.pixels.shape[:2]
        return Capture(
            part=part,
            image=image,
            width=width,
            height=height,
            quality=_quality(part.modality, sample),
            device=self._info,
            attempts=attempt,
            taken_at=self._clock.now(),
            strokes=sample.strokes,
        )


def _encoded(modality: Modality, pixels: NDArray[np.uint8]) -> bytes:
    match modality:
        case Modality.FINGER:
            return codecs.encode_wsq(pixels)
        case Modality.IRIS:
            return codecs.encode_jp2(pixels)
        case Modality.FACE:
            return codecs.encode_jpeg(pixels, MAX_BYTES[Modality.FACE])
        case Modality.SIGNATURE:
            return codecs.encode_png(pixels)


def _quality(modality: Modality, sample: Sample) -> int:
    match modality:
        case Modality.FINGER:
            return quality.nfiq2(sample.pixels)
        case Modality.IRIS:
            return quality.iris_quality(sample.pixels)
        case Modality.FACE:
            return quality.face_quality(sample.pixels)
        case Modality.SIGNATURE:
            return quality.signature_quality(sample.strokes)
