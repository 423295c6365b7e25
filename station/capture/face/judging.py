"""What is wrong with a picture, from what was measured: limits, and a quality of our own.

It must not know how anything is measured. The limits are wide: this advises a person, who may decide otherwise.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from station.capture.face.framing import Box
from station.capture.face.ground import Ground
from station.capture.face.light import Light
from station.capture.face.pose import Pose
from station.capture.face.report import FINDINGS
from station.domain.eligibility import Background

_SMALLEST, _LARGEST = 0.50, 1.10  # height of the portrait that is cut out, over that of the picture
_BESIDE, _ABOVE = 0.12, 0.05  # how far the face may be beside the middle, the portrait above or below the picture
_DARK, _BRIGHT, _BURNT = 50.0, 235.0, 0.15
_SHADOW = 0.14
_ROLL, _YAW, _PITCH = 7.0, 12.0, 15.0
_CLOSED, _MOUTH = 0.18, 0.28
_BLURRED = 40.0
_UNEVEN = 0.30


@dataclass(frozen=True)
class Measured:
    """One face in a picture of `width` by `height`; `cut` is the portrait around it, also beyond the picture."""

    width: int
    height: int
    cut: Box
    pose: Pose
    eyes_open: float
    light: Light
    ground: Ground


def findings_of(seen: Measured, background: Background | None) -> tuple[str, ...]:
    """Every code that holds, the most important first."""
    found = {*_place(seen), *_bearing(seen.pose), *_light(seen.light), *_wall(seen.ground, background)}
    if seen.eyes_open < _CLOSED:
        found.add("face.eyes_closed")
    return tuple(code for code in FINDINGS if code in found)


def quality_of(seen: Measured) -> int:
    """The weakest of sharpness, light, shadow, pose and eyes: 100 is as good as it gets, 50 is at the limit."""
    pose, light = seen.pose, seen.light
    return round(
        min(
            _score(light.sharp, 80.0, _BLURRED),
            _score(light.level, 85.0, _DARK),
            _score(light.level, 220.0, _BRIGHT),
            _score(light.shadow, 0.10, _SHADOW),
            _score(abs(pose.roll), 3.0, _ROLL),
            _score(abs(pose.yaw), 7.0, _YAW),
            _score(abs(pose.pitch), 10.0, _PITCH),
            _score(seen.eyes_open, 0.26, _CLOSED),
        )
    )


def _place(seen: Measured) -> Iterator[str]:
    share = max(seen.cut.height / seen.height, seen.cut.width / seen.width)
    if seen.cut.height / seen.height < _SMALLEST:
        yield "face.far"
    if share > _LARGEST:
        yield "face.near"
        return
    beside = abs(seen.pose.eyes[0] - seen.width / 2)
    above = max(-seen.cut.top, seen.cut.top + seen.cut.height - seen.height)
    if beside > _BESIDE * seen.height or above > _ABOVE * seen.height:
        yield "face.off_centre"


def _bearing(pose: Pose) -> Iterator[str]:
    if abs(pose.roll) > _ROLL:
        yield "face.tilted"
    if abs(pose.yaw) > _YAW:
        yield "face.turned"
    if abs(pose.pitch) > _PITCH:
        yield "face.pitch"
    if pose.mouth_open > _MOUTH:
        yield "face.mouth_open"


def _light(light: Light) -> Iterator[str]:
    if light.level < _DARK:
        yield "face.dark"
    if light.level > _BRIGHT or light.burnt > _BURNT:
        yield "face.bright"
    if light.shadow > _SHADOW:
        yield "face.shadow"
    if light.sharp < _BLURRED:
        yield "face.blurred"


def _wall(ground: Ground, background: Background | None) -> Iterator[str]:
    if background is not None and not ground.is_of(background):
        yield "face.background"
    if ground.uneven > _UNEVEN:
        yield "face.uneven"


def _score(value: float, good: float, limit: float) -> float:
    """100 at `good` and beyond, 50 at `limit`, 0 as far again."""
    return min(100.0, max(0.0, 50 + 50 * (value - limit) / (good - limit)))
