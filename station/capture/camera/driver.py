"""The cameras of this computer as capture devices, and a folder of pictures that stands in for one in training.

It must not know which of them serves: the rack chooses.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from station.capture.camera.device import CameraDevice
from station.capture.camera.file_camera import folder_camera
from station.capture.camera.qt_camera import CameraHere, QtCamera, cameras_here
from station.capture.camera.source import CameraSource
from station.capture.lab import Lab
from station.domain.biometrics import DeviceInfo, Modality
from station.domain.device import device_id
from station.domain.errors import DeviceError
from station.domain.ports import CaptureDevice, Clock, Found


class CameraDriver:
    """Implements Driver. `folder`: pictures, or one picture, offered beside the cameras and plainly no real camera."""

    name = "camera"

    def __init__(
        self,
        lab: Lab,
        *,
        clock: Clock | None = None,
        folder: Path | None = None,
        cameras: Callable[[], tuple[CameraHere, ...]] = cameras_here,
        source: Callable[[str], CameraSource] = QtCamera,
    ) -> None:
        self._lab = lab
        self._clock = clock
        self._folder = folder
        self._cameras = cameras
        self._source = source
        self._ids: dict[str, str] = {}

    def look(self) -> tuple[Found, ...]:
        """Every camera that is plugged in, the usual one first."""
        found: list[Found] = []
        ids: dict[str, str] = {}
        for camera in self._cameras():
            info = DeviceInfo(Modality.FACE, camera.serial, "", camera.name, self.name)
            if device_id(info) in ids:  # a second one of the same kind, with no number of its own
                info = replace(info, serial=camera.camera_id)
            ids[device_id(info)] = camera.camera_id
            found.append(Found(device_id(info), info))
        if self._folder is not None:
            info = DeviceInfo(Modality.FACE, "", "CONTOH", "Folder", "file-camera")
            found.append(Found(device_id(info), info))
        self._ids = ids
        return tuple(found)

    def device(self, found: Found) -> CaptureDevice:
        """The device for what `look` found."""
        return CameraDevice(found.info, self._source_of(found), self._lab, clock=self._clock)

    def _source_of(self, found: Found) -> CameraSource:
        if found.device_id in self._ids:
            return self._source(self._ids[found.device_id])
        if self._folder is None:
            raise DeviceError("device.missing")  # it went between two looks
        return folder_camera(self._folder)
