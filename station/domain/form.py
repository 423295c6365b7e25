"""The form as data: every field of the recording with its label, how it is cleaned and what makes it wrong.

A new field is one entry in FIELDS; the window, `record.json`, central's check and the tests follow from it.
Answers are text by field key; dates are ISO (`1988-04-21`), codes are the registry's numbers.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from station.domain import codes
from station.domain.eligibility import Eligible, age_on, eligibility
from station.domain.finding import Finding, Severity, error, warning
from station.domain.mark import N_
from station.domain.names import check_name, clean_name
from station.domain.nik import check_nik, clean_number, compare_nik, is_sixteen_digits
from station.domain.regions import is_village_code, province_known

FORM_VERSION = 1
EARLIEST_BIRTH = date(1900, 1, 1)
OLD_AGE = 100

Answers = Mapping[str, str]


class Kind(StrEnum):
    """How a field is entered and drawn."""

    NUMBER = "number"  # digits, shown in groups of four
    NAME = "name"
    TEXT = "text"
    DATE = "date"
    CODE = "code"
    UNIT = "unit"  # RT and RW: three digits
    VILLAGE = "village"


@dataclass(frozen=True)
class Context:
    """What a check may know besides the answers: the day, and whether province 99 exists."""

    today: date
    training: bool = False


Check = Callable[[str, Answers, Context], Iterator[Finding]]


@dataclass(frozen=True)
class Field:
    """One field. `row` groups fields on a line, `span` is their share of it (12 to a line)."""

    key: str
    kind: Kind
    label: str
    row: int
    span: int
    check: Check
    max_length: int
    good: str
    bad: str
    codes: codes.CodeList | None = None
    default: str = ""


def clean(field: Field, raw: str) -> str:
    """What is stored for `raw` as typed or pasted. What cannot be cleaned is kept, for the check to name."""
    match field.kind:
        case Kind.NUMBER:
            return clean_number(raw)
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


def check_form(answers: Answers, context: Context) -> list[Finding]:
    """Every finding of every field, in the order of the form."""
    findings: list[Finding] = []
    for field in FIELDS:
        findings.extend(check_field(field, answers, context))
    return findings


def check_field(field: Field, answers: Answers, context: Context) -> list[Finding]:
    """The findings of one field: empty and too long first, then its own check."""
    value = answers.get(field.key, "")
    if not value:
        return [error("field.required", field.key)]
    if len(value) > field.max_length and field.kind is not Kind.NUMBER:
        code = "name.too_long" if field.kind is Kind.NAME else "field.too_long"
        return [error(code, field.key, length=len(value), limit=field.max_length)]
    if field.codes is not None and value not in field.codes:
        return [error("field.unknown_code", field.key, value=value)]
    return list(field.check(value, answers, context))


def errors_in(findings: list[Finding]) -> list[Finding]:
    """Only what stops sealing."""
    return [finding for finding in findings if finding.severity is Severity.ERROR]


def field_of(key: str) -> Field:
    """The field called `key`; KeyError for a key no form has."""
    return _BY_KEY[key]


# ----------------------------------------------------------------------------------------------------------- checks


def _anything(_value: str, _answers: Answers, _context: Context) -> Iterator[Finding]:
    return iter(())


def _nik(value: str, answers: Answers, context: Context) -> Iterator[Finding]:
    broken = list(check_nik(value, training=context.training))
    yield from broken
    if not broken:
        sex = answers.get("sex")
        female = sex == codes.FEMALE if sex else None
        yield from compare_nik(value, birth_date=parse_date(answers.get("birth_date", "")), female=female)


def _family_card(value: str, answers: Answers, _context: Context) -> Iterator[Finding]:
    if not is_sixteen_digits(value):
        yield error("kk.shape", "kk", length=len(value))
    elif value == answers.get("nik"):
        yield error("kk.equals_nik", "kk")
    elif (
        (village := answers.get("village", ""))
        and is_village_code(village)
        and value[:4] != village.replace(".", "")[:4]
    ):
        yield warning("kk.region_differs", "kk")


def _regency(answers: Answers) -> str:
    village = answers.get("village", "")
    return village.replace(".", "")[:4] if is_village_code(village) else ""


def _name(value: str, _answers: Answers, _context: Context) -> Iterator[Finding]:
    return check_name(value, "name")


def _birth_date(value: str, answers: Answers, context: Context) -> Iterator[Finding]:
    birth = parse_date(value)
    if birth is None:
        yield error("date.shape", "birth_date")
    elif birth > context.today:
        yield error("birth_date.future", "birth_date")
    elif birth < EARLIEST_BIRTH:
        yield error("birth_date.too_early", "birth_date")
    else:
        status = answers.get("marital_status", "")
        ever_married = status in codes.MARITAL_STATUS and status != codes.NEVER_MARRIED
        if eligibility(birth, ever_married=ever_married, today=context.today).kind is Eligible.NOT_YET:
            yield error("eligibility.not_yet", "birth_date", age=age_on(birth, context.today))
        if age_on(birth, context.today) > OLD_AGE:
            yield warning("birth_date.very_old", "birth_date", age=age_on(birth, context.today))


def _unit(key: str) -> Check:
    def check(value: str, _answers: Answers, _context: Context) -> Iterator[Finding]:
        if not (len(value) == 3 and value.isascii() and value.isdigit()):
            yield error("unit.shape", key)

    return check


def _village(value: str, _answers: Answers, context: Context) -> Iterator[Finding]:
    if not is_village_code(value):
        yield error("village.not_chosen", "village")
    elif not province_known(value[:2], training=context.training):
        yield error("village.province", "village", province=value[:2])


# ----------------------------------------------------------------------------------------------------------- fields

FIELDS: tuple[Field, ...] = (
    Field("nik", Kind.NUMBER, N_("NIK"), 1, 6, _nik, 16, good="9901016104880001", bad="9901010113990001"),
    Field("kk", Kind.NUMBER, N_("Family card number"), 1, 6, _family_card, 16, good="9901010503190001", bad="99010105"),
    Field("name", Kind.NAME, N_("Full name"), 2, 8, _name, 60, good="SITI AMINAH CONTOH", bad="BUDI2"),
    Field("sex", Kind.CODE, N_("Sex"), 2, 4, _anything, 1, codes=codes.SEX, good="2", bad="3"),
    Field("birth_place", Kind.TEXT, N_("Place of birth"), 3, 5, _anything, 60, good="KOTA CONTOH", bad=""),
    Field("birth_date", Kind.DATE, N_("Date of birth"), 3, 3, _birth_date, 10, good="1988-04-21", bad="1899-12-31"),
    Field(
        "citizenship",
        Kind.CODE,
        N_("Citizenship"),
        3,
        4,
        _anything,
        1,
        codes=codes.CITIZENSHIP,
        default="1",
        good="1",
        bad="9",
    ),
    Field("religion", Kind.CODE, N_("Religion or belief"), 4, 4, _anything, 2, codes=codes.RELIGION, good="1", bad="0"),
    Field(
        "marital_status",
        Kind.CODE,
        N_("Marital status"),
        4,
        4,
        _anything,
        2,
        codes=codes.MARITAL_STATUS,
        good="2",
        bad="9",
    ),
    Field("occupation", Kind.CODE, N_("Occupation"), 4, 4, _anything, 2, codes=codes.OCCUPATION, good="2", bad="90"),
    Field("address", Kind.TEXT, N_("Address"), 5, 8, _anything, 200, good="JL. CONTOH RAYA NO. 1", bad=""),
    Field("rt", Kind.UNIT, N_("RT"), 5, 2, _unit("rt"), 3, good="001", bad="1A"),
    Field("rw", Kind.UNIT, N_("RW"), 5, 2, _unit("rw"), 3, good="002", bad="0022"),
    Field("village", Kind.VILLAGE, N_("Village"), 6, 12, _village, 13, good="99.01.01.2001", bad="SUKAMAJU"),
)

_BY_KEY = {field.key: field for field in FIELDS}
