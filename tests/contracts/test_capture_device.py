"""What every capture device keeps to: those behind SBI, with the simulator, cameras, and the fake of the tests.

A new driver adds its devices to DEVICES_UNDER_TEST.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from threading import Event, Thread

import pytest
from PySide6.QtGui import QImage

from station.capture.camera.device import CameraDevice
from station.capture.camera.file_camera import FileCamera
from station.capture.lab import Lab
from station.domain.biometrics import IRISES, MAX_BYTES, RIGHT_FOUR, DeviceInfo, Modality, Part
from station.domain.errors import DeviceError
from station.domain.ports import CaptureDevice, Order, Preview
from station.training.simulator.faults import Fault
from station.training.simulator.process import Simulator
from tests import poses
from tests.fakes.scripted_device import ScriptedDevice
from tests.simulated import devices

TARGETS: dict[Modality, tuple[Part, ...]] = {
    Modality.FACE: (Part.FACE,),
    Modality.FINGER: (RIGHT_FOUR[0], RIGHT_FOUR[2]),
    Modality.IRIS: IRISES,
    Modality.SIGNATURE: (Part.SIGNATURE,),
}
SBI = (Modality.FACE, Modality.FINGER, Modality.IRIS)
DEVICES_UNDER_TEST = [("scripted", kind) for kind in TARGETS] + [("sbi", kind) for kind in SBI]
DEVICES_UNDER_TEST += [("camera", Modality.FACE)]

Hang = Callable[[], None]


class Bench:
    """A device, opened by nobody, and a way to let its next capture last for ever."""

    def __init__(self, device: CaptureDevice, hang: Hang) -> None:
        self.device, self.hang = device, hang
        self.kind = device.info.kind

    @property
    def order(self) -> Order:
        return Order(TARGETS[self.kind], subject="somebody")


@pytest.fixture(params=DEVICES_UNDER_TEST, ids=[f"{name}-{kind.value}" for name, kind in DEVICES_UNDER_TEST])
def bench(request: pytest.FixtureRequest, lab: Lab, simulator: Simulator) -> Iterator[Bench]:
    name, kind = request.param
    if name == "scripted":
        scripted = ScriptedDevice(kind)
        yield Bench(scripted, lambda: setattr(scripted, "hangs", True))
        return
    if name == "camera":
        yield from _camera(lab)
        return
    device = devices(lab, simulator)[kind]
    yield Bench(device, lambda: simulator.fault(Fault.HANG, 1))
    device.close()


def _camera(lab: Lab) -> Iterator[Bench]:
    """A camera with a drawn person before it. One that hangs is there and shows nothing."""
    shown, goes_on = poses.image(poses.in_a_room(poses.drawn())), Event()
    goes_on.set()

    def drawn(_number: int) -> QImage:
        goes_on.wait()
        return shown

    info = DeviceInfo(Modality.FACE, "C-1", "CONTOH", "Uji", "camera")
    device = CameraDevice(info, FileCamera(drawn, rate=60), lab)
    yield Bench(device, goes_on.clear)
    goes_on.set()
    device.close()


def ignore(_preview: Preview) -> None:
    """Nobody looks at the frames."""


def test_one_capture_per_target_in_order_complete_and_small_enough(bench: Bench) -> None:
    device = bench.device
    device.open()
    captures = device.capture(bench.order, ignore)
    assert tuple(capture.part for capture in captures) == bench.order.targets
    for capture in captures:
        assert 0 < len(capture.image) <= MAX_BYTES[capture.part.modality]
        assert capture.width > 0 and capture.height > 0
        assert 0 <= capture.quality <= 100
        assert capture.attempts == 1
        assert capture.device == device.info
        assert capture.taken_at.tzinfo is not None
        assert bool(capture.strokes) == (capture.part is Part.SIGNATURE)
        assert bool(capture.template) == (capture.part.modality is Modality.FINGER)
    device.close()


def test_watching_shows_frames_as_large_as_they_say_until_it_is_cancelled(bench: Bench) -> None:
    device, frames = bench.device, list[Preview]()
    device.open()

    def seen(frame: Preview) -> None:
        frames.append(frame)
        device.cancel()

    device.watch(bench.order, seen)
    assert frames
    assert all(len(frame.pixels) == frame.width * frame.height * frame.channels for frame in frames)
    assert all(frame.channels in (1, 3) for frame in frames)
    assert device.capture(bench.order, ignore), "who has been watched can be captured"


def test_a_closed_device_captures_nothing(bench: Bench) -> None:
    with pytest.raises(DeviceError):
        bench.device.capture(bench.order, ignore)


def test_parts_of_another_kind_are_refused(bench: Bench) -> None:
    bench.device.open()
    other = Part.SIGNATURE if bench.kind is Modality.FACE else Part.FACE
    for targets in ((other,), ()):
        with pytest.raises(DeviceError):
            bench.device.capture(Order(targets), ignore)


def test_cancel_from_another_thread_ends_a_capture_soon_and_the_device_stays_usable(bench: Bench) -> None:
    device, caught = bench.device, list[str]()
    device.open()
    bench.hang()

    def run() -> None:
        try:
            device.capture(bench.order, ignore)
        except DeviceError as error:
            caught.append(error.code)

    thread = Thread(target=run)
    thread.start()
    while thread.is_alive():  # a cancel that comes before the capture began is nobody's
        device.cancel()
        thread.join(0.01)
    assert caught == ["device.cancelled"]
    device.close()


def test_closing_twice_and_cancelling_when_idle_do_no_harm(bench: Bench) -> None:
    device = bench.device
    device.open()
    device.cancel()
    assert device.capture(bench.order, ignore)
    device.close()
    device.close()


def test_a_device_that_is_well_passes_its_own_test(bench: Bench) -> None:
    bench.device.open()
    bench.device.self_test()
    assert bench.device.capture(bench.order, ignore)  # and it is as usable as before
    bench.device.close()
