"""What somebody typed into the search of the record list: words of a name, digits of a NIK, or a registration number.

Numbers are read over the phone and copied from screens, so dashes, blanks, the check digit and the leading `R` may be
missing, and a NIK may come masked as the list shows it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from station.domain.nik import clean_number
from station.domain.registration import is_registration_no

FEWEST_DIGITS = 4
"""Fewer digits are looked for only where a NIK begins: everywhere else they would match nearly every record."""
_SEQUENCE_DIGITS = 6
_WHOLE = 21
_SHORT = re.compile(r"(?:(\d{2})-(\d{2})(?:-(\d{4}))?\s*·\s*)?(\d{4,5})-(\d)")
_MASKED = re.compile(r"(\d{4})\s*[•*]{4,8}\s*(\d{4})")
_ANY_NUMBER = re.compile(r"R?[\d\s./-]*\d[\d\s./-]*")


@dataclass(frozen=True)
class Sought:
    """Patterns of SQL's LIKE (`%` any text, `_` one character); a record fits when any of the three fields does.

    `words` must all be in the name. `nik` is for the NIK, `numbers` for the registration number without its dashes.
    """

    words: tuple[str, ...] = ()
    nik: str = ""
    numbers: tuple[str, ...] = ()


def sought(text: str, today: date) -> Sought:
    """Read what was typed. A short number of the list with a day but no year means the year of `today`."""
    typed = " ".join(text.upper().split())
    if masked := _MASKED.fullmatch(typed):
        return Sought(nik=f"{masked[1]}{'_' * 8}{masked[2]}")
    if short := _SHORT.fullmatch(typed):
        day = f"{short[3] or today.year}{short[2]}{short[1]}" if short[1] else ""
        return Sought(numbers=(f"R________{day or '_' * 8}{short[4]}{short[5]}",))
    words = tuple(f"%{_literal(word)}%" for word in typed.split())
    if not _ANY_NUMBER.fullmatch(typed):
        return Sought(words)
    digits = re.sub(r"\D", "", clean_number(typed))
    if typed.startswith("R"):
        return Sought(words, numbers=(f"R{digits}%",))
    if len(digits) < FEWEST_DIGITS:
        return Sought(words, nik=f"{digits}%", numbers=_by_sequence(digits))
    if len(digits) <= _SEQUENCE_DIGITS:
        return Sought(words, nik=f"%{digits}%", numbers=_by_sequence(digits))
    return Sought(words, nik=f"%{digits}%", numbers=(f"%{digits}%",))


def misheard(text: str) -> bool:
    """True for a whole registration number whose check digit does not fit: one digit is wrong."""
    digits = re.sub(r"\D", "", text)
    if len(digits) != _WHOLE or not _ANY_NUMBER.fullmatch(" ".join(text.upper().split())):
        return False
    return not is_registration_no(f"R-{digits[:6]}-{digits[6:8]}-{digits[8:16]}-{digits[16:20]}-{digits[20]}")


def _by_sequence(digits: str) -> tuple[str, ...]:
    """The number of the day, with and without its check digit; zeros in front are not said over the phone."""
    without, tail = digits.zfill(4), f"R{'_' * 16}"
    found = [f"{tail}{without}_"]
    if len(digits) > 1:
        found.append(f"{tail}{digits[:-1].zfill(4)}{digits[-1]}")
    return tuple(found)


def _literal(word: str) -> str:
    return word.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
