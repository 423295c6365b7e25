"""A camera of the operating system, through QtMultimedia, which is imported when the first one is looked for.

It must not know what is looked for in the pictures. Qt's objects live in the window's thread; there a frame is only
taken note of, and unpacked by whoever wants it.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING

from PySide6.QtCore import QCameraPermission, QCoreApplication, QObject, Qt, Slot

from station.capture.camera import gui_thread
from station.capture.camera.source import Frame
from station.domain.errors import DeviceError
from station.log import get_logger

if TYPE_CHECKING:
    from PySide6.QtMultimedia import QCamera, QCameraDevice, QCameraFormat, QVideoFrame

OnFrame = Callable[[Frame], None]
OnTrouble = Callable[[DeviceError], None]

_LARGEST = 1920 * 1080  # more only makes frames late
_SLOWEST = 15.0
_log = get_logger(__name__)


@dataclass(frozen=True)
class CameraHere:
    """A camera that the operating system knows: its id, the name people know it by, and its serial number or ''."""

    camera_id: str
    name: str
    serial: str = ""


def cameras_here() -> tuple[CameraHere, ...]:
    """The cameras of this computer, the usual one first. May wait for the window's thread, not for long."""
    if sys.platform.startswith("linux") and not any(Path("/dev").glob("video*")):
        return ()  # without loading half a media library
    return gui_thread.ask(_listed)


def _listed() -> tuple[CameraHere, ...]:
    from PySide6.QtMultimedia import QMediaDevices

    usual = QMediaDevices.defaultVideoInput()
    found = [
        CameraHere(_id_of(device), device.description(), serial_of(_id_of(device)))
        for device in QMediaDevices.videoInputs()
    ]
    return tuple(sorted(found, key=lambda camera: camera.camera_id != _id_of(usual)))


def serial_of(camera_id: str, sysfs: Path = Path("/sys/class/video4linux")) -> str:
    """The serial number on the USB bus: from /sys on Linux, out of the long name on Windows; '' when it has none."""
    if camera_id.startswith("/dev/"):
        try:
            return ((sysfs / Path(camera_id).name / "device").resolve().parent / "serial").read_text("utf-8").strip()
        except (OSError, UnicodeDecodeError):
            return ""
    parts = camera_id.split("#")  # \\?\usb#vid_046d&pid_082d&mi_00#6&2b6d5c3&0&0000#{class}
    return parts[2] if len(parts) > 3 else ""


def _id_of(device: QCameraDevice) -> str:
    return bytes(device.id().data()).decode("utf-8", "replace")


class QtCamera:
    """A CameraSource. It finds its camera anew at every start: it may have been unplugged in between."""

    def __init__(self, camera_id: str) -> None:
        self._id = camera_id
        self._eye: CameraEye | None = None  # touched by the window's thread only

    def start(self, on_frame: OnFrame, on_trouble: OnTrouble) -> None:
        gui_thread.later(lambda: self._start(on_frame, on_trouble))

    def stop(self) -> None:
        gui_thread.later(self._stop)

    def _start(self, on_frame: OnFrame, on_trouble: OnTrouble) -> None:
        self._stop()
        self._eye = CameraEye(on_frame, on_trouble)
        self._eye.open(self._id)

    def _stop(self) -> None:
        eye, self._eye = self._eye, None
        if eye is not None:
            eye.close()


class CameraEye(QObject):
    """Qt's camera objects of one start. After `close` it says nothing more."""

    def __init__(self, on_frame: OnFrame, on_trouble: OnTrouble) -> None:
        super().__init__()
        from PySide6.QtMultimedia import QMediaCaptureSession, QMediaDevices, QVideoSink

        self._on_frame: OnFrame | None = on_frame
        self._on_trouble = on_trouble
        self._id = ""
        self._camera: QCamera | None = None
        self._session = QMediaCaptureSession()
        self.sink = QVideoSink()
        """Where frames arrive: a test may push its own."""
        self._devices = QMediaDevices()
        self.sink.videoFrameChanged.connect(self.take_note)
        self._devices.videoInputsChanged.connect(self._look_whether_there)
        app = QCoreApplication.instance()
        if app is not None:
            app.aboutToQuit.connect(self.close)

    def open(self, camera_id: str) -> None:
        """Ask for permission where that is needed, then start."""
        self._id = camera_id
        app, permission = QCoreApplication.instance(), QCameraPermission()
        assert app is not None
        match app.checkPermission(permission):
            case Qt.PermissionStatus.Undetermined:
                app.requestPermission(permission, self, lambda _answer: self.open(camera_id))
            case Qt.PermissionStatus.Denied:
                self._fail(DeviceError("camera.denied"))
            case _:
                self._begin()

    @Slot()
    def close(self) -> None:
        self._on_frame = None
        if self._camera is not None:
            self._camera.stop()
            self._session.setCamera(None)  # type: ignore[arg-type]
            self._camera = None

    def _begin(self) -> None:
        from PySide6.QtMultimedia import QCamera, QMediaDevices

        device = next((one for one in QMediaDevices.videoInputs() if _id_of(one) == self._id), None)
        if device is None:
            self._fail(DeviceError("device.missing"))
            return
        self._camera = QCamera(device)
        best = best_format(device.videoFormats())
        if best is not None:
            self._camera.setCameraFormat(best)
        self._camera.errorOccurred.connect(self._broke)
        self._session.setCamera(self._camera)
        self._session.setVideoSink(self.sink)
        self._camera.start()

    @Slot(object)
    def take_note(self, frame: QVideoFrame) -> None:
        """The frame is a reference that costs nothing; `toImage` is what takes time."""
        if self._on_frame is not None and frame.isValid():
            self._on_frame(Frame(monotonic(), frame.toImage))

    @Slot()
    def _look_whether_there(self) -> None:
        if self._camera is not None and self._id not in {camera.camera_id for camera in _listed()}:
            self._fail(DeviceError("device.unplugged"))

    def _broke(self, error: QCamera.Error, _text: str) -> None:
        _log.warning("camera error %s", error.name)
        self._fail(DeviceError("device.broken"))

    def _fail(self, problem: DeviceError) -> None:
        if self._on_frame is not None:
            self.close()
            self._on_trouble(problem)


def best_format(formats: list[QCameraFormat]) -> QCameraFormat | None:
    """The largest picture up to full HD that still moves; of equal ones the fastest."""

    def worth(form: QCameraFormat) -> tuple[bool, bool, int, float]:
        size = form.resolution()
        area = size.width() * size.height()
        fits = area <= _LARGEST
        return form.maxFrameRate() >= _SLOWEST, fits, area if fits else -area, form.maxFrameRate()

    return max(formats, key=worth, default=None)
