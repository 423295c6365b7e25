"""A person of the target list in plain words: age and what follows from it, where they live. Knows no widget."""

from __future__ import annotations

from station.domain.eligibility import Eligibility, Eligible
from station.domain.standing import Standing
from station.i18n import _
from station.ui import format as shown


def eligible_words(found: Eligibility) -> str:
    """What the age, the marriage or the stay permit means for the card."""
    match found.kind:
        case Eligible.MUST_HOLD:
            return _("must hold an identity card")
        case Eligible.EARLY:
            day = shown.day(found.print_from) if found.print_from else ""
            return _("early recording: print from {day}").format(day=day)
        case Eligible.NOT_YET:
            return _("too young: child identity card (KIA)")
        case Eligible.NO_PERMIT:
            return _("foreigner: needs a valid permanent stay permit (ITAP)")


def born_words(standing: Standing) -> str:
    """`born 21-04-1988 · 38 years`."""
    born = shown.iso_day(standing.target.birth_date) if standing.target else ""
    if standing.eligibility is None:
        return _("born {day}").format(day=born) if born else _("date of birth not on the list")
    age = _("{age} years").format(age=standing.eligibility.age)
    return _("born {day}").format(day=born) + f" · {age}"


def home_words(standing: Standing) -> str:
    """Address, RT and RW, village and its parents, as far as the list tells."""
    target, village = standing.target, standing.village
    if target is None:
        return ""
    unit = f"RT {target.rt}/RW {target.rw}" if target.rt else ""
    place = f"{village.name} · {village.parents}" if village else target.village
    return ", ".join(part for part in (target.answers.get("address", ""), unit, place) if part)


def away_words(standing: Standing) -> str:
    """That the person lives in another regency, and what that means; '' at home."""
    if standing.eligibility is None or not standing.eligibility.out_of_domicile:
        return ""
    return _("Lives in another regency: recorded as out of domicile, the biodata stay as they are.")
