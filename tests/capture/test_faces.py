"""Faces measured in the lab's child: drawn people pass, and each way to sit wrongly gets its own one hint."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from PIL import Image

from station.capture.codecs import encode_jp2_lossless, encode_jpeg
from station.capture.face import framing
from station.capture.face.ground import Ground
from station.capture.face.judging import Measured, findings_of
from station.capture.face.light import Light
from station.capture.face.pose import Pose
from station.capture.face.report import FINDINGS, FaceReport
from station.capture.lab import Lab
from station.capture.tasks import faces
from station.domain.biometrics import MAX_BYTES, Modality
from station.domain.eligibility import Background
from station.domain.errors import DeviceError
from station.training.drawing.portraits import Sitter
from tests import poses
from tests.poses import ASLEEP, GUEST, MAN, WOMAN, Rgb, drawn


@pytest.fixture(scope="module")
def lab() -> Iterator[Lab]:
    lab = Lab(1)
    yield lab
    lab.close()


def measured(lab: Lab, picture: Rgb, background: Background | None = None) -> FaceReport:
    height, width = picture.shape[:2]
    return faces.measure(lab, picture.tobytes(), width, height, background)


def png(picture: Rgb) -> bytes:
    file = io.BytesIO()
    Image.fromarray(picture).save(file, "PNG", compress_level=1)
    return file.getvalue()


@pytest.mark.parametrize("seed", range(7))
def test_a_drawn_portrait_is_good(lab: Lab, seed: int) -> None:
    background = list(Background)[seed % 3]
    female = bool(seed % 2)
    sitter = Sitter(female, 17 + 9 * seed, background, headscarf=female and seed > 2, cap=not female and seed > 3)
    report = measured(lab, drawn(sitter, 500 + seed), background)
    assert report.findings == ()
    assert report.hint == ""
    assert report.quality >= 80
    assert report.faces == 1


SITTING_WRONGLY: dict[str, Any] = {
    "face.none": lambda: np.full((640, 480, 3), (196, 34, 44), np.uint8),
    "face.many": lambda: poses.beside(drawn(), drawn(WOMAN, 2)),
    "face.far": lambda: poses.placed(drawn(), 0.55),
    "face.near": lambda: poses.placed(drawn(), 1.6, y=0.6),
    "face.off_centre": lambda: poses.placed(drawn(), 0.8, x=0.75),
    "face.dark": lambda: poses.lit(drawn(), 0.2),
    "face.bright": lambda: poses.lit(drawn(), 1.7),
    "face.tilted": lambda: poses.turned(drawn(), roll=14),
    "face.turned": lambda: poses.turned(drawn(), yaw=28),
    "face.pitch": lambda: poses.turned(drawn(), pitch=28),
    "face.eyes_closed": lambda: drawn(ASLEEP),
    "face.shadow": lambda: poses.lit_from_the_right(drawn()),
    "face.blurred": lambda: poses.blurred(drawn()),
    "face.background": lambda: drawn(Sitter(False, 30, Background.BLUE)),
    "face.uneven": lambda: poses.with_a_fold(drawn()),
}


@pytest.mark.parametrize("code", SITTING_WRONGLY)
def test_each_way_to_sit_wrongly_gets_its_hint(lab: Lab, code: str) -> None:
    report = measured(lab, SITTING_WRONGLY[code](), Background.RED)
    assert report.hint == code


def test_every_finding_but_the_mouth_can_be_drawn() -> None:
    assert set(FINDINGS) - set(SITTING_WRONGLY) == {"face.mouth_open"}, "drawn lips do not part"
    upright = Pose(0, 0, 0, mouth_open=0.35, eyes=(240, 280), apart=86)
    good = Measured(480, 640, framing.wanted((240, 280), 86), upright, 0.4, Light(150, 0, 0, 100), Ground(356, 0.7, 0))
    assert findings_of(good, Background.RED) == ("face.mouth_open",)


def test_only_what_makes_it_nobodys_portrait_is_more_than_advice(lab: Lab) -> None:
    empty, two = SITTING_WRONGLY["face.none"](), SITTING_WRONGLY["face.many"]()
    assert measured(lab, empty).no_portrait == "face.none"
    assert measured(lab, two).no_portrait == "face.many"
    for code in ("face.background", "face.blurred", "face.eyes_closed"):
        assert measured(lab, SITTING_WRONGLY[code](), Background.RED).no_portrait == ""


def test_the_dark_is_told_before_the_wall_behind(lab: Lab) -> None:
    report = measured(lab, poses.lit(drawn(), 0.15), Background.BLUE)
    assert report.findings[0] == "face.dark"
    assert "face.background" in report.findings
    assert report.findings == tuple(code for code in FINDINGS if code in report.findings)


def test_a_black_picture_is_dark_and_nobodys_portrait(lab: Lab) -> None:
    report = measured(lab, np.zeros((640, 480, 3), np.uint8))
    assert report.findings == ("face.dark", "face.none")


@pytest.mark.parametrize("sitter", [MAN, WOMAN], ids=["man", "woman with a headscarf"])
@pytest.mark.parametrize(("angle", "within"), [("roll", 3), ("yaw", 8), ("pitch", 14)])
def test_a_straight_face_reads_about_zero_and_a_turned_one_its_angle(
    lab: Lab, sitter: Sitter, angle: str, within: float
) -> None:
    straight = getattr(measured(lab, drawn(sitter)), angle)
    assert abs(straight) < 7
    for degrees in (-20.0, 20.0):
        read = getattr(measured(lab, poses.turned(drawn(sitter), **{angle: degrees})), angle)
        assert read == pytest.approx(degrees, abs=within)


@pytest.mark.parametrize(
    ("sitter", "wall"), [(MAN, Background.RED), (WOMAN, Background.BLUE), (GUEST, Background.ORANGE)]
)
def test_the_wall_has_one_colour_and_no_other(lab: Lab, sitter: Sitter, wall: Background) -> None:
    for asked in Background:
        findings = measured(lab, drawn(sitter), asked).findings
        assert ("face.background" in findings) == (asked is not wall)
    assert measured(lab, drawn(sitter), None).findings == ()


@pytest.mark.parametrize("wall", [(236, 224, 222), (222, 228, 238), (238, 230, 220)], ids=["rosy", "cool", "warm"])
def test_a_white_wall_is_none_of_the_three_colours(lab: Lab, wall: tuple[int, int, int]) -> None:
    picture = drawn().copy()
    red = (picture[:, :, 0] > 1.6 * picture[:, :, 1]) & (picture[:, :, 1] < 110)
    picture[red] = wall
    for asked in Background:
        assert "face.background" in measured(lab, picture, asked).findings


@pytest.mark.parametrize("encode", [encode_jp2_lossless, encode_jpeg, png], ids=["JPEG 2000", "JPEG", "PNG"])
def test_a_picture_file_says_the_same_as_its_pixels(lab: Lab, encode: Any) -> None:
    report = faces.read(lab, encode(drawn()), Background.RED)
    assert report.findings == ()
    assert report.yaw == pytest.approx(measured(lab, drawn()).yaw, abs=3)


@pytest.mark.parametrize("data", [b"", b"not a picture", b"\xff\xd8\xff" + b"\0" * 40], ids=["nothing", "text", "torn"])
def test_bytes_that_are_no_picture_are_refused_in_words(lab: Lab, data: bytes) -> None:
    for ask in (faces.read, faces.crop):
        with pytest.raises(DeviceError) as refused:
            ask(lab, data)
        assert refused.value.code == "device.bad_image"


def test_a_frame_of_another_size_than_it_says_is_refused(lab: Lab) -> None:
    with pytest.raises(DeviceError, match=r"device\.bad_image"):
        faces.measure(lab, b"\0" * 100, 480, 640)


@pytest.mark.parametrize("picture", [drawn(), poses.placed(drawn(), 0.7, x=0.6), poses.in_a_room(drawn())])
def test_the_portrait_is_framed_the_same_wherever_the_person_sits(lab: Lab, picture: Rgb) -> None:
    height, width = picture.shape[:2]
    portrait = faces.crop_frame(lab, picture.tobytes(), width, height)
    assert (portrait.width, portrait.height) == (480, 640)
    assert len(portrait.jpeg) <= MAX_BYTES[Modality.FACE]
    again = faces.read(lab, portrait.jpeg)
    assert again.eyes[0] == pytest.approx(0.375, abs=0.02), "the middle of the width"
    assert again.eyes[1] == pytest.approx(0.44, abs=0.03)
    assert again.apart == pytest.approx(0.225 * 0.75, abs=0.01), "the head is about half as wide as the picture"


@pytest.mark.parametrize("eyes", [(0, 0), (480, 640), (240, 300), (-50, 900)])
@pytest.mark.parametrize("apart", [10, 86, 400])
def test_the_cut_never_leaves_the_picture_nor_stretches_a_face(eyes: tuple[float, float], apart: float) -> None:
    cut = framing.inside(framing.wanted(eyes, apart), 480, 640)
    assert cut.left >= 0 and cut.top >= 0
    assert cut.left + cut.width <= 480.01 and cut.top + cut.height <= 640.01
    assert cut.width / cut.height == pytest.approx(0.75)


def test_a_picture_without_a_face_is_cut_in_its_middle(lab: Lab) -> None:
    empty = np.full((480, 640, 3), 90, np.uint8)
    portrait = faces.crop_frame(lab, empty.tobytes(), 640, 480)
    assert (portrait.width, portrait.height) == (480, 640)
    assert portrait.report.no_portrait == "face.none"


def test_a_live_frame_of_a_device_comes_with_its_hint(lab: Lab) -> None:
    good = faces.preview(lab, encode_jpeg(drawn()), Background.RED)
    assert (good.hint, good.ready, good.channels) == ("", True, 3)
    poor = faces.preview(lab, encode_jpeg(poses.blurred(drawn())), Background.RED)
    assert (poor.hint, poor.ready) == ("face.blurred", False)


@pytest.mark.parametrize(
    "change",
    [
        {"findings": 3},
        {"yaw": "left"},
        {"yaw": float("nan")},
        {"box": [1, 2, 3]},
        {"eyes": None},
        {"quality": [50]},
    ],
)
def test_a_child_that_was_taken_over_cannot_smuggle_anything_in(change: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="no"):
        FaceReport.of({**FaceReport(1, (), 90).values(), **change})
    told = FaceReport.of({**FaceReport(1, (), 90).values(), "findings": ["face.dark", "<b>rm -rf</b>"]})
    assert told.findings == ("face.dark",)
