"""Pictures that stand in for a camera: of a folder, one after the other, or of anything that draws them.

It must not know what they show. For tests, and for training on a computer without a camera.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from threading import Event, Thread
from time import monotonic

from PySide6.QtGui import QImage

from station.capture.camera.source import Frame
from station.domain.errors import DeviceError

RATE = 25.0
_STILL_S = 2.0  # a picture of a folder stays this long
_PICTURES = (".jpg", ".jpeg", ".png")

Drawn = Callable[[int], QImage | None]
"""The picture with this number, from 0; None when the camera is unplugged."""


class FileCamera:
    """A CameraSource with a thread of its own that shows what `drawn` gives, `rate` times a second."""

    def __init__(self, drawn: Drawn, *, rate: float = RATE) -> None:
        self._drawn = drawn
        self._rate = rate
        self._halt = Event()

    def start(self, on_frame: Callable[[Frame], None], on_trouble: Callable[[DeviceError], None]) -> None:
        self._halt.set()
        self._halt = halt = Event()
        Thread(target=self._run, args=(halt, on_frame, on_trouble), name="file-camera", daemon=True).start()

    def stop(self) -> None:
        self._halt.set()

    def _run(self, halt: Event, on_frame: Callable[[Frame], None], on_trouble: Callable[[DeviceError], None]) -> None:
        number = 0
        while not halt.wait(1 / self._rate):
            image = self._drawn(number)
            if image is None:
                on_trouble(DeviceError("device.unplugged" if number else "device.missing"))
                return
            on_frame(Frame(monotonic(), lambda image=image: image))  # type: ignore[misc]
            number += 1


def folder_camera(folder: Path, *, rate: float = RATE) -> FileCamera:
    """The pictures of `folder`, or the one picture that `folder` is, over and over."""
    files = [folder] if folder.is_file() else sorted(file for file in folder.glob("*") if file.suffix in _PICTURES)
    each = max(1, round(_STILL_S * rate))
    shown: dict[Path, QImage] = {}

    def drawn(number: int) -> QImage | None:
        if not files:
            return None
        file = files[number // each % len(files)]
        if file not in shown:
            shown.clear()  # one large picture in memory is enough
            shown[file] = QImage(str(file))
        return None if shown[file].isNull() else shown[file]

    return FileCamera(drawn, rate=rate)
