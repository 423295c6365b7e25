"""Which exception fits which part, and when the person is invited again.

Worn ridges (farmers, labourers) are deliberately no code here: such a finger is captured, the best of several tries
is kept, and central decides.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

from station.domain.biometrics import ExceptionCode, Modality, Part

MAX_REASON = 200
LONGEST_INVITE = timedelta(days=366)

_EYES_ONLY = frozenset({ExceptionCode.BLIND, ExceptionCode.CATARACT})
_FINGERS_ONLY = frozenset({ExceptionCode.STIFF})
_EXCEPTABLE = frozenset({Modality.FINGER, Modality.IRIS})


def exceptable(part: Part) -> bool:
    """Fingers and eyes may be missing; a face and a signature never."""
    return part.modality in _EXCEPTABLE


def codes_for(parts: Iterable[Part]) -> tuple[ExceptionCode, ...]:
    """The codes that can be chosen for all of `parts` together."""
    kinds = {part.modality for part in parts}
    if not kinds or not kinds <= _EXCEPTABLE:
        return ()
    unfit: frozenset[ExceptionCode] = frozenset()
    if Modality.FINGER in kinds:
        unfit |= _EYES_ONLY
    if Modality.IRIS in kinds:
        unfit |= _FINGERS_ONLY
    return tuple(code for code in ExceptionCode if code not in unfit)


def invited_in_time(invite_again: date | None, today: date) -> bool:
    """A temporary exception names a day that is still to come, within a year."""
    return invite_again is not None and today < invite_again <= today + LONGEST_INVITE
