"""How a person stands before any device starts: what stops a recording, what must be confirmed, what the list tells.

Pure judgement. Who is asked about, and where the facts come from, is the desk's business.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence, Set
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from station.domain import codes
from station.domain.central_status import central_status, may_record_again, recorded
from station.domain.eligibility import RECORDING_AGE, Eligibility, eligibility_of
from station.domain.finding import Finding, error, warning
from station.domain.record import State
from station.domain.regions import Village
from station.domain.rows import RecordRow
from station.domain.target import Target

APPLICANT_STOPS = frozenset({"applicant.recorded_here", "applicant.refused_here", "applicant.recorded"})
"""Why nobody may be recorded under this NIK: said at the first step."""
STOPS = APPLICANT_STOPS | {
    "eligibility.not_yet",
    "eligibility.not_yet_foreigner",
    "permit.not_permanent",
    "permit.expired",
}
"""Findings of a draft that close every device, whatever step was left open. Those of the form are mended there."""
MANY_PHONES = 5
"""One telephone number on more applications than this asks who is behind it."""


class Sign(StrEnum):
    """What the list of people found by name shows before each of them."""

    FREE = "free"
    DRAFT = "draft"
    HERE = "here"
    RECORDED = "recorded"
    TOO_YOUNG = "too_young"


@dataclass(frozen=True)
class Candidate:
    """Somebody on a target list who fits what was typed. `village` is None when no table knows the code."""

    target: Target
    village: Village | None
    sign: Sign


@dataclass(frozen=True)
class Standing:
    """One NIK before its recording. `target` is None when it is on no list; `rows` are other records of it here."""

    nik: str
    target: Target | None = None
    village: Village | None = None
    rows: tuple[RecordRow, ...] = ()
    stop: Finding | None = None
    warnings: tuple[Finding, ...] = ()
    eligibility: Eligibility | None = None
    """As far as the list tells; None without a listed birth date."""

    @property
    def draft(self) -> RecordRow | None:
        """The other open draft of this person."""
        return next((row for row in self.rows if row.record.state is State.DRAFT), None)

    @property
    def record(self) -> RecordRow | None:
        """The record here that is to be looked at or corrected; the newest when there are several."""
        sealed = (row for row in self.rows if row.record.state is not State.DRAFT)
        return next(sealed, None) or next(filter(_was_sealed, self.rows), None)

    @property
    def central_code(self) -> str:
        """Central's last word about this person: of the record here if there is one, otherwise of the list."""
        here = next((row.packet.central_code for row in self.rows if row.packet and row.packet.central_code), "")
        return here or (self.target.central_code if self.target else "")


def stop_here(rows: Sequence[RecordRow]) -> Finding | None:
    """Why the records here (others than drafts of something new) leave no room for another one."""
    rows = [row for row in rows if _was_sealed(row)]
    if any(row.record.state is State.REJECTED for row in rows):
        return error("applicant.refused_here", "nik")
    if any(not _to_be_repeated(row) for row in rows):
        return error("applicant.recorded_here", "nik")
    return None


def stop_listed(
    target: Target | None, rows: Sequence[RecordRow] = (), made_at: datetime | None = None
) -> Finding | None:
    """Why the target list leaves no room. What central has said of a record here counts where it is the newer word.

    `made_at` is when the list was made; None when nobody knows, and then the list is taken for the older one.
    """
    if target is None or _wanted_again(target.central_code):
        return None
    told_at = target.central_at or made_at
    if any(_to_be_repeated(row) and _newer(row.news_at, told_at) for row in rows):
        return None
    known = bool(target.central_code) and recorded(target.central_code) is True
    return error("applicant.recorded", "nik") if target.recorded or known else None


def doubt_listed(target: Target | None) -> Finding | None:
    """A status that says neither yes nor no."""
    if target is None or target.recorded or not target.central_code or recorded(target.central_code) is not None:
        return None
    return warning("applicant.unknown_status", "nik")


def doubt_repeated(rows: Sequence[RecordRow]) -> Finding | None:
    """Central could not use a recording of here: its packet may only have to be sent again."""
    repeated = next((row for row in rows if _to_be_repeated(row)), None)
    return warning("applicant.wanted_again", "nik", number=repeated.record.registration_no) if repeated else None


def too_young(target: Target | None, found: Eligibility | None) -> Finding | None:
    """Not old enough, and never married in the list's own words. Where it has none, the form asks first."""
    never_married = target is not None and target.answers.get("marital_status") == codes.NEVER_MARRIED
    if found is None or not never_married or found.age >= RECORDING_AGE:
        return None
    return error("applicant.too_young", "nik", age=found.age)


def sign_of(target: Target, states: Collection[State], today: date) -> Sign:
    """The sign of a listed person who has records here in `states`."""
    if any(state is not State.DRAFT for state in states):
        return Sign.HERE
    if stop_listed(target) is not None:
        return Sign.RECORDED
    if states:
        return Sign.DRAFT
    return Sign.TOO_YOUNG if too_young(target, eligibility_of(target.answers, today=today)) else Sign.FREE


def stop_among(findings: Sequence[Finding], stops: Set[str] = STOPS) -> Finding | None:
    """What closes the devices of a draft, if anything does; who this is comes before what the form says."""
    stopping = [item for item in findings if item.code in stops]
    return min(stopping, key=lambda item: item.code not in APPLICANT_STOPS, default=None)


def _was_sealed(row: RecordRow) -> bool:
    """It is at central, or on its way there, also while somebody works at its next revision."""
    return row.record.state is not State.DRAFT or row.record.revision > 1


def _to_be_repeated(row: RecordRow) -> bool:
    return row.record.state is State.ACCEPTED and row.packet is not None and _wanted_again(row.packet.central_code)


def _newer(moment: datetime | None, than: datetime | None) -> bool:
    return than is None or (moment is not None and moment > than)


def _wanted_again(code: str) -> bool:
    """Central had a recording and could not use it: another one is what it waits for."""
    return bool(code) and may_record_again(code) and central_status(code).code != "UNREGISTERED"
