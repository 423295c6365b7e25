"""How many live frames of a camera are measured in a second."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from time import perf_counter

from PySide6.QtCore import QBuffer, QIODevice
from PySide6.QtGui import QImage

from station.capture.camera.gauge import Gauge
from station.capture.camera.source import Frame, Look
from station.capture.lab import Lab
from station.domain.eligibility import Background
from tests import poses
from tests.bench.failed import BenchFailed
from tests.bench.pairs import beside
from tests.bench.row import Row
from tests.bench.site import Site

TURNS = 5
FRAMES = 20
BESIDE = "frames of the same camera unpacked from JPEG one after the other, 1280 by 720, nothing measured"


def face(site: Site) -> Iterator[Row]:
    """capture.face.frames_per_s: frames of 1280 by 720 cut, made small and measured in the lab, one after the other.

    All that is done for a hint: BlazeFace, mesh, pose, eyes, light and wall, there and back through the lab's child. At
    least 10. More is better; in the window no more than 16 a second are asked for. Beside: a plain loop that only
    unpacks the frame's JPEG.
    """
    picture = poses.image(poses.in_a_room(poses.drawn()))
    packed = _jpeg(picture)
    lab = Lab(1)
    gauge = Gauge(lab, Background.RED)
    try:
        if gauge.measured(Look.at_person(Frame(0.0, lambda: picture))).report.findings:  # also loads the networks
            raise BenchFailed("capture.face: the drawn person is not as a person should sit")
        site.say(f"measuring {FRAMES} frames, {TURNS} times")
        measured = _a_second(lambda: gauge.measured(Look.at_person(Frame(0.0, lambda: picture))))
        unpacked = _a_second(lambda: QImage.fromData(packed).convertToFormat(QImage.Format.Format_RGB888))
        value, other = beside(TURNS, measured, unpacked)
    finally:
        gauge.close()
        lab.close()
    yield Row("capture.face.frames_per_s", value, "1/s", other, BESIDE, TURNS * FRAMES)


def _a_second(work: Callable[[], object]) -> Callable[[int], float]:
    def rate(_turn: int) -> float:
        started = perf_counter()
        for _ in range(FRAMES):
            work()
        return FRAMES / (perf_counter() - started)

    return rate


def _jpeg(image: QImage) -> bytes:
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    image.save(buffer, "JPEG", 90)  # type: ignore[call-overload]
    return bytes(buffer.data().data())
