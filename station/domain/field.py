"""What a field of the form is: how it is entered, how it is cleaned, when it is shown and what it may ask about.

Answers are text by field key; dates are ISO (`1988-04-21`), codes are the registry's numbers.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from station.domain.codes import CodeList
from station.domain.finding import Finding
from station.domain.mark import N_
from station.domain.names import clean_name
from station.domain.nik import clean_number
from station.domain.regions import Places

Answers = Mapping[str, str]


class Kind(StrEnum):
    """How a field is entered and drawn."""

    NUMBER = "number"  # sixteen digits, shown in groups of four
    DIGITS = "digits"  # any other number: telephone, postal code
    NAME = "name"
    TEXT = "text"
    DATE = "date"
    CODE = "code"
    UNIT = "unit"  # RT and RW: three digits
    VILLAGE = "village"


class Section(StrEnum):
    """A part of the form. One in which nothing is needed is folded until the operator wants it."""

    IDENTITY = N_("Identity")
    STATUS = N_("Status")
    ADDRESS = N_("Address")
    STAY = N_("Passport and stay permit")
    FAMILY = N_("Family, certificates and more")


@dataclass(frozen=True)
class When:
    """A condition as data: the answer to `key` is one of `values`. The field `key` stands before the field it rules."""

    key: str
    values: tuple[str, ...]

    def holds(self, answers: Answers) -> bool:
        return answers.get(self.key, "") in self.values


@dataclass(frozen=True)
class Context:
    """What a check may know besides the answers.

    The day, whether province 99 exists, the station's office (a region code), what the target list says about this
    person by field key, and the table of regions where there is one.
    """

    today: date
    training: bool = False
    office: str = ""
    listed: Answers = field(default_factory=dict)
    places: Places | None = None


Check = Callable[[str, Answers, Context], Iterator[Finding]]


def anything(_value: str, _answers: Answers, _context: Context) -> Iterator[Finding]:
    """The check of a field in which nothing can be wrong but its length."""
    return iter(())


@dataclass(frozen=True)
class Field:
    """One field. `row` groups fields on a line, `span` is their share of it (12 to a line).

    `shown` and `needed` may depend on the answers; `since` is the form version that brought the field.
    """

    key: str
    kind: Kind
    label: str
    section: Section
    row: int
    span: int
    max_length: int
    good: str
    bad: str = ""
    check: Check = anything
    codes: CodeList | None = None
    default: str = ""
    shown: When | None = None
    needed: When | bool = True
    since: int = 2

    def shown_by(self, answers: Answers) -> bool:
        """Whether it is part of the form for `answers`, which hold nothing of fields that are not."""
        return self.shown is None or self.shown.holds(answers)

    def needed_by(self, answers: Answers) -> bool:
        """Whether it must be answered, once it is shown."""
        return self.needed.holds(answers) if isinstance(self.needed, When) else self.needed


def clean(field: Field, raw: str) -> str:
    """What is stored for `raw` as typed or pasted. What cannot be cleaned is kept, for the check to name."""
    match field.kind:
        case Kind.NUMBER:
            return clean_number(raw)
        case Kind.DIGITS:
            return re.sub(r"[\s().-]", "", clean_number(raw))
        case Kind.NAME:
            return clean_name(raw)
        case Kind.DATE:
            return clean_date(raw)
        case Kind.UNIT:
            text = raw.strip()
            return text.zfill(3) if text.isascii() and text.isdigit() and len(text) <= 3 else text
        case Kind.TEXT:
            return " ".join(raw.split()).upper()
        case Kind.CODE | Kind.VILLAGE:
            return raw.strip()


def clean_date(raw: str) -> str:
    """`05071990`, `5-7-1990`, `05/07/1990` or ISO become `1990-07-05`; anything else is kept as typed."""
    text = raw.strip()
    match = re.fullmatch(r"(\d{1,2})[-/. ](\d{1,2})[-/. ](\d{4})", text) or re.fullmatch(r"(\d{2})(\d{2})(\d{4})", text)
    if match is None:
        return text
    try:
        return date(int(match[3]), int(match[2]), int(match[1])).isoformat()
    except ValueError:
        return text


def parse_date(value: str) -> date | None:
    """The date of a stored answer, or None when it is not one: ISO has weeks and more, an answer has `1988-04-21`."""
    try:
        found = date.fromisoformat(value)
    except ValueError:
        return None
    return found if found.isoformat() == value else None
