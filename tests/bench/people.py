"""Real captures of one person of the training cast: drawn, encoded and judged as a sensor's picture would be."""

from __future__ import annotations

from functools import cache

from station.capture import simulated_devices
from station.capture.simulated import AT_ONCE
from station.domain.biometrics import Capture, Modality, Part
from station.domain.ports import CaptureDevice, Order
from station.training.people import PEOPLE
from station.training.scene import TrainingScene

PERSON = PEOPLE[1]


@cache
def captures() -> tuple[Capture, ...]:
    """All parts of one person, about 200 KB. Drawing takes seconds, so everybody in the bench looks like them."""
    scene = TrainingScene(PERSON)
    devices = simulated_devices(scene, pace=AT_ONCE)
    try:
        return tuple(capture for kind in Modality for capture in _taken(devices[kind], kind))
    finally:
        scene.close()


def _taken(device: CaptureDevice, kind: Modality) -> tuple[Capture, ...]:
    device.open()
    try:
        return device.capture(Order(tuple(part for part in Part if part.modality is kind), 1), lambda _preview: None)
    finally:
        device.close()


def raw_bytes(taken: tuple[Capture, ...]) -> int:
    """The same pictures as the sensor gave them: 8 bits a pixel, three colours for the face."""
    return sum(item.width * item.height * (3 if item.part is Part.FACE else 1) for item in taken)
