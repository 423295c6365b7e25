"""Fingers as devices send them, one by one or a whole slap: cut out, judged, and packed as they will travel.

The asking functions load nothing; the runs load the native code, in a child of the lab. It must not know which quality
is enough, nor whose fingers they are.
"""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from station.capture.lab import Lab, Message
from station.capture.tasks.likeness import MAX_TEMPLATE_BYTES
from station.domain.biometrics import LEFT_FOUR, MAX_BYTES, RIGHT_FOUR, THUMBS, Modality, Part
from station.domain.errors import DeviceError

if TYPE_CHECKING:
    from station.capture.codecs import Grey

SLAP_OVER_PX = 620
"""A picture wider than that is of a glass larger than one finger: also a single finger is looked for and cut out."""
_AT_ONCE = 2
_FROM_LEFT = (RIGHT_FOUR, LEFT_FOUR[::-1], THUMBS[::-1])
"""How hands lie on the glass: right index to little, left little to index, left thumb and right thumb."""
_SLAP_POSITIONS = (13, 14, 15)


@dataclass(frozen=True)
class FingerPicture:
    """One finger: WSQ as it will travel, its size, NFIQ 2, ISO/IEC 19794-2:2005 minutiae, and the coach's hint or ''.

    `template` is empty when no minutiae were found; `nfiq2` is 0 then.
    """

    part: Part
    wsq: bytes
    width: int
    height: int
    nfiq2: int
    template: bytes
    hint: str


def read(lab: Lab, image: bytes, parts: Sequence[Part]) -> tuple[FingerPicture, ...]:
    """The fingers `parts` in one picture, in that order: one, or two to four of a slap.

    DeviceError: `device.bad_image`; `device.other_part` when the record says it is of others; `finger.count` (seen,
    wanted) when not exactly those fingers are on it; `device.image_too_large`; `lab.*`.
    """
    if len(parts) == 1:
        return (_read_one(lab, image, parts[0]),)
    order = from_left(parts)
    answer = lab.ask("finger_cut", {"parts": [part.value for part in order]}, image)
    sizes = answer.table("sizes", len(order), 3)
    blobs = [answer.blob(place) for place in range(len(order))]
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        fingers = list(pool.map(partial(_measured, lab), order, blobs, sizes))
    return tuple(sorted(fingers, key=lambda finger: list(parts).index(finger.part)))


def read_each(lab: Lab, images: Sequence[bytes], parts: Sequence[Part]) -> tuple[FingerPicture, ...]:
    """As `read`, for a device that sends one picture for each finger: `images` belong to `parts`, one to one."""
    if len(images) != len(parts):
        raise DeviceError("finger.count", seen=len(images), wanted=len(parts))
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        return tuple(pool.map(partial(_read_one, lab), images, parts))


def from_left(parts: Sequence[Part]) -> tuple[Part, ...]:
    """`parts` as they lie on the glass. DeviceError `device.wrong_part` when no slap has them together."""
    for slap in _FROM_LEFT:
        if len(parts) > 0 and len(set(parts)) == len(parts) and set(parts) <= set(slap):
            return tuple(part for part in slap if part in parts)
    raise DeviceError("device.wrong_part", parts=len(parts))


def _read_one(lab: Lab, image: bytes, part: Part) -> FingerPicture:
    return _finger(part, lab.ask("finger_read", {"part": part.value}, image))


def _measured(lab: Lab, part: Part, pixels: bytes, size: Sequence[int]) -> FingerPicture:
    width, height, cut_off = size
    values = {"part": part.value, "width": width, "height": height, "cut_off": cut_off}
    return _finger(part, lab.ask("finger_measure", values, pixels))


def _finger(part: Part, answer: Message) -> FingerPicture:
    return FingerPicture(
        part,
        wsq=answer.blob(0),
        width=answer.side("width"),
        height=answer.side("height"),
        nfiq2=min(100, max(0, answer.number("nfiq2"))),
        template=answer.blob(1, MAX_TEMPLATE_BYTES),
        hint=answer.text("hint"),
    )


# ------------------------------------------------------------------------------------------------------- in the child


def run_read(question: Message) -> Message:
    """One finger, from the device's bytes to what is kept."""
    from station.capture.pictures import finger
    from station.capture.slap import find_fingers

    part = Part(question.text("part"))
    picture = finger(question.blob(0))
    _check_position(picture.position, (part,))
    if picture.pixels.shape[1] <= SLAP_OVER_PX:
        return _judged(part, picture.pixels)
    found = find_fingers(picture.pixels)
    _require_count(len(found), 1)
    return _judged(part, found[0].pixels, cut_off=found[0].cut_off)


def run_cut(question: Message) -> Message:
    """The fingers of a slap from left to right, as raw pixels."""
    from station.capture.pictures import finger
    from station.capture.slap import find_fingers

    parts = tuple(Part(name) for name in question.values["parts"])
    picture = finger(question.blob(0))
    _check_position(picture.position, parts)
    found = find_fingers(picture.pixels)
    _require_count(len(found), len(parts))
    sizes = [[one.pixels.shape[1], one.pixels.shape[0], int(one.cut_off)] for one in found]
    return Message({"sizes": sizes}, tuple(one.pixels.tobytes() for one in found))


def run_measure(question: Message) -> Message:
    """One finger that was cut out."""
    import numpy as np

    width, height = question.number("width"), question.number("height")
    pixels = np.frombuffer(question.blob(0), np.uint8).reshape(height, width)
    return _judged(Part(question.text("part")), pixels, cut_off=bool(question.number("cut_off")))


def _judged(part: Part, pixels: Grey, *, cut_off: bool = False) -> Message:
    from station.capture import codecs, quality
    from station.capture.coach import finger_hint
    from station.capture.slap import is_empty

    _require_count(int(not is_empty(pixels)), 1)
    hint = "finger.partial" if cut_off else finger_hint(pixels)
    hint = "" if hint == "finger.none" else hint  # there is skin, only no ridges: the quality says so
    score, template = quality.examine(pixels)
    wsq = codecs.encode_wsq(pixels)
    if len(wsq) > MAX_BYTES[Modality.FINGER]:
        raise DeviceError("device.image_too_large", part=part.value, size_bytes=len(wsq))
    height, width = pixels.shape
    return Message({"width": width, "height": height, "nfiq2": score, "hint": hint}, (wsq, template))


def _check_position(position: int, parts: tuple[Part, ...]) -> None:
    """A record may say which finger or slap it is of; if it does, it must be the one that was asked for."""
    slaps = (RIGHT_FOUR, LEFT_FOUR, THUMBS)
    right = {number for number, slap in zip(_SLAP_POSITIONS, slaps, strict=True) if set(parts) <= set(slap)}
    if len(parts) == 1:
        right.add(parts[0].position)
    if position not in right | {0}:
        raise DeviceError("device.other_part", position=position)


def _require_count(seen: int, wanted: int) -> None:
    """Never silently fewer: whoever lacks a finger has an exception for it, and it is not asked for."""
    if seen != wanted:
        raise DeviceError("finger.count", seen=seen, wanted=wanted)
