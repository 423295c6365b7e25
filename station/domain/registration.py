"""Numbers for people, read over the phone: of a recording `R-330725-02-20261121-0042-7`, of a referral `P-…`."""

from __future__ import annotations

import re
from datetime import date

RECORDING, REFERRAL = "R", "P"
_SHAPE = re.compile(r"[RP]-([0-9]{6})-([0-9]{2})-([0-9]{8})-([0-9]{4,5})-([0-9])")


def registration_no(office: str, station_number: int, day: date, sequence: int) -> str:
    """The number of the `sequence`-th recording of a day: office, station, day, sequence, Luhn check digit.

    `office` is a region code such as `33.25.07`; only its digits are kept (six of them, zero-filled).
    """
    return _number(RECORDING, office, station_number, day, sequence)


def request_no(office: str, station_number: int, day: date, sequence: int) -> str:
    """The number of the `sequence`-th person of a day who was sent to the Dinas because they have no NIK."""
    return _number(REFERRAL, office, station_number, day, sequence)


def is_registration_no(text: str) -> bool:
    """True when the shape is right and the check digit fits: one digit misheard is noticed."""
    return _right(text, RECORDING)


def is_request_no(text: str) -> bool:
    """The same for the number of a referral."""
    return _right(text, REFERRAL)


def _number(kind: str, office: str, station_number: int, day: date, sequence: int) -> str:
    digits = re.sub(r"\D", "", office)[:6].ljust(6, "0")
    body = f"{digits}{station_number:02d}{day:%Y%m%d}{sequence:04d}"
    return f"{kind}-{digits}-{station_number:02d}-{day:%Y%m%d}-{sequence:04d}-{luhn(body)}"


def _right(text: str, kind: str) -> bool:
    match = _SHAPE.fullmatch(text.strip().upper())
    return match is not None and match[0][0] == kind and luhn("".join(match.groups()[:-1])) == int(match[5])


def luhn(digits: str) -> int:
    """The Luhn check digit (ISO/IEC 7812-1 annex B) for `digits`."""
    total = 0
    for position, char in enumerate(reversed(digits)):
        value = int(char) * (2 if position % 2 == 0 else 1)
        total += value - 9 if value > 9 else value
    return -total % 10
