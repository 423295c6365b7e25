"""Fingers read in the lab: a slap becomes its fingers in order, each judged and packed, and never silently fewer."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image

from station.capture import codecs
from station.capture.iso19794 import SLAP_LEFT, SLAP_RIGHT, Coding, ImageRecord, write
from station.capture.lab import Lab
from station.capture.tasks import fingers, likeness
from station.capture.tasks.fingers import FingerPicture
from station.domain.biometrics import FINGERS, LEFT_FOUR, MAX_BYTES, RIGHT_FOUR, THUMBS, Modality, Part
from station.domain.errors import DeviceError
from station.training.drawing.impressions import Condition
from tests.fakes.drawn_fingers import PAPER, Pixels, drawn, slap

MATCH = 60
"""Far above any two different fingers here, far below any two prints of one."""


def jp2(pixels: Pixels) -> bytes:
    return codecs.encode_jp2_lossless(pixels)


def record(pixels: Pixels, position: int, ppi: int = 500) -> bytes:
    height, width = pixels.shape
    return write(ImageRecord(Modality.FINGER, position, width, height, Coding.JP2, jp2(pixels), ppi))


def refused(lab: Lab, image: bytes, parts: tuple[Part, ...]) -> DeviceError:
    with pytest.raises(DeviceError) as caught:
        fingers.read(lab, image, parts)
    return caught.value


@pytest.fixture(scope="module")
def known(lab: Lab) -> dict[Part, FingerPicture]:
    """Another take of the right hand and a finger of the left, one by one."""
    parts = (*RIGHT_FOUR, LEFT_FOUR[0])
    read = fingers.read_each(lab, [jp2(drawn(part.position, take=2)) for part in parts], parts)
    return {finger.part: finger for finger in read}


def same(lab: Lab, found: FingerPicture, known: dict[Part, FingerPicture]) -> list[Part]:
    """The parts among `known` that `found` matches."""
    (row,) = likeness.compare(lab, [found.template], [finger.template for finger in known.values()])
    return [part for part, score in zip(known, row, strict=True) if score >= MATCH]


def test_one_finger_is_judged_and_packed(lab: Lab, known: dict[Part, FingerPicture]) -> None:
    (finger,) = fingers.read(lab, record(drawn(2), 2), (Part.FINGER_02,))
    assert finger.part is Part.FINGER_02
    assert (finger.width, finger.height) == (400, 500)
    assert codecs.decode_wsq(finger.wsq).shape == (500, 400)
    assert len(finger.wsq) < MAX_BYTES[Modality.FINGER]
    assert 40 <= finger.nfiq2 <= 100
    assert finger.template.startswith(b"FMR\x00 20\x00")
    assert finger.hint == ""
    assert same(lab, finger, known) == [Part.FINGER_02]


@pytest.mark.parametrize(("tilt", "gap"), [(0, 40), (22, 4)])
def test_a_slap_of_the_right_hand_becomes_its_four_fingers(
    lab: Lab, known: dict[Part, FingerPicture], tilt: float, gap: int
) -> None:
    found = fingers.read(lab, record(slap((2, 3, 4, 5), tilt=tilt, gap=gap), SLAP_RIGHT), RIGHT_FOUR)
    assert tuple(finger.part for finger in found) == RIGHT_FOUR
    assert [same(lab, finger, known) for finger in found] == [[part] for part in RIGHT_FOUR]
    assert all(finger.nfiq2 >= 40 for finger in found)


def test_the_left_hand_lies_mirrored_and_fingers_come_in_the_order_asked_for(lab: Lab) -> None:
    ring_and_little = {9: Condition.WET, 10: Condition.DRY}
    picture = record(slap((10, 9, 8, 7), conditions=ring_and_little), SLAP_LEFT)
    found = fingers.read(lab, picture, LEFT_FOUR)
    assert tuple(finger.part for finger in found) == LEFT_FOUR
    assert [finger.hint for finger in found] == ["", "", "finger.wet", "finger.dry"]


def test_thumbs_lie_left_and_right(lab: Lab) -> None:
    found = fingers.read(lab, jp2(slap((6, 1), conditions={1: Condition.DRY}, gap=120)), THUMBS)
    assert [(finger.part, finger.hint) for finger in found] == [(Part.FINGER_01, "finger.dry"), (Part.FINGER_06, "")]


def test_a_hand_with_an_exception_is_read_without_it(lab: Lab, known: dict[Part, FingerPicture]) -> None:
    parts = (Part.FINGER_02, Part.FINGER_04, Part.FINGER_05)
    found = fingers.read(lab, jp2(slap((2, 4, 5))), parts)
    assert [same(lab, finger, known) for finger in found] == [[part] for part in parts]


@pytest.mark.parametrize(
    ("lying", "asked", "seen"),
    [
        ((2, 3, 4), RIGHT_FOUR, 3),
        ((2, 3, 4, 5), RIGHT_FOUR[:3], 4),
        ((6, 1), THUMBS[:1], 2),
    ],
)
def test_never_fewer_and_never_more_than_asked_for(
    lab: Lab, lying: tuple[int, ...], asked: tuple[Part, ...], seen: int
) -> None:
    problem = refused(lab, jp2(slap(lying)), asked)
    assert problem.code == "finger.count"
    assert problem.data == {"seen": seen, "wanted": len(asked)}


@pytest.mark.parametrize("shape", [(500, 400), (750, 800)])
def test_an_empty_glass_is_no_finger(lab: Lab, shape: tuple[int, int]) -> None:
    problem = refused(lab, jp2(np.full(shape, PAPER, np.uint8)), (Part.FINGER_02,))
    assert (problem.code, problem.data) == ("finger.count", {"seen": 0, "wanted": 1})


def test_a_finger_on_a_large_glass_is_cut_out(lab: Lab, known: dict[Part, FingerPicture]) -> None:
    (finger,) = fingers.read(lab, jp2(slap((2,))), (Part.FINGER_02,))
    assert finger.width < 480
    assert same(lab, finger, known) == [Part.FINGER_02]
    half_beside = slap((2,))[:, 760:]
    assert fingers.read(lab, jp2(half_beside), (Part.FINGER_02,))[0].hint == "finger.partial"


def test_a_scanner_of_1000_ppi_gives_the_same_finger(lab: Lab, known: dict[Part, FingerPicture]) -> None:
    double = np.asarray(Image.fromarray(drawn(2)).resize((800, 1000)))
    (finger,) = fingers.read(lab, record(double, 2, ppi=1000), (Part.FINGER_02,))
    assert (finger.width, finger.height) == (400, 500)
    assert same(lab, finger, known) == [Part.FINGER_02]


@pytest.mark.parametrize(
    ("position", "parts"), [(3, (Part.FINGER_02,)), (SLAP_LEFT, RIGHT_FOUR), (2, RIGHT_FOUR), (SLAP_RIGHT, THUMBS)]
)
def test_a_record_of_another_finger_or_hand_is_refused(lab: Lab, position: int, parts: tuple[Part, ...]) -> None:
    assert refused(lab, record(drawn(2), position), parts).code == "device.other_part"


def test_fingers_that_no_slap_has_together_are_refused() -> None:
    for parts in ((FINGERS[1], FINGERS[6]), (FINGERS[1], FINGERS[1]), (FINGERS[0], FINGERS[1]), ()):
        with pytest.raises(DeviceError, match=r"device\.wrong_part"):
            fingers.from_left(parts)


def test_a_blurred_finger_has_quality_zero_instead_of_an_error(lab: Lab) -> None:
    blurred = np.asarray(Image.fromarray(drawn(3)).resize((40, 50)).resize((400, 500)))
    (finger,) = fingers.read(lab, jp2(blurred), (Part.FINGER_03,))
    assert finger.nfiq2 < 20
    assert finger.hint == ""


def test_as_many_pictures_as_fingers_are_wanted(lab: Lab) -> None:
    with pytest.raises(DeviceError, match=r"finger\.count"):
        fingers.read_each(lab, [jp2(drawn(2))], RIGHT_FOUR)


def test_a_picture_that_crashes_the_decoder_costs_one_answer(lab: Lab) -> None:
    data = bytearray(codecs.encode_wsq(drawn(2)))
    data[data.index(b"\xff\xa6") + 4] = 0xE2  # a Huffman table number the C code uses as an index without looking
    assert refused(lab, bytes(data), (Part.FINGER_02,)).code in ("lab.crashed", "device.bad_image")
    assert fingers.read(lab, codecs.encode_wsq(drawn(2)), (Part.FINGER_02,))[0].nfiq2 >= 40


@pytest.mark.parametrize("image", [b"", b"not a picture", b"FIR\x00020\x00"])
def test_what_is_no_picture_is_refused(lab: Lab, image: bytes) -> None:
    assert refused(lab, image, (Part.FINGER_02,)).code == "device.bad_image"
    assert refused(lab, image, RIGHT_FOUR).code == "device.bad_image"
