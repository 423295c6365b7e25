"""Whose turn it is, when a device captures one thing after another: a dark picture with a hint. Knows no device."""

from __future__ import annotations

from station.capture.sbi.names import DeviceSub
from station.capture.sbi.plan import Take
from station.domain.biometrics import FINGERS, IRISES
from station.domain.ports import Preview

_WIDTH, _HEIGHT = 64, 36

TURNS: tuple[str, ...] = (
    *(f"turn.{part.value}" for part in (*FINGERS, *IRISES)),
    *(f"turn.{sub.name.lower()}" for sub in DeviceSub if sub is not DeviceSub.UNKNOWN),
)
"""Every hint there is."""


def turn(take: Take) -> Preview:
    """What is shown while `take` is captured."""
    name = take.parts[0].value if len(take.parts) == 1 else take.sub.name.lower()
    return Preview(bytes(_WIDTH * _HEIGHT), _WIDTH, _HEIGHT, 1, f"turn.{name}")
