"""The capture devices this program can drive.

It must not know of windows, records or of training: a new device is a module here and a line in DEVICES.
"""

from __future__ import annotations

from dataclasses import dataclass

from station.capture.scene import Scene
from station.capture.simulated import Faults, Pace, SimulatedDevice
from station.domain.biometrics import Modality
from station.domain.ports import CaptureDevice, Clock


@dataclass(frozen=True)
class Driver:
    """A kind of device: the name that captures carry, what it captures, and whether only training may use it."""

    name: str
    kinds: tuple[Modality, ...]
    training_only: bool
    device: type[CaptureDevice]


DEVICES: tuple[Driver, ...] = (Driver("simulated", tuple(Modality), training_only=True, device=SimulatedDevice),)


def simulated_devices(
    scene: Scene, *, pace: Pace | None = None, faults: Faults | None = None, clock: Clock | None = None
) -> dict[Modality, CaptureDevice]:
    """One simulated device per modality, all looking at `scene`, opened by nobody yet."""
    return {kind: SimulatedDevice(kind, scene, pace=pace, faults=faults, clock=clock) for kind in Modality}
