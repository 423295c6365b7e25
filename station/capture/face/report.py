"""What was measured of a face, and what is wrong with the picture: codes in a fixed order, the most important first.

It must not know how it was measured: the window's process reads reports without any native code.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from math import isfinite
from typing import Any

FINDINGS: tuple[str, ...] = (
    "face.dark",
    "face.none",
    "face.many",
    "face.far",
    "face.near",
    "face.off_centre",
    "face.bright",
    "face.tilted",
    "face.turned",
    "face.pitch",
    "face.eyes_closed",
    "face.mouth_open",
    "face.shadow",
    "face.blurred",
    "face.background",
    "face.uneven",
)
"""Every code, in the order in which a person is told: whoever sits in the dark need not hear of the wall first."""

NO_PORTRAIT: frozenset[str] = frozenset({"face.none", "face.many"})
"""With these it is not known whose portrait it is: taken only when the operator insists. The others are advice."""


@dataclass(frozen=True)
class FaceReport:
    """One picture. Lengths are shares of the picture's height, angles are degrees, 0 is a straight face.

    `box` is the face (left, top, width, height), `eyes` its eye line's middle, `apart` the distance of the eyes. `yaw`
    is positive when the person looks to their left, `pitch` when they look up, `roll` when the head leans to the
    right of the picture. `eyes_open` is how much of the iris of the narrower eye is seen, in widths
    of the eye, `mouth_open` the height of the mouth in its widths.
    `light` is the skin's median luminance (0 to 255), `shadow` the difference between the sides of the face over
    their sum. `sharp` is the strength of the face's edges, 100 for a sharp one. `hue` and `colour` are the wall's
    hue (0 to 360) and saturation (0 to 1), `uneven` the spread of its brightness. `quality` is 0 to 100, by our own
    rule and not calibrated.
    """

    faces: int
    findings: tuple[str, ...]
    quality: int
    sure: float = 0.0
    box: tuple[float, float, float, float] = (0.0, 0.0, 0.0, 0.0)
    eyes: tuple[float, float] = (0.0, 0.0)
    apart: float = 0.0
    roll: float = 0.0
    yaw: float = 0.0
    pitch: float = 0.0
    eyes_open: float = 0.0
    mouth_open: float = 0.0
    light: float = 0.0
    shadow: float = 0.0
    sharp: float = 0.0
    hue: float = 0.0
    colour: float = 0.0
    uneven: float = 0.0

    @property
    def hint(self) -> str:
        """The one thing to say now; '' when all is well."""
        return self.findings[0] if self.findings else ""

    @property
    def no_portrait(self) -> str:
        """Why this is nobody's portrait, or ''."""
        return next((code for code in self.findings if code in NO_PORTRAIT), "")

    def values(self) -> dict[str, Any]:
        """As plain JSON values."""
        return asdict(self)

    @staticmethod
    def of(values: Mapping[str, Any]) -> FaceReport:
        """From what `values` gave, through JSON; ValueError for anything else."""
        try:
            findings = tuple(code for code in FINDINGS if code in values["findings"])
            shares = {key: _numbers(values[key], count) for key, count in (("box", 4), ("eyes", 2))}
            plain = {key: _numbers([values[key]], 1)[0] for key in _PLAIN}
        except (KeyError, TypeError, OverflowError) as broken:
            raise ValueError("no report") from broken
        whole = {key: min(100, max(0, int(plain.pop(key)))) for key in ("faces", "quality")}
        return FaceReport(findings=findings, **whole, **shares, **plain)  # type: ignore[arg-type]


_PLAIN = tuple(key for key in FaceReport.__dataclass_fields__ if key not in ("findings", "box", "eyes"))


def _numbers(values: Sequence[Any], count: int) -> tuple[float, ...]:
    if len(values) != count or not all(isinstance(value, int | float) and isfinite(value) for value in values):
        raise ValueError("no numbers")
    return tuple(values)
