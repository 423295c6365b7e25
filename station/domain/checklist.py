"""Which documents a service asks for, as data, and how each of them stands.

The checklist is asked by exception: a document counts as seen until somebody marks it. An office records 120 people a
day, and nearly all bring what is needed; ticking every paper would teach operators to tick without looking. What is
stored tells the two apart: `assumed` when nobody said anything, `shown` when somebody did.

A missing document never stops a recording. It is a warning, and sealing asks for the reason.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from station.domain import codes
from station.domain.eligibility import CARD_AGE, age_on
from station.domain.finding import Finding, warning
from station.domain.mark import N_
from station.domain.service import Service

FIELD = "papers."
"""Findings about a document belong to the field `papers.<key>`."""

Answers = Mapping[str, str]
Condition = Callable[[Answers, date], bool]


class Seen(StrEnum):
    """How a document stands."""

    ASSUMED = "assumed"  # nobody said anything: it counts as seen
    SHOWN = "shown"  # somebody said that it is here
    MISSING = "missing"
    NOT_NEEDED = "not_needed"  # for this person, with a reason


@dataclass(frozen=True)
class Standing:
    """One document of one person. `reason` is there when it is not needed."""

    seen: Seen
    reason: str = ""


@dataclass(frozen=True)
class Document:
    """One line of the checklist. `why` and `where` are read by the applicant, on a slip to take home."""

    key: str
    label: str
    why: str
    where: str
    services: frozenset[Service]
    required: bool = True
    when: Condition = lambda _answers, _today: True

    @property
    def field(self) -> str:
        return FIELD + self.key


def _foreigner(answers: Answers, _today: date) -> bool:
    return answers.get("citizenship") == codes.FOREIGNER


def _married_early(answers: Answers, today: date) -> bool:
    status = answers.get("marital_status", "")
    if status not in codes.MARITAL_STATUS or status == codes.NEVER_MARRIED:
        return False
    try:
        return age_on(date.fromisoformat(answers.get("birth_date", "")), today) < CARD_AGE
    except ValueError:
        return False


def _no_nik(answers: Answers, _today: date) -> bool:
    return not answers.get("nik")


_ALL = frozenset(Service)
_OLD_CARD = frozenset({Service.DAMAGED, Service.CHANGED})

DOCUMENTS: tuple[Document, ...] = (
    Document(
        "f101",
        N_("Form F-1.01 (family biodata)"),
        N_("Without a NIK the population data must be recorded first."),
        N_("Dinas Dukcapil of the regency or city; a NIK is given only there."),
        _ALL,
        when=_no_nik,
    ),
    Document(
        "f102",
        N_("Form F-1.02 (application)"),
        N_("It is the application for the card."),
        N_("This counter or the village office; free of charge."),
        _ALL,
    ),
    Document(
        "kk",
        N_("Family card (KK), copy"),
        N_("Name, NIK and address are compared with it."),
        N_("Kept by the head of the family; a lost one is replaced by Dinas Dukcapil, free of charge."),
        _ALL,
    ),
    Document(
        "police",
        N_("Loss report from the police"),
        N_("A lost card is replaced only with it."),
        N_("The nearest police station (Polsek)."),
        frozenset({Service.LOST}),
    ),
    Document(
        "old_card",
        N_("The old KTP-el"),
        N_("It is handed in for the new one."),
        N_("Bring the card, also when it is broken or cannot be read."),
        _OLD_CARD,
    ),
    Document(
        "f106",
        N_("Form F-1.06 (change of data)"),
        N_("It says which data change."),
        N_("This counter or the village office; free of charge."),
        frozenset({Service.CHANGED}),
    ),
    Document(
        "evidence",
        N_("Evidence of the change"),
        N_("Every change needs a document that proves it."),
        N_("For example certificate, diploma, marriage book or court decision."),
        frozenset({Service.CHANGED}),
    ),
    Document(
        "f106_if_changed",
        N_("Form F-1.06 and evidence, if data change too"),
        N_("A damaged card is replaced as it was, unless a change is proven."),
        N_("Form: this counter. Evidence: certificate, diploma, marriage book or court decision."),
        frozenset({Service.DAMAGED}),
        required=False,
    ),
    Document(
        "marriage",
        N_("Marriage book or certificate"),
        N_("Who is younger than 17 holds a card only when married."),
        N_("Office of religious affairs (KUA) or Dinas Dukcapil."),
        _ALL,
        when=_married_early,
    ),
    Document(
        "passport",
        N_("Travel document (passport)"),
        N_("Foreign residents prove with it who they are."),
        N_("Kept by the person; a lost one is replaced by the embassy."),
        _ALL,
        when=_foreigner,
    ),
    Document(
        "itap",
        N_("Permanent stay permit (ITAP)"),
        N_("The card is valid as long as the permit."),
        N_("Immigration office."),
        _ALL,
        when=_foreigner,
    ),
)


def wanted(service: Service, answers: Answers, today: date) -> tuple[Document, ...]:
    """What this person is asked for, in the order of the list."""
    return tuple(item for item in DOCUMENTS if service in item.services and item.when(answers, today))


def referral_papers() -> tuple[Document, ...]:
    """What somebody without a NIK takes to the Dinas first."""
    return tuple(item for item in DOCUMENTS if item.key in ("f101", "kk"))


def standing(papers: Mapping[str, str], key: str) -> Standing:
    """How document `key` stands, from what is stored."""
    seen, _colon, reason = papers.get(key, Seen.ASSUMED.value).partition(":")
    return Standing(Seen(seen), reason)


def stored(papers: Mapping[str, str], key: str, now: Standing) -> dict[str, str]:
    """`papers` with `key` as it stands now; what nobody said anything about is not stored."""
    others = {name: value for name, value in papers.items() if name != key}
    if now.seen is Seen.ASSUMED:
        return others
    return {**others, key: f"{now.seen.value}:{now.reason}" if now.reason else now.seen.value}


def missing(papers: Mapping[str, str], documents: tuple[Document, ...]) -> tuple[Document, ...]:
    """Those of `documents` that are marked as missing, advised ones as well."""
    return tuple(item for item in documents if standing(papers, item.key).seen is Seen.MISSING)


def check_papers(service: Service, papers: Mapping[str, str], answers: Answers, today: date) -> list[Finding]:
    """A warning for every required document that is missing; it may stand with a reason."""
    return [
        warning("papers.missing", item.field)
        for item in missing(papers, wanted(service, answers, today))
        if item.required
    ]


def document_of(field: str) -> Document | None:
    """The document a finding's field is about; None for any other field."""
    return next((item for item in DOCUMENTS if item.field == field), None)
