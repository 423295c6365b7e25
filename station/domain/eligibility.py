"""Who may be recorded today (UU 24/2013 art. 63), when the card may be printed, and the photo's background.

A foreign resident needs a permanent stay permit (ITAP) that is still valid. Somebody from another regency is served
too, but only as long as no data changes (Permendagri 8/2016).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from station.domain import codes
from station.domain.field import Answers, parse_date
from station.domain.service import Service

CARD_AGE = 17
RECORDING_AGE = 16


class Eligible(StrEnum):
    """The answer for one person on one day."""

    MUST_HOLD = "wajib"  # 17 or older, or ever married
    EARLY = "pemula"  # 16: recorded now, card at 17
    NOT_YET = "belum_wajib"  # younger and never married: not recorded
    NO_PERMIT = "tanpa_itap"  # a foreigner without a valid permanent stay permit: not recorded


@dataclass(frozen=True)
class Eligibility:
    """The answer; for an early recording the first day a card may be printed; and whether home is elsewhere."""

    kind: Eligible
    age: int
    print_from: date | None = None
    out_of_domicile: bool = False


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


def eligibility_of(answers: Answers, *, today: date, office: str = "") -> Eligibility | None:
    """The answer for the answers of a form; None until there is a birth date, or when it is in the future."""
    birth = parse_date(answers.get("birth_date", ""))
    if birth is None or birth > today:
        return None
    status = answers.get("marital_status", "")
    married = status in codes.MARITAL_STATUS and status != codes.NEVER_MARRIED
    found = eligibility(birth, ever_married=married, today=today)
    if answers.get("citizenship") == codes.FOREIGNER:
        # Foreign residents have no early recording: their card begins at 17, and ends with the permit.
        kind = Eligible.NOT_YET if found.kind is Eligible.EARLY else found.kind
        if kind is Eligible.MUST_HOLD and not _permit_valid(answers, today):
            kind = Eligible.NO_PERMIT
        found = Eligibility(kind, found.age)
    return replace(found, out_of_domicile=lives_elsewhere(answers.get("village", ""), office))


def print_from(answers: Answers, today: date) -> date | None:
    """The day from which this person's card may be printed when that is still to come; None when it may be today."""
    found = eligibility_of(answers, today=today)
    return found.print_from if found else None


def lives_elsewhere(village: str, office: str) -> bool:
    """True when the village is in another regency than the station's office; both are region codes."""
    return bool(village and office) and regency_of(village) != regency_of(office)


def regency_of(code: str) -> str:
    """`3307` of `33.07.25.2001`."""
    return code.replace(".", "")[:4]


def service_for(chosen: Service, *, out_of_domicile: bool) -> Service:
    """A first recording away from home is a service of its own, and only there; others stay what they are."""
    if chosen not in (Service.NEW, Service.OUT_OF_DOMICILE):
        return chosen
    return Service.OUT_OF_DOMICILE if out_of_domicile else Service.NEW


def held_fields(listed: Answers, office: str) -> frozenset[str]:
    """Fields that must stay as the list has them, because this person lives in another regency than the office is in.

    A telephone is no data element: it may always be written down.
    """
    if not lives_elsewhere(listed.get("village", ""), office):
        return frozenset()
    return frozenset(key for key, value in listed.items() if value and key != "phone")


def photo_background(birth: date, *, foreigner: bool) -> Background:
    """Odd birth year red, even blue, foreign resident orange."""
    if foreigner:
        return Background.ORANGE
    return Background.RED if birth.year % 2 else Background.BLUE


def _permit_valid(answers: Answers, today: date) -> bool:
    expires = parse_date(answers.get("permit_expires", ""))
    permanent = answers.get("permit_kind") == codes.PERMANENT_STAY
    return permanent and expires is not None and expires >= today and bool(answers.get("passport_no"))


def _birthday(birth: date, age: int) -> date:
    try:
        return birth.replace(year=birth.year + age)
    except ValueError:
        return date(birth.year + age, 3, 1)
