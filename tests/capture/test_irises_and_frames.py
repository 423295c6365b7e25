"""Eyes and live frames read in the lab."""

from __future__ import annotations

from io import BytesIO

import numpy as np
import pytest
from PIL import Image

from station.capture import codecs
from station.capture.iris_measure import measure_iris
from station.capture.iso19794 import Coding, ImageRecord, write
from station.capture.lab import Lab
from station.capture.tasks import frames, irises
from station.domain.biometrics import Modality, Part
from station.domain.errors import DeviceError
from station.domain.policy import STANDARD
from station.training.drawing.impressions import Condition
from station.training.drawing.irises import Gaze, eye
from tests.fakes.drawn_fingers import PAPER, Pixels, drawn, slap

FLOOR = STANDARD.iris_quality


def jpeg(pixels: Pixels) -> bytes:
    buffer = BytesIO()
    Image.fromarray(pixels).save(buffer, "JPEG", quality=80)
    return buffer.getvalue()


def record(pixels: Pixels, position: int) -> bytes:
    height, width = pixels.shape
    data = codecs.encode_jp2_lossless(pixels)
    return write(ImageRecord(Modality.IRIS, position, width, height, Coding.JP2, data))


def with_lens(pixels: Pixels, amount: float, shift: float = 0) -> Pixels:
    """A ring in the white of the eye, as the edge of a soft lens shows."""
    y, x = np.mgrid[0:480, 0:640]
    distance = np.hypot(x - 320 - shift, y - 240)
    ring = amount * np.exp(-(((distance - 1.22 * 114) / 2.5) ** 2)) * (pixels > 140)
    return np.asarray(np.clip(pixels + ring, 0, 255), dtype=np.uint8)


def faint(pixels: Pixels) -> Pixels:
    """Light falls into the camera: the pupil is no longer black beside a dark iris."""
    y, x = np.mgrid[0:480, 0:640]
    iris = (pixels > 60) & (pixels < 150) & (np.hypot(x - 320, y - 240) < 118)
    return np.asarray(np.clip(pixels.astype(int) - 40 * iris + 28 * (pixels < 40), 0, 255), dtype=np.uint8)


def from_afar(pixels: Pixels) -> Pixels:
    """Less than half as large, on plain skin."""
    small = np.asarray(Image.fromarray(pixels).resize((288, 216), Image.Resampling.LANCZOS))
    return np.pad(small, ((132, 132), (176, 176)), constant_values=165)


def test_an_eye_is_measured_and_packed(lab: Lab) -> None:
    read = irises.read(lab, record(eye(3, right=True), 1), Part.IRIS_RIGHT)
    assert (read.part, read.width, read.height) == (Part.IRIS_RIGHT, 640, 480)
    assert 12_000 <= len(read.jp2) <= 16_000
    assert read.quality >= FLOOR
    assert read.hint == ""
    assert 105 < read.radius_px < 122


@pytest.mark.parametrize(("gaze", "hint"), [(Gaze.MOVING, "iris.sharpness"), (Gaze.HALF_CLOSED, "iris.visible")])
def test_a_bad_picture_of_an_eye_says_why(lab: Lab, gaze: Gaze, hint: str) -> None:
    read = irises.read(lab, record(eye(3, right=True, gaze=gaze), 0), Part.IRIS_RIGHT)
    assert read.quality < FLOOR
    assert read.hint == hint


@pytest.mark.parametrize(
    ("picture", "hint", "good"),
    [
        (faint(eye(4, right=True)), "iris.contrast", False),
        (from_afar(eye(4, right=True)), "iris.size", False),
        (with_lens(eye(4, right=True), -14), "iris.lens", True),
    ],
    ids=["faint", "small", "lens"],
)
def test_the_live_and_the_captured_picture_of_an_eye_say_the_same(
    lab: Lab, picture: Pixels, hint: str, good: bool
) -> None:
    assert frames.read(lab, Modality.IRIS, jpeg(picture)).hint == hint
    read = irises.read(lab, record(picture, 1), Part.IRIS_RIGHT)
    assert (read.hint, read.quality >= FLOOR) == (hint, good)


def test_a_wall_is_no_eye(lab: Lab) -> None:
    read = irises.read(lab, record(np.full((480, 640), 180, np.uint8), 1), Part.IRIS_RIGHT)
    assert (read.quality, read.hint, read.radius_px) == (0, "iris.none", 0)


def test_the_other_eye_is_refused(lab: Lab) -> None:
    with pytest.raises(DeviceError, match=r"device\.other_part"):
        irises.read(lab, record(eye(3, right=True), 2), Part.IRIS_RIGHT)


def test_a_ring_in_the_white_of_the_eye_is_asked_about(lab: Lab) -> None:
    for shift in (0, 6):
        read = irises.read(lab, record(with_lens(eye(4, right=True), -14, shift), 1), Part.IRIS_RIGHT)
        assert read.hint == "iris.lens"
        assert read.quality >= FLOOR


def test_no_eye_without_a_lens_is_asked_about_one() -> None:
    eyes = [eye(seed, right=bool(seed % 2), take=seed, gaze=tuple(Gaze)[seed % 3]) for seed in range(9)]
    assert not [seed for seed, picture in enumerate(eyes) if measure_iris(picture).lens_suspected]


@pytest.mark.parametrize("image", [b"", b"no eye", jpeg(np.zeros((480, 640), np.uint8))[:200], b"IIR\x00020\x00"])
def test_what_is_no_picture_of_an_eye_is_refused(lab: Lab, image: bytes) -> None:
    with pytest.raises(DeviceError, match=r"device\.bad_image"):
        irises.read(lab, image, Part.IRIS_RIGHT)


def test_a_frame_is_made_small_enough_to_paint(lab: Lab) -> None:
    shown = frames.read(lab, Modality.FINGER, jpeg(slap((2, 3, 4, 5))))
    assert (shown.width, shown.height, shown.channels) == (960, 900, 1)
    assert len(shown.pixels) == 960 * 900
    assert shown.hint == ""
    face = frames.read(lab, Modality.FACE, jpeg(np.full((480, 640, 3), 90, np.uint8)))
    assert (face.width, face.height, face.channels, face.hint) == (640, 480, 3, "")


def test_the_pixels_of_a_frame_are_those_of_its_picture(lab: Lab) -> None:
    shown = frames.read(lab, Modality.FINGER, jpeg(drawn(2)))
    pixels = np.frombuffer(shown.pixels, np.uint8).reshape(shown.height, shown.width)
    assert np.abs(pixels.astype(int) - drawn(2)).mean() < 6


@pytest.mark.parametrize(
    ("condition", "hint"), [(Condition.NORMAL, ""), (Condition.DRY, "finger.dry"), (Condition.WET, "finger.wet")]
)
def test_the_coach_sees_dry_and_wet_fingers_in_a_frame(lab: Lab, condition: Condition, hint: str) -> None:
    for picture in (drawn(2, condition=condition), slap((2, 3, 4), conditions=dict.fromkeys((2, 3, 4), condition))):
        assert frames.read(lab, Modality.FINGER, jpeg(picture)).hint == hint
        small = np.asarray(Image.fromarray(picture).reduce(2))
        assert frames.read(lab, Modality.FINGER, jpeg(small)).hint == hint


def test_the_coach_sees_an_empty_glass_and_a_missing_eye(lab: Lab) -> None:
    empty = jpeg(np.full((480, 640), PAPER, np.uint8))
    assert frames.read(lab, Modality.FINGER, empty).hint == "finger.none"
    assert frames.read(lab, Modality.IRIS, empty).hint == "iris.none"


def test_of_two_eyes_in_a_frame_the_worse_one_is_told(lab: Lab) -> None:
    good, moving = eye(3, right=True), eye(3, right=False, gaze=Gaze.MOVING)
    assert frames.read(lab, Modality.IRIS, jpeg(np.hstack([good, good]))).hint == ""
    assert frames.read(lab, Modality.IRIS, jpeg(np.hstack([good, moving]))).hint == "iris.sharpness"
    assert frames.read(lab, Modality.IRIS, jpeg(moving)).hint == "iris.sharpness"


@pytest.mark.parametrize(
    "frame",
    [
        b"",
        b"\xff\xd8\xff",
        jpeg(np.zeros((480, 640), np.uint8))[:500],
        b"\x89PNG\r\n\x1a\n" + bytes(100),
        jpeg(np.zeros((5000, 5000), np.uint8)),
        jpeg(np.zeros((8, 8), np.uint8)),
        bytes(frames.MAX_FRAME_BYTES + 1),
    ],
)
def test_a_frame_that_is_none_is_refused(lab: Lab, frame: bytes) -> None:
    with pytest.raises(DeviceError, match=r"device\.bad_image"):
        frames.read(lab, Modality.FINGER, frame)
