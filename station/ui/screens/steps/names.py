"""What parts of the body are called, and what the applicant is asked to do."""

from __future__ import annotations

from station.domain.biometrics import IRISES, LEFT_FOUR, RIGHT_FOUR, THUMBS, Part
from station.domain.mark import N_
from station.i18n import _


def finger_name(part: Part) -> str:
    """`Middle`: the finger alone, its hand stands beside it."""
    return (_("Thumb"), _("Index"), _("Middle"), _("Ring"), _("Little"))[(part.position - 1) % 5]


def part_name(part: Part) -> str:
    """`Right middle finger`, always the person's own side."""
    if part is Part.FACE:
        return _("Photo")
    if part is Part.SIGNATURE:
        return _("Signature")
    if part in (Part.IRIS_RIGHT, Part.IRIS_LEFT):
        return _("Right eye") if part is Part.IRIS_RIGHT else _("Left eye")
    return _(_FINGERS[part.position - 1])


def targets_name(targets: tuple[Part, ...]) -> str:
    """`Right four fingers`, or the names of the parts one by one."""
    if targets == RIGHT_FOUR:
        return _("Right four fingers")
    if targets == LEFT_FOUR:
        return _("Left four fingers")
    if targets == THUMBS:
        return _("Two thumbs")
    if targets == IRISES:
        return _("Both eyes")
    return ", ".join(part_name(part) for part in targets)


_FINGERS = (
    N_("Right thumb"),
    N_("Right index finger"),
    N_("Right middle finger"),
    N_("Right ring finger"),
    N_("Right little finger"),
    N_("Left thumb"),
    N_("Left index finger"),
    N_("Left middle finger"),
    N_("Left ring finger"),
    N_("Left little finger"),
)
