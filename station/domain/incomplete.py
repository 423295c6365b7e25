"""People who went before everything was captured, because a device was missing, and come back for the rest.

Must not know where captures are kept, nor what a window makes of it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date

from station.domain.biometrics import Part, missing_parts
from station.domain.draft import CaptureCard
from station.domain.finding import Finding, warning
from station.domain.steps import PARTS_OF, Step
from station.domain.verification import VERIFY_FIELD


def steps_missing(captured: Collection[Part], excepted: Collection[Part], *, lapsed: bool = False) -> tuple[Step, ...]:
    """The devices that somebody who was `captured` in part still has to come to; () when nothing was captured.

    A signature that has `lapsed` is to be given anew.
    """
    if not captured:
        return ()
    missing = set(missing_parts(set(captured) - ({Part.SIGNATURE} if lapsed else set()), list(excepted)))
    return tuple(step for step, parts in PARTS_OF.items() if missing & set(parts))


def kept_before(cards: Iterable[CaptureCard], today: date) -> frozenset[Part]:
    """What of them was kept on another local day than `today`."""
    return frozenset(card.part for card in cards if card.kept_on != today)


def check_same_person(before: Collection[Part], comparable: Collection[Part]) -> list[Finding]:
    """A warning when somebody was captured in part `before` today, and no finger of then can show that it is them."""
    if not before or set(before) & set(comparable):
        return []
    return [warning("verify.same_person", VERIFY_FIELD + Part.FACE.value)]
