"""What makes an answer wrong or doubtful, field by field. Each check sees its value, the other answers and the context.

A field that is empty, too long or not in its list never comes here: form.py has said so already.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from station.domain import codes
from station.domain.eligibility import CARD_AGE, Eligible, age_on, eligibility_of, lives_elsewhere, regency_of
from station.domain.field import Answers, Check, Context, parse_date
from station.domain.finding import Finding, error, warning
from station.domain.names import check_name, check_relative
from station.domain.nik import check_nik, compare_nik, is_sixteen_digits
from station.domain.regions import check_village, is_village_code

EARLIEST_BIRTH = date(1900, 1, 1)
OLD_AGE = 100
UNKNOWN_NIK = "0"
"""What the registry writes for a parent without a NIK."""


# --------------------------------------------------------------------------------------------------------- identity


def nik(value: str, answers: Answers, context: Context) -> Iterator[Finding]:
    broken = list(check_nik(value, training=context.training))
    yield from broken
    if not broken:
        sex = answers.get("sex")
        yield from compare_nik(
            value,
            birth_date=parse_date(answers.get("birth_date", "")),
            female=sex == codes.FEMALE if sex else None,
            places=context.places,
        )


def family_card(value: str, answers: Answers, _context: Context) -> Iterator[Finding]:
    village = answers.get("village", "")
    if not is_sixteen_digits(value):
        yield error("kk.shape", "kk", length=len(value))
    elif value == answers.get("nik"):
        yield error("kk.equals_nik", "kk", about=("kk", "nik"))
    elif is_village_code(village) and value[:4] != regency_of(village):
        yield warning("kk.region_differs", "kk", about=("kk", "village"))


def name(value: str, _answers: Answers, context: Context) -> Iterator[Finding]:
    return check_name(value, "name", context.listed.get("name", ""))


def birth_date(value: str, answers: Answers, context: Context) -> Iterator[Finding]:
    birth = parse_date(value)
    if birth is None:
        yield error("date.shape", "birth_date")
    elif birth > context.today:
        yield error("birth_date.future", "birth_date")
    elif birth < EARLIEST_BIRTH:
        yield error("birth_date.too_early", "birth_date")
    else:
        age = age_on(birth, context.today)
        found = eligibility_of(answers, today=context.today)
        if found is not None and found.kind is Eligible.NOT_YET:
            foreigner = answers.get("citizenship") == codes.FOREIGNER
            code = "eligibility.not_yet_foreigner" if foreigner else "eligibility.not_yet"
            yield error(code, "birth_date", about=("birth_date", "marital_status", "citizenship"), age=age)
        if age > OLD_AGE:
            yield warning("birth_date.very_old", "birth_date", age=age)


# ----------------------------------------------------------------------------------------------------------- status


def marital_status(value: str, answers: Answers, context: Context) -> Iterator[Finding]:
    birth = parse_date(answers.get("birth_date", ""))
    if value != codes.NEVER_MARRIED and birth is not None and 0 <= age_on(birth, context.today) < CARD_AGE:
        age = age_on(birth, context.today)
        yield warning("eligibility.married_young", "marital_status", about=("marital_status", "birth_date"), age=age)


def marriage_certificate(value: str, _answers: Answers, _context: Context) -> Iterator[Finding]:
    if value == codes.NO_CERTIFICATE:
        about = ("marriage_certificate", "marital_status")
        yield warning("marriage.no_certificate", "marriage_certificate", about=about)


def past_day(key: str) -> Check:
    """A day between birth and today."""

    def check(value: str, answers: Answers, context: Context) -> Iterator[Finding]:
        day, birth = parse_date(value), parse_date(answers.get("birth_date", ""))
        if day is None:
            yield error("date.shape", key)
        elif day > context.today:
            yield error("date.future", key)
        elif birth is not None and day < birth:
            yield error("date.before_birth", key, about=(key, "birth_date"))

    return check


# ---------------------------------------------------------------------------------------------------------- address


def unit(key: str) -> Check:
    def check(value: str, _answers: Answers, _context: Context) -> Iterator[Finding]:
        if not (len(value) == 3 and value.isascii() and value.isdigit()):
            yield error("unit.shape", key)

    return check


def village(value: str, _answers: Answers, context: Context) -> Iterator[Finding]:
    yield from check_village(value, context.places, training=context.training)
    told = lives_elsewhere(context.listed.get("village", ""), context.office)
    if lives_elsewhere(value, context.office) and not told:
        # No list holds the answers of somebody from elsewhere, so only the family card can show what must not change.
        yield warning("domicile.compare", "village", about=("village", "nik"))


def phone(value: str, _answers: Answers, _context: Context) -> Iterator[Finding]:
    digits = value.removeprefix("+")
    if not (digits.isascii() and digits.isdigit() and 8 <= len(digits) <= 15):
        yield error("phone.shape", "phone")


def postal_code(value: str, _answers: Answers, _context: Context) -> Iterator[Finding]:
    if not (len(value) == 5 and value.isascii() and value.isdigit()):
        yield error("postal_code.shape", "postal_code")


# -------------------------------------------------------------------------------------------------- passport, permit


def passport_expires(value: str, _answers: Answers, context: Context) -> Iterator[Finding]:
    expires = parse_date(value)
    if expires is None:
        yield error("date.shape", "passport_expires")
    elif expires < context.today:
        yield warning("passport.expired", "passport_expires")


def permit_kind(value: str, _answers: Answers, _context: Context) -> Iterator[Finding]:
    if value != codes.PERMANENT_STAY:
        yield error("permit.not_permanent", "permit_kind")


def permit_expires(value: str, _answers: Answers, context: Context) -> Iterator[Finding]:
    expires = parse_date(value)
    if expires is None:
        yield error("date.shape", "permit_expires")
    elif expires < context.today:
        yield error("permit.expired", "permit_expires")


# ----------------------------------------------------------------------------------------------------------- family


def relative(key: str) -> Check:
    def check(value: str, _answers: Answers, _context: Context) -> Iterator[Finding]:
        return check_relative(value, key)

    return check


def relatives_nik(key: str) -> Check:
    def check(value: str, answers: Answers, context: Context) -> Iterator[Finding]:
        if value == UNKNOWN_NIK:
            return
        yield from check_nik(value, training=context.training, field=key)
        if value == answers.get("nik"):
            yield error("nik.own", key, about=(key, "nik"))

    return check
