"""Faces in pictures and live frames: what is right or wrong with them, and the portrait cut out for the card.

The asking functions load nothing; the runs load numpy and OpenCV, in a child of the lab.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from station.capture.face.report import FaceReport
from station.capture.lab import Lab, Message
from station.domain.biometrics import Modality
from station.domain.eligibility import Background
from station.domain.errors import DeviceError
from station.domain.ports import Preview

LIVE_LIMIT_S = 4.0
"""A live frame is worth no more patience; the first one also waits until the networks are loaded."""
STILL_LIMIT_S = 15.0
_SHOWN = (960, 960)


@dataclass(frozen=True)
class Portrait:
    """A face picture as it will travel: JPEG of at most 60 KB, and what was measured before it was cut."""

    jpeg: bytes
    width: int
    height: int
    report: FaceReport


def read(lab: Lab, image: bytes, background: Background | None = None) -> FaceReport:
    """Measure a picture file: an ISO/IEC 19794-5 record, JPEG 2000, JPEG or PNG. DeviceError `device.bad_image`."""
    return _report(lab.ask("face_read", _values(background), image, limit_s=STILL_LIMIT_S))


def crop(lab: Lab, image: bytes, background: Background | None = None) -> Portrait:
    """Measure a picture file and cut the portrait out. Without a face it is the middle of the picture."""
    return _portrait(lab.ask("face_crop", _values(background), image, limit_s=STILL_LIMIT_S))


def measure(lab: Lab, rgb: bytes, width: int, height: int, background: Background | None = None) -> FaceReport:
    """Measure a live frame: rows of red, green, blue."""
    values = {**_values(background), "width": width, "height": height}
    return _report(lab.ask("face_frame", values, rgb, limit_s=LIVE_LIMIT_S))


def crop_frame(lab: Lab, rgb: bytes, width: int, height: int, background: Background | None = None) -> Portrait:
    """As crop, of a live frame."""
    values = {**_values(background), "width": width, "height": height}
    return _portrait(lab.ask("face_frame_crop", values, rgb, limit_s=STILL_LIMIT_S))


def preview(lab: Lab, jpeg: bytes, background: Background | None = None) -> Preview:
    """One live frame of a device that sends JPEG: made small enough to paint, measured, and told by one hint."""
    answer = lab.ask("face_preview", _values(background), jpeg, limit_s=LIVE_LIMIT_S)
    width, height, pixels = answer.side("width"), answer.side("height"), answer.blob(0)
    if len(pixels) != width * height * 3:
        raise DeviceError("lab.crashed", task="face_preview")
    hint = _report(answer).hint
    return Preview(pixels, width, height, 3, hint, ready=not hint)


# ------------------------------------------------------------------------------------------------------- in the child


def run_read(question: Message) -> Message:
    from station.capture import pictures
    from station.capture.face.measuring import measure as measured

    report = measured(pictures.face(question.blob(0)).pixels, _background(question))
    return Message({"report": report.values()})


def run_crop(question: Message) -> Message:
    from station.capture import pictures

    return _cut(pictures.face(question.blob(0)).pixels, question)


def run_frame(question: Message) -> Message:
    from station.capture.face.measuring import measure as measured

    return Message({"report": measured(_frame(question), _background(question)).values()})


def run_preview(question: Message) -> Message:
    from station.capture.face.measuring import measure as measured
    from station.capture.live import opened

    rgb = opened(question.blob(0), Modality.FACE, _SHOWN)
    height, width = rgb.shape[:2]
    report = measured(rgb, _background(question))
    return Message({"report": report.values(), "width": width, "height": height}, (rgb.tobytes(),))


def run_frame_crop(question: Message) -> Message:
    return _cut(_frame(question), question)


def _frame(question: Message) -> Any:
    import numpy as np

    width, height, pixels = question.number("width"), question.number("height"), question.blob(0)
    if width < 1 or height < 1 or len(pixels) != width * height * 3:
        raise DeviceError("device.bad_image", format="frame", reason="dimensions")
    return np.frombuffer(pixels, np.uint8).reshape(height, width, 3)


def _cut(rgb: Any, question: Message) -> Message:
    from station.capture import codecs
    from station.capture.face import measuring

    report = measuring.measure(rgb, _background(question))
    portrait = measuring.portrait(rgb, report)
    height, width = portrait.shape[:2]
    return Message({"report": report.values(), "width": width, "height": height}, (codecs.encode_jpeg(portrait),))


def _background(question: Message) -> Background | None:
    name = question.values.get("background")
    return Background(str(name)) if name else None


# ------------------------------------------------------------------------------------------------------ in the window


def _values(background: Background | None) -> dict[str, Any]:
    return {"background": background.value if background is not None else None}


def _report(answer: Message) -> FaceReport:
    try:
        return FaceReport.of(answer.values["report"])
    except (KeyError, ValueError, TypeError) as broken:
        raise DeviceError("lab.crashed", task="faces") from broken


def _portrait(answer: Message) -> Portrait:
    report = _report(answer)
    return Portrait(answer.blob(0), answer.side("width"), answer.side("height"), report)
