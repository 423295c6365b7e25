"""A camera as a capture device: live with one hint, the best picture taken, trouble in words, and never blocked."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from dataclasses import replace
from queue import SimpleQueue
from threading import Event, Thread

import numpy as np
import pytest
from PIL import Image
from PySide6.QtGui import QImage

from station.capture.camera import device as camera_device
from station.capture.camera.device import CameraDevice
from station.capture.camera.file_camera import FileCamera
from station.capture.camera.gauge import Gauge
from station.capture.camera.newest import Newest
from station.capture.camera.source import Frame, Look, pixels, upright
from station.capture.camera.steady import Steady
from station.capture.lab import Lab
from station.domain.biometrics import MAX_BYTES, DeviceInfo, Modality, Part
from station.domain.eligibility import Background
from station.domain.errors import DeviceError
from station.domain.policy import STANDARD
from station.domain.ports import Order, Preview
from tests import poses
from tests.poses import ASLEEP, WOMAN, Rgb, drawn, image

INFO = DeviceInfo(Modality.FACE, "C-1", "CONTOH", "Uji", "test")
FACE = (Part.FACE,)
RED = Order(FACE, background=Background.RED)
LONG_S = 20.0


@pytest.fixture(scope="module")
def lab() -> Iterator[Lab]:
    lab = Lab(1)
    yield lab
    lab.close()


@pytest.fixture
def camera(lab: Lab) -> Iterator[Callable[..., CameraDevice]]:
    """Makes an open camera that shows these pictures over and over; None stands for being unplugged."""
    made: list[CameraDevice] = []

    def make(*shown: Rgb | None) -> CameraDevice:
        images = [None if picture is None else image(picture) for picture in shown]
        device = CameraDevice(INFO, FileCamera(lambda number: images[number % len(images)], rate=100), lab)
        device.open()
        made.append(device)
        return device

    yield make
    for device in made:
        device.close()


def refused(device: CameraDevice, order: Order = RED) -> str:
    with pytest.raises(DeviceError) as problem:
        device.capture(order, lambda _frame: None)
    return problem.value.code


def watched(device: CameraDevice, until: Callable[[Preview], bool], order: Order = RED) -> Preview:
    """Watch until a frame is as wanted."""
    seen: SimpleQueue[Preview] = SimpleQueue()
    thread = Thread(target=device.watch, args=(order, seen.put))
    thread.start()
    while not until(frame := seen.get(timeout=LONG_S)):
        continue
    device.cancel()
    thread.join(LONG_S)
    assert not thread.is_alive()
    return frame


def test_a_good_person_is_shown_live_and_may_be_taken_at_once(camera: Callable[..., CameraDevice]) -> None:
    frame = watched(camera(poses.in_a_room(drawn())), lambda frame: frame.ready)
    assert (frame.width, frame.height, frame.channels) == (360, 480, 3), "the upright middle of a wide picture"
    assert frame.hint == ""
    assert frame.received_at > 0
    assert len(frame.pixels) == 360 * 480 * 3


def test_what_is_wrong_is_told_while_looking(camera: Callable[..., CameraDevice]) -> None:
    frame = watched(camera(poses.in_a_room(drawn(ASLEEP))), lambda frame: bool(frame.hint))
    assert frame.hint == "face.eyes_closed"
    assert not frame.ready


def test_the_portrait_is_small_measured_and_framed(camera: Callable[..., CameraDevice]) -> None:
    device = camera(poses.in_a_room(drawn()))
    (capture,) = device.capture(RED, lambda _frame: None)
    assert capture.part is Part.FACE
    assert (capture.width, capture.height) == (480, 640)
    assert len(capture.image) <= MAX_BYTES[Modality.FACE]
    assert capture.remarks == ()
    assert capture.quality >= 80
    assert capture.device == INFO


def test_of_a_few_pictures_the_best_is_kept(lab: Lab) -> None:
    blinking, sharp = image(poses.in_a_room(drawn(ASLEEP))), image(poses.in_a_room(drawn()))
    seen: list[str] = []
    device = CameraDevice(INFO, FileCamera(lambda _number: sharp if seen else blinking, rate=100), lab)
    device.open()
    (capture,) = device.capture(RED, lambda frame: seen.append(frame.hint))
    device.close()
    assert seen[0] == "face.eyes_closed", "the first one is not the best"
    assert capture.remarks == ()


def test_a_picture_with_something_wrong_is_taken_and_says_so(camera: Callable[..., CameraDevice]) -> None:
    (capture,) = camera(poses.in_a_room(drawn(WOMAN, 2))).capture(RED, lambda _frame: None)
    assert capture.remarks == ("face.background",)


def test_nobody_and_two_people_are_no_portrait(camera: Callable[..., CameraDevice]) -> None:
    assert refused(camera(np.full((720, 1280, 3), 128, np.uint8))) == "face.none"
    two = poses.in_a_room(poses.beside(drawn(), drawn(WOMAN, 2)))
    assert refused(camera(two)) == "face.many"


def test_whoever_the_program_cannot_see_is_not_sent_home(camera: Callable[..., CameraDevice]) -> None:
    device = camera(np.full((720, 1280, 3), 128, np.uint8))
    (capture,) = device.capture(Order(FACE, STANDARD.tries), lambda _frame: None)
    assert capture.remarks == ("face.none",)
    assert (capture.width, capture.height) == (480, 640)


def test_what_was_seen_of_the_person_before_is_never_the_photo_of_the_next(
    lab: Lab, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(camera_device, "AROUND_S", 1e9)  # however fast the operator is
    pictures = [image(poses.in_a_room(drawn()))]
    device = CameraDevice(INFO, FileCamera(lambda _number: pictures[-1], rate=100), lab)
    device.open()
    before = Order(FACE, subject="record-1", background=Background.RED)
    watched(device, lambda frame: frame.ready, before)
    pictures.append(image(np.full((720, 1280, 3), 128, np.uint8)))  # the chair is empty
    watched(device, lambda _frame: True, replace(before, still=True))  # what the camera saw last is of the chair
    assert refused(device, replace(before, subject="record-2")) == "face.none"
    device.close()


def test_a_document_is_taken_whole_and_nobody_looks_for_a_face(camera: Callable[..., CameraDevice]) -> None:
    paper = np.full((1080, 1920, 3), 240, np.uint8)
    device = camera(paper)
    (capture,) = device.capture(Order(FACE, still=True), lambda _frame: None)
    assert (capture.width, capture.height) == (1920, 1080)
    with Image.open(io.BytesIO(capture.image)) as opened:
        assert (opened.format, opened.size) == ("JPEG", (1920, 1080))
    shown = watched(device, lambda _frame: True, Order(FACE, still=True))
    assert (shown.width, shown.height, shown.hint) == (852, 480, "")


def test_a_camera_that_is_unplugged_says_so_and_works_again_when_it_is_back(lab: Lab) -> None:
    plugged = Event()
    plugged.set()
    shown = image(poses.in_a_room(drawn()))
    device = CameraDevice(INFO, FileCamera(lambda _number: shown if plugged.is_set() else None, rate=100), lab)
    device.open()
    frames: SimpleQueue[Preview] = SimpleQueue()
    problems: SimpleQueue[str] = SimpleQueue()

    def look() -> None:
        try:
            device.watch(RED, frames.put)
        except DeviceError as problem:
            problems.put(problem.code)

    Thread(target=look).start()
    frames.get(timeout=LONG_S)
    plugged.clear()
    assert problems.get(timeout=LONG_S) == "device.unplugged"
    assert refused(device) == "device.missing"
    plugged.set()
    (capture,) = device.capture(RED, lambda _frame: None)
    assert capture.remarks == ()
    device.close()


def test_a_lab_that_dies_of_a_picture_costs_hints_and_not_the_live_picture(
    camera: Callable[..., CameraDevice], lab: Lab
) -> None:
    device = camera(poses.in_a_room(drawn()))
    broken = CameraDevice(INFO, FileCamera(lambda _number: image(drawn()), rate=100), _closed())
    broken.open()
    shown: list[Preview] = []
    frame = watched(broken, lambda frame: len(shown.append(frame) or shown) > 5)  # type: ignore[func-returns-value]
    assert (frame.hint, frame.ready) == ("", False)
    broken.close()
    assert watched(device, lambda frame: frame.ready).ready


def test_only_a_face_is_captured_and_only_by_an_open_camera(camera: Callable[..., CameraDevice], lab: Lab) -> None:
    assert refused(camera(drawn()), Order((Part.FINGER_01,))) == "device.wrong_part"
    shut = CameraDevice(INFO, FileCamera(lambda _number: None), lab)
    assert refused(shut) == "device.not_open"


@pytest.mark.parametrize(
    ("picture", "code"),
    [
        (np.full((360, 480, 3), 128, np.uint8), "camera.coarse"),
        (np.zeros((720, 1280, 3), np.uint8), "camera.black"),
        (None, "device.missing"),
    ],
)
def test_the_self_test_says_what_is_wrong(camera: Callable[..., CameraDevice], picture: Rgb | None, code: str) -> None:
    with pytest.raises(DeviceError) as problem:
        camera(picture).self_test()
    assert problem.value.code == code


def test_the_self_test_of_a_good_camera_looks_and_is_silent(lab: Lab) -> None:
    shown, room = list[int](), image(poses.in_a_room(drawn()))

    def picture(number: int) -> QImage:
        shown.append(number)
        return room

    device = CameraDevice(INFO, FileCamera(picture, rate=100), lab)
    device.open()
    device.self_test()
    assert shown
    device.close()


# ----------------------------------------------------------------------------------------------------- its parts


def test_never_more_than_one_picture_is_with_the_lab() -> None:
    asked, let_go = SimpleQueue[int](), Event()

    class SlowLab(Lab):
        def ask(self, *_args: object, **_more: object) -> None:  # type: ignore[override]
            asked.put(1)
            let_go.wait(LONG_S)
            raise DeviceError("lab.too_slow")

    gauge = Gauge(SlowLab(1), None)
    look = Look(image(drawn()), image(drawn()), 0.0)
    assert [gauge.offer(look) for _ in range(5)] == [None] * 5
    asked.get(timeout=LONG_S)
    assert asked.empty()
    let_go.set()
    gauge.close()


def test_a_slow_taker_gets_the_newest_frame_and_misses_the_others() -> None:
    newest = Newest()
    for at in range(3):
        newest.put(Frame(at, QImage))
    assert newest.take(1.0).at == 2
    with pytest.raises(DeviceError, match=r"device\.timeout"):
        newest.take(0.0)


def test_a_hint_holds_still_until_another_has_lasted() -> None:
    steady = Steady(hold_s=0.3)
    assert steady.say("", 0.0) == ""
    assert steady.say("face.turned", 0.1) == "", "a glance aside"
    assert steady.say("", 0.2) == ""
    assert steady.say("face.dark", 1.0) == ""
    assert steady.say("face.dark", 1.2) == ""
    assert steady.say("face.dark", 1.3) == "face.dark"


@pytest.mark.parametrize(("width", "height"), [(641, 481), (1280, 720), (333, 777), (480, 640)])
def test_the_upright_part_has_the_shape_of_a_portrait_and_no_gaps(width: int, height: int) -> None:
    part = upright(image(np.arange(height * width * 3, dtype=np.uint32).astype(np.uint8).reshape(height, width, 3)))
    assert abs(part.width() / part.height() - 0.75) < 0.01
    assert len(pixels(part)) == part.width() * part.height() * 3


def test_rows_with_gaps_lose_them() -> None:
    picture = np.arange(5 * 7 * 3, dtype=np.uint8).reshape(7, 5, 3)
    assert pixels(image(picture)) == picture.tobytes(), "five pixels do not fill a multiple of four bytes"


def _closed() -> Lab:
    lab = Lab(1)
    lab.close()
    return lab
