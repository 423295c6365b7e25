"""Registration numbers: for people, read over the phone. `R-330725-02-20261121-0042-7`."""

from __future__ import annotations

import re
from datetime import date

_SHAPE = re.compile(r"R-(\d{6})-(\d{2})-(\d{8})-(\d{4,5})-(\d)")


def registration_no(office: str, station_number: int, day: date, sequence: int) -> str:
    """The number of the `sequence`-th recording of a day: office, station, day, sequence, Luhn check digit.

    `office` is a region code such as `33.25.07`; only its digits are kept (six of them, zero-filled).
    """
    digits = re.sub(r"\D", "", office)[:6].ljust(6, "0")
    body = f"{digits}{station_number:02d}{day:%Y%m%d}{sequence:04d}"
    return f"R-{digits}-{station_number:02d}-{day:%Y%m%d}-{sequence:04d}-{luhn(body)}"


def is_registration_no(text: str) -> bool:
    """True when the shape is right and the check digit fits: one digit misheard is noticed."""
    match = _SHAPE.fullmatch(text.strip().upper())
    return match is not None and luhn("".join(match.groups()[:-1])) == int(match[5])


def luhn(digits: str) -> int:
    """The Luhn check digit (ISO/IEC 7812-1 annex B) for `digits`."""
    total = 0
    for position, char in enumerate(reversed(digits)):
        value = int(char) * (2 if position % 2 == 0 else 1)
        total += value - 9 if value > 9 else value
    return -total % 10
