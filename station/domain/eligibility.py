"""Who may be recorded today (UU 24/2013 art. 63), when the card may be printed, and the photo's background."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

CARD_AGE = 17
RECORDING_AGE = 16


class Eligible(StrEnum):
    """The answer for one person on one day."""

    MUST_HOLD = "wajib"  # 17 or older, or ever married
    EARLY = "pemula"  # 16: recorded now, card at 17
    NOT_YET = "belum_wajib"  # younger and never married: not recorded


@dataclass(frozen=True)
class Eligibility:
    """The answer and, for an early recording, the first day a card may be printed."""

    kind: Eligible
    age: int
    print_from: date | None = None


class Background(StrEnum):
    """Colour behind the portrait."""

    RED = "red"
    BLUE = "blue"
    ORANGE = "orange"


def age_on(birth: date, day: date) -> int:
    """Full years on `day`; who is born on 29 February grows older on 1 March in common years."""
    return day.year - birth.year - ((day.month, day.day) < (birth.month, birth.day))


def eligibility(birth: date, *, ever_married: bool, today: date) -> Eligibility:
    """Apply the rule of age and marriage."""
    age = age_on(birth, today)
    if age >= CARD_AGE or ever_married:
        return Eligibility(Eligible.MUST_HOLD, age)
    if age >= RECORDING_AGE:
        return Eligibility(Eligible.EARLY, age, print_from=_birthday(birth, CARD_AGE))
    return Eligibility(Eligible.NOT_YET, age)


def photo_background(birth: date, *, foreigner: bool) -> Background:
    """Odd birth year red, even blue, foreign resident orange."""
    if foreigner:
        return Background.ORANGE
    return Background.RED if birth.year % 2 else Background.BLUE


def _birthday(birth: date, age: int) -> date:
    try:
        return birth.replace(year=birth.year + age)
    except ValueError:
        return date(birth.year + age, 3, 1)
