"""Verification at the end of a recording: the fingers for the chip are captured again and must match what was kept.

Which fingers: both index fingers (they are the ones in the chip); for a hand without one, or with one that cannot be
compared, the next finger of that hand.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from station.domain.biometrics import FINGERS, SLAPS, Part
from station.domain.finding import Finding, warning

VERIFY_FIELD = "verify."
"""Findings about the verification of a finger belong to the field `verify.<part>`."""

MATCH_THRESHOLD = 40
"""Bozorth3 score from which two prints count as of one finger; the value NIST recommends for its matcher."""

_RIGHT = (Part.FINGER_02, Part.FINGER_01, Part.FINGER_03, Part.FINGER_04, Part.FINGER_05)
_LEFT = (Part.FINGER_07, Part.FINGER_06, Part.FINGER_08, Part.FINGER_09, Part.FINGER_10)


@dataclass(frozen=True)
class Verification:
    """How the second capture of `part` compared with the kept one. `score` is Bozorth3's, the best so far."""

    part: Part
    score: int
    attempts: int
    at: datetime
    device_serial: str
    like: Part | None = None
    """Another finger of this person that it is instead: it was placed by mistake, or the hands were swapped before."""

    @property
    def matched(self) -> bool:
        return self.score >= MATCH_THRESHOLD


def fingers_to_verify(captured: Collection[Part]) -> tuple[Part, ...]:
    """At most one finger of each hand, right first; none of a hand that has no captured finger."""
    hands = (next((part for part in hand if part in captured), None) for hand in (_RIGHT, _LEFT))
    return tuple(part for part in hands if part is not None)


def taken_on(day: date, done: Iterable[Verification]) -> tuple[Verification, ...]:
    """Those of that local day: whoever is finished on another day is looked at anew."""
    return tuple(item for item in done if item.at.astimezone().date() == day)


def check_hands(captured: Collection[Part], comparable: Collection[Part]) -> list[Finding]:
    """A warning for each hand that cannot be verified, since none of its captured fingers can be compared."""
    return [
        warning("verify.not_comparable", VERIFY_FIELD + first.value)
        for hand in (_RIGHT, _LEFT)
        if (first := next((part for part in hand if part in captured), None)) is not None
        and not set(hand) & set(comparable)
    ]


def of_another(part: Part, found: Verification | None, kept: Collection[Part]) -> tuple[Part, ...]:
    """The fingers of which perhaps another one was captured, when `part` does not match: they can be thrown away.

    A finger that is like one of the other hand tells that whole hands were swapped: then all that lay on the glass with
    the two goes, for the others were swapped too.
    """
    if found is None or found.matched:
        return ()
    if found.like is None:
        doubted: set[Part] = {part}
    elif (part in _RIGHT) == (found.like in _RIGHT):
        doubted = {part, found.like}
    else:
        doubted = {other for slap in SLAPS if {part, found.like} & set(slap) for other in slap}
    return tuple(other for other in FINGERS if other in doubted and other in kept)


def check_verification(wanted: Iterable[Part], done: Mapping[Part, Verification]) -> list[Finding]:
    """A warning for each finger that was not verified: sealing asks why, so that a broken reader blocks nobody."""
    found = []
    for part in wanted:
        verified = done.get(part)
        if verified is None:
            found.append(warning("verify.not_done", VERIFY_FIELD + part.value))
        elif not verified.matched and verified.like is not None:
            found.append(warning("verify.other_finger", VERIFY_FIELD + part.value, other=verified.like.value))
        elif not verified.matched:
            found.append(warning("verify.no_match", VERIFY_FIELD + part.value, attempts=verified.attempts))
    return found
