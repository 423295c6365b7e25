"""What every capture device keeps to, real or simulated. A new driver adds one line to DEVICES_UNDER_TEST."""

from __future__ import annotations

from collections.abc import Callable
from threading import Thread

import pytest

from station.capture import DEVICES
from station.capture.simulated import AT_ONCE, Pace, SimulatedDevice
from station.domain.biometrics import IRISES, MAX_BYTES, RIGHT_FOUR, Modality, Part
from station.domain.errors import DeviceError
from station.domain.ports import CaptureDevice, Order, Preview
from station.training.people import PEOPLE
from station.training.scene import TrainingScene

Make = Callable[[bool], CaptureDevice]
TARGETS: dict[Modality, tuple[Part, ...]] = {
    Modality.FACE: (Part.FACE,),
    Modality.FINGER: (RIGHT_FOUR[0], RIGHT_FOUR[2]),
    Modality.IRIS: IRISES,
    Modality.SIGNATURE: (Part.SIGNATURE,),
}
SCENE = TrainingScene(PEOPLE[0])


def simulated(kind: Modality) -> Make:
    # Slow means: longer than any test may last, so only cancelling ends it.
    return lambda slow: SimulatedDevice(kind, SCENE, pace=Pace(frames=3, frame_s=600.0) if slow else AT_ONCE)


DEVICES_UNDER_TEST: dict[str, Make] = {f"simulated-{kind}": simulated(kind) for kind in Modality}


@pytest.fixture(params=list(DEVICES_UNDER_TEST.values()), ids=list(DEVICES_UNDER_TEST))
def make(request: pytest.FixtureRequest) -> Make:
    made: Make = request.param
    return made


def ignore(_preview: Preview) -> None:
    """Nobody looks at the frames."""


def wrong_target(device: CaptureDevice) -> Part:
    return Part.SIGNATURE if device.info.kind is Modality.FACE else Part.FACE


def test_every_known_driver_is_under_test() -> None:
    assert {driver.name for driver in DEVICES} == {name.split("-")[0] for name in DEVICES_UNDER_TEST}


def test_one_capture_per_target_in_order_complete_and_small_enough(make: Make) -> None:
    device = make(False)
    device.open()
    targets = TARGETS[device.info.kind]
    captures = device.capture(Order(targets, 1), ignore)
    assert tuple(capture.part for capture in captures) == targets
    for capture in captures:
        assert 0 < len(capture.image) <= MAX_BYTES[capture.part.modality]
        assert capture.width > 0 and capture.height > 0
        assert 0 <= capture.quality <= 100
        assert capture.attempts == 1
        assert capture.device == device.info
        assert capture.taken_at.tzinfo is not None
        assert bool(capture.strokes) == (capture.part is Part.SIGNATURE)
    device.close()


def test_frames_are_as_large_as_they_say(make: Make) -> None:
    device, frames = make(False), list[Preview]()
    device.open()
    device.capture(Order(TARGETS[device.info.kind], 1), frames.append)
    assert frames
    assert all(len(frame.pixels) == frame.width * frame.height * frame.channels for frame in frames)
    assert all(frame.channels in (1, 3) for frame in frames)


def test_a_closed_device_captures_nothing(make: Make) -> None:
    device = make(False)
    with pytest.raises(DeviceError):
        device.capture(Order(TARGETS[device.info.kind], 1), ignore)


def test_parts_of_another_kind_are_refused(make: Make) -> None:
    device = make(False)
    device.open()
    with pytest.raises(DeviceError):
        device.capture(Order((wrong_target(device),), 1), ignore)
    with pytest.raises(DeviceError):
        device.capture(Order((), 1), ignore)


def test_cancel_from_another_thread_ends_a_capture_soon_and_the_device_stays_usable(make: Make) -> None:
    device, caught = make(True), list[str]()
    device.open()

    def run() -> None:
        try:
            device.capture(Order(TARGETS[device.info.kind], 1), ignore)
        except DeviceError as error:
            caught.append(error.code)

    thread = Thread(target=run)
    thread.start()
    while thread.is_alive():  # a cancel that comes before the capture began is nobody's
        device.cancel()
        thread.join(0.01)
    assert caught == ["device.cancelled"]
    device.close()


def test_closing_twice_and_cancelling_when_idle_do_no_harm(make: Make) -> None:
    device = make(False)
    device.open()
    device.cancel()
    assert device.capture(Order(TARGETS[device.info.kind], 1), ignore)
    device.close()
    device.close()
