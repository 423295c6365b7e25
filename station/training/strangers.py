"""Whoever comes to a training station and is in no cast: a body for every NIK that somebody thinks of.

It must not know how they look: that follows from their seed and answers, in `drawing`.
"""

from __future__ import annotations

from calendar import monthrange
from dataclasses import replace
from datetime import date
from zlib import crc32

from station.domain.codes import FEMALE, MALE
from station.domain.nik import is_sixteen_digits, split_nik
from station.training.people import Person, people

_NEWEST_YEAR = 26
"""Two digits above it were born in the last century. The colour behind a photo is the same in both."""


def stranger(who: str) -> Person:
    """For a NIK somebody of its sex and birth date, for an officer's id anybody; the same one every time."""
    (somebody,) = people(1, seed=crc32(who.encode()))
    if not is_sixteen_digits(who):
        return somebody
    sex = FEMALE if split_nik(who).female else MALE
    answers = {**somebody.answers, "nik": who, "sex": sex, "birth_date": _birth(who).isoformat()}
    return replace(somebody, answers=answers, seed=int(who))


def _birth(nik: str) -> date:
    """As the NIK says, or the nearest day there is: a lesson may be about a NIK that is wrong."""
    parts = split_nik(nik)
    year = parts.year + (2000 if parts.year <= _NEWEST_YEAR else 1900)
    month = min(max(parts.month, 1), 12)
    return date(year, month, min(max(parts.day, 1), monthrange(year, month)[1]))
