"""The simulated devices: their faults, their hints, and that what they measure is real."""

from __future__ import annotations

import numpy as np
import pytest

from station.capture import simulated_devices
from station.capture.codecs import decode_jp2, decode_jpeg, decode_png, decode_wsq
from station.capture.iris_measure import NO_EYE, measure_iris
from station.capture.quality import face_quality, iris_quality, nfiq2, signature_quality
from station.capture.scene import Sample
from station.capture.simulated import AT_ONCE, Faults, Pace, SimulatedDevice
from station.domain.biometrics import FINGERS, IRISES, SLAPS, Capture, Modality, Part, Stroke, good_enough
from station.domain.errors import DeviceError
from station.domain.ports import CaptureDevice, Order, Preview
from station.training.drawing.irises import Gaze, eye
from station.training.people import PEOPLE
from station.training.scene import TrainingScene

SCENE = TrainingScene(PEOPLE[1])
FINGER = (Part.FINGER_02,)


def finger_device(faults: Faults | None = None, pace: Pace = AT_ONCE) -> SimulatedDevice:
    device = SimulatedDevice(Modality.FINGER, SCENE, pace=pace, faults=faults)
    device.open()
    return device


def ignore(_preview: Preview) -> None:
    """Nobody looks at the frames."""


def error_of(device: CaptureDevice, targets: tuple[Part, ...] = FINGER) -> str:
    with pytest.raises(DeviceError) as caught:
        device.capture(Order(targets, 1), ignore)
    return caught.value.code


def test_a_whole_person_is_good_enough_and_fits_300_kilobytes() -> None:
    devices = simulated_devices(SCENE, pace=AT_ONCE)
    captures: list[Capture] = []
    for targets in (*SLAPS, IRISES, (Part.FACE,), (Part.SIGNATURE,)):
        device = devices[targets[0].modality]
        device.open()
        captures += device.capture(Order(targets, 1), ignore)
    assert {capture.part for capture in captures} == set(Part)
    assert all(good_enough(capture.part, capture.quality) for capture in captures)
    assert sum(len(capture.image) for capture in captures) <= 300 * 1024
    decoders = {
        Modality.FACE: decode_jpeg,
        Modality.FINGER: decode_wsq,
        Modality.IRIS: decode_jp2,
        Modality.SIGNATURE: decode_png,
    }
    for capture in captures:
        assert decoders[capture.part.modality](capture.image).shape[:2] == (capture.height, capture.width)


def test_an_unplugged_device_neither_opens_nor_captures_until_it_is_plugged_in_again() -> None:
    faults = Faults()
    device = finger_device(faults)
    faults.unplugged = True
    assert error_of(device) == "device.unplugged"
    with pytest.raises(DeviceError, match="unplugged"):
        device.open()
    faults.unplugged = False
    assert device.capture(Order(FINGER, 1), ignore)


def test_a_cable_pulled_between_two_frames_ends_the_capture() -> None:
    faults = Faults()
    device = finger_device(faults, Pace(frames=5, frame_s=0.0))

    def pull(_preview: Preview) -> None:
        faults.unplugged = True

    with pytest.raises(DeviceError, match="unplugged"):
        device.capture(Order(FINGER, 1), pull)


def test_a_hanging_device_times_out() -> None:
    assert error_of(finger_device(Faults(hangs=True))) == "device.timeout"


def test_a_finger_that_is_not_there_is_waited_for_in_vain() -> None:
    fingerless = next(person for person in PEOPLE if person.absent == FINGERS)
    device = SimulatedDevice(Modality.FINGER, TrainingScene(fingerless), pace=AT_ONCE)
    device.open()
    assert error_of(device) == "device.timeout"


def test_a_poor_first_attempt_is_below_the_floor_with_a_hint_and_the_second_is_not() -> None:
    device = finger_device(Faults(poor_attempts=1))
    hints: list[str] = []
    first = device.capture(Order(FINGER, 1), lambda frame: hints.append(frame.hint))[0]
    second = device.capture(Order(FINGER, 2), ignore)[0]
    assert not good_enough(first.part, first.quality)
    assert good_enough(second.part, second.quality)
    assert hints
    assert all(hint.startswith("finger.") for hint in hints)


def test_a_good_finger_brings_no_hint() -> None:
    hints: list[str] = []
    finger_device().capture(Order(FINGER, 1), lambda frame: hints.append(frame.hint))
    assert hints == [""]


def test_serial_numbers_name_the_kind_of_device() -> None:
    serials = {kind: device.info.serial for kind, device in simulated_devices(SCENE).items()}
    assert serials[Modality.FINGER] == "SIM-SLAP-0001"
    assert len(set(serials.values())) == len(Modality)


def test_the_next_person_can_be_drawn_in_the_background_and_looks_the_same() -> None:
    waiting, prepared = TrainingScene(PEOPLE[2]), TrainingScene(PEOPLE[0])
    prepared.prepare(PEOPLE[2])
    prepared.close()
    prepared.seat(PEOPLE[2])
    assert prepared.person is PEOPLE[2]
    first, second = (scene.look(Part.FINGER_03, 1, poor=False) for scene in (waiting, prepared))
    assert isinstance(first, Sample) and isinstance(second, Sample)
    assert np.array_equal(first.pixels, second.pixels)


def test_worn_ridges_stay_poor_in_every_attempt() -> None:
    worn = next(person for person in PEOPLE if person.worn)
    device = SimulatedDevice(Modality.FINGER, TrainingScene(worn), pace=AT_ONCE)
    device.open()
    assert all(device.capture(Order(FINGER, attempt), ignore)[0].quality < 40 for attempt in (1, 2, 3))


@pytest.mark.parametrize("level", [0, 128, 255])
def test_an_empty_glass_scores_nothing(level: int) -> None:
    assert nfiq2(np.full((500, 400), level, np.uint8)) == 0
    assert iris_quality(np.full((480, 640), level, np.uint8)) == 0


def test_iris_quality_falls_with_movement_and_with_the_lid() -> None:
    steady = measure_iris(eye(7, right=True))
    moving = measure_iris(eye(7, right=True, gaze=Gaze.MOVING))
    closed = measure_iris(eye(7, right=True, gaze=Gaze.HALF_CLOSED))
    assert steady.quality >= 75
    assert 105 < steady.radius_px < 123
    assert (moving.weakest, closed.weakest) == ("sharpness", "visible")
    assert max(moving.quality, closed.quality) < 60


def test_an_eye_without_a_dark_pupil_is_no_eye() -> None:
    assert measure_iris(np.maximum(eye(7, right=True), 90)) == NO_EYE


def test_face_quality_falls_in_the_dark_and_out_of_focus() -> None:
    good, blurred = (SCENE.look(Part.FACE, 1, poor=poor) for poor in (False, True))
    assert good is not None and blurred is not None
    assert face_quality(good.pixels) >= 80
    assert face_quality(good.pixels // 8) < 40
    assert face_quality(blurred.pixels) < 50


def test_a_signature_counts_by_how_much_was_written() -> None:
    short = Stroke(((0.0, 0.0, 0, 0.5), (60.0, 0.0, 8, 0.5)))
    assert signature_quality(()) == 0
    assert signature_quality((short,)) == 10
    assert signature_quality((short,) * 20) == 100
