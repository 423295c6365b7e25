"""People who went before everything was captured, because a device was missing, and come back for the rest.

Must not know where captures are kept, nor what a window makes of it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date

from station.domain.biometrics import Part, missing_parts
from station.domain.draft import CaptureCard
from station.domain.steps import PARTS_OF, Step


def steps_missing(captured: Collection[Part], excepted: Collection[Part]) -> tuple[Step, ...]:
    """The devices that somebody who was `captured` in part still has to come to; () when nothing was captured."""
    if not captured:
        return ()
    missing = set(missing_parts(set(captured), list(excepted)))
    return tuple(step for step, parts in PARTS_OF.items() if missing & set(parts))


def is_another_day(cards: Iterable[CaptureCard], today: date) -> bool:
    """Whether any of them was kept on another local day than `today`."""
    return any(card.kept_on != today for card in cards)
