"""A child of the lab that was taken over can answer anything in the right form. The asker hears of a crash."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from station.capture.lab import Lab, Message
from station.capture.tasks import evidence, faces, fingers, frames, irises, likeness, pages, whole
from station.domain.attachment import MAX_EVIDENCE_BYTES
from station.domain.biometrics import THUMBS, Modality, Part
from station.domain.errors import DeviceError

REPORT: dict[str, Any] = {
    "faces": 1, "findings": [], "quality": 50, "sure": 1, "box": [0, 0, 1, 1], "eyes": [0, 0], "apart": 0, "roll": 0,
    "yaw": 0, "pitch": 0, "eyes_open": 0, "mouth_open": 0, "light": 0, "shadow": 0, "sharp": 0, "hue": 0, "colour": 0,
    "uneven": 0,
}  # fmt: skip
PAGE: dict[str, Any] = {"width": 9, "height": 9, "found_paper": True, "skew": 0, "letter_px": 0, "remarks": []}
FINGER: dict[str, Any] = {"width": 9, "height": 9, "nfiq2": 9, "hint": ""}


class Lying(Lab):
    """Gives the same answer to every question."""

    def __init__(self, answer: Message) -> None:
        super().__init__(1)
        self._answer = answer

    def ask(self, *_: Any, **__: Any) -> Message:
        return self._answer


Ask = Callable[[Lab], object]
ASKED: dict[str, tuple[Ask, Message]] = {
    "evidence": (lambda lab: evidence.read(lab, b""), Message({}, (b"\xff\xd8\xff",))),
    "count": (lambda lab: pages.count(lab, b""), Message({"pages": 1})),
    "page": (lambda lab: pages.read(lab, b""), Message(PAGE, (b"x",))),
    "whole": (lambda lab: whole.read(lab, b""), Message({"width": 1, "height": 1}, (b"",))),
    "finger": (lambda lab: fingers.read(lab, b"", THUMBS[:1]), Message(FINGER, (b"", b""))),
    "iris": (
        lambda lab: irises.read(lab, b"", Part.IRIS_LEFT),
        Message({"width": 1, "height": 1, "quality": 1, "hint": "", "radius_tenths": 1}, (b"",)),
    ),
    "frame": (
        lambda lab: frames.read(lab, Modality.FINGER, b""),
        Message({"width": 1, "height": 1, "channels": 1, "hint": ""}, (b"x",)),
    ),
    "likeness": (lambda lab: likeness.compare(lab, [b"a"], [b"b"]), Message({"scores": [[1]]})),
    "face": (lambda lab: faces.read(lab, b""), Message({"report": REPORT})),
    "portrait": (lambda lab: faces.crop(lab, b""), Message({"report": REPORT, "width": 1, "height": 1}, (b"",))),
    "preview": (
        lambda lab: faces.preview(lab, b""),
        Message({"report": REPORT, "width": 1, "height": 1}, (b"rgb",)),
    ),
}
ABSURD: tuple[object, ...] = (None, "1", -1, 10**30, 10**400, float("nan"), [], {}, [[]], True, "x" * 999, ["x" * 999])


HARMLESS: dict[str, object] = {
    "found_paper": True, "skew": -1, "remarks": [], "hint": "1", "nfiq2": -1, "quality": -1, "radius_tenths": -1,
}  # fmt: skip
"""The one absurd value that is as good as another for this field; in all other fields every one of them is refused."""
HARMLESS_IN_A_REPORT = (-1, 10**30, True)
"""Such figures of a face are kept within bounds, and judge a picture that is shown to somebody anyway."""


def same(value: object, other: object) -> bool:
    return type(value) is type(other) and value == other


def heard(ask: Ask, answer: Message) -> str:
    try:
        ask(Lying(answer))
    except DeviceError as problem:
        return problem.code
    return ""


@pytest.mark.parametrize("what", ASKED)
def test_no_answer_in_the_right_form_breaks_the_asker(what: str) -> None:
    ask, good = ASKED[what]
    assert heard(ask, good) == ""
    for key in good.values:
        told = {**good.values}
        told.pop(key)
        assert heard(ask, Message(told, good.blobs)) in ("lab.crashed", "document.cannot_be_read")
        for value in ABSURD:
            said = heard(ask, Message({**good.values, key: value}, good.blobs))
            if key in HARMLESS and same(value, HARMLESS[key]):
                assert said == "", (key, value)
            else:
                assert said in ("lab.crashed", "document.cannot_be_read"), (key, value)
    if good.blobs:
        assert heard(ask, Message(good.values)) in ("lab.crashed", "document.cannot_be_read")


@pytest.mark.parametrize("key", [key for key in REPORT if key != "findings"])
def test_no_report_of_a_face_breaks_the_asker(key: str) -> None:
    for value in ABSURD:
        said = heard(ASKED["face"][0], Message({"report": {**REPORT, key: value}}))
        taken = key not in ("box", "eyes") and any(same(value, harmless) for harmless in HARMLESS_IN_A_REPORT)
        assert said == ("" if taken else "lab.crashed"), value


def test_only_findings_that_are_known_are_taken_from_a_report_of_a_face() -> None:
    for value in ABSURD:
        answer = Message({"report": {**REPORT, "findings": value}})
        if isinstance(value, str | list | dict):
            assert faces.read(Lying(answer), b"").findings == ()
        else:
            assert heard(ASKED["face"][0], answer) == "lab.crashed", value


@pytest.mark.parametrize("jpeg", [b"", b"no picture", b"\xff\xd8\xff" + bytes(MAX_EVIDENCE_BYTES)])
def test_the_photo_of_an_exception_is_a_small_picture_or_none(jpeg: bytes) -> None:
    assert heard(ASKED["evidence"][0], Message({}, (jpeg,))) == "lab.crashed"


def test_an_absurd_quality_is_none() -> None:
    report = faces.read(Lying(Message({"report": {**REPORT, "quality": 10**30, "faces": -5}})), b"")
    assert (report.quality, report.faces) == (100, 0)
