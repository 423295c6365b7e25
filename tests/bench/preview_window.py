"""Live pictures of the simulator through SBI, the lab and a device's thread into the widget that shows them.

Prints, for each kind of device, the milliseconds from the last byte of a frame to its painting; beside it the same
with pictures that Qt unpacks in the window's process.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Sequence
from time import monotonic

from PySide6.QtCore import QEventLoop, QTimer
from PySide6.QtGui import QImage, QPaintEvent
from PySide6.QtWidgets import QApplication

from station.capture.lab import Lab
from station.capture.sbi.driver import SbiDriver
from station.capture.sbi.house import House
from station.capture.sbi.names import Environment
from station.capture.sbi.reader import LabReader, Reader, Sent, Taken
from station.capture.sbi.trust import Trust
from station.domain.biometrics import IRISES, RIGHT_FOUR, Modality, Part
from station.domain.ports import Order, Preview
from station.training.people import PEOPLE
from station.training.simulator.process import Simulator
from station.ui.device_thread import DeviceThread
from station.ui.widgets.preview import PreviewView

FRAME_MS = 33
WARM_UP = 15
LONGEST_MS = 30_000
WATCHED: dict[Modality, tuple[Part, ...]] = {
    Modality.FINGER: RIGHT_FOUR,
    Modality.IRIS: IRISES,
    Modality.FACE: (Part.FACE,),
}


class QtReader:
    """The least: Qt unpacks the frame where it is, and nobody measures it."""

    def read(self, sent: Sequence[Sent], order: Order) -> tuple[Taken, ...]:
        raise NotImplementedError

    def preview(self, kind: Modality, jpeg: bytes, order: Order) -> Preview:
        image = QImage.fromData(jpeg).convertToFormat(QImage.Format.Format_RGB888)
        rows, row = bytes(image.constBits()), image.width() * 3
        step = image.bytesPerLine()
        pixels = b"".join(rows[at : at + row] for at in range(0, step * image.height(), step))
        return Preview(pixels, image.width(), image.height(), 3)

    def measured(self, kind: Modality, jpeg: bytes, order: Order) -> Preview:
        return Preview(b"", 0, 0, 1)


class Watched(PreviewView):
    """The widget of the steps, with a stop-watch behind its painting."""

    def __init__(self, lane: DeviceThread) -> None:
        super().__init__()
        self.taken_ms: list[float] = []
        self._lane = lane
        self._came = 0.0
        lane.previewed.connect(self._show)

    def _show(self) -> None:
        frame = self._lane.take_frame()
        if frame is not None:
            self._came = frame.received_at
            self.show_frame(frame, "")

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if self._came:
            self.taken_ms.append((monotonic() - self._came) * 1000)
            self._came = 0.0


def watch(house: House, kind: Modality, count: int) -> list[float]:
    """Look through the device of `kind` until `count` frames were painted, the first few not counted."""
    driver = SbiDriver(house)
    lane = DeviceThread(driver.device(next(found for found in driver.look() if found.info.kind is kind)))
    view = Watched(lane)
    view.resize(900, 520)
    view.show()
    loop, timer, limit = QEventLoop(), QTimer(), QTimer()
    timer.timeout.connect(lambda: loop.quit() if len(view.taken_ms) >= count + WARM_UP else None)
    timer.start(50)
    limit.setSingleShot(True)
    limit.timeout.connect(loop.quit)
    limit.start(LONGEST_MS)
    lane.watch(Order(WATCHED[kind]))
    loop.exec()
    lane.stop()
    view.close()
    if len(view.taken_ms) < count + WARM_UP:
        raise SystemExit(f"{kind}: only {len(view.taken_ms)} frames in {LONGEST_MS} ms")
    return view.taken_ms[WARM_UP:]


def main() -> int:
    count = int(sys.argv[1])
    qt = QApplication(sys.argv[:1])
    lab = Lab()
    lab.warm_up()
    # Its serial numbers are its own: other simulators may run on this computer.
    simulator = Simulator(frame_ms=FRAME_MS, person=PEOPLE[0], more=f"--number {os.getpid() % 1_000_000}")
    try:
        figures = {}
        for name, reader in (("bare", QtReader()), ("lab", LabReader(lab))):  # the simulator draws ahead meanwhile
            figures[name] = {kind.value: watch(_house(simulator, reader), kind, count) for kind in WATCHED}
    finally:
        simulator.close()
        lab.close()
        qt.quit()
    print(json.dumps(figures))
    return 0


def _house(simulator: Simulator, reader: Reader) -> House:
    return House(reader, Trust(simulator.trust), Environment.DEVELOPER, ports=(simulator.port,))


if __name__ == "__main__":
    sys.exit(main())
