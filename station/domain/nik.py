"""The NIK: `PPKKCC DDMMYY SSSS`, sixteen digits for life, and the family card number beside it.

The NIK never changes when a person moves or when a birth date is corrected. So a NIK that does not fit the birth date,
the sex or the region is a warning to confirm; only what no registry ever issued is an error.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from station.domain.finding import Finding, error, warning
from station.domain.regions import Places, province_known

FEMALE_DAY_OFFSET = 40
"""Women's birth day is written plus forty."""

_DROPPED = dict.fromkeys(map(ord, ".-\u00a0\u2011\u2013\u2014\u2019'"), None)


@dataclass(frozen=True)
class Nik:
    """A NIK taken apart. The century is not in it: take the birth date from the family card, never from here."""

    district: str
    day: int
    month: int
    year: int
    female: bool
    serial: str

    @property
    def province(self) -> str:
        return self.district[:2]


def clean_number(raw: str) -> str:
    """A pasted NIK or KK number without dots, dashes and no-break spaces. Nothing else is dropped."""
    return raw.strip().translate(_DROPPED).strip()


def split_nik(nik: str) -> Nik:
    """Take a well-shaped NIK (16 ASCII digits) apart."""
    day = int(nik[6:8])
    female = day > FEMALE_DAY_OFFSET
    return Nik(
        district=nik[:6],
        day=day - FEMALE_DAY_OFFSET if female else day,
        month=int(nik[8:10]),
        year=int(nik[10:12]),
        female=female,
        serial=nik[12:],
    )


def is_sixteen_digits(text: str) -> bool:
    """True for sixteen ASCII digits: full-width digits look the same and are refused."""
    return len(text) == 16 and text.isascii() and text.isdigit()


def check_nik(nik: str, *, training: bool, field: str = "nik") -> Iterator[Finding]:
    """The hard errors of a NIK: the applicant's, or the one in another `field`."""
    if not (nik.isascii() and nik.isdigit()):
        yield error("nik.not_digits", field)
        return
    if len(nik) != 16:
        yield error("nik.length", field, length=len(nik))
        return
    parts = split_nik(nik)
    if not province_known(parts.province, training=training):
        yield error("nik.province", field, province=parts.province)
    if not 1 <= parts.month <= 12:
        yield error("nik.month", field, month=nik[8:10])
    elif not _day_exists(parts):
        yield error("nik.day", field, day=nik[6:8])
    if parts.serial == "0000":
        yield error("nik.serial", field)


def compare_nik(
    nik: str, *, birth_date: date | None, female: bool | None, places: Places | None = None
) -> Iterator[Finding]:
    """Warnings: the NIK says another birth date or sex than the form, or a district that no table ever had."""
    parts = split_nik(nik)
    if places is not None and not places.district_known(parts.district):
        yield warning("nik.district_unknown", "nik")
    if birth_date is not None and (parts.day, parts.month, parts.year) != (
        birth_date.day,
        birth_date.month,
        birth_date.year % 100,
    ):
        yield warning("nik.birth_date_differs", "nik", about=("nik", "birth_date"))
    if female is not None and parts.female != female:
        yield warning("nik.sex_differs", "nik", about=("nik", "sex"))


def mask_nik(nik: str) -> str:
    """The NIK as lists show it: `3307••••••••0001`."""
    return f"{nik[:4]}{'•' * 8}{nik[-4:]}" if len(nik) == 16 else "•" * len(nik)


def _day_exists(parts: Nik) -> bool:
    # 29 February is right when either century had it: 00 may be 1900 or 2000.
    return any(1 <= parts.day <= monthrange(century + parts.year, parts.month)[1] for century in (1900, 2000))
