"""Whoever comes to a training station and is in no cast: a body for every NIK that somebody thinks of.

The simulator is told of people by their seed, so the seed of such a person is their NIK. It must not know how they
look: that follows from their seed and answers, in `drawing`.
"""

from __future__ import annotations

from calendar import monthrange
from dataclasses import replace
from datetime import date
from zlib import crc32

from station.domain.codes import FEMALE, MALE
from station.domain.nik import is_sixteen_digits, split_nik
from station.training.people import Person, people

_NEWEST_YEAR = 25
"""Who has two digits above this was born in the last century; the colour behind the photo is the same either way."""
_SERIES = 10**9
_FIRST_SEED = 10**15
"""Seeds of the cast and of crowds are smaller; a NIK begins with a province, and the first is 11."""


def stranger(who: str) -> Person:
    """For a NIK somebody of its sex and birth date, for an officer's id anybody; the same one every time."""
    (somebody,) = people(1, seed=crc32(who.encode()) % _SERIES)
    if not is_sixteen_digits(who) or int(who) < _FIRST_SEED:
        return somebody
    sex = FEMALE if split_nik(who).female else MALE
    answers = {**somebody.answers, "nik": who, "sex": sex, "birth_date": _birth(who).isoformat()}
    return replace(somebody, answers=answers, seed=int(who))


def stranger_by_seed(seed: int) -> Person | None:
    """The same from their seed; None when it is of somebody else."""
    return stranger(str(seed)) if _FIRST_SEED <= seed < 10 * _FIRST_SEED else None


def _birth(nik: str) -> date:
    """As the NIK says, or the nearest day there is: a lesson may be about a NIK that is wrong."""
    parts = split_nik(nik)
    year = parts.year + (2000 if parts.year <= _NEWEST_YEAR else 1900)
    month = min(max(parts.month, 1), 12)
    return date(year, month, min(max(parts.day, 1), monthrange(year, month)[1]))
