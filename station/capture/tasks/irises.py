"""An eye as a device sends it: measured by our own rules, and packed as it will travel.

The asking function loads nothing; the run loads the native code, in a child of the lab.
"""

from __future__ import annotations

from dataclasses import dataclass

from station.capture.lab import Lab, Message
from station.domain.biometrics import MAX_BYTES, Modality, Part
from station.domain.errors import DeviceError
from station.domain.policy import STANDARD


@dataclass(frozen=True)
class EyePicture:
    """One eye: JPEG 2000 as it will travel, its size, quality 0 to 100, the coach's hint or '', and the iris' radius.

    `radius_px` is 0 when no eye was found; the quality is 0 then.
    """

    part: Part
    jp2: bytes
    width: int
    height: int
    quality: int
    hint: str
    radius_px: float


def read(lab: Lab, image: bytes, part: Part, *, floor: int = STANDARD.iris_quality) -> EyePicture:
    """Read an ISO/IEC 19794-6 record, a JPEG 2000 or a PNG. From `floor` on there is no hint but that of a lens.

    DeviceError: `device.bad_image`; `device.other_part` when the record is of the other eye;
    `device.image_too_large`; `lab.*`.
    """
    answer = lab.ask("iris_read", {"part": part.value, "floor": floor}, image)
    return EyePicture(
        part,
        jp2=answer.blob(0),
        width=answer.side("width"),
        height=answer.side("height"),
        quality=min(100, max(0, answer.number("quality"))),
        hint=answer.text("hint"),
        radius_px=answer.number("radius_tenths") / 10,
    )


# ------------------------------------------------------------------------------------------------------- in the child


def run_read(question: Message) -> Message:
    """Decode, measure, encode."""
    from station.capture import codecs
    from station.capture.coach import told_of_iris
    from station.capture.iris_measure import measure_iris
    from station.capture.pictures import iris

    part = Part(question.text("part"))
    picture = iris(question.blob(0))
    if picture.position not in (0, part.position):
        raise DeviceError("device.other_part", position=picture.position)
    measure = measure_iris(picture.pixels)
    jp2 = codecs.encode_jp2(picture.pixels)
    if len(jp2) > MAX_BYTES[Modality.IRIS]:
        raise DeviceError("device.image_too_large", part=part.value, size_bytes=len(jp2))
    height, width = picture.pixels.shape
    hint = told_of_iris(measure, question.number("floor"))
    values = {"width": width, "height": height, "quality": measure.quality, "hint": hint}
    return Message({**values, "radius_tenths": round(measure.radius_px * 10)}, (jp2,))
